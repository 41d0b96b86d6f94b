"""Reading links: what a target belongs to, and that program and shapes agree on what it looks like."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import NamedNode, RdfFormat, Store

from cica_kg import KnowledgeGraph
from cica_kg.files import read_graph
from cica_kg.store import build_store
from cica_kg.vocabulary import PREFIXES, SHAPES_NAMESPACE
from cica_kg.wikidata.fingerprint import kind_of, known_facts
from cica_kg.wikidata.links import AUTHORITIES, Link, authority_of, item_of, read_links

PROLOGUE = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items())
CLUB = PREFIXES["body"] + "club"
ITEM = re.compile(AUTHORITIES["wikidata"])


def test_every_link_is_read_once_and_in_order(kg: KnowledgeGraph) -> None:
    links = read_links(kg.store, None)
    assert len({link.iri for link in links}) == len(links) > 200
    assert [link.thing for link in links] == sorted(link.thing for link in links)
    assert all(link.evidence and link.method and link.checked_on for link in links)


def test_the_links_to_one_authority_are_those_of_its_file(kg: KnowledgeGraph) -> None:
    for authority in AUTHORITIES:
        files = [file for file in read_graph().data if file.name == f"data/links/{authority}.ttl"]
        assert read_links(build_store(files), None) == read_links(kg.store, authority)


def test_an_item_is_that_of_the_link(kg: KnowledgeGraph) -> None:
    for link in read_links(kg.store):
        assert item_of(kg.store, link.thing) == link.identifier
    assert item_of(kg.store, PREFIXES["organization"] + "cica") is None


def test_a_link_that_lacks_something_is_read_all_the_same() -> None:
    store = Store()
    store.load(b"PREFIX cica: <https://w3id.org/cica-kg/def#> <urn:l> a cica:Link .", RdfFormat.TURTLE)
    (link,) = read_links(store, None)
    assert (link.iri, link.thing, link.target, link.authority, link.evidence) == (
        "urn:l",
        "",
        "",
        "other",
        (),
    )


def odd(text: str) -> Store:
    store = Store()
    store.load((PROLOGUE + text).encode(), RdfFormat.TURTLE)
    return store


@pytest.mark.parametrize("thing", ["a club", "", "club"])
def test_a_thing_that_is_no_iri_has_no_item_no_kind_and_no_facts(kg: KnowledgeGraph, thing: str) -> None:
    assert item_of(kg.store, thing) is None
    assert (kind_of(kg.store, thing), known_facts(kg.store, thing)) == ("", {})


@pytest.mark.parametrize(
    "said",
    [
        'cica:established "soon"',
        'cica:established "2012-02-30"',
        'cica:established ""',
        'cica:bodyOf "some text"',
        "cica:bodyOf _:somebody",
        'cica:inState ""',
    ],
)
def test_what_is_no_date_or_no_thing_is_no_fact(said: str) -> None:
    store = odd(f'body:club cica:isoAlpha2 "XX" ; {said} .')
    assert known_facts(store, CLUB) == {"alpha-2 code": ("XX",)}


def test_a_date_beside_one_that_is_none_is_a_fact() -> None:
    store = odd('body:club cica:established "soon" , "2012-08" .')
    assert known_facts(store, CLUB) == {"inception": ("2012",)}


def test_the_shape_knows_the_same_targets() -> None:
    shape = NamedNode(SHAPES_NAMESPACE + "link-target")
    pattern = NamedNode("http://www.w3.org/ns/shacl#pattern")
    (quad,) = build_store(read_graph().shapes).quads_for_pattern(shape, pattern, None, None)
    assert quad.object.value == f"^({'|'.join(AUTHORITIES.values())})$"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("target", "authority", "identifier"),
    [
        ("http://www.wikidata.org/entity/Q17", "wikidata", "Q17"),
        ("https://www.wikidata.org/wiki/Q17", "wikidata", "Q17"),
        ("http://publications.europa.eu/resource/authority/country/JPN", "eu-countries", "JPN"),
        ("https://sws.geonames.org/1861060/", "geonames", "1861060"),
        ("http://dbpedia.org/resource/Japan", "dbpedia", "Japan"),
        ("http://aims.fao.org/aos/geopolitical.owl#Japan", "fao", "Japan"),
        ("http://wikidata.org.example/entity/Q17", "other", "Q17"),
        ("http://notwikidata.org/entity/Q17", "other", "Q17"),
    ],
)
def test_a_target_belongs_to_the_authority_of_its_host(target: str, authority: str, identifier: str) -> None:
    assert authority_of(target) == authority
    assert Link("", "", target, authority, (), "", "").identifier == identifier


@given(st.integers(1, 10**12))
def test_every_number_from_one_on_makes_an_item(number: int) -> None:
    assert ITEM.fullmatch(f"http://www.wikidata.org/entity/Q{number}")


@given(st.from_regex(r"[Qq]?[0-9 +-]{0,12}", fullmatch=True))
def test_an_item_is_q_and_a_number_without_leading_zeros(text: str) -> None:
    good = text[:1] == "Q" and text[1:].isdecimal() and text[1:] == str(int(text[1:])) and text != "Q0"
    assert bool(ITEM.fullmatch(f"http://www.wikidata.org/entity/{text}")) == good
