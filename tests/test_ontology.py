"""What the program relies on in the ontology, beside what a reasoner and the shapes check."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Store

from cica_kg.files import GraphFile, read_graph
from cica_kg.store import build_store, triples
from cica_kg.version import __version__
from cica_kg.vocabulary import PREFIXES, TERMS_NAMESPACE

ONTOLOGY = "https://w3id.org/cica-kg/def"


@pytest.fixture(scope="module")
def ontology() -> Store:
    return build_store(read_graph().ontology)


def test_the_version_is_in_the_version_iri_and_never_in_the_namespace(ontology: Store) -> None:
    rows = ontology.query(f"SELECT ?o {{ <{ONTOLOGY}> owl:versionIRI ?o }}", prefixes=PREFIXES)
    assert [row["o"].value for row in rows] == [f"{ONTOLOGY}/{__version__}"]
    rows = ontology.query(f"SELECT ?o {{ <{ONTOLOGY}> owl:versionInfo ?o }}", prefixes=PREFIXES)
    assert [row["o"].value for row in rows] == [__version__]
    assert f"{ONTOLOGY}#" == TERMS_NAMESPACE


def test_every_view_has_an_inverse_and_a_possible_twin_with_one(ontology: Store) -> None:
    kinds = list(ontology.query("SELECT ?kind { ?kind cica:viewedAs ?view }", prefixes=PREFIXES))
    assert len(kinds) == 7
    complete = ontology.query(
        """SELECT ?kind {
            ?kind cica:viewedAs ?view ; cica:possiblyViewedAs ?twin .
            ?view owl:inverseOf|^owl:inverseOf ?inverse . ?twin owl:inverseOf|^owl:inverseOf ?twinInverse .
            FILTER(STRENDS(LCASE(STR(?twin)), LCASE(REPLACE(STR(?view), "^.*#", ""))))
        } GROUP BY ?kind HAVING (COUNT(DISTINCT ?inverse) = 1 && COUNT(DISTINCT ?twinInverse) = 1)""",
        prefixes=PREFIXES,
    )
    assert {row["kind"] for row in complete} == {row["kind"] for row in kinds}


def test_every_kind_of_record_has_a_pattern_for_its_label_in_each_language(ontology: Store) -> None:
    rows = ontology.query(
        """SELECT ?kind (GROUP_CONCAT(LANG(?pattern)) AS ?languages) {
            ?kind cica:viewedAs ?view ; cica:labelPattern ?pattern .
            FILTER(CONTAINS(?pattern, "{party}") && CONTAINS(?pattern, "{thing}"))
        } GROUP BY ?kind""",
        prefixes=PREFIXES,
    )
    found = {row["kind"].value: set(row["languages"].value.split()) for row in rows}
    assert len(found) == 7
    assert all(languages == {"en", "ar", "ru"} for languages in found.values())


def test_the_ontology_holds_no_dates_for_a_reasoner_to_stumble_on(ontology: Store) -> None:
    datatypes = {quad.object.datatype.value for quad in ontology if isinstance(quad.object, Literal)}
    allowed = {"string", "boolean", "integer", "nonNegativeInteger"}
    assert datatypes <= {PREFIXES["rdf"] + "langString", *(PREFIXES["xsd"] + name for name in allowed)}


def test_the_alignments_speak_of_our_terms_and_the_core_does_not_speak_of_them(
    ontology: Store, root: Path
) -> None:
    path = root / "ontology" / "alignments.ttl"
    aligned = triples([GraphFile(path.name, path, path.read_bytes())])
    own = {
        quad.subject.value
        for quad in ontology
        if isinstance(quad.subject, NamedNode) and quad.subject.value.startswith(TERMS_NAMESPACE)
    }
    subjects = {
        triple.subject.value
        for triple in aligned
        if isinstance(triple.subject, NamedNode) and triple.subject.value.startswith(TERMS_NAMESPACE)
    }
    assert len(subjects) > 10
    assert subjects <= own
    assert not {quad.predicate.value for quad in ontology} & {PREFIXES["owl"] + "imports"}
