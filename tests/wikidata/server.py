"""SPARQL endpoints on the loopback interface that behave as Wikidata's present and coming engines do."""

from __future__ import annotations

import gc
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from typing import Literal as Choice
from urllib.parse import parse_qs, urlsplit

from pyoxigraph import (
    Quad,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Store,
    Triple,
    serialize,
)

from tests.conftest import Endpoint
from tests.wikidata.world import munged

Mode = Choice["plain", "wdqs", "qlever"]

JSON = "application/sparql-results+json"
#: What a real engine of the one kind knows and the other refuses, or what would leave this machine.
VENDOR = re.compile(r"\bSERVICE\b|\bhint:|\bbd:|\bgas:|\bmwapi:|isSomeValue|\bWITH\s*\{", re.IGNORECASE)
#: Libraries that do not say who uses them.
NAMELESS = ("python-urllib", "sparqlwrapper 2", "python-requests", "curl", "")


@contextmanager
def serve(
    data: Store | Iterable[Triple],
    mode: Mode = "plain",
    *,
    most: int | None = None,
    seen: list[str] | None = None,
) -> Iterator[str]:
    """Serve `data` over HTTP and give the address.

    Args:
        data: the store, or the triples, in the full shape of Special:EntityData.
        mode: "plain"; "wdqs": refuses clients that do not say who they are, unknown values are IRIs;
            "qlever": answers CONSTRUCT as Turtle alone. The last two leave out what loading leaves out.
        most: so many queries are answered, then each gets a 429 with Retry-After.
        seen: gets the queries, in their order.
    """
    triples = [quad.triple for quad in data] if isinstance(data, Store) else data
    store = Store()
    store.extend(Quad(*t) for t in (triples if mode == "plain" else munged(triples, skolem=mode == "wdqs")))
    with no_collector():
        served = Endpoint()
        queries: list[str] = [] if seen is None else seen
        served.answer = _answer(store, mode, most, queries)
        try:
            yield served.address
        finally:
            served.server.shutdown()
            served.server.server_close()


@contextmanager
def no_collector() -> Iterator[None]:
    """Keep the cyclic garbage collector out of the server's threads.

    pyoxigraph's answers must die in the thread they were born in, and the collector runs in whichever thread
    happens to call for memory.
    """
    if not gc.isenabled():  # one server within another
        yield
        return
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _answer(
    store: Store, mode: Mode, most: int | None, seen: list[str]
) -> Callable[[BaseHTTPRequestHandler], None]:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        query = asked(handler)
        agent = handler.headers.get("User-Agent", "").lower()
        if mode == "wdqs" and any(agent.startswith(name) if name else not agent for name in NAMELESS):
            return reply(handler, 200, "text/plain", "Please set a user agent; see the policy.")
        if most is not None and len(seen) >= most:
            return reply(handler, 429, "text/plain", "Too many requests", {"Retry-After": "90"})
        seen.append(query)
        if VENDOR.search(query):
            return reply(handler, 400, "text/plain", "not portable")
        status, kind, body = _result(store, query)
        if kind == "text/turtle" and mode != "qlever":
            kind = "application/n-triples"  # the same bytes: every line of N-Triples is Turtle
        if kind not in handler.headers.get("Accept", ""):
            return reply(handler, 406, "text/plain", f"only {kind}")
        return reply(handler, status, kind, body)

    return answer


def _result(store: Store, query: str) -> tuple[int, str, bytes]:
    """Evaluate and write in one function: an answer of the engine may not leave its thread."""
    try:
        found = store.query(query)
        if isinstance(found, QuerySolutions | QueryBoolean):
            return 200, JSON, found.serialize(format=QueryResultsFormat.JSON) or b""
        return 200, "text/turtle", serialize(found, format=RdfFormat.N_TRIPLES) or b""
    except SyntaxError as error:
        return 400, "text/plain", str(error).encode()


def asked(handler: BaseHTTPRequestHandler) -> str:
    """Return the query of a request, sent by GET or as a form by POST."""
    body: bytes = handler.body  # type: ignore[attr-defined]  # Endpoint read it
    text = body.decode() if handler.command == "POST" else urlsplit(handler.path).query
    return parse_qs(text).get("query", [""])[0]


def reply(
    handler: BaseHTTPRequestHandler,
    status: int,
    kind: str,
    body: bytes | str,
    headers: dict[str, str] | None = None,
) -> None:
    """Send one whole answer."""
    data = body.encode() if isinstance(body, str) else body
    handler.send_response(status)
    for name, value in ({"Content-Type": kind, "Content-Length": str(len(data))} | (headers or {})).items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(data)
