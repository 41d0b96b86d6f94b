"""What is added to a part of the graph, and what comes of an export that is read back."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Triple

import cica_kg
from cica_kg import KnowledgeGraph
from cica_kg.errors import InvalidGraphError
from cica_kg.export import export
from cica_kg.export.selection import Selection, select
from cica_kg.vocabulary import PREFIXES, XSD
from tests.export.readers import canonical
from tests.export.selected import (
    ABOUT,
    LABEL,
    MEMBER_OF,
    REFERENCE_DATE,
    held,
    triples,
    values,
)


def test_the_ontology_is_added_as_it_is(kg: KnowledgeGraph) -> None:
    plain, found = set(select(kg, Selection())), select(kg, Selection(with_ontology=True))
    ontology = held("ontology/cica.ttl") | held("ontology/categories.ttl")
    more = [Quad(*quad.triple) for quad in found if quad not in plain]
    assert canonical(more) == canonical(Quad(*each) for each in ontology)
    assert plain < set(found)


def test_the_views_are_those_of_the_day_and_say_which(kg: KnowledgeGraph) -> None:
    then = kg.as_of("2008-12-31")
    found = select(then, Selection(with_views=True))
    views = {quad.triple for quad in found if quad.predicate == MEMBER_OF}
    assert {each.subject for each in views} == values(then, "?x cica:memberOf ?o")
    assert views < {quad.triple for quad in select(kg, Selection(with_views=True))}
    days = [quad.object.value for quad in found if quad.predicate == REFERENCE_DATE]
    assert days == ["2008-12-31"]


def test_what_is_derived_is_in_no_file_and_what_is_authored_does_not_change(kg: KnowledgeGraph) -> None:
    plain, more = set(select(kg, Selection())), set(select(kg, Selection(with_views=True)))
    assert plain < more
    added = more - plain
    assert {str(quad.graph_name) for quad in added} == {"DEFAULT"}
    labels = {quad.subject for quad in added if quad.predicate == LABEL}
    kinds = "cica:Relationship cica:Claim cica:Link"
    assert labels == values(kg, f"?x a/rdfs:subClassOf* ?kind . VALUES ?kind {{ {kinds} }}")


def test_parts_are_added_up(kg: KnowledgeGraph) -> None:
    both = triples(kg, graphs=("topics",), things=("japan",))
    assert both == triples(kg, graphs=("topics",)) | triples(kg, things=("japan",))
    assert both < triples(kg)
    everything = triples(kg, with_ontology=True, with_views=True)
    assert everything == triples(kg, with_ontology=True) | triples(kg, with_views=True)
    assert (
        triples(kg, graphs=("topics",), things=("japan",), with_ontology=True, with_views=True) < everything
    )


def test_a_form_without_graphs_gets_the_same_triples(kg: KnowledgeGraph) -> None:
    for chosen in (
        {"with_ontology": True, "with_views": True},
        {"graphs": ("states",)},
        {"things": ("japan",)},
    ):
        plain = select(kg, Selection(**chosen), named=False)
        quads = [Quad(*quad.triple) for quad in select(kg, Selection(**chosen))]
        assert canonical(Quad(*quad.triple) for quad in plain) == canonical(quads)


def test_an_export_can_be_added_to_the_graph_it_came_from(kg: KnowledgeGraph, tmp_path: Path) -> None:
    file = tmp_path / "again.ttl"
    file.write_bytes(export(kg, "turtle", with_ontology=True))
    again = cica_kg.load(data=[file])
    added = triples(kg, with_ontology=True)
    assert triples(again, with_views=True) == triples(kg, with_views=True) | added


def test_the_views_of_a_day_cannot_be_taken_for_facts(kg: KnowledgeGraph, tmp_path: Path) -> None:
    file = tmp_path / "views.ttl"
    file.write_bytes(export(kg, "turtle", things=["JPN"], with_views=True))
    with pytest.raises(InvalidGraphError, match="authored-view"):
        cica_kg.load(data=[file])


def test_a_graph_of_another_ontology_has_parts_as_well(small: Path) -> None:
    found = triples(cica_kg.load(root=small), things=("atlantis",), with_views=True)
    atlantis, club = (
        NamedNode(PREFIXES[kind] + name) for kind, name in (("state", "atlantis"), ("body", "club"))
    )
    assert Triple(atlantis, MEMBER_OF, club) in found
    assert Triple(ABOUT, REFERENCE_DATE, Literal("2020-06-30", datatype=NamedNode(XSD + "date"))) in found
