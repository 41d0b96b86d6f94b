"""Answers in the form a user needs: a table to read, Markdown to paste, the W3C formats to exchange."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple, cast

from pyoxigraph import (
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    parse_query_results,
)

from cica_kg import rdf
from cica_kg.errors import UsageError
from cica_kg.queries.results import Answer, Labeller, Rows, Term, plain, rows
from cica_kg.text import cut, harmless, isolate, markdown, width
from cica_kg.vocabulary import shorten

_RESULTS: Final = {
    "csv": QueryResultsFormat.CSV,
    "tsv": QueryResultsFormat.TSV,
    "json": QueryResultsFormat.JSON,
    "xml": QueryResultsFormat.XML,
}
#: Forms of the rows of a SELECT and of an ASK.
ROW_FORMATS: Final = ("table", *_RESULTS, "md")
#: All forms; those of RDF are for CONSTRUCT and DESCRIBE, which are written as Turtle by default.
FORMATS: Final = (*ROW_FORMATS, *rdf.FORMATS)
#: File endings that name a form.
EXTENSIONS: Final = {
    ".txt": "table",
    ".csv": "csv",
    ".tsv": "tsv",
    ".json": "json",
    ".srj": "json",
    ".xml": "xml",
    ".srx": "xml",
    ".md": "md",
    **rdf.EXTENSIONS,
}


class Style(NamedTuple):
    """How an answer is written.

    Attributes:
        format: one of FORMATS; None for the default of the kind of answer.
        label: names IRIs for people.
        iris: show IRIs in place of labels.
        with_labels: add a column of labels beside each column of IRIs.
        spreadsheet: make a CSV that no spreadsheet mistakes for formulas or for another encoding.
        width: cut the table to this many terminal columns, visibly; None leaves it whole.
    """

    format: str | None = None
    label: Labeller = lambda _: None
    iris: bool = False
    with_labels: bool = False
    spreadsheet: bool = False
    width: int | None = None


def load_modules(style: Style) -> None:
    """Import what writing in this style takes: where it is then written, no file may be opened."""
    if style.spreadsheet:
        import csv  # noqa: F401
    if style.with_labels:
        import json  # noqa: F401


def write(answer: Answer, style: Style) -> tuple[int, bytes]:
    """Serialise an answer.

    Returns:
        The number of rows (triples of a graph; 1 for ASK) and the bytes.

    Raises:
        UsageError: the form does not fit the kind of answer.
    """
    if isinstance(answer, QueryTriples | list):
        form = "turtle" if style.format in (None, "table") else style.format
        if form not in rdf.FORMATS:
            raise UsageError(
                f"CONSTRUCT and DESCRIBE give RDF: take one of {', '.join(rdf.FORMATS)}, not {form}"
            )
        triples = set(answer)
        return len(triples), rdf.write_triples(triples, form)
    form = style.format or "table"
    if form not in ROW_FORMATS:
        raise UsageError(f"SELECT and ASK give no RDF: take one of {', '.join(ROW_FORMATS)}, not {form}")
    if isinstance(answer, QueryBoolean):
        return 1, _boolean(answer, form)
    if form in ("table", "md"):
        found = rows(answer)
        if style.with_labels:
            found = _with_labels(found, style.label)
        text = _markdown(found, style) if form == "md" else table(found, style)
        return len(found), text.encode()
    if style.with_labels:
        answer = _solutions(_with_labels(rows(answer), style.label))
    data = answer.serialize(format=_RESULTS[form]) or b""
    count = _count(data, form)
    if style.spreadsheet:
        if form != "csv":
            raise UsageError(f"--spreadsheet goes with csv, not with {form}")
        data = _for_spreadsheets(data)
    return count, data


def _boolean(answer: QueryBoolean, form: str) -> bytes:
    if form in ("table", "md"):
        return b"yes\n" if answer else b"no\n"
    if form in ("csv", "tsv"):
        return b"true\n" if answer else b"false\n"
    return answer.serialize(format=_RESULTS[form]) or b""


def _count(data: bytes, form: str) -> int:
    """Return the number of rows in serialised results (the engine consumes an answer as it writes it)."""
    if form == "csv":
        # Line ends between quotes belong to a value: every second piece stands outside of them.
        return b"".join(data.split(b'"')[::2]).count(b"\n") - 1
    return sum(1 for _ in cast(QuerySolutions, parse_query_results(data, format=_RESULTS[form])))


def _csv_rows(data: bytes) -> Iterator[list[str]]:
    import csv

    csv.field_size_limit(max(csv.field_size_limit(), len(data) + 1))
    return csv.reader(io.StringIO(data.decode(), newline=""))


def _for_spreadsheets(data: bytes) -> bytes:
    """Put an apostrophe before what a spreadsheet would run, and a byte order mark before the whole.

    See OWASP, “CSV Injection”: cells that begin with = + - @, a tab or a carriage return.
    """
    import csv

    safe = io.StringIO(newline="")
    csv.writer(safe, lineterminator="\r\n").writerows(
        [f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r", "\n") else cell for cell in row]
        for row in _csv_rows(data)
    )
    return ("\ufeff" + safe.getvalue()).encode()


def _with_labels(found: Rows, label: Labeller) -> Rows:
    """Add, beside each column that holds IRIs, a column of their labels named `<column>Label`."""
    from pyoxigraph import Literal

    has_iris = [any(isinstance(row[i], NamedNode) for row in found.rows) for i in range(len(found.columns))]

    def widened(values: Sequence[Any], beside: Any) -> tuple[Any, ...]:
        pairs = (
            (value, beside(value)) if has else (value,) for value, has in zip(values, has_iris, strict=True)
        )
        return tuple(cell for pair in pairs for cell in pair)

    def named(term: Term | None) -> Literal | None:
        name = label(term.value) if isinstance(term, NamedNode) else None
        return Literal(name[0], language=name[1]) if name and name[1] else Literal(name[0]) if name else None

    columns = widened(found.columns, lambda name: f"{name}Label")
    return Rows(columns, tuple(widened(row, named) for row in found.rows))


def _solutions(found: Rows) -> QuerySolutions:
    """Return rows as the engine's own kind of answer, by way of the W3C JSON form."""
    import json

    single = QueryResultsFormat.JSON
    bindings = []
    for row in found.rows:
        # One row at a time through the engine's own reader keeps every term exact.
        bindings.append(
            {
                name: _json_term(term)
                for name, term in zip(found.columns, row, strict=True)
                if term is not None
            }
        )
    document = {"head": {"vars": list(found.columns)}, "results": {"bindings": bindings}}
    return cast(QuerySolutions, parse_query_results(json.dumps(document), format=single))


