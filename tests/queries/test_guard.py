"""What a query may do. Each disguise of SERVICE here was seen to reach the network without the guard."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

import cica_kg
from cica_kg import CicaError, KnowledgeGraph, Limits, QueryError
from cica_kg.queries import guard

SMALL = Limits(seconds=20, megabytes=256)

DISGUISES = {
    "plain": "SELECT * { SERVICE <U> { ?s ?p ?o } }",
    "small letters": "SELECT * { service <U> { ?s ?p ?o } }",
    "mixed letters": "SELECT * { sErViCe <U> { ?s ?p ?o } }",
    "silent": "SELECT * { SERVICE SILENT <U> { ?s ?p ?o } }",
    "silent without a space": "SELECT * { SERVICESILENT <U> { ?s ?p ?o } }",
    "a variable": "SELECT * { VALUES ?u { <U> } SERVICE ?u { ?s ?p ?o } }",
    "no space": "SELECT*{SERVICE<U>{?s ?p ?o}}",
    "a comment between": "SELECT * { SERVICE#\n<U> { ?s ?p ?o } }",
    "a comment with a carriage return": "SELECT * { #\rSERVICE <U> { ?s ?p ?o } }",
    "inside EXISTS": "SELECT * { ?s ?p ?o FILTER EXISTS { SERVICE <U> { ?s ?p ?o } } }",
    "inside a sub-select": "SELECT * { { SELECT * { SERVICE <U> { ?s ?p ?o } } } }",
    "in CONSTRUCT": "CONSTRUCT { ?s ?p ?o } WHERE { SERVICE <U> { ?s ?p ?o } }",
    "in ASK": "ASK { SERVICE <U> { ?s ?p ?o } }",
    "in DESCRIBE": "DESCRIBE ?s { SERVICE <U> { ?s ?p ?o } }",
    "after true": "SELECT * { OPTIONAL { ?s cica:x trueSERVICE <U> { ?s ?p ?o } } }",
    "after a number": "SELECT * { OPTIONAL { ?s cica:x 1SERVICE <U> { ?s ?p ?o } } }",
    "after an exponent": "SELECT * { OPTIONAL { ?s cica:x 1e5SERVICE <U> { ?s ?p ?o } } }",
    "after a decimal": "SELECT * { OPTIONAL { ?s cica:x 1.5SERVICE <U> { ?s ?p ?o } } }",
    "as a prefix": "PREFIX SERVICE: <a:> PREFIX : <U> SELECT * { SERVICE:a { ?s ?p ?o } }",
    "a silent prefix": "PREFIX SERVICESILENT: <a:> PREFIX : <U> SELECT * { SERVICESILENT:a { ?s ?p ?o } }",
    "as part of a prefix": "PREFIX SERVICEx: <a:> PREFIX x: <U> SELECT * { SERVICEx:a { ?s ?p ?o } }",
    "as a prefix, comment": "PREFIX SERVICE: <a:> PREFIX : <U> SELECT * { SERVICE:a#\n{ ?s ?p ?o } }",
    "as a prefix, silent": "PREFIX SILENT: <a:> PREFIX : <U> SELECT * { SERVICE SILENT:a { ?s ?p ?o } }",
    **{
        f"after {left}<2": f"PREFIX : <U> SELECT * {{ FILTER({left}<2)SERVICE:a#>\n{{ ?s ?p ?o }} }}"
        for left in ("1", "1e1", "?x", "rdf:nil", "true", "<a:a>", "EXISTS{}", "NOW()", "'1'", "'1'^^xsd:int")
    },
    "behind an escaped string": "SELECT * { BIND('\\'' AS ?x) SERVICE <U> { ?s ?p ?o } BIND('' AS ?y) }",
    "behind a long string": "SELECT * { BIND('''' ''' AS ?x) SERVICE <U> { ?s ?p ?o } BIND(''''''AS ?y) }",
    "behind an escaped line": 'SELECT * { BIND("\\\\" AS ?x) SERVICE <U> { ?s ?p ?o } BIND("" AS ?y) }',
}

HARMLESS = {
    "in a string": "ASK { BIND('SERVICE <U> { }' AS ?x) }",
    "in a long string": 'ASK { BIND("""SERVICE " <U> \'\'\' { }""" AS ?x) }',
    "in a comment": "ASK { # SERVICE <U> { }\n }",
    "in an IRI": "ASK { BIND(<https://example.org/SERVICE> AS ?x) }",
    "as a variable": "ASK { BIND(1 AS ?SERVICE) BIND(?SERVICE AS $service) FILTER($service = 1) }",
    "as a local name": "PREFIX ex: <a:> ASK { BIND(ex:SERVICE AS ?x) BIND(ex:a.service AS ?y) }",
    "as a language": "ASK { BIND('a'@service AS ?x) }",
    "as a blank node": "ASK { OPTIONAL { _:SERVICE cica:x 1 } }",
}


