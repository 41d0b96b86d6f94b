"""Query a SPARQL 1.1 endpoint somewhere else, through SPARQLWrapper.

SPARQLWrapper leaves much to its caller: raw urllib errors, answers that are no results, a user agent that
Wikimedia refuses. Each of these becomes an EndpointError here.
"""

from __future__ import annotations

import time
from itertools import pairwise
from typing import IO, Any, Final

from pyoxigraph import QueryResultsFormat, RdfFormat, parse, parse_query_results, serialize

from cica_kg.errors import EndpointError, QueryError, UsageError
from cica_kg.queries.engine import gives_triples
from cica_kg.queries.guard import tokens
from cica_kg.version import __version__
from cica_kg.vocabulary import PREFIXES

USER_AGENT: Final = f"cica-kg/{__version__} (https://w3id.org/cica-kg) SPARQLWrapper"
_RESULTS: Final = "application/sparql-results+json"
_TRIPLES: Final = "application/n-triples"
_TIMEOUT_S: Final = 60
_LARGEST: Final = 256 * 1024 * 1024
#: From this length on a query is sent by POST: servers and proxies cut long addresses.
_LONG: Final = 1500


def ask_endpoint(endpoint: str, query: str) -> bytes:
    """Send a query to an endpoint.

    Args:
        endpoint: its http or https address.
        query: SPARQL; our prefixes are declared for it where it uses them.

    Returns:
        The answer in the form of `results.exchange`: b"R" + SPARQL JSON, or b"G" + N-Triples.

    Raises:
        UsageError: the address is none.
        QueryError: the endpoint says that the query is wrong.
        EndpointError: it cannot be reached, or its answer is no SPARQL result.
    """
    if not endpoint.startswith(("http://", "https://")):
        raise UsageError(f"“{endpoint}” is no endpoint: its address begins with http:// or https://")
    from http.client import HTTPException
    from urllib.error import URLError

    from SPARQLWrapper import JSON, POST, SPARQLWrapper
    from SPARQLWrapper.SPARQLExceptions import QueryBadFormed, SPARQLWrapperException

    graph = gives_triples(query)
    wrapper = SPARQLWrapper(endpoint, agent=USER_AGENT)
    wrapper.setQuery(_declared(query))
    wrapper.setTimeout(_TIMEOUT_S)
    if len(query) > _LONG:
        wrapper.setMethod(POST)
    if graph:
        wrapper.setOnlyConneg(True)
        wrapper.addCustomHttpHeader("Accept", _TRIPLES)
    else:
        wrapper.setReturnFormat(JSON)
    try:
        response = wrapper.query().response
        kind = (response.headers.get("Content-Type") or "").partition(";")[0].strip().lower()
        body = _read(response, endpoint)
    except QueryBadFormed as error:
        raise QueryError(f"{endpoint} says that the query is wrong: {_first_line(error)}") from None
    except (SPARQLWrapperException, URLError, HTTPException, OSError, ValueError) as error:
        raise EndpointError(f"{endpoint} did not answer: {_first_line(error)}") from None
    return _understood(endpoint, kind, body, graph)


def _read(response: IO[bytes], endpoint: str) -> bytes:
    """Read an answer, within the time and the size that one may take: a socket's own timeout starts anew
    with every byte that drips in.
    """
    deadline = time.monotonic() + _TIMEOUT_S
    parts: list[bytes] = []
    size = 0
    while part := response.read1(1 << 16):  # type: ignore[attr-defined]  # http.client.HTTPResponse has it
        size += len(part)
        if size > _LARGEST or time.monotonic() > deadline:
            raise EndpointError(f"{endpoint} sends too much or too slowly; ask for less with LIMIT")
        parts.append(part)
    return b"".join(parts)


def _understood(endpoint: str, kind: str, body: bytes, graph: bool) -> bytes:
    """Accept an answer only if it is what was asked for; a 200 with a notice in it is an error."""
    try:
        if graph:
            format_ = RdfFormat.from_media_type(kind)
            if format_ is None:
                raise ValueError(f"its answer is of type {kind or 'unknown'}")
            return b"G" + (
                serialize((quad.triple for quad in parse(body, format_)), format=RdfFormat.N_TRIPLES) or b""
            )
        if kind not in (_RESULTS, "application/json"):
            raise ValueError(f"its answer is of type {kind or 'unknown'}, not {_RESULTS}")
        answer: Any = parse_query_results(body, format=QueryResultsFormat.JSON)
        return b"R" + (answer.serialize(format=QueryResultsFormat.JSON) or b"")
    except (SyntaxError, ValueError) as error:
        raise EndpointError(f"{endpoint} gave no SPARQL result: {_first_line(error)}") from None


def _declared(query: str) -> str:
    """Put the declarations of our prefixes that the query uses in front of it."""
    found = list(tokens(query))
    own = {name.text for word, name in pairwise(found) if word.text.upper() == "PREFIX"}
    used = {token.text.partition(":")[0] for token in found if token.kind == "prefixed"}
    lines = (f"PREFIX {p}: <{iri}>\n" for p, iri in PREFIXES.items() if p in used and f"{p}:" not in own)
    return "".join(lines) + query


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:300]
