"""The face of the graph: `load()` and `KnowledgeGraph`, one short method a verb."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pyoxigraph import Quad, Store

from cica_kg import dates
from cica_kg.derive import add_views, change_views
from cica_kg.errors import UsageError
from cica_kg.files import query_folder, read_graph
from cica_kg.queries import catalog, engine, results
from cica_kg.queries.guard import Limits
from cica_kg.store import label_in, rdflib_graph, with_named_graphs
from cica_kg.validation.gate import Validated, admit
from cica_kg.version import __version__
from cica_kg.vocabulary import GRAPH

if TYPE_CHECKING:
    from rdflib import Graph

    from cica_kg.claims import Judged
    from cica_kg.description import Description
    from cica_kg.find import Hit

_KEPT_DAYS = 4


def load(
    at: date | str | None = None,
    data: Iterable[str | os.PathLike[str]] = (),
    root: str | os.PathLike[str] | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> KnowledgeGraph:
    """Load and validate a graph.

    Args:
        at: the reference date: a date, `"YYYY-MM-DD"`, `"today"`, or None for the day the graph is kept to.
        data: Turtle files to add.
        root: a folder of the same layout; None for the graph that came with the package.
        progress: called with a line of text before slow work.

    Returns:
        The graph, as of the reference date.

    Raises:
        UsageError: `at` is no day, or a file is not there.
        TurtleError: a file is not Turtle.
        InvalidGraphError: the graph does not conform to its shapes; the error holds the report.
    """
    wanted = reference_date(at)
    files = read_graph(Path(root) if root is not None else None, [Path(path) for path in data])
    validated = admit(files, progress)
    day = wanted or validated.known_until
    return KnowledgeGraph(validated, day, validated.store, add_views(validated.store, files, day))


def reference_date(at: date | str | None) -> date | None:
    """Return the day that `at` names; None stays None.

    Raises:
        UsageError: it is no day.
    """
    if isinstance(at, datetime):
        return at.date()
    if at is None or isinstance(at, date):
        return at
    if at == "today":
        return date.today()
    try:
        return dates.day(at)
    except ValueError as error:
        raise UsageError(f"the reference date {error}, or “today”") from None


class KnowledgeGraph:
    """A validated graph as of a reference date. Made by `load()`.

    Attributes:
        validated: what passed the gate.
        at: the reference date.
        store: the Oxigraph store that queries see: ontology, data, bounds, labels and the views of that day.
    """

    def __init__(self, validated: Validated, at: date, store: Store, views: list[Quad]) -> None:
        """Take a store of what passed the gate that has the views of `at`."""
        self.validated = validated
        self.at = at
        self.store = store
        self._views = views
        self._others: dict[date, KnowledgeGraph] = {}
        self._with_graphs: Store | None = None
        self._questions: dict[str, catalog.Question] = {}

    @property
    def version(self) -> str:
        """The version of the package, of the ontology and of the data: they move together."""
        return __version__

    @property
    def digest(self) -> str:
        """SHA-256 (hex) of all files that make up the graph: what the verdict was given on."""
        return self.validated.files.digest

    @property
    def known_until(self) -> date:
        """The day up to which the graph was kept."""
        return self.validated.known_until

    @cached_property
    def graph(self) -> Graph:
        """A copy of what queries see, as an rdflib Graph; changing it changes nothing here.

        It is rdflib's own: the guard does not watch over queries that run on it.
        """
        return rdflib_graph(quad.triple for quad in self.store)

    def as_of(self, day: date | str) -> KnowledgeGraph:
        """Return the same graph as of another day; the last few are kept."""
        wanted = reference_date(day)
        assert wanted is not None
        if wanted == self.at:
            return self
        if wanted not in self._others:
            while len(self._others) >= _KEPT_DAYS:
                del self._others[next(iter(self._others))]
            store, views = change_views(self.store, self._views, self.validated.files, wanted)
            self._others[wanted] = KnowledgeGraph(self.validated, wanted, store, views)
        return self._others[wanted]

    def query(
        self,
        name: str | None = None,
        *,
        sparql: str | None = None,
        file: str | os.PathLike[str] | None = None,
        limits: Limits = Limits(),  # noqa: B008  # frozen
        **parameters: str,
    ) -> results.Rows | bool | Graph:
        """Answer a named question, a SPARQL text or a SPARQL file: one of the three.

        Args:
            name: of a question (`questions()` lists them), with its `parameters`.
            sparql: a query; all prefixes of the graph are declared.
            file: a file that holds one.
            limits: on time and memory, for a text or a file: it runs in a process of its own. A named
                question is known to be harmless and runs here.

        Returns:
            Rows for SELECT, bool for ASK, an rdflib Graph for CONSTRUCT and DESCRIBE.

        Raises:
            UsageError: not exactly one query, an unknown name, a wrong parameter.
            QueryError: the query is no SPARQL, or may not run.
            LimitError: it went over its limits.
        """
        text = catalog.query_text(name, sparql, file, parameters, self._question, self.resolve)
        if name is not None:
            return results.value(engine.ask(self.store, text), self.label_in)
        data = engine.evaluate(self.store_for(text), text, results.exchange, limits)
        return results.value(results.reopen(data), self.label_in)

    def store_for(self, query: str) -> Store:
        """Return the store that answers `query`: with copies by file where it speaks of named graphs."""
        if not engine.names_graphs(query):
            return self.store
        if self._with_graphs is None:
            files = self.validated.files
            self._with_graphs = with_named_graphs(self.store, files.ontology + files.data)
        return self._with_graphs

    def claims(
        self, source: str | None = None, about: str | None = None, verdict: str | None = None
    ) -> list[Judged]:
        """Hold what the sources claim against the graph, at its reference date.

        Args:
            source: claims of this source alone (IRI, prefixed name or title).
            about: claims about this thing, or that name it.
            verdict: claims with this verdict alone: agrees, outdated, contradicted, undecided, not-checkable.

        Raises:
            UsageError: nothing has that name.
        """
        from cica_kg.claims import judge_claims

        found = judge_claims(self.store, self.at, self.known_until)
        if source is not None:
            wanted = self.resolve(source, "cica:Source")
            found = [judged for judged in found if judged.source == wanted]
        if about is not None:
            thing = self.resolve(about)
            found = [judged for judged in found if thing in (judged.about, judged.claimed)]
        return [judged for judged in found if verdict in (None, judged.verdict)]

    def _question(self, name: str) -> catalog.Question:
        """Return a named question; its file is read once."""
        if name not in self._questions:
            self._questions[name] = catalog.find_question(name, query_folder(self.validated.files.root))
        return self._questions[name]

    def questions(self) -> list[catalog.Question]:
        """Return all named questions."""
        return catalog.questions(query_folder(self.validated.files.root))

    def label(self, iri: str, languages: tuple[str, ...] = ("en",)) -> str | None:
        """Return the label of a thing in the first of `languages` that has one, else in any; or None."""
        found = label_in(self.store, iri, languages)
        return found[0] if found else None

    def label_in(self, iri: str, languages: tuple[str, ...] = ("en",)) -> tuple[str, str] | None:
        """Return the label of a thing and its language, as `label` chooses it; or None."""
        return label_in(self.store, iri, languages)

    def resolve(self, text: str, wanted_class: str | None = None) -> str:
        """Return the IRI of the thing that `text` names: an IRI, a prefixed name, a code or a name.

        Args:
            text: `https://w3id.org/cica-kg/id/state/japan`, `state:japan`, `JPN` or `Japan` in any language.
            wanted_class: the class it must be of, as a prefixed name such as `cica:State`, or None.

        Raises:
            UsageError: nothing fits, or more than one thing; the message offers what does.
        """
        from cica_kg.find import resolve

        return resolve(self.store, text, wanted_class)

    def find(
        self,
        text: str,
        languages: tuple[str, ...] = ("en",),
        limit: int = 20,
        wanted_class: str | None = None,
    ) -> list[Hit]:
        """Return the things that `text` may name, best first.

        Args:
            text: a name or a part of one in any language and spelling, a code, an IRI or a prefixed name.
            languages: of the labels, best first.
            limit: the most hits to return.
            wanted_class: the class they must be of, as a prefixed name such as `cica:State`, or None.

        Raises:
            UsageError: `text` is blank.
        """
        from cica_kg.find import find

        return find(self.store, text, languages, limit, wanted_class)

    def describe(self, thing: str, languages: tuple[str, ...] = ("en",)) -> Description:
        """Return what is known of a thing as of the reference date.

        Args:
            thing: an IRI, a prefixed name, a code or a name in any language and spelling.
            languages: of labels, best first; headings and dates are in the first of en, ar and ru among them.

        Raises:
            UsageError: nothing is called so, or more than one thing; the message offers what is.
        """
        from cica_kg.describe import describe

        return describe(self.store, self.resolve(thing), self.at, languages)

    def export(
        self,
        format: str = "turtle",
        *,
        graphs: Iterable[str] = (),
        things: Iterable[str] = (),
        query: str | None = None,
        file: str | os.PathLike[str] | None = None,
        with_ontology: bool = False,
        with_views: bool = False,
        vocabulary: Literal["org"] | None = None,
        **parameters: str,
    ) -> bytes | dict[str, bytes]:
        """Return the graph, or a part of it, in the form that another tool reads.

        Args:
            format: a name of `cica_kg.export.formats.FORMATS`.
            graphs: files of the graph to take alone, such as `data/states`.
            things: things to take with all that is said of them, named as for `describe`.
            query: a named question that is a CONSTRUCT, with its `parameters`.
            file: a file that holds a CONSTRUCT.
            with_ontology: add the terms.
            with_views: add what is derived at the reference date.
            vocabulary: `"org"` adds the W3C Organization Ontology's terms.

        Returns:
            Bytes, the same each time; for `csv` and `release` the files: path inside the folder → bytes.

        Raises:
            UsageError: an unknown format or thing, or parts that the format cannot hold.
        """
        from cica_kg.export import export

        return export(
            self,
            format,
            graphs=graphs,
            things=things,
            query=query,
            file=file,
            with_ontology=with_ontology,
            with_views=with_views,
            vocabulary=vocabulary,
            **parameters,
        )

    def __repr__(self) -> str:
        """Say what it is, as of when."""
        return (
            f"<KnowledgeGraph {GRAPH} {self.version} as of {self.at.isoformat()} sha256:{self.digest[:12]}>"
        )
