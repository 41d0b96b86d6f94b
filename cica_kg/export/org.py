"""The same in the W3C's organization ontology (ORG), as far as ontology/alignments.ttl says so.

A membership gets the two ends and the time that ORG asks for; no other record does: an observership is no
org:Membership.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from cica_kg.dates import bounds
from cica_kg.files import GraphFiles, default_root, read_file
from cica_kg.rdf import MORE_PREFIXES
from cica_kg.vocabulary import CICA, RDF, RDFS, TERMS_NAMESPACE, XSD

_ORG: Final = MORE_PREFIXES["org"]
_TIME: Final = MORE_PREFIXES["time"]
_BROADER: Final = (RDFS + "subClassOf", RDFS + "subPropertyOf")
_MEMBERSHIP: Final = NamedNode(CICA.Membership)
_TYPE: Final = NamedNode(RDF + "type")
#: Of a cica:Membership alone: elsewhere the domains of these would make it an org:Membership.
_ENDS: Final = {
    TERMS_NAMESPACE + "party": NamedNode(_ORG + "member"),
    TERMS_NAMESPACE + "inOrganization": NamedNode(_ORG + "organization"),
}
#: Our property → the end of the interval, and the name of the instant.
_INSTANTS: Final = {
    CICA.start: (NamedNode(_TIME + "hasBeginning"), "begin"),
    CICA.end: (NamedNode(_TIME + "hasEnd"), "end"),
}
#: Digits of a date → how OWL-Time writes it. What is known as a range alone gets no instant.
_POSITIONS: Final = {
    4: ("inXSDgYear", "gYear"),
    7: ("inXSDgYearMonth", "gYearMonth"),
    10: ("inXSDDate", "date"),
}


def org_quads(files: GraphFiles, found: Iterable[Quad]) -> set[Quad]:
    """Return the triples in ORG that the alignments entail of what was found, in the default graph."""
    found = set(found)
    broader = _broader(files)
    entailed: set[Quad] = set()
    for quad in found:
        if quad.predicate == _TYPE:
            entailed.update(Quad(quad.subject, _TYPE, kind) for kind in broader.get(quad.object, ()))
        else:
            entailed.update(
                Quad(quad.subject, property_, quad.object) for property_ in broader.get(quad.predicate, ())
            )
    memberships = {quad.subject for quad in found if quad.predicate == _TYPE and quad.object == _MEMBERSHIP}
    for quad in found:
        if quad.subject in memberships:
            entailed.update(_of_membership(quad))
    return entailed


def _broader(files: GraphFiles) -> dict[object, set[NamedNode]]:
    """Return the classes and properties of ORG that are broader than a class or property, however far up."""
    alignments = files.root / "ontology" / "alignments.ttl"
    if not alignments.is_file():
        alignments = default_root() / "ontology" / "alignments.ttl"
    above: defaultdict[object, set[NamedNode]] = defaultdict(set)
    for file in (*files.ontology, read_file(alignments, alignments.name)):
        for quad in parse(file.turtle, RdfFormat.TURTLE):
            if quad.predicate.value in _BROADER and isinstance(quad.object, NamedNode):
                above[quad.subject].add(quad.object)
    found: dict[object, set[NamedNode]] = {}
    for term in above:
        reached: set[NamedNode] = set()
        waiting = [*above[term]]
        while waiting:
            if (broader := waiting.pop()) not in reached:
                reached.add(broader)
                waiting += above.get(broader, ())
        found[term] = {broader for broader in reached if broader.value.startswith(_ORG)}
    return found


def _of_membership(quad: Quad) -> Iterator[Quad]:
    """Yield what ORG says of an end or a date of a membership; the interval is named after the membership."""
    property_ = quad.predicate.value
    if property_ in _ENDS:
        yield Quad(quad.subject, _ENDS[property_], quad.object)
    elif property_ in _INSTANTS and isinstance(quad.subject, NamedNode) and isinstance(quad.object, Literal):
        interval = _part(quad.subject, "time")
        yield Quad(quad.subject, NamedNode(_ORG + "memberDuring"), interval)
        yield Quad(interval, _TYPE, NamedNode(_TIME + "Interval"))
        date = quad.object.value
        if not _is_instant(date):
            return
        reached_by, name = _INSTANTS[property_]
        position, datatype = _POSITIONS[len(date)]
        instant = _part(quad.subject, name)
        yield Quad(interval, reached_by, instant)
        yield Quad(instant, _TYPE, NamedNode(_TIME + "Instant"))
        yield Quad(instant, NamedNode(_TIME + position), Literal(date, datatype=NamedNode(XSD + datatype)))


def _part(membership: NamedNode, name: str) -> NamedNode:
    """Name a part of a membership after it; an IRI has one “#” at most."""
    return NamedNode(membership.value + ("-" if "#" in membership.value else "#") + name)


def _is_instant(date: str) -> bool:
    """Tell whether a date is one year, month or day of the calendar."""
    try:
        bounds(date)
    except ValueError:
        return False
    return len(date) in _POSITIONS
