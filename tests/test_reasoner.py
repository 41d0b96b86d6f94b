"""OWL 2 DL, consistent, no unsatisfiable class: alone, with the alignments, with the data, and on every day.

Java runs it: where there is none the tests skip, or fail under CICA_KG_REQUIRE_SYSTEM=1.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, RdfFormat, serialize
from rdflib import OWL, RDF, RDFS, Graph, Literal, URIRef

import cica_kg
from cica_kg.records import read_records
from cica_kg.vocabulary import TERMS_NAMESPACE
from tests.reasoner import Reasoner, graph_of

pytestmark = pytest.mark.xdist_group("java")
CORE = ("ontology/cica.ttl", "ontology/categories.ttl")


@pytest.fixture(scope="module")
def reasoner() -> Reasoner:
    if shutil.which("java") is None:
        if os.environ.get("CICA_KG_REQUIRE_SYSTEM") == "1":
            pytest.fail("there is no java: install the Debian package default-jre-headless")
        pytest.skip("there is no java (Debian package default-jre-headless)")
    return Reasoner()


def _files(root: Path, *extra: str) -> list[Path]:
    return [root / name for name in (*CORE, *extra)]


def test_the_ontology_is_owl_2_dl_and_every_class_can_have_instances(reasoner: Reasoner, root: Path) -> None:
    ontology = reasoner.load(graph_of(_files(root)))
    assert reasoner.profile_violations(ontology) == []
    assert reasoner.faults(ontology) == []


def test_the_alignments_change_nothing_about_that(reasoner: Reasoner, root: Path) -> None:
    ontology = reasoner.load(graph_of(_files(root, "ontology/alignments.ttl")))
    assert reasoner.profile_violations(ontology) == []
    assert reasoner.faults(ontology) == []


def test_the_data_fits_the_ontology(reasoner: Reasoner, root: Path) -> None:
    ontology = reasoner.load(graph_of([*_files(root), *sorted((root / "data").rglob("*.ttl"))]))
    assert reasoner.profile_violations(ontology) == []
    assert reasoner.faults(ontology) == []


def test_the_check_would_find_a_fault(reasoner: Reasoner, root: Path) -> None:
    graph = graph_of(_files(root))
    japan, cica = (
        URIRef(f"https://w3id.org/cica-kg/id/{each}") for each in ("state/japan", "organization/cica")
    )
    graph.add((japan, URIRef(TERMS_NAMESPACE + "memberOf"), cica))
    graph.add((japan, URIRef(TERMS_NAMESPACE + "observerOf"), cica))
    assert reasoner.faults(reasoner.load(graph)) == ["inconsistent"]


def test_the_views_of_every_day_on_which_something_changes_are_consistent(
    reasoner: Reasoner, root: Path, kg: cica_kg.KnowledgeGraph
) -> None:
    """One day at a time: the relations that hold then, with the ontology and the kinds of what they bind."""
    records = read_records(kg.store, kg.known_until)
    days = sorted({day for record in records for day in record.changes()})
    core = _without_texts(graph_of(_files(root)))
    data = graph_of(sorted((root / "data").glob("*.ttl")))
    for thing in {URIRef(end) for record in records for end in (record.party, record.thing)}:
        core += ((thing, RDF.type, kind) for kind in data.objects(thing, RDF.type))
    relations = [
        term
        for term in graph_of(_files(root)).subjects(RDF.type, OWL.ObjectProperty)
        if str(term).startswith(TERMS_NAMESPACE)
    ]
    seen: set[frozenset[str]] = set()
    for day in days:
        store = kg.as_of(day).store
        views = [
            q.triple for p in relations for q in store.quads_for_pattern(None, NamedNode(str(p)), None, None)
        ]
        key = frozenset(map(str, views))
        if key in seen:
            continue
        seen.add(key)
        graph = Graph()
        graph += core
        graph.parse(data=serialize(views, format=RdfFormat.N_TRIPLES), format="nt")
        assert reasoner.is_consistent(reasoner.load(graph)), day
    assert len(seen) > 50


def _without_texts(graph: Graph) -> Graph:
    """Leave out labels and definitions: no axiom rests on them, and the reasoner is asked for every day."""
    small = Graph()
    small += (
        triple for triple in graph if not isinstance(triple[2], Literal) and triple[1] != RDFS.isDefinedBy
    )
    return small
