"""Items of Wikidata as they are there: read in two queries for up to fifty of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode

from cica_kg.vocabulary import OWL, RDFS, SKOS, WIKIDATA, WIKIDATA_UNKNOWN
from cica_kg.wikidata.asking import chunks, query_text
from cica_kg.wikidata.client import Answers, Term

#: Kinds of ours → classes of theirs of which one must lie above the item's own.
ROOTS: Final[dict[str, tuple[str, ...]]] = {
    "State": ("Q6256", "Q3624078"),  # country, sovereign state
    "Organization": ("Q43229", "Q484652"),  # organization, international organization
    "Body": ("Q43229", "Q484652"),
    "Person": ("Q5",),  # human
    "Place": ("Q486972", "Q515", "Q2221906"),  # human settlement, city, geographic location
}

_DESCRIPTION: Final = "http://schema.org/description"
_AT_ONCE: Final = 50
#: What the number and the IRI of an item look like.
NUMBER: Final = "Q[1-9][0-9]*"
ITEM: Final = re.escape(WIKIDATA) + NUMBER


@dataclass
class Item:
    """An item.

    Attributes:
        number: its Q-number.
        exists: whether anything is said of it.
        moved_to: the number of the item that it was merged into, or None.
        labels: language → label.
        aliases: language → other names.
        description: in English, or an empty text.
        titles: language of the Wikipedia → title of the page.
        values: what we call a property → its values: numbers of items, or texts.
        classes: the numbers of the classes it is said to be of.
        roots: the numbers of those of ROOTS that lie above.
        placed: whether one of its classes has a class above it at all; where none has, roots tell nothing.
    """

    number: str
    exists: bool = False
    moved_to: str | None = None
    labels: dict[str, str] = field(default_factory=dict)
    aliases: dict[str, set[str]] = field(default_factory=dict)
    description: str = ""
    titles: dict[str, str] = field(default_factory=dict)
    values: dict[str, set[str]] = field(default_factory=dict)
    classes: set[str] = field(default_factory=set)
    roots: set[str] = field(default_factory=set)
    placed: bool = False


def read_items(answers: Answers, numbers: Iterable[str], direct: Mapping[str, NamedNode]) -> dict[str, Item]:
    """Read items, each as it is under its own number.

    Args:
        answers: where from.
        numbers: their Q-numbers.
        direct: what we call a property → the IRI of its direct statements, as `find_properties` gives it.

    Returns:
        Number → item, also for those that are not there.

    Raises:
        EndpointError: as `Answers.select`.
    """
    found = {number: Item(number) for number in sorted(set(numbers), key=_order)}
    names = {iri.value: name for name, iri in direct.items()}
    roots = [NamedNode(WIKIDATA + root) for root in sorted({r for each in ROOTS.values() for r in each})]
    # What is no number of an item is not there, and may not even fit into an IRI.
    for part in chunks([number for number in found if re.fullmatch(NUMBER, number)], _AT_ONCE):
        items = [NamedNode(WIKIDATA + number) for number in part]
        for row in answers.select(query_text("items", item=items, property=direct.values())):
            item = found.get(row["item"].value.removeprefix(WIKIDATA))
            if item:
                _add(item, row["property"].value, row.get("value"), names)
        for row in answers.select(query_text("classes", item=items, **{"class": roots})):
            item = found.get(row["item"].value.removeprefix(WIKIDATA))
            if item:
                number = row["class"].value.removeprefix(WIKIDATA)
                _place(item, number, row["how"].value)
    return found


def moved_to(number: str, value: Term) -> str | None:
    """Return the number of the item that an item was merged into; None where the value is no other item."""
    other = value.value.removeprefix(WIKIDATA)
    is_item = isinstance(value, NamedNode) and re.fullmatch(ITEM, value.value)
    return other if is_item and other != number else None


def _add(item: Item, property_: str, value: Term | None, names: Mapping[str, str]) -> None:
    item.exists = True
    if value is None or isinstance(value, BlankNode) or value.value.startswith(WIKIDATA_UNKNOWN):
        return
    text = value.value
    language = (value.language or "") if isinstance(value, Literal) else ""
    if property_ == RDFS + "label":
        # The least where there are two: which one comes first is the engine's business.
        item.labels[language] = min(text, item.labels.get(language, text))
    elif property_ == SKOS + "altLabel":
        item.aliases.setdefault(language, set()).add(text)
    elif property_ == _DESCRIPTION:
        item.description = text
    elif property_ == OWL + "sameAs":
        item.moved_to = moved_to(item.number, value) or item.moved_to
    elif property_.endswith(".wikipedia.org/"):
        item.titles[property_.removeprefix("https://").partition(".")[0]] = text
    elif property_ in names:
        item.values.setdefault(names[property_], set()).add(text.removeprefix(WIKIDATA))


def _place(item: Item, number: str, how: str) -> None:
    if how == "is":
        item.classes.add(number)
    elif how == "under":
        item.roots.add(number)
    else:
        item.placed = True


def _order(number: str) -> tuple[int, str]:
    return len(number), number
