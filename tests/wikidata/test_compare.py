"""Our facts against statements in Wikidata's shape: one verdict each."""

from __future__ import annotations

import copy
import json
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Triple

import cica_kg
from cica_kg.text import harmless
from cica_kg.wikidata import compare_forms
from cica_kg.wikidata.compare import Comparison, Row, compare, compare_facts
from cica_kg.wikidata.ours import CICA_THING, Fact
from cica_kg.wikidata.verdicts import VERDICTS
from tests.wikidata.hostile.cases import CASES, KAZAKHSTAN, NORTH_KOREA, SOURCE, Case
from tests.wikidata.local import Local
from tests.wikidata.mirror import mirror
from tests.wikidata.server import serve
from tests.wikidata.shape import Snak, Time
from tests.wikidata.world import CICA_ITEM, OBSERVER, SECRETARY_GENERAL, World, munged

SHAPES = {
    "full": lambda triples: triples,
    "munged": munged,
    "skolem": lambda triples: munged(triples, skolem=True),
}


@pytest.fixture(scope="module")
def base(kg: cica_kg.KnowledgeGraph) -> World:
    """A world that says what the graph says."""
    return mirror(kg.store)


def changed(base: World, case: Case) -> World:
    """The base, with what the case's item says of CICA replaced by the defect."""
    world = copy.deepcopy(base)
    world.statements = [
        s for s in world.statements if s.item != case.item or s.property not in ("P463", OBSERVER)
    ]
    case.change(world)
    return world


def verdict(row: Row) -> str:
    return "; ".join((row.judgement.verdict, *row.judgement.notes))


def brief(found: Comparison) -> list[tuple[str, str, str]]:
    """Each row by what of ours it is about, with its verdict."""
    return [(row.relation, row.fact.iri if row.fact else "", verdict(row)) for row in found.rows]


def of_item(found: Comparison, item: str) -> list[Row]:
    """The rows of an item, whichever number it has now."""
    numbers = {item, found.moved.get(item, item)}
    return [row for row in found.rows if row.subject in numbers and row.judgement.verdict != "NOT_ASKED"]


def others(found: Comparison, item: str) -> Counter[tuple[object, ...]]:
    rows = [row for row in found.rows if row not in of_item(found, item)]
    return Counter((row.relation, row.subject, row.value, verdict(row)) for row in rows)


def test_a_world_that_says_what_the_graph_says_contradicts_nothing(
    kg: cica_kg.KnowledgeGraph, base: World
) -> None:
    found = compare(kg.store, Local(base.triples()), CICA_ITEM)
    by_relation = {
        name: {verdict(row) for row in found.rows if row.relation == name and row.statement}
        for name in ("membership", "observership")
    }
    assert by_relation == {"membership": {"SAME", "COARSER"}, "observership": {"SAME", "COARSER"}}
    assert found.contradictions == 0
    states = len(kg.query("members", organization="organization:cica"))  # type: ignore[arg-type]
    assert sum(row.relation == "membership" for row in found.rows) == states == 28


@pytest.fixture(scope="module", params=SHAPES)
def shape(request: pytest.FixtureRequest) -> str:
    """How the graph is served."""
    return str(request.param)


@pytest.fixture(scope="module")
def agreed(shape: str, kg: cica_kg.KnowledgeGraph, base: World) -> Comparison:
    """The comparison with the base."""
    return compare(kg.store, Local(SHAPES[shape](base.triples())), CICA_ITEM)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_defect_has_its_verdict_and_touches_no_other_row(
    case: Case, shape: str, agreed: Comparison, kg: cica_kg.KnowledgeGraph, base: World
) -> None:
    found = compare(kg.store, Local(SHAPES[shape](changed(base, case).triples())), CICA_ITEM)
    rows = of_item(found, case.item)
    assert tuple(sorted(map(verdict, rows))) == case.verdicts
    assert any(row.contradicts for row in rows) == case.contradicts
    assert others(found, case.item) == others(agreed, case.item)


def test_every_verdict_is_met_by_a_test(kg: cica_kg.KnowledgeGraph) -> None:
    met = {each for case in CASES for text in case.verdicts for each in text.split("; ")}
    # These four have tests of their own below.
    assert met == set(VERDICTS) - {"NOT_ASKED", "DIFFERENT_VALUE", "ONGOING_THERE", "COARSER"}


