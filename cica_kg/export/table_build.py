"""One table in the making, and the one whose columns are always the same."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pyoxigraph import Triple

from cica_kg.export.columns import Column, Row, Table, Titles, Type, Value, titles, unused
from cica_kg.export.table_data import Things, type_of, value_of


class Build:
    """A table in the making: columns, each with the values of the things."""

    def __init__(self, things: Things) -> None:
        """Begin a table of `things`, one row each."""
        self.things = things
        self._columns: dict[str, tuple[Column, Callable[[str], Value]]] = {}

    def add(self, name: str, type_: Type, names: Titles, get: Callable[[str], Value], **more: Any) -> str:
        """Add a column whose values `get` returns; return its name: another one where `name` is taken."""
        column = Column(unused(name, self._columns), type_, names, **more)
        self._columns[column.name] = (column, get)
        return column.name

    def place(self, columns: tuple[Column, ...], rows: dict[str, Row]) -> None:
        """Add columns that are made already, with their values: thing → one a column."""
        for number, column in enumerate(columns):
            values = {thing: row[number] for thing, row in rows.items()}
            name = unused(column.name, self._columns)
            self._columns[name] = (column._replace(name=name), values.get)

    def table(self, name: str, names: Titles, about: str) -> Table:
        """Return the table."""
        columns, getters = zip(*self._columns.values(), strict=True)
        rows = [tuple(get(thing) for get in getters) for thing in sorted(self.things)]
        return Table(name, names, about, columns, rows, ("id",))


def others_table(name: str, others: list[Triple]) -> Table:
    """Return the table of what is said of anything but our things: one row a triple."""
    columns = (
        Column("subject", "iri", titles("subject"), required=True),
        Column("predicate", "iri", titles("predicate"), required=True),
        Column("object", "text", titles("object"), required=True),
        Column("object_type", "text", titles("type", titles("object")), required=True),
    )
    rows: list[Row] = [
        (value_of(t.subject, "iri"), t.predicate.value, value_of(t.object, "text"), type_of(t.object))
        for t in others
    ]
    names = {"en": "other statements", "ar": "بيانات أخرى", "ru": "прочие утверждения"}
    return Table(name, names, None, columns, rows, tuple(column.name for column in columns))
