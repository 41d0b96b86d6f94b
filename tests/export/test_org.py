"""`--vocabulary org` adds what the alignments entail, and what ORG asks of a membership: no more, no less."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, parse
from rdflib import URIRef
from rdflib.namespace import ORG, TIME

import cica_kg
from cica_kg import KnowledgeGraph
from cica_kg.export.rdf import rdf_bytes
from cica_kg.export.selection import Selection, select
from cica_kg.vocabulary import PREFIXES, RDF, XSD
from tests.conftest import ROOT

TYPE = NamedNode(RDF + "type")
CICA = PREFIXES["cica"]
#: What RDFS entails by the hierarchies of classes and properties; the rest of RDFS adds no triple here.
ENTAILED = f"""
PREFIX rdf: <{RDF}>
PREFIX rdfs: <{PREFIXES["rdfs"]}>
CONSTRUCT {{ ?s ?p ?o }} WHERE {{
  {{ ?s a/rdfs:subClassOf+ ?o BIND(rdf:type AS ?p) FILTER(STRSTARTS(STR(?o), "{ORG}")) }}
  UNION
  {{ ?s ?narrow ?o . ?narrow rdfs:subPropertyOf+ ?p FILTER(STRSTARTS(STR(?p), "{ORG}")) }}
}}"""
#: What is said of memberships beyond that, in ORG's own words.
OF_MEMBERSHIPS = f"""
PREFIX cica: <{CICA}>
PREFIX org: <{ORG}>
CONSTRUCT {{ ?m org:member ?party ; org:organization ?organization }} WHERE {{
  ?m a cica:Membership .
  {{ ?m cica:party ?party }} UNION {{ ?m cica:inOrganization ?organization }}
}}"""


def added(kg: KnowledgeGraph, **chosen: object) -> set[Quad]:
    """Return what the vocabulary adds to a selection."""
    return set(select(kg, Selection(**chosen, vocabulary="org"))) - set(select(kg, Selection(**chosen)))


def in_vocabulary(quad: Quad, namespace: object) -> bool:
    return any(node.value.startswith(str(namespace)) for node in (quad.predicate, quad.object))


def with_alignments(quads: list[Quad]) -> Store:
    """Return a store of the quads, the ontology and the alignments."""
    store = Store()
    store.extend(Quad(*quad.triple) for quad in quads)
    for name in ("cica", "alignments"):
        store.bulk_load(path=str(ROOT / "ontology" / f"{name}.ttl"), format=RdfFormat.TURTLE)
    return store


@pytest.mark.parametrize("chosen", [{}, {"with_views": True}, {"things": ("KAZ", "body:cica-secretariat")}])
def test_it_adds_exactly_what_the_alignments_entail_and_the_ends_of_memberships(
    kg: KnowledgeGraph, chosen: dict[str, object]
) -> None:
    store = with_alignments(select(kg, Selection(**chosen)))
    wanted = {Quad(*each) for query in (ENTAILED, OF_MEMBERSHIPS) for each in store.query(query)}
    own = {quad for quad in wanted if quad.subject.value.startswith(CICA)}  # of terms, which are not exported
    during = {quad for quad in added(kg, **chosen) if quad.predicate.value == str(ORG.memberDuring)}
    found = {quad for quad in added(kg, **chosen) if in_vocabulary(quad, ORG)} - during
    assert len(found) >= 8
    assert found == wanted - own


def test_every_membership_and_nothing_else_is_an_org_membership(kg: KnowledgeGraph) -> None:
    more = added(kg, with_ontology=True, with_views=True)
    memberships = {row[0] for row in kg.store.query(f"SELECT ?m {{ ?m a <{CICA}Membership> }}")}
    assert len(memberships) == 28
    for property_ in ("member", "organization", "memberDuring"):
        assert {quad.subject for quad in more if quad.predicate.value == str(ORG[property_])} == memberships
    kinds = {
        quad.subject for quad in more if quad.predicate == TYPE and quad.object.value == str(ORG.Membership)
    }
    assert kinds == memberships


def test_the_time_of_a_membership_is_that_of_its_record(kg: KnowledgeGraph) -> None:
    store = with_alignments(select(kg, Selection(vocabulary="org")))
    told = store.query(
        f"""PREFIX cica: <{CICA}> PREFIX org: <{ORG}> PREFIX time: <{TIME}>
        SELECT ?record ?start ?written {{
          ?record org:memberDuring ?interval . ?interval a time:Interval ; time:hasBeginning ?instant .
          ?instant a time:Instant ; time:inXSDDate|time:inXSDgYearMonth|time:inXSDgYear ?written .
          ?record cica:start ?start
        }}"""
    )
    found = {row["record"]: (row["start"].value, row["written"]) for row in told}
    starts = kg.store.query(f"SELECT ?r ?start {{ ?r a <{CICA}Membership> ; <{CICA}start> ?start }}")
    exact = {row[0] for row in starts if not row[1].value.startswith("[")}
    assert len(exact) > 20
    assert found.keys() == exact
    kinds = {4: "gYear", 7: "gYearMonth", 10: "date"}
    for start, written in found.values():
        assert (written.value, written.datatype.value) == (start, XSD + kinds[len(start)])


def test_every_term_of_org_and_of_owl_time_is_one_that_they_have(kg: KnowledgeGraph, tmp_path: Path) -> None:
    used = {
        node.value
        for quad in added(kg, with_ontology=True, with_views=True) | with_an_end(kg, tmp_path)
        for node in (quad.predicate, quad.object)
    }
    for namespace, least in ((ORG, 10), (TIME, 6)):
        terms = [URIRef(iri) for iri in used if iri.startswith(str(namespace))]
        assert len(terms) >= least
        assert [term for term in terms if term not in namespace] == []


def with_an_end(
    kg: KnowledgeGraph, folder: Path, name: str = "https://example.org/m", end: str = "2020"
) -> set[Quad]:
    """Return what is added to a membership that ended."""
    file = folder / "ended.rq"
    file.write_text(
        f'CONSTRUCT {{ <{name}> a cica:Membership ; cica:start "1992-10-05" ; cica:end "{end}" }} WHERE {{ }}'
    )
    return added(kg, file=file)


def test_an_end_is_the_end_of_the_interval(kg: KnowledgeGraph, tmp_path: Path) -> None:
    found = with_an_end(kg, tmp_path)
    (end,) = (quad.object for quad in found if quad.predicate.value == str(TIME.hasEnd))
    (year,) = (quad.object for quad in found if quad.predicate.value == str(TIME.inXSDgYear))
    assert year == Literal("2020", datatype=NamedNode(XSD + "gYear"))
    assert any(quad.subject == end and quad.object == year for quad in found)


@pytest.mark.parametrize("end", ["[2019..2020]", "[2019,2021]", "2020-02-30", "2020-13", "soon", ""])
def test_what_is_no_single_date_of_the_calendar_is_no_instant(
    kg: KnowledgeGraph, tmp_path: Path, end: str
) -> None:
    found = with_an_end(kg, tmp_path, end=end)
    assert not any(quad.predicate.value == str(TIME.hasEnd) for quad in found)
    assert any(quad.predicate.value == str(ORG.memberDuring) for quad in found)


@pytest.mark.parametrize("name", ["https://example.org/all#one", "urn:uuid:1", "https://example.org/?a=b#"])
def test_any_iri_of_a_membership_gives_iris_that_others_read(
    kg: KnowledgeGraph, tmp_path: Path, name: str
) -> None:
    found = with_an_end(kg, tmp_path, name)
    assert len({quad.subject for quad in found}) == 4  # it, the interval and two instants
    back = {Quad(*quad.triple) for quad in parse(rdf_bytes(found, "ntriples"), RdfFormat.N_TRIPLES)}
    assert back == found


def test_a_graph_without_alignments_takes_those_of_the_package(small: Path) -> None:
    found = added(cica_kg.load(root=small), with_views=True)
    terms = {node.value.removeprefix(str(ORG)) for quad in found for node in (quad.predicate, quad.object)}
    assert terms >= {"Membership", "OrganizationalUnit", "Organization", "memberOf", "hasMember", "member"}
