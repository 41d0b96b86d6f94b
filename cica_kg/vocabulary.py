"""Namespaces and prefixes. The namespace of our terms is closed: a misspelt term raises."""

from __future__ import annotations

from typing import Final

TERMS_NAMESPACE: Final = "https://w3id.org/cica-kg/def#"
SHAPES_NAMESPACE: Final = "https://w3id.org/cica-kg/shapes#"
THINGS_NAMESPACE: Final = "https://w3id.org/cica-kg/id/"
GRAPH: Final = "https://w3id.org/cica-kg/graph"
#: What relative IRIs in a query are relative to: `<id/state/japan>` is a thing, `<graph/data/states>` a file.
BASE: Final = "https://w3id.org/cica-kg/"

#: The kinds of records: one party bound to one thing for a time.
RECORDS: Final = (
    "membership",
    "observership",
    "chairmanship",
    "partnership",
    "tenure",
    "coordination",
    "seat",
)
KINDS: Final = (
    "state",
    "organization",
    "body",
    "person",
    "post",
    "place",
    *RECORDS,
    "meeting",
    "milestone",
    "document",
    "measure",
    "topic",
    "claim",
    "source",
    "link",
    "category",
)

RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS: Final = "http://www.w3.org/2000/01/rdf-schema#"
OWL: Final = "http://www.w3.org/2002/07/owl#"
XSD: Final = "http://www.w3.org/2001/XMLSchema#"
SKOS: Final = "http://www.w3.org/2004/02/skos/core#"
DCTERMS: Final = "http://purl.org/dc/terms/"
FOAF: Final = "http://xmlns.com/foaf/0.1/"
WIKIDATA: Final = "http://www.wikidata.org/entity/"
#: Unknown values of Wikidata are blank nodes in dumps, and IRIs that begin so in its query service.
WIKIDATA_UNKNOWN: Final = "http://www.wikidata.org/.well-known/genid/"

#: Declared for every query: our kinds of things, our terms, and what the graph reuses.
PREFIXES: Final[dict[str, str]] = {
    "cica": TERMS_NAMESPACE,
    "cica-sh": SHAPES_NAMESPACE,
    **{kind: f"{THINGS_NAMESPACE}{kind}/" for kind in KINDS},
    "rdf": RDF,
    "rdfs": RDFS,
    "owl": OWL,
    "xsd": XSD,
    "skos": SKOS,
    "dcterms": DCTERMS,
    "foaf": FOAF,
    "wd": WIKIDATA,
}


class Namespace:
    """A closed namespace: `CICA.start` gives the IRI of a listed term, any other name raises.

    Args:
        iri: what every term begins with.
        names: the local names that exist.
    """

    def __init__(self, iri: str, names: tuple[str, ...]) -> None:
        """Close the namespace over `names`."""
        self._iri = iri
        self._names = frozenset(names)

    def __getattr__(self, name: str) -> str:
        """Return the IRI of the term called `name`; raise AttributeError where there is none."""
        if name in self._names:
            return self._iri + name
        raise AttributeError(f"{self._iri} has no term “{name}”; see ontology/cica.ttl")

    def __iter__(self) -> object:
        """Iterate over the local names, sorted."""
        return iter(sorted(self._names))


#: The terms that the program itself speaks of (a test holds them against the ontology).
CICA: Final = Namespace(
    TERMS_NAMESPACE,
    (
        "Membership",
        "Observership",
        "Organization",
        "State",
        "affiliatedWith",
        "asOf",
        "date",
        "disagreesWith",
        "end",
        "endEarliest",
        "endLatest",
        "established",
        "isoAlpha2",
        "isoAlpha3",
        "knownUntil",
        "meetingKind",
        "meetingOf",
        "meetsEvery",
        "memberCount",
        "observerCount",
        "observerOrganizationCount",
        "observerStateCount",
        "officialName",
        "ongoingAsOf",
        "ongoingEarliest",
        "ordinal",
        "referenceDate",
        "sha256",
        "shortName",
        "start",
        "startEarliest",
        "status",
        "startLatest",
    ),
)


def shorten(iri: str) -> str | None:
    """Return the prefixed name of `iri` (`state:japan`), or None where no prefix fits."""
    best = max(
        (p for p in PREFIXES if iri.startswith(PREFIXES[p])), key=lambda p: len(PREFIXES[p]), default=None
    )
    if best is None:
        return None
    local = iri[len(PREFIXES[best]) :]
    plain = bool(local) and all(c.isalnum() or c in "_-" for c in local)
    return f"{best}:{local}" if plain else None
