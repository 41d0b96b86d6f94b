from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Store

from cica_kg import KnowledgeGraph, QueryError
from cica_kg.files import GraphFile
from cica_kg.queries import engine
from cica_kg.store import build_store
from cica_kg.vocabulary import PREFIXES


@pytest.fixture(scope="module")
def store() -> Store:
    return build_store([GraphFile("t.ttl", Path("t.ttl"), b"<a:s> <a:p> <a:o> , 2 . <a:t> <a:q> 'x'@ar .")])


@pytest.mark.parametrize(
    ("query", "columns"),
    [
        ("SELECT * { ?z ?b ?a }", ["z", "b", "a"]),
        ("select*{?z ?b ?a}", ["z", "b", "a"]),
        ("SELECT DISTINCT * WHERE { ?z $b ?a }", ["z", "b", "a"]),
        ("SELECT REDUCED * WHERE { ?z ?b ?a }", ["z", "b", "a"]),
        ("PREFIX x: <a:> # *\nSELECT # SELECT ?q *\n * { ?z x:p ?a }", ["z", "a"]),
        ("SELECT * { BIND(1 AS ?b) BIND(2 AS ?a) }", ["b", "a"]),
        ("SELECT * { ?b <a:p> ?a . FILTER(STR(?b) != '?c') MINUS { ?d <a:nothing> ?b } }", ["b", "a"]),
        ("SELECT * { { SELECT ?c ?a { ?c <a:p> ?a ; ?hidden ?x } } }", ["c", "a"]),
        ("SELECT * { { SELECT * { ?c <a:p> ?a } } ?b <a:q> ?z }", ["c", "a", "b", "z"]),
        ("SELECT * { VALUES (?b ?a) { (1 2) } } ORDER BY ?a", ["b", "a"]),
        ("SELECT ?z (2 * 3 AS ?a) { ?z <a:p> ?o } GROUP BY ?z", ["z", "a"]),
        ("SELECT (COUNT(*) AS ?n) { ?b <a:p> ?a }", ["n"]),
        ("SELECT * { <a:s> <a:p> <a:o> }", []),
        ("SELECT * { ?متغير <a:p> ?أ }", ["متغير", "أ"]),
    ],
)
def test_columns_come_in_the_order_of_the_query(store: Store, query: str, columns: list[str]) -> None:
    answer = engine.ask(store, query)
    assert [variable.value for variable in answer.variables] == columns


def test_a_star_changes_nothing_but_the_order_of_columns(kg: KnowledgeGraph) -> None:
    query = "SELECT * { ?z cica:party ?b ; cica:start ?a . OPTIONAL { ?z cica:end ?c } } ORDER BY ?z"
    raw = list(kg.store.query(query, prefixes=PREFIXES))
    ours = kg.query(sparql=query)
    assert ours.columns == ("z", "b", "a", "c")
    assert [dict(zip(ours.columns, row, strict=True)) for row in ours] == [
        {name: solution[name] for name in ours.columns} for solution in raw
    ]


def test_the_prefixes_of_the_graph_are_declared_and_may_be_declared_anew(kg: KnowledgeGraph) -> None:
    assert kg.query(sparql="ASK { state:japan a cica:State }") is True
    assert kg.query(sparql="PREFIX state: <a:> ASK { state:japan a cica:State }") is False


@pytest.mark.parametrize(
    ("query", "line"),
    [
        ("SELECT * {\n  ?s ?p ?o } }", 2),
        ("SELECT ?s ?p WHERE ?s", 1),
        ("SELECT * { ?s ?p 'open }", 1),
        ("", 1),
        ("# only a comment", 1),
        ("SELECT (COUNT(?x) AS ?n) ?y { ?x ?y ?z }", 1),
        ("hello", 1),
    ],
)
def test_what_is_no_query_is_told_with_its_place_and_text(store: Store, query: str, line: int) -> None:
    with pytest.raises(
        QueryError, match=rf"^line {line}, column \d+: this is not a SPARQL query: "
    ) as caught:
        engine.ask(store, query)
    shown, pointer = str(caught.value).splitlines()[-2:]
    assert shown.strip() == (query.splitlines() or [""])[line - 1].strip()
    assert pointer.strip() == "^"


def test_of_a_long_line_only_the_part_around_the_fault_is_shown(store: Store) -> None:
    query = "SELECT * { " + "?s ?p ?o . " * 50 + "} } # " + "x" * 200
    with pytest.raises(QueryError) as caught:
        engine.ask(store, query)
    shown, pointer = str(caught.value).splitlines()[-2:]
    assert "} } #" in shown
    assert max(len(shown), len(pointer)) < 150
    assert pointer.index("^") < len(shown)


def test_what_a_query_cannot_do_here_is_one_line(store: Store) -> None:
    with pytest.raises(QueryError, match=r"the query failed: .*not supported"):
        list(engine.ask(store, "SELECT * { BIND(<http://example.org/f>(1) AS ?x) }"))


@pytest.mark.parametrize(
    ("query", "triples"),
    [
        ("CONSTRUCT WHERE { ?s ?p ?o }", True),
        ("PREFIX select: <a:> # ASK\nconstruct { ?s ?p ?o } { ?s ?p ?o }", True),
        ("DESCRIBE <a:s>", True),
        ("SELECT ?construct { }", False),
        ("ASK { ?s <a:describe> 'CONSTRUCT' }", False),
        ("", False),
    ],
)
def test_the_kind_of_an_answer_is_known_from_the_query(query: str, triples: bool) -> None:
    assert engine.gives_triples(query) is triples


def test_construct_and_describe_give_triples(store: Store) -> None:
    assert {t.subject for t in engine.ask(store, "DESCRIBE <a:s>")} == {NamedNode("a:s")}
    assert len(set(engine.ask(store, "CONSTRUCT WHERE { ?s ?p ?o }"))) == 3
