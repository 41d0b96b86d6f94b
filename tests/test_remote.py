"""Asking an endpoint over real HTTP on the loopback interface: good answers, bad ones and none at all."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from urllib.parse import parse_qs, urlsplit

import pytest
import rdflib
from pyoxigraph import (
    Literal,
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    serialize,
)

from cica_kg import EndpointError, KnowledgeGraph, QueryError, UsageError
from cica_kg.cli import main
from cica_kg.manners import user_agent
from cica_kg.remote import RemoteGraph, connect
from cica_kg.version import __version__

JSON = "application/sparql-results+json"
ONE_ROW = json.dumps(
    {"head": {"vars": ["s"]}, "results": {"bindings": [{"s": {"type": "uri", "value": "a:b"}}]}}
)

Answer = Callable[[BaseHTTPRequestHandler], None]


def answering(
    body: str | bytes, status: int = 200, kind: str = JSON, headers: dict[str, str] | None = None
) -> Answer:
    data = body.encode() if isinstance(body, str) else body

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in (
            {"Content-Type": kind, "Content-Length": str(len(data))} | (headers or {})
        ).items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(data)

    return answer


def sent_query(seen: tuple[str, str, dict[str, str], bytes]) -> str:
    method, path, _, body = seen
    return parse_qs(body.decode() if method == "POST" else urlsplit(path).query)["query"][0]


@pytest.fixture
def sparql(endpoint, kg: KnowledgeGraph):
    """A SPARQL 1.1 endpoint that holds the shipped graph."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        try:
            found = kg.store.query(sent_query(endpoint.seen[-1]))
        except SyntaxError as error:
            return answering(str(error), 400, "text/plain")(handler)
        if isinstance(found, QuerySolutions | QueryBoolean):
            return answering(found.serialize(format=QueryResultsFormat.JSON))(handler)
        return answering(serialize(found, format=RdfFormat.N_TRIPLES), kind="application/n-triples")(handler)

    endpoint.answer = answer
    return endpoint


@pytest.fixture
def remote(endpoint) -> RemoteGraph:
    return connect(endpoint.address, seconds=20)


# Good answers ────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", ["members", "observers", "chairs", "summits", "wikidata-links"])
def test_an_endpoint_with_the_same_graph_gives_the_same_rows(
    sparql, remote: RemoteGraph, kg: KnowledgeGraph, name: str
) -> None:
    assert remote.query(name) == kg.query(name)


def test_parameters_go_along(sparql, remote: RemoteGraph, kg: KnowledgeGraph) -> None:
    assert remote.query("history", agent="state:qatar") == kg.query("history", agent="Qatar")
    with pytest.raises(UsageError, match="name a thing by IRI or prefixed name"):
        remote.query("history", agent="Qatar")


def test_terms_come_back_as_they_are(endpoint, remote: RemoteGraph) -> None:
    cells = {
        "a": {"type": "literal", "value": "007", "datatype": "http://www.w3.org/2001/XMLSchema#int"},
        "b": {"type": "literal", "value": "سيكا", "xml:lang": "ar"},
        "c": {"type": "uri", "value": "http://example.org/x"},
    }
    endpoint.answer = answering(
        json.dumps({"head": {"vars": ["c", "a", "d", "b"]}, "results": {"bindings": [cells]}})
    )
    rows = remote.query(sparql="SELECT * { ?s ?p ?o }")
    assert rows.columns == ("c", "a", "d", "b")
    assert rows.rows == (
        (
            NamedNode("http://example.org/x"),
            Literal("007", datatype=NamedNode("http://www.w3.org/2001/XMLSchema#int")),
            None,
            Literal("سيكا", language="ar"),
        ),
    )


def test_ask_and_construct_work_as_here(sparql, remote: RemoteGraph) -> None:
    assert remote.query(sparql="ASK { state:japan a cica:State }") is True
    assert remote.query(sparql="ASK { state:japan a cica:Person }") is False
    graph = remote.query(sparql="CONSTRUCT WHERE { state:japan a ?kind }")
    assert isinstance(graph, rdflib.Graph)
    assert len(graph) == 1


@pytest.mark.parametrize("kind", ["text/turtle", "application/n-triples", "text/turtle; charset=utf-8"])
def test_triples_are_read_in_any_form_the_endpoint_names(endpoint, remote: RemoteGraph, kind: str) -> None:
    endpoint.answer = answering('<a:a> <a:b> "007"^^<http://www.w3.org/2001/XMLSchema#int> .', kind=kind)
    graph = remote.query(sparql="CONSTRUCT WHERE { ?s ?p ?o }")
    assert [str(o) for o in graph.objects()] == ["007"]


def test_json_under_its_plain_name_is_read(endpoint, remote: RemoteGraph) -> None:
    endpoint.answer = answering(ONE_ROW, kind="application/json; charset=utf-8")
    assert len(remote.query(sparql="SELECT ?s { ?s ?p ?o }")) == 1


