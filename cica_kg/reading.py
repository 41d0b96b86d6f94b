"""Reads things out of a store: their labels, values, kinds and dates, in the wanted languages."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad, Store

from cica_kg.description import Reference, Text
from cica_kg.vocabulary import CICA, OWL, RDF, RDFS, TERMS_NAMESPACE, shorten
from cica_kg.words import FOREIGN, period, spoken, when

_LANGUAGE_ORDER: Final = ("en", "ar", "ru")


class Reader:
    """Reads a store. Labels are looked up once."""

    def __init__(self, store: Store, languages: tuple[str, ...]) -> None:
        """Take a store and the languages of labels, best first."""
        self.store = store
        self.languages = languages
        self.language = spoken(languages)
        self.refer = cache(self._refer)

    def by_property(self, iri: str) -> dict[str, list[NamedNode | Literal]]:
        """Return what a thing says, by property; both properties and values in a fixed order."""
        found: dict[str, list[NamedNode | Literal]] = {}
        quads = self.store.quads_for_pattern(NamedNode(iri), None, None, None)
        for quad in sorted(quads, key=lambda quad: (quad.predicate.value, str(quad.object))):
            if isinstance(quad.object, NamedNode | Literal):
                found.setdefault(quad.predicate.value, []).append(quad.object)
        return found

    def _quads(self, iri: str, property_: str) -> Iterator[Quad]:
        return self.store.quads_for_pattern(NamedNode(iri), NamedNode(property_), None, None)

    def values(self, iri: str, property_: str) -> list[str]:
        """Return the IRIs and texts that a property of a thing has, sorted."""
        objects = (quad.object for quad in self._quads(iri, property_))
        return sorted(value.value for value in objects if isinstance(value, NamedNode | Literal))

    def value(self, iri: str, property_: str) -> str | None:
        """Return the first of `values`, or None."""
        return next(iter(self.values(iri, property_)), None)

    def texts(self, iri: str, property_: str) -> list[Text]:
        """Return the texts of a property, those in the wanted languages first."""
        about = self.refer(property_)
        objects = (quad.object for quad in self._quads(iri, property_))
        texts = [Text(o.value, o.language or "", about) for o in objects if isinstance(o, Literal)]
        order = (*self.languages, *_LANGUAGE_ORDER)

        def place(text: Text) -> tuple[int, str, str]:
            known = order.index(text.language) if text.language in order else len(order)
            return known, text.language, text.text

        return sorted(texts, key=place)

    def _refer(self, iri: str) -> Reference:
        texts = self._texts_of_label(iri)
        order = (*self.languages, *_LANGUAGE_ORDER, *sorted(texts))
        label = next((texts[language] for language in order if language in texts), None)
        return Reference(iri, shorten(iri), label or self._claim_label(iri) or shorten(iri) or iri)

    def _claim_label(self, iri: str) -> str | None:
        """Name a claim by what it says."""
        about, property_ = (self.value(iri, TERMS_NAMESPACE + name) for name in ("about", "onProperty"))
        value, thing = (self.value(iri, TERMS_NAMESPACE + name) for name in ("claimedValue", "claimedThing"))
        # A claim about a claim would be named without end.
        if (
            about is None
            or property_ is None
            or any("/id/claim/" in (other or "") for other in (about, thing))
        ):
            return None
        said = value if value is not None else self.refer(thing).label if thing else ""
        return " – ".join((self.refer(about).label, self.refer(property_).label, said))

    def _texts_of_label(self, iri: str) -> dict[str, str]:
        objects = (quad.object for quad in self._quads(iri, RDFS + "label"))
        labels = {o.language or "": o.value for o in objects if isinstance(o, Literal)}
        return labels or FOREIGN.get(iri, {})

    def kinds(self, iri: str) -> tuple[Reference, ...]:
        """Return the classes of a thing."""
        kinds = self.values(iri, RDF + "type")
        # What OWL says of an individual or a property (functional, symmetric …) is no kind of thing.
        own = [kind for kind in kinds if not kind.startswith(OWL) or kind in FOREIGN]
        return tuple(self.refer(kind) for kind in own)

    def dates(self, iri: str) -> tuple[str | None, str | None, str | None]:
        """Return start, end and “ongoing as of” as EDTF texts; one date is start and end."""
        single = self.value(iri, CICA.date)
        if single is not None:
            return single, single, None
        return self.value(iri, CICA.start), self.value(iri, CICA.end), self.value(iri, CICA.ongoingAsOf)

    def when(self, start: str | None, end: str | None, ongoing: str | None) -> str:
        """Tell the dates of a thing in words."""
        if start is not None and start == end:
            return when(start, self.language)
        return period(start, end, ongoing, self.language)
