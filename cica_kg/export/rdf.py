"""RDF out, in all its forms and in the same bytes each time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from pyoxigraph import BlankNode, CanonicalizationAlgorithm, Dataset, Quad, RdfFormat, Triple, serialize

from cica_kg import steady
from cica_kg.blank_nodes import name_blank_nodes
from cica_kg.export.rdfxml import rdfxml_bytes
from cica_kg.export.trig import trig_bytes
from cica_kg.rdf import write_triples

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
    if format == "nquads":
        return steady.sorted_lines(_canonical(quads))
    if format == "trig":
        return _trig(quads)
    if format == "canonical":
        return _canonical_triples(quads)
    return rdfxml_bytes(quads) if format == "rdfxml" else write_triples(quads, format)


def _canonical_triples(quads: Iterable[Quad]) -> bytes:
    """Write the canonical form of the W3C's RDFC-1.0: graphs that say the same have the same bytes."""
    held = list(quads)
    try:
        text = serialize(held, format=RdfFormat.N_TRIPLES) or b""
    except ValueError:  # N-Triples have no named graphs
        held = [Quad(quad.subject, quad.predicate, quad.object) for quad in held]
        text = serialize(held, format=RdfFormat.N_TRIPLES) or b""
    steady.refuse_unreadable(held, text)
    if steady.has_blank_nodes(held, text):
        text = _canonical(held)
    return steady.sorted_lines(text)


def _trig(quads: Iterable[Quad]) -> bytes:
    held = list(quads)
    trig = trig_bytes(held)
    return trig_bytes(_named(held)) if steady.has_blank_nodes(held, trig) else trig


def _canonical(quads: Iterable[Quad]) -> bytes:
    """Return quads as N-Quads, their blank nodes named by RDFC-1.0."""
    held = list(quads)
    text = serialize(held, format=RdfFormat.N_QUADS) or b""
    steady.refuse_unreadable(held, text)
    if steady.has_blank_nodes(held, text):
        text = serialize(_named(held), format=RdfFormat.N_QUADS) or b""
    return text


def _named(quads: Iterable[Quad]) -> Dataset:
    """Return quads with their blank nodes named by RDFC-1.0."""
    held = list(quads)
    name_blank_nodes(_with_graphs(held))  # refuses what RDFC-1.0 could take for ever to name
    dataset = Dataset(held)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return dataset


def _with_graphs(quads: Iterable[Quad]) -> Iterator[Triple]:
    """Yield what quads say, and of each graph that is a blank node what links it to the things in it."""
    for quad in quads:
        yield quad.triple
        if isinstance(quad.graph_name, BlankNode):
            yield Triple(quad.subject, quad.predicate, quad.graph_name)
            yield Triple(quad.graph_name, quad.predicate, quad.object)
