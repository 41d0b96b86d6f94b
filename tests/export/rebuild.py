"""From tables back to triples: what the documentation promises about columns, and nothing of the writer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from cica_kg.export.columns import Column, Table
from cica_kg.vocabulary import PREFIXES, XSD

TYPES = {"text": "string", "integer": "integer", "boolean": "boolean", "date": "date"}


def rebuilt(tables: Mapping[str, Table], cells: Mapping[str, Iterable[tuple[Any, ...]]]) -> set[Triple]:
    """Return the triples that the tables hold, given their rows as read back from a file."""
    found: set[Triple] = set()
    for table in tables.values():
        for row in cells[table.name]:
            found.update(_of_row(table.columns, row))
    return found


def _of_row(columns: tuple[Column, ...], row: tuple[Any, ...]) -> Iterator[Triple]:
    cell = dict(zip((column.name for column in columns), row, strict=True))
    if columns[0].name == "subject":
        subject = cell["subject"]
        node = BlankNode(subject[2:]) if subject.startswith("_:") else NamedNode(subject)
        yield Triple(node, NamedNode(cell["predicate"]), _term(cell["object"], cell["object_type"]))
        return
    in_its_own_table = columns[0].name == "thing"
    for column in columns:
        value = cell[column.name]
        # A column of one language repeats the table of all names.
        if column.property is None or column.repeats or column.language or value is None:
            continue
        if in_its_own_table and len(row) == 3:
            beside = columns[2].name
            tag = cell[beside]
            term = Literal(value, language=tag) if beside == "language" else _term(value, tag)
        elif kind := cell.get(f"{column.name}_type"):
            term = _term(value, kind)
        elif tag := cell.get(f"{column.name}_language"):
            term = Literal(value, language=tag)
        elif column.type == "iri":
            term = NamedNode(value)
        else:
            text = str(value).lower() if column.type == "boolean" else str(value)
            term = Literal(text, datatype=NamedNode(XSD + TYPES[column.type]))
        yield Triple(NamedNode(row[0]), NamedNode(column.property), term)


def _term(value: str, kind: str) -> NamedNode | BlankNode | Literal:
    if kind == "iri":
        return NamedNode(value)
    if kind == "blank":
        return BlankNode(value[2:])
    if kind.startswith("@"):
        return Literal(value, language=kind[1:])
    prefix, colon, local = kind.partition(":")
    datatype = PREFIXES[prefix] + local if colon and prefix in PREFIXES else kind
    return Literal(value, datatype=NamedNode(datatype))
