"""Questions that join the graph with Wikidata, asked over a socket of a world that we made."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode

import cica_kg
from cica_kg import KnowledgeGraph, UsageError
from cica_kg.files import query_folder
from cica_kg.queries.catalog import Question, questions
from cica_kg.vocabulary import PREFIXES, XSD
from cica_kg.wikidata.joined import join
from cica_kg.wikidata.links import item_of
from tests.conftest import Run
from tests.wikidata.world import Snak, Time, World

JOINED = {question.name: question for question in questions(query_folder()) if question.links_of}
STATE = PREFIXES["state"]


def number(text: str) -> Literal:
    return Literal(text, datatype=NamedNode(XSD + "decimal"))


@pytest.fixture
def world() -> World:
    world = World()
    world.properties |= {"P35": ("head of state", "WikibaseItem"), "P90000009": ("population", "Quantity")}
    for head, labels in {
        "Q9000000011": {"en": "Old Head"},
        "Q9000000012": {"en": "New Head", "ar": "الرئيس الجديد"},
        "Q9000000013": {"mul": "Shared Name", "ru": "Другое имя"},
    }.items():
        world.item(head, labels)
    # Kazakhstan: an ended head and the one of today. Mongolia: a name for all languages. China: unknown.
    world.state("Q232", "P35", "Q9000000011", qualifiers={"P582": [Time("2019-03-20", 11)]})
    world.state("Q232", "P35", "Q9000000012", qualifiers={"P580": [Time("2019-03-20", 11)]})
    world.state("Q711", "P35", "Q9000000013")
    world.state("Q148", "P35", Snak.UNKNOWN)
    # Japan is no member.
    world.state("Q17", "P35", "Q9000000011")
    world.state("Q232", "P90000009", number("15000000"), qualifiers={"P585": [Time("1999-01-01", 9)]})
    world.state(
        "Q232",
        "P90000009",
        number("20000000"),
        rank="Preferred",
        qualifiers={"P585": [Time("2024-01-01", 9)]},
    )
    world.state("Q711", "P90000009", Snak.NO_VALUE)
    for organization, name in {"Q7779": "CIS", "Q9000000021": "Club", "Q9000000022": "Gone"}.items():
        world.item(organization, {"en": name})
    world.state("Q9000000022", "P576", Time("1977-06-30", 11))
    for member in ("Q232", "Q863", "Q265"):
        world.state(member, "P463", "Q7779")
        world.state(member, "P463", "Q9000000022")
    world.state("Q232", "P463", "Q9000000021")
    world.state("Q863", "P463", "Q9000000021", rank="Deprecated")
    world.state("Q265", "P463", "Q9000000021", qualifiers={"P582": [Time("2005-01-01", 9)]})
    return world


def answers(cica: Run, name: str, url: str, *options: str) -> list[dict[str, str]]:
    done = cica("query", name, "--endpoint", url, "--format", "csv", *options)
    assert done.returncode == 0, done.stderr
    return list(csv.DictReader(io.StringIO(done.stdout, newline="")))


def test_there_are_such_questions() -> None:
    assert {"wikidata-heads-of-state", "wikidata-populations", "wikidata-other-memberships"} <= set(JOINED)
    assert {question.links_of for question in JOINED.values()} <= {q.name for q in questions(query_folder())}


@pytest.mark.parametrize("mode", ["plain", "wdqs", "qlever"])
def test_a_head_of_state_stands_beside_our_member(
    cica: Run, serving: Callable[..., str], world: World, mode: str
) -> None:
    found = answers(cica, "wikidata-heads-of-state", serving(world, mode))
    assert [(row["member"].removeprefix(STATE), row["name"], row["since"]) for row in found] == [
        ("kazakhstan", "New Head", "2019-03-20T00:00:00Z"),
        ("mongolia", "Shared Name", ""),
    ]
    assert found[0]["item"].endswith("/Q232")


def test_a_name_comes_in_the_language_asked_for(cica: Run, serving: Callable[..., str], world: World) -> None:
    url = serving(world)
    found = answers(cica, "wikidata-heads-of-state", url, "--language", "ar")
    assert [row["name"] for row in found] == ["الرئيس الجديد", "Shared Name"]
    assert [row["name"] for row in answers(cica, "wikidata-heads-of-state", url, "--language", "ru")] == [
        "New Head",
        "Другое имя",
    ]


@pytest.mark.parametrize("mode", ["plain", "wdqs", "qlever"])
def test_the_best_population_comes_with_its_date(
    cica: Run, serving: Callable[..., str], world: World, mode: str
) -> None:
    (row,) = answers(cica, "wikidata-populations", serving(world, mode))
    assert row["member"] == STATE + "kazakhstan"
    assert (row["population"], row["counted"]) == ("20000000", "2024-01-01T00:00:00Z")


@pytest.mark.parametrize("mode", ["plain", "wdqs", "qlever"])
def test_what_has_ended_is_deprecated_or_is_gone_is_not_shared(
    cica: Run, serving: Callable[..., str], world: World, mode: str
) -> None:
    url = serving(world, mode)
    assert [(row["name"], row["members"]) for row in answers(cica, "wikidata-other-memberships", url)] == [
        ("CIS", "3")
    ]
    found = answers(cica, "wikidata-other-memberships", url, "--least", "1")
    assert [(row["name"], row["members"]) for row in found] == [("CIS", "3"), ("Club", "1")]


def test_the_members_are_those_of_the_day(cica: Run, serving: Callable[..., str], world: World) -> None:
    seen: list[str] = []
    url = serving(world, seen=seen)
    assert len(answers(cica, "wikidata-heads-of-state", url, "--at", "2000-01-01")) == 1
    assert "/Q232>" in seen[0]
    assert "/Q711>" not in seen[0]


def test_our_things_are_shown_by_our_labels_and_the_rest_is_told(
    cica: Run, serving: Callable[..., str], world: World
) -> None:
    done = cica("query", "wikidata-heads-of-state", "--endpoint", serving(world), "--lang", "ar")
    assert "منغوليا" in done.stdout
    assert "wd:Q711" in done.stdout
    assert f"with 28 links as of {cica_kg.load().known_until}" in done.stderr


def test_without_an_endpoint_the_question_says_what_to_give(cica: Run, kg: KnowledgeGraph) -> None:
    done = cica("query", "wikidata-populations")
    assert done.returncode == 2
    assert "--endpoint wikidata" in done.stderr
    assert "--endpoint URL" in done.stderr
    with pytest.raises(UsageError, match="is a question for Wikidata"):
        kg.query("wikidata-populations")


def test_a_thing_without_a_link_is_left_out_and_named(
    cica: Run, serving: Callable[..., str], tmp_path: Path
) -> None:
    folder = tmp_path / "queries"
    folder.mkdir()
    text = JOINED["wikidata-heads-of-state"].text.replace("# links of members", "# links of observers")
    (folder / "own.rq").write_text(text, encoding="utf-8")
    done = cica("query", "own", "--queries", folder, "--endpoint", serving(World()))
    assert done.returncode == 0, done.stderr
    assert "not linked to Wikidata and left out: organization:turkpa" in done.stderr


@pytest.mark.parametrize("question", JOINED.values(), ids=JOINED)
def test_every_link_stands_in_the_query_and_nothing_else_changes(
    question: Question, kg: KnowledgeGraph
) -> None:
    joined = join(kg, question, {})
    members = [row["member"] for row in kg.query("members").to_dicts()]
    assert joined.linked == len(members) == 28
    assert joined.unlinked == []
    for member in members:
        assert f"(<{member}> <{PREFIXES['wd']}{item_of(kg.store, member)}>)" in joined.query
    before, after = question.text.splitlines(), joined.query.splitlines()
    assert [line for line in before if line not in after] == [
        line for line in before if line.rstrip().endswith("# links of members")
    ]


def test_nothing_linked_is_nothing_to_ask(kg: KnowledgeGraph) -> None:
    text = JOINED["wikidata-populations"].text.replace("# links of members", "# links of secretariat-heads")
    with pytest.raises(UsageError, match="nothing that “secretariat-heads” gives"):
        join(kg, Question("own", text), {})
