"""The tables as CSV files, with metadata as the W3C standard for tabular data on the web (CSVW) has them.

Each file is RFC 4180 in UTF-8, without a byte order mark; a text stands as it is, even where a spreadsheet
would take it for a formula. The standard library writes them: to import the PyPI package csvw takes as long
as to write everything, so it only reads them back, in the tests.
"""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from cica_kg.export.columns import Column, Table, Titles, Value
from cica_kg.export.table_data import read_licences
from cica_kg.export.tables import tables
from cica_kg.vocabulary import GRAPH

if TYPE_CHECKING:
    from cica_kg.graph import KnowledgeGraph

METADATA: Final = "csv-metadata.json"
_DATATYPES: Final = {
    "iri": "anyURI",
    "text": "string",
    "integer": "integer",
    "boolean": "boolean",
    "date": "date",
}


def csv_files(kg: KnowledgeGraph) -> dict[str, bytes]:
    """Return the tables of a graph at its reference date as CSV, with their metadata.

    Returns:
        File name → content: `<table>.csv` for each table, and `csv-metadata.json`, where the standard looks.
    """
    found = tables(kg)
    files = {f"{name}.csv": _csv(table) for name, table in found.items()}
    files[METADATA] = (json.dumps(_metadata(kg, found), ensure_ascii=False, indent=2) + "\n").encode()
    return files


def _csv(table: Table) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([column.name for column in table.columns])
    writer.writerows([_cell(value) for value in row] for row in table.rows)
    return text.getvalue().encode()


def _cell(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, date) else str(value)


def _metadata(kg: KnowledgeGraph, found: dict[str, Table]) -> dict[str, Any]:
    day, until = kg.at.isoformat(), kg.known_until.isoformat()
    licences = [{"@id": iri} for iri in read_licences(kg.store)]
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "@type": "TableGroup",
        "dc:title": _texts(
            {"en": kg.label(GRAPH), "ar": kg.label(GRAPH, ("ar",)), "ru": kg.label(GRAPH, ("ru",))}
        ),
        **({"dc:license": licences} if licences else {}),
        "dc:source": {"@id": GRAPH},
        "dc:date": {"@value": until, "@type": "xsd:date"},
        "schema:version": kg.version,
        "schema:sha256": kg.digest,
        "notes": [
            f"Reference date: {day}. The columns holds, computed_verdict, final_verdict, since and "
            "computed_value speak of this day.",
            f"Known until: {until}. The day up to which the graph was kept.",
            "A property that may have several values has a table of its own, thing_…; where the table of a "
            "kind repeats its values in one cell, to be read, the column has suppressOutput.",
            "Texts stand exactly as they are in the graph: import them as text where a spreadsheet may take "
            "one for a formula.",
        ],
        # Readers differ in the default: some cut off the spaces around a text.
        "dialect": {"trim": False},
        "tables": [_table(table) for table in found.values()],
    }


def _table(table: Table) -> dict[str, Any]:
    # Where a row has a column of languages or types beside its value, CSVW cannot give the value that tag.
    beside = {column.name for column in table.columns if column.property is None}
    plain = {
        column.name: beside.isdisjoint(("language", "type", f"{column.name}_language", f"{column.name}_type"))
        for column in table.columns
    }
    subject = table.columns[0].name
    keys = [
        {
            "columnReference": column.name,
            "reference": {"resource": f"{column.target}.csv", "columnReference": "id"},
        }
        for column in table.columns
        # The standard asks for a match in every row, so no key may be where a cell may be empty.
        if column.target and column.required
    ]
    return {
        "url": f"{table.name}.csv",
        "@type": "Table",
        "dc:title": _texts(table.titles),
        **({"dc:subject": {"@id": table.about}} if table.about else {}),
        "tableSchema": {
            "@type": "Schema",
            "aboutUrl": f"{{+{subject}}}",
            "columns": [_column(column, plain[column.name]) for column in table.columns],
            "primaryKey": list(table.key),
            **({"foreignKeys": keys} if keys else {}),
            **({"rowTitles": ["label"]} if table.columns[1].name == "label" else {}),
        },
    }


def _column(column: Column, plain: bool) -> dict[str, Any]:
    described: dict[str, Any] = {
        "@type": "Column",
        "name": column.name,
        # A column is known by a title that is the same as its head in the file.
        "titles": {"und": column.name, **column.titles},
        "datatype": _DATATYPES[column.type],
        "required": column.required,
    }
    if column.property:
        described["propertyUrl"] = column.property
        if column.type == "iri":
            described["valueUrl"] = f"{{+{column.name}}}"
    if column.language:
        described["lang"] = column.language
    if column.separator:
        described["separator"] = column.separator
    if column.repeats or not column.property or not plain:
        described["suppressOutput"] = True
    if column.type == "text" and column.required:
        described["null"] = []  # an empty text is a text
    return described


def _texts(texts: dict[str, str | None] | Titles) -> list[dict[str, str]]:
    return [{"@value": text, "@language": language} for language, text in texts.items() if text]
