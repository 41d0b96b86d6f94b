"""Gather what a snapshot keeps of Wikidata: all that verify, suggest, compare and quickstatements ask for."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from cica_kg.errors import EndpointError
from cica_kg.vocabulary import WIKIDATA, WIKIDATA_UNKNOWN
from cica_kg.wikidata.asking import chunks, query_text
from cica_kg.wikidata.client import Answers
from cica_kg.wikidata.fetch import ask_standing
from cica_kg.wikidata.fingerprint import CAPITAL, GEONAMES
from cica_kg.wikidata.items import NUMBER
from cica_kg.wikidata.properties import DIRECT, PROPERTIES, find_properties
from cica_kg.wikidata.relations import PROP, RELATIONS, find_numbers, is_number

SYNTHETIC: Final = Triple(
    NamedNode("https://www.wikidata.org/wiki/Special:EntityData/"),
    NamedNode("https://w3id.org/cica-kg/fixture#kind"),
    Literal("synthetic"),
)
_ABOUT: Final = NamedNode("http://schema.org/about")
#: A state has some hundred statements that we read: with their references, a few thousand triples.
_AT_ONCE: Final = 5
_CAPITALS_AT_ONCE: Final = 50
#: What an item is an instance of: the classes above it are of use with those that it is of.
_KIND: Final = "P31"
_NODES: Final = (
    WIKIDATA + "statement/",
    "http://www.wikidata.org/value/",
    "http://www.wikidata.org/reference/",
)


def gather(answers: Answers, items: Iterable[str], center: str) -> tuple[dict[str, set[Triple]], set[Triple]]:
    """Return item → its triples, and the triples of properties, classes and the capitals of states.

    Args:
        answers: an endpoint.
        items: Q-numbers.
        center: CICA's item, or empty; those that name it are gathered too.

    Raises:
        EndpointError: there is no whole answer; the message says how far it went.
    """
    done = 0
    wanted = set(items) | ({center} if center else set())
    try:
        numbers = find_numbers(answers)
        named = find_properties(answers, PROPERTIES).direct
        direct = set(named.values()) | {NamedNode(DIRECT + n) for n in (_KIND, *numbers.of.values())}
        moved, _ = ask_standing(answers, sorted(wanted))
        wanted |= set(moved.values())
        claims = [n for relation in RELATIONS for n in numbers.known(relation)]
        strangers = _construct(
            answers,
            "statements_about",
            named=_nodes(WIKIDATA, sorted({center, moved.get(center, center)} - {""})),
            own=_nodes(PROP + "statement/", claims),
            claim=_nodes(PROP, claims),
        )
        wanted |= {_text(t.subject).removeprefix(WIKIDATA) for t in strangers if _leads(t)}
        # What is no number of an item would become the name of a file.
        wanted = {number for number in wanted if re.fullmatch(NUMBER, number)}
        found = set(strangers)
        classes: set[Triple] = set()
        for part in chunks(sorted(wanted, key=lambda number: (len(number), number)), _AT_ONCE):
            some = _nodes(WIKIDATA, part)
            by_name = sorted(direct, key=lambda node: node.value)
            found |= _construct(answers, "snapshot_items", item=some, property=by_name)
            found |= _construct(answers, "statements_on", item=some, claim=_nodes(PROP, claims))
            classes |= _construct(answers, "snapshot_classes", item=some)
            done += len(part)
        capitals = _capitals(answers, wanted, named)
        return _by_item(found, wanted), classes | capitals | _properties(answers)
    except EndpointError as error:
        raise type(error)(
            f"{error}; {done} of {len(wanted)} items had been read, nothing was written"
        ) from None


def _capitals(answers: Answers, items: Iterable[str], direct: Mapping[str, NamedNode]) -> set[Triple]:
    """Return what is kept of the capitals of items: too little for them to be items of the snapshot."""
    found: set[Triple] = set()
    if {CAPITAL, GEONAMES} <= direct.keys():
        for part in chunks(sorted(items), _CAPITALS_AT_ONCE):
            some, of, identifier = _nodes(WIKIDATA, part), [direct[CAPITAL]], [direct[GEONAMES]]
            found |= _construct(answers, "snapshot_capitals", item=some, of=of, property=identifier)
    return found


def _properties(answers: Answers) -> set[Triple]:
    labels = {label for each in PROPERTIES.values() for label in each.labels}
    labels |= {name for relation in RELATIONS for name in relation.properties if not is_number(name)}
    found = _construct(
        answers, "snapshot_properties", label=[Literal(label, language="en") for label in sorted(labels)]
    )
    return found | ({SYNTHETIC} if answers.select(query_text("synthetic")) else set())


def _construct(answers: Answers, query: str, **values: Sequence[NamedNode | Literal]) -> set[Triple]:
    """Unknown values become IRIs, as in Wikidata's query service: a blank node has another name each time."""
    return {
        Triple(t.subject, t.predicate, _named(t)) if isinstance(t.object, BlankNode) else t
        for t in answers.construct(query_text(query, **values))
    }


def _named(triple: Triple) -> NamedNode:
    text = f"{_text(triple.subject)} {triple.predicate.value}"
    return NamedNode(WIKIDATA_UNKNOWN + hashlib.sha256(text.encode()).hexdigest()[:32])


def _by_item(found: Iterable[Triple], items: Iterable[str]) -> dict[str, set[Triple]]:
    """Give each item its own triples and those of the statements, values and references that it leads to."""
    by_subject: dict[str, list[Triple]] = {}
    pages: dict[str, list[str]] = {}
    for triple in found:
        by_subject.setdefault(_text(triple.subject), []).append(triple)
        if triple.predicate == _ABOUT:
            pages.setdefault(_text(triple.object), []).append(_text(triple.subject))
    parts = {}
    for item in items:
        own: set[Triple] = set()
        left = [WIKIDATA + item, *pages.get(WIKIDATA + item, [])]
        while left:
            for triple in by_subject.get(left.pop(), []):
                if triple not in own:
                    own.add(triple)
                    if _text(triple.object).startswith(_NODES):
                        left.append(_text(triple.object))
        parts[item] = own
    return parts


def _leads(triple: Triple) -> bool:
    return _text(triple.object).startswith(WIKIDATA + "statement/")


def _text(term: Any) -> str:
    return str(term.value)


def _nodes(namespace: str, names: Sequence[str]) -> list[NamedNode]:
    return [NamedNode(namespace + name) for name in names]