@pytest.mark.parametrize("query", DISGUISES.values(), ids=DISGUISES)
def test_service_is_refused_in_every_disguise(query: str) -> None:
    with pytest.raises(QueryError):
        guard.check(query.replace("U", "http://127.0.0.1:9/"))


def test_no_query_reaches_the_network_even_past_the_guard(
    kg: KnowledgeGraph, endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guard, "check", lambda _: None)
    for query in DISGUISES.values():
        try:
            kg.query(sparql=query.replace("U", endpoint.address), limits=SMALL)
        except CicaError:
            continue
    assert endpoint.seen == []


@pytest.mark.parametrize("query", HARMLESS.values(), ids=HARMLESS)
def test_service_as_a_mere_name_or_text_passes(kg: KnowledgeGraph, query: str) -> None:
    assert kg.query(sparql=query) is True


@pytest.mark.parametrize(
    "query", ["SELECT * { \\u0053ERVICE <U> { } }", "SELECT * { SERVIC\\U00000045 <U> { } }"]
)
def test_service_in_code_points_is_no_query_at_all(kg: KnowledgeGraph, endpoint, query: str) -> None:
    with pytest.raises(QueryError):
        kg.query(sparql=query.replace("U", endpoint.address))
    assert endpoint.seen == []


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { _:b a cica:State }",
        "SELECT * { ?s cica:source _:b1.x . _:b1.x a cica:Source }",
        "SELECT * { [] a cica:State }",
        "SELECT * { FILTER(1 < 2 && 3 > 2) BIND(1<2 AS ?x) }",
        "SELECT * { ?a ?b ?c . FILTER(?a<?b && ?c>?b) } LIMIT 1",
        "PREFIX a.b: <a:> SELECT * { BIND(a.b:c AS ?x) }",
        "prefix ex:<a:> SELECT * { BIND(ex:%41\\~b AS ?x) }",
        "BASE <http://example.org/> SELECT * { BIND(<x#y> AS ?x) }",
        "PREFIX سيكا: <a:> SELECT * { BIND(سيكا:أ AS ?متغير) }",
    ],
)
def test_ordinary_queries_pass(kg: KnowledgeGraph, query: str) -> None:
    assert kg.query(sparql=query) is not None


@pytest.mark.parametrize("source", ["file:///etc/passwd", "http://127.0.0.1:9/data.ttl"])
@pytest.mark.parametrize(
    "clause", ["FROM <U> WHERE { ?s ?p ?o }", "FROM NAMED <U> { GRAPH ?g { ?s ?p ?o } }"]
)
def test_from_reads_nothing(kg: KnowledgeGraph, source: str, clause: str) -> None:
    assert len(kg.query(sparql="SELECT * " + clause.replace("U", source))) == 0


def test_from_asks_no_server(kg: KnowledgeGraph, endpoint) -> None:
    assert len(kg.query(sparql=f"SELECT * FROM <{endpoint.address}> {{ ?s ?p ?o }}")) == 0
    assert endpoint.seen == []


