"""The synthetic graphs have the shape that real ones have."""

from __future__ import annotations

from collections import Counter

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Triple

import cica_kg
from cica_kg.vocabulary import RDF, RDFS, SKOS
from tests.wikidata.mirror import mirror
from tests.wikidata.shape import DERIVED, PROP, SCHEMA, STATEMENT, WIKIBASE, entity
from tests.wikidata.world import CICA_ITEM, Snak, Time, World, munged

TYPE = NamedNode(RDF + "type")


def hard_cases() -> World:
    """Every form of rank, value, qualifier and reference."""
    world = World().item("Q1", {"en": "One", "mul": "1"}, sitelinks={"en": "One thing"})
    world.item(CICA_ITEM, {"en": "CICA"})
    world.state("Q1", "P463", CICA_ITEM, rank="Deprecated", qualifiers={"P580": [Time("1999-01-01", 9)]})
    world.state(
        "Q1",
        "P463",
        CICA_ITEM,
        rank="Preferred",
        references=[{"P143": ["Q328"]}, {"P813": [Time("2026-01-01")]}],
    )
    world.state("Q1", "P463", "Q1065", qualifiers={"P582": [Snak.UNKNOWN], "P580": [Snak.NO_VALUE]})
    world.state("Q1", "P571", Snak.UNKNOWN)
    world.state("Q1", "P488", Snak.NO_VALUE)
    world.state("Q1", "P571", Time("1990-01-01", 8))
    return world.redirect("Q2", "Q1")


@pytest.fixture(params=["hard cases", "mirror"])
def triples(request: pytest.FixtureRequest, kg: cica_kg.KnowledgeGraph) -> list[Triple]:
    return (hard_cases() if request.param == "hard cases" else mirror(kg.store)).triples()


def test_each_triple_comes_once_and_the_same_each_time(triples: list[Triple]) -> None:
    assert len(triples) == len(set(triples)) > 100
    assert hard_cases().triples() == hard_cases().triples()


def test_every_statement_has_one_rank_and_one_value_or_none(triples: list[Triple]) -> None:
    statements = _subjects(triples, "Statement")
    assert statements
    for statement in statements:
        assert statement.value.startswith(STATEMENT)
        own = [t for t in triples if t.subject == statement]
        (leading,) = [t for t in triples if t.object == statement]
        name = leading.predicate.value.removeprefix(PROP)
        values = [t for t in own if t.predicate.value == f"{PROP}statement/{name}"]
        none = Triple(statement, TYPE, NamedNode(f"{PROP}novalue/{name}")) in own
        assert len(values) + none == 1
        assert len([t for t in own if t.predicate.value == WIKIBASE + "rank"]) == 1


def test_best_statements_have_a_twin_and_no_other_has(triples: list[Triple]) -> None:
    direct = Counter(
        (t.subject, t.predicate.value.removeprefix(PROP + "direct/"), t.object)
        for t in triples
        if t.predicate.value.startswith(PROP + "direct/") and not isinstance(t.object, BlankNode)
    )
    best = _subjects(triples, "BestRank")
    expected = set()
    for leading in triples:
        if leading.object in best:
            name = leading.predicate.value.removeprefix(PROP)
            expected |= {
                (leading.subject, name, t.object)
                for t in triples
                if t.subject == leading.object
                and t.predicate.value == f"{PROP}statement/{name}"
                and not isinstance(t.object, BlankNode)
            }
    assert set(direct) == expected
    assert set(direct.values()) == {1}


def test_every_value_node_is_whole_and_every_reference_is_there(triples: list[Triple]) -> None:
    full = {t.object for t in triples if "/value/P" in t.predicate.value}
    for node in full:
        names = Counter(t.predicate.value.removeprefix(WIKIBASE) for t in triples if t.subject == node)
        assert {"timeValue", "timePrecision", "timeCalendarModel"} <= set(names)
        assert set(names.values()) == {1}
    cited = {t.object for t in triples if t.predicate == DERIVED}
    assert cited == _subjects(triples, "Reference")


def test_there_is_one_label_a_language_and_no_literal_of_an_odd_kind(triples: list[Triple]) -> None:
    labels = Counter(
        (t.subject, t.object.language)
        for t in triples
        if t.predicate.value == RDFS + "label" and isinstance(t.object, Literal)
    )
    assert set(labels.values()) == {1}
    about = {t.object for t in triples if t.predicate.value == SCHEMA + "about"}
    assert about <= {t.subject for t in triples if t.predicate.value == RDFS + "label"} | {
        entity("Q1520")  # a place whose name no item here needs
    }


def test_query_services_load_less() -> None:
    full = hard_cases().triples()
    less = munged(full)
    assert {t.predicate.value for t in full} - {t.predicate.value for t in less} == {
        SKOS + "prefLabel",
        SCHEMA + "softwareVersion",
    } & {t.predicate.value for t in full}
    assert not _subjects(less, "Item") | _subjects(less, "Statement") | _subjects(less, "TimeValue")
    assert _subjects(less, "BestRank") == _subjects(full, "BestRank")
    revision = Triple(entity("Q1"), NamedNode(SCHEMA + "version"), Literal(1))
    assert revision in less
    assert revision not in full
    assert any(isinstance(t.object, BlankNode) for t in less)
    assert not any(isinstance(t.object, BlankNode) for t in munged(full, skolem=True))


def _subjects(triples: list[Triple], kind: str) -> set[NamedNode | BlankNode]:
    return {t.subject for t in triples if t.predicate == TYPE and t.object == NamedNode(WIKIBASE + kind)}
