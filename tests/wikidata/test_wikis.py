"""What is a wiki, and what is ours, is told from the address alone."""

from __future__ import annotations

import pytest

from cica_kg.wikidata.wikis import is_own, is_wiki


@pytest.mark.parametrize(
    ("address", "wiki"),
    [
        ("https://en.wikipedia.org/wiki/CICA", True),
        ("https://EN.Wikipedia.org:443/wiki/CICA", True),
        ("https://en.wikipedia.org./wiki/CICA", True),
        ("http://www.wikidata.org/entity/Q232", True),
        ("https://ar.m.wikipedia.org/wiki/x", True),
        ("https://military-history.fandom.com/wiki/x", True),
        ("https://wiki.example.org/x", True),
        ("https://en.wikialpha.org/x", True),
        ("https://everipedia.org/wiki/CICA", True),
        ("https://www.s-cica.org/wiki/", False),
        ("https://example.org/registry/wikidata.rdf", False),
        ("https://wikileaks.org/x", False),
        ("https://wikileaks.example.kz/", False),
        ("https://[en.wikipedia.org", False),
        ("en.wikipedia.org", False),
        ("", False),
    ],
)
def test_a_wiki_is_known_by_its_host(address: str, wiki: bool) -> None:
    assert is_wiki(address) is wiki


@pytest.mark.parametrize(
    "archive",
    [
        "https://web.archive.org/web/2020/{}",
        "https://web.archive.org/web/20200101000000id_/{}",
        "https://archive.ph/{}",
        "https://archive.ph/2020/https://web.archive.org/web/2020/{}",
    ],
)
def test_a_copy_of_a_page_is_what_the_page_is(archive: str) -> None:
    assert is_wiki(archive.format("https://en.wikipedia.org/wiki/CICA"))
    assert is_wiki(archive.format("http:/en.wikipedia.org/wiki/CICA"))
    assert is_own(archive.format("https://w3id.org/cica-kg/id/state/japan"))
    assert not is_wiki(archive.format("https://www.s-cica.org/"))


def test_a_page_that_mentions_a_wiki_in_its_query_is_none() -> None:
    assert not is_wiki("https://example.org/page?from=https://en.wikipedia.org/wiki/CICA")


@pytest.mark.parametrize(
    ("address", "own"),
    [
        ("https://w3id.org/cica-kg", True),
        ("https://w3id.org/cica-kg/id/state/japan", True),
        ("http://w3id.org/cica-kg/def#Membership", True),
        ("https://w3id.org/cica-kg#top", True),
        ("https://w3id.org/cica-kg-other", False),
        ("https://example.org/cica-kg", False),
    ],
)
def test_this_project_is_known_by_its_namespace(address: str, own: bool) -> None:
    assert is_own(address) is own
