"""Every query that we ship runs on any SPARQL 1.1 engine: what one vendor alone knows stays out."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, Store, serialize

import cica_kg
from cica_kg.wikidata.asking import FOLDER
from tests.virtuoso import Virtuoso
from tests.wikidata.mirror import mirror, put_capital
from tests.wikidata.world import CICA_ITEM

#: States whose capitals are another, two, and one without an identifier.
DIFFERS, TWO, OPEN = "Q232", "Q17", "Q43"
ROOT = Path(cica_kg.__file__).parent.parent
OURS = sorted(FOLDER.glob("*.rq"))
ALL = OURS + sorted((ROOT / "queries").glob("*.rq")) + sorted((ROOT / "ontology" / "rules").glob("*.rq"))
#: Blazegraph's, the query service's, Virtuoso's, QLever's and Jena's own words, and SPARQL 1.2's.
VENDOR = {
    "the label service": r"wikibase:label|serviceParam",
    "a service": r"\bSERVICE\b",
    "a hint": r"\bhint:|\bbif:|\bsql:|\bDEFINE\b",
    "Blazegraph's own": r"\bbd:|\bbds:|\bgas:|\bWITH\s*\{|\bINCLUDE\s+%",
    "the query service's own": r"\bmwapi:|isSomeValue|wikibase:(decodeUri|around|box|geo)\b",
    "QLever's own": r"\bql:|\btextSearch\b|\bspatialSearch\b",
    "Jena's own": r"\bapf:|\btext:query\b|\bLET\s*\(",
    "SPARQL 1.2's": r"<<|\bLATERAL\b|\bADJUST\s*\(",
}


def vendor_words(query: str) -> list[str]:
    """Return what in a query, its comments aside, not every SPARQL 1.1 engine knows."""
    text = re.sub(r"(?m)(^|\s)#.*$", "", query)
    return [name for name, pattern in VENDOR.items() if re.search(pattern, text, re.IGNORECASE)]


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.name)
def test_no_query_has_a_word_that_one_vendor_alone_knows(path: Path) -> None:
    assert vendor_words(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "query",
    [
        'SELECT * { ?s ?p ?o SERVICE wikibase:label { bd:serviceParam wikibase:language "en" } }',
        "SELECT * { hint:Query hint:optimizer 'None' }",
        "SELECT * WITH { SELECT ?s { ?s ?p ?o } } AS %all { INCLUDE %all }",
        "SELECT * { ?s ?p ?o FILTER(wikibase:isSomeValue(?o)) }",
        "SELECT * { ?s bif:contains 'a' }",
    ],
)
def test_the_guard_of_this_test_works(query: str) -> None:
    assert vendor_words(query)


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.name)
def test_a_query_to_wikidata_declares_its_prefixes_and_runs_as_it_is(path: Path) -> None:
    from rdflib.plugins.sparql import prepareQuery

    text = path.read_text(encoding="utf-8")
    Store().query(text)
    prepareQuery(text)
    assert text.startswith("# ")
    declared = set(re.findall(r"PREFIX (\w+:)", text))
    assert declared == {prefix for prefix in declared if re.search(rf"(?<!PREFIX ){prefix}\w", text)}


@pytest.fixture(scope="module")
def world(kg: cica_kg.KnowledgeGraph) -> Store:
    """What the graph says, with all that a query may meet: a merged item, classes, texts of all scripts.

    And capitals: one that differs, one more beside the right one, one without an identifier.
    """
    made = mirror(kg.store).redirect("Q424242", CICA_ITEM)
    made.statements = [
        s for s in made.statements if (s.item, s.property) not in {(DIFFERS, "P36"), (OPEN, "P36")}
    ]
    put_capital(made, DIFFERS, "9900000001", 'Œdème "quoted" \\ слово')
    put_capital(made, TWO, "9900000002")
    put_capital(made, OPEN, None)
    made.item("Q3624078", {"en": "sovereign state"}).state("Q3624078", "P279", "Q6256")
    made.item("Q8441", {"mul": 'Œdème "quoted" \\ слово'}, aliases={"ar": ["فئة"]})
    return made.store()


@pytest.fixture(scope="module")
def virtuoso(world: Store, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if not Virtuoso.is_installed():
        if os.environ.get("CICA_KG_REQUIRE_SYSTEM") == "1":
            pytest.fail("there is no Virtuoso: install the Debian package virtuoso-opensource")
        pytest.skip("there is no Virtuoso (Debian package virtuoso-opensource)")
    server = Virtuoso(tmp_path_factory.mktemp("virtuoso"))
    try:
        triples = (quad.triple for quad in world)
        server.load(serialize(triples, format=RdfFormat.N_TRIPLES) or b"", "http://example.org/wikidata")
        yield server.endpoint("http://example.org/wikidata")
    finally:
        server.stop()


@pytest.mark.xdist_group("virtuoso")
def test_verify_and_suggest_say_the_same_of_virtuoso(
    kg: cica_kg.KnowledgeGraph, world: Store, virtuoso: str
) -> None:
    from cica_kg.wikidata.client import connect_wikidata
    from cica_kg.wikidata.links import read_links
    from cica_kg.wikidata.suggest import suggest
    from cica_kg.wikidata.verify import verify
    from tests.wikidata.server import serve

    links = [link for link in read_links(kg.store) if "/state/" in link.thing]
    links.append(links[0]._replace(target="http://www.wikidata.org/entity/Q424242"))
    links.append(links[0]._replace(target="http://www.wikidata.org/entity/Q424243"))
    cica = "https://w3id.org/cica-kg/id/organization/cica"
    told = []
    with serve(world) as oxigraph:
        for url in (oxigraph, virtuoso):
            answers = connect_wikidata(url, pause_s=0)
            verified = verify(kg.store, links, answers)
            told.append((verified.links, verified.notes, suggest(kg.store, [cica], answers).suggestions))
    assert told[0] == told[1]
    assert {link.verdict for link in told[0][0]} >= {"SAME", "REDIRECTED", "ITEM_GONE"}
    capitals = {link.item: fact for link in told[0][0] for fact in link.facts if fact.name == "capital"}
    assert {item: capitals[item].verdict for item in (DIFFERS, TWO, OPEN)} == {
        DIFFERS: "DIFFERENT",
        TWO: "SAME",
        OPEN: "MISSING_THERE",
    }
    assert ("9900000001", 'Œdème "quoted" \\ слово') in capitals[DIFFERS].labels
