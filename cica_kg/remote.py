"""Query a SPARQL 1.1 endpoint somewhere else, through SPARQLWrapper.

SPARQLWrapper 2.0 leaves much to its caller: raw urllib errors, no retries, a timeout that starts anew with
each byte, answers that are no results, a user agent that Wikimedia refuses. Here each has one outcome.
"""

from __future__ import annotations

import os
import re
import threading
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl, quote_plus, urlsplit

from cica_kg import replies
from cica_kg.errors import (
    EndpointError,
    EndpointTimeoutError,
    ThrottledError,
    TruncatedError,
    UnreachableError,
    UsageError,
)
from cica_kg.files import query_folder
from cica_kg.manners import LaterError, Manners, retrying, user_agent
from cica_kg.queries import catalog, results
from cica_kg.queries.engine import form, gives_triples
from cica_kg.queries.guard import tokens
from cica_kg.text import harmless
from cica_kg.vocabulary import PREFIXES

if TYPE_CHECKING:
    from rdflib import Graph
    from SPARQLWrapper import SPARQLWrapper

#: Some engines write triples as Turtle alone.
_TRIPLES: Final = "application/n-triples,text/turtle;q=0.9"
#: From this length in an address on, a query is sent by POST: servers and proxies cut long addresses.
_LONG: Final = 1500


def connect(
    url: str,
    queries: str | os.PathLike[str] | None = None,
    seconds: float = 60.0,
    manners: Manners = Manners(),  # noqa: B008  # frozen
    progress: Callable[[str], None] = lambda _: None,
) -> RemoteGraph:
    """Return a graph that a SPARQL 1.1 endpoint holds; nothing is sent before the first query.

    Args:
        url: the http or https address of the endpoint.
        queries: a folder of named questions; None for the ones that came with the package.
        seconds: for one query with all its retries.
        manners: who asks, and how patiently.
        progress: called with a line of text before a wait.

    Raises:
        UsageError: the address or the contact is none.
    """
    folder = query_folder() if queries is None else Path(queries)
    return RemoteGraph(url, folder, seconds, manners, progress)


def host_of(url: str) -> str:
    """Return the host of an endpoint's address.

    Raises:
        UsageError: it is no address of an endpoint.
    """
    try:
        parts = urlsplit(url)
        whole = bool(parts.hostname) and parts.port != 0
    except ValueError:
        whole = False
    if not whole or parts.scheme not in ("http", "https") or not re.fullmatch("[!-~]+", url):
        raise UsageError(
            f"“{harmless(url)}” is no endpoint: an address is like https://example.org/sparql, begins with "
            "http:// or https://, and is in ASCII without spaces"
        )
    if parts.username is not None:
        raise UsageError("the address of an endpoint may hold no user name or password: messages repeat it")
    return str(parts.hostname)


class RemoteGraph:
    """A graph behind an endpoint: the same questions as a local one, answered for the day it has itself."""

    def __init__(
        self, url: str, queries: Path, seconds: float, manners: Manners, progress: Callable[[str], None]
    ) -> None:
        """Take what `connect` takes."""
        host_of(url)
        self.url = url
        self._queries = queries
        self._seconds = seconds
        self._manners = manners
        self._agent = user_agent(manners.contact)
        self._progress = progress
        self._turn = threading.Lock()
        self._free = 0.0

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
        with self._turn:  # one request at a time, whoever asks
            self._pause()
            deadline = time.monotonic() + self._seconds
            again = retrying(self._manners, deadline, lambda text: self._progress(f"{self.url}: {text}"))
            try:
                return again(lambda: self._attempt(query, deadline))
            except LaterError as error:
                raise ThrottledError(
                    f"{self.url} is overloaded or asks to come again {_when(error.wait_s)}: {error}"
                ) from None

    def _attempt(self, query: str, deadline: float) -> bytes:
        self._pause()
        try:
            return self._send(query, deadline)
        finally:
            self._free = time.monotonic() + self._manners.pause_s

    def _pause(self) -> None:
        """Wait until the pause after the last request is over."""
        time.sleep(max(0.0, self._free - time.monotonic()))

    def _send(self, query: str, deadline: float) -> bytes:
        from http.client import HTTPException, IncompleteRead
        from urllib.error import HTTPError

        from cica_kg.sending import send

        triples = gives_triples(query)
        # SPARQLWrapper's own way to send reads refusals without end and follows a server out of the web.
        request = self._request(query, triples)._createRequest()
        try:
            response = send(request, deadline)
            body = replies.read_body(self.url, response)
        except HTTPError as error:
            replies.refuse(self.url, error)
        except IncompleteRead:
            raise TruncatedError(f"{self.url} broke off in the middle of its answer; try again") from None
        except (OSError, HTTPException, ValueError) as error:
            raise self._unreachable(getattr(error, "reason", error)) from None
        return replies.understand(self.url, response, body, triples)

    def _request(self, query: str, triples: bool) -> SPARQLWrapper:
        from SPARQLWrapper import JSON, POST, SPARQLWrapper

        # SPARQLWrapper puts “?query=” behind any address: parameters of its own go in one by one.
        address, _, own = self.url.partition("?")
        wrapper = SPARQLWrapper(address, agent=self._agent)
        for name, value in parse_qsl(own):
            wrapper.addParameter(name, value)
        text = _declared(query)
        wrapper.setQuery(text)
        # SPARQLWrapper guesses the form by patterns that comments mislead.
        wrapper.queryType = form(query)
        if len(quote_plus(text)) > _LONG:
            wrapper.setMethod(POST)
        wrapper.addCustomHttpHeader("Accept-Encoding", "gzip")
        if triples:
            wrapper.setOnlyConneg(True)
            wrapper.addCustomHttpHeader("Accept", _TRIPLES)
        else:
            wrapper.setReturnFormat(JSON)
        return wrapper

    def _unreachable(self, reason: Any) -> EndpointError:
        """Tell why no answer came, or none in time."""
        if isinstance(reason, TimeoutError):
            return EndpointTimeoutError(
                f"{self.url} took more than {self._seconds:g} seconds; ask for less with LIMIT"
            )
        if type(reason).__name__ == "SSLCertVerificationError":  # ssl is loaded for https alone
            return UnreachableError(
                f"{self.url} did not prove that it is this server, so nothing was asked: its certificate was "
                f"refused ({reason.verify_message})"
            )
        return UnreachableError(f"{self.url} did not answer: {replies.first_line(reason)}")


def _when(wait_s: float | None) -> str:
    return f"in {wait_s:.0f} seconds" if wait_s else "later"


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
