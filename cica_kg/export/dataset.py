"""What a release holds, for programs and catalogues: VoID and DCAT, as JSON-LD and Turtle.

Figures are of what every RDF form of a release holds. The files have IRIs relative to the description: they
are right wherever the folder is published.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from cica_kg.blank_nodes import Term
from cica_kg.export.selection import Selection, select
from cica_kg.steady import steady_lines
from cica_kg.turtle import turtle_bytes
from cica_kg.vocabulary import (
    CICA,
    DCTERMS,
    FOAF,
    GRAPH,
    OWL,
    PREFIXES,
    RDF,
    RDFS,
    SKOS,
    THINGS_NAMESPACE,
    XSD,
    shorten,
)

if TYPE_CHECKING:
    from cica_kg.graph import KnowledgeGraph

_PREFIXES: Final = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": DCTERMS,
    "foaf": FOAF,
    "owl": OWL,
    "spdx": "http://spdx.org/rdf/terms#",
    "void": "http://rdfs.org/ns/void#",
    "xsd": XSD,
}
_CONTEXT: Final[dict[str, Any]] = {
    **_PREFIXES,
    "dcat:byteSize": {"@type": "xsd:nonNegativeInteger"},
    "dcat:endDate": {"@type": "xsd:date"},
    "dcat:startDate": {"@type": "xsd:date"},
    "spdx:checksumValue": {"@type": "xsd:hexBinary"},
}
_MEDIA_TYPES: Final = {
    ".csv": "text/csv",
    ".graphml": "application/xml",
    ".json": "application/csvm+json",
    ".jsonld": "application/ld+json",
    ".nq": "application/n-quads",
    ".nt": "application/n-triples",
    ".rdf": "application/rdf+xml",
    ".sqlite": "application/vnd.sqlite3",
    ".trig": "application/trig",
    ".ttl": "text/turtle",
}
#: What the graph says of itself.
_SAID: Final = {
    "dcterms:title": RDFS + "label",
    "dcterms:description": DCTERMS + "description",
    "dcterms:issued": DCTERMS + "issued",
    "dcterms:license": DCTERMS + "license",
}
#: The property of links to other graphs.
_LINK: Final = SKOS + "exactMatch"
#: Stands for the folder that a release is published in: only what begins with it becomes relative.
_FOLDER: Final = "release://folder/"


class Part(NamedTuple):
    """One file that holds the data, or a table of it.

    Attributes:
        path: in the release.
        titles: language → what people call it; nothing where it has no name of its own.
        about: what it is, in English.
        content: its bytes.
    """

    path: str
    titles: Mapping[str, str]
    about: str
    content: bytes


def description_files(kg: KnowledgeGraph, parts: Sequence[Part], creators: Sequence[str]) -> dict[str, bytes]:
    """Return the description as `dataset.jsonld` and `dataset.ttl`.

    Args:
        kg: the graph.
        parts: the files to describe.
        creators: who made the graph, by name.
    """
    document = {"@context": _CONTEXT, **_dataset(kg, parts, creators)}
    text = json.dumps(document, ensure_ascii=False, indent=2) + "\n"
    found = [quad.triple for quad in parse(text, RdfFormat.JSON_LD, base_iri=_FOLDER)]
    turtle = turtle_bytes(steady_lines(found)[1], PREFIXES | _PREFIXES)
    return {
        "dataset.jsonld": text.encode(),
        "dataset.ttl": turtle.replace(f"<{_FOLDER}".encode(), b"<"),  # no text of it names that folder
    }


def _dataset(kg: KnowledgeGraph, parts: Sequence[Part], creators: Sequence[str]) -> dict[str, Any]:
    found = {quad.triple for quad in select(kg, Selection())}
    own = sorted((triple for triple in found if triple.subject == NamedNode(GRAPH)), key=str)
    said = {
        name: [_value(triple.object) for triple in own if triple.predicate.value == property_]
        for name, property_ in _SAID.items()
    }
    return {
        "@id": GRAPH,
        "@type": ["dcat:Dataset", "void:Dataset"],
        **{name: values for name, values in said.items() if values},
        "dcterms:identifier": f"sha256:{kg.digest}",
        "owl:versionInfo": kg.version,
        "dcterms:creator": [
            {"@id": f"dataset#creator/{number}", "@type": "foaf:Agent", "foaf:name": name}
            for number, name in enumerate(creators, 1)
        ],
        "dcterms:temporal": {
            "@id": "dataset#period",
            "@type": "dcterms:PeriodOfTime",
            "dcat:startDate": _first_day(kg),
            "dcat:endDate": kg.known_until.isoformat(),
        },
        **_figures(found),
        "void:dataDump": [{"@id": quote(part.path)} for part in parts if part.path.startswith("rdf/")],
        "dcat:distribution": [_distribution(part, said["dcterms:license"]) for part in parts],
    }


def _value(term: Term) -> dict[str, str]:
    if isinstance(term, Literal):
        text = {"@value": term.value}
        return text | ({"@language": term.language} if term.language else {"@type": term.datatype.value})
    return {"@id": term.value if isinstance(term, NamedNode) else str(term)}


def _first_day(kg: KnowledgeGraph) -> list[str]:
    """Return the first day on which anything in the graph may have begun; none where nothing is dated."""
    bounds = kg.store.quads_for_pattern(None, NamedNode(CICA.startEarliest), None, None)
    return sorted(quad.object.value for quad in bounds if isinstance(quad.object, Literal))[:1]


def _figures(found: set[Triple]) -> dict[str, Any]:
    """Return the statistics that VoID has names for, of the whole and by class and property."""
    by_class: defaultdict[str, set[Term]] = defaultdict(set)
    by_property: defaultdict[str, list[Triple]] = defaultdict(list)
    links: Counter[str] = Counter()
    for triple in found:
        by_property[triple.predicate.value].append(triple)
        if triple.predicate.value == RDF + "type" and isinstance(triple.object, NamedNode):
            by_class[triple.object.value].add(triple.subject)
        if triple.predicate.value == _LINK and isinstance(triple.object, NamedNode):
            links[_space(triple.object.value)] += 1
    subjects = {triple.subject for triple in found}
    iris = [subject.value for subject in subjects if isinstance(subject, NamedNode)]
    spaces = sorted({_space(iri) for iri in (*by_class, *by_property)})
    return {
        "void:uriSpace": THINGS_NAMESPACE,
        "void:vocabulary": [{"@id": space} for space in spaces],
        "void:triples": len(found),
        "void:entities": sum(iri.startswith(THINGS_NAMESPACE) for iri in iris),
        "void:classes": len(by_class),
        "void:properties": len(by_property),
        "void:distinctSubjects": len(subjects),
        "void:distinctObjects": len({triple.object for triple in found}),
        "void:classPartition": [
            {"@id": _part("class", iri), "void:class": {"@id": iri}, "void:entities": len(members)}
            for iri, members in sorted(by_class.items())
        ],
        "void:propertyPartition": [
            {
                "@id": _part("property", iri),
                "void:property": {"@id": iri},
                "void:triples": len(uses),
                "void:distinctSubjects": len({triple.subject for triple in uses}),
                "void:distinctObjects": len({triple.object for triple in uses}),
            }
            for iri, uses in sorted(by_property.items())
        ],
        "void:subset": [
            {
                "@id": _part("links", space),
                "@type": "void:Linkset",
                "void:subjectsTarget": {"@id": GRAPH},
                "void:objectsTarget": {
                    "@id": _part("target", space),
                    "@type": "void:Dataset",
                    "void:uriSpace": space,
                },
                "void:linkPredicate": {"@id": _LINK},
                "void:triples": number,
            }
            for space, number in sorted(links.items())
        ],
    }


def _space(iri: str) -> str:
    """Return what the IRIs of one vocabulary or one data set begin with."""
    name = iri.rstrip("/")
    # A URN has neither: its parts stand between colons.
    return iri[: (max(name.rfind("#"), name.rfind("/")) + 1) or name.rfind(":") + 1]


def _part(what: str, iri: str) -> str:
    """Return an IRI, relative to the release, of a part of the data that is named after another IRI."""
    # JSON-LD would take what stands before a colon for a prefix.
    name = (shorten(iri) or iri).replace("://", "/").replace(":", "/")
    return f"dataset#{what}/{quote(name)}"


def _distribution(part: Part, license_: list[dict[str, str]]) -> dict[str, Any]:
    path = quote(part.path)
    titles = [{"@value": text, "@language": language} for language, text in part.titles.items()]
    return {
        "@id": f"dataset#file/{path}",
        "@type": "dcat:Distribution",
        "dcterms:title": titles or part.path,
        "dcterms:description": {"@value": part.about, "@language": "en"},
        "dcterms:license": license_,
        "dcat:downloadURL": {"@id": path},
        "dcat:mediaType": {"@id": f"https://www.iana.org/assignments/media-types/{_media_type(part.path)}"},
        "dcat:byteSize": len(part.content),
        "spdx:checksum": {
            "@id": f"dataset#sha256/{path}",
            "@type": "spdx:Checksum",
            "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256"},
            "spdx:checksumValue": hashlib.sha256(part.content).hexdigest(),
        },
    }


def _media_type(path: str) -> str:
    return _MEDIA_TYPES[PurePosixPath(path).suffix]
