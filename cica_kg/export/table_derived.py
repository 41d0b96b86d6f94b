"""Columns that the program works out: days of date texts, what holds at the reference date, verdicts."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from cica_kg import dates
from cica_kg.claims import judge_claims
from cica_kg.export.columns import Column, Row, Type, titles
from cica_kg.export.table_data import kind_of
from cica_kg.records import read_records
from cica_kg.vocabulary import CICA, DCTERMS, RECORDS, TERMS_NAMESPACE

if TYPE_CHECKING:
    from cica_kg.graph import KnowledgeGraph

#: The properties whose values are EDTF texts → the properties that hold their first and last day.
DATED: Final[dict[str, tuple[str | None, str | None]]] = {
    CICA.start: (CICA.startEarliest, CICA.startLatest),
    CICA.end: (CICA.endEarliest, CICA.endLatest),
    CICA.ongoingAsOf: (CICA.ongoingEarliest, None),
    **{TERMS_NAMESPACE + name: (None, None) for name in ("date", "established", "asOf", "checkedOn")},
    DCTERMS + "date": (None, None),
}
#: What `Record.holds` returns, in words.
HOLDS: Final = {True: "surely", None: "possibly", False: "no"}
_VERDICTS: Final[tuple[tuple[str, Type], ...]] = (
    ("computed_verdict", "text"),
    ("final_verdict", "text"),
    ("decided_by", "text"),
    ("since", "date"),
    ("right_then", "text"),
    ("computed_value", "text"),
)


class Derived(NamedTuple):
    """Columns of a kind that the program works out, and their values: thing → one value a column."""

    columns: tuple[Column, ...]
    values: dict[str, Row]


@lru_cache(maxsize=4096)
def bounds(text: str) -> dates.Bounds | None:
    """Return the first and the last day that a date text may mean, or None where it is no date."""
    try:
        return dates.bounds(text)
    except ValueError:
        return None


def read_derived(kg: KnowledgeGraph) -> dict[str, Derived]:
    """Return what the program works out of records and claims at the reference date: kind → columns."""
    holds: dict[str, dict[str, Row]] = {kind: {} for kind in RECORDS}
    for record in read_records(kg.store, kg.known_until):
        of_kind = holds.get(kind_of(record.iri) or "")
        if of_kind is not None:
            of_kind[record.iri] = (HOLDS[record.holds(kg.at)],)
    column = (Column("holds", "text", titles("holds"), repeats=True),)
    found = {kind: Derived(column, values) for kind, values in holds.items()}
    found["claim"] = Derived(
        tuple(Column(name, type_, titles(name), repeats=True) for name, type_ in _VERDICTS),
        {
            judged.claim: (
                judged.computed_verdict,
                judged.verdict or None,
                judged.decided_by,
                judged.since,
                judged.right_then,
                judged.computed or None,
            )
            for judged in judge_claims(kg.store, kg.at, kg.known_until)
        },
    )
    return found
