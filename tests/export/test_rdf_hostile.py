"""What no file of ours holds, but a query or another graph may: it survives, or is refused by name."""

from __future__ import annotations

import itertools
import os
import re
import subprocess
import sys
from collections.abc import Callable
from xml.parsers import expat

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from pyoxigraph import BaseDirection, BlankNode, DefaultGraph, Literal, NamedNode, Quad, Triple

from cica_kg import DataError, UsageError, rdf, steady
from cica_kg.export.formats import FORMATS
from cica_kg.export.rdf import WITH_GRAPHS, rdf_bytes
from cica_kg.vocabulary import OWL, PREFIXES, RDF, XSD
from tests.conftest import ROOT
from tests.export.readers import by_oxigraph, by_pyld, by_rapper, by_rdflib, canonical

FORMS = [form.name for form in FORMATS.values() if form.family == "rdf"]
TYPE, FIRST, REST, NIL = (NamedNode(RDF + name) for name in ("type", "first", "rest", "nil"))
E = "https://example.org/"
S, P = NamedNode(f"{E}s"), NamedNode(f"{E}p")

PIECES = st.sampled_from(
    [
        *(
            '"',
            "'",
            '"""',
            "\\",
            "\\u0041",
            "\n",
            "\r",
            "\r\n",
            "\t",
            " ",
            "<&>",
            "]]>",
            "&#13;",
            "<!--",
            "@en",
        ),
        *(
            "\x1b[31m",
            "\x00",
            "\x07",
            "\x7f",
            "\x85",
            "\x9b",
            "\u2028",
            "\u202e",
            "\ufeff",
            "\ufffe",
            "\uffff",
        ),
        *(
            "قمة سيكا",
            "é",
            "\u0301",
            "😀",
            f" <{RDF}type> ",
            "_:b",
            "<<(",
            "--rtl",
            "@id",
            "@none",
            "cica:x",
            "^^",
        ),
    ]
)
TEXTS = st.lists(st.one_of(PIECES, st.text(max_size=3)), max_size=5).map("".join)
VALUES = st.sampled_from(
    ("0", "1", "-1", "+1", "007", "1.0", "1.", "1e5", "INF", "true", "2024-02-30", "9" * 30, "1 ", "x", "")
)
TYPES = st.sampled_from(
    [
        *(
            XSD + name
            for name in ("integer", "boolean", "date", "decimal", "double", "string", "anyURI", "token")
        ),
        *(RDF + "JSON", RDF + "XMLLiteral", RDF + "HTML", "urn:x:type", OWL + "real"),
    ]
)
LITERALS = st.one_of(
    TEXTS.map(Literal),
    st.builds(
        lambda text, tag: Literal(text, language=tag), TEXTS, st.sampled_from(("ar", "en-GB", "fa", "none"))
    ),
    st.builds(lambda text, type_: Literal(text, datatype=NamedNode(type_)), VALUES | TEXTS, TYPES),
)
LOCAL = ("japan", "", "a.b", "1", "a/b", "a//b", "a(b)", "x%20y", "-", "سيكا", "a#b", "a:b", "~!$&'*+,;=?@")
IRIS = st.sampled_from(
    [
        *(PREFIXES["state"] + local for local in LOCAL),
        *(
            PREFIXES["cica"] + local
            for local in ("source", "State", "label", "party", "ordinal", "lastsUntilEnded")
        ),
        *(PREFIXES["rdfs"] + "label", PREFIXES["skos"] + "note", OWL + "versionInfo", OWL + "sameAs"),
        *(PREFIXES["dcterms"] + "license", PREFIXES["wd"] + "Q17", "urn:x:y", f"{E}p", f"{E}ا"),
        *(
            f"{E}?q='&#x",
            RDF + "value",
            RDF + "_1",
            "state:japan",
            "label:x",
            "state://x",
            RDF + "li",
            f"{E}1",
        ),
    ]
).map(NamedNode)
BLANK = st.sampled_from([BlankNode(name) for name in "abc"])
NODES = IRIS | BLANK | st.just(TYPE)
GRAPHS = st.sampled_from([DefaultGraph(), NamedNode(f"{E}g"), NamedNode(f"{PREFIXES['cica']}h")])
QUADS = st.lists(st.builds(Quad, NODES, IRIS | st.just(TYPE), NODES | LITERALS, GRAPHS), max_size=8)
LISTS = st.lists(
    st.builds(
        Triple, BLANK, st.sampled_from((FIRST, REST, REST, P)), BLANK | st.sampled_from((NIL, S)) | LITERALS
    ),
    max_size=9,
)


