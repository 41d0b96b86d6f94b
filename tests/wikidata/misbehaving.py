"""Answers of servers that are overloaded, offended, broken or not what they seem: one function each.

Each takes the handler of a request, as `Endpoint.answer` of tests/conftest.py does.
"""

from __future__ import annotations

import gzip
import json
import socket
import time
from collections.abc import Callable
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler

from tests.wikidata.server import JSON, reply

Answer = Callable[[BaseHTTPRequestHandler], None]

ONE_ROW = json.dumps(
    {
        "head": {"vars": ["item"]},
        "results": {"bindings": [{"item": {"type": "uri", "value": "http://www.wikidata.org/entity/Q232"}}]},
    }
)
#: How a query that ran out of time ends at the query service: half a result, then what its log has.
CUT_WITH_TRACE = (
    ONE_ROW[:60]
    + "\njava.util.concurrent.TimeoutException\n\tat java.util.concurrent.FutureTask.get(Future.java:205)\n"
)
#: The query service repeats the query before it says what went wrong.
LATE_TRACE = "SPARQL-QUERY: queryStr=" + "wd:Q232 " * 10_000 + "\njava.util.concurrent.TimeoutException\n"
BAN = "You have been banned until 2026-11-26T13:00:00Z, please respect throttling and retry-after headers."


def answering(
    body: bytes | str, status: int = 200, kind: str = JSON, headers: dict[str, str] | None = None
) -> Answer:
    """Return what sends one whole answer."""
    return lambda handler: reply(handler, status, kind, body, headers)


def in_turn(*answers: Answer) -> Answer:
    """Return what gives the answers one after the other, the last one from then on."""
    left = list(answers)

    def answer(handler: BaseHTTPRequestHandler) -> None:
        (left.pop(0) if len(left) > 1 else left[0])(handler)

    return answer


def later(status: int = 429, after: str | None = "0") -> Answer:
    """Return what asks to come again."""
    return answering("Too many requests", status, "text/plain", {"Retry-After": after} if after else {})


def long_ago() -> str:
    """Return the HTTP date of a moment that has passed."""
    return formatdate(0, usegmt=True)


def in_an_hour() -> str:
    """Return the HTTP date of a moment that nobody waits for."""
    return formatdate(time.time() + 3600, usegmt=True)


def gzipped(body: str = ONE_ROW, *, cut: int | None = None, members: int = 1) -> Answer:
    """Return what sends a packed answer, perhaps in several members, perhaps cut off."""
    data, size = body.encode(), -(-len(body.encode()) // members)
    packed = b"".join(gzip.compress(data[at : at + size]) for at in range(0, len(data), size))
    return answering(packed[:cut], headers={"Content-Encoding": "gzip"})


def to_a_login(handler: BaseHTTPRequestHandler) -> None:
    """Send the request on to a page, and answer there with it."""
    if handler.path.startswith("/login"):
        reply(handler, 200, "text/html", "<!DOCTYPE html><form>Log in</form>")
    else:
        reply(handler, 302, "text/html", "", {"Location": "/login?next=sparql"})


def in_circles(handler: BaseHTTPRequestHandler) -> None:
    """Send the request on to where it came from."""
    reply(handler, 302, "text/html", "", {"Location": handler.path})


def dripping(handler: BaseHTTPRequestHandler) -> None:
    """Begin an answer and let a byte fall now and then."""
    handler.send_response(200)
    handler.send_header("Content-Type", JSON)
    handler.end_headers()
    for _ in range(600):
        handler.wfile.write(b" ")
        handler.wfile.flush()
        time.sleep(0.1)


def dripping_headers(handler: BaseHTTPRequestHandler) -> None:
    """Begin the headers of an answer and let a letter fall now and then."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX: ")
    for _ in range(300):
        handler.wfile.write(b"x")
        handler.wfile.flush()
        time.sleep(0.1)


def refusing_slowly(handler: BaseHTTPRequestHandler) -> None:
    """Refuse, and let the reason fall letter by letter."""
    handler.send_response(400)
    handler.end_headers()
    for _ in range(300):
        handler.wfile.write(b"x")
        handler.wfile.flush()
        time.sleep(0.1)


def refusing_at_length(handler: BaseHTTPRequestHandler) -> None:
    """Refuse, with a reason of 4 GB."""
    handler.send_response(400)
    handler.end_headers()
    for _ in range(1 << 12):
        handler.wfile.write(b"x" * (1 << 20))


def reset(handler: BaseHTTPRequestHandler) -> None:
    """Break the connection in the middle of an answer."""
    reply(handler, 200, JSON, ONE_ROW[:40], {"Content-Length": "10000"})
    handler.wfile.flush()
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    handler.close_connection = True
    handler.connection.close()
