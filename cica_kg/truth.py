"""A line of truth: whether something holds on each day, and the verdict that follows at one of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from cica_kg.dates import Bounds
from cica_kg.records import Record


@dataclass(frozen=True)
class Line:
    """Truth over time.

    Attributes:
        on: gives True, False or None (open) for a day.
        changes: the only days on which that can change, in order.
        computed: what the graph has on a day, as text.
    """

    on: Callable[[date], bool | None]
    changes: tuple[date, ...]
    computed: Callable[[date], str]


def of_records(records: list[Record]) -> Line:
    """Return the line of “one of these records holds”."""

    def on(day: date) -> bool | None:
        states = [record.holds(day) for record in records]
        return True if True in states else None if None in states else False

    return Line(on, changes_of(records), lambda _: "; ".join(record.span() for record in records))


def constant(right: bool | None, computed: str) -> Line:
    """Return the line of what does not depend on the day."""
    return Line(lambda _: right, (), lambda _: computed)


def changes_of(records: Iterable[Record]) -> tuple[date, ...]:
    """Return the days on which what holds of `records` can change, in order."""
    return tuple(sorted({day for record in records for day in record.changes()}))


def verdict_at(line: Line, day: date) -> tuple[str, date | None]:
    """Return the verdict at `day`, and since when the claim holds or no longer holds."""
    now = line.on(day)
    past = [change for change in line.changes if change <= day]
    if now is None:
        return "undecided", None
    if now:
        return "agrees", _begin_of_run(line, past, True)
    truths = [line.on(change) for change in past]
    if True in truths:
        return "outdated", _begin_of_run(line, past, False)
    return ("undecided" if None in truths else "contradicted"), None


def _begin_of_run(line: Line, past: list[date], wanted: bool) -> date | None:
    """Return the first day of the run of `wanted` that reaches up to the last of `past`."""
    begin = None
    for change in reversed(past):
        if line.on(change) is not wanted:
            break
        begin = change
    return begin


def right_within(line: Line, span: Bounds) -> str:
    """Return whether it held within `span`: `yes`, `no`, `partly` (on some of the days) or `open`."""
    days = [span.earliest, *(c for c in line.changes if span.earliest < c <= span.latest), span.latest]
    truths = {line.on(day) for day in days}
    if truths == {True}:
        return "yes"
    if truths == {False}:
        return "no"
    return "partly" if True in truths else "open"


def overlap(one: Bounds, other: Bounds) -> bool:
    """Tell whether two spans share a day."""
    return one.earliest <= other.latest and other.earliest <= one.latest
