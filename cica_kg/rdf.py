"""Triples → bytes, the same each time: sorted, with our prefixes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from pyoxigraph import RdfFormat, Triple, serialize

from cica_kg.store import rdflib_graph
from cica_kg.vocabulary import PREFIXES

#: Format names → what each is good for.
FORMATS: Final = {
    "turtle": "for people: grouped by subject, sorted, one value a line",
    "ntriples": "for machines: one triple a line, sorted",
    "jsonld": "for web developers: JSON-LD with a context of our prefixes",
}
#: File endings that name a format.
EXTENSIONS: Final = {".ttl": "turtle", ".nt": "ntriples", ".jsonld": "jsonld"}


def write_triples(found: Iterable[Triple], format_: str) -> bytes:
    """Serialise triples as UTF-8 bytes in the order of their text.

    Args:
        found: the triples.
        format_: a key of FORMATS.
    """
    if format_ == "ntriples":
        return serialize(sorted(found, key=str), format=RdfFormat.N_TRIPLES) or b""
    graph = rdflib_graph(found)
    if format_ == "turtle":
        return graph.serialize(format="longturtle", encoding="utf-8")
    used = {prefix: str(iri) for prefix, iri in graph.namespaces() if prefix in PREFIXES}
    return _sorted_json(graph.serialize(format="json-ld", context=used))


def _sorted_json(document: str) -> bytes:
    """Sort what JSON-LD leaves unordered: rdflib writes nodes and values as its sets give them."""
    import json

    def ordered(value: Any) -> Any:
        if isinstance(value, dict):
            # The members of a @list have an order of their own.
            return {key: value[key] if key == "@list" else ordered(value[key]) for key in sorted(value)}
        if isinstance(value, list):
            return sorted(map(ordered, value), key=lambda each: json.dumps(each, sort_keys=True))
        return value

    return (json.dumps(ordered(json.loads(document)), ensure_ascii=False, indent=2) + "\n").encode()
