"""Who is bound to what: the records as a network for Gephi, Cytoscape, yEd and networkx."""

from __future__ import annotations

import io
import re
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from pyoxigraph import NamedNode

from cica_kg.errors import UsageError
from cica_kg.export.table_data import kind_of, read_labels, shown
from cica_kg.export.table_derived import HOLDS
from cica_kg.records import Record, read_records
from cica_kg.vocabulary import CICA, GRAPH, SKOS, TERMS_NAMESPACE, WIKIDATA, shorten
from cica_kg.words import LANGUAGES

if TYPE_CHECKING:
    from pyoxigraph import Store

    from cica_kg.graph import KnowledgeGraph

#: What XML 1.0 cannot carry (its production 2), and the carriage return, which parsers turn into a line feed.
_NOT_XML: Final = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def graphml_bytes(kg: KnowledgeGraph) -> bytes:
    """Return the network of all records as GraphML: directed, several edges between two nodes where need be.

    A node is an end of a record; its id is its prefixed name (`state:japan`). An edge is a record and runs
    from its party to the thing; its id is the IRI of the record. Both have attributes to filter by: kind,
    names, dates with their bounds, whether it holds at the reference date, how many sources it has. What is
    not known is left out. A character that XML cannot carry is written as an escape (`\\u0007`).

    Raises:
        UsageError: networkx is not installed.
    """
    try:
        import networkx as nx
        from networkx.readwrite.graphml import GraphMLWriter
    except ModuleNotFoundError:
        raise UsageError("networks are written by networkx: pip install 'cica-kg[networks]'") from None

    labels = read_labels(kg.store)
    items = _objects(kg.store, SKOS + "exactMatch")
    ongoing = _objects(kg.store, CICA.ongoingAsOf)
    sources = _objects(kg.store, TERMS_NAMESPACE + "source")
    records = sorted(read_records(kg.store, kg.known_until), key=lambda record: record.iri)
    network = nx.MultiDiGraph(**_of_graph(kg))
    for iri in sorted({end for record in records for end in (record.party, record.thing)}):
        network.add_node(_id(iri), **_of_thing(iri, labels.get(iri, {}), items.get(iri, [])))
    for record in records:
        known = {
            "holds": HOLDS[record.holds(kg.at)],
            "ongoing_as_of": next(iter(ongoing.get(record.iri, [])), ""),
            "sources": len(sources.get(record.iri, [])),
        }
        ends = _id(record.party), _id(record.thing)
        network.add_edge(
            *ends, key=_xml(record.iri), **_of_record(record, labels.get(record.iri, {})), **known
        )
    # This writer by name: write_graphml takes another where lxml is installed, and its bytes are others.
    file = io.BytesIO()
    GraphMLWriter(network).dump(file)
    return file.getvalue()


def _of_graph(kg: KnowledgeGraph) -> dict[str, str]:
    return {
        "iri": GRAPH,
        "version": kg.version,
        "sha256": kg.digest,
        "reference_date": kg.at.isoformat(),
        "known_until": kg.known_until.isoformat(),
    }


def _of_thing(iri: str, labels: dict[str, str], matches: list[str]) -> dict[str, Any]:
    item = next((match.removeprefix(WIKIDATA) for match in matches if match.startswith(WIKIDATA)), None)
    return _known({**_names(iri, labels), "kind": kind_of(iri), "iri": iri, "wikidata": item})


def _of_record(record: Record, labels: dict[str, str]) -> dict[str, Any]:
    days = {
        name: getattr(record, name)
        for name in ("start_earliest", "start_latest", "end_earliest", "end_latest")
    }
    names = _names(record.iri, labels)
    return _known({**names, "kind": kind_of(record.iri), "start": record.start, "end": record.end, **days})


def _names(iri: str, labels: dict[str, str]) -> dict[str, str | None]:
    named = {f"label_{language}": labels.get(language) for language in LANGUAGES}
    return {"label": shown(labels) or _id(iri), **named}


def _known(attributes: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, date) else _xml(value)
        for name, value in attributes.items()
        if value not in (None, "")
    }


def _id(iri: str) -> str:
    return _xml(shorten(iri) or iri)


def _xml(text: str) -> str:
    return _NOT_XML.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _objects(store: Store, property_: str) -> dict[str, list[str]]:
    """Return thing → its values of a property, in order."""
    found: dict[str, list[str]] = {}
    for quad in store.quads_for_pattern(None, NamedNode(property_), None, None):
        if isinstance(quad.subject, NamedNode):
            found.setdefault(quad.subject.value, []).append(str(getattr(quad.object, "value", quad.object)))
    return {thing: sorted(values) for thing, values in found.items()}
