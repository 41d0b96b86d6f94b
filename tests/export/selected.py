"""What the tests of selections compare: what was selected, what the files say, what SPARQL finds."""

from __future__ import annotations

from collections.abc import Iterable

from pyoxigraph import BlankNode, NamedNode, RdfFormat, Triple, parse

from cica_kg import KnowledgeGraph
from cica_kg.export.selection import Selection, select
from cica_kg.vocabulary import GRAPH, PREFIXES, RDFS
from tests.conftest import ROOT

JAPAN, QATAR = (NamedNode(PREFIXES["state"] + name) for name in ("japan", "qatar"))
ABOUT = NamedNode(GRAPH)
SOURCE, MEMBER_OF, REFERENCE_DATE = (
    NamedNode(PREFIXES["cica"] + name) for name in ("source", "memberOf", "referenceDate")
)
LABEL = NamedNode(RDFS + "label")


def held(name: str) -> set[Triple]:
    """Return what a file says, read apart from the package."""
    return {quad.triple for quad in parse(path=str(ROOT / name), format=RdfFormat.TURTLE)}


def triples(kg: KnowledgeGraph, **chosen: object) -> set[Triple]:
    """Return what is selected but for blank nodes, which have other names each time."""
    return named(quad.triple for quad in select(kg, Selection(**chosen)))


def named(found: Iterable[Triple]) -> set[Triple]:
    return {each for each in found if BlankNode not in (type(each.subject), type(each.object))}


def values(kg: KnowledgeGraph, pattern: str) -> set[NamedNode]:
    """Return what `?x` stands for in a SPARQL pattern over the graph with its views."""
    prefixes = "".join(f"PREFIX {name}: <{PREFIXES[name]}>\n" for name in ("cica", "rdfs", "organization"))
    return {row[0] for row in kg.store.query(f"{prefixes}SELECT ?x {{ {pattern} }}")}
