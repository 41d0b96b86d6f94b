"""A difference as people are told it: by kind and thing, with names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final
from typing import Literal as OneOf

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Store, Triple

from cica_kg.blank_nodes import Term
from cica_kg.derive import add_labels
from cica_kg.description import Reference
from cica_kg.diff import Difference, Side, Subject, diff
from cica_kg.files import read_graph
from cica_kg.store import build_store, label_in
from cica_kg.vocabulary import KINDS, OWL, RDF, RDFS, TERMS_NAMESPACE, THINGS_NAMESPACE, shorten
from cica_kg.words import FOREIGN, spoken

How = OneOf["added", "removed", "changed", "renamed", "unchanged"]

_TYPE: Final = NamedNode(RDF + "type")
#: What a thing is and what it is called is told first.
_FIRST: Final = (RDF + "type", RDFS + "label")
#: Says to reasoners that a thing is one, and to people nothing.
_INDIVIDUAL: Final = OWL + "NamedIndividual"
#: A record belongs to its party, a claim to what it is about, a link to what it links.
_OWNERS: Final = ("party", "about", "linksThing")
#: What the names of records, claims and links are made of besides.
_NAMED_AFTER: Final = (
    *("inOrganization", "forPost", "ofMeasure", "atPlace", "linksTo"),
    *("onProperty", "claimedThing", "claimedValue"),
)
_NAMING: Final = frozenset(
    (
        RDF + "type",
        RDFS + "label",
        *(TERMS_NAMESPACE + name for name in ("shortName", *_OWNERS, *_NAMED_AFTER)),
    )
)


@dataclass(frozen=True)
class Value:
    """A value: its N-Triples term, its label or text, and the language (`""`: none) and datatype of text."""

    term: str
    label: str
    language: str
    datatype: str | None


@dataclass(frozen=True)
class FactChange:
    """A fact that was added (`old` is None), removed (`new` is None) or changed."""

    how: How
    property: Reference
    old: Value | None
    new: Value | None


@dataclass(frozen=True)
class ThingChange:
    """What changed of a thing.

    Attributes:
        how: `added` and `removed`: nothing was or is said of it elsewhere; `renamed`: it was called
            `old_thing`, and its facts are the same; `unchanged`: only its records changed.
        facts: the kind first, then names, then the others in the order of their properties.
        records: what belongs to it: records it is the party of, claims about it, its links.
    """

    thing: Reference
    how: How
    old_thing: Reference | None
    facts: tuple[FactChange, ...]
    records: tuple[ThingChange, ...]


@dataclass(frozen=True)
class KindChange:
    """The things of one kind that changed; `kind` is None for those that are of none."""

    kind: Reference | None
    things: tuple[ThingChange, ...]


@dataclass(frozen=True)
class Told:
    """What changed between two graphs.

    Attributes:
        old, new: what they are called.
        language: of headings; labels fall back on others.
        added, removed, changed: the number of facts.
        kinds: in the order of the kinds of things; what is no thing of a graph like ours stands last.
    """

    old: str
    new: str
    language: str
    added: int
    removed: int
    changed: int
    kinds: tuple[KindChange, ...]


def tell(old: Side, new: Side, languages: tuple[str, ...] = ("en",)) -> Told:
    """Compare two graphs and tell what changed.

    Args:
        old, new: as `cica_kg.diff.read_side` gives them.
        languages: of labels, best first; the first of en, ar and ru among them is that of headings.

    Raises:
        DataError: blank nodes are too much alike to be told apart.
    """
    found = diff(old.triples, new.triples)
    kinds = tuple(_Teller(old, new, found, languages).kinds()) if found else ()
    counts = (len(found.added), len(found.removed), len(found.changed))
    return Told(old.name, new.name, spoken(languages), *counts, kinds)


class _Teller:
    """Groups a difference. Names come from the new graph, else the old one, else the one of the package."""

    def __init__(self, old: Side, new: Side, found: Difference, languages: tuple[str, ...]) -> None:
        self._found = found
        self._sides = (new, old)
        self._languages = languages
        self.refer = cache(self._refer)
        self._store = cache(self._read)
        self._package = cache(read_graph)
        self._gone, self._new = frozenset(found.gone), frozenset(found.new)
        self._was: dict[Subject, Subject] = {pair.new: pair.old for pair in found.renamed}
        self._facts = self._by_subject()

    def kinds(self) -> Iterator[KindChange]:
        """Yield the kinds in their order."""
        records: defaultdict[Subject, list[Subject]] = defaultdict(list)
        things: set[Subject] = set()
        for subject in self._facts:
            owner = self._owner(subject)
            things.add(owner)
            if owner != subject:
                records[owner].append(subject)
        groups: defaultdict[tuple[int, bool, str], list[ThingChange]] = defaultdict(list)
        for subject in sorted(things, key=str):
            groups[self._place(subject)].append(self._thing(subject, records.get(subject, ())))
        for (_, _, kind), found in sorted(groups.items()):
            yield KindChange(self.refer(kind) if kind else None, tuple(found))

    def _by_subject(self) -> dict[Subject, list[FactChange]]:
        renamed = {subject for pair in self._found.renamed for subject in pair}
        found: dict[Subject, list[FactChange]] = {pair.new: [] for pair in self._found.renamed}
        facts = (
            *((triple.subject, triple.predicate, triple.object, None) for triple in self._found.removed),
            *((triple.subject, triple.predicate, None, triple.object) for triple in self._found.added),
            *self._found.changed,
        )
        for subject, property_, old, new in facts:
            if subject not in renamed:
                how: How = "added" if old is None else "removed" if new is None else "changed"
                fact = FactChange(how, self.refer(property_.value), self._value(old), self._value(new))
                found.setdefault(subject, []).append(fact)
        return found

    def _thing(self, subject: Subject, records: Iterable[Subject]) -> ThingChange:
        was = self._was.get(subject)
        how: How = "changed" if subject in self._facts else "unchanged"
        if was is not None:
            how = "renamed"
        elif subject in self._new:
            how = "added"
        elif subject in self._gone:
            how = "removed"
        return ThingChange(
            thing=self._subject(subject),
            how=how,
            old_thing=self._subject(was) if was is not None else None,
            facts=tuple(sorted(self._facts.get(subject, ()), key=_order)),
            records=tuple(self._thing(record, ()) for record in sorted(records, key=str)),
        )

    def _owner(self, subject: Subject) -> Subject:
        """Return the thing under which a subject is told: a record's, a blank node's, or itself."""
        owner, seen = subject, {subject}
        while (above := self._above(owner)) is not None:
            if above in seen:
                return subject
            seen.add(owner := above)
        return owner

    def _above(self, subject: Subject) -> Subject | None:
        for store in map(self._store, range(3)):
            if isinstance(subject, BlankNode):
                quads = store.quads_for_pattern(None, None, subject, None)
                if above := sorted({quad.subject for quad in quads}, key=str):
                    return above[0]
            for name in _OWNERS if isinstance(subject, NamedNode) else ():
                owner = NamedNode(TERMS_NAMESPACE + name)
                objects = {quad.object for quad in store.quads_for_pattern(subject, owner, None, None)}
                if above := sorted((each for each in objects if isinstance(each, NamedNode)), key=str):
                    return above[0]
        return None

    def _place(self, subject: Subject) -> tuple[int, bool, str]:
        """Return what a thing is sorted by: the kind in its IRI, and its class."""
        iri = subject.value if isinstance(subject, NamedNode) else ""
        before, _, local = iri.partition(THINGS_NAMESPACE)
        kind = "" if before else local.partition("/")[0]
        number = KINDS.index(kind) if kind in KINDS else len(KINDS)
        for store in map(self._store, range(3)):
            classes = (quad.object for quad in store.quads_for_pattern(subject, _TYPE, None, None))
            found = {each.value for each in classes if isinstance(each, NamedNode)} - {_INDIVIDUAL}
            if found:
                return number, False, min(found)
        return number, True, ""

    def _subject(self, subject: Subject) -> Reference:
        return self.refer(subject.value if isinstance(subject, NamedNode) else str(subject))

    def _value(self, term: Term | None) -> Value | None:
        if term is None:
            return None
        if isinstance(term, Literal):
            return Value(str(term), term.value, term.language or "", term.datatype.value)
        label = self.refer(term.value).label if isinstance(term, NamedNode) else str(term)
        return Value(str(term), label, "", None)

    def _refer(self, iri: str) -> Reference:
        return Reference(iri, shorten(iri), self._label(iri) or shorten(iri) or iri)

    def _label(self, iri: str) -> str | None:
        if iri.startswith(("_:", "<<")):
            return None
        if iri in FOREIGN:
            return next(FOREIGN[iri][each] for each in (*self._languages, "en") if each in FOREIGN[iri])
        found = (label_in(self._store(number), iri, self._languages) for number in range(3))
        return next((label[0] for label in found if label is not None), None)

    def _read(self, number: int) -> Store:
        """Return what names the new graph (0), the old one (1), or all that is known (2).

        Terms, patterns of labels and the rules that fill them come from the package where a graph has none.
        """
        package = self._package()
        sides = self._sides[number : number + 1] or self._sides
        ontology = next((side.ontology for side in sides if side.ontology), package.ontology)
        store = build_store((*ontology, *(package.data if number == 2 else ())))
        for side in sides:
            naming = (triple for triple in side.triples if _names(triple))
            store.extend(Quad(*triple) for triple in naming)
        add_labels(store, package)
        return store


def _names(triple: Triple) -> bool:
    """Whether a triple has a part in how things are called and where they are told."""
    return triple.predicate.value in _NAMING or isinstance(triple.object, BlankNode)


def _order(fact: FactChange) -> tuple[int, str, str, str]:
    iri = fact.property.iri
    old, new = (value.term if value else "" for value in (fact.old, fact.new))
    return _FIRST.index(iri) if iri in _FIRST else len(_FIRST), iri, old, new
