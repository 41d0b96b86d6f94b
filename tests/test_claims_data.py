"""The claims: what they say, where they stand in the articles; and no sentence of an article is in the graph.

Some tests need the articles themselves, which are no part of the project. They look for copies (000_*.txt,
002_*.txt) in the folder named by CICA_KG_TEXTS, else beside the checkout, and are skipped if there are none.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections import defaultdict
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pytest
from rdflib import RDF, RDFS, Graph, Literal, Namespace, URIRef
from rdflib.namespace import SKOS
from rdflib.term import Node

from cica_kg.dates import bounds

ROOT = Path(__file__).resolve().parent.parent
TEXTS = Path(os.environ.get("CICA_KG_TEXTS") or ROOT.parent / "shared" / "articles")
BASE = "https://w3id.org/cica-kg/"
CICA = Namespace(f"{BASE}def#")
CATEGORY, CLAIM, ORGANIZATION, SOURCE, STATE, TOPIC = (
    Namespace(f"{BASE}id/{kind}/")
    for kind in ("category", "claim", "organization", "source", "state", "topic")
)
#: How long each article is, in characters: the offsets of a locator lie between 0 and this.
LENGTHS = {"000": 3301, "002": 7173}
LOCATOR = re.compile(r"line ([1-9]\d*);(?: item ([1-9]\d*);)? characters (\d+)-(\d+)", re.ASCII)
#: Names are not sentences: an article and the graph may share one of eight words or more.
NAMES = (RDFS.label, SKOS.altLabel, CICA.officialName, CICA.shortName)
#: What headlines and articles share: the organization named in full.
NAMED_IN_FULL = (
    "the Conference on Interaction and Confidence Building Measures in Asia (CICA)",
    "في مؤتمر التفاعل وإجراءات بناء الثقة في آسيا",
)
TOPICS = (CICA.hasAim, CICA.hasPrinciple, CICA.facesChallenge, CICA.hasTopic, CICA.hasEffect)

articles = pytest.mark.parametrize("article", sorted(LENGTHS))


class Place(NamedTuple):
    """Where a claim stands: line and list item from 1, characters from 0, the last one not included."""

    line: int
    item: int | None
    start: int
    end: int


@pytest.fixture(scope="module")
def graph() -> Graph:
    """All data as written, and the vocabulary, with nothing derived."""
    together = Graph()
    for path in (*sorted((ROOT / "data").rglob("*.ttl")), *sorted((ROOT / "ontology").glob("c*.ttl"))):
        together.parse(path, format="turtle")
    return together


@pytest.fixture(scope="module")
def claims(graph: Graph) -> dict[str, list[URIRef]]:
    """The claims of each article, in order."""
    return {name: claims_of(graph, name) for name in LENGTHS}


def claims_of(graph: Graph, article: str) -> list[URIRef]:
    made = graph.subjects(CICA.madeIn, SOURCE[f"article-{article}"])
    return sorted(URIRef(claim) for claim in made)


def place(graph: Graph, claim: URIRef) -> Place:
    match = LOCATOR.fullmatch(str(graph.value(claim, CICA.locator)))
    assert match, claim
    line, item, start, end = match.groups()
    return Place(int(line), int(item) if item else None, int(start), int(end))


def claimed(graph: Graph, claim: URIRef) -> Node | None:
    thing = graph.value(claim, CICA.claimedThing)
    return thing if thing is not None else graph.value(claim, CICA.claimedValue)


def on(graph: Graph, claims: list[URIRef], property_: URIRef) -> list[URIRef]:
    return [claim for claim in claims if (claim, CICA.onProperty, property_) in graph]


def copy_of(article: str) -> bytes:
    found = sorted(TEXTS.glob(f"{article}_*.txt"))
    if not found:
        pytest.skip(f"no copy of article {article} in {TEXTS}")
    return found[0].read_bytes()


def runs(text: str) -> set[tuple[str, ...]]:
    """All runs of eight words in a text, without vowel signs and capitals."""
    words = re.findall(r"\w+", re.sub("[\u064b-\u0652\u0640]", "", text).casefold())
    return {tuple(words[i : i + 8]) for i in range(len(words) - 7)}


# What each claim carries ────────────────────────────────────────────────────────────────────────────────────


@articles
def test_each_article_makes_a_hundred_claims_or_more(claims: dict[str, list[URIRef]], article: str) -> None:
    assert len(claims[article]) >= 100


def test_every_claim_is_made_in_one_of_the_articles_and_named_after_it(
    graph: Graph, claims: dict[str, list[URIRef]]
) -> None:
    listed = [claim for own in claims.values() for claim in own]
    assert sorted(URIRef(claim) for claim in graph.subjects(RDF.type, CICA.Claim)) == sorted(listed)
    for article, own in claims.items():
        assert all(claim.startswith(f"{CLAIM}article-{article}-") for claim in own)


@articles
@pytest.mark.parametrize("property_", ["about", "onProperty", "asOf", "madeIn", "locator"])
def test_every_claim_says_what_it_is_about_as_of_when_and_where_it_stands(
    graph: Graph, claims: dict[str, list[URIRef]], article: str, property_: str
) -> None:
    assert [c for c in claims[article] if len(set(graph.objects(c, CICA[property_]))) != 1] == []


@articles
def test_every_claim_has_one_value(graph: Graph, claims: dict[str, list[URIRef]], article: str) -> None:
    for claim in claims[article]:
        things, values = (list(graph.objects(claim, CICA[p])) for p in ("claimedThing", "claimedValue"))
        assert len(things) + len(values) == 1, claim
        assert all(isinstance(thing, URIRef) for thing in things), claim
        assert all(isinstance(value, Literal) for value in values), claim


@articles
def test_what_a_claim_is_about_and_the_thing_it_names_are_described(
    graph: Graph, claims: dict[str, list[URIRef]], article: str
) -> None:
    for claim in claims[article]:
        for thing in (graph.value(claim, CICA.about), graph.value(claim, CICA.claimedThing)):
            assert thing is None or (thing, RDF.type, None) in graph, (claim, thing)


@articles
def test_every_claim_is_on_a_property_with_a_name(
    graph: Graph, claims: dict[str, list[URIRef]], article: str
) -> None:
    properties = {graph.value(claim, CICA.onProperty) for claim in claims[article]} - {RDFS.label}
    unnamed = [p for p in properties for lang in ("en", "ar") if lang not in languages(graph, p, RDFS.label)]
    assert unnamed == []


def languages(graph: Graph, thing: Node | None, property_: URIRef) -> list[str | None]:
    return sorted(o.language or "" for o in graph.objects(thing, property_) if isinstance(o, Literal))


@articles
def test_the_date_that_a_claim_speaks_of_can_be_read(
    graph: Graph, claims: dict[str, list[URIRef]], article: str
) -> None:
    for claim in claims[article]:
        assert bounds(str(graph.value(claim, CICA.asOf))), claim


def test_no_article_claims_the_same_thing_twice(graph: Graph, claims: dict[str, list[URIRef]]) -> None:
    for own in claims.values():
        said = [
            (*(graph.value(claim, CICA[p]) for p in ("about", "onProperty", "asOf")), claimed(graph, claim))
            for claim in own
        ]
        assert len(set(said)) == len(said)


# Lists and counts ───────────────────────────────────────────────────────────────────────────────────────────


def test_article_000_names_as_many_members_and_observers_as_it_counts(
    graph: Graph, claims: dict[str, list[URIRef]]
) -> None:
    own = claims["000"]
    observers = {graph.value(c, CICA.about) for c in on(graph, own, CICA.observerOf)}
    states = {observer for observer in observers if str(observer).startswith(STATE)}
    named = {
        CICA.memberCount: len(on(graph, own, CICA.memberOf)),
        CICA.observerCount: len(observers),
        CICA.observerStateCount: len(states),
        CICA.observerOrganizationCount: len(observers - states),
    }
    counted = {p: [int(str(claimed(graph, c))) for c in on(graph, own, p)] for p in named}
    assert counted == {p: [n] for p, n in named.items()}
    assert [*named.values()] == [27, 13, 8, 5]


def test_article_002_counts_members_and_two_kinds_of_observers(
    graph: Graph, claims: dict[str, list[URIRef]]
) -> None:
    own = claims["002"]
    for property_, value in (
        (CICA.memberCount, 28),
        (CICA.observerStateCount, 13),
        (CICA.observerOrganizationCount, 5),
    ):
        assert [claimed(graph, c) for c in on(graph, own, property_)] == [Literal(value)]
    assert on(graph, own, CICA.observerCount) == []


def test_items_of_a_list_in_a_sentence_are_numbered_from_one(
    graph: Graph, claims: dict[str, list[URIRef]]
) -> None:
    for property_, count in ((CICA.memberOf, 27), (CICA.observerOf, 13)):
        items = [place(graph, claim).item for claim in on(graph, claims["000"], property_)]
        assert sorted(item or 0 for item in items) == [*range(1, count + 1)]


@articles
def test_every_topic_that_an_article_claims_names_the_article_as_a_source(
    graph: Graph, claims: dict[str, list[URIRef]], article: str
) -> None:
    named = {claimed(graph, c) for p in TOPICS for c in on(graph, claims[article], p)}
    assert {t for t in named if (t, CICA.source, SOURCE[f"article-{article}"]) not in graph} == set()


# Judgement ──────────────────────────────────────────────────────────────────────────────────────────────────


@articles
def test_the_editors_give_a_reason_in_english_and_arabic_for_each_verdict(
    graph: Graph, claims: dict[str, list[URIRef]], article: str
) -> None:
    for claim in claims[article]:
        noted = languages(graph, claim, SKOS.note)
        judged = graph.value(claim, CICA.verdict)
        assert noted in ([["ar", "en"]] if judged else [[], ["ar", "en"]]), claim
        assert judged is None or (judged, SKOS.inScheme, CATEGORY.verdicts) in graph, claim


def test_the_articles_disagree_on_members_observer_states_and_the_name_of_the_city(graph: Graph) -> None:
    pairs = {(str(a), str(b)) for a, b in graph.subject_objects(CICA.disagreesWith)}
    left, right = (f"{CLAIM}article-{article}-" for article in LENGTHS)
    topics = ("member-count", "name-of-the-city", "observer-state-count")
    assert pairs == {p for t in topics for p in ((left + t, right + t), (right + t, left + t))}


def test_claims_that_disagree_give_different_values_for_one_property_at_dates_that_meet(graph: Graph) -> None:
    for one, other in graph.subject_objects(CICA.disagreesWith):
        assert (other, CICA.disagreesWith, one) in graph
        assert graph.value(one, CICA.about) == graph.value(other, CICA.about)
        assert graph.value(one, CICA.onProperty) == graph.value(other, CICA.onProperty)
        assert claimed(graph, URIRef(one)) != claimed(graph, URIRef(other))
        dates = [bounds(str(graph.value(claim, CICA.asOf))) for claim in (one, other)]
        assert max(d.earliest for d in dates) <= min(d.latest for d in dates)
        assert languages(graph, one, SKOS.note) or languages(graph, other, SKOS.note)


def test_a_fact_is_supported_only_by_claims_that_exist_and_are_not_held_to_be_wrong(graph: Graph) -> None:
    supporting = {URIRef(claim) for claim in graph.objects(None, CICA.supportedBy)}
    assert supporting
    assert {c for c in supporting if (c, RDF.type, CICA.Claim) not in graph} == set()
    wrong = [c for c in supporting if (c, CICA.verdict, CATEGORY["verdict-contradicted"]) in graph]
    assert wrong == []


@articles
def test_memberships_and_observerships_name_the_claims_that_say_the_same(
    graph: Graph, claims: dict[str, list[URIRef]], article: str
) -> None:
    for kind, property_ in ((CICA.Membership, CICA.memberOf), (CICA.Observership, CICA.observerOf)):
        for claim in on(graph, claims[article], property_):
            supported = [r for r in graph.subjects(CICA.supportedBy, claim) if (r, RDF.type, kind) in graph]
            parties = [graph.value(r, CICA.party) for r in supported]
            assert parties == [graph.value(claim, CICA.about)]
            assert [graph.value(r, CICA.inOrganization) for r in supported] == [ORGANIZATION.cica]


# Where claims stand ─────────────────────────────────────────────────────────────────────────────────────────


@articles
def test_a_locator_names_line_item_and_characters_inside_the_article(
    graph: Graph, claims: dict[str, list[URIRef]], article: str
) -> None:
    for claim in claims[article]:
        where = place(graph, claim)
        assert 0 <= where.start < where.end <= LENGTHS[article], claim


@articles
def test_claims_from_one_statement_share_its_characters_and_statements_do_not_overlap(
    graph: Graph, claims: dict[str, list[URIRef]], article: str
) -> None:
    lines = defaultdict(set)
    for claim in claims[article]:
        where = place(graph, claim)
        lines[where.start, where.end].add(where.line)
    assert all(len(one) == 1 for one in lines.values())
    spans = sorted(lines)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))


@articles
def test_a_copy_of_the_article_has_the_sha_256_on_its_source(graph: Graph, article: str) -> None:
    digest = hashlib.sha256(copy_of(article)).hexdigest()
    assert digest == str(graph.value(SOURCE[f"article-{article}"], CICA.sha256))


@articles
def test_lines_and_items_agree_with_the_characters_in_a_copy(
    graph: Graph, claims: dict[str, list[URIRef]], article: str
) -> None:
    text = copy_of(article).decode("utf-8")
    assert len(text) == LENGTHS[article]
    lines = text.split("\n")
    for claim in claims[article]:
        where = place(graph, claim)
        statement = text[where.start : where.end]
        assert text.count("\n", 0, where.start) + 1 == where.line, claim
        assert "\n" not in statement, claim
        assert statement == statement.strip(" •"), claim
        item = 0
        while lines[where.line - 1 - item].lstrip().startswith("•"):
            item += 1
        assert not item or where.item == item, claim


@articles
def test_a_statement_neither_starts_nor_ends_within_a_word(
    graph: Graph, claims: dict[str, list[URIRef]], article: str
) -> None:
    text = copy_of(article).decode("utf-8")
    for claim in claims[article]:
        where = place(graph, claim)
        for edge in (where.start, where.end):
            assert not re.search(r"\w\w", text[edge - 1 : edge + 1] if edge else ""), claim


@articles
def test_no_eight_running_words_of_an_article_are_in_the_graph(graph: Graph, article: str) -> None:
    names = {o for p in NAMES for s, o in graph.subject_objects(p) if not str(s).startswith(TOPIC)}
    named = {run for name in (*names, *NAMED_IN_FULL) for run in runs(str(name))}
    forbidden = runs(copy_of(article).decode("utf-8")) - named
    literals = {o for o in graph.objects() if isinstance(o, Literal)}
    assert [literal for literal in literals if runs(str(literal)) & forbidden] == []
