"""What comes back over HTTP for a SPARQL query: read to its end, and taken only for what it is."""

from __future__ import annotations

import contextlib
import zlib
from typing import TYPE_CHECKING, Any, Final, NoReturn
from urllib.parse import urljoin, urlsplit

from pyoxigraph import QueryResultsFormat, QuerySolutions, RdfFormat, parse, parse_query_results, serialize

from cica_kg.errors import (
    BannedError,
    EndpointTimeoutError,
    NotSparqlError,
    QueryError,
    TruncatedError,
    UnreachableError,
)
from cica_kg.manners import LaterError, retry_after
from cica_kg.text import harmless

if TYPE_CHECKING:
    from http.client import HTTPResponse
    from urllib.error import HTTPError

_JSON: Final = ("application/sparql-results+json", "application/json")
_LARGEST: Final = 256 * 1024 * 1024
#: Answers that ask to come again later. Not 500: of a query engine it is nearly always the query's fault.
_LATER: Final = (429, 502, 503, 504)
_MOVED: Final = (301, 302, 303, 307, 308)
#: How much of a refusal is read for its reason: a stack trace stands behind the whole query.
_REASON: Final = 1 << 20


def read_body(url: str, response: HTTPResponse) -> bytes:
    """Read an answer piece by piece, unpacking it, up to a size.

    Raises:
        TruncatedError: it ends too early, or is larger than anything asked for.
        TimeoutError: it did not end in time.
    """
    unpack = _Gunzip() if response.headers.get("Content-Encoding", "").lower() == "gzip" else None
    parts: list[bytes] = []
    received = size = 0
    while part := _next_part(url, response):
        received += len(part)
        try:
            parts.append(unpack(part, _LARGEST - size + 1) if unpack else part)
        except zlib.error:
            raise TruncatedError(f"{url} sends an answer that is packed wrongly; try again") from None
        size += len(parts[-1])
        if size > _LARGEST:
            raise TruncatedError(f"{url} sends more than {_LARGEST >> 20} MB; ask for less with LIMIT")
    expected = response.headers.get("Content-Length", "")
    if (expected.isdigit() and received < int(expected)) or (unpack and not unpack.whole):
        raise TruncatedError(f"{url} broke off in the middle of its answer; try again")
    return b"".join(parts)


def _next_part(url: str, response: HTTPResponse) -> bytes:
    try:
        return response.read1(1 << 16)
    except ConnectionError:
        raise TruncatedError(f"{url} broke off in the middle of its answer; try again") from None


class _Gunzip:
    """Unpacks gzip as it comes, one part after the other, never to more than is allowed."""

    def __init__(self) -> None:
        self._member = zlib.decompressobj(31)

    @property
    def whole(self) -> bool:
        """Whether what came so far ends where a gzip file may."""
        return self._member.eof

    def __call__(self, data: bytes, most: int) -> bytes:
        unpacked = b""
        while data and len(unpacked) < most:
            if self._member.eof:
                self._member = zlib.decompressobj(31)
            unpacked += self._member.decompress(data, most - len(unpacked))
            data = self._member.unused_data or self._member.unconsumed_tail
        return unpacked


def refuse(url: str, error: HTTPError) -> NoReturn:
    """Raise what an HTTP status of 300 or more means.

    Raises:
        LaterError: come again later.
        QueryError: the query is wrong.
        BannedError, EndpointTimeoutError, UnreachableError: as their names say.
    """
    body = b""
    with contextlib.suppress(Exception):  # the reason is a courtesy; the status has been told
        while len(body) < _REASON and (part := error.fp.read1(_REASON)):  # type: ignore[attr-defined]
            body += part
    error.close()
    judge(url, body)
    if error.code in _LATER:
        raise LaterError(f"HTTP {error.code}", retry_after(error.headers.get("Retry-After")))
    if error.code in _MOVED and (place := error.headers.get("Location")):
        raise UnreachableError(
            f"{url} sends the request on (HTTP {error.code}) to {harmless(urljoin(url, place))}: name that"
            " address if you trust it"
        )
    text = body.decode("utf-8", "replace").strip()
    reason = first_line(error.reason if text.startswith("<") or not text else text)
    if error.code == 400:
        raise QueryError(f"{url} says that the query is wrong: {reason}")
    raise UnreachableError(f"{url} refused: HTTP {error.code}, {reason}")


