"""Query a SPARQL 1.1 endpoint somewhere else, through SPARQLWrapper.

SPARQLWrapper 2.0 leaves much to its caller: raw urllib errors, no retries, a timeout that starts anew with
each byte, answers that are no results, a user agent that Wikimedia refuses. Here each has one outcome.
"""

from __future__ import annotations

import ast
import os
import time
from itertools import pairwise
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final, NoReturn
from urllib.parse import parse_qsl

from pyoxigraph import QueryResultsFormat, QuerySolutions, RdfFormat, parse, parse_query_results, serialize

from cica_kg.errors import (
    EndpointError,
    EndpointTimeoutError,
    NotSparqlError,
    QueryError,
    ThrottledError,
    TruncatedError,
    UnreachableError,
    UsageError,
)
from cica_kg.files import query_folder
from cica_kg.queries import catalog, results
from cica_kg.queries.engine import form, gives_triples
from cica_kg.queries.guard import tokens
from cica_kg.version import __version__
from cica_kg.vocabulary import PREFIXES

if TYPE_CHECKING:
    from rdflib import Graph
    from tenacity import RetryCallState

USER_AGENT: Final = f"cica-kg/{__version__} (https://w3id.org/cica-kg) SPARQLWrapper"
_RESULTS: Final = "application/sparql-results+json"
_TRIPLES: Final = "application/n-triples"
_LARGEST: Final = 256 * 1024 * 1024
#: From this length on a query is sent by POST: servers and proxies cut long addresses.
_LONG: Final = 1500
#: Answers that ask to come again later.
_LATER: Final = (429, 502, 503, 504)
_ATTEMPTS: Final = 4
_LONGEST_WAIT_S: Final = 20.0


def connect(url: str, queries: str | os.PathLike[str] | None = None, seconds: float = 60.0) -> RemoteGraph:
    """Return a graph that a SPARQL 1.1 endpoint holds; nothing is sent before the first query.

    Args:
        url: the http or https address of the endpoint.
        queries: a folder of named questions; None for the ones that came with the package.
        seconds: for one query with all its retries.

    Raises:
        UsageError: the address is none.
    """
    return RemoteGraph(url, query_folder() if queries is None else Path(queries), seconds)


class RemoteGraph:
    """A graph behind an endpoint: the same questions as a local one, answered for the day it has itself."""

    def __init__(self, url: str, queries: Path, seconds: float) -> None:
        """Take the address, the folder of questions and the time for one query."""
        if not url.startswith(("http://", "https://")):
            raise UsageError(f"“{url}” is no endpoint: its address begins with http:// or https://")
        self.url = url
        self._queries = queries
        self._seconds = seconds

    def query(
        self,
        name: str | None = None,
        *,
        sparql: str | None = None,
        file: str | os.PathLike[str] | None = None,
        **parameters: str,
    ) -> results.Rows | bool | Graph:
        """Answer a named question, a SPARQL text or a SPARQL file, as `KnowledgeGraph.query` does.

        A parameter that is a thing must be given as an IRI or a prefixed name: names are not looked up.

        Raises:
            UsageError: not exactly one query, an unknown name, a wrong parameter.
            QueryError: the endpoint says that the query is wrong.
            EndpointError: in one of its classes, when there is no answer or none that is complete.
        """
        text = catalog.query_text(
            name, sparql, file, parameters, lambda n: catalog.find_question(n, self._queries), _iri
        )
        return results.value(results.reopen(self.ask(text)))

    def ask(self, query: str) -> bytes:
        """Send a query, again later where the endpoint asks for it, and return what `exchange` would give.

        Raises:
            QueryError, EndpointError: as `query`.
        """
        from tenacity import Retrying, retry_if_exception_type, stop_after_attempt

        deadline = time.monotonic() + self._seconds
        retrying = Retrying(
            stop=stop_after_attempt(_ATTEMPTS),
            retry=retry_if_exception_type(_LaterError),
            wait=_wait,
            before_sleep=lambda state: _refuse_waiting_too_long(state, deadline),
            reraise=True,
        )
        try:
            return retrying(lambda: self._send(query, deadline))
        except _LaterError as error:
            raise ThrottledError(f"{self.url} is overloaded or asks to come again later: {error}") from None

    def _send(self, query: str, deadline: float) -> bytes:
        from http.client import HTTPException, IncompleteRead
        from urllib.error import HTTPError

        from SPARQLWrapper import JSON, POST, SPARQLWrapper
        from SPARQLWrapper.SPARQLExceptions import QueryBadFormed, SPARQLWrapperException

        triples = gives_triples(query)
        # SPARQLWrapper puts “?query=” behind any address: parameters of its own go in one by one.
        address, _, own = self.url.partition("?")
        wrapper = SPARQLWrapper(address, agent=USER_AGENT)
        for name, value in parse_qsl(own):
            wrapper.addParameter(name, value)
        wrapper.setQuery(_declared(query))
        # SPARQLWrapper guesses the form by patterns that comments mislead.
        wrapper.queryType = form(query)
        wrapper.setTimeout(max(1, round(deadline - time.monotonic())))
        if len(query) > _LONG:
            wrapper.setMethod(POST)
        if triples:
            wrapper.setOnlyConneg(True)
            wrapper.addCustomHttpHeader("Accept", _TRIPLES)
        else:
            wrapper.setReturnFormat(JSON)
        try:
            response = wrapper.query().response
            kind = (response.headers.get("Content-Type") or "").partition(";")[0].strip().lower()
            body = self._read(response, deadline)
        except HTTPError as error:
            self._refused(error)
        except QueryBadFormed as error:
            raise QueryError(f"{self.url} says that the query is wrong: {_complaint(error)}") from None
        except SPARQLWrapperException as error:
            raise EndpointError(f"{self.url} refused: {type(error).__name__}, {_complaint(error)}") from None
        except IncompleteRead:
            raise TruncatedError(f"{self.url} broke off in the middle of its answer; try again") from None
        except (OSError, HTTPException, ValueError) as error:
            reason = getattr(error, "reason", error)
            if isinstance(reason, TimeoutError):
                raise self._too_slow() from None
            raise UnreachableError(f"{self.url} did not answer: {_line(reason)}") from None
        return self._understood(kind, body, triples)

    def _read(self, response: IO[bytes], deadline: float) -> bytes:
        """Read an answer piece by piece: a socket's own timeout starts anew with every byte that drips in."""
        expected = response.headers.get("Content-Length")  # type: ignore[attr-defined]  # an HTTPResponse
        parts: list[bytes] = []
        size = 0
        while part := response.read1(1 << 16):  # type: ignore[attr-defined]
            size += len(part)
            if size > _LARGEST:
                raise TruncatedError(
                    f"{self.url} sends more than {_LARGEST >> 20} MB; ask for less with LIMIT"
                )
            if time.monotonic() > deadline:
                raise self._too_slow()
            parts.append(part)
        if expected is not None and expected.isdigit() and size < int(expected):
            raise TruncatedError(f"{self.url} broke off in the middle of its answer; try again")
        return b"".join(parts)

    def _refused(self, error: Any) -> NoReturn:
        if error.code in _LATER:
            raise _LaterError(f"HTTP {error.code}", _retry_after(error.headers.get("Retry-After")))
        raise UnreachableError(f"{self.url} did not answer: HTTP {error.code} {error.reason}") from None

    def _understood(self, kind: str, body: bytes, triples: bool) -> bytes:
        """Accept an answer only if it is what was asked for; a 200 with a notice in it is an error."""
        wanted = RdfFormat.from_media_type(kind) if triples else None
        if (triples and wanted is None) or (not triples and kind not in (_RESULTS, "application/json")):
            raise NotSparqlError(
                f"{self.url} gave no SPARQL result: its answer is of type {kind or 'unknown'}"
            )
        found = _reread(body, wanted)
        if isinstance(found, str):
            whole = body.rstrip().endswith((b"}", b"."))
            problem = NotSparqlError if whole or not body else TruncatedError
            raise problem(f"{self.url} gave no SPARQL result: {found}")
        return found

    def _too_slow(self) -> EndpointTimeoutError:
        return EndpointTimeoutError(
            f"{self.url} took more than {self._seconds:g} seconds; ask for less with LIMIT"
        )


