"""The vocabulary as a whole: used, defined in the languages asked for, and in step with shapes and page."""

from __future__ import annotations

from pathlib import Path

import pyshacl
import pytest
from rdflib import DCTERMS, FOAF, ORG, OWL, PROV, RDF, RDFS, SH, SKOS, VANN, Graph, URIRef

from cica_kg.vocabulary import TERMS_NAMESPACE
from tests import ontology_page

CICA = TERMS_NAMESPACE


def _graph(*paths: Path) -> Graph:
    graph = Graph()
    for path in paths:
        graph.parse(path)
    return graph


@pytest.fixture(scope="module")
def ontology(root: Path) -> Graph:
    return _graph(root / "ontology" / "cica.ttl", root / "ontology" / "categories.ttl")


@pytest.fixture(scope="module")
def shapes(root: Path) -> Graph:
    return _graph(*sorted((root / "ontology" / "shapes").glob("*.ttl")))


@pytest.fixture(scope="module")
def data(root: Path) -> Graph:
    return _graph(*sorted((root / "data").rglob("*.ttl")))


@pytest.fixture(scope="module")
def terms(ontology: Graph) -> set[URIRef]:
    kinds = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
    found = {s for kind in kinds for s in ontology.subjects(RDF.type, kind) if str(s).startswith(CICA)}
    return {term for term in found if isinstance(term, URIRef)}


def _mentioned(graph: Graph) -> set[str]:
    return {str(node) for triple in graph for node in triple if str(node).startswith(CICA)}


def test_every_term_is_used_by_data_shape_query_or_rule(
    root: Path, terms: set[URIRef], ontology: Graph, shapes: Graph, data: Graph
) -> None:
    texts = "\n".join(
        path.read_text() for path in (*root.glob("queries/*.rq"), *root.glob("ontology/rules/*.rq"))
    )
    used = _mentioned(shapes) | _mentioned(data)
    used |= {
        str(o) for p in ("viewedAs", "possiblyViewedAs") for o in ontology.objects(None, URIRef(CICA + p))
    }
    used |= {str(o) for s in list(used) for o in ontology.transitive_objects(URIRef(s), RDFS.subClassOf)}
    inverse = {str(a): str(b) for a, b in ontology.subject_objects(OWL.inverseOf)}
    inverse |= {b: a for a, b in inverse.items()}
    unused = {
        str(term)
        for term in terms
        if str(term) not in used
        and inverse.get(str(term)) not in used
        and f"cica:{str(term)[len(CICA) :]}" not in texts
    }
    assert unused == set()


def test_nothing_uses_a_term_that_is_not_declared(terms: set[URIRef], shapes: Graph, data: Graph) -> None:
    assert (_mentioned(shapes) | _mentioned(data)) <= {str(term) for term in terms} | {CICA}


@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_term_and_concept_has_one_label_and_a_definition(
    ontology: Graph, terms: set[URIRef], language: str
) -> None:
    concepts = set(ontology.subjects(SKOS.inScheme)) | set(ontology.subjects(RDF.type, SKOS.ConceptScheme))
    for term in terms | concepts:
        labels = [o for o in ontology.objects(term, RDFS.label) if o.language == language]  # type: ignore[attr-defined]
        defined = [o for o in ontology.objects(term, SKOS.definition) if o.language == language]  # type: ignore[attr-defined]
        assert len(labels) == 1, term
        assert defined, term


def test_domains_agree_with_the_data(ontology: Graph, data: Graph) -> None:
    """Every subject of a property with a domain is of that class or a subclass of it."""
    subclasses: dict[URIRef, set[str]] = {}
    wrong = []
    for property_, domain in ontology.subject_objects(RDFS.domain):
        if not isinstance(domain, URIRef):
            continue
        allowed = subclasses.setdefault(
            domain, {str(c) for c in ontology.transitive_subjects(RDFS.subClassOf, domain)}
        )
        for subject in data.subjects(property_):
            if not {str(t) for t in data.objects(subject, RDF.type)} & allowed:
                wrong.append((str(subject), str(property_)))
    assert wrong == []


def test_ranges_agree_with_the_classes_that_shapes_ask_for(ontology: Graph, shapes: Graph) -> None:
    """A shape may ask for a class narrower than the range, never for one apart from it."""
    apart = []
    for shape, wanted in shapes.subject_objects(SH["class"]):
        path = shapes.value(shape, SH.path)
        for range_ in ontology.objects(path, RDFS.range) if isinstance(path, URIRef) else ():
            if isinstance(range_, URIRef) and range_ not in set(
                ontology.transitive_objects(wanted, RDFS.subClassOf)
            ):
                apart.append((str(path), str(wanted), str(range_)))
    assert apart == []


def test_the_page_of_terms_is_current() -> None:
    assert ontology_page.PAGE.read_text(encoding="utf-8") == ontology_page.page(), (
        "run python -m tests.ontology_page"
    )


def test_domains_agree_with_the_classes_that_shapes_look_at(ontology: Graph, shapes: Graph) -> None:
    """A shape may look at a class narrower or wider than the domain, never at one apart from it."""
    apart = []
    for node, shape in [*shapes.subject_objects(SH.property), *((s, s) for s in shapes.subjects(SH.path))]:
        path = shapes.value(shape, SH.path)
        for looked_at in shapes.objects(node, SH.targetClass):
            for domain in ontology.objects(path, RDFS.domain) if isinstance(path, URIRef) else ():
                narrower = set(ontology.transitive_objects(looked_at, RDFS.subClassOf))
                wider = set(ontology.transitive_objects(domain, RDFS.subClassOf))
                if isinstance(domain, URIRef) and domain not in narrower and looked_at not in wider:
                    apart.append((str(path), str(looked_at), str(domain)))
    assert apart == []


def test_the_shapes_are_themselves_valid_shacl(shapes: Graph) -> None:
    conforms, _, text = pyshacl.validate(Graph(), shacl_graph=shapes, meta_shacl=True)
    assert conforms, text


def test_every_term_of_another_vocabulary_exists_there(
    root: Path, ontology: Graph, shapes: Graph, data: Graph
) -> None:
    alignments = _graph(root / "ontology" / "alignments.ttl")
    vocabularies = (RDF, RDFS, OWL, SKOS, DCTERMS, FOAF, PROV, ORG, SH, VANN)
    unknown = set()
    for node in {
        node for graph in (ontology, alignments, shapes, data) for triple in graph for node in triple
    }:
        for vocabulary in vocabularies:
            name = str(node).removeprefix(str(vocabulary))
            if isinstance(node, URIRef) and name and name != str(node) and name not in vocabulary:
                unknown.add(str(node))
    assert unknown == set()
