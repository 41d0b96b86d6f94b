"""What a table is made of: typed columns that know which property they hold, and rows of plain values."""

from __future__ import annotations

import re
from collections.abc import Container
from datetime import date
from typing import Final, Literal, NamedTuple

Value = str | int | bool | date | None
Row = tuple[Value, ...]
Type = Literal["iri", "text", "integer", "boolean", "date"]
#: Language → text: what a person calls a column or a table.
Titles = dict[str, str]

#: Columns that hold no property of the ontology, or one in another form: titles in en, ar and ru.
_TITLES: Final = {
    "id": ("identifier (IRI)", "المعرّف (IRI)", "идентификатор (IRI)"),
    "thing": ("thing", "الشيء", "предмет"),
    "kind": ("kind", "النوع", "вид"),
    "label": ("name", "الاسم", "название"),
    "language": ("language", "اللغة", "язык"),
    "type": ("datatype or language", "نوع القيمة أو لغتها", "тип данных или язык"),
    "earliest": ("earliest day", "أبكر يوم", "самый ранний день"),
    "latest": ("latest day", "آخر يوم", "самый поздний день"),
    "holds": ("holds at the reference date", "قائم في التاريخ المرجعي", "действует на отчётную дату"),
    "wikidata": ("Wikidata item", "عنصر ويكي بيانات", "элемент Викиданных"),
    "computed_verdict": ("computed verdict", "الحكم المحسوب", "вычисленный вывод"),
    "final_verdict": ("verdict that counts", "الحكم المعتمد", "окончательный вывод"),
    "decided_by": ("decided by", "صاحب الحكم", "кем решено"),
    "since": ("since", "منذ", "с какого дня"),
    "right_then": ("right at its own date", "صحيحة في تاريخها", "верно на свою дату"),
    "computed_value": ("value in the graph", "القيمة في الرسم البياني المعرفي", "значение в графе"),
    "subject": ("subject", "الموضوع", "субъект"),
    "predicate": ("property", "الخاصية", "свойство"),
    "object": ("value", "القيمة", "значение"),
}


class Column(NamedTuple):
    """A column of a table.

    Attributes:
        name: in snake_case English, unique in its table.
        type: of its values; an `iri` is a text, a `date` a `datetime.date`.
        titles: what people call it, by language.
        property: the IRI of the property whose values it holds, or None.
        language: that of all its texts, or None.
        target: the table whose `id` its values are, or None.
        separator: what stands between several values in one cell, or None where a cell holds one.
        required: no cell of it is empty.
        repeats: it repeats what another table or column says, or was worked out from it.
    """

    name: str
    type: Type
    titles: Titles
    property: str | None = None
    language: str | None = None
    target: str | None = None
    separator: str | None = None
    required: bool = False
    repeats: bool = False


class Table(NamedTuple):
    """A table: its name, what it holds, its columns and rows, and the columns that identify a row."""

    name: str
    titles: Titles
    about: str | None
    columns: tuple[Column, ...]
    rows: list[Row]
    key: tuple[str, ...]


def titles(name: str, of: Titles | None = None) -> Titles:
    """Return the titles of a column that is no property itself, or that stands beside the column `of`.

    >>> titles("earliest", {"en": "start"})
    {'en': 'start: earliest day'}
    """
    own = dict(zip(("en", "ar", "ru"), _TITLES[name], strict=True))
    if of is None:
        return own
    return {language: f"{text}: {own.get(language, own['en'])}" for language, text in of.items()}


def in_language(of: Titles, language: str) -> Titles:
    """Return the titles of a column for the texts of one language.

    >>> in_language({"en": "note"}, "ar")
    {'en': 'note (ar)'}
    """
    return {each: f"{text} ({language})" for each, text in of.items()}


def column_name(property_: str) -> str:
    """Return the name of the column for a property, in snake_case.

    >>> column_name("https://w3id.org/cica-kg/def#isoAlpha2"), column_name("http://example.org/has-Part")
    ('iso_alpha2', 'has_part')
    """
    name = property_.rstrip("/#").replace("#", "/").rpartition("/")[2]
    words = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", name)
    return re.sub(r"[^a-z0-9]+", "_", words.lower()).strip("_") or "value"


def unused(name: str, taken: Container[str]) -> str:
    """Return `name`, with a number behind it where it is taken."""
    if name not in taken:
        return name
    number = 2
    while f"{name}_{number}" in taken:
        number += 1
    return f"{name}_{number}"
