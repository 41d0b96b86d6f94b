"""pySHACL, called: the graph from its source files goes in, results come out.

Parsed by rdflib, never taken from a store (Oxigraph rewrites literals: Turtle is the master), and always with
the ontology as `ont_graph`, without which class constraints pass bad data.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from pyoxigraph import Literal as OxLiteral
from pyoxigraph import NamedNode, Quad

from cica_kg.errors import DataError, TurtleError
from cica_kg.files import GraphFile, GraphFiles
from cica_kg.store import literals_as_written
from cica_kg.text import harmless
from cica_kg.validation.report import SEVERITIES

if TYPE_CHECKING:
    from rdflib import Graph, URIRef
    from rdflib.term import Node

    from cica_kg.validation.locate import Step


class Found(NamedTuple):
    """A result as the validator gives it, in rdflib terms.

    Attributes:
        steps: the path in steps; empty for none, or for one of a form that cannot be walked.
        path: the path as SPARQL writes it, or None.
        expected: the parameter of the constraint, as a term or as text.
        targets: the properties for whose subjects the shape is (`sh:targetSubjectsOf`).
    """

    focus: Node
    path: str | None
    steps: tuple[Step, ...]
    value: Node | None
    severity: str
    shape: str
    component: str
    messages: dict[str, str]
    expected: str | None
    targets: tuple[URIRef, ...]


def numbered(files: GraphFiles) -> tuple[GraphFile, ...]:
    """Return all Turtle files in one order: the data first, since most results are about it."""
    return files.data + files.ontology + files.shapes


def run(files: GraphFiles, bounds: Iterable[Quad]) -> tuple[list[Found], Graph, str]:
    """Validate.

    Args:
        files: the graph, its ontology and its shapes.
        bounds: the date bounds, added to the data.

    Returns:
        The results, the W3C report graph, and the engine with its versions.
    """
    import pyshacl
    import rdflib

    # The cyclic garbage collector finds nothing in half a million new terms: without it, a quarter is saved.
    with literals_as_written(), _no_collection():
        graphs = [rdflib.Graph(bind_namespaces="none") for _ in range(3)]
        data, ontology, shapes = graphs
        kinds = [data] * len(files.data) + [ontology] * len(files.ontology) + [shapes] * len(files.shapes)
        for number, (file, graph) in enumerate(zip(numbered(files), kinds, strict=True)):
            _parse(graph, file, number)
        for quad in bounds:
            subject, property_, bound = quad.subject, quad.predicate, quad.object
            assert isinstance(subject, NamedNode) and isinstance(bound, OxLiteral)
            literal = rdflib.Literal(bound.value, datatype=rdflib.XSD.date)
            data.add((rdflib.URIRef(subject.value), rdflib.URIRef(property_.value), literal))
        try:
            # The data graph is ours alone, so pySHACL may mix the ontology into it: copying would cost more.
            _, report, _ = pyshacl.validate(
                data, shacl_graph=shapes, ont_graph=ontology, inference="none", inplace=True
            )
        except Exception as error:
            # A shape that is none ends in one of a dozen exceptions, of pySHACL, rdflib or their parser.
            raise _unusable(error) from error
    if not isinstance(report, rdflib.Graph):
        raise _unusable(report)
    engine = f"pySHACL {pyshacl.__version__}, rdflib {rdflib.__version__}"
    return list(_results(report, shapes)), report, engine


def _unusable(reason: object) -> DataError:
    told = " ".join(harmless(line.strip()) for line in str(reason).splitlines())[:500]
    return DataError(f"the shapes cannot be used, correct them in ontology/shapes/: {told}")


def _parse(graph: Graph, file: GraphFile, number: int) -> None:
    """Parse what Oxigraph could read and rdflib may not: RDF 1.2, and brackets in brackets without end."""
    from cica_kg.validation.positions import parse

    try:
        parse(graph, file, number)
    except RecursionError:
        raise TurtleError(
            f"{file.name}: its brackets are nested too deep to be read", file.name, None, None
        ) from None
    except (SyntaxError, AssertionError) as error:
        line = int(getattr(error, "lines", 0)) + 1
        raise TurtleError(
            f"{file.name}:{line}: the validator cannot read this; it knows Turtle 1.1, without triple terms,"
            " annotations and directions of text",
            file.name,
            line,
            None,
        ) from None


def _results(report: Graph, shapes: Graph) -> Iterable[Found]:
    from rdflib import RDF, SH, Literal, URIRef

    for node in report.subjects(RDF.type, SH.ValidationResult):
        component = report.value(node, SH.sourceConstraintComponent)
        shape = report.value(node, SH.sourceShape)
        focus = report.value(node, SH.focusNode)
        path = report.value(node, SH.resultPath)
        if focus is None or shape is None:
            continue
        messages = {
            (text.language or "") if isinstance(text, Literal) else "": str(text)
            for text in sorted(report.objects(node, SH.resultMessage), key=str)
        }
        # pySHACL copies a path of several steps into its report; the shape's own is the same.
        from cica_kg.validation.paths import read_path, write_path

        source = shapes.value(shape, SH.path) if not isinstance(path, URIRef) and path is not None else path
        yield Found(
            focus=focus,
            path=write_path(shapes, source) if source is not None else None,
            steps=read_path(shapes, source) if source is not None else (),
            value=report.value(node, SH.value),
            severity=_severity(report.value(node, SH.resultSeverity)),
            shape=str(_named(shapes, shape)),
            component=_local(component),
            messages=messages,
            expected=_expected(shapes, shape, _local(component)),
            targets=tuple(
                property_
                for property_ in shapes.objects(shape, SH.targetSubjectsOf)
                if isinstance(property_, URIRef)
            ),
        )


def _severity(iri: Node | None) -> str:
    """Return one of our three words; a severity that the W3C does not name counts as a violation."""
    name = _local(iri)
    return name if name in SEVERITIES else "Violation"


def _local(iri: Node | None) -> str:
    return str(iri or "").rpartition("#")[2]


def _named(shapes: Graph, shape: Node) -> Node:
    """Return the shape, or the nearest one around it that has a name."""
    from rdflib import BNode

    seen: set[Node] = set()
    while isinstance(shape, BNode) and shape not in seen:
        seen.add(shape)
        around = next(iter(sorted(shapes.subjects(None, shape), key=str)), None)
        if around is None:
            break
        shape = around
    return shape


def _expected(shapes: Graph, shape: Node, component: str) -> str | None:
    """Return the parameter of a core constraint: the class, number, pattern or list it asks for."""
    from rdflib import SH, BNode, URIRef
    from rdflib.collection import Collection

    name = component.removesuffix("ConstraintComponent")
    parameter = name[:1].lower() + name[1:]
    if parameter in ("xone", "or", "and", "not", "node", "property", "SPARQL", "sPARQL", "closed"):
        return None
    found = []
    for value in sorted(shapes.objects(shape, URIRef(SH + parameter)), key=str):
        members = list(Collection(shapes, value)) if isinstance(value, BNode) else [value]
        found += [str(member) for member in members if not isinstance(member, BNode)]
    return "\n".join(found) or None


class _no_collection:  # noqa: N801  # used like a function
    """Stop the cyclic garbage collector for a while."""

    def __enter__(self) -> None:
        import gc

        self._was_on = gc.isenabled()
        gc.disable()

    def __exit__(self, *_: object) -> None:
        import gc

        if self._was_on:
            gc.enable()
