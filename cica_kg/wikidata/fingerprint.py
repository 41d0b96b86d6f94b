"""Facts by which a thing and an item are known to be the same or not: kind, codes, where, part of what, when.

Names change and are tampered with; a handful of such facts together does not.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Final, NamedTuple, TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode, Store, Triple

from cica_kg import dates
from cica_kg.vocabulary import CICA, RDF, TERMS_NAMESPACE
from cica_kg.wikidata.items import ROOTS, Item
from cica_kg.wikidata.links import authority_of, item_of, node_of

SAME: Final = "SAME"
DIFFERENT: Final = "DIFFERENT"
#: Nothing is said there: neither for nor against.
MISSING: Final = "MISSING_THERE"
#: It could not be looked at.
UNKNOWN: Final = "NOT_CHECKED"

KIND: Final = "kind"
ALPHA_2: Final = "alpha-2 code"
#: What identifies a thing all by itself: one that differs is a conflict.
CODES: Final[dict[str, str]] = {
    ALPHA_2: CICA.isoAlpha2,
    "alpha-3 code": CICA.isoAlpha3,
    "numeric code": TERMS_NAMESPACE + "isoNumeric",
    "M49 code": TERMS_NAMESPACE + "m49",
}
GEONAMES: Final = "GeoNames"
IDENTIFIERS: Final = (*CODES, GEONAMES)
#: What thousands of things have in common: where it differs, they are two; where it agrees, that says little.
BROAD: Final = (KIND, "country", "citizenship")
#: Of states, and not in the graph (see `capitals`). It moves and is disputed, and a province or an earlier
#: state may have the same: where it agrees, that says little too; where it differs, they are two only if
#: nothing narrower is the same.
CAPITAL: Final = "capital"
#: Facts whose value is another thing that is linked.
_THINGS: Final[dict[str, str]] = {
    "country": TERMS_NAMESPACE + "inState",
    "citizenship": TERMS_NAMESPACE + "citizenOf",
    "part of": TERMS_NAMESPACE + "bodyOf",
}
Subject: TypeAlias = NamedNode | BlankNode | Triple
_ESTABLISHED: Final = NamedNode(TERMS_NAMESPACE + "established")


class Fact(NamedTuple):
    """One fact on both sides.

    Attributes:
        name: of the fact.
        ours, theirs: the values, sorted.
        verdict: SAME, DIFFERENT, MISSING or UNKNOWN.
        labels: what some of the values are called, as pairs, sorted.
    """

    name: str
    ours: tuple[str, ...]
    theirs: tuple[str, ...]
    verdict: str
    labels: tuple[tuple[str, str], ...] = ()

    @property
    def identifies(self) -> bool:
        """Whether it is an identifier of the thing itself."""
        return self.name in IDENTIFIERS


def kind_of(store: Store, thing: str) -> str:
    """Return the local name of the class of ours that a thing is of, such as `State`, or an empty text."""
    node = node_of(thing)
    kinds = sorted(_values(store, node, NamedNode(RDF + "type"))) if node else []
    return next((k.removeprefix(TERMS_NAMESPACE) for k in kinds if k.startswith(TERMS_NAMESPACE)), "")


def known_facts(store: Store, thing: str) -> dict[str, tuple[str, ...]]:
    """Return fact → our values of it, sorted, for the facts that we have of a thing.

    Things stand as the numbers of their items, an establishing date as its years; what is not linked says
    nothing here, nor does what is no date.
    """
    found: dict[str, set[str]] = {}
    if (node := node_of(thing)) is None:
        return {}
    for name, property_ in CODES.items():
        found[name] = set(_values(store, node, NamedNode(property_)))
    for name, property_ in _THINGS.items():
        others = _values(store, node, NamedNode(property_))
        found[name] = {item for item in (item_of(store, other) for other in others) if item}
    for text in _values(store, node, _ESTABLISHED):
        with suppress(ValueError):
            bounds = dates.bounds(text)
            found["inception"] = {str(year) for year in range(bounds.earliest.year, bounds.latest.year + 1)}
    for link in store.quads_for_pattern(None, NamedNode(TERMS_NAMESPACE + "linksThing"), node):
        for target in _values(store, link.subject, NamedNode(TERMS_NAMESPACE + "linksTo")):
            if authority_of(target) == "geonames":
                found.setdefault(GEONAMES, set()).add(target.rstrip("/").rpartition("/")[2])
    return {name: tuple(sorted(values)) for name, values in found.items() if values}


def compare_facts(kind: str, ours: dict[str, tuple[str, ...]], item: Item, looked_at: set[str]) -> list[Fact]:
    """Hold what we know of a thing against an item.

    Args:
        kind: of the thing, as `kind_of` gives it.
        ours: as `known_facts` gives it.
        item: as it is there.
        looked_at: the properties that were asked for.

    Returns:
        The kind first, then one fact for each that we have.
    """
    facts = [_kind(kind, item)]
    for name, values in sorted(ours.items()):
        theirs = item.values.get(name, set())
        if name == "inception":
            theirs = {value.lstrip("+").partition("-")[0].lstrip("0") for value in theirs}
        if name not in looked_at:
            verdict = UNKNOWN
        elif not theirs:
            verdict = MISSING
        else:
            verdict = SAME if theirs & set(values) else DIFFERENT
        facts.append(Fact(name, values, tuple(sorted(theirs)), verdict))
    return facts


def _kind(kind: str, item: Item) -> Fact:
    roots = ROOTS.get(kind, ())
    if not roots or (item.classes and not item.placed and not item.roots):
        verdict = UNKNOWN
    elif not item.classes:
        verdict = MISSING
    else:
        verdict = SAME if item.roots & set(roots) else DIFFERENT
    return Fact(KIND, (kind,), tuple(sorted(item.classes)), verdict)


def _values(store: Store, subject: Subject, property_: NamedNode) -> list[str]:
    found = (quad.object for quad in store.quads_for_pattern(subject, property_, None))
    return [value.value for value in found if isinstance(value, NamedNode | Literal)]
