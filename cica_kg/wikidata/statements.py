"""The statements of Wikidata, each read whole: rank, qualifiers with their precision, references."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from cica_kg.vocabulary import RDF, WIKIDATA, WIKIDATA_UNKNOWN, XSD
from cica_kg.wikidata.relations import END, PROP, ROLES, START
from cica_kg.wikidata.times import NONE, UNKNOWN, Moment, moment
from cica_kg.wikidata.wikis import is_own, is_wiki

WIKIBASE: Final = "http://wikiba.se/ontology#"
_DERIVED: Final = "http://www.w3.org/ns/prov#wasDerivedFrom"
_CLAIM: Final = re.compile(re.escape(PROP) + r"(P[0-9]+)")
_STATEMENT: Final = WIKIDATA + "statement/"
_REFERENCE: Final = PROP + "reference/"
#: “Imported from Wikimedia project”.
_IMPORTED: Final = _REFERENCE + "P143"
#: The language of a source, and which wiki it was copied from: neither names a source.
_BESIDE: Final = (_REFERENCE + "P407", _IMPORTED)

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
        references: how many there are; `sourced` how many of them name a source that is neither a wiki nor
            this project.
        rest: its other qualifiers, and what its references say, as texts in order: only to see what moved.
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
    rest: tuple[str, ...] = ()

    @property
    def identifier(self) -> str:
        """What stands behind `statement/` in its IRI."""
        return self.iri.removeprefix(_STATEMENT)

    def told(self) -> dict[str, Any]:
        """Return it with stable keys and plain values, as JSON has it."""
        plain = {key: value for key, value in asdict(self).items() if value not in (None, "", ())}
        plain.pop("rest", None)
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
    wikis = {value.value for own in facts.values() for value in own.get(_IMPORTED, [])}
    return [_read(iri, item, name, facts, wikis) for iri, item, name in sorted(set(leading))]


def _read(iri: str, item: str, name: str, facts: _Facts, wikis: Collection[str]) -> Statement:
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
        sourced=sum(_names_a_source(reference, wikis) for reference in cited),
        rest=_rest(own, name, cited),
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


def _rest(
    own: Mapping[str, list[Any]], name: str, cited: Iterable[Mapping[str, list[Any]]]
) -> tuple[str, ...]:
    """Return the qualifiers that are read nowhere else, and each reference with all it says."""
    qualifiers = _snaks(own, "qualifier", (START, END, *ROLES, name))
    references = sorted("; ".join(_snaks(reference, "reference")) for reference in cited)
    return (*(f"qualifier {text}" for text in qualifiers), *(f"reference {text}" for text in references))


def _snaks(facts: Mapping[str, list[Any]], place: str, without: Collection[str] = ()) -> list[str]:
    """Return “P1534 Q5” for each value of a qualifier or of a part of a reference, in order."""
    begin = f"{PROP}{place}/"
    none = ((kind.value.replace(f"{PROP}novalue/", begin), NONE.text) for kind in facts.get(RDF + "type", []))
    given = ((name, _text(value)) for name, values in facts.items() for value in values)
    found = ((name.removeprefix(begin), text) for name, text in (*none, *given) if name.startswith(begin))
    return sorted(f"{name} {text}" for name, text in found if name[0] == "P" and name not in without)


def _text(value: NamedNode | BlankNode | Literal) -> str:
    if isinstance(value, BlankNode) or value.value.startswith(WIKIDATA_UNKNOWN):
        return UNKNOWN.text
    language = f" ({value.language})" if isinstance(value, Literal) and value.language else ""
    return value.value.removeprefix(WIKIDATA) + language


def _names_a_source(reference: Mapping[str, list[Any]], wikis: Collection[str]) -> bool:
    """A reference counts where it names a source beside wikis and beside this project."""
    return any(
        _is_source(value, wikis)
        for name, values in reference.items()
        if name.startswith(_REFERENCE + "P") and name not in _BESIDE
        for value in values
    )


def _is_source(value: NamedNode | BlankNode | Literal, wikis: Collection[str]) -> bool:
    """Tell whether a value in a reference names a source.

    Args:
        value: an item, an address, a text, or unknown.
        wikis: the items that references name as wikis they were imported from.
    """
    if isinstance(value, Literal):
        # An identifier in some catalogue: titles have a language, days when somebody looked are dates.
        return value.datatype.value == XSD + "string"
    if _is_entity(value):
        return value.value not in wikis
    return isinstance(value, NamedNode) and not is_wiki(value.value) and not is_own(value.value)


def _first(facts: Mapping[str, list[Any]], name: str) -> str:
    values = facts.get(WIKIBASE + name, [])
    return str(values[0].value) if values else ""


def _number(text: str) -> int | None:
    return int(text) if re.fullmatch(r"(?a)\d{1,2}", text) else None


def _texts(terms: Iterable[Any]) -> list[str]:
    return sorted(term.value for term in terms)


def _is_entity(term: NamedNode | BlankNode | Literal) -> bool:
    return isinstance(term, NamedNode) and term.value.startswith(WIKIDATA)
