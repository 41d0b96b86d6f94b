"""The links of the graph: that one thing of ours is one thing elsewhere, with the evidence for it."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from pyoxigraph import Literal, NamedNode, Store

from cica_kg.vocabulary import RDF, SKOS, TERMS_NAMESPACE, WIKIDATA

#: Authority → what the IRI of a thing there looks like. The shapes say the same; a test holds them together.
AUTHORITIES: Final[dict[str, str]] = {
    "wikidata": r"http://www\.wikidata\.org/entity/Q[1-9][0-9]*",
    "eu-countries": r"http://publications\.europa\.eu/resource/authority/country/[A-Z]{3}",
    "geonames": r"https://sws\.geonames\.org/[1-9][0-9]*/",
    "dbpedia": r"http://dbpedia\.org/resource/[^/]+",
    "fao": r"http://aims\.fao\.org/aos/geopolitical\.owl#[A-Za-z0-9_]+",
}

_LINK: Final = NamedNode(TERMS_NAMESPACE + "Link")

# Looser than the patterns: an address of the wrong form still belongs to the authority that it names.
_HOSTS: Final = {
    "wikidata.org": "wikidata",
    "publications.europa.eu": "eu-countries",
    "geonames.org": "geonames",
    "dbpedia.org": "dbpedia",
    "aims.fao.org": "fao",
}


class Link(NamedTuple):
    """A link: its IRI, its two ends, whose the target is, the evidence, how and when it was found."""

    iri: str
    thing: str
    target: str
    authority: str
    evidence: tuple[str, ...]
    method: str
    checked_on: str

    @property
    def identifier(self) -> str:
        """What the authority calls the thing: the target without what all targets there begin with."""
        return re.split(r"[/#]", self.target.rstrip("/"))[-1]


def authority_of(target: str) -> str:
    """Return the authority that an IRI belongs to, by its host; `other` where none of ours has that host."""
    host = target.partition("://")[2].partition("/")[0].lower()
    return next((name for end, name in _HOSTS.items() if host == end or host.endswith("." + end)), "other")


def read_links(store: Store, authority: str | None = "wikidata") -> list[Link]:
    """Return the links of a graph to an authority, or to all with None, sorted by thing and target.

    What a link lacks is an empty text: the shapes ask for it, not this function.
    """
    found = []
    for quad in store.quads_for_pattern(None, NamedNode(RDF + "type"), _LINK, None):
        values: dict[str, list[str]] = {}
        for fact in store.quads_for_pattern(quad.subject, None, None, None):
            if isinstance(fact.object, NamedNode | Literal):
                name = fact.predicate.value.removeprefix(TERMS_NAMESPACE)
                values.setdefault(name, []).append(fact.object.value)
        thing, target, method, checked_on = (
            min(values.get(name, [""])) for name in ("linksThing", "linksTo", "method", "checkedOn")
        )
        iri = str(quad.subject).strip("<>")
        whose = authority_of(target)
        if authority in (None, whose):
            evidence = tuple(sorted(values.get("evidence", ())))
            found.append(Link(iri, thing, target, whose, evidence, method, checked_on))
    return sorted(found, key=lambda link: (link.thing, link.target, link.iri))


def node_of(thing: str) -> NamedNode | None:
    """Return what a thing is in a graph; None for a text, which a graph with other shapes may have there."""
    try:
        return NamedNode(thing)
    except ValueError:
        return None


def item_of(store: Store, thing: str) -> str | None:
    """Return the Q-number of the Wikidata item that is a thing of ours, or None where no link says so."""
    if (node := node_of(thing)) is None:
        return None
    matches = store.quads_for_pattern(node, NamedNode(SKOS + "exactMatch"), None, None)
    items = [match.object.value for match in matches if isinstance(match.object, NamedNode)]
    return min((item.removeprefix(WIKIDATA) for item in items if item.startswith(WIKIDATA)), default=None)
