"""The way out against a real engine that is not ours: Virtuoso, over a real socket."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
import rdflib
from pyoxigraph import RdfFormat, serialize

import cica_kg
from tests.virtuoso import Virtuoso

pytestmark = pytest.mark.xdist_group("virtuoso")
GRAPH = "https://w3id.org/cica-kg/graph"


@pytest.fixture(scope="module")
def local(kg: cica_kg.KnowledgeGraph) -> cica_kg.KnowledgeGraph:
    return kg.as_of("2022-12-31")


@pytest.fixture(scope="module")
def endpoint(local: cica_kg.KnowledgeGraph, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if not Virtuoso.is_installed():
        if os.environ.get("CICA_KG_REQUIRE_SYSTEM") == "1":
            pytest.fail("there is no Virtuoso: install the Debian package virtuoso-opensource")
        pytest.skip("there is no Virtuoso (Debian package virtuoso-opensource)")
    server = Virtuoso(tmp_path_factory.mktemp("virtuoso"))
    try:
        triples = (quad.triple for quad in local.store)
        server.load(serialize(triples, format=RdfFormat.N_TRIPLES) or b"", GRAPH)
        yield server.endpoint(GRAPH)
    finally:
        server.stop()


def test_every_named_question_gives_the_answer_that_the_graph_gives(
    local: cica_kg.KnowledgeGraph, endpoint: str
) -> None:
    remote = cica_kg.connect(endpoint)
    apart = {}
    for question in local.questions():
        if question.links_of is not None:
            continue  # one for Wikidata
        here, there = local.query(question.name), remote.query(question.name)
        if isinstance(here, rdflib.Graph):
            assert isinstance(there, rdflib.Graph)
            assert set(here) == set(there)
            continue
        assert isinstance(here, cica_kg.Rows)
        assert isinstance(there, cica_kg.Rows)
        if (here.columns, here.to_dicts()) != (there.columns, there.to_dicts()):
            apart[question.name] = (here.to_dicts(), there.to_dicts())
    assert apart == {}


def test_a_question_with_parameters_an_ask_and_a_construct_work_there(
    local: cica_kg.KnowledgeGraph, endpoint: str
) -> None:
    remote = cica_kg.connect(endpoint)
    assert remote.query("history", agent="state:qatar") == local.query("history", agent="state:qatar")
    assert remote.query(sparql="ASK { state:japan cica:observerOf organization:cica }") is True
    assert remote.query(sparql="ASK { state:japan cica:memberOf organization:cica }") is False
    construct = "CONSTRUCT { ?s cica:memberOf ?o } { ?s cica:memberOf ?o }"
    assert set(remote.query(sparql=construct)) == set(local.query(sparql=construct))  # type: ignore[arg-type]


def test_a_long_query_goes_by_post(endpoint: str) -> None:
    states = " ".join(f"state:s{number}" for number in range(3000))
    rows = cica_kg.connect(endpoint).query(
        sparql=f"SELECT ?s {{ VALUES ?s {{ state:japan {states} }} ?s a cica:State }}"
    )
    assert rows.to_dicts() == [{"s": "https://w3id.org/cica-kg/id/state/japan"}]  # type: ignore[union-attr]


def test_what_virtuoso_says_of_a_wrong_query_reaches_the_user(endpoint: str) -> None:
    with pytest.raises(cica_kg.QueryError, match=r"syntax error"):
        cica_kg.connect(endpoint).query(sparql="SELECT * { ?s ?p }")


def test_the_command_line_asks_it_too(cica, endpoint: str) -> None:  # type: ignore[no-untyped-def]
    done = cica("query", "members", "--endpoint", endpoint, "--format", "csv")
    assert done.returncode == 0
    assert done.stdout.count("\n") == 29
    assert "28 rows" in done.stderr
    refused = cica("query", "members", "--endpoint", endpoint, "--at", "2020-01-01")
    assert refused.returncode == 2
    assert "own day" in refused.stderr
