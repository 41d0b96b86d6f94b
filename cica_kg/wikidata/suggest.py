"""Items of Wikidata that a thing of ours may be, with the reasons for and against; nothing is accepted."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from pyoxigraph import Literal, NamedNode, Store

from cica_kg.errors import EndpointError
from cica_kg.vocabulary import RDF, TERMS_NAMESPACE, WIKIDATA
from cica_kg.wikidata.asking import chunks, query_text
from cica_kg.wikidata.client import Answers
from cica_kg.wikidata.fetch import not_held
from cica_kg.wikidata.fingerprint import IDENTIFIERS, known_facts
from cica_kg.wikidata.items import ITEM, ROOTS, Item, read_items
from cica_kg.wikidata.labels import ANY, names_of, spellings
from cica_kg.wikidata.links import item_of, read_links
from cica_kg.wikidata.properties import PROPERTIES, find_properties
from cica_kg.wikidata.score import Part, score

#: What became of a thing.
CANDIDATES: Final = "candidates"
NONE_FOUND: Final = "no candidate"
LINKED: Final = "linked already"
FAILED: Final = "service failed"
NOT_ASKED: Final = "not asked"

#: A candidate is proposed from this sum on.
ENOUGH: Final = 3
_THINGS_AT_ONCE: Final = 10
_NAMES_AT_ONCE: Final = 200
#: A short name such as an acronym may be that of hundreds of items.
_MOST: Final = 50


class Candidate(NamedTuple):
    """An item that a thing may be: the item as it is there, and the parts of its score."""

    item: Item
    parts: tuple[Part, ...]

    @property
    def points(self) -> int:
        """The sum of the parts."""
        return sum(part.points for part in self.parts)


class Suggestion(NamedTuple):
    """What became of one thing.

    Attributes:
        thing: its IRI.
        outcome: CANDIDATES, NONE_FOUND (asked, and nothing is there), LINKED, FAILED or NOT_ASKED.
        candidates: best first.
        proposed: the one of them with reasons enough, or None.
        reason: why it failed or was not asked, or the number of the item it is linked to.
    """

    thing: str
    outcome: str
    candidates: tuple[Candidate, ...] = ()
    proposed: Candidate | None = None
    reason: str = ""


class Suggestions(NamedTuple):
    """One suggestion a thing, in the order they were given; what answered, on which day; notes."""

    suggestions: tuple[Suggestion, ...]
    checked: str
    day: str
    notes: tuple[str, ...]


def unlinked(store: Store) -> list[str]:
    """Return the states, organizations, bodies, persons and places that have no item, sorted."""
    found = set()
    for kind in ROOTS:
        node = NamedNode(TERMS_NAMESPACE + kind)
        for quad in store.quads_for_pattern(None, NamedNode(RDF + "type"), node):
            if isinstance(quad.subject, NamedNode) and item_of(store, quad.subject.value) is None:
                found.add(quad.subject.value)
    return sorted(found)


def suggest(store: Store, things: Sequence[str], answers: Answers, limit: int = 5) -> Suggestions:
    """Look for the items of things, ten at a time.

    When the source fails, what was found before is returned; the things being asked about have failed, the
    rest were not asked: a service in trouble is left alone.

    Args:
        store: of the graph.
        things: IRIs.
        answers: an endpoint or a snapshot.
        limit: the most candidates for a thing.
    """
    found: dict[str, Suggestion] = {}
    for thing in things:
        if number := item_of(store, thing):
            found[thing] = Suggestion(thing, LINKED, reason=number)
    open_ = [thing for thing in dict.fromkeys(things) if thing not in found]
    taken = {link.target.removeprefix(WIKIDATA): link.thing for link in read_links(store)}
    notes: list[str] = []
    checked, asked = NOT_ASKED, open_[:_THINGS_AT_ONCE]
    try:
        facts = {name for thing in open_ for name in known_facts(store, thing)}
        direct, notes = find_properties(answers, facts & PROPERTIES.keys())
        if open_:
            checked = answers.checked
        for part in chunks(open_, _THINGS_AT_ONCE):
            asked = list(part)
            found |= {each.thing: each for each in _suggest(store, part, answers, direct, taken, limit)}
    except EndpointError as error:
        checked = FAILED if checked == NOT_ASKED else checked
        for thing in open_:
            outcome = FAILED if thing in asked else NOT_ASKED
            found.setdefault(thing, Suggestion(thing, outcome, reason=str(error)))
    return Suggestions(tuple(found[thing] for thing in things), checked, answers.day, tuple(notes))


def _suggest(
    store: Store,
    things: Sequence[str],
    answers: Answers,
    direct: Mapping[str, NamedNode],
    taken: Mapping[str, str],
    limit: int,
) -> Iterator[Suggestion]:
    names = {thing: names_of(store, thing) for thing in things}
    facts = {thing: known_facts(store, thing) for thing in things}
    numbers = _by_name(names, answers)
    for thing, coded in _by_code(facts, answers, direct).items():
        numbers.setdefault(thing, {}).update(coded)
    found = {number for each in numbers.values() for number in each}
    # Of the capitals of states a snapshot has a trace, too little to judge them by.
    found -= not_held(answers, found)
    items = read_items(answers, found, direct)
    for thing in things:
        candidates = []
        for number in (each for each in numbers.get(thing, ()) if each in found):
            owner = taken.get(number)
            parts = score(store, thing, names[thing], facts[thing], items[number], direct, owner)
            candidates.append(Candidate(items[number], parts))
        candidates.sort(key=lambda each: (-each.points, len(each.item.number), each.item.number))
        outcome = CANDIDATES if candidates else NONE_FOUND
        yield Suggestion(thing, outcome, tuple(candidates[:limit]), _choice(candidates))


def _choice(candidates: Sequence[Candidate]) -> Candidate | None:
    """Return the best candidate if it has ENOUGH points, nothing against it, and none is as good."""
    if not candidates:
        return None
    best, *others = candidates
    clear = not others or others[0].points < best.points
    against = any(part.points < 0 for part in best.parts)
    return best if best.points >= ENOUGH and clear and not against else None


def _by_name(names: Mapping[str, Mapping[str, list[str]]], answers: Answers) -> dict[str, dict[str, None]]:
    """Return thing → the numbers of the items that have one of its names, those with most of them first."""
    askers: dict[Literal, set[str]] = {}
    for thing, languages in names.items():
        for language, own in languages.items():
            for spelling in (each for name in own for each in spellings(name, language)):
                for tag in (language, ANY):
                    askers.setdefault(Literal(spelling, language=tag), set()).add(thing)
    matches: dict[str, Counter[str]] = {}
    for part in chunks(sorted(askers, key=str), _NAMES_AT_ONCE):
        for row in answers.select(query_text("named", name=part)):
            name, item = row["name"], row["item"].value
            if isinstance(name, Literal) and re.fullmatch(ITEM, item):
                for thing in askers.get(name, ()):
                    matches.setdefault(thing, Counter())[item.removeprefix(WIKIDATA)] += 1
    return {
        thing: dict.fromkeys(
            sorted(counts, key=lambda number: (-counts[number], len(number), number))[:_MOST]
        )
        for thing, counts in matches.items()
    }


def _by_code(
    facts: Mapping[str, Mapping[str, tuple[str, ...]]], answers: Answers, direct: Mapping[str, NamedNode]
) -> dict[str, dict[str, None]]:
    """Return thing → the numbers of the items that have one of its codes."""
    names = {direct[name].value: name for name in IDENTIFIERS if name in direct}
    codes = {code for known in facts.values() for name in names.values() for code in known.get(name, ())}
    found: dict[str, dict[str, None]] = {}
    if not codes:
        return found
    properties = [NamedNode(iri) for iri in names]
    for part in chunks(sorted(codes), _NAMES_AT_ONCE):
        for row in answers.select(query_text("coded", property=properties, code=map(Literal, part))):
            name, item = names.get(row["property"].value, ""), row["item"].value
            for thing, known in facts.items():
                few = len(found.get(thing, ())) < _MOST
                if few and row["code"].value in known.get(name, ()) and re.fullmatch(ITEM, item):
                    found.setdefault(thing, {})[item.removeprefix(WIKIDATA)] = None
    return found
