"""What changed, as text, Markdown and JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import Final

from cica_kg.description import Reference
from cica_kg.diff_told import FactChange, ThingChange, Told, Value
from cica_kg.text import harmless, isolate, json_text, markdown
from cica_kg.vocabulary import shorten

#: Format names → what each is good for.
FORMATS: Final = {
    "text": "for a terminal",
    "md": "Markdown, for a page or a note",
    "json": "for programs: the fields of cica_kg.diff_told.Told",
}
_SIGNS: Final = {"added": "+", "removed": "-", "changed": "~", "renamed": "~", "unchanged": " "}
_WORDS: Final = {
    "en": {
        "title": "From {} to {}",
        "counts": "facts added: {}, removed: {}, changed: {}",
        "none": "No difference.",
        "added": "new",
        "removed": "gone",
        "renamed": "renamed, was {}",
        "to": "{} → {}",
        "other": "Other",
    },
    "ar": {
        "title": "من {} إلى {}",
        "counts": "الوقائع المضافة: {}، المحذوفة: {}، المعدلة: {}",
        "none": "لا فرق.",
        "added": "جديد",
        "removed": "لم يعد موجوداً",
        "renamed": "تغير معرفه، وكان {}",
        "to": "من {} إلى {}",
        "other": "غير ذلك",
    },
    "ru": {
        "title": "От {} к {}",
        "counts": "фактов добавлено: {}, удалено: {}, изменено: {}",
        "none": "Различий нет.",
        "added": "новое",
        "removed": "удалено",
        "renamed": "переименовано, прежде {}",
        "to": "{} → {}",
        "other": "Прочее",
    },
}
_Safe = Callable[[str], str]


def write(told: Told, format_: str) -> str:
    """Return what changed as `text`, `md` or `json`."""
    writers: dict[str, Callable[[Told], str]] = {"text": as_text, "md": as_markdown, "json": as_json}
    return writers[format_](told)


def as_text(told: Told) -> str:
    """Lay out what changed for a terminal, one fact a line: nothing in it can steer the terminal.

    Without a difference it is empty, as that of other tools that compare.
    """

    def safe(text: str) -> str:
        return isolate(harmless(text))

    lines = []
    for heading, rows in _parts(told, safe):
        lines += ["", heading]
        lines += [f"{'    ' * depth}{sign} {text}" for depth, sign, text in rows]
    return "".join(f"{line}\n" for line in lines[1:])


def as_markdown(told: Told) -> str:
    """Write what changed as Markdown (CommonMark); no text of a graph can become markup."""

    def safe(text: str) -> str:
        return markdown(harmless(text))

    words = _WORDS[told.language]
    lines = [f"# {words['title'].format(safe(told.old), safe(told.new))}", "", _counts(told)]
    for heading, rows in _parts(told, safe):
        lines += ["", f"## {heading}", ""]
        lines += [
            f"{'  ' * depth}- {f'`{sign}` ' if sign.strip() else ''}{text}" for depth, sign, text in rows
        ]
    return "".join(f"{line}\n" for line in lines)


def as_json(told: Told) -> str:
    """Write what changed as one JSON object; its keys are the fields of `cica_kg.diff_told`."""
    return json_text(asdict(told))


def _counts(told: Told) -> str:
    words = _WORDS[told.language]
    counts = (told.added, told.removed, told.changed)
    return words["counts"].format(*counts) if any(counts) else words["none"]


def _parts(told: Told, safe: _Safe) -> Iterator[tuple[str, list[tuple[int, str, str]]]]:
    """Yield the heading of each kind and its rows: depth, sign and text, which is safe."""
    words = _WORDS[told.language]
    for group in told.kinds:
        heading = safe(group.kind.label) if group.kind else words["other"]
        yield heading, [row for thing in group.things for row in _rows(thing, 0, words, safe)]


def _rows(
    thing: ThingChange, depth: int, words: dict[str, str], safe: _Safe
) -> Iterator[tuple[int, str, str]]:
    text = _called(thing.thing, safe)
    if thing.old_thing is not None:
        text += f" ({words['renamed'].format(safe(thing.old_thing.name or thing.old_thing.iri))})"
    elif thing.how in words:
        text += f" ({words[thing.how]})"
    yield depth, _SIGNS[thing.how], text
    for fact in thing.facts:
        yield depth + 1, _SIGNS[fact.how], _fact(fact, words, safe)
    for record in thing.records:
        yield from _rows(record, depth + 1, words, safe)


def _called(thing: Reference, safe: _Safe) -> str:
    name = thing.name or thing.iri
    return safe(thing.label) if thing.label == name else f"{safe(thing.label)} [{safe(name)}]"


def _fact(fact: FactChange, words: dict[str, str], safe: _Safe) -> str:
    values = [value for value in (fact.old, fact.new) if value is not None]
    property_ = safe(fact.property.label)
    # A language that both values have is told once, beside the property; a datatype only where it changed.
    languages = {value.language for value in values}
    if len(languages) == 1:
        property_ += "".join(f" ({safe(language)})" for language in languages if language)
    retyped = languages == {""} and len({value.datatype for value in values}) > 1
    shown = [_shown(value, len(languages) > 1, retyped, safe) for value in values]
    return f"{property_}: {words['to'].format(*shown) if len(shown) > 1 else shown[0]}"


def _shown(value: Value, with_language: bool, with_datatype: bool, safe: _Safe) -> str:
    added = value.language if with_language else ""
    if with_datatype and value.datatype is not None:
        added = shorten(value.datatype) or value.datatype
    return f"{safe(value.label)} ({safe(added)})" if added else safe(value.label)
