"""Each file of tests/bad trips one shape, and would pass without its wrong lines.

A file says which lines are wrong (`# wrong` at the end) and what would be right (`# right: ` in front). Added
to the shipped data it gives results from the shape it is named after, and from no other; repaired, it gives
none. Targets are narrowed to what the file speaks of: 400 whole runs would take an hour.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TypeAlias

import pyshacl
import pytest
import rdflib
from pyshacl.shape import Shape
from rdflib import RDFS, SH

from cica_kg.derive import date_bounds
from cica_kg.files import GraphFile, read_graph
from cica_kg.store import build_store, literals_as_written
from cica_kg.vocabulary import GRAPH, SHAPES_NAMESPACE, TERMS_NAMESPACE

BAD = {
    path.stem: path.read_text(encoding="utf-8")
    for path in sorted((Path(__file__).resolve().parent.parent / "bad").glob("*.ttl"))
}
Node: TypeAlias = rdflib.term.Node


def repaired(text: str) -> str:
    """Drop the wrong lines, and let the right ones count."""
    lines = [line for line in text.splitlines() if not line.endswith("# wrong")]
    return "\n".join(line.removeprefix("# right: ") for line in lines) + "\n"


class Judge:
    """The shipped data in pySHACL's hands, parsed once; a text is added, judged and taken out again."""

    def __init__(self) -> None:
        files = read_graph()
        self.shapes, self.data, self.subclasses = (rdflib.Graph() for _ in range(3))
        with literals_as_written():
            for file in files.shapes:
                self.shapes.parse(data=file.content, format="turtle")
            for file in files.ontology + files.data:
                self.data.parse(data=file.content, format="turtle")
        self._add_bounds(self.data, files.ontology + files.data)
        for triple in self.data.triples((None, RDFS.subClassOf, None)):
            self.subclasses.add(triple)
        self._targets: dict[Node, set[Node]] = {}
        # Nothing is added yet: this finds the targets that the shipped data has.
        assert self.results("") == set()

    def results(self, text: str, near: Iterable[Node] = ()) -> set[tuple[str, str]]:
        """Add `text` to the shipped data; return which shapes give a result, and on which thing.

        Targets are what the text speaks of, and `near`.
        """
        added = self.read(text)
        spoken_of = {node for triple in added for node in triple} | set(near)
        new = [triple for triple in added if triple not in self.data]
        small = added + self.subclasses
        all_targets = Shape.focus_nodes

        def narrowed(shape: Shape, *_: object, **__: object) -> set[Node]:
            # More triples only ever make more targets, so those of the shipped data are found once.
            if shape.node not in self._targets:
                self._targets[shape.node] = set(all_targets(shape, self.data))
            return (self._targets[shape.node] | set(all_targets(shape, small))) & spoken_of

        for triple in new:
            self.data.add(triple)
        with pytest.MonkeyPatch.context() as patch:
            # The option focus_nodes of pySHACL would narrow nested shapes as well, which then pass anything.
            patch.setattr(Shape, "focus_nodes", narrowed)
            _, report, _ = pyshacl.validate(self.data, shacl_graph=self.shapes, inplace=True)
        for triple in new:
            self.data.remove(triple)
        assert isinstance(report, rdflib.Graph), report
        return {
            (self.name(shape), str(report.value(result, SH.value) or report.value(result, SH.focusNode)))
            for result, shape in report.subject_objects(SH.sourceShape)
        }

    def failing(self, text: str, near: Iterable[Node] = ()) -> set[str]:
        """Return the names of the shapes that give a result when `text` is added to the shipped data."""
        return {shape for shape, _ in self.results(text, near)}

    def read(self, text: str) -> rdflib.Graph:
        """Return a text as a graph, with the bounds of its dates."""
        graph = rdflib.Graph()
        with literals_as_written():
            graph.parse(data=text, format="turtle")
        self._add_bounds(graph, [GraphFile("bad.ttl", Path("bad.ttl"), text.encode())])
        return graph

    @staticmethod
    def _add_bounds(graph: rdflib.Graph, files: Iterable[GraphFile]) -> None:
        for quad in date_bounds(build_store(files)):
            day = rdflib.Literal(quad.object.value, datatype=rdflib.XSD.date)
            graph.add((rdflib.URIRef(quad.subject.value), rdflib.URIRef(quad.predicate.value), day))

    def groups(self, texts: dict[str, str]) -> list[dict[str, str]]:
        """Put texts together that share no new thing and no party, so that they can be judged at once."""
        known = {node for triple in self.data for node in triple}
        found: list[tuple[set[Node], dict[str, str]]] = []
        for name, text in texts.items():
            added = self.read(text)
            new = {n for triple in added for n in triple if isinstance(n, rdflib.URIRef)} - known
            new |= set(added.objects(None, rdflib.URIRef(TERMS_NAMESPACE + "party")))
            for nodes, group in found:
                if not nodes & new:
                    nodes |= new
                    group[name] = text
                    break
            else:
                found.append((new, {name: text}))
        return [group for _, group in found]

    def name(self, shape: Node) -> str:
        """Return the local name of a shape, or of the named one around it."""
        while isinstance(shape, rdflib.BNode):
            shape = next(iter(self.shapes.subjects(None, shape)))
        return str(shape).removeprefix(SHAPES_NAMESPACE)