class _LaterError(Exception):
    """The endpoint asks to come again, perhaps after `wait` seconds."""

    def __init__(self, message: str, wait: float | None) -> None:
        super().__init__(message)
        self.wait = wait


def _wait(state: RetryCallState) -> float:
    """Wait as long as Retry-After says, else exponentially longer with jitter (at most 20 s)."""
    from tenacity import wait_random_exponential

    error = state.outcome.exception() if state.outcome else None
    asked = error.wait if isinstance(error, _LaterError) else None
    return asked if asked is not None else wait_random_exponential(multiplier=0.5, max=_LONGEST_WAIT_S)(state)


def _refuse_waiting_too_long(state: RetryCallState, deadline: float) -> None:
    sleep = state.next_action.sleep if state.next_action else 0
    if time.monotonic() + sleep > deadline and state.outcome:
        raise state.outcome.exception() or AssertionError


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
        return _line(error)


def _retry_after(value: str | None) -> float | None:
    """Read a Retry-After header: seconds or an HTTP date (RFC 9110, 10.2.3)."""
    if value is None:
        return None
    if value.strip().isdigit():
        return float(value)
    from datetime import UTC, datetime
    from email.utils import parsedate_to_datetime

    try:
        return max(0.0, (parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds())
    except (TypeError, ValueError):
        return None


def _iri(text: str, _: str | None) -> str:
    prefix, _, local = text.partition(":")
    if prefix in PREFIXES:
        return PREFIXES[prefix] + local
    if "://" in text:
        return text
    raise UsageError(f"“{text}”: name a thing by IRI or prefixed name (state:japan) for an endpoint")


def _declared(query: str) -> str:
    """Put the declarations of our prefixes that the query uses in front of it."""
    found = list(tokens(query))
    own = {name.text for word, name in pairwise(found) if word.text.upper() == "PREFIX"}
    used = {token.text.partition(":")[0] for token in found if token.kind == "prefixed"}
    lines = (f"PREFIX {p}: <{iri}>\n" for p, iri in PREFIXES.items() if p in used and f"{p}:" not in own)
    return "".join(lines) + query


def _complaint(error: object) -> str:
    """Return what the endpoint said, out of SPARQLWrapper's message (`… Response:\\nb'text'`)."""
    said = str(error).partition("Response:")[2].strip()
    try:
        body = ast.literal_eval(said) if said else b""
    except (ValueError, SyntaxError):
        body = b""
    return _line(body.decode("utf-8", "replace") if isinstance(body, bytes) and body.strip() else error)


def _line(error: object) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:300]
