"""Each file of tests/bad trips one shape, and would pass without its wrong lines.

A file says which lines are wrong (`# wrong` at the end) and what would be right (`# right: ` in front). Added
to the shipped data it gives results from the shape it is named after, and from no other; repaired, it gives
none. Targets are narrowed to what the file speaks of: 400 whole runs would take an hour.
"""

from __future__ import annotations

from pathlib import Path

import pyshacl
import pytest
import rdflib
from pyshacl.shape import Shape

from cica_kg.derive import date_bounds
from cica_kg.files import GraphFile, read_graph
from cica_kg.store import build_store, literals_as_written
from cica_kg.vocabulary import GRAPH, SHAPES_NAMESPACE, TERMS_NAMESPACE

BAD = sorted((Path(__file__).resolve().parent.parent / "bad").glob("*.ttl"))


def repaired(text: str) -> str:
    """Drop the wrong lines, and let the right ones count."""
    lines = [line for line in text.splitlines() if not line.endswith("# wrong")]
    return "\n".join(line.removeprefix("# right: ") for line in lines) + "\n"


class Judge:
    """The shipped data in pySHACL's hands, parsed once; a text is added, judged and taken out again."""

    def __init__(self) -> None:
        files = read_graph()
        self.shapes, self.data = rdflib.Graph(), rdflib.Graph()
        with literals_as_written():
            for file in files.shapes:
                self.shapes.parse(data=file.content, format="turtle")
            for file in files.ontology + files.data:
                self.data.parse(data=file.content, format="turtle")
        self.store = build_store(files.ontology + files.data)
        self.bounds = set(date_bounds(self.store))
        for quad in self.bounds:
            self.data.add(_rdflib_bound(quad))

    def shapes_that_fail(self, text: str) -> set[str]:
        """Return the names of the shapes that give a violation when `text` is added to the shipped data."""
        added = rdflib.Graph()
        with literals_as_written():
            added.parse(data=text, format="turtle")
        for quad in date_bounds(build_store([GraphFile("bad.ttl", Path("bad.ttl"), text.encode())])):
            added.add(_rdflib_bound(quad))
        new = [triple for triple in added if triple not in self.data]
        near = {node for triple in added for node in triple} | {rdflib.URIRef(GRAPH)}
        all_targets = Shape.focus_nodes
        for triple in new:
            self.data.add(triple)
        with pytest.MonkeyPatch.context() as patch:
            # The option focus_nodes of pySHACL would narrow nested shapes as well, which then pass anything.
            patch.setattr(Shape, "focus_nodes", lambda shape, *_, **__: all_targets(shape, self.data) & near)
            _, report, _ = pyshacl.validate(self.data, shacl_graph=self.shapes, inplace=True)
        for triple in new:
            self.data.remove(triple)
        assert isinstance(report, rdflib.Graph), report
        return {self._name(shape) for shape in report.objects(None, rdflib.SH.sourceShape)}

    def groups(self, texts: dict[str, str]) -> list[dict[str, str]]:
        """Put texts together that share no new thing and no party, so that they can be judged at once."""
        known = {node for triple in self.data for node in triple}
        found: list[tuple[set[rdflib.term.Node], dict[str, str]]] = []
        for name, text in texts.items():
            added = rdflib.Graph().parse(data=text, format="turtle")
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

    def _name(self, shape: rdflib.term.Node) -> str:
        while isinstance(shape, rdflib.BNode):
            shape = next(iter(self.shapes.subjects(None, shape)))
        return str(shape).removeprefix(SHAPES_NAMESPACE)


def _rdflib_bound(quad) -> tuple[rdflib.URIRef, rdflib.URIRef, rdflib.Literal]:
    day = rdflib.Literal(quad.object.value, datatype=rdflib.XSD.date)
    return rdflib.URIRef(quad.subject.value), rdflib.URIRef(quad.predicate.value), day


@pytest.fixture(scope="module")
def judge() -> Judge:
    return Judge()


def test_there_are_bad_files() -> None:
    assert len(BAD) >= 12


def test_nothing_fails_when_nothing_is_added(judge: Judge) -> None:
    assert judge.shapes_that_fail("") == set()


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_a_bad_file_trips_its_own_shape_alone(judge: Judge, path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert "# wrong" in text or "# right: " in text, "the file does not say what is wrong in it"
    assert judge.shapes_that_fail(text) == {path.stem}


def test_a_bad_file_passes_without_its_wrong_lines(judge: Judge) -> None:
    for group in judge.groups({path.stem: repaired(path.read_text(encoding="utf-8")) for path in BAD}):
        if judge.shapes_that_fail("\n".join(group.values())):
            # One by one, to name the file. Two files may also be at odds with each other, which is no fault.
            for name, text in group.items():
                assert judge.shapes_that_fail(text) == set(), name


def test_every_shape_has_a_bad_file(judge: Judge) -> None:
    named = {
        str(shape).removeprefix(SHAPES_NAMESPACE)
        for kind in (rdflib.SH.NodeShape, rdflib.SH.PropertyShape)
        for shape in judge.shapes.subjects(rdflib.RDF.type, kind)
        if isinstance(shape, rdflib.URIRef)
    }
    # What only gathers property shapes gives no result of its own.
    giving = {
        name
        for name in named
        if judge.shapes.value(rdflib.URIRef(SHAPES_NAMESPACE + name), rdflib.SH.message)
    }
    assert giving - {path.stem for path in BAD} == set()


def test_every_shape_has_a_severity_and_says_what_to_do_in_english_and_arabic(judge: Judge) -> None:
    for shape in {path.stem for path in BAD}:
        node = rdflib.URIRef(SHAPES_NAMESPACE + shape)
        holders = [node, *judge.shapes.objects(node, rdflib.SH.sparql)]
        assert judge.shapes.value(node, rdflib.SH.severity), shape
        messages = [m for holder in holders for m in judge.shapes.objects(holder, rdflib.SH.message)]
        assert {message.language for message in messages} >= {"en", "ar"}, shape
