"""The W3C's SPARQL 1.1 tests: what raw pyoxigraph gives, the guard and the engine give too.

The tests are looked for beside the checkout (`../shared/w3c/sparql11`), or where CICA_KG_W3C_TESTS points.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import pytest
from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    Quad,
    QueryBoolean,
    QueryResultsFormat,
    QueryTriples,
    RdfFormat,
    Store,
    parse,
    parse_query_results,
)
from rdflib import RDF, Graph, Namespace, URIRef
from rdflib.collection import Collection

import cica_kg
from cica_kg.queries import engine
from cica_kg.vocabulary import BASE, PREFIXES

TESTS = Path(os.environ.get("CICA_KG_W3C_TESTS") or Path(__file__).parents[3] / "shared" / "w3c" / "sparql11")
MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
QT = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-query#")

pytestmark = pytest.mark.skipif(not TESTS.is_dir(), reason=f"no W3C tests at {TESTS} (set CICA_KG_W3C_TESTS)")

#: What pyoxigraph 0.5 itself gets wrong (or leaves open to the implementation); nothing may be added.
KNOWN = frozenset(
    {
        "aggregates/agg-groupconcat-04",  # GROUP_CONCAT of what is no string is unbound
        "aggregates/agg-groupconcat-06",
        "csv-tsv-res/csv03",  # the store writes numbers in its own form
        "negation/graph-minus",
        "property-path/zero_or_more_set_start",  # paths of length zero from a set of terms
        "property-path/zero_or_more_set_end",
        "property-path/zero_or_one_set_start",
        "property-path/zero_or_one_set_end",
    }
)
#: The W3C gives these answers in an RDF vocabulary for results; they are held against raw pyoxigraph alone.
RESULT_IN_RDF = frozenset({"aggregates/agg-empty-group-count-graph", "bindings/graph"})


class Case(NamedTuple):
    name: str
    kind: str
    query: Path
    data: tuple[Path, ...]
    graphs: tuple[Path, ...]
    result: Path | None


def _cases() -> list[Case]:
    found = []
    for manifest in sorted(TESTS.glob("*/manifest.ttl")):
        graph = Graph().parse(manifest, publicID=manifest.as_uri())
        entries = graph.value(None, RDF.type, MF.Manifest)
        for test in Collection(graph, graph.value(entries, MF.entries)):  # type: ignore[arg-type]
            action = graph.value(test, MF.action)
            query = graph.value(action, QT.query) or action
            found.append(
                Case(
                    f"{manifest.parent.name}/{str(test).rpartition('#')[2]}",
                    str(graph.value(test, RDF.type)).rpartition("#")[2],
                    _path(query),
                    tuple(map(_path, graph.objects(action, QT.data))),
                    tuple(map(_path, graph.objects(action, QT.graphData))),
                    _path(result) if isinstance(result := graph.value(test, MF.result), URIRef) else None,
                )
            )
    return found


def _path(iri: object) -> Path:
    from urllib.parse import unquote, urlparse

    return Path(unquote(urlparse(str(iri)).path))


CASES = _cases() if TESTS.is_dir() else []
SYNTAX = [case for case in CASES if "SyntaxTest" in case.kind]
EVALUATION = [case for case in CASES if "SyntaxTest" not in case.kind]


@pytest.mark.parametrize("case", SYNTAX, ids=lambda case: case.name)
def test_a_query_is_read_or_refused_as_pyoxigraph_does(case: Case, kg: cica_kg.KnowledgeGraph) -> None:
    query = case.query.read_text()
    try:
        Store().query(query, base_iri=BASE, prefixes=PREFIXES)
        accepted = True
    except RuntimeError:  # a function that no engine has to know
        accepted = True
    except SyntaxError:
        accepted = False
    assert accepted is (case.kind == "PositiveSyntaxTest11") or case.name in KNOWN
    if not accepted:
        with pytest.raises(cica_kg.QueryError):
            kg.query(sparql=query)
    elif case.name == "syntax-query/test_4":
        # It calls a function that no engine has to know.
        with pytest.raises(cica_kg.QueryError, match="http://example/function"):
            kg.query(sparql=query)
    else:
        kg.query(sparql=query)


@pytest.mark.parametrize("case", EVALUATION, ids=lambda case: case.name)
def test_an_answer_is_the_one_of_pyoxigraph_and_of_the_w3c(case: Case) -> None:
    store, query = _given(case)
    ours = _normal(engine.ask(store, query))
    assert ours == _normal(store.query(query, prefixes=PREFIXES))
    if case.name in KNOWN | RESULT_IN_RDF:
        return
    if case.kind == "CSVResultFormatTest":
        csv = engine.ask(store, query).serialize(format=QueryResultsFormat.CSV)  # type: ignore[union-attr]
        wanted = case.result.read_bytes()  # type: ignore[union-attr]
        assert _csv_lines(csv) == _csv_lines(wanted)  # type: ignore[arg-type]
    else:
        assert ours == _expected(case)


def _given(case: Case) -> tuple[Store, str]:
    """Return a bare store with the data of a case, and its query, whose base is its own file."""
    store = Store()
    for path in case.data:
        store.load(path=str(path), base_iri=path.as_uri())
    for path in case.graphs:
        store.load(path=str(path), base_iri=path.as_uri(), to_graph=NamedNode(path.as_uri()))
    return store, f"BASE <{case.query.as_uri()}>\n{case.query.read_text()}"


def _csv_lines(data: bytes) -> Counter[bytes]:
    return Counter(re.sub(rb"_:\w+", b"_:", data).splitlines())


def _expected(case: Case) -> object:
    assert case.result is not None
    formats = {
        ".srx": QueryResultsFormat.XML,
        ".srj": QueryResultsFormat.JSON,
        ".tsv": QueryResultsFormat.TSV,
    }
    if case.result.suffix in formats:
        return _normal(parse_query_results(case.result.read_bytes(), format=formats[case.result.suffix]))
    return Counter(
        tuple(map(_term, (t.subject, t.predicate, t.object)))
        for t in {
            q.triple
            for q in parse(path=str(case.result), format=RdfFormat.from_extension(case.result.suffix[1:]))
        }
    )


def _normal(answer: object) -> object:
    """Return an answer so that two can be compared: rows as a bag, columns by name, blank nodes alike."""
    if isinstance(answer, QueryBoolean):
        return bool(answer)
    if isinstance(answer, QueryTriples):
        return Counter(tuple(map(_term, (t.subject, t.predicate, t.object))) for t in set(answer))
    names = sorted(variable.value for variable in answer.variables)  # type: ignore[attr-defined]
    return names, Counter(tuple(_term(row[name]) for name in names) for row in answer)  # type: ignore[attr-defined]


def _term(term: object) -> str:
    """Return a term as text; a literal as the engine writes its value, since stores may rewrite it."""
    if isinstance(term, BlankNode):
        return "_:"
    if isinstance(term, Literal):
        store = Store()
        store.add(Quad(NamedNode("a:"), NamedNode("a:"), term))
        term = next(iter(store)).object
    return str(term)


def test_no_known_failure_is_mended_unnoticed() -> None:
    """A failure that pyoxigraph no longer has must leave the list."""
    for case in EVALUATION:
        if case.name in KNOWN and case.kind != "CSVResultFormatTest":
            store, query = _given(case)
            assert _normal(store.query(query)) != _expected(case), case.name
