"""What part of the graph an export holds: files, things with what surrounds them, a query's answer."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Store, Triple

import cica_kg
from cica_kg import KnowledgeGraph, UsageError
from cica_kg.export import export
from cica_kg.export.selection import Selection, select
from cica_kg.vocabulary import GRAPH, OWL, XSD
from tests.conftest import ROOT
from tests.export.selected import (
    ABOUT,
    JAPAN,
    LABEL,
    MEMBER_OF,
    QATAR,
    REFERENCE_DATE,
    SOURCE,
    held,
    triples,
    values,
)

ASKS = (
    "CONSTRUCT { ?state cica:party ?agent } WHERE {\n  VALUES ?agent { state:japan } # parameter\n  %s\n}\n"
)


# Everything and files ────────────────────────────────────────────────────────────────────────────────────


def test_without_a_choice_it_is_all_that_the_files_say_and_the_version(kg: KnowledgeGraph) -> None:
    store = Store()
    for path in (ROOT / "data").rglob("*.ttl"):
        store.bulk_load(path=str(path), format=RdfFormat.TURTLE)
    version = Triple(ABOUT, NamedNode(OWL + "versionInfo"), Literal(kg.version))
    assert triples(kg) == {quad.triple for quad in store} | {version}


def test_no_selection_changes_what_the_next_one_finds(kg: KnowledgeGraph) -> None:
    before = select(kg, Selection())
    select(kg, Selection(with_ontology=True, with_views=True, vocabulary="org"))
    select(kg, Selection(graphs=("memberships",), things=("JPN",)))
    select(kg, Selection(), named=False).clear()
    assert select(kg, Selection()) == before


def test_each_fact_is_in_the_graph_of_its_file(kg: KnowledgeGraph) -> None:
    found = select(kg, Selection(with_ontology=True))
    for file in ("data/memberships", "data/claims/article-000", "data/links/wikidata", "ontology/categories"):
        name = NamedNode(f"{GRAPH}/{file}")
        assert {quad.triple for quad in found if quad.graph_name == name} == held(f"{file}.ttl")


@pytest.mark.parametrize(
    "name",
    [
        *("memberships", "memberships.ttl", "data/memberships", "data/memberships.ttl"),
        f"{GRAPH}/data/memberships",
    ],
)
def test_a_graph_has_short_names_and_an_iri(kg: KnowledgeGraph, name: str) -> None:
    found = select(kg, Selection(graphs=(name,)))
    inside = {quad for quad in found if quad.graph_name == NamedNode(f"{GRAPH}/data/memberships")}
    assert {quad.triple for quad in inside} == held("data/memberships.ttl")
    cited = {quad.object for quad in inside if quad.predicate == SOURCE}
    beside = {quad.subject for quad in found} - {quad.subject for quad in inside}
    assert cited
    assert beside == cited | {ABOUT}


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("membrships", "did you mean data/memberships"),
        ("data/members", "did you mean data/memberships"),
        (f"{GRAPH}/data/summits", "did you mean data/"),
        ("zzz", "there are data/bodies, "),
        *(
            (name, "there is no graph")
            for name in ("", "data", "data/", "/data/states", "../data/states", "e")
        ),
    ],
)
def test_a_graph_that_is_not_there_is_told_with_near_ones(kg: KnowledgeGraph, name: str, hint: str) -> None:
    with pytest.raises(UsageError, match=hint):
        select(kg, Selection(graphs=(name,)))


def test_a_short_name_that_two_files_have_is_refused_with_both(small: Path) -> None:
    for folder in ("a", "b"):
        (small / "data" / folder).mkdir()
        (small / "data" / folder / "same.ttl").write_text("")
    kg = cica_kg.load(root=small)
    with pytest.raises(UsageError, match="may be data/a/same or data/b/same"):
        select(kg, Selection(graphs=("same",)))
    assert (
        select(kg, Selection(graphs=("a/same",))) if False else select(kg, Selection(graphs=("data/a/same",)))
    )


def test_an_ontology_file_is_a_graph_too(kg: KnowledgeGraph) -> None:
    found = triples(kg, graphs=("categories",))
    assert held("ontology/categories.ttl") <= found
    assert {each.subject for each in found - held("ontology/categories.ttl")} == {ABOUT}


# Things ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("views", [False, True])
def test_the_records_links_and_claims_of_a_thing_are_whole_and_so_are_their_sources(
    kg: KnowledgeGraph, views: bool
) -> None:
    found = triples(kg, things=("JPN",), with_views=views)
    known = triples(kg, with_views=views)
    about = values(
        kg,
        f"?x ?p {JAPAN} ; a/rdfs:subClassOf* ?kind ."
        " VALUES ?kind { cica:Relationship cica:Claim cica:Link }",
    )
    assert len(about) > 5
    sources = {each.object for each in known if each.subject in about and each.predicate == SOURCE}
    assert sources
    for node in (JAPAN, *about, *sources):
        said = {each for each in known if each.subject == node}
        assert said
        assert said <= found


def test_all_that_is_referred_to_has_its_names(kg: KnowledgeGraph) -> None:
    found = triples(kg, things=("japan",), with_ontology=True)
    known = triples(kg, with_ontology=True)
    nodes = {node for each in found for node in (each.subject, each.object)}
    names = {each for each in known if each.predicate == LABEL and each.subject in nodes}
    assert len(names) > 50
    assert names <= found


def test_a_thing_does_not_bring_the_records_of_its_neighbours(kg: KnowledgeGraph) -> None:
    found = triples(kg, things=("state:japan",))
    others = values(kg, f"?x a cica:Observership . FILTER NOT EXISTS {{ ?x cica:party {JAPAN} }}")
    assert others
    assert not others & {each.subject for each in found}


def test_two_things_are_both_there(kg: KnowledgeGraph) -> None:
    one, other = (triples(kg, things=(name,)) for name in ("japan", "قطر"))
    assert triples(kg, things=("japan", QATAR.value)) == one | other
    assert not one <= other
    assert not other <= one


def test_an_unknown_thing_is_told_with_near_ones(kg: KnowledgeGraph) -> None:
    with pytest.raises(UsageError, match=r"nothing is called “jappan”; did you mean state:japan"):
        select(kg, Selection(things=("japan", "jappan")))


# Queries ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    head = "#+ summary: Test\n#+ cica:\n#+   parameters:\n#+     agent: {type: thing, class: 'cica:Agent'}\n"
    (tmp_path / "relations.rq").write_text(head + ASKS % "?state cica:party ?agent")
    (tmp_path / "table.rq").write_text("SELECT ?s { ?s a cica:State }")
    return tmp_path


def test_a_construct_gives_its_answer_and_the_description_of_the_graph(
    kg: KnowledgeGraph, questions: Path
) -> None:
    for thing, parameters in ((JAPAN, {}), (QATAR, {"agent": "QAT"})):
        found = triples(kg, query="relations", parameters=parameters, queries=questions)
        answer = {each for each in found if each.subject != ABOUT}
        assert {each.subject for each in answer} == values(kg, f"?x cica:party {thing}")
        assert {each.object for each in answer} == {thing}
    date_ = Literal(kg.at.isoformat(), datatype=NamedNode(XSD + "date"))
    assert Triple(ABOUT, REFERENCE_DATE, date_) in found
    assert held("data/graph.ttl") <= found


def test_a_file_is_asked_of_the_views_of_the_day(kg: KnowledgeGraph, tmp_path: Path) -> None:
    file = tmp_path / "members.rq"
    file.write_text("CONSTRUCT WHERE { ?s cica:memberOf organization:cica }")
    for day, count in (("2008-12-31", 18), ("2003-01-01", 16)):
        then = kg.as_of(day)
        members = {each for each in triples(then, file=file) if each.predicate == MEMBER_OF}
        assert {each.subject for each in members} == values(then, "?x cica:memberOf organization:cica")
        assert count <= len(members) <= 28


def test_an_answer_that_is_no_rdf_is_refused(kg: KnowledgeGraph, questions: Path) -> None:
    for chosen in ({"query": "table", "queries": questions}, {"file": questions / "table.rq"}):
        with pytest.raises(UsageError, match=r"table.* is no CONSTRUCT.*cica query"):
            select(kg, Selection(**chosen))


@pytest.mark.parametrize(
    ("chosen", "hint"),
    [
        ({"query": "history", "parameters": {"agnt": "QAT"}}, "did you mean agent"),
        ({"query": "histry"}, "did you mean history"),
        ({"file": Path("none.rq")}, "there is no such file"),
        ({"query": "history", "file": Path("none.rq")}, "a question or a file, not both"),
        *(
            ({"file": Path("none.rq"), **more}, "a query says itself what is exported")
            for more in ({"graphs": ("states",)}, {"things": ("japan",)}, {"with_views": True})
        ),
        ({"vocabulary": "foaf"}, "there is: org"),
    ],
)
def test_parts_that_do_not_go_together_are_refused(
    kg: KnowledgeGraph, chosen: dict[str, object], hint: str
) -> None:
    with pytest.raises(UsageError, match=hint):
        select(kg, Selection(**chosen))


def test_a_misspelt_argument_does_not_give_the_whole_graph(kg: KnowledgeGraph) -> None:
    with pytest.raises(UsageError, match="only named questions have parameters: thing"):
        export(kg, "turtle", thing="japan")
    with pytest.raises(UsageError, match="is of the whole graph"):
        export(kg, "csv", thing="japan")
