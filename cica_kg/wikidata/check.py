"""Check every link with no network: its form, its uniqueness, its kind, its evidence, and what tables say.

A link is *proven* where a table gives the same target for our thing, *consistent* where the target is called
as the thing is, at an authority whose identifiers are names, and else rests on its *evidence* alone.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Final, NamedTuple

from pyoxigraph import Literal, NamedNode, Store

from cica_kg.folding import fold
from cica_kg.vocabulary import OWL, RDF, RDFS, SKOS, TERMS_NAMESPACE, THINGS_NAMESPACE, shorten
from cica_kg.wikidata.client import WIKIDATA as WIKIDATA_SERVICE
from cica_kg.wikidata.codes import Known, Table
from cica_kg.wikidata.items import ROOTS
from cica_kg.wikidata.links import AUTHORITIES, Link, authority_of, item_of, node_of, read_links
from cica_kg.wikidata.ours import STAND_IN
from cica_kg.wikidata.wrong_items import WRONG_ITEMS

_CICA: Final = THINGS_NAMESPACE + "organization/cica"
#: What a fault may be about.
FAULTS: Final = ("form", "twice", "wrong-item", "kind", "target", "code", "evidence")
#: What a link may rest on, best first.
STANDINGS: Final = ("proven", "consistent", "evidence", "faulty")
#: A Q-number is worth what its evidence is: one copy of a list is not enough.
_SOURCES: Final = {"wikidata": 2}
#: Authorities whose identifiers are names.
_CALLED: Final = ("dbpedia", "fao")
#: What says that two things are one.
_MATCHES: Final = (SKOS + "exactMatch", SKOS + "closeMatch", OWL + "sameAs")
_CODES: Final = ("isoAlpha3", "isoNumeric", "m49")
_NAMES: Final = (RDFS + "label", SKOS + "altLabel", TERMS_NAMESPACE + "shortName")
_KINDS: Final = {"Body": "Organization"}
#: Items that no thing of ours can be.
_NO_THINGS: Final = {STAND_IN, *(root for roots in ROOTS.values() for root in roots)}


class Fault(NamedTuple):
    """What is wrong: one of FAULTS, with the link or the thing it is about and the reason."""

    fault: str
    about: str
    reason: str


class Checked(NamedTuple):
    """A link and what it rests on: `proven` (by which tables), `consistent`, `evidence` or `faulty`."""

    link: Link
    standing: str
    by: tuple[str, ...]


class Report(NamedTuple):
    """The links in order, the faults in order, and what could not be checked, one line each."""

    links: list[Checked]
    faults: list[Fault]
    not_checked: list[str]


class _Thing(NamedTuple):
    kind: str
    alpha2: str
    codes: dict[str, str]
    names: frozenset[str]


def check_links(store: Store, tables: Sequence[Table], missing: Sequence[str] = ()) -> Report:
    """Check all links of a graph.

    Args:
        store: the graph.
        tables: what to hold the links against (`codes.load_tables`).
        missing: one line for each table that is not there or cannot be read, and why: the report tells them.
    """
    links = read_links(store, None)
    things = {link.thing: _thing(store, link.thing) for link in links}
    faults = [*_twice(links), *_codes(things, tables), *_unexplained(store, links)]
    callers = {called: link.thing for link in links for called in map(_called, things[link.thing].names)}
    suspect = {fault.about for fault in faults}
    checked = []
    for link in links:
        thing = things[link.thing]
        own = list(_faults(link, thing, tables, callers))
        faults += own
        giving = tuple(table.name for table in tables if _target(table, link, thing) == link.target)
        if own or suspect & {link.iri, link.thing}:
            checked.append(Checked(link, "faulty", ()))
        elif giving:
            checked.append(Checked(link, "proven", giving))
        elif link.authority in _CALLED and _called(link.identifier) in map(_called, thing.names):
            checked.append(Checked(link, "consistent", ()))
        else:
            checked.append(Checked(link, "evidence", ()))
    not_checked = list(missing)
    if item_of(store, _CICA) is None and next(store.quads_for_pattern(NamedNode(_CICA), None, None), None):
        not_checked.append(f"{_short(_CICA)}: not linked to Wikidata, for want of a second line of evidence")
    return Report(checked, sorted(faults, key=lambda f: (f.about, f.fault, f.reason)), not_checked)


def _thing(store: Store, iri: str) -> _Thing:
    """Return what tables may know a thing by; of a place, `alpha2` is that of its state."""

    def values(subject: str, property_: str) -> list[str]:
        if (node := node_of(subject)) is None:
            return []
        quads = store.quads_for_pattern(node, NamedNode(property_), None, None)
        return sorted(quad.object.value for quad in quads if isinstance(quad.object, NamedNode | Literal))

    types = [kind for kind in values(iri, RDF + "type") if kind.startswith(TERMS_NAMESPACE)]
    kind = types[0].removeprefix(TERMS_NAMESPACE) if types else ""
    state = next(iter(values(iri, TERMS_NAMESPACE + "inState")), iri)
    return _Thing(
        _KINDS.get(kind, kind),
        next(iter(values(state, TERMS_NAMESPACE + "isoAlpha2")), ""),
        {name: code for name in _CODES for code in values(iri, TERMS_NAMESPACE + name)},
        frozenset(name for property_ in _NAMES for name in values(iri, property_)),
    )


def _twice(links: Sequence[Link]) -> Iterator[Fault]:
    """Find things with two targets at one authority, and targets of two things."""
    by_thing, by_target = defaultdict(set), defaultdict(set)
    for link in links:
        by_thing[link.thing, link.authority].add(link.target)
        by_target[link.target].add(link.thing)
    for link in links:
        for other in sorted(by_thing[link.thing, link.authority] - {link.target}):
            yield Fault("twice", link.iri, f"{_short(link.thing)} is linked to {other} as well")
        for thing in sorted(by_target[link.target] - {link.thing}):
            yield Fault("twice", link.iri, f"{link.target} is linked from {_short(thing)} as well")


def _unexplained(store: Store, links: Sequence[Link]) -> Iterator[Fault]:
    """Find what is said to be the same as something elsewhere with no link that says why."""
    explained = {(link.thing, link.target) for link in links}
    for match in _MATCHES:
        for quad in store.quads_for_pattern(None, NamedNode(match), None, None):
            thing, target = quad.subject, quad.object
            if not isinstance(thing, NamedNode) or not isinstance(target, NamedNode):
                continue
            is_link = thing.value.startswith(THINGS_NAMESPACE) and authority_of(target.value) in AUTHORITIES
            if is_link and (match != SKOS + "exactMatch" or (thing.value, target.value) not in explained):
                reason = f"{_short(match)} {target.value}: only skos:exactMatch with a cica:Link may say so"
                yield Fault("form", thing.value, reason)


def _codes(things: dict[str, _Thing], tables: Sequence[Table]) -> Iterator[Fault]:
    """Hold the codes of the linked states against every table that has the state."""
    for iri, thing in sorted(things.items()):
        rows = [(table, table.codes[thing.alpha2]) for table in tables if thing.alpha2 in table.codes]
        if thing.kind == "State" and tables and not rows:
            yield Fault("code", iri, f"no table has a state with the alpha-2 code “{thing.alpha2}”")
        for table, row in rows:
            for name, code in sorted(thing.codes.items()):
                if row.get(name, code) != code:
                    reason = f"its {name} is “{code}”; {table.name} has “{row[name]}” for {thing.alpha2}"
                    yield Fault("code", iri, reason)


def _faults(
    link: Link, thing: _Thing, tables: Sequence[Table], callers: Mapping[str, str]
) -> Iterator[Fault]:
    """Find what is wrong with one link by itself; `callers`: what linked things are called → the thing."""
    pattern = AUTHORITIES.get(link.authority)
    if not thing.kind:
        yield Fault("form", link.iri, f"it starts from “{link.thing}”, which is no thing of the graph")
        return
    if pattern is None:
        yield Fault("form", link.iri, f"{link.target} belongs to none of {', '.join(AUTHORITIES)}")
        return
    if not re.fullmatch(pattern, link.target):
        yield Fault("form", link.iri, f"{link.target} does not fit {pattern}")
        return
    if not _is_day(link.checked_on):
        yield Fault("form", link.iri, f"it was checked on “{link.checked_on}”, which is no day")
    if link.authority == "wikidata" and link.identifier in _NO_THINGS:
        yield Fault("kind", link.iri, f"{link.identifier} is a class, or only stands for an item")
        return
    for wrong in WRONG_ITEMS if link.authority == "wikidata" else ():
        if wrong.taken_for & thing.names and link.identifier != wrong.right:
            seen = f"; {wrong.item} is known to be wrong: {wrong.why} (seen in {wrong.seen_in})"
            told = f"the item is {wrong.right}{seen if wrong.item == link.identifier else ''}"
            yield Fault("wrong-item", link.iri, told)
            return
    if (held := len(_sources(link.evidence))) < (least := _SOURCES.get(link.authority, 1)):
        yield Fault("evidence", link.iri, f"its evidence is from {held} of {least} sources")
    called = _called(link.identifier) if link.authority in _CALLED else ""
    if called in callers and called not in map(_called, thing.names):
        yield Fault("target", link.iri, f"{link.identifier} is what {_short(callers[called])} is called")
    for table in tables:
        known, wanted = table.known.get(link.target), _target(table, link, thing)
        if known is not None and known.kind != thing.kind:
            told = _told(known, link)
            yield Fault("kind", link.iri, f"{table.name} knows {told}; ours is of the class {thing.kind}")
        elif known is not None and wanted != link.target:
            yield Fault("target", link.iri, f"{table.name} knows {_told(known, link)}")
        elif wanted is not None and wanted != link.target and _settles(table.known[wanted]):
            yield Fault("target", link.iri, f"{table.name} gives {wanted}, not {link.target}")


def _settles(known: Known) -> bool:
    """Tell whether a table that has this would have ours as well; a part of a state may share its name."""
    return known.kind != "Place" or known.size > 0


def _target(table: Table, link: Link, thing: _Thing) -> str | None:
    """Return the target that a table gives for our thing at the authority of `link`, or None.

    A state is found by its alpha-2 code, a place by its state and name (the largest of that name), anything
    else by its name.
    """
    state = thing.alpha2 if thing.kind in ("State", "Place") else ""
    found = [
        (table.known[target].size, target)
        for target in table.targets(link.authority, thing.kind, state)
        if thing.kind == "State" or not thing.names.isdisjoint(table.known[target].names)
    ]
    return max(found)[1] if found else None


def _sources(evidence: Iterable[str]) -> set[str]:
    """Return where the lines of evidence are from; made-up data are no source.

    A line begins with its source: `PyPI name==version …`, `npm name@version …`, `owner/name@commit path`, or
    the address that was asked. Wikidata itself is as good as two copies of it.
    """
    found = set()
    for line in evidence:
        words = line.casefold().replace(",", " ").split()
        if not words or "synthetic data" in line:
            continue
        name = words[1] if words[0] in ("pypi", "npm") and len(words) > 1 else words[0]
        found.add(re.sub(r"(?<=.)(@|==).*", "", name).strip(".;:"))
        if name == WIKIDATA_SERVICE:
            found.add("itself")
    return found


def _called(name: str) -> str:
    """Return a name, or an identifier made of one, as words without articles and marks."""
    return " ".join(word for word in re.findall(r"\w+", fold(name.replace("_", " "))) if word != "the")


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _told(known: Known, link: Link) -> str:
    where = f" in {known.state}" if known.kind == "Place" else f" {known.state}" if known.state else ""
    return f"{link.identifier} as {min(known.names, default='a thing')} ({known.kind}{where})"


def _short(iri: str) -> str:
    return shorten(iri) or iri
