"""Statements are read whole, from real data too; dates go both ways between our form and Wikidata's."""

from __future__ import annotations

import csv
import hashlib
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from cica_kg.dates import Bounds, bounds
from cica_kg.wikidata.asking import query_text
from cica_kg.wikidata.compare import compare_facts
from cica_kg.wikidata.ours import Fact
from cica_kg.wikidata.statements import Statement, read_statements
from cica_kg.wikidata.times import GREGORIAN, JULIAN, NONE, UNKNOWN, Moment, for_wikidata, moment, relate
from cica_kg.wikidata.verdicts import judge
from tests.wikidata.local import Local
from tests.wikidata.shape import ENTITY, PROP, Snak, Time, Value, entity
from tests.wikidata.world import World, munged

REAL = Path(__file__).parent / "real"
WORLD_BANK = "Q7164"


@pytest.fixture(scope="module")
def real() -> list[Triple]:
    """What Wikidata served of the World Bank in 2021, cut down to some properties."""
    content = (REAL / "Q7164.r1444640886.nt").read_bytes()
    return [quad.triple for quad in parse(content, RdfFormat.N_TRIPLES)]


def day(text: str) -> Moment:
    return Moment(text, bounds(text))


def test_real_files_are_as_their_manifest_says() -> None:
    with (REAL / "MANIFEST.tsv").open(newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    assert {row["file"] for row in rows} == {path.name for path in REAL.glob("*.nt")}
    for row in rows:
        content = (REAL / row["file"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == row["sha256"]
        assert row["licence"] == "CC0-1.0"
        assert b"creativecommons.org/publicdomain/zero/1.0/" in content
        assert f"{ENTITY}{row['item']}".encode() in content


def test_real_statements_are_read_with_rank_qualifiers_and_references(real: list[Triple]) -> None:
    chairs = [each for each in read_statements(real) if each.property_id == "P488"]
    told = {each.value: (each.rank, each.starts, each.ends, each.sourced) for each in chairs}
    assert told == {
        "Q313297": ("normal", (day("2012-07-01"),), (day("2019-02-01"),), 0),
        "Q265277": ("normal", (day("2019-02-20"),), (day("2019-04-09"),), 0),
        "Q5237086": ("preferred", (day("2019-04-09"),), (), 1),
    }
    (founded,) = [each for each in read_statements(real) if each.property_id == "P571"]
    assert founded.time == day("1945-12-27")


def test_real_data_are_compared_as_synthetic_ones_are(real: list[Triple]) -> None:
    def fact(relation: str, value: str, start: str, end: str = "") -> Fact:
        thing = f"x:{value}" if value else ""
        return Fact(f"x:{relation}{value}", relation, "x:bank", thing, WORLD_BANK, value, start, end, (), ())

    facts = [fact("inception", "", "1945"), fact("seat", "Q61", "1945-12-27")]
    for triples in (real, munged(real)):
        rows = compare_facts(facts, Local([*triples, *_there("Q61", "Q7164")])).rows
        verdicts = {row.relation: (row.judgement.verdict, *row.judgement.notes) for row in rows}
        assert verdicts["inception"] == ("COARSER", "UNREFERENCED_THERE")
        # The bank's seat is stated as the building, not the city.
        assert verdicts["seat"] == ("DIFFERENT_VALUE", "UNREFERENCED_THERE")


def _there(*items: str) -> list[Triple]:
    """A triple about each item, so that it is there."""
    return [
        t for item in items for t in World().item(item, {"en": item}).triples() if t.subject == entity(item)
    ]


def test_the_invariants_of_the_synthetic_shape_hold_for_real_data(real: list[Triple]) -> None:
    subjects = {t.subject for t in real}
    for triple in real:
        name = triple.predicate.value
        if name.startswith(PROP) and "/statement/" in str(getattr(triple.object, "value", "")):
            assert triple.object in subjects
            number = name.removeprefix(PROP)
            values = [
                t
                for t in real
                if t.subject == triple.object and t.predicate.value == f"{PROP}statement/{number}"
            ]
            assert len(values) == 1
        if name.endswith("wasDerivedFrom") or "/value/P5" in name:
            assert triple.object in subjects


def test_statements_with_many_values_stay_one_statement_each() -> None:
    world = World().item("Q1", {"en": "One"})
    world.state(
        "Q1",
        "P463",
        "Q2",
        qualifiers={
            "P580": [Time("2000-01-01"), Time("2001-01-01")],
            "P582": [Time("2002-01-01"), Snak.UNKNOWN],
        },
        references=[{"P854": ["https://a.example"]}, {"P854": ["https://b.example"]}, {"P143": ["Q328"]}],
    )
    world.state("Q1", "P463", "Q2")
    answers = Local(world.triples())
    triples = answers.construct(
        query_text("statements_on", item=[entity("Q1")], claim=[NamedNode(PROP + "P463")])
    )
    first, second = read_statements(triples)
    assert [each.text for each in first.starts] == ["2000-01-01", "2001-01-01"]
    assert [each.text for each in first.ends] == ["2002-01-01", "unknown"]
    assert (first.references, first.sourced) == (3, 2)
    assert (second.starts, second.references) == ((), 0)


@pytest.mark.parametrize(
    ("reference", "names_a_source"),
    [
        ({"P854": ["https://www.s-cica.org/"]}, True),
        ({"P248": ["Q571"], "P813": [Time("2020-01-01")]}, True),
        ({"P214": [Literal("123")]}, True),
        ({"P854": ["https://w3id.org/cica-kg-other"]}, True),
        ({"P854": ["https://w3id.org/cica-kg"]}, False),
        ({"P854": ["https://w3id.org/cica-kg/id/state/japan"]}, False),
        ({"P854": ["https://en.wikipedia.org/wiki/CICA"]}, False),
        ({"P854": ["https://web.archive.org/web/2020/https://en.wikipedia.org/wiki/CICA"]}, False),
        ({"P143": ["Q328"], "P4656": ["https://en.wikipedia.org/w/index.php?title=CICA"]}, False),
        ({"P248": ["Q328"]}, False),
        ({"P248": [Snak.UNKNOWN]}, False),
        ({"P813": [Time("2020-01-01")]}, False),
        ({"P1476": [Literal("CICA", language="en")], "P407": ["Q1860"]}, False),
    ],
)
@pytest.mark.parametrize("skolem", [False, True])
def test_a_reference_names_a_source_that_is_neither_a_wiki_nor_ours(
    reference: dict[str, list[Value]], names_a_source: bool, skolem: bool
) -> None:
    world = World().item("Q1", {"en": "One"})
    world.state("Q1", "P463", "Q2", references=[reference], guid="asked")
    world.state("Q1", "P463", "Q3", references=[{"P143": ["Q328"]}], guid="imported")
    asked, imported = read_statements(munged(world.triples(), skolem=skolem))
    assert (asked.references, asked.sourced) == (1, names_a_source)
    assert imported.sourced == 0


def test_a_time_without_a_value_node_tells_no_day() -> None:
    world = World().item("Q1", {"en": "One"})
    world.state("Q1", "P463", "Q2", qualifiers={"P580": [Time("2000-01-01")]})
    cut = [t for t in world.triples() if "qualifier/value/" not in t.predicate.value]
    (statement,) = read_statements(cut)
    assert [each.span for each in statement.starts] == [None]


def test_broken_data_are_read_as_what_tells_nothing() -> None:
    world = World().item("Q1", {"en": "One"})
    world.state("Q1", "P463", "Q2", qualifiers={"P580": [Time("2000-01-01")]})
    good = world.triples()
    (node,) = {t.object for t in good if "/statement/SYNTH-" in str(getattr(t.object, "value", ""))}
    stray = Triple(entity("Q1"), NamedNode("http://schema.org/about"), node)
    for precision in ("about a day", "-1", "9" * 5000):
        odd = [
            Triple(t.subject, t.predicate, Literal(precision)) if "timePrecision" in t.predicate.value else t
            for t in good
        ]
        (statement,) = read_statements([*odd, stray])
        assert statement.property_id == "P463"
        assert [each.span for each in statement.starts] == [None]


def test_what_json_has_of_a_statement_leaves_out_what_is_not_there() -> None:
    statement = Statement("x:1", "Q1", "P463", "Q2", None, "", "normal", (day("1999"),), (), (), 0, 0)
    assert statement.told() == {
        "iri": "x:1",
        "item": "Q1",
        "property_id": "P463",
        "value": "Q2",
        "rank": "normal",
        "starts": ["1999"],
        "references": 0,
        "sourced": 0,
    }


# Dates.

days = st.dates(date(1000, 1, 1), date(9999, 12, 31))


@given(st.dates(date(1000, 1, 1), date(9000, 12, 31)), st.sampled_from([6, 7, 8, 9, 10, 11, 14]))
def test_a_time_of_theirs_holds_its_own_day(when: date, precision: int) -> None:
    found = moment(f"{when.isoformat()}T00:00:00Z", precision, GREGORIAN)
    assert found.span is not None
    assert found.span.earliest <= when <= found.span.latest
    years = {6: 1000, 7: 100, 8: 10, 9: 1}.get(precision)
    if years:
        assert found.span.latest.year - found.span.earliest.year == years - 1


@given(st.dates(date(1582, 10, 15), date(2099, 12, 31)), st.integers(-13, 13))
def test_a_day_of_the_old_calendar_is_within_13_days(when: date, apart: int) -> None:
    found = moment(f"{when.isoformat()}T00:00:00Z", 11, JULIAN)
    assert found.text == f"{when.isoformat()} (Julian)"
    assert found.span is not None
    assert found.span.earliest <= when + timedelta(days=apart) <= found.span.latest


def verdict(theirs: Moment) -> str:
    """What is said of a membership of ours since 1999-09-14 against one there since `theirs`."""
    fact = Fact("x:1", "membership", "x:2", "x:3", "Q1", "Q2", "1999-09-14", "", (), ())
    statement = Statement("x:4", "Q1", "P463", "Q2", None, "", "normal", (theirs,), (), (), 1, 1)
    return judge(fact, statement, date(2026, 11, 20)).verdict


@pytest.mark.parametrize(
    ("value", "precision", "calendar"),
    [
        ("1999-09-14T00:00:00Z", None, GREGORIAN),
        ("1999-09-14T00:00:00Z", 11, "Q12138"),
        ("1999-02-30T00:00:00Z", 11, GREGORIAN),
        ("t123", 11, GREGORIAN),
        ("9" * 5000 + "-01-01T00:00:00Z", 9, GREGORIAN),
    ],
)
def test_a_time_that_tells_no_day_has_no_span_and_contradicts_nothing(
    value: str, precision: int | None, calendar: str
) -> None:
    found = moment(value, precision, calendar)
    assert (found.span, verdict(found)) == (None, "FINER")


@pytest.mark.parametrize(
    ("value", "precision", "calendar", "first", "last", "expected"),
    [
        ("2000-01-01T00:00:00Z", 7, GREGORIAN, "1901-01-01", "2000-12-31", "FINER"),
        ("1901-01-01T00:00:00Z", 7, GREGORIAN, "1901-01-01", "2000-12-31", "FINER"),
        ("1900-01-01T00:00:00Z", 7, GREGORIAN, "1801-01-01", "1900-12-31", "DIFFERENT_QUALIFIER"),
        ("2000-01-01T00:00:00Z", 6, GREGORIAN, "1001-01-01", "2000-12-31", "FINER"),
        ("2001-01-01T00:00:00Z", 6, GREGORIAN, "2001-01-01", "3000-12-31", "DIFFERENT_QUALIFIER"),
        ("10000-01-01T00:00:00Z", 6, GREGORIAN, "9001-01-01", "9999-12-31", "DIFFERENT_QUALIFIER"),
        ("0005-01-01T00:00:00Z", 8, GREGORIAN, "0001-01-01", "0009-12-31", "DIFFERENT_QUALIFIER"),
        ("-5000-01-01T00:00:00Z", 5, GREGORIAN, "0001-01-01", "5000-12-31", "FINER"),
        ("-13798000000-01-01T00:00:00Z", 3, GREGORIAN, "0001-01-01", "0001-01-01", "DIFFERENT_QUALIFIER"),
        ("1999-09-01T00:00:00Z", 11, JULIAN, "1999-08-19", "1999-09-14", "FINER"),
        ("1999-08-31T00:00:00Z", 11, JULIAN, "1999-08-18", "1999-09-13", "DIFFERENT_QUALIFIER"),
        ("1999-08-01T00:00:00Z", 10, JULIAN, "1999-07-19", "1999-09-13", "DIFFERENT_QUALIFIER"),
        ("1650-01-01T00:00:00Z", 9, JULIAN, "1649-12-19", "1651-01-13", "DIFFERENT_QUALIFIER"),
        ("0001-01-01T00:00:00Z", 9, JULIAN, "0001-01-01", "0002-01-13", "DIFFERENT_QUALIFIER"),
        ("-0044-03-15T00:00:00Z", 11, JULIAN, "0001-01-01", "0001-01-01", "DIFFERENT_QUALIFIER"),
        ("0000-01-01T00:00:00Z", 9, GREGORIAN, "0001-01-01", "0001-01-01", "DIFFERENT_QUALIFIER"),
        ("12000-01-01T00:00:00Z", 9, GREGORIAN, "9999-12-31", "9999-12-31", "DIFFERENT_QUALIFIER"),
    ],
)
def test_a_time_that_cannot_be_ours_contradicts_it_however_coarse_or_far_away(
    value: str, precision: int, calendar: str, first: str, last: str, expected: str
) -> None:
    found = moment(value, precision, calendar)
    assert found.span == Bounds(date.fromisoformat(first), date.fromisoformat(last))
    assert verdict(found) == expected


def test_a_start_that_is_said_to_be_none_contradicts_ours_and_an_unknown_one_does_not() -> None:
    assert verdict(NONE) == "DIFFERENT_QUALIFIER"
    assert verdict(UNKNOWN) == "FINER"


texts = st.one_of(
    days.map(lambda d: d.isoformat()),
    days.map(lambda d: d.isoformat()[:7]),
    days.map(lambda d: d.isoformat()[:4]),
    st.tuples(days, st.integers(1, 900)).map(
        lambda pair: (
            f"[{pair[0]}..{min(pair[0].toordinal() + pair[1], date.max.toordinal()) and _later(*pair)}]"
        )
    ),
)


def _later(first: date, count: int) -> date:
    return first + timedelta(days=min(count, (date.max - first).days))


@given(texts)
def test_what_goes_to_wikidata_is_never_finer_than_the_source_and_comes_back(edtf: str) -> None:
    own = bounds(edtf)
    held = for_wikidata(edtf)
    if held is None:
        assert own.earliest.year != own.latest.year
        return
    value, precision = held
    back = moment(value, precision, GREGORIAN).span
    assert back is not None
    assert back.earliest <= own.earliest
    assert own.latest <= back.latest
    if not edtf.startswith("["):
        assert back == own
    assert relate(own, back) in ("same", "finer")


spans = st.tuples(days, days).map(lambda pair: Bounds(min(pair), max(pair)))


@given(spans, spans)
def test_two_dates_contradict_only_if_no_day_fits_both(ours: Bounds, theirs: Bounds) -> None:
    meet = max(ours.earliest, theirs.earliest) <= min(ours.latest, theirs.latest)
    assert (relate(ours, theirs) == "different") == (not meet)
    assert (relate(ours, theirs) == "same") == (ours == theirs)
