"""Answers in the form a user needs: rows in Python, a table to read, the W3C formats to exchange."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Final, TypeAlias, cast

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Store,
    Triple,
    parse_query_results,
    serialize,
)

from cica_kg.errors import UsageError
from cica_kg.store import rdflib_graph
from cica_kg.vocabulary import PREFIXES, shorten

if TYPE_CHECKING:
    from rdflib import Graph

Term: TypeAlias = NamedNode | BlankNode | Literal | Triple
Answer: TypeAlias = QuerySolutions | QueryBoolean | QueryTriples

_RESULTS: Final = {
    "csv": QueryResultsFormat.CSV,
    "tsv": QueryResultsFormat.TSV,
    "json": QueryResultsFormat.JSON,
    "xml": QueryResultsFormat.XML,
}
#: The formats of an answer; a CONSTRUCT or DESCRIBE is RDF and comes as Turtle, N-Triples for machines.
FORMATS: Final = ("table", *_RESULTS)


class Rows:
    """The rows of a SELECT, columns in the order of the query.

    Attributes:
        columns: the names of the variables, without the question mark.
        rows: for each row one term a column (pyoxigraph NamedNode, Literal, BlankNode), None where unbound.
    """

    __slots__ = ("columns", "rows")

    def __init__(self, columns: tuple[str, ...], rows: tuple[tuple[Term | None, ...], ...]) -> None:
        """Take the columns and, for each row, as many terms."""
        self.columns = columns
        self.rows = rows

    def __eq__(self, other: object) -> bool:
        """Rows are equal when columns and rows are, in the same order."""
        return isinstance(other, Rows) and (self.columns, self.rows) == (other.columns, other.rows)

    def __hash__(self) -> int:
        """Rows never change, so they can be keys."""
        return hash((self.columns, self.rows))

    def __repr__(self) -> str:
        """Say how much there is."""
        return f"<Rows {len(self.rows)} × {', '.join(self.columns)}>"

    def __iter__(self) -> Iterator[tuple[Term | None, ...]]:
        """Iterate over the rows."""
        return iter(self.rows)

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.rows)

    def to_dicts(self) -> list[dict[str, str]]:
        """Return one dict a row: column → IRI or text as it stands; unbound columns are left out."""
        return [
            {name: _plain(term) for name, term in zip(self.columns, row, strict=True) if term is not None}
            for row in self.rows
        ]


def exchange(answer: Answer) -> bytes:
    """Serialise an answer without loss, so that it can cross a process border; `receive` reads it back."""
    if isinstance(answer, QueryTriples):
        return b"G" + (serialize(answer, format=RdfFormat.N_TRIPLES) or b"")
    return b"R" + (answer.serialize(format=QueryResultsFormat.JSON) or b"")


def receive(data: bytes) -> Rows | bool | Graph:
    """Turn what `exchange` wrote into Rows (SELECT), bool (ASK) or an rdflib Graph (CONSTRUCT, DESCRIBE)."""
    answer = reopen(data)
    if isinstance(answer, QueryTriples):
        return rdflib_graph(answer)
    return bool(answer) if isinstance(answer, QueryBoolean) else rows(answer)


def reopen(data: bytes) -> Answer:
    """Read back what `exchange` wrote, as the engine's own kind of answer."""
    if data[:1] == b"G":
        store = Store()
        store.load(data[1:], RdfFormat.N_TRIPLES)
        return store.query("CONSTRUCT WHERE { ?s ?p ?o }")
    return parse_query_results(data[1:], format=QueryResultsFormat.JSON)


def rows(solutions: QuerySolutions) -> Rows:
    """Return all rows of `solutions`."""
    variables = solutions.variables
    return Rows(
        tuple(variable.value for variable in variables),
        tuple(tuple(solution[variable] for variable in variables) for solution in solutions),
    )


def write(answer: Answer, format_: str, label: Callable[[str], str | None]) -> tuple[int, bytes]:
    """Serialise an answer.

    Args:
        answer: what the engine gave.
        format_: one of FORMATS.
        label: gives the label of an IRI for the table, or None.

    Returns:
        The number of rows (triples of a graph; 1 for ASK) and the bytes.

    Raises:
        UsageError: the format does not fit the kind of answer.
    """
    if isinstance(answer, QueryTriples):
        if format_ not in ("table",):
            raise UsageError(
                f"CONSTRUCT and DESCRIBE give RDF, which has no form “{format_}”; leave --format out"
            )
        triples = sorted(set(answer), key=str)
        return len(triples), serialize(triples, format=RdfFormat.TURTLE, prefixes=PREFIXES) or b""
    if isinstance(answer, QueryBoolean):
        if format_ == "table":
            return 1, b"yes\n" if answer else b"no\n"
        if format_ in ("csv", "tsv"):
            return 1, b"true\n" if answer else b"false\n"
        return 1, answer.serialize(format=_RESULTS[format_]) or b""
    if format_ == "table":
        found = rows(answer)
        return len(found), table(found, label).encode()
    data = answer.serialize(format=_RESULTS[format_]) or b""
    return _count(data, format_), data


def _count(data: bytes, format_: str) -> int:
    """Return the number of rows in serialised results (the engine consumes an answer as it writes it)."""
    if format_ == "csv":
        import csv

        return sum(1 for _ in csv.reader(io.StringIO(data.decode(), newline=""))) - 1
    return sum(1 for _ in cast(QuerySolutions, parse_query_results(data, format=_RESULTS[format_])))


def table(found: Rows, label: Callable[[str], str | None]) -> str:
    """Lay out rows as an aligned table of text, one line a row, columns two spaces apart."""
    cells = [[display(term, label) for term in row] for row in found.rows]
    head = list(found.columns)
    widths = [max(map(width, column)) for column in zip(head, *cells, strict=True)]

    def line(values: Sequence[str]) -> str:
        padded = (
            isolate(text) + " " * (size - width(text)) for text, size in zip(values, widths, strict=True)
        )
        return "  ".join(padded).rstrip()

    rule = "  ".join("─" * size for size in widths)
    return "".join(f"{text}\n" for text in (line(head), rule, *map(line, cells)))


def display(term: Term | None, label: Callable[[str], str | None]) -> str:
    """Return a term as a person reads it: labels for IRIs, the text of literals, on one line and harmless."""
    if term is None:
        return ""
    if isinstance(term, NamedNode):
        return harmless(label(term.value) or shorten(term.value) or term.value)
    return harmless(_plain(term))


def harmless(text: str) -> str:
    """Make control and bidirectional override characters visible: text from data cannot steer a terminal."""
    return "".join(
        f"\\u{ord(c):04x}" if unicodedata.category(c) in ("Cc", "Cs") or c in _STEERING else c for c in text
    )


_STEERING: Final = frozenset("\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def width(text: str) -> int:
    """Return the terminal columns of `text`: two for wide characters, none for marks and joiners."""
    if text.isascii():
        return len(text)
    total = 0
    for character in text:
        if unicodedata.category(character) in ("Mn", "Me", "Cf"):
            continue
        total += 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1
    return total


def isolate(text: str) -> str:
    """Wrap right-to-left text in isolates, lest it pull the cells beside it out of their order."""
    if any(unicodedata.bidirectional(c) in ("R", "AL", "AN") for c in text):
        return f"\u2068{text}\u2069"
    return text


def _plain(term: Term) -> str:
    if isinstance(term, NamedNode | Literal):
        return term.value
    if isinstance(term, BlankNode):
        return f"_:{term.value}"
    return str(term)
