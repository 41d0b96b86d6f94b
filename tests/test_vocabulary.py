from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import NamedNode, Store

from cica_kg import KnowledgeGraph
from cica_kg.files import read_graph
from cica_kg.store import build_store
from cica_kg.vocabulary import CICA, GRAPH, KINDS, PREFIXES, TERMS_NAMESPACE, shorten


@pytest.fixture(scope="module")
def ontology() -> Store:
    return build_store(read_graph().ontology)


def test_every_kind_of_thing_has_a_prefix_named_after_it() -> None:
    assert {kind: PREFIXES[kind] for kind in KINDS} == {
        kind: f"https://w3id.org/cica-kg/id/{kind}/" for kind in KINDS
    }


def test_no_two_prefixes_stand_for_one_namespace() -> None:
    assert len(set(PREFIXES.values())) == len(PREFIXES)


def test_the_prefixes_of_the_graph_are_these() -> None:
    assert PREFIXES["cica"] == "https://w3id.org/cica-kg/def#"
    assert PREFIXES["cica-sh"] == "https://w3id.org/cica-kg/shapes#"
    assert PREFIXES["wd"] == "http://www.wikidata.org/entity/"
    assert set(PREFIXES) == {
        "cica",
        "cica-sh",
        *KINDS,
        *("rdf", "rdfs", "owl", "xsd", "skos", "dcterms", "foaf", "wd"),
    }


def test_a_misspelt_term_raises() -> None:
    assert CICA.start == TERMS_NAMESPACE + "start"
    with pytest.raises(AttributeError, match="has no term “strat”"):
        CICA.strat  # noqa: B018


def test_every_term_that_the_program_speaks_of_is_in_the_ontology(ontology: Store) -> None:
    defined = NamedNode(PREFIXES["rdfs"] + "isDefinedBy")
    for name in CICA:
        assert list(ontology.quads_for_pattern(NamedNode(getattr(CICA, name)), defined, None)), name


@pytest.mark.parametrize("folder", ["queries", "ontology/rules", "ontology/shapes", "cica_kg"])
def test_every_term_that_a_file_speaks_of_is_in_the_ontology(
    ontology: Store, root: Path, folder: str
) -> None:
    known = {quad.subject.value for quad in ontology if isinstance(quad.subject, NamedNode)}
    for path in sorted((root / folder).rglob("*.*")):
        if path.suffix not in (".rq", ".ttl", ".py"):
            continue
        text = path.read_text(encoding="utf-8")
        for name in set(re.findall(r"(?<![\w/-])cica:([A-Za-z]\w*)", text)):
            assert TERMS_NAMESPACE + name in known, f"{path.relative_to(root)}: cica:{name}"


@pytest.mark.parametrize(
    ("iri", "short"),
    [
        ("https://w3id.org/cica-kg/id/state/japan", "state:japan"),
        (GRAPH, None),
        ("https://w3id.org/cica-kg/id/state/", None),
        ("https://w3id.org/cica-kg/id/state/a/b", None),
        ("https://w3id.org/cica-kg/id/state/a b", None),
        ("http://www.wikidata.org/entity/Q1", "wd:Q1"),
        ("http://example.org/", None),
        ("", None),
    ],
)
def test_an_iri_is_shortened_where_a_prefix_fits(iri: str, short: str | None) -> None:
    assert shorten(iri) == short


@given(st.sampled_from(sorted(PREFIXES)), st.text(max_size=12))
def test_a_shortened_iri_means_what_it_was(prefix: str, local: str) -> None:
    short = shorten(PREFIXES[prefix] + local)
    if short is not None:
        name, _, rest = short.partition(":")
        assert PREFIXES[name] + rest == PREFIXES[prefix] + local


def test_a_shortened_iri_can_be_queried(kg: KnowledgeGraph) -> None:
    subjects = sorted({quad.subject.value for quad in kg.store if isinstance(quad.subject, NamedNode)})
    names = [name for name in map(shorten, subjects) if name]
    assert len(names) > 500
    text = "SELECT DISTINCT ?s { VALUES ?s { %s } ?s ?p ?o }"
    for start in range(0, len(names), 1000):
        some = names[start : start + 1000]
        assert len(kg.query(sparql=text % " ".join(some))) == len(some)
