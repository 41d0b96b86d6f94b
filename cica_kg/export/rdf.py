"""RDF out: the authored triples, as written, in the same bytes each time."""

from __future__ import annotations

from typing import Final

from pyoxigraph import RdfFormat, serialize

from cica_kg.store import rdflib_graph, triples
from cica_kg.validation.gate import Validated
from cica_kg.vocabulary import PREFIXES

#: Format names → what each is good for.
FORMATS: Final = {
    "turtle": "for people: grouped by subject, sorted, one value a line",
    "ntriples": "for machines: one triple a line, sorted",
    "jsonld": "for web developers: JSON-LD with a context of our prefixes",
}
#: File endings that name a format.
EXTENSIONS: Final = {".ttl": "turtle", ".nt": "ntriples", ".jsonld": "jsonld", ".json": "jsonld"}


def export_rdf(validated: Validated, format_: str) -> bytes:
    """Serialise the authored data of a validated graph.

    Args:
        validated: the graph.
        format_: a key of FORMATS.

    Returns:
        UTF-8 bytes. Derived triples (bounds, labels of records, views) are left out: they follow from these.
    """
    found = triples(validated.files.data)
    if format_ == "ntriples":
        return serialize(sorted(found, key=str), format=RdfFormat.N_TRIPLES) or b""
    graph = rdflib_graph(found)
    if format_ == "turtle":
        return graph.serialize(format="longturtle", encoding="utf-8")
    used = {prefix: str(iri) for prefix, iri in graph.namespaces() if prefix in PREFIXES}
    return graph.serialize(format="json-ld", context=used, indent=2, sort_keys=True, encoding="utf-8")
