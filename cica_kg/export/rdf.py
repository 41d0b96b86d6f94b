"""RDF out: the authored triples, as written, in the same bytes each time."""

from __future__ import annotations

from cica_kg.rdf import write_triples
from cica_kg.store import triples
from cica_kg.validation.gate import Validated


def export_rdf(validated: Validated, format_: str) -> bytes:
    """Serialise the authored data of a validated graph.

    Args:
        validated: the graph.
        format_: a key of `cica_kg.rdf.FORMATS`.

    Returns:
        UTF-8 bytes. Derived triples (bounds, labels of records, views) are left out: they follow from these.
    """
    return write_triples(triples(validated.files.data), format_)
