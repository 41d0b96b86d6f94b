"""The named questions: each is documented, runs, and gives the answer that stands in tests/expected/."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Store

from cica_kg import DataError, KnowledgeGraph, UsageError
from cica_kg.files import query_folder
from cica_kg.queries import engine, guard
from cica_kg.queries.catalog import Question, find_question, questions
from cica_kg.queries.forms import Style, write
from cica_kg.queries.results import rows
from cica_kg.vocabulary import GRAPH, PREFIXES

EVERY = {question.name: question for question in questions(query_folder())}
#: What our graph answers; tests/wikidata has the questions that are asked of Wikidata.
OURS = {name: question for name, question in EVERY.items() if question.links_of is None}
#: Those with triples for an answer, and those with rows.
GRAPHS = {name: question for name, question in OURS.items() if engine.gives_triples(question.text)}
QUESTIONS = {name: question for name, question in OURS.items() if name not in GRAPHS}
EXPECTED = Path(__file__).resolve().parent.parent / "expected"
#: Every expected answer is the one of this day.
DAY = "2025-12-31"


@pytest.fixture(params=QUESTIONS)
def question(request: pytest.FixtureRequest) -> Question:
    return QUESTIONS[request.param]


def read_csv(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline="")))


def nothing_is_called(text: str, _: str | None) -> str:
    raise AssertionError(text)


def test_there_are_questions() -> None:
    assert {"members", "observers", "chair", "chairs", "summits"} <= set(QUESTIONS)


@pytest.mark.parametrize("question", EVERY.values(), ids=EVERY)
def test_a_question_is_described(question: Question) -> None:
    about = question.front_matter
    assert set(about) <= {"summary", "description", "tags", "cica", "defaults", "enumerate"}
    assert isinstance(about["summary"], str)
    assert not about["summary"].endswith(".")
    assert about["description"].strip().endswith(".")
    assert about["tags"]
    assert all(re.fullmatch(r"[a-z][a-z-]*", tag) for tag in about["tags"])
    assert set(about["cica"]) <= {"question", "parameters"}
    assert set(about["cica"]["question"]) >= {"en", "ar"}
    assert all(text.endswith(("?", "؟")) for text in about["cica"]["question"].values())
    assert re.search("[\u0600-\u06ff]", about["cica"]["question"]["ar"])


@pytest.mark.parametrize("question", EVERY.values(), ids=EVERY)
def test_a_question_has_exactly_the_parameters_it_describes(question: Question) -> None:
    described = question.front_matter["cica"].get("parameters") or {}
    assert list(question.parameters) == list(described)
    for parameter in question.parameters.values():
        assert parameter.type in ("thing", "day", "text", "integer")
        assert parameter.default
        assert re.fullmatch(r"[a-z][a-z_]*", parameter.name)


def test_every_parameter_takes_its_own_default(question: Question, kg: KnowledgeGraph) -> None:
    unchanged = rows(engine.ask(kg.store, question.text))
    for parameter in question.parameters.values():
        default = re.fullmatch(r'"(.*)".*', parameter.default)
        bound = question.bind({parameter.name: default[1] if default else parameter.default}, kg.resolve)
        assert rows(engine.ask(kg.store, bound)) == unchanged


def test_a_question_gives_the_expected_answer(question: Question, kg: KnowledgeGraph) -> None:
    expected = EXPECTED / f"{question.name}.csv"
    assert expected.is_file(), f"look at the answer, then keep it: cica query {question.name} --at {DAY}"
    _, data = write(engine.ask(kg.as_of(DAY).store, question.text), Style("csv"))
    assert read_csv(data.decode()) == read_csv(expected.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", GRAPHS)
def test_a_question_for_triples_gives_the_expected_answer(name: str, kg: KnowledgeGraph) -> None:
    answer = kg.as_of(DAY).export("ntriples", query=name)
    assert isinstance(answer, bytes)
    about_the_graph = f"<{GRAPH}> ".encode()
    told = b"".join(line for line in answer.splitlines(keepends=True) if not line.startswith(about_the_graph))
    assert told == (EXPECTED / f"{name}.nt").read_bytes()


def test_a_question_has_an_answer(question: Question, kg: KnowledgeGraph) -> None:
    assert len(kg.as_of(DAY).query(question.name)) > 0


def test_a_question_gives_the_same_answer_each_time(question: Question, kg: KnowledgeGraph) -> None:
    # A copy of the store has another order inside: what ORDER BY leaves open would show.
    assert kg.query(question.name) == kg.as_of("1999-01-01").as_of(kg.at).query(question.name)


def test_a_question_names_the_columns_it_gives(question: Question, kg: KnowledgeGraph) -> None:
    columns = kg.query(question.name).columns
    assert columns
    assert not re.search(r"SELECT\s+(DISTINCT\s+)?\*", question.text.partition("WHERE")[0])
    assert all(re.fullmatch(r"[a-z][a-z_]*", column) for column in columns)


def test_no_expected_answer_is_without_its_question() -> None:
    assert {path.stem for path in EXPECTED.glob("*.csv")} == set(QUESTIONS)
    assert {path.stem for path in EXPECTED.glob("*.nt")} == set(GRAPHS) == {"relations"}


def test_an_unknown_question_is_answered_with_near_names() -> None:
    with pytest.raises(UsageError, match="there is no question “member”: did you mean members"):
        find_question("member", query_folder())
    with pytest.raises(UsageError, match="“cica queries” lists all"):
        find_question("zzzzzz", query_folder())
    with pytest.raises(UsageError, match="there is no question"):
        find_question("../queries/members", query_folder())
    with pytest.raises(UsageError, match=r"“members\.rq”: a file is given with --file"):
        find_question("members.rq", query_folder())


def test_an_unknown_parameter_is_answered_with_those_there_are() -> None:
    with pytest.raises(UsageError, match="“members” has no parameter “state”; it has: organization"):
        QUESTIONS["members"].bind({"state": "x"}, nothing_is_called)
    with pytest.raises(UsageError, match="it has: none"):
        QUESTIONS["summits"].bind({"state": "x"}, nothing_is_called)


def test_a_question_without_values_stays_as_it_is(question: Question) -> None:
    assert question.bind({}, nothing_is_called) == question.text


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("SELECT * { }", "has no front matter"),
        ("#+ summary: [\nSELECT * { }", "is no YAML"),
        ("#+ just a text\nSELECT * { }", "has no front matter"),
        ("#+ !!python/object/apply:os.system [true]\nSELECT * { }", "is no YAML"),
    ],
)
def test_front_matter_that_cannot_be_read_is_told(text: str, fault: str) -> None:
    with pytest.raises(DataError, match=f"queries/own.rq.*{fault}"):
        _ = Question("own", text).front_matter


def test_a_file_that_is_no_text_is_told(tmp_path: Path) -> None:
    (tmp_path / "latin.rq").write_bytes("#+ summary: é".encode("latin-1"))
    with pytest.raises(DataError, match="is not UTF-8 text"):
        find_question("latin", tmp_path)


# Parameters are terms, never text ────────────────────────────────────────────────────────────────────────


def own(type_: str, default: str) -> Question:
    return Question(
        "own",
        f"""#+ summary: Own
