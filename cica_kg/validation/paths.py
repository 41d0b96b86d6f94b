"""SHACL property paths: as steps to walk, and as SPARQL writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cica_kg.vocabulary import shorten

if TYPE_CHECKING:
    from rdflib import Graph
    from rdflib.term import Node

    from cica_kg.validation.locate import Step


def read_path(shapes: Graph, path: Node) -> tuple[Step, ...]:
    """Return a path as steps; empty for one that repeats (`*`, `+`, `?`), which leads anywhere."""
    from rdflib import RDF, SH, URIRef
    from rdflib.collection import Collection

    from cica_kg.validation.locate import Step

    if isinstance(path, URIRef):
        return (Step((path,)),)
    if shapes.value(path, RDF.first) is not None:
        each = [read_path(shapes, part) for part in Collection(shapes, path)]
        return tuple(step for part in each for step in part) if all(each) else ()
    if (back := shapes.value(path, SH.inversePath)) is not None:
        steps = read_path(shapes, back)
        return tuple(Step(step.properties, not step.inverse) for step in reversed(steps))
    if (choice := shapes.value(path, SH.alternativePath)) is not None:
        ways = [read_path(shapes, part) for part in Collection(shapes, choice)]
        if all(len(way) == 1 and not way[0].inverse for way in ways):
            return (Step(tuple(property_ for way in ways for property_ in way[0].properties)),)
    return ()


def write_path(shapes: Graph, path: Node) -> str:
    """Return a path as SPARQL writes it, with prefixed names; a single property as its IRI."""
    from rdflib import URIRef

    return str(path) if isinstance(path, URIRef) else _write(shapes, path)


def _write(shapes: Graph, path: Node) -> str:
    from rdflib import RDF, SH, URIRef
    from rdflib.collection import Collection

    if isinstance(path, URIRef):
        return shorten(str(path)) or f"<{path}>"
    if shapes.value(path, RDF.first) is not None:
        return "/".join(_write(shapes, part) for part in Collection(shapes, path))
    if (choice := shapes.value(path, SH.alternativePath)) is not None:
        return "(" + "|".join(_write(shapes, part) for part in Collection(shapes, choice)) + ")"
    for property_, sign in (
        (SH.zeroOrMorePath, "*"),
        (SH.oneOrMorePath, "+"),
        (SH.zeroOrOnePath, "?"),
    ):
        if (inner := shapes.value(path, property_)) is not None:
            return f"({_write(shapes, inner)}){sign}"
    back = shapes.value(path, SH.inversePath)
    return f"^{_write(shapes, back)}" if back is not None else "…"
