"""Synthetic graphs of Wikidata: what it could look like, not what it says.

`World` puts items, statements and properties together; `tests.wikidata.mirror` makes one that says what our
own graph says. The shape is that of Special:EntityData; `munged` gives the one that query services load.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from pyoxigraph import NamedNode, Quad, Store, Triple

from cica_kg.wikidata.gather import SYNTHETIC
from cica_kg.wikidata.ours import STAND_IN
from tests.wikidata import shape
from tests.wikidata.shape import (
    DERIVED,
    PROP,
    STATEMENT,
    Snak,
    Snaks,
    Time,
    Value,
    entity,
    munged,
    named,
    wikibase,
)

__all__ = ["CICA_ITEM", "OBSERVER", "SECRETARY_GENERAL", "Snak", "Statement", "Time", "World", "munged"]

#: The stand-in for CICA's item: its real number is not known.
CICA_ITEM: Final = STAND_IN
#: Stand-ins for properties whose numbers are not evidenced: programs find them by their labels.
OBSERVER: Final = "P90000001"
SECRETARY_GENERAL: Final = "P90000002"

#: The names of the properties that we read, as Wikidata's editors have them; and their kinds of values.
PROPERTIES: Final = {
    "P17": ("country", "WikibaseItem"),
    "P30": ("continent", "WikibaseItem"),
    "P31": ("instance of", "WikibaseItem"),
    "P36": ("capital", "WikibaseItem"),
    "P143": ("imported from Wikimedia project", "WikibaseItem"),
    "P159": ("headquarters location", "WikibaseItem"),
    "P248": ("stated in", "WikibaseItem"),
    "P297": ("ISO 3166-1 alpha-2 code", "ExternalId"),
    "P298": ("ISO 3166-1 alpha-3 code", "ExternalId"),
    "P299": ("ISO 3166-1 numeric code", "ExternalId"),
    "P355": ("has subsidiary", "WikibaseItem"),
    "P361": ("part of", "WikibaseItem"),
    "P463": ("member of", "WikibaseItem"),
    "P488": ("chairperson", "WikibaseItem"),
    "P527": ("has part(s)", "WikibaseItem"),
    "P571": ("inception", "Time"),
    "P576": ("dissolved, abolished or demolished date", "Time"),
    "P580": ("start time", "Time"),
    "P582": ("end time", "Time"),
    "P813": ("retrieved", "Time"),
    "P854": ("reference URL", "Url"),
    "P1566": ("GeoNames ID", "ExternalId"),
    "P1476": ("title", "Monolingualtext"),
    "P2082": ("M49 code", "ExternalId"),
    "P2868": ("subject has role", "WikibaseItem"),
    "P3831": ("object of statement has role", "WikibaseItem"),
    OBSERVER: ("official observer status in organisation", "WikibaseItem"),
    SECRETARY_GENERAL: ("secretary general", "WikibaseItem"),
}


@dataclass
class Statement:
    """A statement as an editor sees it; its fields may be changed before `World.triples`."""

    iri: str
    item: str
    property: str
    value: Value
    rank: str = "Normal"
    qualifiers: dict[str, list[Value]] = field(default_factory=dict)
    references: list[dict[str, list[Value]]] = field(default_factory=list)


@dataclass
class _Item:
    labels: Mapping[str, str]
    aliases: Mapping[str, Iterable[str]]
    descriptions: Mapping[str, str]
    sitelinks: Mapping[str, str]
    revision: int


class World:
    """Builds a graph; every change is possible until `triples` is called, and after it too."""

    def __init__(self) -> None:
        self.items: dict[str, _Item] = {}
        self.statements: list[Statement] = []
        self.redirects: dict[str, str] = {}
        self.properties = dict(PROPERTIES)

    def item(
        self,
        number: str,
        labels: Mapping[str, str],
        *,
        aliases: Mapping[str, Iterable[str]] | None = None,
        descriptions: Mapping[str, str] | None = None,
        sitelinks: Mapping[str, str] | None = None,
        revision: int = 1,
    ) -> World:
        """Add an item, or put it in place of the one of that number.

        Args:
            number: `Q232`.
            labels, descriptions: language → text; the language may be `mul`.
            aliases: language → texts.
            sitelinks: language of the Wikipedia → title of the page.
            revision: its `schema:version`.
        """
        self.items[number] = _Item(labels, aliases or {}, descriptions or {}, sitelinks or {}, revision)
        return self

    def state(
        self,
        item: str,
        property_: str,
        value: Value,
        *,
        rank: str = "Normal",
        qualifiers: Snaks | None = None,
        references: Iterable[Snaks] = (),
        guid: str | None = None,
    ) -> Statement:
        """Add a statement and return it.

        Args:
            item: on which item.
            property_: `P463`.
            value: of the statement.
            rank: Normal, Preferred or Deprecated.
            qualifiers: property → values.
            references: one property → values each.
            guid: what stands behind SYNTH- in its IRI; else one is made of item and number.
        """
        count = sum(statement.item == item for statement in self.statements)
        made = Statement(
            STATEMENT + (guid or f"{item}-{count + 1:04}"),
            item,
            property_,
            value,
            rank,
            {name: list(values) for name, values in (qualifiers or {}).items()},
            [{name: list(values) for name, values in each.items()} for each in references],
        )
        self.statements.append(made)
        return made

    def redirect(self, old: str, new: str) -> World:
        """Let `old` be merged into `new`: what it said is gone, or stands on the new item."""
        self.items.pop(old, None)
        self.statements = [statement for statement in self.statements if statement.item != old]
        self.redirects[old] = new
        return self

    def delete(self, number: str) -> World:
        """Let an item be deleted with all it says."""
        self.items.pop(number, None)
        self.statements = [statement for statement in self.statements if statement.item != number]
        return self

    def triples(self) -> list[Triple]:
        """Return the graph in the full shape, each triple once, in a fixed order."""
        found: dict[Triple, None] = {}
        for number, item in self.items.items():
            found.update(dict.fromkeys(shape.item(number, **vars(item))))
        best = self._best()
        for statement in self.statements:
            is_best = statement.rank == best[statement.item, statement.property]
            found.update(dict.fromkeys(_statement(statement, is_best)))
        for old, new in self.redirects.items():
            found[Triple(entity(old), named("owl:sameAs"), entity(new))] = None
        for number, (label, kind) in self.properties.items():
            found.update(dict.fromkeys(shape.property_(number, label, kind)))
        return [*found, SYNTHETIC]

    def store(self) -> Store:
        """Return the graph in an Oxigraph store."""
        store = Store()
        store.extend(Quad(*triple) for triple in self.triples())
        return store

    def _best(self) -> dict[tuple[str, str], str]:
        """Return the best rank by item and property: preferred where there is one, else normal."""
        best = {(each.item, each.property): "Normal" for each in self.statements}
        return best | {(s.item, s.property): s.rank for s in self.statements if s.rank == "Preferred"}


def _statement(statement: Statement, best: bool) -> Iterable[Triple]:
    node = NamedNode(statement.iri)
    name = statement.property
    yield Triple(entity(statement.item), NamedNode(PROP + name), node)
    yield Triple(node, named("rdf:type"), wikibase("Statement"))
    yield Triple(node, wikibase("rank"), wikibase(statement.rank + "Rank"))
    if best:
        yield Triple(node, named("rdf:type"), wikibase("BestRank"))
    yield from shape.snak(node, name, statement.value, "statement", statement.iri)
    if best and statement.value is Snak.NO_VALUE:
        yield Triple(entity(statement.item), named("rdf:type"), NamedNode(f"{PROP}novalue/{name}"))
    elif best:
        value = shape.plain(statement.value, f"{statement.iri}{name}")
        yield Triple(entity(statement.item), NamedNode(f"{PROP}direct/{name}"), value)
    for qualifier, values in statement.qualifiers.items():
        for place, value_ in enumerate(values):
            yield from shape.snak(node, qualifier, value_, "qualifier", f"{statement.iri}{place}")
    for reference in statement.references:
        source = NamedNode(f"http://www.wikidata.org/reference/{shape.digest(sorted(reference.items()))}")
        yield Triple(node, DERIVED, source)
        yield Triple(source, named("rdf:type"), wikibase("Reference"))
        for name, values in reference.items():
            for value_ in values:
                yield from shape.snak(source, name, value_, "reference", source.value)
