"""Every RDF form can be read by others, and says what was to be said, in the same bytes each time."""

from __future__ import annotations

import itertools
import json
import random
import re
from collections.abc import Callable

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from cica_kg import KnowledgeGraph
from cica_kg.export import export
from cica_kg.export.formats import FORMATS
from cica_kg.export.rdf import WITH_GRAPHS, rdf_bytes
from cica_kg.export.selection import Selection, select
from cica_kg.rdf import WRITTEN_PREFIXES
from cica_kg.vocabulary import RDF
from tests.export.readers import by_pyld, by_rdflib, canonical, readers_of

FORMS = [form.name for form in FORMATS.values() if form.family == "rdf"]
READERS = [(form, reader) for form in FORMS for reader in readers_of(form)]
TYPE, FIRST, REST = (NamedNode(RDF + name) for name in ("type", "first", "rest"))
E = "https://example.org/"


@pytest.fixture(params=FORMS)
def form(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(scope="module")
def everything(kg: KnowledgeGraph) -> list[Quad]:
    return select(kg, Selection(with_ontology=True, with_views=True, vocabulary="org"))


@pytest.fixture(scope="module")
def part(kg: KnowledgeGraph) -> list[Quad]:
    things = ("state:kazakhstan", "body:cica-summit")
    return select(kg, Selection(things=things, with_ontology=True, with_views=True, vocabulary="org"))


def wanted(quads: list[Quad], form: str) -> list[Quad]:
    return quads if form in WITH_GRAPHS else [Quad(*quad.triple) for quad in quads]


@pytest.mark.parametrize(("form", "reader"), READERS)
def test_others_read_what_was_written(
    form: str, reader: Callable[[bytes, str], list[Quad]], everything: list[Quad], part: list[Quad]
) -> None:
    # rdflib and pyLD would take most of a minute for the whole.
    quads = part if reader in (by_rdflib, by_pyld) else everything
    assert canonical(reader(rdf_bytes(quads, form), form)) == canonical(wanted(quads, form))


def test_neither_the_order_of_the_triples_nor_the_names_of_blank_nodes_change_the_bytes(
    form: str, part: list[Quad]
) -> None:
    names: dict[BlankNode, BlankNode] = {}

    def renamed(term):
        return names.setdefault(term, BlankNode()) if isinstance(term, BlankNode) else term

    other = [Quad(renamed(q.subject), q.predicate, renamed(q.object), q.graph_name) for q in part]
    random.Random(1).shuffle(other)
    assert rdf_bytes([*other, other[0]], form) == rdf_bytes(part, form)


def test_line_forms_are_sorted(everything: list[Quad]) -> None:
    for form in ("ntriples", "nquads", "canonical"):
        lines = rdf_bytes(everything, form).splitlines()
        assert lines == sorted(lines)


def test_grouped_forms_write_each_thing_once(kg: KnowledgeGraph) -> None:
    plain = {
        form: export(kg, form, things=["JPN", "QAT"]).decode()
        for form in ("turtle", "trig", "rdfxml", "jsonld")
    }
    assert len(re.findall(r"(?m)^state:japan$", plain["turtle"])) == 1
    assert len(re.findall(r"(?m)^\tstate:japan a cica:State ;$", plain["trig"])) == 1
    assert plain["rdfxml"].count('<cica:State rdf:about="https://w3id.org/cica-kg/id/state/japan">') == 1
    assert len(re.findall(r'(?m)^\{"id": "state:japan", "type": "State", ', plain["jsonld"])) == 1


def test_only_prefixes_that_are_used_are_declared(kg: KnowledgeGraph) -> None:
    about = {form: export(kg, form, graphs=["data/graph"]).decode() for form in ("trig", "rdfxml", "jsonld")}
    assert re.findall(r"@prefix ([\w-]+):", about["trig"]) == ["cica", "dcterms", "owl", "rdfs"]
    assert re.findall(r"xmlns:([\w-]+)=", about["rdfxml"]) == ["cica", "dcterms", "owl", "rdf", "rdfs"]
    assert "xsd" not in json.loads(about["jsonld"])["@context"]


def test_trig_declares_no_prefix_for_what_has_no_local_name() -> None:
    quad = Quad(NamedNode(WRITTEN_PREFIXES["org"] + "\u00b7"), NamedNode(f"{E}p"), NamedNode(f"{E}o"))
    assert b"@prefix" not in rdf_bytes([quad], "trig")


def test_rdfxml_declares_the_prefixes_of_elements_alone() -> None:
    state, body = (
        Quad(NamedNode(f"{E}s"), TYPE, NamedNode(WRITTEN_PREFIXES[p] + "X")) for p in ("cica", "owl")
    )
    data = rdf_bytes([state, body], "rdfxml").decode()
    assert data.count("cica:X") + data.count("owl:X") == 2
    assert re.findall(r"<rdf:RDF ([^>]*)>", data)[0].count("xmlns:") == 2
    strange = Quad(NamedNode(f"{E}s"), NamedNode(WRITTEN_PREFIXES["cica"] + "1a"), Literal("<cica:x>"))
    data = rdf_bytes([strange], "rdfxml").decode()
    assert re.findall(r"<rdf:RDF ([^>]*)>", data) == [f'xmlns:rdf="{RDF}"']


def test_turtle_shortens_the_property_of_kinds_as_an_object_too() -> None:
    data = rdf_bytes([Quad(TYPE, TYPE, TYPE), Quad(TYPE, REST, TYPE)], "turtle").decode()
    assert data == f"PREFIX rdf: <{RDF}>\n\nrdf:type\n    a rdf:type ;\n    rdf:rest rdf:type ;\n.\n"


def test_a_text_as_the_kind_of_a_thing_is_written_as_any_kind() -> None:
    quads = [Quad(NamedNode(f"{E}s"), TYPE, kind) for kind in (Literal("x"), NamedNode(f"{E}X"))]
    data = rdf_bytes(quads, "turtle").decode()
    assert re.findall(r"(?m)^    (\S+) (\S+) ;$", data) == [("a", f"<{E}X>"), ("a", '"x"')]


def test_no_namespace_begins_with_another() -> None:
    for one, other in itertools.permutations(WRITTEN_PREFIXES.values(), 2):
        assert not one.startswith(other)


def test_the_canonical_form_does_not_tell_how_the_graph_is_cut_into_files(kg: KnowledgeGraph) -> None:
    quads = select(kg, Selection())
    assert rdf_bytes(quads, "canonical") == rdf_bytes([Quad(*quad.triple) for quad in quads], "canonical")


def test_nothing_at_all_is_well_formed_too(form: str) -> None:
    for reader in readers_of(form):
        assert reader(rdf_bytes([], form), form) == []
