"""A bounded description of a thing in RDF."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from pyoxigraph import NamedNode, Quad, Store

from cica_kg.rdf import write_triples
from cica_kg.vocabulary import CICA, GRAPH, RDF, RDFS, RECORDS, TERMS_NAMESPACE, THINGS_NAMESPACE

#: Predicates that lead to a source.
CITING: Final = (TERMS_NAMESPACE + "source", TERMS_NAMESPACE + "madeIn")

_SOURCE: Final = CITING[0]
_LABEL: Final = RDFS + "label"

#: Gives the quads of a node: those that it is the subject of, or the object of.
Quads = Callable[[NamedNode], Iterable[Quad]]


def as_rdf(store: Store, iri: str, format_: str) -> bytes:
    """Serialise a bounded description of a thing (see `description_quads`).

    Args:
        store: with the views of the reference date.
        iri: the thing.
        format_: one of cica_kg.rdf.FORMATS.

    Returns:
        UTF-8 bytes, the same each time.
    """
    found = description_quads(
        lambda node: store.quads_for_pattern(node, None, None, None),
        lambda node: store.quads_for_pattern(None, None, node, None),
        iri,
    )
    return write_triples((quad.triple for quad in found), format_)


def description_quads(of_subject: Quads, of_object: Quads, iri: str) -> set[Quad]:
    """Return a bounded description of a thing.

    It holds the thing, its records, links and claims with all they say; what else refers to it; the names of
    all these and of what they refer to; the sources with all that is known of them; and the reference date,
    for which the direct relations hold.

    Args:
        of_subject: gives the quads of a subject.
        of_object: gives the quads of an object.
        iri: the thing.
    """
    found: set[Quad] = set()
    described = {NamedNode(iri)}
    for quad in of_object(NamedNode(iri)):
        if not isinstance(quad.subject, NamedNode) or not quad.subject.value.startswith(THINGS_NAMESPACE):
            continue
        kind = quad.subject.value[len(THINGS_NAMESPACE) :].partition("/")[0]
        is_use = quad.predicate.value in (_SOURCE, RDF + "type")
        if kind in (*RECORDS, "claim", "link") and not is_use:
            described.add(quad.subject)
        else:
            found.add(quad)
    for subject in described:
        found.update(of_subject(subject))
    named: set[NamedNode] = set()
    for quad in list(found):
        named.update(node for node in (quad.subject, quad.object) if isinstance(node, NamedNode))
        if quad.predicate.value in CITING and isinstance(quad.object, NamedNode):
            found.update(of_subject(quad.object))
    for node in named:
        found.update(quad for quad in of_subject(node) if quad.predicate.value == _LABEL)
    found.update(quad for quad in of_subject(NamedNode(GRAPH)) if quad.predicate.value == CICA.referenceDate)
    return found