#: What may become of a qualifier; each says something else than the base.
MUTATIONS = {
    "start moved": lambda s: s.qualifiers.update(P580=[Time("1950-05-05")]),
    "start gone": lambda s: s.qualifiers.pop("P580"),
    "start unknown": lambda s: s.qualifiers.update(P580=[Snak.UNKNOWN]),
    "end moved or added": lambda s: s.qualifiers.update(P582=[Time("1951-05-05")]),
    "role added": lambda s: s.qualifiers.update(P3831=["Q9000000777"]),
}


@settings(max_examples=20)
@given(data=st.data())
def test_a_change_in_one_qualifier_changes_exactly_one_verdict(
    data: st.DataObject, shape: str, agreed: Comparison, kg: cica_kg.KnowledgeGraph, base: World
) -> None:
    world = copy.deepcopy(base)
    statement = data.draw(st.sampled_from([s for s in world.statements if "P580" in s.qualifiers]))
    MUTATIONS[data.draw(st.sampled_from(sorted(MUTATIONS)))](statement)
    after = brief(compare(kg.store, Local(SHAPES[shape](world.triples())), CICA_ITEM))
    before = brief(agreed)
    assert len(before) == len(after)
    (different,) = [pair for pair in zip(before, after, strict=True) if pair[0] != pair[1]]
    assert different[0][:2] == different[1][:2]


def test_when_cica_itself_was_merged_its_statements_are_found_under_both_numbers(
    kg: cica_kg.KnowledgeGraph, base: World
) -> None:
    world = copy.deepcopy(base)
    moved = "Q9000000002"
    # Some statements still have the old number as their value, some the new one.
    for place, statement in enumerate(world.statements):
        if statement.value == CICA_ITEM and place % 2:
            statement.value = moved
    world.item(moved, {"en": "CICA"}).redirect(CICA_ITEM, moved)
    found = compare(kg.store, Local(world.triples()), CICA_ITEM)
    rows = [row for row in found.rows if row.relation in ("membership", "observership") and row.statement]
    assert {row.judgement.verdict for row in rows} == {"REDIRECTED"}
    assert {note for row in rows for note in row.judgement.notes} == {"COARSER"}
    assert found.contradictions == 0


def test_merges_that_run_in_a_ring_come_to_an_end(kg: cica_kg.KnowledgeGraph, base: World) -> None:
    world = copy.deepcopy(base)
    world.redirect(KAZAKHSTAN, "Q9000000232").redirect("Q9000000232", KAZAKHSTAN)
    found = compare(kg.store, Local(world.triples()), CICA_ITEM)
    assert {verdict(row) for row in found.rows if row.fact and "kazakhstan" in row.fact.iri} == {
        "MISSING_THERE; REDIRECTED"
    }


def _fact(relation: str, value: str, start: str, end: str = "", subject: str = CICA_ITEM) -> Fact:
    cica = "https://w3id.org/cica-kg/id/organization/cica"
    iri = f"https://w3id.org/cica-kg/id/tenure/{relation}-{value}"
    thing = f"https://w3id.org/cica-kg/id/place/{value}" if value else ""
    return Fact(iri, relation, cica, thing, subject, value, start, end, (), ())


@pytest.mark.parametrize(
    ("ours", "theirs", "expected"),
    [
        ("1999-09-14", Time("1999-09-14"), "SAME"),
        ("1999", Time("1999-09-14"), "COARSER"),
        ("1999-09-14", Time("1999-01-01", 9), "FINER"),
        ("1999-09-14", Time("1992-10-05"), "DIFFERENT_VALUE"),
        ("[1992-10-05..1999-09-14]", Time("1993-01-01", 9), "COARSER"),
        ("[1992-10-05..1999-09-14]", Time("2002-01-01", 9), "DIFFERENT_VALUE"),
        ("1999-09-14", Time("-0500-01-01", 9), "DIFFERENT_VALUE"),
        ("1999-09-14", Time("12000-01-01", 9), "DIFFERENT_VALUE"),
        ("1999-09-14", Time("1801-01-01", 7), "DIFFERENT_VALUE"),
        ("1999", Snak.UNKNOWN, "UNKNOWN_VALUE"),
        ("1999", Snak.NO_VALUE, "NOVALUE"),
    ],
)
def test_a_date_as_a_value_is_compared_down_to_the_coarser_one(
    ours: str, theirs: Time | Snak, expected: str
) -> None:
    world = World().item(CICA_ITEM, {"en": "CICA"})
    world.state(CICA_ITEM, "P571", theirs, references=[SOURCE])
    found = compare_facts([_fact("inception", "", ours)], Local(world.triples()))
    assert [verdict(row) for row in found.rows] == [expected]


