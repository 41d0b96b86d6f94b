"""What moved between two comparisons: on their side, on ours, on both."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from cica_kg.wikidata.compare import Comparison, Row
from cica_kg.wikidata.ours import Fact
from cica_kg.wikidata.statements import Statement

#: Every kind of change, the gravest first.
KINDS: Final = {
    "deleted": "an item that was there is gone",
    "restored": "an item that was gone is there again",
    "redirected": "an item was merged into another",
    "both": "a fact of ours and the statement that stands for it changed",
    "theirs": "a statement there changed, came or went",
    "ours": "a fact of ours changed, came or went",
    "label": "an item is called otherwise",
}


class Change(NamedTuple):
    """One change.

    Attributes:
        kind: one of KINDS.
        item: the Q-number that it is about.
        fact, statement: the IRIs of the two sides, as far as it has them.
        before, after: what it was and is; empty for nothing.
        row: the row that shows it, the present one where there is one; None for items.
    """

    kind: str
    item: str
    fact: str = ""
    statement: str = ""
    before: str = ""
    after: str = ""
    row: Row | None = None


def changes(before: Comparison, after: Comparison) -> list[Change]:
    """Return what differs between two comparisons, the gravest kind first."""
    found = _of_items(before, after) + _of_rows(before, after)
    order = list(KINDS)
    return sorted(found, key=lambda each: (order.index(each.kind), each.item, each.fact, each.statement))


def _of_items(before: Comparison, after: Comparison) -> list[Change]:
    """Of an item that only one of the two asked for, nothing is known to have moved."""
    both = before.asked & after.asked
    found = [Change("deleted", item, before="there") for item in sorted(both & after.gone - before.gone)]
    found += [Change("restored", item, after="there") for item in sorted(both & before.gone - after.gone)]
    for item in sorted(both):
        left, target = before.moved.get(item, item), after.moved.get(item, item)
        if left != target:
            found.append(Change("redirected", item, before=left, after=target))
    for item in sorted(before.labels.keys() & after.labels.keys()):
        old, new = before.labels[item], after.labels[item]
        for language in sorted(old.keys() | new.keys()):
            if old.get(language) != new.get(language):
                was, now = (
                    f"{each[language]} ({language})" if language in each else "" for each in (old, new)
                )
                found.append(Change("label", item, before=was, after=now))
    return found


def _of_rows(before: Comparison, after: Comparison) -> list[Change]:
    """Compare each side by its own IRIs: how the two are paired may change without either changing."""
    facts = _changed(_facts(before.rows), _facts(after.rows))
    statements = _changed(_statements(before.rows), _statements(after.rows))
    unasked = {
        _key(row.fact)
        for row in (*before.rows, *after.rows)
        if row.fact and row.judgement.verdict == "NOT_ASKED"
    }
    found = []
    # A row of the present shows a change; one of the past, what went.
    for row in (*after.rows, *before.rows):
        ours = facts.pop(_key(row.fact), None) if row.fact else None
        theirs = statements.pop(row.statement.iri, None) if row.statement else None
        if theirs and not all(theirs) and row.fact and _key(row.fact) in unasked:
            theirs = None  # it may have been there all the time
        sides = [side for side in (ours, theirs) if side]
        if sides:
            found.append(
                Change(
                    "both" if len(sides) == 2 else "ours" if ours else "theirs",
                    row.subject,
                    row.fact.iri if row.fact and ours else "",
                    row.statement.iri if row.statement and theirs else "",
                    "; ".join(old for old, _ in sides if old),
                    "; ".join(new for _, new in sides if new),
                    row,
                )
            )
    return found


def _facts(rows: Iterable[Row]) -> dict[str, str]:
    return {_key(row.fact): _fact(row.fact) for row in rows if row.fact}


def _statements(rows: Iterable[Row]) -> dict[str, str]:
    return {row.statement.iri: _statement(row.statement) for row in rows if row.statement}


def _changed(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    both = {key: (before.get(key, ""), after.get(key, "")) for key in before.keys() | after.keys()}
    return {key: pair for key, pair in both.items() if pair[0] != pair[1]}


def _key(fact: Fact) -> str:
    return f"{fact.relation} {fact.iri}"


def _fact(fact: Fact) -> str:
    ends = f"{fact.subject_item or fact.subject} {fact.relation} {fact.value_item or fact.value}"
    return f"ours: {ends}, {fact.start} – {fact.end}"


def _statement(statement: Statement) -> str:
    told = {key: value for key, value in statement.told().items() if key not in ("iri", "item")}
    return "theirs: " + ", ".join((*(f"{key} {value}" for key, value in told.items()), *statement.rest))