#+ cica:
#+   question: {{en: "What?"}}
#+   parameters:
#+     value: {{type: {type_}}}
SELECT ?value ?other WHERE {{
  VALUES ?value {{ {default} }} # parameter
  VALUES ?other {{ "untouched" }}
}}
""",
    )


def bound_value(question: Question, value: str) -> Any:
    text = question.bind({"value": value}, nothing_is_called)
    # Apart from the one term, the query is the same token by token.
    before, after = list(guard.tokens(question.text)), list(guard.tokens(text))
    assert len(before) <= len(after) <= len(before) + 3
    assert [t.text for t in after[-6:]] == [t.text for t in before[-6:]]
    answer = list(engine.ask(Store(), text))
    assert len(answer) == 1
    assert answer[0]["other"] == Literal("untouched")
    return answer[0]["value"]


INJECTIONS = [
    '"',
    "\\",
    '\\"',
    '"""',
    "'''",
    '" } #',
    "} # parameter",
    '"@en } UNION { ?s ?p ?o } #',
    '" } SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } #',
    "\n} DROP ALL {",
    "\r",
    "\u2028",
    "\x00",
    "\\u0022",
    "\\g<1>",
    "\\1",
    "?value",
    "$1",
    "سيكا\u202e",
    "{}",
    "😀",
]


@pytest.mark.parametrize("value", INJECTIONS)
def test_a_value_cannot_break_out_of_its_place(value: str) -> None:
    assert bound_value(own("text", '"default"'), value) == Literal(value)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_any_text_is_bound_as_that_text(value: str) -> None:
    assert bound_value(own("text", '"default"'), value) == Literal(value)


@given(st.text())
def test_any_text_in_place_of_a_thing_is_a_thing_or_a_usage_error(kg: KnowledgeGraph, value: str) -> None:
    try:
        bound = QUESTIONS["members"].bind({"organization": value}, kg.resolve)
    except UsageError:
        return
    assert len(list(guard.tokens(bound))) == len(list(guard.tokens(QUESTIONS["members"].text)))


def test_half_a_character_is_a_usage_error() -> None:
    with pytest.raises(UsageError):
        own("text", '"default"').bind({"value": "\udcff"}, nothing_is_called)


def test_a_day_is_bound_as_a_date() -> None:
    date = NamedNode(PREFIXES["xsd"] + "date")
    assert bound_value(own("day", '"2000-01-01"^^xsd:date'), "2012-06-15") == Literal(
        "2012-06-15", datatype=date
    )


@given(st.integers(-(10**18), 10**18))
def test_a_number_is_bound_as_a_number(number: int) -> None:
    assert bound_value(own("integer", "1"), str(number)) == Literal(number)


@pytest.mark.parametrize(
    ("type_", "value", "hint"),
    [
        ("day", "2012", "2012-12-31"),
        ("day", "2012-02-30", "the calendar has no such day"),
        ("day", '2012-01-01" } #', "is no date"),
        ("integer", "one", "is no whole number"),
        ("integer", "1.5", "is no whole number"),
        ("integer", "1 } #", "is no whole number"),
        ("integer", "9" * 5000, ""),
    ],
)
def test_a_value_that_does_not_fit_its_type_is_refused(type_: str, value: str, hint: str) -> None:
    with pytest.raises(UsageError, match=f"--value: .*{re.escape(hint)}"):
        own(type_, "1").bind({"value": value}, nothing_is_called)


def test_a_thing_is_bound_as_what_the_text_names(kg: KnowledgeGraph) -> None:
    observes: Callable[[str], str] = lambda name: QUESTIONS["observes"].bind({"observer": name}, kg.resolve)  # noqa: E731
    names = ("state:mongolia", "Mongolia", "MNG", "mongolia", "منغوليا", PREFIXES["state"] + "mongolia")
    assert len({observes(name) for name in names}) == 1
    assert f"<{PREFIXES['state']}mongolia>" in observes("MNG")


def test_a_thing_of_another_class_is_refused(kg: KnowledgeGraph) -> None:
    with pytest.raises(UsageError):
        QUESTIONS["members"].bind({"organization": "state:mongolia"}, kg.resolve)
