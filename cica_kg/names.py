"""The index of all names of a store, in folded spelling.

It is plain Python: a dict, two sorted lists and one text of all words, each built when first needed. Its
slowest search of 100,000 names takes a few milliseconds, where SQLite's FTS5 trigrams have to sort all that
matches before they can rank it and take up to thirty (`tests/benchmarks/find.py`). No thread owns it.
"""

from __future__ import annotations

import heapq
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property, lru_cache
from typing import Final, NamedTuple

from pyoxigraph import Literal, NamedNode, Store

from cica_kg.folding import fold, is_plain, key, typos, typos_allowed
from cica_kg.vocabulary import (
    CICA,
    GRAPH,
    OWL,
    PREFIXES,
    RDF,
    RDFS,
    RECORDS,
    SKOS,
    TERMS_NAMESPACE,
    THINGS_NAMESPACE,
    WIKIDATA,
    shorten,
)
from cica_kg.words import FOREIGN

#: Why a thing was found, best first.
MATCHES: Final = ("exact", "folded", "prefix", "word", "substring", "typo")

#: What names a thing, the best name first.
_NAMING: Final = (
    RDFS + "label",
    CICA.shortName,
    CICA.officialName,
    SKOS + "altLabel",
    CICA.isoAlpha3,
    CICA.isoAlpha2,
    TERMS_NAMESPACE + "isoNumeric",
    TERMS_NAMESPACE + "m49",
    SKOS + "notation",
)
#: What stands behind the things themselves: records of them and what is said of them.
_BEHIND: Final = frozenset((*RECORDS, "source", "claim", "link"))
_THING, _RECORD, _TERM = range(3)
_FOREIGN_KINDS: Final = (
    OWL + "Class",
    OWL + "ObjectProperty",
    OWL + "DatatypeProperty",
    OWL + "AnnotationProperty",
    SKOS + "ConceptScheme",
)
#: Fewer letters than this are looked for only at the beginning of names and as words: within words they
#: would find nearly everything. Scripts without spaces (from here on: Chinese and others) are exempt.
_SHORTEST_PART: Final = 3
_UNSPACED: Final = "\u2e80"
_FEW: Final = 100


class Name(NamedTuple):
    """One name of one thing; `order` puts things before records, records before terms."""

    order: int
    folded: str
    thing: str
    text: str
    language: str


