"""A triple → its file, line and column, from the positions of rdflib's own Turtle parser.

The parser keeps a line count (`SinkParser.lines`) that some lookahead counts twice and that counts CRLF twice
inside long texts. So this takes the *offsets* it passes around, which are exact, and counts lines itself.
Nothing here runs for a graph without results.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, MutableSequence
from itertools import pairwise
from typing import Any, NamedTuple, TypeAlias

import pyoxigraph as ox
from rdflib import RDF, XSD, BNode, Graph, Literal, URIRef
from rdflib.plugins.parsers.notation3 import RDFSink, SinkParser
from rdflib.term import Node

from cica_kg import dates
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


class Step(NamedTuple):
    """One step of a path: any of some properties, forwards or backwards."""

    properties: tuple[URIRef, ...]
    inverse: bool = False


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


class _Index:
    """Where everything in one file stands."""

    def __init__(self, file: GraphFile, number: int) -> None:
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


Found: TypeAlias = tuple[_Index, Spot]


class Locator:
    """Finds triples in the files of a graph; parses a file only when it speaks of what is looked for.

    Args:
        files: in the order of the graph; a triple that stands in two files is found in the first.
        bounds: derived property → the authored properties that it follows from.
    """

    def __init__(self, files: Iterable[GraphFile], bounds: dict[URIRef, tuple[URIRef, ...]]) -> None:
        """Look at nothing yet."""
        self._files = tuple(files)
        self._texts: dict[int, str] = {}
        self._indices: dict[int, _Index] = {}
        self._bounds = bounds

    def in_file(self, name: str, triple: Triple, part: str) -> Place | None:
        """Return the place of a triple's `subject`, `predicate` or `object` in one file."""
        for number, file in enumerate(self._files):
            if file.name == name:
                index = self._index(number)
                # Another parser gave blank nodes other names, and rdflib writes numbers in its own way: then
                # whatever else is the same has to do.
                for depth in (3, 2):
                    for spot in index.spots:
                        if all(
                            _alike(*pair) for pair in zip(spot.triple[:depth], triple[:depth], strict=True)
                        ):
                            return self._part(index, spot, part)
                return self.block(triple[0])
        return None

    def block(self, node: Node) -> Place | None:
        """Return the place of the block about `node`: the one that gives its kind, else the first."""
        first = None
        for index in self._mentioning(node):
            for spot in index.about.get(node, ()):
                if spot.triple[1] == RDF.type:
                    return index.word(spot.subject)
            if first is None and node in index.blocks:
                first = index.word(index.blocks[node])
        return first

    def spots(self, node: Node, step: Step) -> list[Found]:
        """Return where the values of a step of a path from `node` stand, in file order.

        A date bound stands nowhere: then what it follows from is returned.
        """
        wanted = [each for property_ in step.properties for each in self._bounds.get(property_, (property_,))]
        return [
            (index, spot)
            for index in self._mentioning(node)
            for spot in (index.pointing if step.inverse else index.about).get(node, ())
            if spot.triple[1] in wanted
        ]

    def place(self, index: _Index, spot: Spot) -> Place:
        """Return the place of the object of a triple."""
        return index.place(spot.object, spot.end)

    def is_bound(self, step: Step) -> bool:
        """Whether the properties of a step are derived from authored dates."""
        return all(property_ in self._bounds for property_ in step.properties)

    def _part(self, index: _Index, spot: Spot, part: str) -> Place:
        if part == "object":
            return self.place(index, spot)
        return index.word(spot.predicate if part == "predicate" else spot.subject)

    def _mentioning(self, node: Node) -> Iterable[_Index]:
        """Give the indices of the files that can speak of `node`, by a search for its name in their text."""
        if isinstance(node, BNode):
            number = str(node).removeprefix("nfile").partition("b")[0]
            candidates = [int(number)] if number.isdigit() and int(number) < len(self._files) else []
        else:
            name = str(node) if isinstance(node, Literal) else _last_part(str(node))
            candidates = [n for n in range(len(self._files)) if not name or name in self._text(n)]
            # The name may stand there in another spelling (an escape): then every file is looked at.
            candidates = candidates or list(range(len(self._files)))
        return map(self._index, candidates)

    def _text(self, number: int) -> str:
        if number not in self._texts:
            self._texts[number] = self._files[number].turtle.decode("utf-8")
        return self._texts[number]

    def _index(self, number: int) -> _Index:
        if number not in self._indices:
            self._indices[number] = _Index(self._files[number], number)
        return self._indices[number]


def _alike(one: Node, other: Node) -> bool:
    return one == other or (isinstance(one, BNode) and isinstance(other, BNode))


def _last_part(iri: str) -> str:
    return iri[max(iri.rfind("/"), iri.rfind("#"), iri.rfind(":")) + 1 :]


def locate(
    locator: Locator,
    focus: Node,
    steps: tuple[Step, ...],
    value: Node | None,
    component: str,
    limit: int | None,
    targets: tuple[URIRef, ...] = (),
) -> Place | None:
    """Return the place that a validation result is about.

    Args:
        locator: knows the files.
        focus: the focus node.
        steps: the path; empty where the whole node is meant.
        value: the offending value, or None.
        component: the name of the constraint component.
        limit: how many values are allowed, where too many is the fault.
        targets: the properties for whose subjects the shape is.

    Returns:
        The very triple, where one is at fault; else the block of the subject; None where no file has it.
    """
    if not steps:
        if value is not None and value != focus and (elsewhere := locator.block(value)):
            return elsewhere
        if component in ("ClassConstraintComponent", "InConstraintComponent"):
            kinds = locator.spots(focus, Step((RDF.type,)))
            if kinds:
                return locator.place(*kinds[0])
        # A shape for whoever has a property speaks of that property.
        said = locator.spots(focus, Step(targets)) if targets else []
        return locator.place(*said[0]) if said else locator.block(focus)
    found = _walk(locator, focus, steps, value)
    chosen = _choose(found, value, component, limit, bound=locator.is_bound(steps[-1]))
    return locator.place(*chosen) if chosen else locator.block(focus)


def _walk(locator: Locator, focus: Node, steps: tuple[Step, ...], value: Node | None) -> list[Found]:
    """Return the triples of the last step, or of the first where no value tells which last one is meant."""
    here = first = locator.spots(focus, steps[0])
    for before, step in pairwise(steps) if value is not None else ():
        nodes = {spot.triple[0 if before.inverse else 2] for _, spot in here}
        here = [found for node in sorted(nodes, key=str) for found in locator.spots(node, step)]
    return here or first


def _choose(
    found: list[Found], value: Node | None, component: str, limit: int | None, *, bound: bool
) -> Found | None:
    if not found:
        return None
    if value is not None:
        for each in found:
            if value in (each[1].triple[0], each[1].triple[2]) or (bound and _gives(each[1], str(value))):
                return each
        return found[0] if bound else None
    if component == "UniqueLangConstraintComponent":
        seen: set[str | None] = set()
        for each in found:
            text = each[1].triple[2]
            language = text.language if isinstance(text, Literal) else None
            if language is not None and language in seen:
                return each
            seen.add(language)
    if limit is not None:
        return found[min(limit, len(found) - 1)]
    # A bound is missing: the text that it should follow from cannot be read.
    return found[0] if bound else None


def _gives(spot: Spot, day: str) -> bool:
    """Whether `day` is a bound of the date text that stands at `spot`."""
    try:
        return day in {each.isoformat() for each in dates.bounds(str(spot.triple[2]))}
    except ValueError:
        return False