def test_the_client_says_who_it_is_and_what_it_wants(endpoint, remote: RemoteGraph) -> None:
    endpoint.answer = answering(ONE_ROW)
    remote.query(sparql="SELECT ?s { ?s ?p ?o }")
    _, _, headers, _ = endpoint.seen[-1]
    assert headers["User-Agent"] == user_agent()
    assert user_agent().startswith(f"cica-kg/{__version__} (https://w3id.org/cica-kg) SPARQLWrapper/2")
    assert JSON in headers["Accept"]


def test_used_prefixes_are_declared_and_others_are_not(endpoint, remote: RemoteGraph) -> None:
    endpoint.answer = answering(ONE_ROW)
    remote.query(sparql="PREFIX state: <a:> SELECT ?s { ?s cica:memberOf state:x # skos:\n }")
    sent = sent_query(endpoint.seen[-1])
    assert sent.startswith("PREFIX cica: <https://w3id.org/cica-kg/def#>\n")
    assert "PREFIX skos:" not in sent
    assert sent.count("PREFIX state:") == 1


@pytest.mark.parametrize(("padding", "method"), [(0, "GET"), (5000, "POST")])
def test_a_long_query_goes_by_post_and_arrives_whole(
    endpoint, remote: RemoteGraph, padding: int, method: str
) -> None:
    endpoint.answer = answering(ONE_ROW)
    query = f"SELECT ?s {{ ?s ?p 'سيكا & = + # {'x' * padding}' }}"
    remote.query(sparql=query)
    assert endpoint.seen[-1][0] == method
    assert sent_query(endpoint.seen[-1]) == query


def test_words_in_comments_do_not_make_a_query_an_update(endpoint, remote: RemoteGraph) -> None:
    endpoint.answer = answering(ONE_ROW)
    remote.query(sparql="# delete\n# insert\n# with\n# load\nSELECT ?s { ?s ?p ?o }")
    assert "SELECT ?s" in sent_query(endpoint.seen[-1])


# Bad answers ─────────────────────────────────────────────────────────────────────────────────────────────


def test_an_endpoint_that_asks_to_come_again_is_asked_again(endpoint, remote: RemoteGraph) -> None:
    later = answering("later", 429, "text/plain", {"Retry-After": "0"})

    def answer(handler: BaseHTTPRequestHandler) -> None:
        (later if len(endpoint.seen) < 3 else answering(ONE_ROW))(handler)

    endpoint.answer = answer
    assert len(remote.query(sparql="SELECT ?s { ?s ?p ?o }")) == 1
    assert len(endpoint.seen) == 3


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_an_endpoint_that_always_asks_to_come_again_is_left_alone_in_the_end(
    endpoint, remote: RemoteGraph, status: int
) -> None:
    endpoint.answer = answering("later", status, "text/plain", {"Retry-After": "0"})
    with pytest.raises(EndpointError, match=f"{status}"):
        remote.query(sparql="SELECT ?s { ?s ?p ?o }")
    assert 1 < len(endpoint.seen) < 10


def test_nobody_waits_longer_than_they_said_they_would(endpoint) -> None:
    endpoint.answer = answering("later", 503, "text/plain", {"Retry-After": "3600"})
    with pytest.raises(EndpointError):
        connect(endpoint.address, seconds=5).query(sparql="SELECT ?s { ?s ?p ?o }")
    assert len(endpoint.seen) == 1


def test_a_query_that_the_endpoint_finds_wrong_is_the_fault_of_the_query(sparql, remote: RemoteGraph) -> None:
    with pytest.raises(QueryError) as caught:
        remote.query(sparql="SELECT nonsense")
    assert "says that the query is wrong" in str(caught.value)
    assert len(str(caught.value)) < 1000


@pytest.mark.parametrize("status", [401, 403, 404, 410, 500, 501])
def test_a_refusal_is_the_fault_of_the_endpoint(endpoint, remote: RemoteGraph, status: int) -> None:
    endpoint.answer = answering("<html>no</html>", status, "text/html")
    with pytest.raises(EndpointError, match=endpoint.address):
        remote.query(sparql="SELECT ?s { ?s ?p ?o }")


NO_RESULTS = {
    "a page": answering("<html>busy</html>", kind="text/html"),
    "a page that claims to be a result": answering("<html>busy</html>"),
    "broken json": answering('{"head": {"vars": ["s"]}, "results": {"bindings": [{'),
    "json of another kind": answering('{"error": "busy"}'),
    "a number": answering("1"),
    "nothing": answering(b""),
    "bytes": answering(b"\xff\xfe\x00"),
    "xml": answering("<sparql/>", kind="application/sparql-results+xml"),
    "no type": answering(ONE_ROW, kind=""),
    "a result cut off by a notice": answering(ONE_ROW[:-3] + "\nAnytime timeout"),
}


