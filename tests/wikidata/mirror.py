"""A world that says what our own graph says, and what tables say of capitals: where the sides must agree."""

from __future__ import annotations

from pyoxigraph import Literal, NamedNode, Store

from cica_kg.dates import bounds
from cica_kg.vocabulary import PREFIXES, RDFS
from cica_kg.wikidata.capitals import load_capitals
from tests.wikidata.shape import ENTITY, Time, named
from tests.wikidata.world import CICA_ITEM, OBSERVER, World


def mirror(store: Store, cica: str = CICA_ITEM) -> World:
    """Return a world that says of CICA what `store`, a graph of ours, says: memberships and observerships.

    Its items are those that the graph links to, and the capitals of states (`capital_item`) where tables of
    packages give them. Of an interval it has the first day.
    """
    world = World()
    names = _names(store)
    linked = {
        quad.subject.value: quad.object.value.removeprefix(ENTITY)
        for quad in store.quads_for_pattern(None, named("skos:exactMatch"), None, None)
        if isinstance(quad.object, NamedNode) and quad.object.value.startswith(ENTITY)
    }
    linked[PREFIXES["organization"] + "cica"] = cica
    for thing, number in sorted(linked.items()):
        labels = names.get(thing, {})
        world.item(number, labels, sitelinks={"en": labels["en"]} if "en" in labels else {})
        for code, property_ in (
            ("isoAlpha2", "P297"),
            ("isoAlpha3", "P298"),
            ("isoNumeric", "P299"),
            ("m49", "P2082"),
        ):
            for value in _values(store, thing, code):
                world.state(number, property_, Literal(value))
        if thing.startswith(PREFIXES["state"]):
            world.state(number, "P31", "Q3624078")
    for kind, property_ in (("Membership", "P463"), ("Observership", OBSERVER)):
        records = store.quads_for_pattern(None, named("rdf:type"), named(f"cica:{kind}"), None)
        for record in sorted(quad.subject.value for quad in records):
            (party,) = _values(store, record, "party")
            (body,) = _values(store, record, "inOrganization")
            if party in linked and body in linked:
                dates = {"P580": _values(store, record, "start"), "P582": _values(store, record, "end")}
                world.state(
                    linked[party],
                    property_,
                    linked[body],
                    qualifiers={
                        name: [_time(text) for text in texts] for name, texts in dates.items() if texts
                    },
                    references=[{"P854": [f"https://example.org/{record.rpartition('/')[2]}"]}],
                )
    for thing, number in sorted(linked.items()):
        if thing.startswith(PREFIXES["state"]):
            for code in _values(store, thing, "isoAlpha2"):
                for geonames, name in sorted(load_capitals().of.get(code, {}).items()):
                    put_capital(world, number, geonames, name)
    return world


def capital_item(geonames: str) -> str:
    """Return a made-up number of the item of a city, by its GeoNames identifier: far above any real one."""
    return f"Q91{geonames:0>8}"


def put_capital(world: World, state: str, geonames: str | None, name: str = "A City", **how: str) -> str:
    """Add a city and say that it is the capital of a state; return its number.

    Args:
        world: to add to.
        state: the number of its item.
        geonames: the GeoNames identifier of the city; None for none.
        name: of the city, in English.
        how: the rank of the statement.
    """
    number = capital_item(geonames or "0")
    world.item(number, {"en": name})
    if geonames is not None:
        world.state(number, "P1566", Literal(geonames))
    world.state(state, "P36", number, **how)
    return number


def _time(edtf: str) -> Time:
    earliest = bounds(edtf).earliest.isoformat()
    return Time(earliest, {4: 9, 7: 10}.get(len(edtf), 11))


def _names(store: Store) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for quad in store.quads_for_pattern(None, NamedNode(RDFS + "label"), None, None):
        if isinstance(quad.object, Literal) and quad.object.language and isinstance(quad.subject, NamedNode):
            found.setdefault(quad.subject.value, {})[quad.object.language] = quad.object.value
    return found


def _values(store: Store, thing: str, name: str) -> list[str]:
    found = store.quads_for_pattern(NamedNode(thing), named(f"cica:{name}"), None, None)
    return sorted(quad.object.value for quad in found if isinstance(quad.object, NamedNode | Literal))