class Names:
    """All names of one store, ready for searching.

    Args:
        rows: the names, in any order.
        kinds: thing → its classes.
        parents: class → the classes it is a subclass of.
        labels: IRI → language → label.
    """

    def __init__(
        self,
        rows: Iterable[Name],
        kinds: dict[str, list[str]],
        parents: dict[str, set[str]],
        labels: dict[str, dict[str, str]],
    ) -> None:
        """Sort the names: the order decides between names that match equally well."""
        self.rows = sorted(rows, key=lambda name: (name.order, len(name.folded), name))
        self._kinds = kinds
        self._parents = parents
        self._labels = labels
        self._by_key: dict[str, list[int]] = {}
        for number, name in enumerate(self.rows):
            self._by_key.setdefault(key(name.folded), []).append(number)

    @cached_property
    def _sorted(self) -> list[tuple[str, int]]:
        return sorted((name.folded, number) for number, name in enumerate(self.rows))

    @cached_property
    def _words(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for number, name in enumerate(self.rows):
            for word in set(name.folded.split()):
                found.setdefault(word, []).append(number)
        return found

    @cached_property
    def _vocabulary(self) -> list[str]:
        return sorted(self._words)

    @cached_property
    def _backwards(self) -> list[str]:
        return sorted(word[::-1] for word in self._words)

    @cached_property
    def _word_text(self) -> str:
        return "\n" + "\n".join(self._vocabulary) + "\n"

    def prepare(self) -> None:
        """Build every part of the index now; otherwise each is built when first needed."""
        _ = self._sorted, self._backwards, self._word_text

    def called(self, text: str) -> list[str]:
        """Return the things that `text` names, as `resolve` understands it."""
        rows = [self.rows[number] for number in self._by_key.get(key(fold(text)), ())]
        same = [name for name in rows if _written(name.text) == _written(text)]
        rows = same if same and not is_plain(text) else rows
        first = min((name.order for name in rows), default=None)
        return list(dict.fromkeys(name.thing for name in rows if name.order == first))

    def matches(self, text: str) -> Iterator[tuple[str, int, Name]]:
        """Yield (match, number of typos, name), best first; a thing may come more than once."""
        folded = fold(text)
        words = folded.split()
        if (iri := iri_of(text.strip())) in self._kinds and (order := _order(iri)) is not None:
            yield "exact", 0, Name(order, folded, iri, shorten(iri) or iri, "")
        for match, numbers in self._stages(text, folded, words):
            for number in numbers:
                yield match, 0, self.rows[number]
        # A thing that is called exactly so leaves nothing to guess.
        if words and not any(self.rows[n].order == _THING for n in self._by_key.get(key(folded), ())):
            for distance, number in self._misspelt(words):
                yield "typo", distance, self.rows[number]

    def _stages(self, text: str, folded: str, words: list[str]) -> Iterator[tuple[str, Iterable[int]]]:
        equal = self._by_key.get(key(folded), []) if folded else []
        written = _written(text)
        yield "exact", [n for n in equal if _written(self.rows[n].text) == written]
        if not words:
            return
        yield "folded", equal
        begin = bisect_left(self._sorted, (folded,))
        end = bisect_left(self._sorted, (folded + "\U0010ffff",))
        yield "prefix", _ascending([number for _, number in self._sorted[begin:end]])
        yield "word", self._with_words(words)
        yield "substring", self._with_parts(words)

    def _with_words(self, words: list[str]) -> Iterator[int]:
        """Yield the names that have all `words`, in any order."""
        rarest = min((self._words.get(word, []) for word in words), key=len)
        for number in rarest:
            folded = f" {self.rows[number].folded} "
            if all(f" {word} " in folded for word in words):
                yield number

    def _with_parts(self, words: list[str]) -> Iterator[int]:
        """Yield the names in which every one of `words` is a part of some word."""
        if all(len(word) < _SHORTEST_PART and word < _UNSPACED for word in words):
            return
        parts = [[self._words[found] for found in self._containing(word)] for word in words]
        if len(parts) == 1:
            yield from heapq.merge(*parts[0])  # lazily: most callers stop after a few
            return
        parts.sort(key=lambda lists: sum(map(len, lists)))
        numbers = set().union(*parts[0])
        for lists in parts[1:]:
            numbers &= set().union(*lists) if numbers else set()
        yield from sorted(numbers)

    def _containing(self, part: str) -> list[str]:
        """Return the words that contain `part`, by one search through the text of all words."""
        text = self._word_text
        found = []
        place = text.find(part)
        while place >= 0:
            begin, end = text.rfind("\n", 0, place) + 1, text.find("\n", place)
            found.append(text[begin:end])
            place = text.find(part, end)
        return found

    def _misspelt(self, words: list[str]) -> list[tuple[int, int]]:
        """Return (typos, name) for the names in which each of `words` stands, give or take a typo."""
        near = [self._near(word) for word in words]
        rarest = min(near, key=lambda found: sum(len(self._words[word]) for word in found))
        numbers = {number for word in rarest for number in self._words[word]}
        found = []
        for number in numbers:
            folded = f" {self.rows[number].folded} "
            each = [
                min((n for word, n in some.items() if f" {word} " in folded), default=None) for some in near
            ]
            known = [n for n in each if n is not None]
            if len(known) == len(near):
                found.append((sum(known), number))
        return sorted(found)

    def _near(self, word: str) -> dict[str, int]:
        """Return the known words that `word` may be a misspelling of, with the number of typos.

        Cut into one piece more than there may be typos, one piece is whole in what was meant: at its
        beginning, at its end, or (of three pieces) somewhere in it. Only a swap across a cut spoils two
        pieces, so the word with that swap undone is cut as well.
        """
        most = typos_allowed(word)
        if not most:
            return {word: 0} if word in self._words else {}
        cuts = [len(word) * n // (most + 1) for n in range(1, most + 1)]
        swapped = [word[: cut - 1] + word[cut] + word[cut - 1] + word[cut + 1 :] for cut in cuts]
        candidates: set[str] = set()
        for form in (word, *swapped):
            candidates.update(_starting(self._vocabulary, form[: cuts[0]]))
            candidates.update(other[::-1] for other in _starting(self._backwards, form[cuts[-1] :][::-1]))
            if most > 1:
                candidates.update(self._containing(form[cuts[0] : cuts[1]]))
        near = {other: typos(word, other, most) for other in candidates}
        return {other: count for other, count in near.items() if count is not None}

    def kind(self, thing: str) -> str:
        """Return the class of a thing (the first by IRI, where it has several), or an empty text."""
        return min(self._kinds.get(thing, ()), default="")

    def is_a(self, thing: str, wanted: str) -> bool:
        """Say whether `thing` is of class `wanted` or of a subclass of it."""
        open_, seen = list(self._kinds.get(thing, ())), set[str]()
        while open_:
            kind = open_.pop()
            if kind == wanted:
                return True
            if kind not in seen:
                seen.add(kind)
                open_ += self._parents.get(kind, ())
        return False

    def label(self, iri: str, languages: Sequence[str]) -> str:
        """Return the label of `iri` in the first of `languages` that has one, else in a fixed order."""
        labels = self._labels.get(iri) or FOREIGN.get(iri) or {}
        for language in (*languages, "en", "ar", "ru", *sorted(labels)):
            if language in labels:
                return labels[language]
        return shorten(iri) or iri


@lru_cache(maxsize=4)  # of stores, which compare by identity; a store does not change once a graph is loaded
def read_names(store: Store) -> Names:
    """Read the names out of a store: some 15 ms for the graph that comes with the package."""
    kinds: dict[str, list[str]] = {}
    for thing, kind in _pairs(store, RDF + "type"):
        if kind.startswith(TERMS_NAMESPACE) or kind in _FOREIGN_KINDS:
            kinds.setdefault(thing, []).append(kind)
    parents: dict[str, set[str]] = {}
    for narrow, wide in _pairs(store, RDFS + "subClassOf"):
        parents.setdefault(narrow, set()).add(wide)
    labels: dict[str, dict[str, str]] = {}
    rows: dict[tuple[str, str], Name] = {}

    def add(thing: str, text: str, language: str) -> None:
        order = _order(thing)
        if order is not None and thing in kinds and (thing, text) not in rows:
            rows[thing, text] = Name(order, fold(text), thing, text, language)

    for property_ in _NAMING:
        # In a fixed order, so that of two equal names the same one is kept each time.
        for thing, language, text in sorted(_literals(store, property_)):
            if property_ == _NAMING[0]:
                labels.setdefault(thing, {})[language] = text
            add(thing, text, language)
    for thing, target in sorted(_pairs(store, SKOS + "exactMatch")):
        if target.startswith(WIKIDATA):
            add(thing, target.removeprefix(WIKIDATA), "")
    return Names(rows.values(), kinds, parents, labels)


def _pairs(store: Store, property_: str) -> Iterator[tuple[str, str]]:
    for quad in store.quads_for_pattern(None, NamedNode(property_), None, None):
        subject, value = quad.subject, quad.object
        if isinstance(subject, NamedNode) and isinstance(value, NamedNode):
            yield subject.value, value.value


def _literals(store: Store, property_: str) -> Iterator[tuple[str, str, str]]:
    for quad in store.quads_for_pattern(None, NamedNode(property_), None, None):
        subject, value = quad.subject, quad.object
        if isinstance(subject, NamedNode) and isinstance(value, Literal):
            yield subject.value, value.language or "", value.value


def _order(iri: str) -> int | None:
    if iri.startswith(THINGS_NAMESPACE):
        return _RECORD if iri[len(THINGS_NAMESPACE) :].partition("/")[0] in _BEHIND else _THING
    if iri == GRAPH:
        return _RECORD
    return _TERM if iri.startswith(TERMS_NAMESPACE) else None


def _ascending(numbers: list[int]) -> Iterator[int]:
    """Yield `numbers` in order; few are taken of many, so the first come without sorting all."""
    yield from heapq.nsmallest(_FEW, numbers)
    if len(numbers) > _FEW:
        yield from sorted(numbers)[_FEW:]


def _starting(words: list[str], begin: str) -> list[str]:
    return words[bisect_left(words, begin) : bisect_left(words, begin + "\U0010ffff")]


def _written(text: str) -> str:
    """Return `text` as it is written, without differences that cannot be seen."""
    return unicodedata.normalize("NFC", " ".join(text.split()))


def iri_of(text: str) -> str:
    """Return the IRI of a prefixed name, or `text` as it is."""
    prefix, colon, local = text.partition(":")
    if colon and prefix in PREFIXES:
        return PREFIXES[prefix] + local
    return text[1:-1] if text.startswith("<") and text.endswith(">") else text
