"""JSON-LD: names as language maps, plain values, and a context that agrees with the ontology."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyld import jsonld
from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from cica_kg import KnowledgeGraph
from cica_kg.export import export
from cica_kg.export.rdf import rdf_bytes
from cica_kg.jsonld import context
from cica_kg.rdf import WRITTEN_PREFIXES
from cica_kg.vocabulary import PREFIXES, XSD
from tests.export.readers import by_oxigraph, canonical

PROPERTIES = """
    SELECT ?property ?kind ?range {
      VALUES ?kind { owl:ObjectProperty owl:DatatypeProperty owl:AnnotationProperty }
      ?property a ?kind . OPTIONAL { ?property rdfs:range ?range }
      FILTER(STRSTARTS(STR(?property), STR(cica:)))
    }"""
CLASSES = "SELECT DISTINCT ?class { ?class a owl:Class FILTER(STRSTARTS(STR(?class), STR(cica:))) }"


def rows(kg: KnowledgeGraph, sparql: str) -> list[dict[str, str]]:
    return kg.query(sparql=sparql).to_dicts()


@pytest.fixture(scope="module")
def japan(kg: KnowledgeGraph) -> dict[str, Any]:
    document = json.loads(export(kg, "jsonld", things=["state:japan"], with_views=True))
    return {node["id"]: node for node in document["@graph"]}


def test_a_web_developer_finds_names_links_and_days_as_plain_json(japan: dict[str, Any]) -> None:
    state = japan["state:japan"]
    assert (state["type"], state["label"]["ar"], state["isoAlpha3"]) == ("State", "اليابان", "JPN")
    record = japan["observership:japan-cica"]
    assert (record["party"], record["start"]) == ("state:japan", "[1992-10-05..1999-09-14]")
    assert record["startEarliest"] == "1992-10-05"
    assert isinstance(record["cica:source"], list)
    assert (
        japan["https://w3id.org/cica-kg/graph"]["license"] == "https://creativecommons.org/licenses/by/4.0/"
    )


def test_numbers_and_truth_values_are_those_of_json_where_no_digit_is_lost() -> None:
    ordinal, last = NamedNode(PREFIXES["cica"] + "ordinal"), NamedNode(PREFIXES["cica"] + "lastsUntilEnded")
    thing = NamedNode(PREFIXES["meeting"] + "x")
    said = [("6", "integer"), ("06", "integer"), ("9" * 20, "integer"), ("6", "string"), ("6.0", "decimal")]
    quads = [Quad(thing, ordinal, Literal(text, datatype=NamedNode(XSD + type_))) for text, type_ in said]
    quads += [Quad(thing, last, Literal(text, datatype=NamedNode(XSD + "boolean"))) for text in ("true", "1")]
    (node,) = json.loads(rdf_bytes(quads, "jsonld"))["@graph"]
    assert {json.dumps(value) for value in node["ordinal"]} == {
        *("6", '"06"', f'"{"9" * 20}"', '{"@value": "6"}'),
        '{"@type": "xsd:decimal", "@value": "6.0"}',
    }
    assert sorted(map(json.dumps, node["lastsUntilEnded"])) == ['"1"', "true"]


def test_what_has_no_language_stands_beside_the_language_map() -> None:
    label, thing = NamedNode(PREFIXES["rdfs"] + "label"), NamedNode(PREFIXES["state"] + "x")
    quads = [
        Quad(thing, label, Literal("one", language="en")),
        Quad(thing, label, Literal("two", language="en")),
        Quad(thing, label, Literal("three")),
    ]
    (node,) = json.loads(rdf_bytes(quads, "jsonld"))["@graph"]
    assert node["label"] == {"en": ["one", "two"]}
    assert node["rdfs:label"] == "three"


VALUES = st.one_of(
    st.builds(Literal, st.sampled_from("abcd")),
    st.builds(Literal, st.sampled_from("abcd"), language=st.sampled_from(["ar", "en"])),
    st.builds(Literal, st.sampled_from([1, 2, True, 1.5])),
    st.sampled_from([NamedNode("https://example.org/x"), NamedNode(PREFIXES["state"] + "y"), BlankNode("z")]),
)


@given(
    st.lists(VALUES, min_size=1, max_size=7), st.sampled_from(["dcterms:title", "rdfs:seeAlso", "cica:start"])
)
def test_whatever_values_a_property_has_they_are_read_back(values: list[Any], other: str) -> None:
    label, thing = NamedNode(PREFIXES["rdfs"] + "label"), NamedNode(PREFIXES["state"] + "x")
    prefix, _, local = other.partition(":")
    quads = [Quad(thing, label, value) for value in values]
    quads += [Quad(thing, NamedNode(PREFIXES[prefix] + local), value) for value in values]
    assert canonical(by_oxigraph(rdf_bytes(quads, "jsonld"), "jsonld")) == canonical(quads)


@pytest.mark.parametrize(
    ("property_", "value", "names"),
    [
        (PREFIXES["rdfs"] + "label", Literal("x"), {"rdfs"}),
        (PREFIXES["rdfs"] + "label", Literal("x", language="en"), {"rdfs", "label"}),
        (PREFIXES["cica"] + "start", Literal(5), {"cica", "start"}),
        (PREFIXES["cica"] + "start", Literal(1.5), {"cica", "start", "xsd"}),
        (PREFIXES["cica"] + "ordinal", Literal("x"), {"cica", "ordinal", "xsd"}),
        ("state://x", NamedNode("label://x"), set()),
    ],
)
def test_the_context_has_what_the_document_uses_and_no_more(
    property_: str, value: Literal | NamedNode, names: set[str]
) -> None:
    quad = Quad(NamedNode("https://example.org/x"), NamedNode(property_), value)
    assert set(json.loads(rdf_bytes([quad], "jsonld"))["@context"]) == {"id", "type", *names}


def test_the_document_is_what_pyld_makes_of_it_with_the_same_context(kg: KnowledgeGraph) -> None:
    document = json.loads(export(kg, "jsonld", things=["body:cica-summit"]))
    again = jsonld.compact(jsonld.expand(document), {"@context": context()})

    def sorted_lists(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: sorted_lists(value[key]) for key in value}
        if isinstance(value, list):
            return sorted(map(sorted_lists, value), key=lambda each: json.dumps(each, sort_keys=True))
        return value

    assert sorted_lists(again["@graph"]) == sorted_lists(document["@graph"])


def test_the_context_knows_every_property_and_class_of_the_ontology_and_its_type(kg: KnowledgeGraph) -> None:
    found = context()
    own = {about["@id"] if isinstance(about, dict) else about: (name, about) for name, about in found.items()}
    for row in rows(kg, PROPERTIES):
        local = row["property"].removeprefix(PREFIXES["cica"])
        name, about = own.pop(f"cica:{local}")
        assert name == (f"cica:{local}" if local in WRITTEN_PREFIXES else local)
        type_ = about.get("@type") if isinstance(about, dict) else None
        if row["kind"].endswith("ObjectProperty"):
            assert type_ == "@id", name
        elif row.get("range") in (XSD + "integer", XSD + "boolean"):
            assert type_ == row["range"].replace(XSD, "xsd:"), name
    for row in rows(kg, CLASSES):
        local = row["class"].removeprefix(PREFIXES["cica"])
        assert own.pop(f"cica:{local}")[0] == local
    assert [iri for iri in own if iri.startswith("cica:")] == []


def test_the_context_types_what_the_store_holds(kg: KnowledgeGraph) -> None:
    for name, about in context().items():
        if not isinstance(about, dict):
            continue
        prefix, _, local = about["@id"].partition(":")
        quads = kg.store.quads_for_pattern(None, NamedNode(WRITTEN_PREFIXES[prefix] + local), None, None)
        objects = [quad.object for quad in quads]
        if "@container" in about:
            assert all(isinstance(value, Literal) and value.language for value in objects), name
        elif about["@type"] == "@id":
            assert all(isinstance(value, NamedNode) for value in objects), name
        else:
            wanted = about["@type"].replace("xsd:", XSD)
            assert {value.datatype.value for value in objects} <= {wanted}, name


def test_the_context_has_all_prefixes(root: Path) -> None:
    found = json.loads((root / "ontology" / "context.jsonld").read_text(encoding="utf-8"))["@context"]
    assert {name: iri for name, iri in found.items() if "://" in iri} == WRITTEN_PREFIXES
