"""Small changes to a world that agrees with our graph: one defect each, with the verdicts that must follow.

Each was seen in Wikidata's data, or follows from what its data model allows. Kazakhstan (Q232) is a member
since 1999-09-14, Japan (Q17) an observer since [1999-09-14..2002-06-04] or so; the base says the same.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

from tests.wikidata.shape import Snak, Time, Value
from tests.wikidata.world import CICA_ITEM, OBSERVER, Statement, World

KAZAKHSTAN: Final = "Q232"
JAPAN: Final = "Q17"
NORTH_KOREA: Final = "Q423"
OBSERVER_ROLE: Final = "Q9000000777"
DAY: Final = Time("1999-09-14")
SOURCE: Final = {"P854": ["https://example.org/members"]}
WIKIPEDIA: Final = {"P143": ["Q328"]}
PAGE: Final = "https://en.wikipedia.org/wiki/CICA"
LOOKED: Final = {"P813": [Time("2020-01-01")]}


class Case(NamedTuple):
    """A defect.

    Attributes:
        name: what it is, as a sentence.
        item: on which item.
        change: makes it; that item's statements about CICA are gone by then.
        verdicts: of the rows of that item, sorted: verdict and notes, joined by `; `.
        contradicts: whether the exit code must say so.
    """

    name: str
    item: str
    change: Callable[[World], object]
    verdicts: tuple[str, ...]
    contradicts: bool = False


def _member(
    world: World, *, start: Value | None = DAY, end: Value | None = None, **more: object
) -> Statement:
    qualifiers: dict[str, list[Value]] = {}
    if start is not None:
        qualifiers["P580"] = [start]
    if end is not None:
        qualifiers["P582"] = [end]
    more.setdefault("references", [SOURCE])
    more.setdefault("qualifiers", qualifiers)
    return world.state(KAZAKHSTAN, "P463", CICA_ITEM, **more)  # type: ignore[arg-type]


def _left_and_returned(world: World) -> None:
    _member(world, end=Time("2005-01-01", 9))
    _member(world, start=Time("2010-01-01", 9))


def _deprecated_with_sibling(world: World) -> None:
    _member(world, start=Time("1992-10-05"), rank="Deprecated")
    _member(world, rank="Preferred")


def _twice(world: World, rank: str = "Normal") -> None:
    _member(world)
    _member(world, start=None, rank=rank)


def _observer_twice(world: World) -> None:
    world.state(JAPAN, OBSERVER, CICA_ITEM, references=[SOURCE])
    _observer_by_role(world)


def _observer_by_role(world: World) -> None:
    world.state(JAPAN, "P463", CICA_ITEM, qualifiers={"P2868": [OBSERVER_ROLE]}, references=[SOURCE])


def _merged(world: World) -> None:
    world.item("Q9000000232", {"en": "Kazakhstan"})
    world.redirect(KAZAKHSTAN, "Q9000000232")
    world.state("Q9000000232", "P463", CICA_ITEM, qualifiers={"P580": [DAY]}, references=[SOURCE])


def _shared_reference(world: World) -> None:
    _member(world)
    world.state(NORTH_KOREA, "P463", "Q7184", references=[SOURCE])


def _part_that_is_a_country(world: World) -> None:
    world.item(NORTH_KOREA, {"en": "North Korea"})
    world.state(CICA_ITEM, "P527", NORTH_KOREA, references=[SOURCE])


CASES: Final = (
    Case("nothing is said", KAZAKHSTAN, lambda w: None, ("MISSING_THERE",)),
    Case("the same day", KAZAKHSTAN, _member, ("SAME",)),
    Case("the year alone", KAZAKHSTAN, lambda w: _member(w, start=Time("1999-01-01", 9)), ("FINER",)),
    Case("the month alone", KAZAKHSTAN, lambda w: _member(w, start=Time("1999-09-01", 10)), ("FINER",)),
    Case("the decade alone", KAZAKHSTAN, lambda w: _member(w, start=Time("1990-01-01", 8)), ("FINER",)),
    Case("the century alone", KAZAKHSTAN, lambda w: _member(w, start=Time("1901-01-01", 7)), ("FINER",)),
    Case("the millennium alone", KAZAKHSTAN, lambda w: _member(w, start=Time("2000-01-01", 6)), ("FINER",)),
    Case("no start", KAZAKHSTAN, lambda w: _member(w, start=None), ("FINER",)),
    Case("an unknown start", KAZAKHSTAN, lambda w: _member(w, start=Snak.UNKNOWN), ("FINER",)),
    Case(
        "a start by the old calendar",
        KAZAKHSTAN,
        lambda w: _member(w, start=Time("1999-09-14", 11, "Q1985786")),
        ("FINER",),
    ),
    Case(
        "two starts, one of them the year",
        KAZAKHSTAN,
        lambda w: _member(w, qualifiers={"P580": [Time("1999-01-01", 9), DAY]}),
        ("SAME",),
    ),
    Case(
        "the next day",
        KAZAKHSTAN,
        lambda w: _member(w, start=Time("1999-09-15")),
        ("DIFFERENT_QUALIFIER",),
        contradicts=True,
    ),
    Case(
        "another year alone",
        KAZAKHSTAN,
        lambda w: _member(w, start=Time("1992-01-01", 9)),
        ("DIFFERENT_QUALIFIER",),
        contradicts=True,
    ),
    Case(
        "another century alone",
        KAZAKHSTAN,
        lambda w: _member(w, start=Time("1900-01-01", 7)),
        ("DIFFERENT_QUALIFIER",),
        contradicts=True,
    ),
    Case(
        "another year by the old calendar",
        KAZAKHSTAN,
        lambda w: _member(w, start=Time("1650-01-01", 9, "Q1985786")),
        ("DIFFERENT_QUALIFIER",),
        contradicts=True,
    ),
    Case(
        "a start that is none",
        KAZAKHSTAN,
        lambda w: _member(w, start=Snak.NO_VALUE),
        ("DIFFERENT_QUALIFIER",),
        contradicts=True,
    ),
    Case("an end that is none", KAZAKHSTAN, lambda w: _member(w, end=Snak.NO_VALUE), ("SAME",)),
    Case(
        "an unknown end",
        KAZAKHSTAN,
        lambda w: _member(w, end=Snak.UNKNOWN),
        ("ENDED_THERE",),
        contradicts=True,
    ),
    Case(
        "an end",
        KAZAKHSTAN,
        lambda w: _member(w, end=Time("2020-01-01", 9)),
        ("ENDED_THERE",),
        contradicts=True,
    ),
    Case("an end to come", KAZAKHSTAN, lambda w: _member(w, end=Time("2035-01-01", 9)), ("SAME",)),
    Case("stated twice, once without a date", KAZAKHSTAN, _twice, ("FINER", "SAME")),
    Case(
        "stated twice, the preferred one without a date",
        KAZAKHSTAN,
        lambda w: _twice(w, "Preferred"),
        ("FINER", "SAME"),
    ),
    Case(
        "no value",
        KAZAKHSTAN,
        lambda w: w.state(KAZAKHSTAN, "P463", Snak.NO_VALUE, references=[SOURCE]),
        ("NOVALUE",),
        contradicts=True,
    ),
    Case(
        "an unknown value",
        KAZAKHSTAN,
        lambda w: w.state(KAZAKHSTAN, "P463", Snak.UNKNOWN, references=[SOURCE]),
        ("UNKNOWN_VALUE",),
    ),
    Case(
        "no value, deprecated",
        KAZAKHSTAN,
        lambda w: w.state(KAZAKHSTAN, "P463", Snak.NO_VALUE, rank="Deprecated", references=[SOURCE]),
        ("MISSING_THERE", "NOVALUE; DEPRECATED_THERE"),
    ),
    Case(
        "an unknown value, deprecated",
        KAZAKHSTAN,
        lambda w: w.state(KAZAKHSTAN, "P463", Snak.UNKNOWN, rank="Deprecated", references=[SOURCE]),
        ("DEPRECATED_THERE; UNKNOWN_VALUE", "MISSING_THERE"),
    ),
    Case(
        "deprecated",
        KAZAKHSTAN,
        lambda w: _member(w, rank="Deprecated"),
        ("DEPRECATED_THERE",),
        contradicts=True,
    ),
    Case(
        "deprecated, with a preferred one beside it",
        KAZAKHSTAN,
        _deprecated_with_sibling,
        ("DEPRECATED_THERE", "SAME"),
    ),
    Case(
        "left and returned",
        KAZAKHSTAN,
        _left_and_returned,
        ("ENDED_THERE", "MISSING_HERE"),
        contradicts=True,
    ),
    Case("no reference", KAZAKHSTAN, lambda w: _member(w, references=[]), ("SAME; UNREFERENCED_THERE",)),
    Case(
        "a Wikipedia as its only reference",
        KAZAKHSTAN,
        lambda w: _member(w, references=[WIKIPEDIA | LOOKED]),
        ("SAME; CIRCULAR_REF",),
    ),
    Case(
        "a page of a Wikipedia as its only reference",
        KAZAKHSTAN,
        lambda w: _member(w, references=[WIKIPEDIA | {"P4656": [PAGE]}, {"P854": [PAGE]}]),
        ("SAME; CIRCULAR_REF",),
    ),
    Case(
        "a Wikipedia as what it is stated in",
        KAZAKHSTAN,
        lambda w: _member(w, references=[WIKIPEDIA, {"P248": ["Q328"]}]),
        ("SAME; CIRCULAR_REF",),
    ),
    Case("stated in a book", KAZAKHSTAN, lambda w: _member(w, references=[{"P248": ["Q571"]}]), ("SAME",)),
    Case(
        "the day when somebody looked as its only reference",
        KAZAKHSTAN,
        lambda w: _member(w, references=[LOOKED]),
        ("SAME; CIRCULAR_REF",),
    ),
    Case(
        "this project as its only reference",
        KAZAKHSTAN,
        lambda w: _member(w, references=[{"P854": ["https://w3id.org/cica-kg/id/state/kazakhstan"]}]),
        ("SAME; CIRCULAR_REF",),
    ),
    Case(
        "a Wikipedia and a source in one reference",
        KAZAKHSTAN,
        lambda w: _member(w, references=[WIKIPEDIA | SOURCE]),
        ("SAME",),
    ),
    Case("a reference that two statements share", KAZAKHSTAN, _shared_reference, ("SAME",)),
    Case(
        "a member in some role",
        KAZAKHSTAN,
        lambda w: _member(w, qualifiers={"P580": [DAY], "P3831": [OBSERVER_ROLE]}),
        ("ROLE_QUALIFIED",),
    ),
    Case("merged into another item", KAZAKHSTAN, _merged, ("REDIRECTED",)),
    Case("deleted", KAZAKHSTAN, lambda w: w.delete(KAZAKHSTAN), ("ITEM_GONE",), contradicts=True),
    Case(
        "an identifier in small letters",
        KAZAKHSTAN,
        lambda w: _member(w, guid="q232-3f2b8c1a-4e7d-4b6a-9c0e-1d2f3a4b5c6d"),
        ("SAME",),
    ),
    Case(
        "a member of what was dissolved long ago",
        KAZAKHSTAN,
        lambda w: (_member(w), w.state(KAZAKHSTAN, "P463", "Q170481", references=[SOURCE])),
        ("SAME",),
    ),
    Case(
        "an observer by the property for it",
        JAPAN,
        lambda w: w.state(JAPAN, OBSERVER, CICA_ITEM, references=[SOURCE]),
        ("FINER",),
    ),
    Case("an observer by a role", JAPAN, _observer_by_role, ("ROLE_QUALIFIED; FINER",)),
    Case("an observer by both", JAPAN, _observer_twice, ("FINER", "ROLE_QUALIFIED; FINER")),
    Case(
        "an observer stated as a member",
        JAPAN,
        lambda w: w.state(JAPAN, "P463", CICA_ITEM, references=[SOURCE]),
        ("MISSING_HERE", "MISSING_THERE"),
        contradicts=True,
    ),
    Case(
        "a stranger stated as a member",
        NORTH_KOREA,
        lambda w: w.state(NORTH_KOREA, "P463", CICA_ITEM, references=[SOURCE]),
        ("MISSING_HERE",),
        contradicts=True,
    ),
    Case("a country as a part of CICA", NORTH_KOREA, _part_that_is_a_country, ("MISSING_HERE",)),
)
