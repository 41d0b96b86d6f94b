"""Date bounds and views. The views are held against a second statement of their definition, in Python."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store
from rdflib.plugins.sparql import prepareQuery

from cica_kg import KnowledgeGraph
from cica_kg.dates import bounds
from cica_kg.derive import add_labels, add_views, change_views, date_bounds, known_until
from cica_kg.files import read_graph
from cica_kg.store import build_store, rdflib_graph
from cica_kg.vocabulary import CICA, GRAPH, PREFIXES, TERMS_NAMESPACE

KNOWN_UNTIL = date(2010, 6, 30)

#: class → (direct relation, inverse, possible twin, inverse, property of the thing, lasts until ended)
KINDS = {
    "Membership": ("memberOf", "hasMember", "possiblyMemberOf", "possiblyHasMember", "inOrganization", True),
    "Observership": (
        "observerOf",
        "hasObserver",
        "possiblyObserverOf",
        "possiblyHasObserver",
        "inOrganization",
        True,
    ),
    "Chairmanship": ("chairs", "chairedBy", "possiblyChairs", "possiblyChairedBy", "inOrganization", True),
    "Partnership": (
        "partnerOf",
        "partnerOf",
        "possiblyPartnerOf",
        "possiblyPartnerOf",
        "inOrganization",
        True,
    ),
    "Tenure": ("holdsPost", "heldBy", "possiblyHoldsPost", "possiblyHeldBy", "forPost", False),
    "Coordination": (
        "coordinates",
        "coordinatedBy",
        "possiblyCoordinates",
        "possiblyCoordinatedBy",
        "ofMeasure",
        False,
    ),
    "Seat": ("seatedIn", "seatOf", "possiblySeatedIn", "possiblySeatOf", "atPlace", False),
}


@dataclass(frozen=True)
class Record:
    kind: str
    party: str
    thing: str
    start: str
    end: str | None
    ongoing: str | None

    def quads(self, name: str) -> list[Quad]:
        node = NamedNode(f"urn:record:{name}")
        found = [
            (PREFIXES["rdf"] + "type", NamedNode(TERMS_NAMESPACE + self.kind)),
            (TERMS_NAMESPACE + "party", NamedNode(self.party)),
            (TERMS_NAMESPACE + KINDS[self.kind][4], NamedNode(self.thing)),
            (CICA.start, Literal(self.start)),
        ]
        if self.end:
            found.append((CICA.end, Literal(self.end)))
        if self.ongoing:
            found.append((CICA.ongoingAsOf, Literal(self.ongoing)))
        return [Quad(node, NamedNode(p), value, DefaultGraph()) for p, value in found]

    def surely(self, day: date) -> bool:
        if bounds(self.start).latest > day:
            return False
        if self.end:
            return day < bounds(self.end).earliest
        return day <= (KNOWN_UNTIL if KINDS[self.kind][5] else bounds(self.ongoing or "").earliest)

    def possibly(self, day: date) -> bool:
        return bounds(self.start).earliest <= day and (not self.end or day < bounds(self.end).latest)


def expected(records: list[Record], day: date) -> set[tuple[str, str, str]]:
    """State ONTOLOGY §5 a second time, record by record."""
    sure: set[tuple[str, str, str]] = set()
    for record in records:
        view, inverse, *_ = KINDS[record.kind]
        if record.surely(day):
            sure |= {(record.party, view, record.thing), (record.thing, inverse, record.party)}
    possible: set[tuple[str, str, str]] = set()
    for record in records:
        view, _, twin, inverse, *_ = KINDS[record.kind]
        if record.possibly(day) and (record.party, view, record.thing) not in sure:
            possible |= {(record.party, twin, record.thing), (record.thing, inverse, record.party)}
    return sure | possible


# Few days and few names: handovers, second runs and overlaps shall be common, not rare.
DAYS = st.integers(0, 40).map(lambda n: date(2010, 6, 10) + timedelta(days=n))
TEXTS = st.one_of(
    DAYS.map(date.isoformat),
    DAYS.map(lambda one: one.isoformat()[:7]),
    st.sampled_from(["2009", "2010", "2011"]),
    st.tuples(DAYS, DAYS).map(lambda two: f"[{min(two)}..{max(two)}]"),
    st.tuples(DAYS, DAYS).map(lambda two: f"[{two[0]},{two[1]}]"),
)


@st.composite
def records(draw: st.DrawFn) -> Record:
    ended = draw(st.booleans())
    return Record(
        draw(st.sampled_from(sorted(KINDS))),
        draw(st.sampled_from(["urn:x:a", "urn:x:b", "urn:x:c"])),
        draw(st.sampled_from(["urn:x:a", "urn:x:b", "urn:x:d"])),
        draw(TEXTS),
        draw(TEXTS) if ended else None,
        None if ended else draw(DAYS.map(date.isoformat) | st.sampled_from(["2010-06", "2010"])),
    )


class Rules:
    """The shipped rules, what they read of the ontology, and the day the graph is kept to."""

    def __init__(self) -> None:
        # Without the bytes of the data: Hypothesis prints what a test was given.
        self.files = read_graph()._replace(ontology=(), shapes=(), data=())
        ontology = build_store(read_graph().ontology)
        wanted = ("viewedAs", "possiblyViewedAs", "lastsUntilEnded")
        properties = [*(TERMS_NAMESPACE + name for name in wanted), PREFIXES["owl"] + "inverseOf"]
        self.quads = [
            quad for name in properties for quad in ontology.quads_for_pattern(None, NamedNode(name), None)
        ]
        until = Literal(KNOWN_UNTIL.isoformat())
        self.quads.append(Quad(NamedNode(GRAPH), NamedNode(CICA.knownUntil), until, DefaultGraph()))
        texts = {file.path.name: file.content.decode() for file in self.files.rules}
        self.for_rdflib = [prepareQuery(texts[name]) for name in ("surely.rq", "possibly.rq")]

    def __repr__(self) -> str:
        return "<the rules>"

    def store(self, found: Iterable[Record]) -> Store:
        """Return a store with these records and their bounds."""
        store = Store()
        store.extend(self.quads)
        for number, record in enumerate(found):
            store.extend(record.quads(str(number)))
        store.extend(date_bounds(store))
        return store

    def views(self, store: Store, day: date) -> set[tuple[str, str, str]]:
        """Add the views of a day to the store and return them, terms by their local names."""
        return {
            (q.subject.value, q.predicate.value.removeprefix(TERMS_NAMESPACE), q.object.value)
            for q in add_views(store, self.files, day)
            if q.predicate.value != CICA.referenceDate
        }

    def views_on(self, day: str, *found: Record) -> set[tuple[str, str, str]]:
        """Return the views that these records have on a day."""
        return self.views(self.store(found), date.fromisoformat(day))


@pytest.fixture(scope="module")
def rules() -> Rules:
    return Rules()


@settings(max_examples=200)
@given(st.lists(records(), max_size=6), DAYS)
def test_the_views_of_a_day_are_what_the_definition_says(
    rules: Rules, found: list[Record], day: date
) -> None:
    assert rules.views(rules.store(found), day) == expected(found, day)


@settings(max_examples=12)
@given(st.lists(records(), min_size=2, max_size=8), DAYS)
def test_rdflib_derives_the_same_views_as_oxigraph(rules: Rules, found: list[Record], day: date) -> None:
    store = rules.store(found)
    graph = rdflib_graph(quad.triple for quad in store)
    reference = rdflib.Literal(day.isoformat(), datatype=rdflib.XSD.date)
    graph.add((rdflib.URIRef(GRAPH), rdflib.URIRef(CICA.referenceDate), reference))
    derived: set[tuple[str, str, str]] = set()
    for rule in rules.for_rdflib:
        for triple in graph.query(rule):
            graph.add(triple)
            derived.add(tuple(str(node).removeprefix(TERMS_NAMESPACE) for node in triple))
    assert derived == rules.views(store, day)


@settings(max_examples=60)
@given(st.lists(records(), max_size=6), DAYS, DAYS)
def test_changing_the_day_gives_the_views_of_that_day_and_leaves_the_first_store_alone(
    rules: Rules, found: list[Record], one: date, other: date
) -> None:
    store = rules.store(found)
    views = add_views(store, rules.files, one)
    before = set(store)
    changed, _ = change_views(store, views, rules.files, other)
    fresh = rules.store(found)
    add_views(fresh, rules.files, other)
    assert set(changed) == set(fresh)
    assert set(store) == before


def test_a_handover_day_belongs_to_the_newcomer(rules: Rules) -> None:
    old = Record("Chairmanship", "urn:old", "urn:o", "2008", "2010-06-08", None)
    new = Record("Chairmanship", "urn:new", "urn:o", "2010-06-08", None, "2010-06-10")
    for day, chair in (("2010-06-07", "urn:old"), ("2010-06-08", "urn:new")):
        assert rules.views_on(day, old, new) == {
            (chair, "chairs", "urn:o"),
            ("urn:o", "chairedBy", chair),
        }


@pytest.mark.parametrize(
    ("day", "view"),
    [
        ("2008-12-31", set()),
        ("2009-01-01", {"possiblyMemberOf"}),
        ("2009-12-30", {"possiblyMemberOf"}),
        ("2009-12-31", {"memberOf"}),
    ],
)
def test_between_the_bounds_of_a_start_a_member_is_only_possible(
    rules: Rules, day: str, view: set[str]
) -> None:
    found = rules.views_on(day, Record("Membership", "urn:m", "urn:o", "2009", None, "2010-06"))
    assert {p for s, p, _ in found if s == "urn:m"} == view


@pytest.mark.parametrize(
    ("day", "view"),
    [
        ("2008-05-31", {"observerOf"}),
        ("2008-06-01", {"possiblyObserverOf"}),
        ("2008-08-24", {"possiblyObserverOf"}),
        ("2008-08-25", set()),
    ],
)
def test_between_the_bounds_of_an_end_an_observer_is_only_possible(
    rules: Rules, day: str, view: set[str]
) -> None:
    record = Record("Observership", "urn:m", "urn:o", "2000", "[2008-06..2008-08-25]", None)
    assert {p for s, p, _ in rules.views_on(day, record) if s == "urn:m"} == view


def test_what_lasts_until_ended_is_sure_as_long_as_the_graph_was_kept_and_possible_after(
    rules: Rules,
) -> None:
    record = Record("Membership", "urn:m", "urn:o", "2000", None, "2003-05")
    assert ("urn:m", "memberOf", "urn:o") in rules.views_on("2010-06-30", record)
    assert rules.views_on("2010-07-01", record) == {
        ("urn:m", "possiblyMemberOf", "urn:o"),
        ("urn:o", "possiblyHasMember", "urn:m"),
    }


def test_a_person_is_surely_in_post_only_up_to_the_day_last_seen_there(rules: Rules) -> None:
    record = Record("Tenure", "urn:p", "urn:post", "2000", None, "2003-05")
    assert ("urn:p", "holdsPost", "urn:post") in rules.views_on("2003-05-01", record)
    assert rules.views_on("2003-05-02", record) == {
        ("urn:p", "possiblyHoldsPost", "urn:post"),
        ("urn:post", "possiblyHeldBy", "urn:p"),
    }


def test_of_two_records_of_the_same_pair_the_sure_one_counts(rules: Rules) -> None:
    first = Record("Membership", "urn:m", "urn:o", "2000", "2009", None)
    second = Record("Membership", "urn:m", "urn:o", "2009-03-01", None, "2010")
    assert rules.views_on("2009-03-01", first, second) == {
        ("urn:m", "memberOf", "urn:o"),
        ("urn:o", "hasMember", "urn:m"),
    }


def test_a_partnership_holds_both_ways(rules: Rules) -> None:
    record = Record("Partnership", "urn:a", "urn:b", "2000", None, "2001")
    assert rules.views_on("2005-01-01", record) == {
        ("urn:a", "partnerOf", "urn:b"),
        ("urn:b", "partnerOf", "urn:a"),
    }


def test_a_date_that_cannot_be_read_gets_no_bounds() -> None:
    store = Store()
    node = NamedNode("urn:x")
    store.add(Quad(node, NamedNode(CICA.start), Literal("1999-02-30"), DefaultGraph()))
    store.add(Quad(node, NamedNode(CICA.end), NamedNode("urn:no-literal"), DefaultGraph()))
    assert date_bounds(store) == []


def test_a_single_date_gives_all_four_bounds() -> None:
    store = Store()
    store.add(Quad(NamedNode("urn:x"), NamedNode(CICA.date), Literal("2010-02"), DefaultGraph()))
    found = {(q.predicate.value.removeprefix(TERMS_NAMESPACE), q.object.value) for q in date_bounds(store)}
    assert found == {
        ("startEarliest", "2010-02-01"),
        ("endEarliest", "2010-02-01"),
        ("startLatest", "2010-02-28"),
        ("endLatest", "2010-02-28"),
    }
    assert {q.object.datatype.value for q in date_bounds(store)} == {PREFIXES["xsd"] + "date"}


def test_a_graph_that_does_not_say_until_when_it_was_kept_has_no_such_day() -> None:
    assert known_until(Store()) is None


def test_records_are_labelled_from_the_pattern_of_their_class(small: Path) -> None:
    files = read_graph(small)
    store = build_store(files.ontology + files.data)
    add_labels(store, files)
    label = next(
        store.quads_for_pattern(
            NamedNode(PREFIXES["membership"] + "atlantis-club"), NamedNode(PREFIXES["rdfs"] + "label"), None
        )
    )
    assert label.object == Literal("Membership of Atlantis in Club", language="en")


def test_every_record_and_link_of_the_graph_has_a_label_in_english_and_arabic(kg: KnowledgeGraph) -> None:
    unlabelled = kg.query(
        sparql="""SELECT ?record ?language {
            VALUES ?language { "en" "ar" }
            ?kind cica:labelPattern ?pattern . ?record a ?kind .
            MINUS { ?record rdfs:label ?label . BIND(LANG(?label) AS ?language) }
        }"""
    )
    assert unlabelled.to_dicts() == []
    braces = kg.query(
        sparql="SELECT ?l { ?r cica:party|cica:linksTo [] ; rdfs:label ?l . FILTER(CONTAINS(?l, '{')) }"
    )
    assert braces.to_dicts() == []


SURE_MEMBERS = {
    "1999-01-01": 0,
    "2000-01-01": 15,
    "2003-01-01": 16,
    "2005-01-01": 17,
    "2007-01-01": 18,
    "2009-01-01": 20,
    "2010-12-31": 22,
    "2012-01-01": 24,
    "2015-01-01": 26,
    "2019-01-01": 27,
    "2023-01-01": 28,
}


@pytest.mark.parametrize(("day", "count"), SURE_MEMBERS.items())
def test_the_members_of_cica_on_a_day_are_as_many_as_its_history_says(
    kg: KnowledgeGraph, day: str, count: int
) -> None:
    members = kg.as_of(day).query(sparql="SELECT ?s { ?s cica:memberOf organization:cica }")
    assert len(members) == count
    inverse = kg.as_of(day).query(sparql="SELECT ?s { organization:cica cica:hasMember ?s }")
    assert set(inverse.rows) == set(members.rows)


@pytest.mark.parametrize(
    ("day", "states", "organizations"),
    [
        ("2006-12-31", 8, 3),
        ("2008-12-31", 7, 3),
        ("2012-12-31", 9, 4),
        ("2019-12-31", 8, 5),
        ("2022-01-01", 9, 5),
        ("2024-01-31", 10, 5),
    ],
)
def test_the_observers_of_cica_on_a_day_are_as_many_as_its_history_says(
    kg: KnowledgeGraph, day: str, states: int, organizations: int
) -> None:
    for kind, count in (("State", states), ("Organization", organizations)):
        observers = kg.as_of(day).query(
            sparql=f"SELECT ?o {{ ?o cica:observerOf organization:cica ; a cica:{kind} }}"
        )
        assert len(observers) == count


@pytest.mark.parametrize(
    ("day", "chair"),
    [
        ("2000-01-01", None),
        ("2002-06-03", None),
        ("2002-06-04", "kazakhstan"),
        ("2008-12-31", "kazakhstan"),
        ("2010-06-08", "turkey"),
        ("2012-06-15", "turkey"),
        ("2014-05-20", "turkey"),
        ("2014-05-21", "china"),
        ("2016-12-31", "china"),
        ("2019-12-31", "tajikistan"),
        ("2022-12-31", "kazakhstan"),
        ("2025-12-31", "azerbaijan"),
    ],
)
def test_the_chair_of_cica_on_a_day_is_the_one_its_history_names(
    kg: KnowledgeGraph, day: str, chair: str | None
) -> None:
    answer = kg.as_of(day).query(sparql="SELECT ?s { ?s cica:chairs|cica:possiblyChairs organization:cica }")
    assert [row[0].value for row in answer] == ([PREFIXES["state"] + chair] if chair else [])


def test_whoever_moves_up_is_observer_to_the_day_before_and_member_from_the_day(kg: KnowledgeGraph) -> None:
    moved = kg.query("observer-to-member").to_dicts()
    assert len(moved) >= 6
    for row in moved:
        joined = date.fromisoformat(row["member_from"])
        for day, view in ((joined - timedelta(days=1), "observerOf"), (joined, "memberOf")):
            answer = kg.as_of(day).query(
                sparql=f"""SELECT ?view {{
                    <{row["state"]}> ?view organization:cica . FILTER(?view != cica:affiliatedWith) }}"""
            )
            assert [found[0].value for found in answer] == [TERMS_NAMESPACE + view]


def test_the_day_after_the_graph_was_kept_everything_without_an_end_is_only_possible(
    kg: KnowledgeGraph,
) -> None:
    beyond = kg.as_of(kg.known_until + timedelta(days=1))
    assert beyond.query(sparql="ASK { ?s cica:memberOf|cica:observerOf|cica:chairs ?o }") is False
    possible = beyond.query(sparql="SELECT ?s { ?s cica:possiblyMemberOf organization:cica }")
    assert len(possible) == 28
    on_the_day = kg.as_of(kg.known_until).query(sparql="SELECT ?s { ?s cica:memberOf organization:cica }")
    assert set(possible.rows) == set(on_the_day.rows)