def shape_called(name: str) -> rdflib.URIRef:
    return rdflib.URIRef(SHAPES_NAMESPACE + name)


@pytest.fixture(scope="module")
def judge() -> Judge:
    return Judge()


def test_there_are_bad_files() -> None:
    assert len(BAD) >= 12


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_trips_its_own_shape_alone(judge: Judge, name: str) -> None:
    assert "# wrong" in BAD[name] or "# right: " in BAD[name], "the file does not say what is wrong in it"
    assert judge.failing(BAD[name], judge.shapes.objects(shape_called(name), SH.targetNode)) == {name}


@pytest.mark.parametrize(
    "title",
    ['"A Poem"', '"A Poem"@en , "قصيدة"@ar', *(f'"{text}"@en' for text in (
        "", " ", "A Poem ", " A Poem", "A Poem\\n", "A\\nPoem", "A\\r\\nPoem", "A\\tPoem", "A\\u0085Poem",
        "A\\u2028Poem",
        "A\\u000BPoem", "A\\u001B[31mPoem",
    ))],
)  # fmt: skip
def test_a_printed_title_is_one_text_in_a_language_on_one_line(judge: Judge, title: str) -> None:
    right = '"A Poem for the Asian Summit"@en'
    text = repaired(BAD["source-printed-title"])
    assert text.count(right) == 1
    assert judge.failing(text.replace(right, '"قصيدة: CICA (2010)"@ar')) == set()
    assert judge.failing(text.replace(right, title)) == {"source-printed-title"}


def test_no_bad_file_trips_a_shape_over_the_whole_graph_but_its_own(judge: Judge) -> None:
    whole = {judge.name(shape) for shape in judge.shapes.subjects(SH.targetNode, rdflib.URIRef(GRAPH))}
    assert whole <= set(BAD)
    others = "\n".join(text for name, text in BAD.items() if name not in whole)
    of_the_others = {str(subject) for subject in judge.read(others).subjects()}
    things = {thing for shape, thing in judge.results(others, [rdflib.URIRef(GRAPH)]) if shape in whole}
    assert things & of_the_others == set()


def test_a_bad_file_passes_without_its_wrong_lines(judge: Judge) -> None:
    whole = set(judge.shapes.subjects(SH.targetNode))
    texts = {name: repaired(text) for name, text in BAD.items()}
    for group in judge.groups(texts):
        near = [rdflib.URIRef(GRAPH)] if whole & set(map(shape_called, group)) else []
        if judge.failing("\n".join(group.values()), near):
            # One by one, to name the file. Two files may also be at odds with each other, which is no fault.
            for name in group:
                assert judge.failing(texts[name], near) == set(), name


def test_every_shape_has_a_bad_file(judge: Judge) -> None:
    named = {
        judge.name(shape)
        for kind in (SH.NodeShape, SH.PropertyShape)
        for shape in judge.shapes.subjects(rdflib.RDF.type, kind)
        if isinstance(shape, rdflib.URIRef)
    }
    # What only gathers property shapes gives no result of its own, and has no message.
    giving = {name for name in named if judge.shapes.value(shape_called(name), SH.message)}
    assert giving - set(BAD) == set()


def test_every_shape_has_a_severity_and_says_what_to_do_in_english_and_arabic(judge: Judge) -> None:
    for name in BAD:
        shape = shape_called(name)
        assert judge.shapes.value(shape, SH.severity), name
        holders = [shape, *judge.shapes.objects(shape, SH.sparql)]
        messages = [message for holder in holders for message in judge.shapes.objects(holder, SH.message)]
        assert {message.language for message in messages} >= {"en", "ar"}, name
