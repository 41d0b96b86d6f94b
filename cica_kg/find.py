"""Names → things, in any spelling: what a text may mean (`find`), and what it does mean (`resolve`)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from pyoxigraph import NamedNode, Store

from cica_kg.errors import UsageError
from cica_kg.names import MATCHES, Name, Names, iri_of, read_names
from cica_kg.vocabulary import PREFIXES, RDF, RDFS, shorten


class Hit(NamedTuple):
    """A thing that was found.

    Attributes:
        iri: the thing.
        kind: the IRI of its class, and `kind_label` the label of that.
        label: its label in the wanted language.
        name: the name that matched, as the graph writes it, and `language` its tag (`""` for codes).
        match: why, one of MATCHES, best first.
        distance: the number of typos (0 for all other matches).
    """

    iri: str
    kind: str
    kind_label: str
    label: str
    name: str
    language: str
    match: str
    distance: int

    @property
    def rank(self) -> int:
        """The place of `match` in MATCHES: 0 is best."""
        return MATCHES.index(self.match)


def find(
    store: Store,
    text: str,
    languages: Sequence[str] = ("en",),
    limit: int = 20,
    wanted_class: str | None = None,
) -> list[Hit]:
    """Return the things that `text` may name, best first.

    Args:
        store: where to look.
        text: a name or a part of one in any language and spelling, a code, an IRI or a prefixed name.
        languages: of the labels, best first.
        limit: the most hits to return.
        wanted_class: the class they must be of, as a prefixed name or an IRI, or None.

    Raises:
        UsageError: `text` is blank.
    """
    if not text.strip():
        raise UsageError("give a name, a part of one or a code to look for")
    names = read_names(store)
    wanted = iri_of(wanted_class) if wanted_class else None
    hits: dict[str, Hit] = {}
    for match, distance, name in names.matches(text):
        if name.thing in hits or (wanted and not names.is_a(name.thing, wanted)):
            continue
        hits[name.thing] = _hit(names, match, distance, name, languages)
        if len(hits) >= limit:
            break
    return list(hits.values())


def resolve(store: Store, text: str, wanted_class: str | None = None) -> str:
    """Return the IRI of the thing that `text` names: an IRI, a prefixed name, a code or a name.

    Spelling does not matter, but nothing is guessed: a part of a name or a typo is an error with an offer.
    A text in its plainest spelling names all things whose names fold to it (عمان is Oman and Amman); with a
    mark that sets it apart (عمّان) it names only what is written so. Records, sources and terms answer to a
    name only where no thing does.

    Args:
        store: where to look.
        text: `https://w3id.org/cica-kg/id/state/japan`, `state:japan`, `JPN`, or `Japan` in any language.
        wanted_class: the class it must be of, as a prefixed name such as `cica:State`, or None.

    Raises:
        UsageError: nothing fits, or more than one thing; the message offers what does.
    """
    wanted = iri_of(wanted_class) if wanted_class else None
    text = " ".join(text.split())
    iri = iri_of(text)
    if ":" in iri and _exists(store, iri):
        if wanted is None or _is_a(store, iri, wanted):
            return iri
        raise UsageError(f"“{text}” is of class {_kinds_of(store, iri)}, not {wanted_class}")
    names = read_names(store)
    # What has the form of an IRI is meant as one, though it may fold to a name (“state:” to “state”).
    called = () if iri != text or "://" in text else names.called(text)
    things = [thing for thing in called if wanted is None or names.is_a(thing, wanted)]
    if len(things) == 1:
        return things[0]
    if things:
        raise UsageError(f"“{text}” names more than one thing: {_offer(names, things)}; write one of these")
    what = f" of class {wanted_class}" if wanted_class else ""
    loose = text.partition(":")[2] if text.partition(":")[0] in PREFIXES else text
    near = [hit.iri for hit in find(store, loose, limit=3, wanted_class=wanted_class)] if loose else []
    hint = f"; did you mean {_offer(names, near)}?" if near else "; “cica find TEXT” looks for parts of names"
    raise UsageError(f"nothing{what} is called “{text}”{hint}")


def _hit(names: Names, match: str, distance: int, name: Name, languages: Sequence[str]) -> Hit:
    kind = names.kind(name.thing)
    label = names.label(name.thing, languages)
    kind_label = names.label(kind, languages) if kind else ""
    return Hit(name.thing, kind, kind_label, label, name.text, name.language, match, distance)


def _exists(store: Store, iri: str) -> bool:
    try:
        node = NamedNode(iri)
    except ValueError:
        return False
    return next(store.quads_for_pattern(node, None, None, None), None) is not None


def _is_a(store: Store, iri: str, wanted: str) -> bool:
    """Say whether a thing is of a class: asked of the store, so that no index is built for it."""
    answer = store.query(f"ASK {{ {NamedNode(iri)} a/<{RDFS}subClassOf>* {NamedNode(wanted)} }}")
    return bool(answer)


def _kinds_of(store: Store, iri: str) -> str:
    kinds = (quad.object for quad in store.quads_for_pattern(NamedNode(iri), NamedNode(RDF + "type"), None))
    found = sorted(kind.value for kind in kinds if isinstance(kind, NamedNode))
    return " and ".join(shorten(kind) or kind for kind in found) or "none"


def _offer(names: Names, things: Iterable[str]) -> str:
    return " or ".join(f"{shorten(thing) or thing} ({names.label(thing, ())})" for thing in things)