@pytest.mark.parametrize(
    "update",
    [
        "INSERT DATA { <a:a> <a:b> <a:c> }",
        "DELETE WHERE { ?s ?p ?o }",
        "LOAD <file:///etc/passwd>",
        "LOAD <http://127.0.0.1:9/>",
        "CLEAR ALL",
        "DROP ALL",
        "SELECT * {} ; DROP ALL",
    ],
)
def test_an_update_is_refused_and_changes_nothing(kg: KnowledgeGraph, update: str) -> None:
    before = len(kg.store)
    with pytest.raises(QueryError, match="not a SPARQL query"):
        kg.query(sparql=update)
    assert len(kg.store) == before


def test_an_update_is_answered_with_what_to_do_instead(kg: KnowledgeGraph) -> None:
    with pytest.raises(QueryError, match=r"the graph is read only; edit the files in data/"):
        kg.query(sparql="insert data { <a:a> <a:b> <a:c> }")


def test_an_undeclared_prefix_is_told_with_near_ones_and_the_line() -> None:
    with pytest.raises(QueryError, match=r"line 2: the prefix “stat:” is not declared; did you mean state:"):
        guard.check("SELECT * {\n  ?s a stat:x }")
    with pytest.raises(QueryError, match=r"the prefix “qqqqqq:” is not declared$"):
        guard.check("SELECT * { ?s a qqqqqq:x }")


def test_every_prefix_of_the_graph_is_declared() -> None:
    guard.check("SELECT * { VALUES ?x { " + " ".join(f"{p}:x" for p in cica_kg.vocabulary.PREFIXES) + " } }")


def test_a_query_that_is_too_long_is_refused() -> None:
    with pytest.raises(QueryError, match="at most 100,000 are allowed"):
        guard.check("SELECT * { } #" + "x" * guard.MAX_LENGTH)


@pytest.mark.parametrize(("left", "right"), ["()", "[]", "{}"])
def test_brackets_nest_only_so_deep(left: str, right: str) -> None:
    deep = guard.MAX_DEPTH - 1
    guard.check("SELECT * {" + left * deep + right * deep + "}")
    with pytest.raises(QueryError, match="write it flatter"):
        guard.check("SELECT * {" + left * (deep + 1) + right * (deep + 1) + "}")


def test_brackets_in_strings_and_comments_do_not_nest() -> None:
    guard.check("SELECT * { BIND('" + "(" * 500 + "' AS ?x) # " + "{" * 500 + "\n }")


@given(st.text(max_size=200))
def test_any_text_is_refused_or_passes(text: str) -> None:
    try:
        guard.check(text)
    except QueryError as error:
        assert str(error)


@given(st.lists(st.sampled_from([*"<>{}()'\"\\#ab:?@ \n\r_.%1", "SERVICE"])).map("".join))
def test_tokens_are_in_order_and_lose_only_white_space_and_comments(text: str) -> None:
    end = 0
    for token in guard.tokens(text):
        assert token.start >= end
        assert text.startswith(token.text, token.start)
        assert text[end : token.start].strip() == "" or "#" in text[end : token.start]
        end = token.start + len(token.text)


SLOW_TO_READ = {
    "an IRI of code points": "SELECT * { <" + "\\uAAAAAAAA" * 30 + " }",
    "words and dots": "SELECT * { " + "a." * 45_000 + " }",
    "open strings": "SELECT * { " + "\\'" * 45_000 + " }",
    "an open long string": "SELECT * { '''" + "\\'" * 45_000 + " }",
    "less than": "SELECT * { " + "<a" * 45_000 + " }",
    "colons": "SELECT * { " + ":" * 90_000 + " }",
    "a prefix": "SELECT * { " + "a" * 90_000 + ":x }",
}


@pytest.mark.parametrize("query", SLOW_TO_READ.values(), ids=SLOW_TO_READ)
def test_no_text_keeps_the_guard_busy_for_long(query: str) -> None:
    # In a process of its own, since nothing could stop a regular expression that never ends.
    code = """
import sys
from cica_kg import QueryError
from cica_kg.queries.guard import check
try:
    check(sys.stdin.read())
except QueryError:
    pass
"""
    done = subprocess.run([sys.executable, "-c", code], input=query.encode(), timeout=60, check=False)
    assert done.returncode == 0
