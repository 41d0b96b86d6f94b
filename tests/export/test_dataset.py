"""The description of a release: real terms, true figures, addresses that hold wherever it is published."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyld import jsonld
from pyoxigraph import NamedNode, QuerySolutions, RdfFormat, Store, parse
from rdflib import DCAT, DCTERMS, FOAF, OWL, RDF, SKOS, VOID, URIRef

import cica_kg
from cica_kg import KnowledgeGraph
from cica_kg.export import export
from cica_kg.export.dataset import Part, description_files

PLACE = "https://example.org/where/ever/"
SPDX = "http://spdx.org/rdf/terms#"
PREFIXES = {"spdx": SPDX} | {
    name: str(space)
    for name, space in (("dcat", DCAT), ("dcterms", DCTERMS), ("foaf", FOAF), ("skos", SKOS), ("void", VOID))
}
PARTS = [
    Part("rdf/cica-kg.nt", {}, "all of it", b"<a> <b> <c> .\n"),
    Part("tables/states.csv", {"en": "states", "ar": "دول"}, "table: states", b"id\r\n"),
]


def read(files: dict[str, bytes], name: str = "dataset.ttl") -> Store:
    form = RdfFormat.TURTLE if name.endswith(".ttl") else RdfFormat.JSON_LD
    store = Store()
    store.load(files[name], form, base_iri=PLACE + name)
    return store


def ask(store: Store, query: str) -> list[tuple[str, ...]]:
    answer = store.query(query, prefixes=PREFIXES)
    assert isinstance(answer, QuerySolutions)
    return [tuple("" if value is None else value.value for value in row) for row in answer]  # type: ignore[union-attr]


@pytest.fixture(scope="module")
def files(kg: KnowledgeGraph) -> dict[str, bytes]:
    return description_files(kg, PARTS, ["A. Author", "B. Author"])


@pytest.fixture(scope="module")
def description(files: dict[str, bytes]) -> Store:
    return read(files)


@pytest.fixture(scope="module")
def exported(kg: KnowledgeGraph) -> Store:
    data = export(kg, "ntriples")
    assert isinstance(data, bytes)
    store = Store()
    store.load(data, RdfFormat.N_TRIPLES)
    return store


def test_both_forms_say_the_same_to_two_readers(files: dict[str, bytes]) -> None:
    turtle, json_ld = (
        {quad.triple for quad in parse(files[name], form, base_iri=PLACE + name)}
        for name, form in (("dataset.ttl", RdfFormat.TURTLE), ("dataset.jsonld", RdfFormat.JSON_LD))
    )
    options = {"format": "application/n-quads", "base": f"{PLACE}dataset.jsonld"}
    lines = jsonld.to_rdf(json.loads(files["dataset.jsonld"]), options)
    assert turtle == json_ld == {quad.triple for quad in parse(lines, RdfFormat.N_QUADS)}


def test_every_term_exists_in_its_vocabulary(description: Store) -> None:
    used = {quad.predicate.value for quad in description}
    used |= {quad.object.value for quad in description if quad.predicate.value == str(RDF.type)}  # type: ignore[union-attr]
    spdx = {"Checksum", "algorithm", "checksum", "checksumValue"}
    used -= {SPDX + name for name in spdx}
    vocabularies = (DCAT, DCTERMS, FOAF, OWL, RDF, VOID)
    assert {iri for iri in used if not any(URIRef(iri) in each for each in vocabularies)} == set()


@pytest.mark.parametrize(
    ("term", "query"),
    [
        ("triples", "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"),
        ("distinctSubjects", "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s ?p ?o }"),
        ("distinctObjects", "SELECT (COUNT(DISTINCT ?o) AS ?n) { ?s ?p ?o }"),
        ("properties", "SELECT (COUNT(DISTINCT ?p) AS ?n) { ?s ?p ?o }"),
        ("classes", "SELECT (COUNT(DISTINCT ?c) AS ?n) { ?s a ?c }"),
        (
            "entities",
            "SELECT (COUNT(DISTINCT ?s) AS ?n)"
            " { ?s ?p ?o FILTER(STRSTARTS(STR(?s), 'https://w3id.org/cica-kg/id/')) }",
        ),
    ],
)
def test_a_figure_is_what_a_query_counts(description: Store, exported: Store, term: str, query: str) -> None:
    assert ask(description, f"SELECT ?n {{ ?set a dcat:Dataset ; void:{term} ?n }}") == ask(exported, query)


def test_figures_by_class_are_what_a_query_counts(description: Store, exported: Store) -> None:
    told = ask(description, "SELECT ?c ?n { ?set void:classPartition [ void:class ?c ; void:entities ?n ] }")
    assert sorted(told) == sorted(
        ask(exported, "SELECT ?c (COUNT(DISTINCT ?s) AS ?n) { ?s a ?c } GROUP BY ?c")
    )


def test_figures_by_property_are_what_a_query_counts(description: Store, exported: Store) -> None:
    told = ask(
        description,
        "SELECT ?p ?t ?s ?o { ?set void:propertyPartition [ void:property ?p ; void:triples ?t ;"
        " void:distinctSubjects ?s ; void:distinctObjects ?o ] }",
    )
    counted = ask(
        exported,
        "SELECT ?p (COUNT(*) AS ?t) (COUNT(DISTINCT ?s) AS ?ss) (COUNT(DISTINCT ?o) AS ?os)"
        " { ?s ?p ?o } GROUP BY ?p",
    )
    assert sorted(told) == sorted(counted)


def test_links_are_counted_by_the_data_set_they_lead_to(description: Store, exported: Store) -> None:
    told = dict(
        ask(
            description,
            "SELECT ?space ?n { ?links a void:Linkset ; void:linkPredicate skos:exactMatch ;"
            " void:triples ?n ; void:subjectsTarget <https://w3id.org/cica-kg/graph> ;"
            " void:objectsTarget/void:uriSpace ?space }",
        )
    )
    assert "http://www.wikidata.org/entity/" in told
    for space, number in told.items():
        leads_there = f"?thing skos:exactMatch ?other FILTER(STRSTARTS(STR(?other), '{space}'))"
        assert ask(exported, f"SELECT (COUNT(*) AS ?n) {{ {leads_there} }}") == [(number,)]
    total = ask(exported, "SELECT (COUNT(*) AS ?n) { ?s skos:exactMatch ?o }")
    assert total == [(str(sum(map(int, told.values()))),)]


def test_a_urn_is_counted_with_those_of_its_namespace(small: Path) -> None:
    (small / "data" / "more.ttl").write_text(
        "<https://w3id.org/cica-kg/id/state/atlantis>"
        f" <{SKOS.exactMatch}> <urn:isbn:1> , <urn:isbn:2> ; <urn:x:said> 1 ."
    )
    made = read(description_files(cica_kg.load(root=small), [], []))
    assert ask(
        made, "SELECT ?n { ?links void:triples ?n ; void:objectsTarget/void:uriSpace 'urn:isbn:' }"
    ) == [("2",)]
    assert ask(
        made, "SELECT ?v { ?set void:vocabulary ?v FILTER(?v IN (<urn:x:>, <" + PLACE + "dataset.ttl>)) }"
    ) == [("urn:x:",)]


def test_it_says_what_the_graph_says_of_itself(kg: KnowledgeGraph, description: Store) -> None:
    graph = NamedNode("https://w3id.org/cica-kg/graph")
    quads = description.quads_for_pattern(graph, None, None, None)
    own = {(quad.predicate.value.rpartition("/")[2], str(quad.object)) for quad in quads}
    assert ("title", '"Граф знаний о СВМДА"@ru') in own
    assert {text.rpartition("@")[2] for name, text in own if name == "title"} == {"en", "ar", "ru"}
    assert ("license", "<https://creativecommons.org/licenses/by/4.0/>") in own
    assert ("identifier", f'"sha256:{kg.digest}"') in own
    last_day = ask(description, "SELECT ?day { ?set dcterms:temporal/dcat:endDate ?day }")
    assert last_day == [(kg.known_until.isoformat(),)]
    names = ask(description, "SELECT ?name { ?set dcterms:creator/foaf:name ?name } ORDER BY ?name")
    assert names == [("A. Author",), ("B. Author",)]


def test_there_is_a_day_of_issue_only_where_the_graph_states_one(small: Path, description: Store) -> None:
    issued = "SELECT ?day { ?set dcterms:issued ?day }"
    assert ask(description, issued) == []
    path = small / "data" / "graph.ttl"
    said = '"2020-06-30" ; <http://purl.org/dc/terms/issued> "2020-07-01"'
    path.write_text(path.read_text().replace('"2020-06-30"', said))
    assert ask(read(description_files(cica_kg.load(root=small), [], [])), issued) == [("2020-07-01",)]


def test_a_file_has_address_type_size_and_hash(description: Store) -> None:
    rows = ask(
        description,
        "SELECT ?url ?type ?size ?hash ?title { ?set dcat:distribution ?file . ?file a dcat:Distribution ;"
        " dcat:downloadURL ?url ; dcat:mediaType ?type ; dcat:byteSize ?size ; dcterms:title ?title ;"
        " spdx:checksum [ spdx:algorithm spdx:checksumAlgorithm_sha256 ; spdx:checksumValue ?hash ] }"
        " ORDER BY ?url ?title",
    )
    types = "https://www.iana.org/assignments/media-types/"
    assert [row[:3] for row in rows] == [
        (f"{PLACE}rdf/cica-kg.nt", f"{types}application/n-triples", "14"),
        (f"{PLACE}tables/states.csv", f"{types}text/csv", "4"),
        (f"{PLACE}tables/states.csv", f"{types}text/csv", "4"),
    ]
    assert {row[4] for row in rows} == {"rdf/cica-kg.nt", "states", "دول"}
    assert {row[3] for row in rows} == {hashlib.sha256(part.content).hexdigest() for part in PARTS}
    assert ask(description, "SELECT ?dump { ?set void:dataDump ?dump }") == [(f"{PLACE}rdf/cica-kg.nt",)]


@settings(max_examples=15)
@given(
    st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="/"), min_size=1, max_size=12)
)
def test_any_file_name_has_an_address(kg: KnowledgeGraph, name: str) -> None:
    made = description_files(kg, [Part(f"tables/{name}.csv", {}, "", b"")], [])
    for form in made:
        ((url,),) = ask(read(made, form), "SELECT ?url { ?file dcat:downloadURL ?url }")
        assert unquote(urlsplit(url).path) == f"/where/ever/tables/{name}.csv"
        assert (urlsplit(url).query, urlsplit(url).fragment) == ("", "")
