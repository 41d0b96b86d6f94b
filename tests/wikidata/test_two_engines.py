"""The same data give the same rows, whichever engine serves them."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from pyoxigraph import RdfFormat, Triple, serialize

import cica_kg
from cica_kg.wikidata.client import connect_wikidata
from cica_kg.wikidata.compare import Comparison, compare
from cica_kg.wikidata.snapshot import MANIFEST, snapshot_files
from tests.virtuoso import Virtuoso
from tests.wikidata.hostile.cases import CASES, JAPAN, KAZAKHSTAN
from tests.wikidata.local import Local
from tests.wikidata.mirror import mirror
from tests.wikidata.server import serve
from tests.wikidata.shape import Snak, Time
from tests.wikidata.world import CICA_ITEM, OBSERVER, munged

pytestmark = pytest.mark.xdist_group("virtuoso")
GRAPH = "http://www.wikidata.org/"


@pytest.fixture(scope="module")
def triples(kg: cica_kg.KnowledgeGraph) -> list[Triple]:
    """One world with every defect in it: each on a member or an observer of its own."""
    world = mirror(kg.store)
    states = sorted({s.item for s in world.statements if s.property == "P463"} - {KAZAKHSTAN})
    observers = sorted({s.item for s in world.statements if s.property == OBSERVER} - {JAPAN, *states})
    replaced = (JAPAN, *states, *observers)
    world.statements = [
        s for s in world.statements if s.item not in replaced or s.property not in ("P463", OBSERVER)
    ]
    places = iter((*states[:-2], *observers))
    for case in CASES:
        if case.item != KAZAKHSTAN or "deleted" in case.name:
            continue
        before = len(world.statements)
        case.change(world)
        added = [statement for statement in world.statements[before:] if statement.item == KAZAKHSTAN]
        place = next(places) if added else ""
        for statement in added:
            statement.item, statement.iri = place, f"{statement.iri}-{place}"
            if place in observers and statement.property == "P463":
                statement.property = OBSERVER
    for case in CASES:
        if case.item != KAZAKHSTAN:
            case.change(world)
    world.redirect(states[-1], "Q9000000999").delete(states[-2])
    world.state(CICA_ITEM, "P571", Snak.UNKNOWN)
    world.state(CICA_ITEM, "P159", "Q1520", qualifiers={"P580": [Time("2014-01-01", 9)]})
    return world.triples()


@pytest.fixture(scope="module")
def rows(triples: list[Triple], kg: cica_kg.KnowledgeGraph) -> list[object]:
    """The rows as an engine inside this process gives them."""
    found = plain(compare(kg.store, Local(triples), CICA_ITEM))
    assert len({row[0] for row in found}) > 12, "the world is poor in verdicts"
    return found


@pytest.fixture(scope="module")
def virtuoso(triples: list[Triple], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if not Virtuoso.is_installed():
        if os.environ.get("CICA_KG_REQUIRE_SYSTEM") == "1":
            pytest.fail("there is no Virtuoso: install the Debian package virtuoso-opensource")
        pytest.skip("there is no Virtuoso (Debian package virtuoso-opensource)")
    server = Virtuoso(tmp_path_factory.mktemp("virtuoso"))
    try:
        # As in Wikidata's query service, unknown values are IRIs: Virtuoso renames blank nodes.
        loaded = munged(triples, skolem=True)
        server.load(serialize(loaded, format=RdfFormat.N_TRIPLES) or b"", GRAPH)
        yield server.endpoint(GRAPH)
    finally:
        server.stop()


def plain(found: Comparison) -> list[tuple[object, ...]]:
    return [(r.judgement.verdict, r.judgement, r.fact, r.statement, r.subject, r.value) for r in found.rows]


def test_virtuoso_and_oxigraph_give_the_same_rows(
    virtuoso: str, rows: list[object], kg: cica_kg.KnowledgeGraph
) -> None:
    found = compare(kg.store, connect_wikidata(virtuoso, pause_s=0), CICA_ITEM)
    assert plain(found) == rows


def test_a_snapshot_of_virtuoso_is_one_of_oxigraph(
    virtuoso: str, triples: list[Triple], kg: cica_kg.KnowledgeGraph
) -> None:
    there = snapshot_files(kg.store, connect_wikidata(virtuoso, pause_s=0), CICA_ITEM, kg.digest)
    here = snapshot_files(kg.store, Local(munged(triples, skolem=True)), CICA_ITEM, kg.digest)
    assert there.keys() == here.keys()
    assert [name for name in here if name != MANIFEST and there[name] != here[name]] == []


@pytest.mark.parametrize("mode", ["plain", "wdqs", "qlever"])
def test_each_way_of_serving_gives_the_same_rows(
    mode: str, triples: list[Triple], rows: list[object], kg: cica_kg.KnowledgeGraph
) -> None:
    with serve(triples, mode) as url:  # type: ignore[arg-type]
        found = compare(kg.store, connect_wikidata(url, pause_s=0), CICA_ITEM)
    assert plain(found) == rows
