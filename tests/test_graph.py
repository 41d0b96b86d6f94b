from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
import rdflib

import cica_kg
from cica_kg import KnowledgeGraph, QueryError, UsageError
from cica_kg.vocabulary import PREFIXES

MEMBERS = "SELECT ?s { ?s cica:memberOf organization:cica } ORDER BY ?s"


def test_the_graph_is_as_of_the_day_it_is_kept_to(kg: KnowledgeGraph) -> None:
    assert kg.at == kg.known_until == date(2026, 4, 14)
    assert repr(kg).startswith(
        f"<KnowledgeGraph https://w3id.org/cica-kg/graph {kg.version} as of 2026-04-14"
    )
    assert kg.digest == kg.validated.files.digest
    assert kg.digest[:12] in repr(kg)


@pytest.mark.parametrize("day", [date(2012, 6, 15), datetime(2012, 6, 15, 23, 59), "2012-06-15"])
def test_a_day_is_given_as_a_date_or_a_text(small: Path, kg: KnowledgeGraph, day: date | str) -> None:
    assert kg.as_of(day).at == date(2012, 6, 15)
    loaded = cica_kg.load(at=day, root=small)
    assert loaded.at == date(2012, 6, 15)
    assert type(loaded.at) is date
    assert loaded.query(sparql="ASK { state:atlantis cica:memberOf body:club }") is True


def test_today_is_the_only_word_for_a_day(small: Path) -> None:
    before = date.today()
    assert before <= cica_kg.load(at="today", root=small).at <= date.today()
    for word in ("now", "TODAY", "", " ", "tomorrow"):
        with pytest.raises(UsageError, match=r"the reference date .*, or “today”"):
            cica_kg.load(at=word, root=small)


@pytest.mark.parametrize(("text", "hint"), [("2012", "2012-12-31"), ("2012-02", "2012-02-29")])
def test_a_year_or_a_month_is_refused_with_its_last_day(kg: KnowledgeGraph, text: str, hint: str) -> None:
    with pytest.raises(UsageError, match=hint):
        kg.as_of(text)


def test_another_day_leaves_the_first_graph_as_it_was(kg: KnowledgeGraph) -> None:
    before, rows = set(kg.store), kg.query(sparql=MEMBERS)
    earlier = kg.as_of("2000-01-01")
    assert len(earlier.query(sparql=MEMBERS)) == 15
    assert set(kg.store) == before
    assert kg.query(sparql=MEMBERS) == rows
    assert kg.at == kg.known_until


def test_the_same_day_is_the_same_graph(kg: KnowledgeGraph) -> None:
    assert kg.as_of(kg.at) is kg
    assert kg.as_of("2001-01-01") is kg.as_of(date(2001, 1, 1))


def test_a_day_does_not_depend_on_the_days_before_it(kg: KnowledgeGraph) -> None:
    there = kg.as_of("2005-01-01")
    back = there.as_of("1995-01-01").as_of("2010-06-08").as_of("2005-01-01")
    assert set(back.store) == set(there.store)


def test_only_the_last_few_days_are_kept(kg: KnowledgeGraph) -> None:
    first = kg.as_of("1990-01-01")
    for number in range(10):
        kg.as_of(date(1990, 2, 1) + timedelta(days=number))
    again = kg.as_of("1990-01-01")
    assert again is not first
    assert set(again.store) == set(first.store)


@pytest.mark.parametrize("day", [date(1, 1, 1), date(9999, 12, 31)])
def test_the_ends_of_the_calendar_are_days(kg: KnowledgeGraph, day: date) -> None:
    assert kg.as_of(day).query(sparql=MEMBERS).rows == ()


def test_the_reference_date_stands_in_the_graph(kg: KnowledgeGraph) -> None:
    for graph in (kg, kg.as_of("2000-01-01")):
        rows = graph.query(sparql="SELECT ?day { ?graph cica:referenceDate ?day }")
        assert [row[0].value for row in rows] == [graph.at.isoformat()]


def test_a_query_is_given_in_exactly_one_way(kg: KnowledgeGraph, tmp_path: Path) -> None:
    file = tmp_path / "q.rq"
    file.write_text(MEMBERS)
    assert kg.query(sparql=MEMBERS) == kg.query(file=file) == kg.query(file=str(file))
    for wrong in ({}, {"name": "members", "sparql": MEMBERS}, {"sparql": MEMBERS, "file": file}):
        with pytest.raises(UsageError, match="give one query"):
            kg.query(**wrong)
    with pytest.raises(UsageError, match="only named questions have parameters"):
        kg.query(sparql=MEMBERS, organization="cica")


