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
from cica_kg.wikidata.links import AUTHORITIES, Link, authority_of, item_of, read_links

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