@pytest.mark.parametrize("answer", NO_RESULTS.values(), ids=NO_RESULTS)
def test_what_is_no_result_is_never_taken_for_one(endpoint, remote: RemoteGraph, answer: Answer) -> None:
    endpoint.answer = answer
    with pytest.raises(EndpointError, match="no SPARQL result"):
        remote.query(sparql="SELECT ?s { ?s ?p ?o }")


@pytest.mark.parametrize(
    "answer",
    [
        answering("<html>", kind="text/html"),
        answering("<a:a> <a:b> .", kind="text/turtle"),
        answering("<a:a> <a:b> <a:c> .", kind="application/octet-stream"),
    ],
)
def test_what_is_no_rdf_is_never_taken_for_triples(endpoint, remote: RemoteGraph, answer: Answer) -> None:
    endpoint.answer = answer
    with pytest.raises(EndpointError):
        remote.query(sparql="CONSTRUCT WHERE { ?s ?p ?o }")


def _drop(handler: BaseHTTPRequestHandler) -> None:
    handler.close_connection = True
    handler.connection.shutdown(socket.SHUT_RDWR)


def _break_off(handler: BaseHTTPRequestHandler) -> None:
    answering(ONE_ROW, headers={"Content-Length": "100000"})(handler)
    handler.close_connection = True


def _garbage(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"this is no HTTP\r\n\r\n")
    handler.close_connection = True


def _endless_header(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 200_000 + b"\r\n\r\n")
    handler.close_connection = True


@pytest.mark.parametrize("answer", [_drop, _break_off, _garbage, _endless_header])
def test_a_broken_connection_is_an_endpoint_error(endpoint, remote: RemoteGraph, answer: Answer) -> None:
    endpoint.answer = answer
    with pytest.raises(EndpointError, match=endpoint.address):
        remote.query(sparql="SELECT ?s { ?s ?p ?o }")


def test_an_endpoint_that_drips_is_left_at_the_limit(endpoint) -> None:
    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", JSON)
        handler.end_headers()
        for _ in range(600):
            handler.wfile.write(b" ")
            handler.wfile.flush()
            time.sleep(0.1)

    endpoint.answer = drip
    with pytest.raises(EndpointError, match="more than 1 seconds"):
        connect(endpoint.address, seconds=1).query(sparql="SELECT ?s { ?s ?p ?o }")


def test_nobody_at_the_address_is_an_endpoint_error() -> None:
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{reserved.getsockname()[1]}/sparql"
        with pytest.raises(EndpointError, match="did not answer"):
            connect(address, seconds=5).query(sparql="ASK { }")


@pytest.mark.parametrize(
    "address",
    [
        "",
        "localhost",
        "file:///etc/passwd",
        "ftp://example.org/",
        "http://",
        "http://localhost:abc/",
        "http://localhost:0/",
        "http://[::1",
        "http://127.0.0.1/ x",
        "http://127.0.0.1/\n",
        "http://مثال.إختبار/",
    ],
)
def test_what_is_no_address_is_a_usage_error(address: str, capsys) -> None:
    with pytest.raises(UsageError, match="is no endpoint"):
        connect(address)
    assert main(["link", "verify", "--endpoint", address]) == 2


def test_an_address_that_messages_repeat_holds_no_password() -> None:
    with pytest.raises(UsageError, match="no user name or password") as caught:
        connect("http://me:secret@example.org/sparql")
    assert "secret" not in str(caught.value)


def test_the_name_of_the_protocol_is_read_in_any_case(endpoint) -> None:
    endpoint.answer = answering(ONE_ROW)
    assert len(connect(endpoint.address.replace("http", "HTTP")).query(sparql="SELECT ?s { ?s ?p ?o }")) == 1


def test_an_endpoint_cannot_send_the_client_to_a_file(endpoint, remote: RemoteGraph) -> None:
    endpoint.answer = answering("", 302, "text/plain", {"Location": "file:///etc/passwd"})
    with pytest.raises(EndpointError):
        remote.query(sparql="SELECT ?s { ?s ?p ?o }")


# The command line ────────────────────────────────────────────────────────────────────────────────────────


def test_the_command_line_asks_an_endpoint(sparql, cica, kg: KnowledgeGraph) -> None:
    here = cica("query", "members", "--format", "csv")
    there = cica("query", "members", "--format", "csv", "--endpoint", sparql.address)
    assert (there.returncode, there.stdout) == (0, here.stdout)
    assert f"28 rows · from {sparql.address}" in there.stderr


def test_the_command_line_exits_with_3_when_the_endpoint_fails(endpoint, cica) -> None:
    endpoint.answer = answering("<html>busy</html>", kind="text/html")
    done = cica("query", "--sparql", "ASK { }", "--endpoint", endpoint.address)
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.startswith(f"cica: {endpoint.address}")


def test_a_day_cannot_be_asked_of_an_endpoint(endpoint, cica) -> None:
    done = cica("query", "members", "--at", "2012-01-01", "--endpoint", endpoint.address)
    assert done.returncode == 2
    assert endpoint.seen == []
