"""What is known of a thing: its names, what it is at the reference date, its relations in order of time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal, NamedNode, Store

from cica_kg.dates import day
from cica_kg.derive import known_until
from cica_kg.description import (
    ClaimNote,
    Description,
    Fact,
    LinkNote,
    Mention,
    Reference,
    Relation,
    SourceNote,
    View,
)
from cica_kg.reading import Reader
from cica_kg.vocabulary import (
    CICA,
    DCTERMS,
    FOAF,
    OWL,
    RDF,
    RDFS,
    RECORDS,
    SKOS,
    TERMS_NAMESPACE,
    THINGS_NAMESPACE,
    WIKIDATA,
)
from cica_kg.words import duration, when

if TYPE_CHECKING:
    from cica_kg.claims import Judged

_NAMES: Final = (RDFS + "label", CICA.shortName, CICA.officialName, SKOS + "altLabel")
_CODES: Final = tuple(TERMS_NAMESPACE + name for name in ("isoAlpha2", "isoAlpha3", "isoNumeric", "m49"))
_NOTES: Final = (SKOS + "definition", SKOS + "scopeNote", SKOS + "note")
_SOURCE: Final = TERMS_NAMESPACE + "source"
_BOUNDS: Final = (
    CICA.startEarliest,
    CICA.startLatest,
    CICA.endEarliest,
    CICA.endLatest,
    CICA.ongoingEarliest,
)
_PERIOD: Final = (CICA.start, CICA.end, CICA.ongoingAsOf, CICA.date)
#: Told in a part of its own, or derived from what is told.
_TOLD: Final = frozenset(
    (
        *_NAMES,
        *_CODES,
        *_NOTES,
        *_BOUNDS,
        *_PERIOD,
        _SOURCE,
        SKOS + "notation",
        SKOS + "exactMatch",
        RDF + "type",
        RDFS + "isDefinedBy",
        TERMS_NAMESPACE + "labelPattern",
    )
)
_DATED: Final = frozenset(
    (TERMS_NAMESPACE + "established", CICA.knownUntil, TERMS_NAMESPACE + "asOf", DCTERMS + "date")
)
_LANGUAGE_ORDER: Final = ("en", "ar", "ru")
#: The parts in which the things are told that refer to this one, each with the class of what belongs there.
_PARTS: Final = ("events", "bodies", "documents", "others")


def describe(store: Store, iri: str, at: date, languages: Sequence[str] = ("en",)) -> Description:
    """Return what `store` knows of a thing.

    Args:
        store: with the views of the reference date.
        iri: the thing; one that the store does not know gives an empty description.
        at: the reference date.
        languages: of labels, best first; the first of en, ar and ru among them is that of headings and dates.
    """
    return _Describer(store, iri, tuple(languages)).describe(at)


class _Describer(Reader):
    """Reads what is said of one thing."""

    def __init__(self, store: Store, iri: str, languages: tuple[str, ...]) -> None:
        super().__init__(store, languages)
        self._iri = iri
        self._sources: dict[str, int] = {}
        self._views = dict(self._view_properties())

    def describe(self, at: date) -> Description:
        own = self.by_property(self._iri)
        self._number(own.get(_SOURCE, ()))
        mentions = self._mentions()
        self._judged = self._judge(mentions["claims"], at)
        relations = tuple(self._relation(iri, how) for iri, how in self._in_time(mentions["relations"]))
        start, end, ongoing = self.dates(self._iri)
        others = {part: self._told(mentions[part]) for part in _PARTS}
        return Description(
            thing=self.refer(self._iri),
            kinds=self.kinds(self._iri),
            at=at.isoformat(),
            language=self.language,
            when=self.when(start, end, ongoing),
            names=tuple(name for property_ in _NAMES for name in self.texts(self._iri, property_)),
            codes=tuple(self._facts(own, (*_CODES, SKOS + "notation"))),
            now=self._now(own),
            facts=tuple(self._facts(own, [p for p in own if p not in _TOLD and p not in self._views])),
            relations=relations,
            links=self._links(),
            claims=tuple(self._claim(iri) for iri in mentions["claims"]),
            notes=tuple(note for property_ in _NOTES for note in self.texts(self._iri, property_)),
            sources=tuple(self._source(iri) for iri in self._sources),
            **others,
        )

    def _view_properties(self) -> Iterator[tuple[str, bool]]:
        """Yield the direct relations, each with whether it says “surely”."""
        for name, surely in (("viewedAs", True), ("possiblyViewedAs", False)):
            property_ = NamedNode(TERMS_NAMESPACE + name)
            for quad in self.store.quads_for_pattern(None, property_, None, None):
                view = quad.object
                if not isinstance(view, NamedNode):
                    continue
                yield view.value, surely
                inverse = NamedNode(OWL + "inverseOf")
                for other in self.store.quads_for_pattern(view, inverse, None, None):
                    yield str(other.object)[1:-1], surely
                for other in self.store.quads_for_pattern(None, inverse, view, None):
                    yield str(other.subject)[1:-1], surely

    def _now(self, own: dict[str, list[NamedNode | Literal]]) -> tuple[View, ...]:
        views = []
        for property_ in sorted(own, key=lambda p: (not self._views.get(p, True), p)):
            if property_ in self._views:
                things = sorted((self.refer(o.value) for o in own[property_]), key=lambda r: (r.label, r.iri))
                views.append(View(self.refer(property_), self._views[property_], tuple(things)))
        return tuple(views)

    def _facts(self, own: dict[str, list[NamedNode | Literal]], wanted: Iterable[str]) -> Iterator[Fact]:
        for property_ in wanted:
            if values := own.get(property_):
                yield Fact(self.refer(property_), tuple(self._shown(property_, value) for value in values))

    def _shown(self, property_: str, value: NamedNode | Literal) -> Reference | str:
        if isinstance(value, NamedNode):
            return self.refer(value.value)
        if property_ in _DATED:
            return when(value.value, self.language)
        if property_ == TERMS_NAMESPACE + "meetsEvery":
            return duration(value.value, self.language)
        return value.value

    def _mentions(self) -> dict[str, dict[str, list[str]]]:
        """Return what refers to the thing: part → IRI → the properties by which it does."""
        found: dict[str, dict[str, list[str]]] = {part: {} for part in (*_PARTS, "relations", "claims")}
        quads = self.store.quads_for_pattern(None, None, NamedNode(self._iri), None)
        for quad in sorted(quads, key=lambda quad: (str(quad.subject), quad.predicate.value)):
            subject, property_ = quad.subject, quad.predicate.value
            if not isinstance(subject, NamedNode) or property_ in self._views:
                continue
            part = self._part(subject.value, property_)
            if part:
                found[part].setdefault(subject.value, []).append(property_)
        return found

    def _part(self, subject: str, property_: str) -> str | None:
        if not subject.startswith(THINGS_NAMESPACE):
            # Terms refer to a term; the links of other graphs and the graph itself say nothing about things.
            return "others" if subject.startswith(TERMS_NAMESPACE) else None
        kind = subject[len(THINGS_NAMESPACE) :].partition("/")[0]
        if kind == "claim":
            return "claims" if property_ != TERMS_NAMESPACE + "verdict" else "others"
        if kind == "link":
            return None
        if property_ in (_SOURCE, RDF + "type"):
            return "others"
        parts = {"meeting": "events", "milestone": "events", "body": "bodies", "document": "documents"}
        if kind in RECORDS:
            return "relations"
        return parts.get(kind, "others")

    def _in_time(self, mentions: dict[str, list[str]]) -> list[tuple[str, list[str]]]:
        """Order by the bounds of time, undated last; then by label and IRI."""

        def place(item: tuple[str, list[str]]) -> tuple[str, str, str, str]:
            first = self.value(item[0], CICA.startEarliest) or "9999"
            last = self.value(item[0], CICA.startLatest) or "9999"
            return first, last, self.refer(item[0]).label, item[0]

        return sorted(mentions.items(), key=place)

    def _relation(self, iri: str, how: list[str]) -> Relation:
        own = self.by_property(iri)
        start, end, ongoing = self.dates(iri)
        wanted = [p for p in own if p not in _TOLD and p not in how]
        return Relation(
            record=self.refer(iri),
            kind=next(iter(self.kinds(iri)), self.refer(TERMS_NAMESPACE + "Relationship")),
            part=tuple(self.refer(property_) for property_ in how),
            when=self.when(start, end, ongoing),
            start=start,
            end=end,
            ongoing_as_of=ongoing,
            facts=tuple(self._facts(own, wanted)),
            sources=self._number(own.get(_SOURCE, ())),
            notes=tuple(self.texts(iri, SKOS + "note")),
        )

    def _told(self, mentions: dict[str, list[str]]) -> tuple[Mention, ...]:
        status = TERMS_NAMESPACE + "status"
        return tuple(
            Mention(
                thing=self.refer(iri),
                kind=next(iter(self.kinds(iri)), self.refer(RDFS + "Resource")),
                how=tuple(self.refer(property_) for property_ in how),
                when=self.when(*self.dates(iri)),
                facts=tuple(self._facts(self.by_property(iri), (status,))),
            )
            for iri, how in self._in_time(mentions)
        )

    def _number(self, sources: Iterable[NamedNode | Literal]) -> tuple[int, ...]:
        """Give each source its number in the list of sources."""
        return tuple(self._sources.setdefault(node.value, len(self._sources) + 1) for node in sources)

    def _source(self, iri: str) -> SourceNote:
        reliability = self.value(iri, TERMS_NAMESPACE + "reliability")
        written = self.value(iri, DCTERMS + "date")
        return SourceNote(
            source=self.refer(iri),
            title=self.refer(iri).label,
            publisher=self.value(iri, DCTERMS + "publisher"),
            date=when(written, self.language) if written else None,
            reliability=self.refer(reliability) if reliability else None,
            page=self.value(iri, FOAF + "page"),
        )

    def _links(self) -> tuple[LinkNote, ...]:
        """Return the links to other authorities, Wikidata first."""
        found = self.values(self._iri, SKOS + "exactMatch")
        return tuple(
            map(self._link, sorted(found, key=lambda target: (not target.startswith(WIKIDATA), target)))
        )

    def _link(self, target: str) -> LinkNote:
        property_ = NamedNode(TERMS_NAMESPACE + "linksTo")
        evidence: list[str] = []
        method = checked = None
        for quad in self.store.quads_for_pattern(None, property_, NamedNode(target), None):
            link = str(quad.subject)[1:-1]
            if self.value(link, TERMS_NAMESPACE + "linksThing") == self._iri:
                evidence += self.values(link, TERMS_NAMESPACE + "evidence")
                method = self.value(link, TERMS_NAMESPACE + "method")
                checked = self.value(link, TERMS_NAMESPACE + "checkedOn")
        return LinkNote(target, tuple(evidence), method, when(checked, self.language) if checked else None)

    def _judge(self, claims: Iterable[str], at: date) -> dict[str, Judged]:
        """Return the verdicts by claim; where there is none to judge, the rules are not even loaded."""
        wanted = set(claims)
        until = known_until(self.store)
        if not wanted or until is None:
            return {}
        from cica_kg.claims import judge_claims

        judged = judge_claims(self.store, at, day(until))
        return {each.claim: each for each in judged if each.claim in wanted}

    def _claim(self, iri: str) -> ClaimNote:
        own = self.by_property(iri)

        def thing(name: str) -> Reference | None:
            value = next(iter(own.get(TERMS_NAMESPACE + name, ())), None)
            return self.refer(value.value) if value is not None else None

        judged = self._judged.get(iri)
        since = judged.since.isoformat() if judged and judged.since else None
        value = self.value(iri, TERMS_NAMESPACE + "claimedValue")
        as_of = self.value(iri, TERMS_NAMESPACE + "asOf")
        return ClaimNote(
            claim=self.refer(iri),
            about=thing("about"),
            property=thing("onProperty"),
            value=value if value is not None else thing("claimedThing"),
            as_of=when(as_of, self.language) if as_of else None,
            made_in=thing("madeIn"),
            locators=tuple(self.values(iri, TERMS_NAMESPACE + "locator")),
            verdict=self.refer(f"{THINGS_NAMESPACE}category/verdict-{judged.verdict}") if judged else None,
            since=when(since, self.language) if since else None,
            decided_by=judged.decided_by if judged else None,
            disagrees_with=tuple(self.refer(o.value) for o in own.get(TERMS_NAMESPACE + "disagreesWith", ())),
        )
