"""A bounded description of a thing in RDF."""

from __future__ import annotations

from typing import Final

from pyoxigraph import NamedNode, Quad, Store

from cica_kg.rdf import write_triples
from cica_kg.vocabulary import CICA, GRAPH, RDF, RDFS, RECORDS, TERMS_NAMESPACE, THINGS_NAMESPACE

_SOURCE: Final = TERMS_NAMESPACE + "source"


def as_rdf(store: Store, iri: str, format_: str) -> bytes:
    """Serialise a bounded description of a thing (see `description_quads`).

    Args:
        store: with the views of the reference date.
        iri: the thing.
        format_: one of cica_kg.rdf.FORMATS.

    Returns:
        UTF-8 bytes, the same each time.
    """
    return write_triples((quad.triple for quad in description_quads(store, iri)), format_)


def description_quads(store: Store, iri: str) -> list[Quad]:
    """Return a bounded description as quads of the default graph, in a fixed order.

    It holds the thing, its records, links and claims with all they say; what else refers to it; the names of
    all these and of what they refer to; the sources with all that is known of them; and the reference date,
    for which the direct relations hold.
    """
    found: set[Quad] = set()
    described = {iri}
    for quad in store.quads_for_pattern(None, None, NamedNode(iri), None):
        if not isinstance(quad.subject, NamedNode) or not quad.subject.value.startswith(THINGS_NAMESPACE):
            continue
        kind = quad.subject.value[len(THINGS_NAMESPACE) :].partition("/")[0]
        is_use = quad.predicate.value in (_SOURCE, RDF + "type")
        if kind in (*RECORDS, "claim", "link") and not is_use:
            described.add(quad.subject.value)
        else:
            found.add(quad)
    for subject in described:
        found.update(store.quads_for_pattern(NamedNode(subject), None, None, None))
    named: set[NamedNode] = set()
    for quad in list(found):
        named.update(node for node in (quad.subject, quad.object) if isinstance(node, NamedNode))
        if quad.predicate.value in (_SOURCE, TERMS_NAMESPACE + "madeIn") and isinstance(
            quad.object, NamedNode
        ):
            found.update(store.quads_for_pattern(quad.object, None, None, None))
    for node in named:
        found.update(store.quads_for_pattern(node, NamedNode(RDFS + "label"), None, None))
    found.update(store.quads_for_pattern(NamedNode(GRAPH), NamedNode(CICA.referenceDate), None, None))
    return sorted(found, key=str)
