"""The network has an edge for every record, with what queries know of it, and networkx reads it back."""

from __future__ import annotations

import io
import sys
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

import cica_kg
from cica_kg import KnowledgeGraph, UsageError
from cica_kg.export.graphml import graphml_bytes
from cica_kg.vocabulary import PREFIXES, RDFS, shorten
from tests.export.hostile import load_with, small_graph, statements

nx = pytest.importorskip("networkx")

RECORDS = """
SELECT ?record ?party ?thing ?kind ?start (COUNT(?source) AS ?sources) {
  ?class cica:viewedAs ?view .
  ?record a ?class ; cica:party ?party ; cica:start ?start ; cica:source ?source ;
    cica:inOrganization|cica:forPost|cica:ofMeasure|cica:atPlace ?thing .
  BIND(LCASE(STRAFTER(STR(?class), "#")) AS ?kind)
} GROUP BY ?record ?party ?thing ?kind ?start
"""


def network(content: bytes) -> Any:
    return nx.read_graphml(io.BytesIO(content), edge_key_type=str, force_multigraph=True)


@pytest.fixture(scope="module")
def whole(kg: KnowledgeGraph) -> Any:
    return network(graphml_bytes(kg))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_graph(tmp_path_factory.mktemp("hostile"))


def test_every_record_is_an_edge_between_its_ends(kg: KnowledgeGraph, whole: Any) -> None:
    asked = kg.query(sparql=RECORDS)
    wanted = {
        (
            record.value,
            shorten(party.value),
            shorten(thing.value),
            kind.value,
            start.value,
            int(sources.value),
        )
        for record, party, thing, kind, start, sources in asked.rows
    }
    found = {
        (key, source, target, data["kind"], data["start"], data["sources"])
        for source, target, key, data in whole.edges(keys=True, data=True)
    }
    assert found == wanted
    assert set(whole.nodes) == {end for _, party, thing, *_ in wanted for end in (party, thing)}
    assert whole.is_directed()


def test_nodes_have_names_kinds_and_links(kg: KnowledgeGraph, whole: Any) -> None:
    japan = whole.nodes["state:japan"]
    assert japan["label"] == japan["label_en"] == "Japan"
    assert (japan["label_ar"], japan["label_ru"]) == (kg.label(japan["iri"], ("ar",)), "Япония")
    assert (japan["kind"], japan["iri"]) == ("state", PREFIXES["state"] + "japan")
    linked = {data["iri"]: data["wikidata"] for _, data in whole.nodes(data=True) if "wikidata" in data}
    asked = kg.query(
        sparql="SELECT ?thing ?item { ?thing skos:exactMatch ?item FILTER(STRSTARTS(STR(?item), STR(wd:))) }"
    )
    items = {thing.value: shorten(item.value) for thing, item in asked.rows}
    assert linked
    assert all(items[iri] == f"wd:{item}" for iri, item in linked.items())


def test_an_edge_has_its_dates_and_whether_it_holds_on_the_day(kg: KnowledgeGraph) -> None:
    edge = (
        "state:kazakhstan",
        "organization:cica",
        PREFIXES["chairmanship"] + "kazakhstan-cica",
    )
    data = network(graphml_bytes(kg)).edges[edge]
    assert (data["start"], data["end"], data["holds"]) == ("2002-06-04", "2010-06-08", "no")
    assert (data["start_earliest"], data["end_latest"]) == ("2002-06-04", "2010-06-08")
    assert network(graphml_bytes(kg.as_of("2008-06-01"))).edges[edge]["holds"] == "surely"
    asked = kg.query(sparql="SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s cica:memberOf organization:cica }")
    surely = [
        1
        for _, target, data in network(graphml_bytes(kg)).edges(data=True)
        if (target, data["kind"], data["holds"]) == ("organization:cica", "membership", "surely")
    ]
    assert len(surely) == int(asked.rows[0][0].value)


def test_two_records_of_the_same_ends_are_two_edges(whole: Any) -> None:
    runs = whole.get_edge_data("state:kazakhstan", "organization:cica")
    assert [data["kind"] for data in runs.values()].count("chairmanship") == 2


def test_the_file_says_which_graph_it_is(kg: KnowledgeGraph) -> None:
    content = graphml_bytes(kg)
    assert network(content).graph | {} == {
        "node_default": {},
        "edge_default": {},
        "iri": "https://w3id.org/cica-kg/graph",
        "version": kg.version,
        "sha256": kg.digest,
        "reference_date": kg.at.isoformat(),
        "known_until": kg.known_until.isoformat(),
    }
    assert "أذربيجان" in content.decode()


def test_without_networkx_the_error_says_what_to_install(
    kg: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "networkx", None)
    with pytest.raises(UsageError, match=r"pip install 'cica-kg\[networks\]'"):
        graphml_bytes(kg)


@given(said=statements)
def test_any_name_can_be_read_back_and_what_xml_cannot_carry_is_visible(
    folder: Path, said: dict[str, list[Any]]
) -> None:
    content = graphml_bytes(load_with(folder, said))
    ET.fromstring(content)
    found = network(content).nodes["state:atlantis"].get("label_ar", "")
    # Nothing keeps this small graph from two labels in one language; the first by the alphabet is shown.
    name = min((label.value for label in said[RDFS + "label"] if label.language == "ar"), default="")
    if name.isprintable():
        assert found == name
    assert all(character in "\t\n" or character >= " " for character in found)


def test_a_bell_in_a_name_is_written_as_an_escape(small: Path, empty_cache: Path) -> None:
    data = small / "data" / "records.ttl"
    data.write_text(data.read_text() + r'state:atlantis rdfs:label "a\u0007b\rc\uFFFEd\u0000\ne"@ar .' + "\n")
    nodes = network(graphml_bytes(cica_kg.load(root=small))).nodes
    assert nodes["state:atlantis"]["label_ar"] == "a\\u0007b\\u000dc\\ufffed\\u0000\ne"
