from __future__ import annotations

from pathlib import Path

import pytest
import rdflib
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Triple

from cica_kg.errors import TurtleError
from cica_kg.files import GraphFile, read_graph
from cica_kg.store import build_store, copy_store, literals_as_written, rdflib_graph, triples
from cica_kg.vocabulary import PREFIXES


def turtle(content: str | bytes, name: str = "data/test.ttl") -> GraphFile:
    return GraphFile(name, Path(name), content if isinstance(content, bytes) else content.encode())


def test_a_triple_that_two_files_hold_is_there_once() -> None:
    store = build_store([turtle("<a:a> <a:b> <a:c> ."), turtle("<a:a> <a:b> <a:c> , <a:d> .")])
    assert len(store) == 2
    assert {quad.graph_name for quad in store} == {DefaultGraph()}


def test_a_store_holds_every_triple_of_the_files() -> None:
    files = read_graph().data
    assert {quad.triple for quad in build_store(files)} == triples(files)


def test_equal_labels_of_blank_nodes_in_two_files_mean_two_nodes() -> None:
    files = [turtle("_:b <a:b> 1 ."), turtle("_:b <a:b> 2 .")]
    for subjects in ({q.subject for q in build_store(files)}, {t.subject for t in triples(files)}):
        assert len(subjects) == 2


def test_triples_keep_literals_as_written() -> None:
    seven = '"007"^^<http://www.w3.org/2001/XMLSchema#int>'
    (triple,) = triples([turtle(f"<a:a> <a:b> {seven} .")])
    assert triple.object == Literal("007", datatype=NamedNode(PREFIXES["xsd"] + "int"))


@pytest.mark.parametrize(
    ("content", "line", "column"),
    [
        ("<a:a> <a:b> <a:c> .\n<a:a> <a:b> .\n", 2, 13),
        ("@prefix a: <a:> .\n\na:a b:b a:c .", 3, 5),
        ('<a:a> <a:b> "open .\n', 1, None),
        ("<a:a> <relative> <a:c> .", 1, None),
        ("{}", 1, None),
    ],
)
def test_what_is_no_turtle_is_told_with_file_line_and_text(
    content: str, line: int, column: int | None
) -> None:
    for read in (build_store, triples):
        with pytest.raises(TurtleError) as caught:
            read([turtle("<a:a> <a:b> <a:c> ."), turtle(content, "data/broken.ttl")])
        assert (caught.value.file, caught.value.line) == ("data/broken.ttl", line)
        if column:
            assert caught.value.column == column
        assert str(caught.value).startswith(f"data/broken.ttl:{line}:")
        assert content.splitlines()[line - 1].strip() in str(caught.value)


def test_bytes_that_are_no_utf8_are_told_with_the_file() -> None:
    for read in (build_store, triples):
        with pytest.raises(TurtleError, match=r"data/latin\.ttl"):
            read([turtle("<a:a> <a:b> 'é' .".encode("latin-1"), "data/latin.ttl")])


def test_the_text_of_a_broken_line_cannot_steer_a_terminal() -> None:
    with pytest.raises(TurtleError) as caught:
        build_store([turtle("<a:a> \x1b]0;owned\x07 \u202e .")])
    assert not {"\x1b", "\x07", "\u202e"} & set(str(caught.value))


def test_a_byte_order_mark_is_passed_over() -> None:
    file = turtle(b"\xef\xbb\xbf<a:a> <a:b> <a:c> .")
    assert len(build_store([file])) == len(triples([file])) == 1


def test_a_copy_does_not_follow_the_original() -> None:
    store = build_store([turtle("<a:a> <a:b> <a:c> .")])
    copy = copy_store(store)
    store.add(Quad(NamedNode("a:x"), NamedNode("a:b"), NamedNode("a:c"), DefaultGraph()))
    assert (len(store), len(copy)) == (2, 1)


def test_an_rdflib_graph_has_the_same_triples_and_literals_as_written() -> None:
    given = {
        Triple(
            NamedNode("a:a"), NamedNode("a:b"), Literal("007", datatype=NamedNode(PREFIXES["xsd"] + "int"))
        ),
        Triple(NamedNode("a:a"), NamedNode("a:b"), Literal("سيكا", language="ar")),
        Triple(BlankNode("x"), NamedNode("a:b"), Literal('a "quote"\n\t\\')),
    }
    graph = rdflib_graph(given)
    assert len(graph) == 3
    written = rdflib.Literal("007", datatype=rdflib.XSD.int, normalize=False)
    assert (rdflib.URIRef("a:a"), rdflib.URIRef("a:b"), written) in graph
    assert rdflib.Literal('a "quote"\n\t\\') in set(graph.objects())
    assert dict(graph.namespaces())["state"] == rdflib.URIRef(PREFIXES["state"])


def test_keeping_literals_ends_with_the_block_even_on_an_error() -> None:
    def fail() -> None:
        with literals_as_written():
            assert rdflib.NORMALIZE_LITERALS is False
            raise KeyError

    before = rdflib.NORMALIZE_LITERALS
    with pytest.raises(KeyError):
        fail()
    assert before == rdflib.NORMALIZE_LITERALS
