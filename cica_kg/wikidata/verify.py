"""Links held against Wikidata: whether the item is there, and is still the same thing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from pyoxigraph import NamedNode, Store

from cica_kg.vocabulary import WIKIDATA
from cica_kg.wikidata.capitals import (
    Capitals,
    ask_capitals,
    compare_capitals,
    known_capitals,
    load_capitals,
    notes_on,
)
from cica_kg.wikidata.client import Answers
from cica_kg.wikidata.fetch import Partial, must_hold_some, not_held
from cica_kg.wikidata.fingerprint import (
    ALPHA_2,
    BROAD,
    CAPITAL,
    DIFFERENT,
    GEONAMES,
    IDENTIFIERS,
    MISSING,
    SAME,
    UNKNOWN,
    Fact,
    compare_facts,
    kind_of,
    known_facts,
)
from cica_kg.wikidata.items import Item, read_items
from cica_kg.wikidata.labels import LANGUAGES, likeness, names_of, share_a_word, theirs, without_qualifier
from cica_kg.wikidata.links import Link, node_of
from cica_kg.wikidata.properties import PROPERTIES, find_properties

ITEM_GONE: Final = "ITEM_GONE"
REDIRECTED: Final = "REDIRECTED"
FINGERPRINT_FAILED: Final = "FINGERPRINT_FAILED"
VANDALISM: Final = "LABEL_VANDALISM_SUSPECT"
SITELINK_DRIFT: Final = "SITELINK_DRIFT"
LABEL_DRIFT: Final = "LABEL_DRIFT"

#: What may be found out about a link, the worst first; the first three are wrong links.
VERDICTS: Final = (
    ITEM_GONE,
    REDIRECTED,
    FINGERPRINT_FAILED,
    VANDALISM,
    SITELINK_DRIFT,
    LABEL_DRIFT,
    MISSING,
    SAME,
)
WRONG: Final = VERDICTS[:3]
#: Facts that agree for many things, and outweigh nothing.
_WEAK: Final = {*BROAD, CAPITAL}


class Name(NamedTuple):
    """Names in one language: our label, their label, the title of their page, and what that means."""

    language: str
    ours: str | None
    theirs: str | None
    title: str | None
    verdict: str


class Verified(NamedTuple):
    """A link and what was found out.

    Attributes:
        thing: the thing of ours, and `item` the number of the item that it is linked to.
        moved_to: the number of the item that this one was merged into, or None.
        verdict: the worst of VERDICTS that holds.
        names: one a language.
        facts: the fingerprint, empty where there is no item.
    """

    thing: str
    item: str
    moved_to: str | None
    verdict: str
    names: tuple[Name, ...] = ()
    facts: tuple[Fact, ...] = ()

    @property
    def wrong(self) -> bool:
        """Whether the link must be changed; names that differ are no reason to."""
        return self.verdict in WRONG


class Verification(NamedTuple):
    """All links in the order they were given; what answered, on which day; what could not be looked at."""

    links: tuple[Verified, ...]
    checked: str
    day: str
    notes: tuple[str, ...]


def verify(
    store: Store, links: Sequence[Link], answers: Answers, capitals: Capitals | None = None
) -> Verification:
    """Hold links to Wikidata against what answers.

    Two queries for every fifty items, two more for those they were merged into, and one for the capitals of
    every fifty states.

    Args:
        store: of the graph.
        links: to Wikidata.
        answers: an endpoint or a snapshot.
        capitals: what is known of the capitals of states; None for what `load_capitals` gives.

    Raises:
        EndpointError: as `Answers.select` and `must_hold_some`; nothing is said of some links when others
            could not be asked.
    """
    astray = [link for link in links if node_of(link.thing) is None]
    links = [link for link in links if link not in astray]
    unheld = not_held(answers, [_number(link) for link in links])
    links = [link for link in links if _number(link) not in unheld]
    known = {link.thing: known_facts(store, link.thing) for link in links}
    kinds = {link.thing: kind_of(store, link.thing) for link in links}
    states = {thing: facts[ALPHA_2] for thing, facts in known.items() if ALPHA_2 in facts}
    states = {thing: codes for thing, codes in states.items() if kinds[thing] == "State"}
    if capitals is None:
        capitals = load_capitals() if states else Capitals({})
    cities = known_capitals(capitals, states)
    wanted = {name for facts in known.values() for name in facts} & PROPERTIES.keys()
    wanted |= {CAPITAL, GEONAMES} if states and capitals.of else set()
    direct, notes = find_properties(answers, wanted)
    if isinstance(answers, Partial):  # an older one lacks the property, which Wikidata has: see `notes_on`
        notes = [note for note in notes if f"“{CAPITAL}”" not in note]
    notes += notes_on(capitals, answers, direct) if states else ()
    of_items = {name: iri for name, iri in direct.items() if name != CAPITAL}
    items = _read(links, answers, of_items)
    ends = [_end(link, items) for link in links]
    kindless = isinstance(answers, Partial) and not any(item.classes for item in items.values())
    if kindless and links:
        notes.append("the snapshot holds no kinds: it was taken before they were kept, take a new one")
    of_states = {end.number for link, end in zip(links, ends, strict=True) if cities.get(link.thing)}
    there = ask_capitals(answers, of_states, direct)
    found = []
    for link, end in zip(links, ends, strict=True):
        thing = link.thing
        facts = compare_facts(kinds[thing], known[thing], end, {*of_items})
        if kindless:
            facts[0] = facts[0]._replace(verdict=UNKNOWN)
        if thing in cities:
            seats = None if there is None else there.get(end.number, [])
            facts.append(compare_capitals(cities[thing], seats))
        found.append(_verify(link, items[_number(link)], end, names_of(store, thing), facts))
    lacking = (f"not asked: the snapshot does not hold {item}, take a new one" for item in sorted(unheld))
    told = (
        f"not asked: {link.iri} starts from “{link.thing}”, which is no thing of the graph" for link in astray
    )
    return Verification(tuple(found), answers.checked, answers.day, (*notes, *lacking, *told))


def _read(links: Sequence[Link], answers: Answers, direct: Mapping[str, NamedNode]) -> dict[str, Item]:
    """Return the items of links, and those that they were merged into, by their numbers."""
    items = read_items(answers, (_number(link) for link in links), direct)
    must_hold_some(answers, items, [number for number, item in items.items() if item.exists])
    moved = {item.moved_to for item in items.values() if item.moved_to}
    return items | read_items(answers, moved - items.keys(), direct)


def _verify(
    link: Link,
    item: Item,
    there: Item,
    ours: Mapping[str, list[str]],
    facts: Sequence[Fact],
) -> Verified:
    """Judge one link; `there` is the item, or the one it was merged into."""
    if not there.exists:
        return Verified(link.thing, item.number, item.moved_to, ITEM_GONE)
    names = tuple(_name(language, ours.get(language, []), there) for language in LANGUAGES)
    found = {name.verdict for name in names} - {MISSING}
    if SAME not in found | {fact.verdict for fact in facts}:
        found.add(MISSING)  # an item that was emptied is not the same thing for want of a difference
    if item.moved_to:
        found.add(REDIRECTED)
    if fails(facts) or _called_otherwise(names, facts):
        found.add(FINGERPRINT_FAILED)
    worst = min(found & set(VERDICTS) | {SAME}, key=VERDICTS.index)
    return Verified(link.thing, item.number, item.moved_to, worst, names, tuple(facts))


def fails(facts: Iterable[Fact]) -> bool:
    """Say whether a fingerprint is that of another thing.

    It is where an identifier differs; where the kind, the country or the capital does and nothing narrower is
    the same; or where anything does and nothing at all is the same. Else what differs was edited, or is
    modelled in another way, and does not outweigh what agrees.
    """
    found = list(facts)
    differing = {fact.name for fact in found if fact.verdict == DIFFERENT}
    same = {fact.name for fact in found if fact.verdict == SAME}
    if differing & {*IDENTIFIERS}:
        return True
    return bool(differing) and (not same or bool(differing & _WEAK and not same - _WEAK))


def _called_otherwise(names: Sequence[Name], facts: Iterable[Fact]) -> bool:
    """Tell whether all names are of something else, and nothing but what thousands of things share agrees."""
    verdicts = [name.verdict for name in names]
    drifted = verdicts.count(SITELINK_DRIFT) + verdicts.count(LABEL_DRIFT)
    same = any(fact.verdict == SAME and fact.name not in _WEAK for fact in facts)
    return drifted > 1 and SAME not in verdicts and VANDALISM not in verdicts and not same


def _name(language: str, ours: Sequence[str], item: Item) -> Name:
    label, title = theirs(item.labels, language), item.titles.get(language)
    first = ours[0] if ours else None
    return Name(language, first, label, title, _judge(ours, label, title))


def _judge(ours: Sequence[str], label: str | None, title: str | None) -> str:
    if not ours:
        return "MISSING_HERE"
    if title and not any(share_a_word(without_qualifier(title), name) for name in ours):
        return SITELINK_DRIFT
    if label is None:
        return MISSING
    if likeness(ours, label) != "different":
        return SAME
    if title and not share_a_word(label, title):
        return VANDALISM
    return LABEL_DRIFT


def _end(link: Link, items: Mapping[str, Item]) -> Item:
    """Return the item of a link, or the one it was merged into."""
    item = items[_number(link)]
    return items[item.moved_to] if item.moved_to else item


def _number(link: Link) -> str:
    return link.target.removeprefix(WIKIDATA)
