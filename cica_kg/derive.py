"""What follows from the authored graph: date bounds (before the gate), labels and views (after it)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, QueryTriples, Store

from cica_kg.dates import bounds
from cica_kg.errors import DataError
from cica_kg.files import GraphFiles
from cica_kg.store import copy_store
from cica_kg.vocabulary import CICA, GRAPH, XSD

_DATE = NamedNode(XSD + "date")
#: Which bounds come from which authored property: (property, of the earliest day, of the latest day).
BOUNDS = tuple(
    (NamedNode(property_), tuple(map(NamedNode, first)), tuple(map(NamedNode, last)))
    for property_, first, last in (
        (CICA.start, (CICA.startEarliest,), (CICA.startLatest,)),
        (CICA.end, (CICA.endEarliest,), (CICA.endLatest,)),
        (CICA.date, (CICA.startEarliest, CICA.endEarliest), (CICA.startLatest, CICA.endLatest)),
        (CICA.ongoingAsOf, (CICA.ongoingEarliest,), ()),
    )
)
#: The order matters: what is only possible is what is not sure.
_VIEW_RULES = ("surely.rq", "possibly.rq")


def date_bounds(store: Store) -> list[Quad]:
    """Return the date bounds (xsd:date) of everything dated in `store`.

    A text that cannot be read gets none: the shapes ask for the bounds, so it shows in the report. Nor does
    a blank node, which has no name by which another parser would know it again.
    """
    found: list[Quad] = []
    default = DefaultGraph()
    literals: dict[date, Literal] = {}
    for property_, first, last in BOUNDS:
        for quad in store.quads_for_pattern(None, property_, None, None):
            subject, text = quad.subject, quad.object
            if not isinstance(text, Literal) or not isinstance(subject, NamedNode):
                continue
            try:
                both = bounds(text.value)
            except ValueError:
                continue
            for names, day in ((first, both.earliest), (last, both.latest)):
                literal = literals.setdefault(day, Literal(day.isoformat(), datatype=_DATE))
                found += [Quad(subject, name, literal, default) for name in names]
    return found


def known_until(store: Store) -> str | None:
    """Return the text of the day up to which the graph was kept, or None where it does not say."""
    for quad in store.quads_for_pattern(NamedNode(GRAPH), NamedNode(CICA.knownUntil), None, None):
        if isinstance(quad.object, Literal):
            return quad.object.value
    return None


def add_labels(store: Store, files: GraphFiles) -> list[Quad]:
    """Add the labels of records, links and claims, made from the pattern of their class, and return them."""
    labels = _construct(store, files, ("labels.rq",))
    store.extend(labels)
    # A claim may be about a record, and is named after its label.
    of_claims = _construct(store, files, ("claim-labels.rq",))
    store.extend(of_claims)
    return labels + of_claims


def add_views(store: Store, files: GraphFiles, day: date) -> list[Quad]:
    """Add the views of `day`, the direct relations that hold then, to a store with bounds and no views.

    Returns:
        What was added: `change_views` takes it out again.
    """
    reference = Quad(
        NamedNode(GRAPH),
        NamedNode(CICA.referenceDate),
        Literal(day.isoformat(), datatype=_DATE),
        DefaultGraph(),
    )
    store.add(reference)
    added = [reference]
    for rule in _VIEW_RULES:
        found = _construct(store, files, (rule,))
        store.extend(found)
        added += found
    return added


def change_views(
    store: Store, views: Iterable[Quad], files: GraphFiles, day: date
) -> tuple[Store, list[Quad]]:
    """Return a copy of `store` with the views of `day` in place of `views`, and those views."""
    copy = copy_store(store)
    for quad in views:
        copy.remove(quad)
    return copy, add_views(copy, files, day)


def _construct(store: Store, files: GraphFiles, names: Iterable[str]) -> list[Quad]:
    rules = {file.path.name: file for file in files.rules}
    found = []
    for name in names:
        if name not in rules:
            raise DataError(f"{files.root} has no rule ontology/rules/{name}")
        try:
            text = rules[name].content.decode()
            if "SERVICE" in text.upper() or "\\u" in text.lower():
                raise DataError(f"{rules[name].name} may not reach outside: write it without SERVICE and \\u")
            answer = store.query(text)
        except (SyntaxError, UnicodeDecodeError) as error:
            raise DataError(f"{rules[name].name} is no SPARQL query: {error}") from None
        if not isinstance(answer, QueryTriples):
            raise DataError(f"{rules[name].name} is no rule: it must be a CONSTRUCT")
        found += [Quad(t.subject, t.predicate, t.object, DefaultGraph()) for t in answer]
    return found
