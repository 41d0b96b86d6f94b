"""The statements of Wikidata, each read whole: rank, qualifiers with their precision, references."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from cica_kg.vocabulary import GRAPH, RDF, WIKIDATA
from cica_kg.wikidata.relations import END, PROP, ROLES, START
from cica_kg.wikidata.times import NONE, UNKNOWN, Moment, moment

WIKIBASE: Final = "http://wikiba.se/ontology#"
_DERIVED: Final = "http://www.w3.org/ns/prov#wasDerivedFrom"
_CLAIM: Final = re.compile(re.escape(PROP) + r"(P[0-9]+)")
_STATEMENT: Final = WIKIDATA + "statement/"
#: When somebody looked, under which title, which Wikipedia it was copied from: none of these is a source.
_BESIDE: Final = tuple(PROP + "reference/" + name for name in ("P813", "P1476", "P407", "P577", "P143"))
_OURS: Final = GRAPH.rpartition("/")[0]

_Facts = Mapping[str, Mapping[str, list[Any]]]


@dataclass(frozen=True)
class Statement:
    """A statement.

    Attributes:
        iri: of its node, which holds its identifier.
        item, property_id: on which item (Q-number) it stands, with which property (P-number).
        value: the Q-number of its value; None where that is a time, unknown or none.
        time: its value where it is a time.
        empty: `no value`, `unknown value`, or empty where there is a value.
        rank: preferred, normal or deprecated.
        starts, ends: the times of its start and end qualifiers, in order; more than one is rare.
        roles: the values of qualifiers that say in which role, in order.
        references: how many there are; `sourced` how many of them name a source that is not Wikipedia and
            not this project.
    """

    iri: str
    item: str
    property_id: str
    value: str | None
    time: Moment | None
    empty: str
    rank: str
    starts: tuple[Moment, ...]
    ends: tuple[Moment, ...]
    roles: tuple[str, ...]
    references: int
    sourced: int

    @property
    def identifier(self) -> str:
        """What stands behind `statement/` in its IRI."""
        return self.iri.removeprefix(_STATEMENT)

    def told(self) -> dict[str, Any]:
        """Return it with stable keys and plain values, as JSON has it."""
        plain = {key: value for key, value in asdict(self).items() if value not in (None, "", ())}
        for key in ("starts", "ends"):
            if key in plain:
                plain[key] = [each.text for each in getattr(self, key)]
        if self.time:
            plain["time"] = self.time.text
        return plain


def read_statements(triples: Iterable[Triple]) -> list[Statement]:
    """Return the statements in `triples`, in the order of their IRIs.

    Nothing is needed but the triples of the statements themselves and of the value nodes and references they
    point at: the kinds that query services leave out are not asked for.
    """
    facts: dict[str, dict[str, list[Any]]] = {}
    leading: list[tuple[str, str, str]] = []
    for triple in triples:
        subject, predicate, object_ = triple
        facts.setdefault(subject.value, {}).setdefault(predicate.value, []).append(object_)
        claim = _CLAIM.fullmatch(predicate.value)
        if claim and isinstance(object_, NamedNode) and object_.value.startswith(_STATEMENT):
            leading.append((object_.value, subject.value.removeprefix(WIKIDATA), claim[1]))
    return [_read(iri, item, name, facts) for iri, item, name in sorted(set(leading))]


def _read(iri: str, item: str, name: str, facts: _Facts) -> Statement:
    own = facts.get(iri, {})
    value, time, empty = None, None, ""
    values = own.get(f"{PROP}statement/{name}", [])
    if f"{PROP}novalue/{name}" in _texts(own.get(RDF + "type", [])):
        empty = "no value"
    elif values and isinstance(values[0], Literal):
        (time,) = _moments(own, f"{PROP}statement/", name, facts)[:1]
    elif values and _is_entity(values[0]):
        value = values[0].value.removeprefix(WIKIDATA)
    else:
        empty = "unknown value"
    rank = (_texts(own.get(WIKIBASE + "rank", [])) or ["NormalRank"])[0]
    cited = [facts.get(node.value, {}) for node in own.get(_DERIVED, [])]
    return Statement(
        iri=iri,
        item=item,
        property_id=name,
        value=value,
        time=time,
        empty=empty,
        rank=rank.removeprefix(WIKIBASE).removesuffix("Rank").lower(),
        starts=_moments(own, f"{PROP}qualifier/", START, facts),
        ends=_moments(own, f"{PROP}qualifier/", END, facts),
        roles=tuple(
            sorted(
                text.removeprefix(WIKIDATA)
                for role in ROLES
                for text in _texts(own.get(f"{PROP}qualifier/{role}", []))
            )
        ),
        references=len(cited),
        sourced=sum(_names_a_source(reference) for reference in cited),
    )


def _moments(own: Mapping[str, list[Any]], place: str, name: str, facts: _Facts) -> tuple[Moment, ...]:
    """Return the times of a statement's value or of one of its qualifiers."""
    nodes = own.get(f"{place}value/{name}", [])
    found = {
        moment(
            _first(facts.get(node.value, {}), "timeValue"),
            _number(_first(facts.get(node.value, {}), "timePrecision")),
            _first(facts.get(node.value, {}), "timeCalendarModel").removeprefix(WIKIDATA),
        )
        for node in nodes
    }
    plain = own.get(place + name, [])
    if not nodes:
        found |= {moment(each.value, None, "") for each in plain if isinstance(each, Literal)}
    if any(not isinstance(each, Literal) for each in plain):
        found.add(UNKNOWN)
    if place.endswith("qualifier/") and f"{PROP}novalue/{name}" in _texts(own.get(RDF + "type", [])):
        found.add(NONE)
    return tuple(sorted(found, key=lambda each: each.text))


def _names_a_source(reference: Mapping[str, list[Any]]) -> bool:
    """A reference counts where it names a source beside Wikipedia and beside this project."""
    return any(
        not value.value.startswith(_OURS)
        for name, values in reference.items()
        if name.startswith(PROP + "reference/P") and name not in _BESIDE
        for value in values
    )


def _first(facts: Mapping[str, list[Any]], name: str) -> str:
    values = facts.get(WIKIBASE + name, [])
    return str(values[0].value) if values else ""


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() else None


def _texts(terms: Iterable[Any]) -> list[str]:
    return sorted(term.value for term in terms)


def _is_entity(term: NamedNode | BlankNode | Literal) -> bool:
    return isinstance(term, NamedNode) and term.value.startswith(WIKIDATA)
