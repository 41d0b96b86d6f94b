"""The tables as an SQLite database, with keys that hold and views that answer the common questions."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Final

from cica_kg.export.columns import Column, Table, Value
from cica_kg.export.table_data import read_licences
from cica_kg.export.table_views import VIEWS
from cica_kg.export.tables import tables
from cica_kg.vocabulary import GRAPH

if TYPE_CHECKING:
    import sqlite3

    from cica_kg.graph import KnowledgeGraph

#: “CICA” in ASCII: what tells a file of ours from other SQLite databases (`PRAGMA application_id`).
APPLICATION_ID: Final = 0x43494341
#: Goes up when tables that were there before change their form (`PRAGMA user_version`).
USER_VERSION: Final = 1
_STRICT_SINCE: Final = (3, 37)
_TYPES: Final = {"iri": "TEXT", "text": "TEXT", "integer": "INTEGER", "boolean": "INTEGER", "date": "TEXT"}
_CHECKS: Final = {"boolean": " CHECK ({0} IN (0, 1))", "date": " CHECK (date({0}, '+0 days') IS {0})"}


def sqlite_bytes(kg: KnowledgeGraph) -> bytes:
    """Return a database of the graph at its reference date: the same bytes each time from one SQLite version.

    It has the tables that the CSV files have; a date is a text (YYYY-MM-DD), a boolean 0 or 1. The table
    `meta` says which graph it is, as of which day.
    """
    import sqlite3

    found = tables(kg)
    options = " STRICT, WITHOUT ROWID" if sqlite3.sqlite_version_info >= _STRICT_SINCE else " WITHOUT ROWID"
    connection = sqlite3.connect(":memory:")
    try:
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {USER_VERSION}")
        connection.execute(
            f"CREATE TABLE meta (name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL){options}"
        )
        connection.executemany("INSERT INTO meta VALUES (?, ?)", _meta(kg))
        for table in found.values():
            connection.execute(_create(table) + options)
            marks = ", ".join("?" * len(table.columns))
            connection.executemany(
                f"INSERT INTO {_quoted(table.name)} VALUES ({marks})",  # noqa: S608  # a name of ours
                ([_cell(value) for value in row] for row in table.rows),
            )
            for column in _indexed(table):
                index = _quoted(f"{table.name}_{column.name}")
                connection.execute(f"CREATE INDEX {index} ON {_quoted(table.name)} ({_quoted(column.name)})")
        _add_views(connection)
        connection.commit()
        return connection.serialize()
    finally:
        connection.close()


def _meta(kg: KnowledgeGraph) -> Iterable[tuple[str, str]]:
    yield "graph", GRAPH
    yield "version", kg.version
    yield "sha256", kg.digest
    yield "reference_date", kg.at.isoformat()
    yield "known_until", kg.known_until.isoformat()
    if licences := read_licences(kg.store):
        yield "license", " ".join(licences)


def _create(table: Table) -> str:
    lines = [_column(column) for column in table.columns]
    lines.append(f"PRIMARY KEY ({', '.join(map(_quoted, table.key))})")
    lines += [
        f"FOREIGN KEY ({_quoted(column.name)}) REFERENCES {_quoted(column.target)} (id)"
        for column in table.columns
        if column.target
    ]
    body = ",\n  ".join(lines)
    return f"CREATE TABLE {_quoted(table.name)} (\n  {body}\n)"


def _column(column: Column) -> str:
    name = _quoted(column.name)
    required = " NOT NULL" if column.required else ""
    return f"{name} {_TYPES[column.type]}{required}{_CHECKS.get(column.type, '').format(name)}"


def _indexed(table: Table) -> list[Column]:
    """Return the columns to look up by: references, but the first column, with which the key begins."""
    return [column for column in table.columns[1:] if column.target]


def _cell(value: Value) -> str | int | None:
    return value.isoformat() if isinstance(value, date) else value


def _add_views(connection: sqlite3.Connection) -> None:
    """Add the views whose tables and columns are there: a small graph may have no meetings, for one."""
    import sqlite3

    for name, select in VIEWS.items():
        try:
            connection.execute(f"{select} LIMIT 0")
        except sqlite3.OperationalError:
            continue
        connection.execute(f"CREATE VIEW {name} AS{select}")


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