@pytest.mark.parametrize(
    ("theirs", "expected"),
    [
        (Time("1999-09-14"), ["DEPRECATED_THERE"]),
        (Time("1999-01-01", 9), ["DEPRECATED_THERE; FINER"]),
        (Time("1992-10-05"), ["DEPRECATED_THERE", "MISSING_THERE"]),
        (Snak.NO_VALUE, ["MISSING_THERE", "NOVALUE; DEPRECATED_THERE"]),
        (Snak.UNKNOWN, ["DEPRECATED_THERE; UNKNOWN_VALUE", "MISSING_THERE"]),
    ],
)
def test_a_founding_that_they_hold_wrong_is_held_against_the_same_one_of_ours_alone(
    theirs: Time | Snak, expected: list[str]
) -> None:
    world = World().item(CICA_ITEM, {"en": "CICA"})
    world.state(CICA_ITEM, "P571", theirs, rank="Deprecated", references=[SOURCE])
    found = compare_facts([_fact("inception", "", "1999-09-14")], Local(world.triples()))
    assert sorted(verdict(row) for row in found.rows) == expected
    assert found.contradictions == (len(expected) == 1)


def _periods(*qualifiers: dict[str, list[Time]]) -> list[str]:
    """What is said of two memberships of ours, one ended, against statements with these qualifiers."""
    world = World().item(CICA_ITEM, {"en": "CICA"}).item("Q1", {"en": "One"})
    for each in qualifiers:
        world.state("Q1", "P463", CICA_ITEM, qualifiers=each, references=[SOURCE])
    facts = [
        Fact(f"x:{start}", "membership", "x:one", CICA_THING, "Q1", CICA_ITEM, start, end, (), ())
        for start, end in (("1992", "1995"), ("1999-09-14", ""))
    ]
    found = compare_facts(facts, Local(world.triples()))
    return [f"{row.fact.start if row.fact else 'none'} {verdict(row)}" for row in found.rows]


def test_a_second_statement_of_a_membership_is_none_that_we_lack() -> None:
    first = {"P580": [Time("1992-01-01", 9)], "P582": [Time("1995-01-01", 9)]}
    second = {"P580": [Time("1999-09-14")]}
    other = {"P580": [Time("2010-01-01", 9)]}
    assert _periods(first, second) == ["1992 SAME", "1999-09-14 SAME"]
    assert _periods(first, second, second) == ["1992 SAME", "1999-09-14 SAME", "1999-09-14 SAME"]
    assert _periods(first, second, {}) == ["1992 SAME", "1999-09-14 SAME", "1999-09-14 FINER"]
    assert _periods(first, second, other) == ["1992 SAME", "1999-09-14 SAME", "none MISSING_HERE"]


def test_a_statement_without_dates_is_held_to_the_membership_that_lasts() -> None:
    second = {"P580": [Time("1999-09-14")]}
    assert _periods({}) == ["1992 MISSING_THERE", "1999-09-14 FINER"]
    assert _periods(second, {}) == ["1992 MISSING_THERE", "1999-09-14 SAME", "1999-09-14 FINER"]


def test_an_end_that_the_second_statement_lacks_does_not_contradict_the_first() -> None:
    first = {"P580": [Time("1992-01-01", 9)], "P582": [Time("1995-01-01", 9)]}
    start = {"P580": [Time("1992-01-01", 9)]}
    assert _periods(start) == ["1992 ONGOING_THERE", "1999-09-14 MISSING_THERE"]
    assert _periods(first, start) == ["1992 SAME", "1992 FINER", "1999-09-14 MISSING_THERE"]


def _seats(*statements: dict[str, object]) -> list[str]:
    """Our two seats (Almaty to 2014-09, then Astana) against theirs."""
    world = (
        World()
        .item(CICA_ITEM, {"en": "CICA"})
        .item("Q35493", {"en": "Almaty"})
        .item("Q1520", {"en": "Astana"})
    )
    for statement in statements:
        world.state(CICA_ITEM, "P159", references=[SOURCE], **statement)  # type: ignore[arg-type]
    facts = [_fact("seat", "Q35493", "2006-06-17", "2014-09"), _fact("seat", "Q1520", "2014-09")]
    return sorted(verdict(row) for row in compare_facts(facts, Local(world.triples())).rows)


