"""Our dates and Wikidata's: EDTF texts on one side, a time with a precision on the other."""

from __future__ import annotations

import re
from datetime import MAXYEAR, MINYEAR, date
from typing import Final, Literal, NamedTuple

from cica_kg.dates import Bounds, bounds
from cica_kg.truth import overlap

DAY: Final = 11
MONTH: Final = 10
YEAR: Final = 9
DECADE: Final = 8
CENTURY: Final = 7
MILLENNIUM: Final = 6
GREGORIAN: Final = "Q1985727"
JULIAN: Final = "Q1985786"
#: How many days the two calendars are apart at most until 2100: 10 in 1582, when the Gregorian one began, and
#: one more with each of 1700, 1800 and 1900, in which it has no leap day.
_APART: Final = 13

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

    Python has no days before the year 1 and after 9999. No date of ours is there either: what lies wholly
    before or after is put on the first or the last day that Python has.

    Args:
        value: the `xsd:dateTime` text, always padded to a day.
        precision: 11 day, 10 month, 9 year, 8 decade and so on, ten times as many years each; None where no
            value node tells it.
        calendar: the Q-number of the calendar.
    """
    match = re.fullmatch(r"(?a)([+-]?\d{4,16})-(\d\d)-(\d\d)T.*", value)
    if match is None or precision is None or calendar not in (GREGORIAN, JULIAN):
        return Moment(value, None)
    first, last = _years(int(match[1]), precision)
    if last < MINYEAR or first > MAXYEAR:
        edge = date.min if last < MINYEAR else date.max
        return Moment(value, Bounds(edge, edge))
    year, month, day = f"{first:04}", match[2], match[3]
    if precision < YEAR:
        text = f"{first}s" if precision == DECADE else f"[{first}..{last}]"
        span = Bounds(date(max(first, MINYEAR), 1, 1), date(min(last, MAXYEAR), 12, 31))
    else:
        text = {YEAR: year, MONTH: f"{year}-{month}"}.get(precision, f"{year}-{month}-{day}")
        try:
            span = bounds(text)
        except ValueError:
            return Moment(value, None)
    return Moment(text, span) if calendar == GREGORIAN else Moment(f"{text} (Julian)", _widened(span))


def _years(year: int, precision: int) -> tuple[int, int]:
    """Return the first and the last year that a year of a precision stands for.

    As Wikibase shows them (its MwTimeIsoFormatter): 1800 as a century is the 18th, 1701 to 1800, and so with
    millennia; 1990 as a decade is 1990 to 1999. Still coarser ones are rounded: they hold the year at least.
    """
    if precision >= YEAR:
        return year, year
    width: int = 10 ** (YEAR - precision)
    if precision == DECADE:
        first = year // width * width
        return first, first + width - 1
    if precision in (CENTURY, MILLENNIUM):
        last = -(-year // width) * width
        return last - width + 1, last
    return year - width, year + width


def _widened(span: Bounds) -> Bounds:
    """Return a span that holds the Gregorian days of a Julian one.

    Wikibase's RDF has days of the Julian calendar as Gregorian ones already, years and months as they are
    written (its JulianDateTimeValueCleaner); on either side there is room for both.
    """
    first = max(span.earliest.toordinal() - _APART, date.min.toordinal())
    last = min(span.latest.toordinal() + _APART, date.max.toordinal())
    return Bounds(date.fromordinal(first), date.fromordinal(last))


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
