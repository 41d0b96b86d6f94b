"""Where each triple of a Turtle file stands, from the positions of rdflib's own parser.

The parser keeps a line count (`SinkParser.lines`) that some lookahead counts twice and that counts CRLF twice
inside long texts. So this takes the *offsets* it passes around, which are exact, and counts lines itself.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import MutableSequence
from typing import Any, NamedTuple, TypeAlias

import pyoxigraph as ox
from rdflib import XSD, BNode, Graph, Literal, URIRef
from rdflib.plugins.parsers.notation3 import RDFSink, SinkParser
from rdflib.term import Node

from cica_kg.files import GraphFile
from cica_kg.store import literals_as_written
from cica_kg.validation.report import Place

Triple: TypeAlias = tuple[Node, Node, Node]
#: What relative IRIs are resolved against: nothing that exists (strict Turtle has none without @base).
_BASE = "urn:none:"


def parse(graph: Graph, file: GraphFile, number: int, parser: type[SinkParser] = SinkParser) -> SinkParser:
    """Parse a Turtle file into `graph`; blank nodes get the same names in every parse of the same file.

    Args:
        graph: takes the triples.
        file: what to parse.
        number: tells the blank nodes of this file from those of others.
        parser: rdflib's parser, or one of ours made from it.
    """
    sink = RDFSink(graph)
    sink.uuid = f"file{number}"  # rdflib puts a random UUID here
    reader = parser(sink, baseURI=_BASE, turtle=True)
    reader.loadBuf(file.turtle.decode("utf-8"))
    return reader


def as_rdflib(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> Node:
    """Return a term of Oxigraph's parser as rdflib has it, its text as it is."""
    if isinstance(term, ox.NamedNode):
        return URIRef(term.value)
    if isinstance(term, ox.BlankNode):
        return BNode(term.value)
    if not isinstance(term, ox.Literal):
        raise ValueError("rdflib has no triples as terms")
    kind = None if term.language or term.datatype.value == str(XSD.string) else URIRef(term.datatype.value)
    with literals_as_written():
        return Literal(term.value, lang=term.language, datatype=kind)


class Spot(NamedTuple):
    """A triple and the offsets of its subject's block, of its predicate and of its object with its end."""

    triple: Triple
    subject: int
    predicate: int
    object: int
    end: int


class _Recorder(SinkParser):
    """rdflib's parser, noting where each triple stands."""

    spots: list[Spot]
    blocks: dict[Node, int]

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.spots = []
        self.blocks = {}
        self._subject = self._predicate = 0
        self._objects: list[tuple[int, int]] = []
        self._waiting: list[tuple[int, int]] = []

    def statement(self, argstr: str, i: int) -> int:
        self._subject = self._start(argstr, i)
        self._objects = []
        return int(super().statement(argstr, i))

    def property_list(self, argstr: str, i: int, subj: Node) -> int:
        # A bracket inside a statement is a block of its own; the outer one goes on after it.
        outer = self._subject, self._predicate
        start = self._bracket(argstr, i)
        if start is not None:
            self._subject = start
        self.blocks.setdefault(subj, self._subject)
        end = int(super().property_list(argstr, i, subj))
        self._subject, self._predicate = outer
        return end

    def verb(self, argstr: str, i: int, res: MutableSequence[Any]) -> int:
        self._predicate = self._start(argstr, i)
        return int(super().verb(argstr, i, res))

    def objectList(self, argstr: str, i: int, res: MutableSequence[Any]) -> int:  # noqa: N802
        outer, self._objects = self._objects, []
        end = int(super().objectList(argstr, i, res))
        # rdflib makes the statements right after this, one for each object in order.
        self._waiting, self._objects = self._objects, outer
        return end

    def object(self, argstr: str, i: int, res: MutableSequence[Any]) -> int:
        start = self._start(argstr, i)
        end = int(super().object(argstr, i, res))
        if end >= 0:
            self._objects.append((start, end))
        return end

    def makeStatement(self, quadruple: tuple[Any, Any, Any, Any]) -> None:  # noqa: N802
        _, predicate, subject, value = quadruple
        normal = self._store.normalise
        start, end = self._waiting.pop(0) if self._waiting else (self._predicate, self._predicate)
        triple = (normal(None, subject), normal(None, predicate), normal(None, value))
        # Not into the graph: its three indices would take a third of the time, and nobody asks it.
        self.spots.append(Spot(triple, self._subject, self._predicate, start, end))

    def _start(self, argstr: str, i: int) -> int:
        return max(int(self.skipSpace(argstr, i)), 0)

    @staticmethod
    def _bracket(argstr: str, i: int) -> int | None:
        """Return where the `[` before offset `i` stands, if a bracket is what precedes it."""
        before = argstr[:i].rstrip() if i < 64 else argstr[i - 64 : i].rstrip()
        if not before.endswith("["):
            return None
        return i - (min(i, 64) - len(before)) - 1


class Positions:
    """Where everything in one file stands."""

    def __init__(self, file: GraphFile, number: int) -> None:
        """Parse `file`, which is the one of this number in its graph."""
        self.name = file.name
        self.text = file.turtle.decode("utf-8")
        with literals_as_written():
            reader = parse(Graph(bind_namespaces="none"), file, number, _Recorder)
        assert isinstance(reader, _Recorder)
        self.blocks = reader.blocks
        self.spots = reader.spots
        self.about: dict[Node, list[Spot]] = {}
        self.pointing: dict[Node, list[Spot]] = {}
        for spot in sorted(reader.spots, key=lambda spot: spot.object):
            self.about.setdefault(spot.triple[0], []).append(spot)
            self.pointing.setdefault(spot.triple[2], []).append(spot)
        self._starts = [0, *(match.end() for match in re.finditer("\n", self.text))]

    def place(self, offset: int, end: int | None = None) -> Place:
        """Return the place at an offset; `end` is the offset after what is meant."""
        line = bisect_right(self._starts, offset)
        start = self._starts[line - 1]
        stop = self._starts[line] - 1 if line < len(self._starts) else len(self.text)
        text = self.text[start:stop].removesuffix("\r")
        after = end - start + 1 if end is not None and offset < end <= stop else None
        return Place(self.name, line, offset - start + 1, text, after)

    def word(self, offset: int) -> Place:
        """Return the place of the name that begins at an offset."""
        end = offset
        while end < len(self.text) and self.text[end] not in " \t\r\n;,.[]()<\"'":
            end += 1
        if end == offset and self.text[offset : offset + 1] == "<":
            end = self.text.find(">", offset) + 1
        return self.place(offset, end)
