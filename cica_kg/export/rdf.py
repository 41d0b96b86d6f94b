"""RDF out, in all its forms and in the same bytes each time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from pyoxigraph import CanonicalizationAlgorithm, Dataset, Quad, RdfFormat, serialize

from cica_kg import rdf
from cica_kg.blank_nodes import name_blank_nodes
from cica_kg.export.rdfxml import rdfxml_bytes

#: Forms that say of each triple which graph it is in.
WITH_GRAPHS: Final = ("nquads", "trig")


def rdf_bytes(quads: Iterable[Quad], format: str) -> bytes:
    """Serialise quads as UTF-8 bytes, in a fixed order.

    Args:
        quads: what to write; all forms but nquads and trig write the triples of all graphs as one set.
        format: a form of the family “rdf” in cica_kg.export.formats.

    Raises:
        DataError: they hold what the form cannot carry; the message names it.
    """
    if format in WITH_GRAPHS:
        return _with_graphs(set(quads), format)
    if format == "canonical":
        return _canonical(quads)
    found = (quad.triple for quad in quads)
    return rdfxml_bytes(found) if format == "rdfxml" else rdf.write_triples(found, format)


def _with_graphs(quads: set[Quad], form: str) -> bytes:
    if rdf.has_blank_nodes(quads):
        quads = _canonically_named(quads)
    if form == "nquads":
        return rdf.sorted_lines(serialize(quads, format=RdfFormat.N_QUADS) or b"")
    by_graph: defaultdict[object, list[Quad]] = defaultdict(list)
    for quad in quads:
        by_graph[quad.graph_name].append(quad)
    ordered = [
        quad for name in sorted(by_graph, key=str) for quad in sorted(by_graph[name], key=rdf.position)
    ]
    trig = serialize(ordered, format=RdfFormat.TRIG, prefixes=rdf.WRITTEN_PREFIXES) or b""
    return rdf.with_used_prefixes(trig)


def _canonical(quads: Iterable[Quad]) -> bytes:
    """Write the canonical form of the W3C's RDFC-1.0: graphs that say the same have the same bytes."""
    quads = {Quad(*quad.triple) for quad in quads}
    if rdf.has_blank_nodes(quads):
        quads = _canonically_named(quads)
    return rdf.sorted_lines(serialize(quads, format=RdfFormat.N_QUADS) or b"")


def _canonically_named(quads: set[Quad]) -> set[Quad]:
    name_blank_nodes(quad.triple for quad in quads)  # refuses what RDFC-1.0 could take for ever to name
    dataset = Dataset(quads)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return set(dataset)
