"""Our side of the comparison: what the graph says that Wikidata has a property for."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from pyoxigraph import Literal, NamedNode, QuerySolutions, Store

from cica_kg.errors import UsageError
from cica_kg.vocabulary import PREFIXES
from cica_kg.wikidata.links import item_of
from cica_kg.wikidata.relations import HEAD, INCEPTION, MEMBERSHIP, OBSERVERSHIP, PART, SEAT, Relation

CICA_THING: Final = PREFIXES["organization"] + "cica"
#: Stands for the item of CICA in data that are made up: far above any number that Wikidata has given out.
STAND_IN: Final = "Q9000000001"

#: Relation → which thing of ours says it, about whom, with which value, since when, until when.
_PATTERNS: Final[dict[Relation, str]] = {
    MEMBERSHIP: """
        ?fact a cica:Membership ; cica:party ?subject ; cica:inOrganization ?value ; cica:start ?start .
        OPTIONAL { ?fact cica:end ?end }""",
    OBSERVERSHIP: """
        ?fact a cica:Observership ; cica:party ?subject ; cica:inOrganization ?value ; cica:start ?start .
        OPTIONAL { ?fact cica:end ?end }""",
    # The head of a secretariat is the one that Wikidata calls the head of its organization.
    HEAD: """
        ?fact a cica:Tenure ; cica:party ?value ; cica:forPost post:cica-secretary-general ;
          cica:start ?start .
        OPTIONAL { ?fact cica:end ?end }
        BIND(organization:cica AS ?subject)""",
    # An organization has its headquarters where its secretariat sits.
    SEAT: """
        ?fact a cica:Seat ; cica:party ?sitting ; cica:atPlace ?value ; cica:start ?start .
        OPTIONAL { ?fact cica:end ?end }
        OPTIONAL { ?sitting cica:bodyOf ?whole }
        BIND(COALESCE(?whole, ?sitting) AS ?subject)""",
    INCEPTION: "?fact cica:established ?start . BIND(?fact AS ?subject)",
    PART: "?fact cica:bodyOf ?value . BIND(?fact AS ?subject)",
}


class Fact(NamedTuple):
    """A fact of ours.

    Attributes:
        iri: the record, or the thing that says it of itself.
        relation: the name of a relation.
        subject, value: the things it binds; the value of an inception is empty, its date is the start.
        subject_item, value_item: their Q-numbers; empty where no link says which.
        start, end: EDTF texts, empty where there is none.
        sources, claims: IRIs: where it is from, and the claims that say the same.
    """

    iri: str
    relation: str
    subject: str
    value: str
    subject_item: str
    value_item: str
    start: str
    end: str
    sources: tuple[str, ...]
    claims: tuple[str, ...]

    @property
    def unlinked(self) -> list[str]:
        """Its things that no link leads to an item."""
        ends = ((self.subject, self.subject_item), (self.value, self.value_item))
        return [thing for thing, item in ends if thing and not item]


def cica_item(store: Store, given: str | None) -> str | None:
    """Return the Q-number of CICA's item: that of its link, else the one given; None where there is none.

    Raises:
        UsageError: the one given is no Q-number, or the graph links to another.
    """
    linked = item_of(store, CICA_THING)
    if given is not None and not re.fullmatch(r"(?a)Q[1-9]\d*", given):
        raise UsageError(f"“{given}” is no number of an item: write it as Q232")
    if given is not None and linked is not None and given != linked:
        raise UsageError(f"the graph links CICA to {linked}, not to {given}: leave out --item")
    return linked or given


def read_facts(store: Store, cica: str | None) -> list[Fact]:
    """Return what of the graph can be compared, relation by relation, sorted.

    Args:
        store: a validated graph.
        cica: the Q-number of CICA's item; None where it is not known.
    """
    found = []
    for relation, pattern in _PATTERNS.items():
        answer = store.query(f"SELECT * {{ {pattern} }}", prefixes=PREFIXES)
        assert isinstance(answer, QuerySolutions)
        names = {variable.value for variable in answer.variables}
        for row in answer:
            text = {name: row[name].value for name in names if row[name] is not None}
            subject, value = text["subject"], text.get("value", "")
            found.append(
                Fact(
                    text["fact"],
                    relation.name,
                    subject,
                    value,
                    _item(store, subject, cica),
                    _item(store, value, cica) if value else "",
                    text.get("start", ""),
                    text.get("end", ""),
                    _objects(store, text["fact"], "source"),
                    _objects(store, text["fact"], "supportedBy"),
                )
            )
    order = [relation.name for relation in _PATTERNS]
    return sorted(set(found), key=lambda fact: (order.index(fact.relation), fact))


def _item(store: Store, thing: str, cica: str | None) -> str:
    return (cica if thing == CICA_THING and cica else item_of(store, thing)) or ""


def _objects(store: Store, subject: str, name: str) -> tuple[str, ...]:
    pattern = store.quads_for_pattern(NamedNode(subject), NamedNode(PREFIXES["cica"] + name), None, None)
    return tuple(
        sorted(quad.object.value for quad in pattern if isinstance(quad.object, NamedNode | Literal))
    )