def _json_term(term: Term) -> dict[str, str]:
    from pyoxigraph import BlankNode, Literal

    if isinstance(term, NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, BlankNode):
        return {"type": "bnode", "value": term.value}
    assert isinstance(term, Literal)
    if term.language:
        return {"type": "literal", "value": term.value, "xml:lang": term.language}
    return {"type": "literal", "value": term.value, "datatype": term.datatype.value}


def table(found: Rows, style: Style) -> str:
    """Lay out rows as an aligned table of text, one line a row, columns two spaces apart."""
    cells = [[display(term, style) for term in row] for row in found.rows]
    head = list(found.columns)
    widths = [max(map(width, column)) for column in zip(head, *cells, strict=True)]
    if style.width is not None:
        widths = _narrowed(widths, style.width)

    def line(values: Sequence[str]) -> str:
        shown = (cut(text, size) for text, size in zip(values, widths, strict=True))
        padded = (
            isolate(text) + " " * (size - width(text)) for text, size in zip(shown, widths, strict=True)
        )
        return "  ".join(padded).rstrip()

    rule = "  ".join("─" * size for size in widths)
    return "".join(f"{text}\n" for text in (line(head), rule, *map(line, cells)))


def _narrowed(widths: list[int], room: int) -> list[int]:
    """Take from the widest column, again and again, until the table fits; no column gets under 8."""
    widths = list(widths)
    while sum(widths) + 2 * (len(widths) - 1) > room and max(widths, default=0) > 8:
        widths[widths.index(max(widths))] -= 1
    return widths


def _markdown(found: Rows, style: Style) -> str:
    lines = [found.columns, ["---"] * len(found.columns)]
    lines += [[markdown(display(term, style)) for term in row] for row in found.rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def display(term: Term | None, style: Style) -> str:
    """Return a term as a person reads it: labels for IRIs, the text of literals, on one line and harmless."""
    if term is None:
        return ""
    if isinstance(term, NamedNode):
        label = None if style.iris else style.label(term.value)
        return harmless(label[0] if label else shorten(term.value) or term.value)
    return harmless(plain(term))
