"""What the shipped links hold: who is linked, to what, and on which evidence."""

from __future__ import annotations

from collections import Counter

from cica_kg import KnowledgeGraph
from cica_kg.vocabulary import PREFIXES, THINGS_NAMESPACE
from cica_kg.wikidata.links import item_of, read_links


def linked(kg: KnowledgeGraph, authority: str = "wikidata") -> Counter[str]:
    """Count the links to an authority by kind of thing."""
    things = [link.thing.removeprefix(THINGS_NAMESPACE) for link in read_links(kg.store, authority)]
    return Counter(thing.partition("/")[0] for thing in things)


def things(kg: KnowledgeGraph, pattern: str) -> list[str]:
    return [row["thing"] for row in kg.query(sparql=f"SELECT DISTINCT ?thing {{ {pattern} }}").to_dicts()]


def test_every_state_is_linked_to_wikidata(kg: KnowledgeGraph) -> None:
    today = kg.as_of("2025-12-31")
    members = things(today, "?thing a cica:State ; cica:memberOf organization:cica")
    observers = things(today, "?thing a cica:State ; cica:observerOf organization:cica")
    assert (len(members), len(observers)) == (28, 10)
    states = things(kg, "?thing a cica:State")
    assert {*members, *observers, PREFIXES["state"] + "australia"} <= set(states)
    assert [state for state in states if item_of(kg.store, state) is None] == []
    assert linked(kg)["state"] == len(states) == 40


def test_twelve_organizations_are_linked_to_wikidata(kg: KnowledgeGraph) -> None:
    found = linked(kg)
    assert (found["organization"], found["body"]) == (11, 1)
    organizations = things(kg, "?thing a cica:Organization")
    open_ = {thing for thing in organizations if item_of(kg.store, thing) is None}
    assert {thing.rpartition("/")[2] for thing in open_} == {"cica", "interstate-council", "turkpa"}


def test_every_city_is_linked_to_wikidata(kg: KnowledgeGraph) -> None:
    places = things(kg, "?thing a cica:Place")
    assert (linked(kg)["place"], len(places)) == (9, 9)
    assert [place for place in places if item_of(kg.store, place) is None] == []


def test_every_region_of_a_state_is_linked_to_wikidata(kg: KnowledgeGraph) -> None:
    regions = things(kg, "[] cica:inRegion ?thing")
    assert len(regions) == 9
    assert [region for region in regions if item_of(kg.store, region) is None] == []


def test_the_other_authorities_have_the_states_that_they_have(kg: KnowledgeGraph) -> None:
    assert linked(kg, "eu-countries") == {"state": 40}
    assert linked(kg, "geonames") == {"state": 40, "place": 9}
    assert linked(kg, "fao") == {"state": 39}
    assert linked(kg, "dbpedia") == {"state": 38}
    without = {authority: set(things(kg, "?thing a cica:State")) for authority in ("fao", "dbpedia")}
    for authority, states in without.items():
        states -= {link.thing for link in read_links(kg.store, authority)}
    assert without["fao"] == {PREFIXES["state"] + "palestine"}
    assert without["dbpedia"] == {PREFIXES["state"] + "palestine", PREFIXES["state"] + "south-korea"}


def test_a_link_to_wikidata_has_two_lines_of_evidence(kg: KnowledgeGraph) -> None:
    assert [link.iri for link in read_links(kg.store) if len(link.evidence) < 2] == []


def test_the_label_of_a_link_names_both_ends(kg: KnowledgeGraph) -> None:
    link = PREFIXES["link"] + "japan-wikidata"
    assert kg.label(link, ("en",)) == "Link of Japan to www.wikidata.org/entity/Q17"
    assert (
        kg.label(PREFIXES["link"] + "japan-geonames", ("ar",)) == "رابط اليابان إلى sws.geonames.org/1861060/"
    )
