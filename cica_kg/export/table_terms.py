"""What ontology and shapes say of properties, as far as it decides the form of a table."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from cica_kg.files import GraphFile, GraphFiles
from cica_kg.vocabulary import OWL, RDF, RDFS, TERMS_NAMESPACE

_SH: Final = "http://www.w3.org/ns/shacl#"


class Terms(NamedTuple):
    """What decides the form of a table.

    Attributes:
        order: property → its place in the ontology.
        single: the properties of which a thing has one value at most: functional ones, and those of which a
            shape allows no second.
        ranges: property → the class of its values.
        parents: class → the classes it is a subclass of.
    """

    order: dict[str, int]
    single: frozenset[str]
    ranges: dict[str, str]
    parents: dict[str, set[str]]

    def place(self, property_: str) -> tuple[bool, bool, int, str]:
        """Return what properties are ordered by: the kind, our terms as in the ontology, the others."""
        own = property_.startswith(TERMS_NAMESPACE)
        return property_ != RDF + "type", not own, self.order.get(property_, len(self.order)), property_

    def is_a(self, narrow: str, wide: str) -> bool:
        """Say whether `narrow` is the class `wide` or a subclass of it."""
        open_, seen = [narrow], set[str]()
        while open_:
            kind = open_.pop()
            if kind == wide:
                return True
            if kind not in seen:
                seen.add(kind)
                open_ += self.parents.get(kind, ())
        return False


def read_terms(files: GraphFiles) -> Terms:
    """Read the terms of a graph from its ontology and shapes, in the order in which they stand there."""
    order: dict[str, int] = {}
    ranges: dict[str, str] = {}
    parents: dict[str, set[str]] = {}
    single: set[str] = set()
    for quad in _quads(files.ontology):
        subject, value = quad.subject, quad.object
        if not isinstance(subject, NamedNode):
            continue
        order.setdefault(subject.value, len(order))
        if not isinstance(value, NamedNode):
            continue
        if quad.predicate.value == RDFS + "range":
            ranges[subject.value] = value.value
        elif quad.predicate.value == RDFS + "subClassOf":
            parents.setdefault(subject.value, set()).add(value.value)
        elif value.value == OWL + "FunctionalProperty":
            single.add(subject.value)
    paths: dict[str, str] = {}
    limited: set[str] = set()
    for quad in _quads(files.shapes):
        if quad.predicate.value == _SH + "path" and isinstance(quad.object, NamedNode):
            paths[str(quad.subject)] = quad.object.value
        elif quad.predicate.value == _SH + "maxCount" and getattr(quad.object, "value", "") == "1":
            limited.add(str(quad.subject))
    single.update(path for shape, path in paths.items() if shape in limited)
    return Terms(order, frozenset(single), ranges, parents)


def _quads(files: Iterable[GraphFile]) -> Iterable[Quad]:
    for file in files:
        # Blank nodes of two files are two nodes, whatever they are called.
        yield from parse(file.turtle, RdfFormat.TURTLE, rename_blank_nodes=True)
