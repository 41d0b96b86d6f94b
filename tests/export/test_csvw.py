"""CSV files that pandas, the csvw library and any reader of RFC 4180 read as they were meant."""

from __future__ import annotations

import csv
import io
import json
import warnings
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from pyoxigraph import Literal, NamedNode

import cica_kg
from cica_kg import KnowledgeGraph
from cica_kg.export.columns import Table
from cica_kg.export.csvw import METADATA, csv_files
from cica_kg.export.tables import tables
from cica_kg.packing import write_folder
from cica_kg.store import triples
from cica_kg.vocabulary import PREFIXES, TERMS_NAMESPACE, XSD
from tests.conftest import Run
from tests.export.hostile import OFTEN, load_with, small_graph, statements
from tests.export.rebuild import rebuilt


@pytest.fixture(scope="module")
def files(kg: KnowledgeGraph) -> dict[str, bytes]:
    return csv_files(kg)


@pytest.fixture(scope="module")
def folder(files: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("csv") / "tables"
    write_folder(folder, files)
    return folder


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_graph(tmp_path_factory.mktemp("hostile"))


def text_of(value: Any) -> Any:
    """Return an IRI that the csvw library has read as a text again, and a midnight as a day."""
    if isinstance(value, datetime):
        return value.date()
    return value.unsplit() if hasattr(value, "unsplit") else value


def read(content: bytes, table: Table) -> Iterable[tuple[Any, ...]]:
    """Read a file as its metadata describes it: only a cell that need not be filled can be nothing."""
    head, *rows = csv.reader(io.StringIO(content.decode(), newline=""), strict=True)
    assert head == [column.name for column in table.columns]
    types = {
        name: next((beside for beside in (f"{name}_type", f"{name}_language") if beside in head), None)
        for name in head
    }
    for row in rows:
        cells = dict(zip(head, row, strict=True))
        values: list[Any] = []
        for column in table.columns:
            text, beside = cells[column.name], types[column.name]
            there = bool(text) or column.required or bool(beside and cells[beside])
            if not there:
                values.append(None)
            elif column.type == "boolean":
                values.append({"true": True, "false": False}[text])
            else:
                convert = {"integer": int, "date": date.fromisoformat}.get(column.type, str)
                values.append(convert(text))
        yield tuple(values)


def test_files_are_utf8_without_a_mark_and_every_line_ends_as_rfc_4180_says(files: dict[str, bytes]) -> None:
    for name, content in files.items():
        text = content.decode()
        assert not text.startswith("\ufeff")
        if name != METADATA:
            between_quotes_or_not = text.split('"')
            outside = "".join(between_quotes_or_not[::2]).replace("\r\n", "")
            assert "\r" not in outside
            assert "\n" not in outside
            assert text.endswith("\r\n")


def test_what_is_read_back_is_what_was_written(kg: KnowledgeGraph, files: dict[str, bytes]) -> None:
    for name, table in tables(kg).items():
        assert list(read(files[f"{name}.csv"], table)) == table.rows


def test_the_csvw_library_finds_nothing_wrong_with_the_folder(folder: Path) -> None:
    csvw = pytest.importorskip("csvw")
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        checked = csvw.CSVW(str(folder / METADATA), validate=True)
        assert checked.is_valid
    assert [str(each.message) for each in heard] == []
    keys = [key for table in checked.tables for key in table.tableSchema.foreignKeys]
    assert len(keys) > 50


def test_the_csvw_library_finds_a_reference_to_nothing(files: dict[str, bytes], tmp_path: Path) -> None:
    csvw = pytest.importorskip("csvw")
    broken = dict(files)
    lines = broken["posts.csv"].splitlines(keepends=True)
    broken["posts.csv"] = b"".join(lines).replace(b"id/body/cica-business-council", b"id/body/nowhere")
    write_folder(tmp_path / "tables", broken)
    group = csvw.TableGroup.from_file(tmp_path / "tables" / METADATA)
    with pytest.raises(ValueError, match="nowhere"):
        group.check_referential_integrity()


def test_the_csvw_library_reads_values_in_their_types(folder: Path) -> None:
    csvw = pytest.importorskip("csvw")
    group = csvw.TableGroup.from_file(folder / METADATA)
    rows = {text_of(row["id"]): row for row in group.tabledict["memberships.csv"]}
    afghanistan = rows[PREFIXES["membership"] + "afghanistan-cica"]
    assert (afghanistan["start"], afghanistan["start_earliest"]) == ("1999-09-14", datetime(1999, 9, 14))
    assert len(afghanistan["source"]) == 10
    states = {row["iso_alpha3"]: row for row in group.tabledict["states.csv"]}
    assert states["AFG"]["m49"] == "004"
    ordinals = {row["ordinal"] for row in group.tabledict["meetings.csv"]}
    assert {1, 7, None} <= ordinals


def test_pandas_reads_values_in_their_types(folder: Path) -> None:
    pandas = pytest.importorskip("pandas")
    metadata = json.loads((folder / METADATA).read_text())
    described = {table["url"]: table["tableSchema"]["columns"] for table in metadata["tables"]}

    def frame(where: Path, name: str) -> Any:
        columns = described[name]
        types = {"integer": "Int64", "boolean": "boolean"}
        return pandas.read_csv(
            where / name,
            dtype={c["name"]: types.get(c["datatype"], "string") for c in columns if c["datatype"] != "date"},
            parse_dates=[c["name"] for c in columns if c["datatype"] == "date"],
            keep_default_na=False,
            na_values=[""],
        )

    states = frame(folder, "states.csv").set_index("iso_alpha3")
    assert states.loc["AFG", "m49"] == "004"
    meetings = frame(folder, "meetings.csv").set_index("id")
    first = meetings.loc[PREFIXES["meeting"] + "cica-ministerial-1"]
    assert (first["ordinal"], first["start_earliest"]) == (1, pandas.Timestamp("1999-09-14"))
    both = frame(folder, "thing_source.csv").merge(meetings, left_on="thing", right_index=True)
    assert len(both) == sum(len(cell.split()) for cell in meetings["source"])


def test_codes_that_look_like_nothing_or_like_numbers_stay_texts(small: Path, empty_cache: Path) -> None:
    pandas = pytest.importorskip("pandas")
    data = small / "data" / "records.ttl"
    ontology = small / "ontology" / "cica.ttl"
    ontology.write_text(
        ontology.read_text() + "cica:code a owl:DatatypeProperty , owl:FunctionalProperty .\n"
    )
    data.write_text(data.read_text() + "state:atlantis cica:code 'NA' . body:club cica:code '007' .\n")
    files = csv_files(cica_kg.load(root=small))
    options: dict[str, Any] = {"dtype": "string", "keep_default_na": False, "na_values": [""]}
    assert pandas.read_csv(io.BytesIO(files["states.csv"]), **options)["code"].tolist() == ["NA"]
    assert pandas.read_csv(io.BytesIO(files["bodies.csv"]), **options)["code"].tolist() == ["007"]


def test_the_metadata_says_what_columns_are_in_three_languages(
    files: dict[str, bytes], kg: KnowledgeGraph
) -> None:
    metadata = json.loads(files[METADATA])
    assert metadata["@context"][0] == "http://www.w3.org/ns/csvw"
    assert metadata["dc:license"] == [{"@id": "https://creativecommons.org/licenses/by/4.0/"}]
    assert metadata["schema:sha256"] == kg.digest
    assert metadata["dc:date"]["@value"] == kg.known_until.isoformat()
    assert {table["url"] for table in metadata["tables"]} == set(files) - {METADATA}
    memberships = next(table for table in metadata["tables"] if table["url"] == "memberships.csv")
    schema = memberships["tableSchema"]
    party = next(column for column in schema["columns"] if column["name"] == "party")
    assert party["titles"] == {"und": "party", "en": "party", "ar": "الطرف", "ru": "сторона"}
    assert (party["propertyUrl"], party["valueUrl"]) == (TERMS_NAMESPACE + "party", "{+party}")
    assert (schema["aboutUrl"], schema["primaryKey"]) == ("{+id}", ["id"])
    assert {
        "columnReference": "party",
        "reference": {"resource": "things.csv", "columnReference": "id"},
    } in schema["foreignKeys"]


def test_a_value_is_no_plain_text_to_csvw_where_its_language_or_type_stands_beside_it(
    files: dict[str, bytes],
) -> None:
    metadata = json.loads(files[METADATA])
    described = {
        (table["url"], column["name"]): column
        for table in metadata["tables"]
        for column in table["tableSchema"]["columns"]
    }
    for name in (("sources.csv", "title"), ("claims.csv", "claimed_value"), ("thing_note.csv", "note")):
        assert described[name]["suppressOutput"] is True
    for name in (("sources.csv", "date"), ("claims.csv", "as_of"), ("meetings.csv", "ordinal")):
        assert "suppressOutput" not in described[name]


def test_a_title_of_each_column_is_its_head_in_the_file_in_no_language(files: dict[str, bytes]) -> None:
    # Metadata vocabulary, “Schema Compatibility”: the head of a column and its titles have one in common.
    for table in json.loads(files[METADATA])["tables"]:
        head = next(csv.reader(io.StringIO(files[table["url"]].decode(), newline="")))
        assert [column["titles"]["und"] for column in table["tableSchema"]["columns"]] == head


def test_readers_are_told_to_leave_spaces_around_texts(files: dict[str, bytes]) -> None:
    assert json.loads(files[METADATA])["dialect"] == {"trim": False}


def test_no_key_is_declared_where_a_cell_may_be_empty(files: dict[str, bytes]) -> None:
    for table in json.loads(files[METADATA])["tables"]:
        schema = table["tableSchema"]
        required = {column["name"] for column in schema["columns"] if column["required"]}
        assert {key["columnReference"] for key in schema.get("foreignKeys", [])} <= required


@given(said=statements)
def test_hostile_texts_come_back_from_csv(hostile: Path, said: dict[str, list[Any]]) -> None:
    kg = load_with(hostile, said)
    found, files = tables(kg), csv_files(kg)
    cells = {name: read(files[f"{name}.csv"], table) for name, table in found.items()}
    assert rebuilt(found, cells) == triples(kg.validated.files.data)


@settings(max_examples=25)
@given(said=statements)
@example(said={OFTEN: [Literal("2024-02-29", datatype=NamedNode(XSD + "date"))]})
def test_hostile_texts_come_back_by_way_of_the_csvw_library(
    hostile: Path, tmp_path_factory: pytest.TempPathFactory, said: dict[str, list[Any]]
) -> None:
    csvw = pytest.importorskip("csvw")
    kg = load_with(hostile, said)
    folder = tmp_path_factory.mktemp("read") / "tables"
    write_folder(folder, csv_files(kg))
    group = csvw.TableGroup.from_file(folder / METADATA)
    for name, table in tables(kg).items():
        if not name.startswith("thing_"):
            continue
        rows = [tuple(map(text_of, row.values())) for row in group.tabledict[f"{name}.csv"]]
        assert rows == table.rows


CODE = """
import hashlib, cica_kg
from cica_kg.export.csvw import csv_files
from cica_kg.export.graphml import graphml_bytes
from cica_kg.export.sqlite import sqlite_bytes
def total(kg):
    total = hashlib.sha256()
    for name, content in csv_files(kg).items():
        total.update(name.encode() + content)
    total.update(sqlite_bytes(kg) + graphml_bytes(kg))
    return total.hexdigest()
"""


def test_the_bytes_depend_on_no_hash_seed_and_no_locale(python: Run, kg: KnowledgeGraph, root: Path) -> None:
    here: dict[str, Any] = {}
    exec(CODE, here)  # this process has a seed and a locale of its own
    env = {"PYTHONHASHSEED": "4711", "LC_ALL": "C", "TZ": "Asia/Almaty", "PYTHONPATH": str(root)}
    run = python("-c", CODE + "print(total(cica_kg.load(at='2012-05-01')), end='')", env=env)
    assert run.stdout == here["total"](kg.as_of("2012-05-01")), run.stderr


def test_the_bytes_depend_on_no_order_of_files(small: Path, tmp_path: Path, empty_cache: Path) -> None:
    parts = []
    for name in ("one", "two"):
        part = tmp_path / f"{name}.ttl"
        part.write_text(
            "PREFIX cica: <https://w3id.org/cica-kg/def#> PREFIX state: <https://w3id.org/cica-kg/id/state/> "
            f'state:{name} a cica:State ; <http://www.w3.org/2000/01/rdf-schema#label> "{name}"@en .\n'
            f'state:atlantis <http://www.w3.org/2004/02/skos/core#note> "{name}"@en .\n'
            f'[] <http://example.org/said> "{name}" .\n'
        )
        parts.append(part)
    one, other = (csv_files(cica_kg.load(root=small, data=order)) for order in (parts, parts[::-1]))
    # The digest in the metadata is over the files in the order in which they were given.
    assert {n: c for n, c in one.items() if n != METADATA} == {
        n: c for n, c in other.items() if n != METADATA
    }
    assert b"two" in one["other_statements.csv"]