#: What readers get wrong themselves: rdflib bare numbers and blanks in tokens, Raptor these characters, pyLD
#: the digits of this type.
_ODD = {
    by_rdflib: ('"+1"', '"007"', XSD + "token"),
    by_rapper: ("\\u0000", "\\uFFFE", "\\uFFFF"),
    by_pyld: (XSD + "double",),
}


def wanted(quads: list[Quad], form: str) -> list[str]:
    return canonical(quads if form in WITH_GRAPHS else [Quad(*quad.triple) for quad in quads])


def written(quads: list[Quad], form: str) -> bytes | None:
    """Write the quads. A form may refuse them, but then in one line that says what to do."""
    try:
        return rdf_bytes(quads, form)
    except DataError as error:
        assert re.search("another form|give them IRIs", str(error))
        assert not set(str(error)) & set("\x1b\n\r\0\x07")
        return None


@given(QUADS)
@settings(max_examples=200)
@example([Quad(S, P, Literal("a\rb\r\nc"))])
@example([Quad(S, P, Literal("   "))])
@example([Quad(S, NamedNode(PREFIXES["rdfs"] + "label"), Literal("x", language="none"))])
@example([Quad(S, P, TYPE), Quad(TYPE, TYPE, TYPE), Quad(S, P, Literal(f"a {TYPE} b"))])
def test_hostile_quads_survive_every_form(quads: list[Quad]) -> None:
    for form in FORMS:
        data = written(quads, form)
        if data is not None:
            assert canonical(by_oxigraph(data, form)) == wanted(quads, form), form


@pytest.mark.parametrize(
    ("form", "reader"),
    [
        *(("ntriples", by_rdflib), ("rdfxml", by_rdflib), ("trig", by_rdflib), ("jsonld", by_pyld)),
        *(("ntriples", by_rapper), ("rdfxml", by_rapper), ("turtle", by_rapper)),
    ],
)
@given(data=st.data())
@settings(max_examples=60)
def test_others_read_hostile_quads_too(
    form: str, reader: Callable[[bytes, str], list[Quad]], data: st.DataObject
) -> None:
    quads = [quad for quad in data.draw(QUADS) if not any(odd in str(quad) for odd in _ODD.get(reader, ()))]
    text = written(quads, form)
    assume(text is not None)
    assert canonical(reader(text, form)) == wanted(quads, form)


@given(LISTS, st.sampled_from(("turtle", "trig", "rdfxml", "jsonld")))
@settings(max_examples=200)
@example([Triple(BlankNode("a"), REST, BlankNode("a"))], "turtle")
@example([Triple(BlankNode("a"), FIRST, Literal("x")), Triple(BlankNode("a"), P, Literal("y"))], "turtle")
def test_lists_that_are_none_lose_nothing(triples: list[Triple], form: str) -> None:
    quads = [Quad(*triple) for triple in triples]
    data = written(quads, form)
    assume(data is not None)
    assert canonical(by_oxigraph(data, form)) == canonical(quads)


def test_a_list_that_forks_into_a_circle_is_written_as_it_is() -> None:
    head, one, other = map(BlankNode, ("head", "one", "other"))
    end = BlankNode("end")
    triples = [
        *(Triple(S, P, head), Triple(head, FIRST, Literal("x")), Triple(head, REST, one)),
        *(Triple(one, REST, other), Triple(one, REST, end)),
        *(Triple(other, FIRST, Literal("y")), Triple(other, REST, one)),
        *(Triple(end, FIRST, Literal("z")), Triple(end, REST, NIL)),
    ]
    quads = [Quad(*triple) for triple in triples]
    assert not rdf._lists_end(triples)
    assert not rdf._lists_end(reversed(triples))
    assert canonical(by_oxigraph(rdf_bytes(quads, "turtle"), "turtle")) == canonical(quads)


@pytest.mark.parametrize("space", ["\u00a0", "\u1680", "\u2028", "\u3000"])
def test_white_space_in_an_iri_beside_a_blank_node_survives_turtle(space: str) -> None:
    quads = [Quad(NamedNode(f"{E}a{space}b"), P, BlankNode())]
    assert canonical(by_oxigraph(rdf_bytes(quads, "turtle"), "turtle")) == canonical(quads)


