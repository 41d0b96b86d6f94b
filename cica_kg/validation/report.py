"""What the gate found, as values: results with their places, and the report over all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

#: The order of languages where the one asked for is missing.
FALLBACK = ("en", "ar", "ru", "")
SEVERITIES = ("Violation", "Warning", "Info")


class Place(NamedTuple):
    """Where in a file: its name, line and column (both from 1), and the text of that line.

    `end` is the column after what is meant, where it stands on that one line; else None.
    """

    file: str
    line: int
    column: int
    text: str = ""
    end: int | None = None

    def __str__(self) -> str:
        """Return file:line:column, which editors and terminals turn into a link."""
        return f"{self.file}:{self.line}:{self.column}"


class Result(NamedTuple):
    """One result: where (focus node, path, place), what (value), why (messages by language).

    Attributes:
        focus: the node at fault: an IRI, or `_:` and a label for a blank node.
        path: the property: an IRI, or a SPARQL property path; None where the whole node is meant.
        value: the offending value as text; None where something is missing.
        severity: `Violation`, `Warning` or `Info`.
        shape: the IRI of the shape, or of the check (`…/shapes#check-…`).
        component: the name of the constraint component, or `Check`.
        messages: what to do, by language.
        expected: what the constraint asks for, as text (a class, a number, a pattern …); None where
            that cannot be said shortly.
        place: file and line, where the result could be located.
        term: the value as an N-Triples term.
    """

    focus: str
    path: str | None
    value: str | None
    severity: str
    shape: str
    component: str
    messages: dict[str, str]
    expected: str | None = None
    place: Place | None = None
    term: str | None = None

    def message(self, language: str) -> str:
        """Return the message in `language`, else in the first language of the fallback order."""
        for wanted in (language, *FALLBACK, *self.messages):
            if wanted in self.messages:
                return self.messages[wanted]
        return self.component

    @property
    def subject(self) -> str:
        """The thing to name to a person: a result of a query over the whole graph has it as its value."""
        if self.component == "SPARQLConstraintComponent" and self.path is None and self.value != self.focus:
            return self.value or self.focus
        return self.focus

    def sort_key(self) -> tuple[Any, ...]:
        """Order by place (what has none last), then by everything that tells two results apart."""
        place = self.place or Place("\U0010ffff", 0, 0)
        return (place[:3], self.focus, self.path or "", self.shape, self.component, self.value or "")


class Report:
    """All results of one validation; it conforms when no result is a violation.

    Attributes:
        results: in the order of files and lines.
        engine: what judged, with versions.
        labels: IRI → language → label, for everything that the results mention.
        w3c: gives the W3C report as Turtle (made on demand: most callers never ask).
    """

    __slots__ = ("engine", "labels", "results", "w3c")

    def __init__(
        self,
        results: tuple[Result, ...],
        engine: str,
        labels: dict[str, dict[str, str]] | None = None,
        w3c: Callable[[], str] = lambda: "",
    ) -> None:
        """Take the results, in any order."""
        self.results = tuple(sorted(results, key=Result.sort_key))
        self.engine = engine
        self.labels = labels or {}
        self.w3c = w3c

    @property
    def conforms(self) -> bool:
        """Whether the graph may be queried: warnings tell, only violations stop."""
        return not any(result.severity == "Violation" for result in self.results)

    def count(self, severity: str) -> int:
        """Return the number of results of this severity."""
        return sum(result.severity == severity for result in self.results)

    def by_shape(self) -> list[tuple[str, str, int]]:
        """Return (shape, severity, number of results), the most serious and most frequent first."""
        counts = Counter((result.shape, result.severity) for result in self.results)
        rank = {severity: position for position, severity in enumerate(SEVERITIES)}
        return sorted(
            ((shape, severity, number) for (shape, severity), number in counts.items()),
            key=lambda item: (rank.get(item[1], 3), -item[2], item[0]),
        )

    def label(self, iri: str, language: str) -> str | None:
        """Return the label of an IRI that a result mentions, in `language` or the next best; or None."""
        names = self.labels.get(iri, {})
        return next((names[each] for each in (language, *FALLBACK, *names) if each in names), None)

    def lines(
        self, language: str = "en", label: Callable[[str], str | None] | None = None, limit: int | None = None
    ) -> Iterator[str]:
        """Give the report as lines of text, grouped by file and line.

        Args:
            language: of the messages (`en`, `ar`, `ru`).
            label: gives the label of an IRI, or None; default: the labels that came with the report.
            limit: show so many results at most, and say how many there are besides.
        """
        from cica_kg.validation.talk import lines

        return lines(self, language, label or (lambda iri: self.label(iri, language)), limit)
