"""The database holds what the tables hold, its keys hold, and its views answer as the named questions do."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

import cica_kg
from cica_kg import KnowledgeGraph
from cica_kg.export.columns import Column
from cica_kg.export.csvw import METADATA, csv_files
from cica_kg.export.sqlite import APPLICATION_ID, USER_VERSION, sqlite_bytes
from cica_kg.export.table_views import VIEWS
from cica_kg.export.tables import tables
from cica_kg.store import triples
from cica_kg.vocabulary import DCTERMS, PREFIXES, RECORDS, TERMS_NAMESPACE
from tests.export.hostile import load_with, small_graph, statements
from tests.export.rebuild import rebuilt

CICA = PREFIXES["organization"] + "cica"
DAYS = ("1999-01-01", "2008-06-01", "2014-05-21", "2026-04-14", "2027-01-01")


def opened(content: bytes) -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:")
    connection.deserialize(content)
    return connection


@pytest.fixture(scope="module")
def database(kg: KnowledgeGraph) -> Iterator[sqlite3.Connection]:
    with closing(opened(sqlite_bytes(kg))) as connection:
        yield connection


@pytest.fixture(scope="module", params=DAYS)
def of_day(
    request: pytest.FixtureRequest, kg: KnowledgeGraph
) -> Iterator[tuple[KnowledgeGraph, sqlite3.Connection]]:
    then = kg.as_of(request.param)
    with closing(opened(sqlite_bytes(then))) as connection:
        yield then, connection


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_graph(tmp_path_factory.mktemp("hostile"))


def asked(kg: KnowledgeGraph, name: str, **parameters: str) -> list[tuple[str | None, ...]]:
    """Return the rows of a named question as texts."""
    found = kg.query(name, **parameters)
    assert isinstance(found, cica_kg.Rows)
    return [
        tuple(None if term is None else str(getattr(term, "value", term)) for term in row)
        for row in found.rows
    ]


def plain(value: Any, column: Column) -> Any:
    """Return a value of a table as SQLite has it."""
    return value.isoformat() if isinstance(value, date) else value


def test_every_table_comes_back_row_by_row(kg: KnowledgeGraph, database: sqlite3.Connection) -> None:
    for name, table in tables(kg).items():
        rows = database.execute(f'SELECT * FROM "{name}"').fetchall()
        wanted = [tuple(map(plain, row, table.columns)) for row in table.rows]
        assert sorted(rows, key=repr) == sorted(wanted, key=repr), name


def test_all_keys_hold(database: sqlite3.Connection) -> None:
    assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert database.execute("PRAGMA foreign_key_check").fetchall() == []
    tables_ = [name for (name,) in database.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
    keys = [key for name in tables_ for key in database.execute(f'PRAGMA foreign_key_list("{name}")')]
    assert len(keys) > 100


def test_a_reference_to_nothing_and_a_day_that_is_none_are_refused(kg: KnowledgeGraph) -> None:
    with closing(opened(sqlite_bytes(kg))) as connection:
        connection.execute("PRAGMA foreign_keys = ON")
        with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
            connection.execute("UPDATE memberships SET party = 'nobody'")
        with pytest.raises(sqlite3.IntegrityError, match="CHECK"):
            connection.execute("UPDATE memberships SET start_earliest = '1999-02-30'")
        with pytest.raises(sqlite3.IntegrityError, match="cannot store TEXT"):
            connection.execute("UPDATE meetings SET ordinal = 'first'")


def test_the_database_says_what_it_is(kg: KnowledgeGraph, database: sqlite3.Connection) -> None:
    assert database.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
    assert APPLICATION_ID.to_bytes(4, "big") == b"CICA"
    assert database.execute("PRAGMA user_version").fetchone() == (USER_VERSION,)
    assert dict(database.execute("SELECT * FROM meta")) == {
        "graph": "https://w3id.org/cica-kg/graph",
        "version": kg.version,
        "sha256": kg.digest,
        "license": "https://creativecommons.org/licenses/by/4.0/",
        "reference_date": kg.at.isoformat(),
        "known_until": kg.known_until.isoformat(),
    }


def test_a_graph_may_have_two_licences_and_a_source_two_pages(small: Path, empty_cache: Path) -> None:
    licences = ("https://example.org/a", "https://example.org/b")
    ontology = small / "ontology" / "cica.ttl"
    ontology.write_text(
        ontology.read_text()
        + "cica:Source a owl:Class . cica:source a owl:ObjectProperty .\n"
        + "cica:reliability a owl:ObjectProperty ."
    )
    (small / "data" / "more.ttl").write_text(f"""
        PREFIX cica: <https://w3id.org/cica-kg/def#> PREFIX foaf: <http://xmlns.com/foaf/0.1/>
        PREFIX source: <https://w3id.org/cica-kg/id/source/> PREFIX state: <https://w3id.org/cica-kg/id/state/>
        <https://w3id.org/cica-kg/graph> <{DCTERMS}license> <{licences[0]}> , <{licences[1]}> .
        state:atlantis cica:source source:one , source:two .
        source:one a cica:Source ; cica:reliability <urn:x:high> ; foaf:page <urn:x:1> , <urn:x:2> .
        source:two a cica:Source ; cica:reliability <urn:x:high> .
    """)
    kg = cica_kg.load(root=small)
    with closing(opened(sqlite_bytes(kg))) as database:
        assert dict(database.execute("SELECT * FROM meta"))["license"] == " ".join(licences)
        facts = database.execute("SELECT source, page, sources FROM facts_with_sources").fetchall()
    source = PREFIXES["source"]
    assert facts == [(f"{source}one", "urn:x:1 urn:x:2", 2), (f"{source}two", None, 2)]
    assert json.loads(csv_files(kg)[METADATA])["dc:license"] == [{"@id": iri} for iri in licences]


def test_all_views_are_there_and_can_be_asked(database: sqlite3.Connection) -> None:
    views = [name for (name,) in database.execute("SELECT name FROM sqlite_schema WHERE type = 'view'")]
    assert views == list(VIEWS)
    for view in views:
        assert database.execute(f"SELECT * FROM {view}").fetchall(), view


def test_members_are_those_of_the_named_question(of_day: tuple[KnowledgeGraph, sqlite3.Connection]) -> None:
    kg, database = of_day
    rows = database.execute(
        "SELECT member, certainty, since, earliest, latest FROM members WHERE organization = ?", [CICA]
    ).fetchall()
    assert sorted(rows) == sorted(asked(kg, "members"))


def test_observers_are_those_of_the_named_question(of_day: tuple[KnowledgeGraph, sqlite3.Connection]) -> None:
    kg, database = of_day
    rows = database.execute(
        "SELECT observer, kind, certainty, since FROM observers WHERE organization = ?", [CICA]
    ).fetchall()
    found = [(observer, TERMS_NAMESPACE + kind.capitalize(), *rest) for observer, kind, *rest in rows]
    assert sorted(found) == sorted(asked(kg, "observers"))


def test_chairs_and_heads_come_in_the_order_of_the_named_questions(
    of_day: tuple[KnowledgeGraph, sqlite3.Connection],
) -> None:
    kg, database = of_day
    chairs = database.execute(
        'SELECT chair, start, "end", handover FROM chairs WHERE organization = ?', [CICA]
    )
    assert chairs.fetchall() == asked(kg, "chairs")
    heads = database.execute('SELECT person, citizen_of, start, "end", shown_until FROM secretariat_heads')
    assert heads.fetchall() == asked(kg, "secretariat-heads")


def test_the_chair_of_the_day_is_that_of_the_named_question(
    of_day: tuple[KnowledgeGraph, sqlite3.Connection],
) -> None:
    kg, database = of_day
    rows = database.execute(
        "SELECT chair, holds FROM chairs WHERE organization = ? AND holds <> 'no'", [CICA]
    )
    assert sorted(rows) == sorted((chair, certainty) for chair, certainty, _ in asked(kg, "chair"))


@pytest.mark.parametrize("kind", ["meeting-ministerial", "meeting-summit"])
def test_meetings_come_in_the_order_of_the_named_question(
    of_day: tuple[KnowledgeGraph, sqlite3.Connection], kind: str
) -> None:
    kg, database = of_day
    iri = PREFIXES["category"] + kind
    rows = database.execute(
        'SELECT meeting, "from", "to", place, status FROM meetings_in_order WHERE kind = ?', [iri]
    )
    assert rows.fetchall() == asked(kg, "meetings", kind=f"category:{kind}")


def test_wrong_claims_are_those_that_are_outdated_or_contradicted(
    of_day: tuple[KnowledgeGraph, sqlite3.Connection],
) -> None:
    kg, database = of_day
    wanted = [
        (
            each.claim,
            each.verdict,
            each.since and each.since.isoformat(),
            each.right_then,
            each.computed or None,
        )
        for each in kg.claims()
        if each.verdict in ("outdated", "contradicted")
    ]
    rows = database.execute("SELECT claim, verdict, since, right_then, in_the_graph FROM wrong_claims")
    assert rows.fetchall() == wanted


def test_facts_with_one_source_are_those_of_the_named_question(
    kg: KnowledgeGraph, database: sqlite3.Connection
) -> None:
    marks = ", ".join("?" * len(RECORDS))
    rows = database.execute(
        "SELECT fact, kind, source, reliability FROM facts_with_sources"
        f" WHERE sources = 1 AND kind IN ({marks})",
        RECORDS,
    ).fetchall()
    found = [(fact, TERMS_NAMESPACE + kind.capitalize(), *rest) for fact, kind, *rest in rows]
    assert sorted(found) == sorted(asked(kg, "single-source"))


def test_a_graph_without_meetings_has_no_view_of_them(small: Path, empty_cache: Path) -> None:
    with closing(opened(sqlite_bytes(cica_kg.load(root=small)))) as database:
        views = {name for (name,) in database.execute("SELECT name FROM sqlite_schema WHERE type = 'view'")}
        assert "meetings_in_order" not in views
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []


@given(said=statements)
def test_hostile_texts_come_back_from_sqlite(folder: Path, said: dict[str, list[Any]]) -> None:
    kg = load_with(folder, said)
    found = tables(kg)
    with closing(opened(sqlite_bytes(kg))) as database:
        cells = {name: database.execute(f'SELECT * FROM "{name}"').fetchall() for name in found}
    for name, table in found.items():
        truths = {number for number, column in enumerate(table.columns) if column.type == "boolean"}
        cells[name] = [
            tuple(bool(v) if n in truths and v is not None else v for n, v in enumerate(row))
            for row in cells[name]
        ]
    assert rebuilt(found, cells) == triples(kg.validated.files.data)
