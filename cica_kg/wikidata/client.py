"""Where Wikidata's statements come from: one protocol, whether an endpoint or a snapshot answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cached_property
from typing import Final, NoReturn, Protocol, TypeAlias, cast

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, QuerySolutions, Store, Triple

from cica_kg.errors import EndpointError, NotSparqlError, QueryError
from cica_kg.manners import Manners
from cica_kg.queries.results import Answer, reopen
from cica_kg.remote import RemoteGraph, connect, host_of
from cica_kg.wikidata.asking import query_text

#: The public query service of Wikidata; “wikidata” names it on the command line.
WIKIDATA: Final = "https://query.wikidata.org/sparql"

_HERE: Final = ("localhost", "127.0.0.1", "::1")

Term: TypeAlias = NamedNode | Literal | BlankNode
#: Each a dict from variable to term.
Rows: TypeAlias = "Sequence[Mapping[str, Term]]"


class Answers(Protocol):
    """A source of Wikidata's statements.

    Attributes:
        checked: what answers, for people: "https://query.wikidata.org/sparql, live", "snapshot of
            2026-11-20", "synthetic data".
        day: the day of which the answers are, YYYY-MM-DD: today for an endpoint, its own for a snapshot.
    """

    @property
    def checked(self) -> str:
        """What answers, for people."""

    @property
    def day(self) -> str:
        """The day of which the answers are."""

    def select(self, query: str) -> Rows:
        """Return the rows of a SELECT, without what is unbound.

        Raises:
            QueryError, EndpointError: as `RemoteGraph.query`.
        """

    def construct(self, query: str) -> list[Triple]:
        """Return the triples of a CONSTRUCT.

        Raises:
            QueryError, EndpointError: as `RemoteGraph.query`.
        """


class Client:
    """An endpoint as a source; nothing is sent before the first question. Made by `connect_wikidata()`."""

    def __init__(self, remote: RemoteGraph, progress: Callable[[str], None]) -> None:
        """Take the endpoint and what hears of each request."""
        self._remote = remote
        self._progress = progress
        self._asked = 0

    @cached_property
    def checked(self) -> str:
        """What answers; asks the endpoint once whether its data are synthetic, unless it is Wikidata's."""
        if self._remote.url != WIKIDATA and self.select(query_text("synthetic")):
            return f"{self._remote.url}, synthetic data"
        return f"{self._remote.url}, live"

    @property
    def day(self) -> str:
        """Today, in UTC."""
        return datetime.now(UTC).date().isoformat()

    def select(self, query: str) -> Rows:
        """Return the rows of a SELECT, as `Answers.select`."""
        return rows(self._ask(query))

    def construct(self, query: str) -> list[Triple]:
        """Return the triples of a CONSTRUCT, as `Answers.construct`."""
        return cast("list[Triple]", self._ask(query))

    def _ask(self, query: str) -> Answer:
        self._asked += 1
        self._progress(f"asking {self._remote.url}, request {self._asked}")
        try:
            return reopen(self._remote.ask(query))
        except QueryError as error:
            # Our queries are plain SPARQL 1.1: where one is refused, the endpoint does not speak that.
            raise EndpointError(f"{error}; the endpoint does not understand SPARQL 1.1 in full") from None


class DryRun:
    """A source that is asked nothing: it tells each query, and knows only the properties we expect.

    Attributes:
        told: how many queries there were.
    """

    def __init__(
        self, tell: Callable[[str], None], known: Iterable[Triple] = (), endpoint: str | None = None
    ) -> None:
        """Take what hears each query, the triples that answer it all the same, and who would be asked."""
        self.told = 0
        self._tell = tell
        self._endpoint = endpoint
        self._known = Store()
        self._known.extend(Quad(*triple) for triple in known)

    @cached_property
    def checked(self) -> str:
        """Nothing was; but an endpoint that is not Wikidata's would be asked what it is."""
        if self._endpoint not in (None, "wikidata", WIKIDATA):
            self._announce(query_text("synthetic"))
        return "nothing: a dry run"

    @property
    def day(self) -> str:
        """Today, in UTC."""
        return datetime.now(UTC).date().isoformat()

    def select(self, query: str) -> Rows:
        """Tell a query and answer it from what is known."""
        self._announce(query)
        return rows(self._known.query(query))

    def construct(self, query: str) -> list[Triple]:
        """Tell a query; nothing is known."""
        self._announce(query)
        return []

    def _announce(self, query: str) -> None:
        self.told += 1
        self._tell(f"# query {self.told}\n{query.strip()}\n")


def connect_wikidata(
    url: str,
    *,
    contact: str | None = None,
    seconds: float = 60.0,
    pause_s: float | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> Client:
    """Return an endpoint as a source of Wikidata's statements; nothing is sent yet.

    Args:
        url: the address of the endpoint, or “wikidata” for the public one.
        contact: a mail address or a URL, told to whoever runs the endpoint.
        seconds: for one query with all its retries.
        pause_s: the least time between two requests; None for a second, and for no time at all where the
            server is on this machine and serves nobody else.
        progress: called with a line of text before each request and each wait.

    Raises:
        UsageError: the address or the contact is none.
    """
    address = WIKIDATA if url == "wikidata" else url
    if pause_s is None:
        pause_s = 0.0 if host_of(address) in _HERE else 1.0
    manners = Manners(contact=contact, pause_s=pause_s)
    return Client(connect(address, seconds=seconds, manners=manners, progress=progress), progress)


class _Row(dict[str, Term]):
    """A row; what it must have and has not is the fault of what answered."""

    def __missing__(self, name: str) -> NoReturn:
        raise NotSparqlError(f"the answer does not fit the question: it has a row without ?{name}")


def rows(answer: Answer) -> Rows:
    """Return the rows of an answer to a SELECT as dicts, without what is unbound.

    Raises:
        NotSparqlError: there are no rows; or later, when something is read that a row has not.
    """
    if not isinstance(answer, QuerySolutions):
        raise NotSparqlError("the answer does not fit the question: rows were asked for")
    names = [variable.value for variable in answer.variables]
    return [
        _Row((name, term) for name, term in zip(names, row, strict=True) if isinstance(term, Term))
        for row in answer
    ]