def judge(url: str, body: bytes) -> None:
    """Raise where a text in place of an answer says that this client is banned, or the query was stopped.

    Raises:
        BannedError: until when, the text says.
        EndpointTimeoutError: the query went over the endpoint's own limit of time.
    """
    if (place := body.find(b"banned until")) >= 0:
        until = first_line(body[place + len(b"banned until") :].decode("utf-8", "replace"))[:60]
        raise BannedError(f"{url} has banned this client until {until}; ask nothing before then")
    if b"TimeoutException" in body:
        raise EndpointTimeoutError(f"{url} stopped the query at its own limit of time; ask for less")


def understand(url: str, response: HTTPResponse, body: bytes, triples: bool) -> bytes:
    """Return an answer in the form of `exchange`, only if it is what was asked for.

    Engines send notices, login pages and half answers with a stack trace under status 200.

    Raises:
        BannedError, EndpointTimeoutError, NotSparqlError, TruncatedError: as their names say.
    """
    kind = (response.headers.get("Content-Type") or "").partition(";")[0].strip().lower()
    wanted = RdfFormat.from_media_type(kind) if triples else None
    if (triples and wanted is None) or (not triples and kind not in _JSON):
        judge(url, body[:_REASON])
        raise NotSparqlError(
            f"{url} gave no SPARQL result: {_elsewhere(url, response)}its answer is of type "
            f"{harmless(kind) or 'unknown'}{_notice(kind, body)}"
        )
    found = _reread(body, wanted)
    if isinstance(found, str):
        judge(url, body)
        whole = body.rstrip().endswith((b"}", b"."))
        problem = NotSparqlError if whole or not body else TruncatedError
        raise problem(f"{url} gave no SPARQL result: {found}")
    return found


def _elsewhere(url: str, response: HTTPResponse) -> str:
    """Say where the request was sent on to, if it was: a login page stands elsewhere."""
    asked, final = urlsplit(url), urlsplit(response.geturl())
    if (asked.netloc, asked.path) == (final.netloc, final.path):
        return ""
    return f"it sent the request on to {harmless(final.netloc + final.path)}, perhaps to log in; "


def _notice(kind: str, body: bytes) -> str:
    line = first_line(body[:_REASON].decode("utf-8", "replace")) if body.strip() else ""
    return f" (“{line}”)" if kind == "text/plain" and line else ""


def _reread(body: bytes, format_: RdfFormat | None) -> bytes | str:
    """Return an answer in the form of `exchange`, or, as text, why it is none.

    An error is told, not raised: its traceback would carry the engine's answer to whatever thread drops it,
    and the engine ends the process for that.
    """
    try:
        if format_ is not None:
            found = (quad.triple for quad in parse(body, format_))
            return b"G" + (serialize(found, format=RdfFormat.N_TRIPLES) or b"")
        answer: Any = parse_query_results(body, format=QueryResultsFormat.JSON)
        if isinstance(answer, QuerySolutions) and [v.value for v in answer.variables] == ["__ASK_RETVAL"]:
            # Virtuoso 7 answers an ASK with a row: 1 or 0.
            yes = any(row["__ASK_RETVAL"].value not in ("0", "false") for row in answer)
            return b'R{"head":{},"boolean":' + (b"true}" if yes else b"false}")
        return b"R" + (answer.serialize(format=QueryResultsFormat.JSON) or b"")
    except (SyntaxError, ValueError) as error:
        return first_line(error)


def first_line(text: object) -> str:
    """Return the first line of a text or error, safe for a terminal and not too long."""
    return harmless((str(text).strip().splitlines() or [type(text).__name__])[0][:300])