def test_turtle_with_blank_nodes_does_not_depend_on_the_seed_of_hashes() -> None:
    program = f"""
import sys
from pyoxigraph import BlankNode, Literal, NamedNode, Quad
from cica_kg.export.rdf import rdf_bytes
node = BlankNode()
quads = [
    Quad(node, NamedNode(f"https://{{host}}.example/p"), NamedNode(f"https://{{host}}.example/o"))
    for host in "abcdef"
]
sys.stdout.buffer.write(rdf_bytes([*quads, Quad(node, NamedNode("{E}1"), Literal(1))], "turtle"))
"""

    def run(seed: int) -> bytes:
        return subprocess.run(
            [sys.executable, "-c", program],
            cwd=ROOT,
            env=os.environ | {"PYTHONHASHSEED": str(seed)},
            capture_output=True,
            check=True,
            timeout=60,
        ).stdout

    data = run(0)
    assert b"PREFIX ns7: <https://f.example/>" in data
    assert {run(seed) for seed in (1, 2, 3)} == {data}


def test_above_a_number_of_triples_blank_nodes_keep_their_labels(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    quads = [Quad(S, P, BlankNode()), *(Quad(S, P, Literal(i)) for i in range(9))]
    assert b"_:" not in rdf_bytes(quads, "turtle")
    monkeypatch.setattr(rdf, "_MOST_FOR_RDFLIB", 9)
    data = rdf_bytes(quads, "turtle")
    assert data.count(b"_:") == 1
    assert canonical(by_oxigraph(data, "turtle")) == canonical(quads)


def test_blank_nodes_are_named_once_more_only_to_check_what_rdflib_wrote(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    calls = []
    before = steady.name_blank_nodes
    monkeypatch.setattr(steady, "name_blank_nodes", lambda found: calls.append(1) or before(found))
    rdf_bytes([Quad(S, P, BlankNode())], "turtle")
    assert len(calls) == 2


def test_a_deep_nest_is_written_flat() -> None:
    nodes = [BlankNode(f"n{i}") for i in range(3000)]
    chain = [Quad(one, P, other) for one, other in itertools.pairwise(nodes)]
    chain += [Quad(node, P, Literal(i)) for i, node in enumerate(nodes)]
    found = by_oxigraph(rdf_bytes(chain, "turtle"), "turtle")
    assert len(found) == len(chain)


@pytest.mark.parametrize("code", [0x0, 0x8, 0xB, 0x1B, 0x1F, 0xFFFE, 0xFFFF])
def test_rdfxml_says_which_character_of_which_triple_xml_cannot_hold(code: int) -> None:
    quads = [Quad(S, P, Literal(f"before {chr(code)} after")), Quad(S, TYPE, P)]
    with pytest.raises(DataError, match=rf"U\+{code:04X} in <{E}p> of <{E}s> \(“before "):
        rdf_bytes(quads, "rdfxml")


@pytest.mark.parametrize(
    "name", [f"{E}1", E, RDF + "li", RDF + "Description", "http://www.w3.org/2000/xmlns/x"]
)
def test_rdfxml_names_a_property_or_class_that_has_no_name_in_xml(name: str) -> None:
    for quad in (Quad(S, NamedNode(name), S), Quad(S, TYPE, NamedNode(name))):
        with pytest.raises(DataError, match=re.escape(f"<{name}>")):
            rdf_bytes([quad], "rdfxml")


@pytest.mark.parametrize(
    "local", ["\u1200", "\u066e", "x\U0001f600", "x\u1200", "x\u00b7", "\u0627", "\u00e9t"]
)
@pytest.mark.parametrize("namespace", [PREFIXES["cica"], E])
def test_rdfxml_names_no_element_so_that_expat_refuses_it(namespace: str, local: str) -> None:
    for quad in (Quad(S, NamedNode(namespace + local), S), Quad(S, TYPE, NamedNode(namespace + local))):
        data = written([quad], "rdfxml")
        assert (data is None) == (local in ("\u1200", "\u066e", "x\U0001f600", "x\u1200"))
        if data:
            expat.ParserCreate().Parse(data, True)
            assert canonical(by_rdflib(data, "rdfxml")) == canonical([quad])


@pytest.mark.parametrize("local", ["x/y", "x.y", "\u0627", ""])
def test_rdfxml_takes_only_plain_names_in_the_namespace_of_rdf(local: str) -> None:
    with pytest.raises(DataError, match=re.escape(f"<{RDF}{local}>")):
        rdf_bytes([Quad(S, NamedNode(RDF + local), S)], "rdfxml")
    quads = [Quad(S, NamedNode(RDF + name), S) for name in ("value", "_1")]
    assert canonical(by_rdflib(rdf_bytes(quads, "rdfxml"), "rdfxml")) == canonical(quads)


def test_what_rdfxml_refuses_steers_no_terminal() -> None:
    property_ = NamedNode(f"{E}\u202e/p")
    quad = Quad(NamedNode(f"{E}s\u2066"), property_, Literal("\x01"))
    with pytest.raises(DataError, match=re.escape(f"<{E}\\u202e/p> of <{E}s\\u2066> (“\\u0001”)")):
        rdf_bytes([quad], "rdfxml")


@pytest.mark.parametrize("iri", ["state:japan", "label:x", "id:x", "cica:source"])
def test_jsonld_refuses_an_iri_that_would_be_read_as_a_prefixed_name(iri: str) -> None:
    for quad in (Quad(NamedNode(iri), P, S), Quad(S, NamedNode(iri), S), Quad(S, P, NamedNode(iri))):
        with pytest.raises(DataError, match=f"<{iri}> as a prefixed name"):
            rdf_bytes([quad], "jsonld")


@pytest.mark.parametrize("iri", ["state://x/y", "label://x", "id://x", "type://x", "graph:///x"])
def test_jsonld_takes_no_iri_with_an_authority_for_a_prefixed_name(iri: str) -> None:
    node, state = NamedNode(iri), NamedNode(PREFIXES["state"] + "japan")
    quads = [Quad(node, node, node), Quad(node, TYPE, node), Quad(state, P, Literal("x", datatype=node))]
    data = rdf_bytes(quads, "jsonld")
    for reader in (by_oxigraph, by_pyld):
        assert canonical(reader(data, "jsonld")) == canonical(quads)


def test_there_is_no_form_for_a_name_that_is_none() -> None:
    with pytest.raises(UsageError, match="no format “foo”; there are: turtle, ntriples, jsonld"):
        rdf.write_triples([Triple(S, P, S)], "foo")


@pytest.mark.parametrize("form", FORMS)
def test_terms_of_rdf_1_2_are_refused_before_a_reader_stumbles_over_them(form: str) -> None:
    for term in (Literal("x", language="ar", direction=BaseDirection.RTL), Triple(S, P, S)):
        with pytest.raises(DataError, match=r"RDF 1\.2"):
            rdf_bytes([Quad(S, P, term)], form)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", ["langString", "dirLangString"])
def test_a_text_that_must_have_a_language_and_has_none_is_refused_by_name(form: str, name: str) -> None:
    for text in ("x", f'"^^<{RDF}{name}> .'):
        literal = Literal(text, datatype=NamedNode(RDF + name))
        with pytest.raises(DataError, match=re.escape(f"{literal} needs a language")):
            rdf_bytes([Quad(S, P, S), Quad(S, P, literal)], form)
    datatype = NamedNode(RDF + name)
    quads = [
        Quad(S, P, datatype),
        Quad(S, P, Literal(f'"^^{datatype}')),
        Quad(S, P, Literal("x", language="ar")),
    ]
    assert canonical(by_oxigraph(rdf_bytes(quads, form), form)) == canonical(quads)


@pytest.mark.parametrize("form", FORMS)
def test_blank_nodes_that_cannot_be_told_apart_in_time_are_refused(form: str) -> None:
    nodes = [BlankNode(f"n{i}") for i in range(14)]
    with pytest.raises(DataError, match="give them IRIs"):
        rdf_bytes([Quad(a, P, b) for a in nodes for b in nodes if a != b], form)


@pytest.mark.parametrize("form", sorted(set(FORMS) - {"rdfxml"}))
def test_no_text_steers_a_terminal(form: str) -> None:
    data = rdf_bytes([Quad(S, P, Literal("\x1b[2J\x07\x00\x08"))], form)
    assert not set(data) & set(b"\x1b\x07\x00\x08")


@pytest.mark.parametrize("form", WITH_GRAPHS)
def test_graphs_without_a_name_get_the_same_one_each_time(form: str) -> None:
    one, other = ([Quad(S, P, S, BlankNode(name))] for name in ("a", "b"))
    assert rdf_bytes(one, form) == rdf_bytes(other, form)
    assert canonical(by_oxigraph(rdf_bytes(one, form), form)) == canonical(one)


@pytest.mark.parametrize("form", WITH_GRAPHS)
def test_graphs_without_a_name_that_cannot_be_told_apart_in_time_are_refused(form: str) -> None:
    nodes = [BlankNode(f"n{i}") for i in range(14)]
    with pytest.raises(DataError, match="give them IRIs"):
        rdf_bytes([Quad(a, P, S, b) for a in nodes for b in nodes if a != b], form)