def test_a_seat_elsewhere_at_the_same_time_is_a_different_value() -> None:
    start = {"P580": [Time("2014-09-01", 10)]}
    assert _seats({"value": "Q1520", "qualifiers": start}) == ["MISSING_THERE", "SAME"]
    assert _seats({"value": "Q9361", "qualifiers": start}) == ["DIFFERENT_VALUE", "MISSING_THERE"]
    ended = {"P582": [Time("2000-01-01", 9)]}
    assert _seats({"value": "Q9361", "qualifiers": ended}) == [
        "MISSING_HERE",
        "MISSING_THERE",
        "MISSING_THERE",
    ]


def test_a_former_seat_without_an_end_is_held_against_our_end() -> None:
    start = {"P580": [Time("2006-06-17")]}
    assert _seats({"value": "Q35493", "qualifiers": start}) == ["MISSING_THERE", "ONGOING_THERE"]
    both = start | {"P582": [Time("2014-01-01", 9)]}
    assert _seats({"value": "Q35493", "qualifiers": both}) == ["FINER", "MISSING_THERE"]


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (Time("2006-01-01", 9), Time("2014-10-10"), "MISSING_HERE"),
        (None, Time("2014-10-10"), "MISSING_HERE"),
        (None, Time("2014-01-01", 9), "MISSING_HERE"),
        (None, Snak.UNKNOWN, "MISSING_HERE"),
        (Time("2027-01-01", 9), None, "MISSING_HERE"),
        (Time("2006-01-01", 9), Time("2014-10-11"), "DIFFERENT_VALUE"),
        (Time("2006-01-01", 9), Time("2035-01-01", 9), "DIFFERENT_VALUE"),
        (None, Time("2035-01-01", 9), "DIFFERENT_VALUE"),
        (None, Snak.NO_VALUE, "DIFFERENT_VALUE"),
        (Snak.UNKNOWN, None, "DIFFERENT_VALUE"),
        (None, None, "DIFFERENT_VALUE"),
    ],
)
def test_another_head_contradicts_ours_only_if_both_must_be_in_office_on_some_day(
    start: Time | Snak | None, end: Time | Snak | None, expected: str
) -> None:
    world = World().item(CICA_ITEM, {"en": "CICA"}).item("Q1", {"en": "One"}).item("Q2", {"en": "Two"})
    qualifiers = {name: [each] for name, each in (("P580", start), ("P582", end)) if each}
    world.state(CICA_ITEM, SECRETARY_GENERAL, "Q2", qualifiers=qualifiers, references=[SOURCE])
    found = compare_facts([_fact("head", "Q1", "2014-10-10")], Local(world.triples()))
    (row,) = [row for row in found.rows if row.statement]
    assert (verdict(row), found.contradictions) == (expected, expected == "DIFFERENT_VALUE")


def test_a_former_seat_until_the_month_in_which_ours_began_is_not_held_against_it() -> None:
    span = {"P580": [Time("2006-06-17")], "P582": [Time("2014-09-01", 10)]}
    world = World().item(CICA_ITEM, {"en": "CICA"}).item("Q1520", {"en": "Astana"})
    world.state(CICA_ITEM, "P159", "Q35493", qualifiers=span, references=[SOURCE])
    found = compare_facts([_fact("seat", "Q1520", "2014-09")], Local(world.triples()))
    assert sorted(verdict(row) for row in found.rows) == ["MISSING_HERE", "MISSING_THERE"]
    assert found.contradictions == 0


@pytest.mark.parametrize(
    ("end", "expected"),
    [
        (Time("2026-11-19"), "ENDED_THERE"),
        (Time("2025-01-01", 9), "ENDED_THERE"),
        (Time("2026-11-20"), "SAME"),
        (Time("2026-01-01", 9), "SAME"),
        (Time("2035-01-01", 9), "SAME"),
    ],
)
def test_what_is_to_end_after_the_day_of_the_answers_has_not_ended(end: Time, expected: str) -> None:
    world = World().item(CICA_ITEM, {"en": "CICA"}).item("Q1", {"en": "One"})
    qualifiers = {"P580": [Time("2020-09-24")], "P582": [end]}
    world.state(CICA_ITEM, SECRETARY_GENERAL, "Q1", qualifiers=qualifiers, references=[SOURCE])
    answers = Local(world.triples())
    assert answers.day == "2026-11-20"
    (row,) = compare_facts([_fact("head", "Q1", "2020-09-24")], answers).rows
    assert verdict(row) == expected
    assert bool(row.judgement.remarks) == (expected == "SAME")


