"""The gate: our checks and pySHACL judge the authored graph; only what conforms comes through.

Nothing here depends on the reference date, so one verdict, remembered by content hash, holds for every day.
A plain query comes through here with a remembered verdict: what is heavier than that is imported where used.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

from pyoxigraph import RdfFormat, Store

from cica_kg.dates import day
from cica_kg.derive import add_labels, date_bounds, known_until
from cica_kg.errors import DataError, InvalidGraphError, TurtleError
from cica_kg.files import GraphFiles
from cica_kg.store import build_store, label_in
from cica_kg.validation.memory import (
    is_remembered,
    recall,
    recall_triples,
    remember,
    remember_triples,
    verdict_file,
)

if TYPE_CHECKING:
    from cica_kg.validation.report import Report

_KEY = object()
#: An error message shows so many results; `cica validate` shows all.
_SHOWN = 20


class Validated:
    """A graph that passed the gate: every verb takes one, and only `admit` makes one.

    Attributes:
        files: what was judged.
        store: ontology, data, bounds and record labels in the default graph; whoever loads it adds the views.
        known_until: the day up to which the graph was kept.
        remembered: whether the verdict was known from an earlier run.
    """

    __slots__ = ("files", "known_until", "remembered", "store")
    files: GraphFiles
    store: Store
    known_until: date
    remembered: bool

    def __init__(
        self, files: GraphFiles, store: Store, known_until: date, remembered: bool, key: object = None
    ) -> None:
        """Refuse to be made anywhere else."""
        if key is not _KEY:
            raise TypeError("only the gate makes a Validated: call admit()")
        for name, value in zip(
            ("files", "store", "known_until", "remembered"),
            (files, store, known_until, remembered),
            strict=True,
        ):
            object.__setattr__(self, name, value)

    def __setattr__(self, name: str, value: Any) -> None:
        """Refuse to change: the verdict was on these files."""
        raise AttributeError("a Validated does not change")


def admit(files: GraphFiles, progress: Callable[[str], None] = lambda _: None) -> Validated:
    """Let `files` through if they conform to their shapes.

    Args:
        files: the graph.
        progress: called with a line of text before work that takes longer than a second.

    Raises:
        DataError: there is nothing to judge by, or the graph does not say to which day it is kept.
        TurtleError: files are not Turtle; the message tells every error of every file.
        InvalidGraphError: the graph does not conform; the error holds the report.
    """
    _require_shapes(files)
    verdict = verdict_file(files)
    remembered = is_remembered(verdict)
    known = recall_triples(verdict) if verdict is not None and remembered else None
    if known is not None:
        store = Store()
        # They were parsed strictly when the verdict was given, and N-Triples take a third less time to read.
        store.load(known, RdfFormat.N_TRIPLES, lenient=True)
    else:
        store = _build(files)
        store.extend(date_bounds(store))
        if not remembered:
            report = judge(files, store, progress)
            _refuse_invalid(report)
            remember(verdict, report)
        add_labels(store, files)
        remember_triples(verdict, (quad.triple for quad in store))
    text = known_until(store)
    if text is None:
        raise DataError(
            "the graph does not say up to which day it was kept: add cica:knownUntil to data/graph.ttl"
        )
    try:
        until = day(text)
    except ValueError as error:
        raise DataError(
            f"the day up to which the graph was kept (cica:knownUntil in data/graph.ttl): {error}"
        ) from None
    return Validated(files, store, until, remembered, _KEY)


def judge(
    files: GraphFiles, store: Store | None = None, progress: Callable[[str], None] = lambda _: None
) -> Report:
    """Judge `files`, whatever is remembered, and return the full report, each result with its place.

    First whether the files are Turtle (if not, nothing else is asked), then our own checks, then the shapes
    by pySHACL.

    Args:
        files: the graph.
        store: ontology, data and date bounds, where the caller has it already.
        progress: called with a line of text before slow work.

    Raises:
        DataError: there are no shapes, no terms or no rules.
    """
    from cica_kg.validation import judging

    _require_shapes(files)
    return judging.judge(files, store, progress)


def known_report(files: GraphFiles) -> Report | None:
    """Return the report of an earlier run on exactly these files, where they conformed; else None."""
    return recall(verdict_file(files))


def keep(files: GraphFiles, report: Report) -> None:
    """Remember a report on these files, if they conform."""
    remember(verdict_file(files), report)


def label_of(store: Store, iri: str, languages: tuple[str, ...] = ("en", "ar", "ru")) -> str | None:
    """Return the label of `iri` in the first of `languages` that has one, else any, else None."""
    found = label_in(store, iri, languages)
    return found[0] if found else None


def _build(files: GraphFiles) -> Store:
    try:
        return build_store(files.ontology + files.data)
    except TurtleError as error:
        raise _all_turtle_errors(files, error) from None


def _require_shapes(files: GraphFiles) -> None:
    if not (files.shapes and files.ontology and files.rules):
        raise DataError(
            f"{files.root} has no shapes, no terms or no rules under ontology/: nothing can be validated"
        )


def _refuse_invalid(report: Report) -> None:
    if not report.conforms:
        count = report.count("Violation")
        told = "\n".join(report.lines(limit=_SHOWN))
        raise InvalidGraphError(
            f"the graph does not conform to its shapes (violations: {count}):\n{told}", report
        )


def _all_turtle_errors(files: GraphFiles, first: TurtleError) -> TurtleError:
    from cica_kg.validation.syntax import syntax_errors
    from cica_kg.validation.talk import turtle_message

    found = syntax_errors(files.data + files.ontology + files.shapes)
    if not found or found[0].place is None:
        return first
    place = found[0].place
    return TurtleError(turtle_message(found), place.file, place.line, place.column)
