"""The RDF shape of Wikidata: the triples of items, properties and values, and what query services load."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from cica_kg.vocabulary import PREFIXES, RDFS, SKOS, XSD

ENTITY: Final = "http://www.wikidata.org/entity/"
STATEMENT: Final = ENTITY + "statement/SYNTH-"
GENID: Final = "http://www.wikidata.org/.well-known/genid/"
DATA: Final = "https://www.wikidata.org/wiki/Special:EntityData/"
PROP: Final = "http://www.wikidata.org/prop/"
WIKIBASE: Final = "http://wikiba.se/ontology#"
SCHEMA: Final = "http://schema.org/"
DERIVED: Final = NamedNode("http://www.w3.org/ns/prov#wasDerivedFrom")
GREGORIAN: Final = "Q1985727"


class Snak(Enum):
    """The two kinds of values that are none: Wikidata's “no value” and “unknown value”."""

    NO_VALUE = "no value"
    UNKNOWN = "unknown value"


@dataclass(frozen=True)
class Time:
    """A day and a precision: 11 day, 10 month, 9 year, 8 decade."""

    day: str
    precision: int = 11
    calendar: str = GREGORIAN


#: An item (`Q232`), an address, a literal, a time, or none.
Value = str | Literal | Time | Snak
Snaks = Mapping[str, Iterable[Value]]


def munged(triples: Iterable[Triple], *, skolem: bool = False) -> list[Triple]:
    """Return a full graph as query services load it.

    Gone are the copies of labels and the kinds of items, statements, references and value nodes; what
    describes a page of data stands on its item. With `skolem`, unknown values are IRIs, not blank nodes.
    """
    full = list(triples)
    about = {t.subject: t.object for t in full if t.predicate == NamedNode(SCHEMA + "about")}
    copies = {named("skos:prefLabel"), NamedNode(SCHEMA + "name")}
    kinds = {wikibase(name) for name in ("Item", "Statement", "Reference", "TimeValue")}
    found: dict[Triple, None] = {}
    for triple in full:
        subject, predicate, object_ = triple
        of_data = isinstance(subject, NamedNode) and subject.value.startswith(DATA) and subject in about
        if predicate in copies and subject.value.startswith(ENTITY):
            continue
        if predicate == named("rdf:type") and object_ in kinds:
            continue
        if of_data:
            if predicate.value not in (SCHEMA + "version", SCHEMA + "dateModified"):
                continue
            subject = about[subject]
        if skolem and isinstance(object_, BlankNode):
            object_ = NamedNode(GENID + object_.value)
        found[Triple(subject, predicate, object_)] = None
    return list(found)


def item(
    number: str,
    labels: Mapping[str, str],
    aliases: Mapping[str, Iterable[str]],
    descriptions: Mapping[str, str],
    sitelinks: Mapping[str, str],
    revision: int,
) -> Iterable[Triple]:
    """The triples of an item without its statements."""
    node, data = entity(number), NamedNode(DATA + number)
    yield Triple(node, named("rdf:type"), wikibase("Item"))
    for language, text in labels.items():
        for copy in (RDFS + "label", SKOS + "prefLabel", SCHEMA + "name"):
            yield Triple(node, NamedNode(copy), Literal(text, language=language))
    for language, texts in aliases.items():
        for text in texts:
            yield Triple(node, named("skos:altLabel"), Literal(text, language=language))
    for language, text in descriptions.items():
        yield Triple(node, NamedNode(SCHEMA + "description"), Literal(text, language=language))
    for language, title in sitelinks.items():
        site = f"https://{language}.wikipedia.org/"
        page = NamedNode(site + "wiki/" + title.replace(" ", "_"))
        yield Triple(page, named("rdf:type"), NamedNode(SCHEMA + "Article"))
        yield Triple(page, NamedNode(SCHEMA + "about"), node)
        yield Triple(page, NamedNode(SCHEMA + "inLanguage"), Literal(language))
        yield Triple(page, NamedNode(SCHEMA + "isPartOf"), NamedNode(site))
        yield Triple(page, NamedNode(SCHEMA + "name"), Literal(title, language=language))
    yield Triple(data, named("rdf:type"), NamedNode(SCHEMA + "Dataset"))
    yield Triple(data, NamedNode(SCHEMA + "about"), node)
    yield Triple(data, NamedNode(SCHEMA + "version"), typed(str(revision), "integer"))
    yield Triple(data, NamedNode(SCHEMA + "dateModified"), typed("2026-01-01T00:00:00Z", "dateTime"))


def property_(number: str, label: str, kind: str) -> Iterable[Triple]:
    """The triples of a property: its name, and the IRIs that it has in each place."""
    node = entity(number)
    yield Triple(node, named("rdf:type"), wikibase("Property"))
    yield Triple(node, named("rdfs:label"), Literal(label, language="en"))
    yield Triple(node, wikibase("propertyType"), wikibase(kind))
    places = {
        "directClaim": "direct/",
        "claim": "",
        "statementProperty": "statement/",
        "statementValue": "statement/value/",
        "qualifier": "qualifier/",
        "qualifierValue": "qualifier/value/",
        "reference": "reference/",
        "referenceValue": "reference/value/",
        "novalue": "novalue/",
    }
    for name, path in places.items():
        yield Triple(node, wikibase(name), NamedNode(PROP + path + number))


def snak(node: NamedNode, name: str, value: Value, place: str, scope: str) -> Iterable[Triple]:
    """The triples of a value on a statement, a qualifier or a reference."""
    if value is Snak.NO_VALUE:
        yield Triple(node, named("rdf:type"), NamedNode(f"{PROP}novalue/{name}"))
        return
    yield Triple(node, NamedNode(f"{PROP}{place}/{name}"), plain(value, scope + name))
    if isinstance(value, Time):
        full = NamedNode(f"http://www.wikidata.org/value/{digest(value)}")
        yield Triple(node, NamedNode(f"{PROP}{place}/value/{name}"), full)
        yield Triple(full, named("rdf:type"), wikibase("TimeValue"))
        yield Triple(full, wikibase("timeValue"), plain(value, scope))
        yield Triple(full, wikibase("timePrecision"), typed(str(value.precision), "integer"))
        yield Triple(full, wikibase("timeTimezone"), typed("0", "integer"))
        yield Triple(full, wikibase("timeCalendarModel"), entity(value.calendar))


def plain(value: Value, scope: str) -> NamedNode | Literal | BlankNode:
    if isinstance(value, Time):
        return typed(f"{value.day}T00:00:00Z", "dateTime")
    if isinstance(value, Snak):
        return BlankNode(digest(scope))
    if isinstance(value, Literal):
        return value
    return NamedNode(value) if "://" in value else entity(value)


def entity(number: str) -> NamedNode:
    return NamedNode(ENTITY + number)


def wikibase(name: str) -> NamedNode:
    return NamedNode(WIKIBASE + name)


def named(name: str) -> NamedNode:
    prefix, _, local = name.partition(":")
    return NamedNode(PREFIXES[prefix] + local)


def typed(text: str, kind: str) -> Literal:
    return Literal(text, datatype=NamedNode(XSD + kind))


def digest(value: object) -> str:
    return hashlib.sha256(repr(value).encode()).hexdigest()[:32]