def test_an_empty_text_is_no_query(kg: KnowledgeGraph) -> None:
    with pytest.raises(QueryError):
        kg.query(sparql="")


def test_a_query_file_may_begin_with_a_byte_order_mark(kg: KnowledgeGraph, tmp_path: Path) -> None:
    file = tmp_path / "q.rq"
    file.write_text(MEMBERS, encoding="utf-8-sig")
    assert kg.query(file=file) == kg.query(sparql=MEMBERS)


@pytest.mark.parametrize(
    ("name", "fault"),
    [("nowhere.rq", "there is no such file"), ("folder", "is a folder"), ("latin.rq", "is not UTF-8 text")],
)
def test_a_query_file_that_cannot_be_read_is_told(
    kg: KnowledgeGraph, tmp_path: Path, name: str, fault: str
) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "latin.rq").write_bytes(b"# \xe9\nASK {}")
    with pytest.raises(UsageError, match=fault):
        kg.query(file=tmp_path / name)


def test_questions_are_listed_by_name(kg: KnowledgeGraph) -> None:
    names = [question.name for question in kg.questions()]
    assert names == sorted(names)
    assert "members" in names


def test_the_questions_of_a_graph_are_its_own(small: Path) -> None:
    graph = cica_kg.load(root=small)
    assert [question.name for question in graph.questions()] == ["all"]
    assert len(graph.query("all")) == len(graph.store)


def test_a_question_means_the_day_of_the_graph(kg: KnowledgeGraph) -> None:
    assert len(kg.query("members")) == 28
    assert len(kg.as_of("2008-12-31").query("members")) == 20


# Names ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("languages", "label"),
    [
        (("en",), "Japan"),
        (("ar",), "اليابان"),
        (("ru", "en"), "Япония"),
        (("xx", "ar"), "اليابان"),
        (("xx",), "Japan"),
        ((), "Japan"),
    ],
)
def test_a_label_is_in_the_first_language_that_has_one(
    kg: KnowledgeGraph, languages: tuple[str, ...], label: str
) -> None:
    assert kg.label(PREFIXES["state"] + "japan", languages) == label


def test_what_has_no_label_has_none(kg: KnowledgeGraph) -> None:
    assert kg.label("https://example.org/nothing") is None


@pytest.mark.parametrize(
    "text",
    ["Japan", "japan", "JAPAN", "JPN", "jp", "اليابان", "Япония", "state:japan", PREFIXES["state"] + "japan"],
)
def test_a_thing_is_known_by_any_of_its_names(kg: KnowledgeGraph, text: str) -> None:
    assert kg.resolve(text) == kg.resolve(text, "cica:State") == PREFIXES["state"] + "japan"


@pytest.mark.parametrize("text", ["CICA", "سيكا", "СВМДА", "organization:cica"])
def test_cica_is_known_by_its_short_names(kg: KnowledgeGraph, text: str) -> None:
    assert kg.resolve(text, "cica:Organization") == PREFIXES["organization"] + "cica"


def test_an_unknown_name_is_answered_with_near_ones(kg: KnowledgeGraph) -> None:
    with pytest.raises(UsageError, match="state:kazakhstan"):
        kg.resolve("Kazakstan", "cica:State")
    for text in ("", "zzzzzz", "state:", "wd:Q17", "<>", "a" * 10_000, "\udcff"):
        with pytest.raises(UsageError):
            kg.resolve(text)


def test_a_thing_of_another_class_does_not_fit(kg: KnowledgeGraph) -> None:
    with pytest.raises(UsageError):
        kg.resolve("state:japan", "cica:Organization")


# The rdflib copy ─────────────────────────────────────────────────────────────────────────────────────────


def test_the_rdflib_graph_is_a_copy_of_what_queries_see(kg: KnowledgeGraph) -> None:
    graph = kg.graph
    assert len(graph) == len(kg.store)
    graph.add((rdflib.URIRef("a:a"), rdflib.URIRef("a:b"), rdflib.Literal(1)))
    assert kg.query(sparql="ASK { <a:a> <a:b> 1 }") is False
    assert kg.graph is graph
    assert (rdflib.URIRef(PREFIXES["state"] + "japan"), None, None) in graph
