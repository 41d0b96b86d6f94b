"""Answers as values: rows in Python, and a form without loss to carry them from process to process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Final, TypeAlias, cast

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Triple,
    parse,
    parse_query_results,
    serialize,
)

from cica_kg.errors import QueryError
from cica_kg.store import rdflib_graph
from cica_kg.text import harmless
from cica_kg.vocabulary import XSD, shorten

if TYPE_CHECKING:
    from pandas import DataFrame
    from rdflib import Graph

Term: TypeAlias = NamedNode | BlankNode | Literal | Triple
#: What the engine gives; triples that were read back are a list.
Answer: TypeAlias = QuerySolutions | QueryBoolean | QueryTriples | list[Triple]
#: Gives the label of an IRI and its language, or None.
Labeller: TypeAlias = Callable[[str], "tuple[str, str] | None"]

_RIGHT_TO_LEFT: Final = frozenset({"ar", "fa", "he", "ur"})


class Rows:
    """The rows of a SELECT, columns in the order of the query.

    Attributes:
        columns: the names of the variables, without the question mark.
        rows: for each row one term a column (pyoxigraph NamedNode, Literal, BlankNode), None where unbound.
    """

    __slots__ = ("_label", "columns", "rows")

    def __init__(
        self,
        columns: tuple[str, ...],
        rows: tuple[tuple[Term | None, ...], ...],
        label: Labeller = lambda _: None,
    ) -> None:
        """Take the columns, for each row as many terms, and what names the IRIs among them for people."""
        self.columns = columns
        self.rows = rows
        self._label = label

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
            {name: plain(term) for name, term in zip(self.columns, row, strict=True) if term is not None}
            for row in self.rows
        ]

    def to_pandas(self) -> DataFrame:
        """Return a DataFrame, converted term by term, not by way of text: “007” and “NA” stay what they are.

        xsd:integer gives Int64, xsd:double and xsd:float Float64, xsd:boolean boolean, xsd:date a
        date, xsd:decimal a Decimal; everything else is text (IRIs in full). Unbound is missing.

        Raises:
            ImportError: pandas is not installed (`pip install "cica-kg[all]"`).
        """
        import pandas

        columns = {}
        for position, name in enumerate(self.columns):
            values = [_python(row[position]) for row in self.rows]
            kinds = {type(value) for value in values if value is not None}
            dtype = _DTYPES.get(next(iter(kinds)), "object") if len(kinds) == 1 else "object"
            columns[name] = pandas.Series(values, dtype=dtype)
        return pandas.DataFrame(columns, columns=list(self.columns))

    def _repr_html_(self) -> str:
        """Return the rows as an HTML table, each text with its language and direction."""
        from html import escape

        head = "".join(f"<th>{escape(name)}</th>" for name in self.columns)
        body = "".join("<tr>" + "".join(map(self._cell, row)) + "</tr>\n" for row in self.rows)
        return f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}</tbody>\n</table>"

    def _cell(self, term: Term | None) -> str:
        from html import escape

        if term is None:
            return "<td></td>"
        language = term.language if isinstance(term, Literal) else None
        text = plain(term)
        title = ""
        if isinstance(term, NamedNode):
            title = f' title="{escape(term.value)}"'
            label = self._label(term.value)
            text, language = label or (shorten(term.value) or term.value, None)
        direction = "rtl" if (language or "").partition("-")[0] in _RIGHT_TO_LEFT else "ltr"
        spoken = f' lang="{escape(language)}" dir="{direction}"' if language else ""
        return f"<td{title}{spoken}>{escape(text)}</td>"


def plain(term: Term) -> str:
    """Return a term as text: an IRI in full, the lexical form of a literal, `_:name` of a blank node."""
    if isinstance(term, NamedNode | Literal):
        return term.value
    if isinstance(term, BlankNode):
        return f"_:{term.value}"
    return str(term)


_DTYPES: Final[dict[type, str]] = {int: "Int64", float: "Float64", bool: "boolean"}


def _python(term: Term | None) -> Any:
    if not isinstance(term, Literal):
        return None if term is None else plain(term)
    convert = _CONVERT.get(term.datatype.value)
    if convert is None:
        return term.value
    try:
        return convert(term.value)
    except (ValueError, ArithmeticError):
        return term.value


def _date(text: str) -> object:
    from datetime import date

    return date.fromisoformat(text)


def _decimal(text: str) -> object:
    from decimal import Decimal

    return Decimal(text)


_CONVERT: Final[dict[str, Callable[[str], object]]] = {
    XSD + "integer": int,
    XSD + "double": float,
    XSD + "float": float,
    XSD + "decimal": _decimal,
    XSD + "boolean": lambda text: text in ("true", "1"),
    XSD + "date": _date,
}


def rows(solutions: QuerySolutions, label: Labeller = lambda _: None) -> Rows:
    """Return all rows of `solutions`."""
    variables = solutions.variables
    names = tuple(variable.value for variable in variables)
    return Rows(names, tuple(tuple(solution) for solution in solutions), label)


def value(answer: Answer, label: Labeller = lambda _: None) -> Rows | bool | Graph:
    """Return Rows for SELECT, bool for ASK, an rdflib Graph for CONSTRUCT and DESCRIBE."""
    if isinstance(answer, QueryTriples | list):
        return rdflib_graph(answer)
    return bool(answer) if isinstance(answer, QueryBoolean) else rows(answer, label)


def exchange(answer: Answer) -> bytes:
    """Serialise an answer without loss, so that it can cross a process border; `reopen` reads it back."""
    if isinstance(answer, QueryTriples | list):
        return b"G" + (serialize(answer, format=RdfFormat.N_TRIPLES) or b"")
    return b"R" + (answer.serialize(format=QueryResultsFormat.JSON) or b"")


def reopen(data: bytes) -> Answer:
    """Read back what `exchange` wrote, as the engine's own kind of answer.

    Raises:
        QueryError: the engine made triples that are no RDF, such as a text with the datatype of texts with a
            language, but without one.
    """
    if data[:1] == b"G":
        try:
            return [quad.triple for quad in parse(data[1:], RdfFormat.N_TRIPLES)]
        except SyntaxError as error:
            _, _, reason = str(error.msg).rpartition(": ")
            raise QueryError(f"the query makes triples that are no RDF: {harmless(reason)}") from None
    return cast(Answer, parse_query_results(data[1:], format=QueryResultsFormat.JSON))
