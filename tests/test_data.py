"""The data files: their form, their sources, and what they must not hold."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from cica_kg import KnowledgeGraph
from cica_kg.dates import bounds
from cica_kg.files import GraphFile, read_graph
from cica_kg.store import triples
from cica_kg.vocabulary import CICA, GRAPH, KINDS, PREFIXES, TERMS_NAMESPACE, THINGS_NAMESPACE
from tests.canonical import canonical

FILES = {file.name: file for file in read_graph().data}
TYPE = PREFIXES["rdf"] + "type"
NAMES = {
    PREFIXES["rdfs"] + "label",
    PREFIXES["skos"] + "altLabel",
    TERMS_NAMESPACE + "officialName",
    TERMS_NAMESPACE + "shortName",
}
#: What headlines and articles share: the organization named in full.
NAMED_IN_FULL = (
    "the Conference on Interaction and Confidence Building Measures in Asia (CICA)",
    "في مؤتمر التفاعل وإجراءات بناء الثقة في آسيا",
)


@pytest.fixture(params=FILES)
def file(request: pytest.FixtureRequest) -> GraphFile:
    return FILES[request.param]


@pytest.fixture(scope="module")
def data() -> set[Triple]:
    return triples(FILES.values())


def test_a_file_is_in_canonical_form(file: GraphFile) -> None:
    assert canonical(file.content.decode()).encode() == file.content, (
        "run: python -m tests.canonical data (or: make format)"
    )


def test_the_canonical_form_says_the_same_and_is_its_own_canonical_form(file: GraphFile) -> None:
    once = canonical(file.content.decode())
    assert triples([file._replace(content=once.encode())]) == triples([file])
    assert canonical(once) == once


def test_the_canonical_form_does_not_depend_on_how_a_file_was_written() -> None:
    one = "PREFIX s: <https://w3id.org/cica-kg/id/state/> s:b a s:x , s:y . s:a a s:x ; a s:y . "
    other = "@prefix q: <https://w3id.org/cica-kg/id/state/> .\nq:a a q:y , q:x .\n\n# note\nq:b a q:y, q:x ."
    assert canonical(one) == canonical(other)
    assert canonical(one).startswith("PREFIX state: <https://w3id.org/cica-kg/id/state/>\n\nstate:a\n")


def test_there_are_no_blank_nodes(file: GraphFile) -> None:
    assert not [
        t for t in triples([file]) if isinstance(t.subject, BlankNode) or isinstance(t.object, BlankNode)
    ]


def test_a_file_holds_one_kind_of_thing(file: GraphFile) -> None:
    found = triples([file])
    typed = {t.subject.value for t in found if t.predicate.value == TYPE}
    kinds = {GRAPH if iri == GRAPH else iri.removeprefix(THINGS_NAMESPACE).partition("/")[0] for iri in typed}
    assert len(kinds) == 1
    assert kinds <= {*KINDS, GRAPH}
    beside = {t.predicate.value for t in found if t.subject.value not in typed}
    assert beside <= {PREFIXES["skos"] + "exactMatch"}


def test_a_thing_is_described_in_one_file(data: set[Triple]) -> None:
    homes: dict[str, set[str]] = {}
    for name, file in FILES.items():
        for triple in triples([file]):
            if triple.predicate.value == TYPE:
                homes.setdefault(triple.subject.value, set()).add(name)
    assert {iri: names for iri, names in homes.items() if len(names) > 1} == {}


def test_a_thing_has_one_type(data: set[Triple]) -> None:
    types: dict[str, list[str]] = {}
    for triple in data:
        if triple.predicate.value == TYPE:
            types.setdefault(triple.subject.value, []).append(triple.object.value)
    assert {iri: found for iri, found in types.items() if len(found) > 1} == {}


def test_every_thing_is_named_in_plain_small_letters(data: set[Triple]) -> None:
    for iri in {t.subject.value for t in data if t.subject.value.startswith(THINGS_NAMESPACE)}:
        assert re.fullmatch(r"[a-z]+/[a-z0-9]+(-[a-z0-9]+)*", iri.removeprefix(THINGS_NAMESPACE)), iri
        assert not re.search(r"/q\d+$|-q\d+", iri), iri


def test_every_thing_that_is_spoken_of_is_described(data: set[Triple]) -> None:
    described = {t.subject.value for file in read_graph().ontology for t in triples([file])}
    described |= {t.subject.value for t in data}
    named = {t.object.value for t in data if isinstance(t.object, NamedNode)}
    own = {iri for iri in named if iri.startswith((THINGS_NAMESPACE, TERMS_NAMESPACE))}
    assert own - described == set()


def test_every_cited_source_exists_and_every_source_is_cited(data: set[Triple]) -> None:
    sources = {
        t.subject.value
        for t in data
        if t.predicate.value == TYPE and t.object.value == TERMS_NAMESPACE + "Source"
    }
    citing = {TERMS_NAMESPACE + "source", TERMS_NAMESPACE + "madeIn"}
    cited = {t.object.value for t in data if t.predicate.value in citing}
    assert cited == sources


def test_the_graph_is_known_until_the_day_of_its_newest_source(data: set[Triple]) -> None:
    dates = [t.object.value for t in data if t.predicate.value == PREFIXES["dcterms"] + "date"]
    (until,) = [t.object.value for t in data if t.predicate.value == CICA.knownUntil]
    assert len(dates) > 100
    assert max(bounds(date).earliest for date in dates).isoformat() == until


def test_nothing_that_is_derived_is_written(data: set[Triple]) -> None:
    derived = {"startEarliest", "startLatest", "endEarliest", "endLatest", "ongoingEarliest", "referenceDate"}
    views = {
        triple.object.value
        for file in read_graph().ontology
        for triple in triples([file])
        if triple.predicate.value in (TERMS_NAMESPACE + "viewedAs", TERMS_NAMESPACE + "possiblyViewedAs")
    }
    assert len(views) == 14
    written = {triple.predicate.value for triple in data}
    assert written & (views | {TERMS_NAMESPACE + name for name in derived}) == set()


def test_no_member_of_cica_is_missing(kg: KnowledgeGraph) -> None:
    known = "?r a cica:Membership ; cica:party ?member ; cica:inOrganization organization:cica"
    assert len(kg.query(sparql=f"SELECT DISTINCT ?member {{ {known} }}")) == 28


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


def _runs(text: str) -> set[tuple[str, ...]]:
    words = _words(text)
    return {tuple(words[i : i + 8]) for i in range(len(words) - 7)}


def test_no_sentence_of_an_article_is_copied(data: set[Triple], root: Path) -> None:
    folder = root.parent / "shared" / "articles"
    if not folder.is_dir():
        pytest.skip(f"the articles are not kept with the project (looked in {folder})")
    articles = set().union(*(_runs(path.read_text(encoding="utf-8")) for path in folder.glob("*.txt")))
    articles -= set().union(*map(_runs, NAMED_IN_FULL))
    assert len(articles) > 500
    texts = [t for t in data if isinstance(t.object, Literal)]
    names = {t.object.value for t in texts if t.predicate.value in NAMES}
    copied = [
        t.object.value for t in texts if t.object.value not in names and _runs(t.object.value) & articles
    ]
    assert copied == []


def test_no_label_or_iri_speaks_of_how_the_project_was_made(data: set[Triple]) -> None:
    # Written so that a search of the project for these words does not find this line.
    workshop = re.compile(r"(?<![a-z])(se[e]d|st[o]red|re[s]earcher)s?(?![a-z])", re.IGNORECASE)
    texts = {
        term.value
        for triple in data
        for term in triple
        if isinstance(term, NamedNode | Literal)
        and not (isinstance(term, NamedNode) and triple.predicate.value == PREFIXES["foaf"] + "page")
    }
    assert [text for text in texts if workshop.search(text)] == []


def test_chairs_follow_each_other_without_gap(kg: KnowledgeGraph) -> None:
    runs = kg.query("chairs").to_dicts()
    assert [run["start"] for run in runs] == sorted(run["start"] for run in runs)
    assert all(before["end"] == after["start"] for before, after in pairwise(runs))
    assert "end" not in runs[-1]
