"""Tables hold all that was authored, each value in its own type, and grow with the data."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given

import cica_kg
from cica_kg import KnowledgeGraph
from cica_kg.export.columns import Table
from cica_kg.export.table_data import read_authored
from cica_kg.export.tables import tables
from cica_kg.store import triples
from cica_kg.vocabulary import CICA, KINDS, PREFIXES, TERMS_NAMESPACE
from tests.export.hostile import load_with, small_graph, statements
from tests.export.rebuild import rebuilt


@pytest.fixture(scope="module")
def found(kg: KnowledgeGraph) -> dict[str, Table]:
    return tables(kg)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_graph(tmp_path_factory.mktemp("hostile"))


def column(table: Table, name: str) -> dict[object, object]:
    names = [each.name for each in table.columns]
    return {row[0]: row[names.index(name)] for row in table.rows}


def test_no_authored_triple_is_lost_and_none_is_added(kg: KnowledgeGraph, found: dict[str, Table]) -> None:
    held = rebuilt(found, {name: table.rows for name, table in found.items()})
    authored = triples(kg.validated.files.data)
    assert authored <= held
    # Beside the data there are the categories of the ontology, to which the data refers.
    assert all(triple.subject.value.startswith(PREFIXES["category"]) for triple in held - authored)


def test_every_kind_has_a_table_and_every_thing_a_row(kg: KnowledgeGraph, found: dict[str, Table]) -> None:
    kinds = read_authored(kg.validated.files).kinds
    assert list(kinds) == list(KINDS)
    assert sorted(row[0] for row in found["things"].rows) == sorted(
        t for things in kinds.values() for t in things
    )
    assert len(found["memberships"].rows) == len(kinds["membership"])
    assert {"people", "bodies", "categories"} <= set(found)


def test_values_are_of_the_type_of_their_column(found: dict[str, Table]) -> None:
    types = {"iri": str, "text": str, "integer": int, "boolean": bool, "date": date}
    for table in found.values():
        assert len({each.name for each in table.columns}) == len(table.columns)
        for row in table.rows:
            for each, value in zip(table.columns, row, strict=True):
                assert value is not None or not each.required, (table.name, each.name, row)
                assert value is None or type(value) is types[each.type], (table.name, each.name, value)


def test_keys_tell_rows_apart_and_references_lead_somewhere(found: dict[str, Table]) -> None:
    for table in found.values():
        names = [each.name for each in table.columns]
        keys = [tuple(row[names.index(name)] for name in table.key) for row in table.rows]
        assert len(set(keys)) == len(keys), table.name
        for number, each in enumerate(table.columns):
            if each.target:
                there = {row[0] for row in found[each.target].rows}
                assert {row[number] for row in table.rows} - {None} <= there, (table.name, each.name)


def test_names_of_tables_and_columns_are_snake_case_english(found: dict[str, Table]) -> None:
    names = set(found) | {each.name for table in found.values() for each in table.columns}
    assert all(name.isascii() and name.isidentifier() and name == name.lower() for name in names)
    named = [(t.about, t.titles, t.name) for t in found.values()]
    named += [(each.property, each.titles, each.name) for table in found.values() for each in table.columns]
    for iri, titles, name in named:
        ours = iri is None or iri.startswith(TERMS_NAMESPACE)
        assert ({"en", "ar"} if ours else {"en"}) <= set(titles), name


@pytest.mark.parametrize("kind", ["memberships", "tenures", "meetings", "documents"])
def test_days_are_those_that_queries_see(kg: KnowledgeGraph, found: dict[str, Table], kind: str) -> None:
    asked = kg.query(sparql="SELECT ?s ?p ?day { ?s ?p ?day FILTER(DATATYPE(?day) = xsd:date) }")
    days = {(row[0].value, row[1].value): row[2].value for row in asked.rows if row[0] is not None}
    names = {
        "start_earliest": CICA.startEarliest,
        "start_latest": CICA.startLatest,
        "end_earliest": CICA.endEarliest,
        "end_latest": CICA.endLatest,
    }
    compared = 0
    for name in {each.name for each in found[kind].columns} & set(names):
        for thing, day in column(found[kind], name).items():
            assert (str(day) if day else None) == days.get((thing, names[name])), (thing, name)
            compared += day is not None
    assert compared >= len(found[kind].rows)


def test_what_holds_and_the_verdicts_follow_the_reference_date(kg: KnowledgeGraph) -> None:
    before = tables(kg.as_of("2008-06-01"))
    chair = PREFIXES["chairmanship"] + "kazakhstan-cica"
    assert column(before["chairmanships"], "holds")[chair] == "surely"
    assert column(tables(kg)["chairmanships"], "holds")[chair] == "no"
    judged = {each.claim: each.verdict for each in kg.as_of("2008-06-01").claims()}
    assert column(before["claims"], "final_verdict") == judged
    assert judged != {each.claim: each.verdict for each in kg.claims()}


def test_a_new_property_is_a_new_column_and_a_second_value_a_table(small: Path, empty_cache: Path) -> None:
    ontology = small / "ontology" / "cica.ttl"
    ontology.write_text(
        ontology.read_text() + "cica:height a owl:DatatypeProperty , owl:FunctionalProperty .\n"
    )
    data = small / "data" / "records.ttl"
    data.write_text(
        data.read_text() + "state:atlantis cica:height 12 ; rdfs:seeAlso state:atlantis , body:club .\n"
    )
    found = tables(cica_kg.load(root=small))
    assert list(column(found["states"], "height").values()) == [12]
    assert [row[1] for row in found["thing_see_also"].rows] == [
        PREFIXES["body"] + "club",
        PREFIXES["state"] + "atlantis",
    ]
    assert list(column(found["states"], "see_also_label").values()) == ["Club; Atlantis"]


def test_a_text_of_which_there_is_one_stands_beside_its_language(found: dict[str, Table]) -> None:
    kuwait, article = (PREFIXES["source"] + name for name in ("kazinform-kuwait-joins-cica", "article-000"))
    titles, tags = (column(found["sources"], name) for name in ("title", "title_language"))
    assert (titles[kuwait], tags[kuwait]) == ("Kuwait joins CICA as 28th member state", "en")
    assert (titles[article], tags[article]) == (None, None)
    assert set(tags.values()) > {"en", "ar", "zh", None}
    assert "thing_title" not in found


def test_a_property_named_like_a_column_of_ours_gets_a_number(small: Path, empty_cache: Path) -> None:
    data = small / "data" / "records.ttl"
    data.write_text(data.read_text() + "membership:atlantis-club <http://example.org/holds> 'a' .\n")
    found = tables(cica_kg.load(root=small))
    assert list(column(found["memberships"], "holds").values()) == ["a"]
    assert list(column(found["memberships"], "holds_2").values()) == ["surely"]


@given(said=statements)
def test_any_text_and_any_datatype_comes_through(folder: Path, said: dict[str, list[object]]) -> None:
    kg = load_with(folder, said)  # type: ignore[arg-type]
    found = tables(kg)
    assert rebuilt(found, {name: table.rows for name, table in found.items()}) == triples(
        kg.validated.files.data
    )
