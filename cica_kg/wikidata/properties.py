"""Wikidata's properties: by number where the number is evidenced, else by label when the program runs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from pyoxigraph import Literal, NamedNode, Triple

from cica_kg.vocabulary import RDFS, WIKIDATA
from cica_kg.wikidata.asking import query_text
from cica_kg.wikidata.client import Answers

DIRECT: Final = "http://www.wikidata.org/prop/direct/"
_PROPERTY: Final = re.escape(WIKIDATA) + "P[1-9][0-9]*"
_DIRECT_CLAIM: Final = NamedNode("http://wikiba.se/ontology#directClaim")


class Property(NamedTuple):
    """A property of Wikidata.

    Attributes:
        number: the one we expect.
        labels: its English labels, the present one first.
        evidenced: the number was seen in published data of Wikidata and needs no look-up.
    """

    number: str
    labels: tuple[str, ...]
    evidenced: bool


#: What we call a property → the property.
PROPERTIES: Final[dict[str, Property]] = {
    "capital": Property("P36", ("capital",), False),
    "country": Property("P17", ("country",), True),
    "citizenship": Property("P27", ("country of citizenship",), False),
    "alpha-2 code": Property("P297", ("ISO 3166-1 alpha-2 code",), True),
    "alpha-3 code": Property("P298", ("ISO 3166-1 alpha-3 code",), True),
    "numeric code": Property("P299", ("ISO 3166-1 numeric code",), False),
    "M49 code": Property("P2082", ("M49 code", "M.49 code", "UN M49 code"), False),
    "GeoNames": Property("P1566", ("GeoNames ID",), False),
    "part of": Property("P361", ("part of",), True),
    "inception": Property("P571", ("inception",), True),
}


class Found(NamedTuple):
    """What became of the properties that were wanted.

    Attributes:
        direct: what we call a property → the IRI of its direct statements.
        notes: one line for each that cannot be used, and why.
    """

    direct: dict[str, NamedNode]
    notes: list[str]


def find_properties(answers: Answers, wanted: Iterable[str]) -> Found:
    """Find out which property is which; one query, and none where all are evidenced.

    A label that no property has, or more than one, is told and the property not used: a wrong property would
    make every fact wrong.

    Args:
        answers: where to look.
        wanted: keys of PROPERTIES.

    Raises:
        EndpointError: as `Answers.select`.
    """
    properties = {name: PROPERTIES[name] for name in sorted(wanted)}
    direct = {name: NamedNode(DIRECT + each.number) for name, each in properties.items() if each.evidenced}
    open_ = {name: each for name, each in properties.items() if not each.evidenced}
    notes = []
    wanted_labels = {name: each.labels for name, each in open_.items()}
    for name, numbers in (properties_by_label(answers, wanted_labels) if open_ else {}).items():
        if len(numbers) == 1:
            direct[name] = NamedNode(DIRECT + numbers[0])
        else:
            problem = f"{len(numbers)} properties have" if numbers else "no property has"
            notes.append(f"{problem} the label “{open_[name].labels[0]}”: “{name}” was not looked at")
    return Found(direct, notes)


def properties_by_label(answers: Answers, wanted: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Return name → the numbers of the properties that have one of its English labels, by one query.

    Only one number is an answer; it is for the caller to say what none and several mean.

    Args:
        answers: where to look.
        wanted: any name → the labels that the property has or had.

    Raises:
        EndpointError: as `Answers.select`.
    """
    labels = [Literal(label, language="en") for each in wanted.values() for label in each]
    found: dict[str, set[str]] = {}
    for row in answers.select(query_text("properties", label=labels)):
        label, property_ = row["label"], row["property"]
        if isinstance(property_, NamedNode) and re.fullmatch(_PROPERTY, property_.value):
            found.setdefault(label.value, set()).add(property_.value.removeprefix(WIKIDATA))
    return {
        name: sorted(set().union(*(found.get(label, set()) for label in each)))
        for name, each in wanted.items()
    }


def expected() -> list[Triple]:
    """Return the properties as triples, for a dry run: later queries then have their numbers in them."""
    return [
        triple
        for each in PROPERTIES.values()
        for triple in (
            Triple(
                NamedNode(WIKIDATA + each.number),
                NamedNode(RDFS + "label"),
                Literal(each.labels[0], language="en"),
            ),
            Triple(NamedNode(WIKIDATA + each.number), _DIRECT_CLAIM, NamedNode(DIRECT + each.number)),
        )
    ]