def test_heads_are_people_under_the_property_of_that_label_and_chairs_are_only_told() -> None:
    world = World().item(CICA_ITEM, {"en": "CICA"}).item("Q1", {"en": "One"}).item("Q2", {"en": "Two"})
    world.state(CICA_ITEM, SECRETARY_GENERAL, "Q1", qualifiers={"P580": [Time("2020-09-24")]})
    world.state(CICA_ITEM, "P488", "Q2")
    found = compare_facts([_fact("head", "Q1", "2020-09-24")], Local(world.triples()))
    assert [(row.relation, verdict(row), row.contradicts) for row in found.rows] == [
        ("head", "SAME; UNREFERENCED_THERE", False),
        ("chair", "MISSING_HERE; UNREFERENCED_THERE", False),
    ]


def test_a_part_may_stand_on_either_item() -> None:
    organ = Fact(
        "x:organ",
        "part",
        "x:organ",
        "https://w3id.org/cica-kg/id/organization/cica",
        "Q1",
        CICA_ITEM,
        "",
        "",
        (),
        (),
    )
    for statements in (("P361",), ("P355",), ("P361", "P355", "P527")):
        world = World().item(CICA_ITEM, {"en": "CICA"}).item("Q1", {"en": "Organ"})
        for name in statements:
            ends = ("Q1", CICA_ITEM) if name == "P361" else (CICA_ITEM, "Q1")
            world.state(ends[0], name, ends[1], references=[SOURCE])
        found = compare_facts([organ], Local(world.triples()))
        assert [(verdict(row), row.subject) for row in found.rows] == [("SAME", "Q1")] * len(statements)


@pytest.mark.parametrize("labels", [(), ("P90000001", "P90000009")])
def test_without_one_property_of_the_label_observers_are_not_asked(
    labels: tuple[str, ...], kg: cica_kg.KnowledgeGraph, base: World
) -> None:
    world = copy.deepcopy(base)
    text, kind = world.properties.pop(OBSERVER)
    world.properties |= dict.fromkeys(labels, (text, kind))
    found = compare(kg.store, Local(world.triples()), CICA_ITEM)
    rows = [row for row in found.rows if row.relation == "observership"]
    assert {row.judgement.verdict for row in rows} == {"NOT_ASKED"}
    linked = [row.judgement.remarks[0] for row in rows if row.fact and not row.fact.unlinked]
    assert linked
    assert all(text in remark and number in remark for remark in linked for number in labels)
    assert {row.judgement.verdict for row in found.rows if row.relation == "membership"} == {
        "SAME",
        "COARSER",
    }


def test_without_cicas_item_nothing_about_it_is_asked(kg: cica_kg.KnowledgeGraph, base: World) -> None:
    answers = Local(base.triples())
    found = compare(kg.store, answers)
    about = [row for row in found.rows if row.relation in ("membership", "observership", "head", "seat")]
    assert {row.judgement.verdict for row in about} == {"NOT_ASKED"}
    assert all("no link: " in row.judgement.remarks[0] for row in about)
    assert not any(CICA_ITEM in query for query in answers.asked)


def test_the_queries_are_few_and_none_asks_for_what_query_services_leave_out(
    kg: cica_kg.KnowledgeGraph, base: World
) -> None:
    answers = Local(base.triples())
    compare(kg.store, answers, CICA_ITEM)
    assert len(answers.asked) < 12
    for query in answers.asked:
        assert "prefLabel" not in query
        assert "wikibase:Statement" not in query


# The forms.


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_text_shows_both_sides_and_our_sources(
    language: str, kg: cica_kg.KnowledgeGraph, base: World
) -> None:
    found = compare(kg.store, Local(base.triples()), CICA_ITEM)
    text = compare_forms.write(found, "text", lambda iri: kg.label(iri, (language,)), language).decode()
    paragraph = next(p for p in text.split("\n\n") if "membership:kazakhstan-cica" in p)
    assert {"en": "Kazakhstan", "ar": "كازاخستان"}[language] in paragraph
    assert "  ours:   1999-09-14 –, membership:kazakhstan-cica\n" in paragraph
    assert "from 1999-09-14; normal, 1 reference, SYNTH-Q232-" in paragraph
    assert "source:cica-secretariat-first-summit" in paragraph


