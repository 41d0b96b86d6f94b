"""Our dates and Wikidata's: EDTF texts on one side, a time with a precision on the other."""

from __future__ import annotations

import re
from datetime import date
from typing import Final, Literal, NamedTuple

from cica_kg.dates import Bounds, bounds
from cica_kg.truth import overlap

DAY: Final = 11
MONTH: Final = 10
YEAR: Final = 9
DECADE: Final = 8
#: The Gregorian calendar; days of the other one, the Julian, are other days.
GREGORIAN: Final = "Q1985727"

Relation = Literal["same", "coarser", "finer", "different"]


class Moment(NamedTuple):
    """A time of Wikidata: as people read it, and its first and last day (None where that is not known)."""

    text: str
    span: Bounds | None


#: The two values that are none.
UNKNOWN: Final = Moment("unknown", None)
NONE: Final = Moment("none", None)


def moment(value: str, precision: int | None, calendar: str) -> Moment:
    """Return the time that a value node of Wikidata stands for.

    Args:
        value: the `xsd:dateTime` text, always padded to a day.
        precision: 11 day, 10 month, 9 year, 8 decade; None where no value node tells it.
        calendar: the Q-number of the calendar.
    """
    match = re.fullmatch(r"(?a)\+?0*(\d{4})-(\d\d)-(\d\d)T.*", value)
    if match is None or precision is None or calendar != GREGORIAN:
        return Moment(value, None)
    year, month, day = match.groups()
    if precision == DECADE:
        first = int(year) // 10 * 10
        span = Bounds(date(max(first, 1), 1, 1), date(first + 9, 12, 31))
        return Moment(f"{first}s", span)
    text = {YEAR: year, MONTH: f"{year}-{month}"}.get(precision, f"{year}-{month}-{day}")
    try:
        return Moment(text, bounds(text) if precision >= YEAR else None)
    except ValueError:
        return Moment(value, None)


def for_wikidata(edtf: str) -> tuple[str, int] | None:
    """Return the finest time of Wikidata, with its precision, that holds all days an EDTF text may mean.

    `[1993-03,1993-04]` gives the year 1993; what runs over a new year gives None: Wikidata has no such time
    that says anything.
    """
    first, last = bounds(edtf)
    if first == last:
        return _padded(first), DAY
    if (first.year, first.month) == (last.year, last.month):
        return _padded(first.replace(day=1)), MONTH
    if first.year == last.year:
        return _padded(first.replace(month=1, day=1)), YEAR
    return None


def relate(ours: Bounds, theirs: Bounds) -> Relation:
    """Compare two dates down to the coarser of them; the answer says what ours is."""
    if ours == theirs:
        return "same"
    if not overlap(ours, theirs):
        return "different"
    return "finer" if _days(ours) < _days(theirs) else "coarser"


def _days(span: Bounds) -> int:
    return (span.latest - span.earliest).days


def _padded(day: date) -> str:
    return f"+{day.isoformat()}T00:00:00Z"