def test_the_json_has_stable_keys_and_every_row(kg: cica_kg.KnowledgeGraph, base: World) -> None:
    found = compare(kg.store, Local(base.triples()), CICA_ITEM)
    told = json.loads(compare_forms.write(found, "json", kg.label))
    assert list(told) == [
        "checked",
        "day",
        "properties",
        "not_asked",
        "counts",
        "contradictions",
        "rows",
    ]
    assert len(told["rows"]) == len(found.rows)
    keys = ["verdict", "notes", "remarks", "contradicts", "relation", "subject", "value", "ours", "theirs"]
    assert {tuple(row) for row in told["rows"]} == {tuple(keys)}
    assert told["properties"]["official observer status in organisation"] == OBSERVER
    again = compare_forms.write(compare(kg.store, Local(base.triples()[::-1]), CICA_ITEM), "json", kg.label)
    assert json.loads(again) == told


def test_text_from_there_is_neither_markup_nor_a_terminal_escape(
    kg: cica_kg.KnowledgeGraph, base: World
) -> None:
    nasty = "\x1b[31m<b>|**x**|</b>\u202e"
    world = copy.deepcopy(base)
    world.item(NORTH_KOREA, {"en": nasty}).state(NORTH_KOREA, "P463", CICA_ITEM)
    found = compare(kg.store, Local(world.triples()), CICA_ITEM)
    text = compare_forms.write(found, "text", kg.label).decode()
    assert harmless(nasty) in text
    assert "\x1b" not in text
    table = compare_forms.write(found, "md", kg.label).decode()
    (line,) = [each for each in table.splitlines() if NORTH_KOREA in each]
    assert "\\<b\\>\\|\\*\\*x" in line
    assert "\x1b" not in line
    rows = [each for each in table.splitlines() if each.startswith("| ")]
    assert len(rows) == 1 + len(found.rows)


def test_a_label_that_only_mul_has_is_shown(kg: cica_kg.KnowledgeGraph, base: World) -> None:
    world = copy.deepcopy(base)
    world.item("Q5", {"mul": "Namenlos"}).state("Q5", "P463", CICA_ITEM)
    found = compare(kg.store, Local(world.triples()), CICA_ITEM)
    assert "Namenlos (Q5)" in compare_forms.write(found, "text", kg.label, "ru").decode()


# The command line, against a real endpoint.


def test_the_command_says_what_it_was_checked_against_and_whether_we_agree(cica, base: World) -> None:  # type: ignore[no-untyped-def]
    with serve(base.triples(), "wdqs") as url:
        done = cica("link", "compare", "--endpoint", url, "--item", CICA_ITEM)
        assert done.returncode == 0
        assert "synthetic data: 46 NOT_ASKED" in done.stderr
        assert done.stdout.count("\nSAME  membership: ") + done.stdout.startswith("SAME") == 26


def test_a_contradiction_gives_exit_code_1(cica, base: World) -> None:  # type: ignore[no-untyped-def]
    world = copy.deepcopy(base)
    world.state(NORTH_KOREA, "P463", CICA_ITEM)
    with serve(world.triples(), "qlever") as url:
        done = cica("link", "compare", "--endpoint", url, "--item", CICA_ITEM, "--format", "json")
    assert done.returncode == 1
    rows = json.loads(done.stdout)["rows"]
    assert [row["subject"] for row in rows if row["contradicts"]] == [NORTH_KOREA]


def test_the_item_is_a_number_of_an_item(cica) -> None:  # type: ignore[no-untyped-def]
    for wrong in ("232", "P463", "Q0", "Q232 } INSERT"):
        done = cica("link", "compare", "--endpoint", "http://127.0.0.1:9/sparql", "--item", wrong)
        assert done.returncode == 2
        assert "is no number of an item" in done.stderr


def test_without_an_endpoint_nothing_is_asked(cica) -> None:  # type: ignore[no-untyped-def]
    done = cica("link", "compare")
    assert done.returncode == 2
    assert "--endpoint" in done.stderr


def test_an_endpoint_that_does_not_answer_is_said_to_be_so(cica) -> None:  # type: ignore[no-untyped-def]
    done = cica("link", "compare", "--endpoint", "http://127.0.0.1:9/sparql", "--item", CICA_ITEM)
    assert (done.returncode, done.stdout) == (3, "")


def test_every_triple_of_a_case_is_made_up(base: World) -> None:
    for case in CASES:
        triples: list[Triple] = changed(base, case).triples()
        assert any(getattr(t.object, "value", "") == "synthetic" for t in triples)
        statements = {
            t.object.value for t in triples if "/entity/statement/" in getattr(t.object, "value", "")
        }
        assert all("/statement/SYNTH-" in iri for iri in statements)
