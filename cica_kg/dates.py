"""EDTF text → its earliest and latest day. Pure functions; years 0001 to 9999.

The graph uses a small subset of ISO 8601-2:2019 (EDTF level 1 and 2): a year, a month or a day
(`2012`, `1993-08`, `1999-09-14`), and one of a set in brackets: a range (`[2016-04-28..2017-10-28]`)
or a list (`[1993-03,1993-04]`) of such. Uncertain (`?`), approximate (`~`) and open forms are left out
on purpose: every date in the graph has two bounds.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import NamedTuple

#: Compiled by re when first used: a start with remembered bounds reads no date text.
_SINGLE = r"(?a)(\d{4})(?:-(\d\d)(?:-(\d\d))?)?"


class Bounds(NamedTuple):
    """The first and the last day that a date text may mean."""

    earliest: date
    latest: date


def bounds(text: str) -> Bounds:
    """Return the bounds of an EDTF text of the subset above.

    Raises:
        ValueError: the text is not of the subset, or names a day that no calendar has.
    """
    if text.startswith("[") and text.endswith("]"):
        inner = text[1:-1]
        if ".." in inner:
            first, _, last = inner.partition("..")
            between = Bounds(_single(first).earliest, _single(last).latest)
            if between.earliest > between.latest:
                raise ValueError(f"“{text}” is no date: it ends before it starts")
            return between
        each = [_single(part) for part in inner.split(",")]
        if len(each) < 2:
            raise ValueError(f"“{text}” is no date: write [from..to] or [one,other]")
        return Bounds(min(b.earliest for b in each), max(b.latest for b in each))
    return _single(text)


def _single(text: str) -> Bounds:
    match = re.fullmatch(_SINGLE, text)
    if not match:
        raise ValueError(
            f"“{text}” is no date: write a year, a month or a day, such as 2012, 2012-08 or 2012-08-25"
        )
    year, month, day = match.groups()
    try:
        if day:
            exact = date(int(year), int(month), int(day))
            return Bounds(exact, exact)
        if month:
            first = date(int(year), int(month), 1)
            return Bounds(first, _last_of_month(first))
        return Bounds(date(int(year), 1, 1), date(int(year), 12, 31))
    except ValueError:
        raise ValueError(f"“{text}” is no date: the calendar has no such day") from None


def _last_of_month(first: date) -> date:
    if first.month == 12:
        return first.replace(day=31)
    return first.replace(month=first.month + 1) - timedelta(days=1)


def day(text: str) -> date:
    """Return the one day that `text` (YYYY-MM-DD) names.

    Raises:
        ValueError: it is no day; where it is a year or a month, the message offers its last day.
    """
    both = bounds(text)
    if text.startswith("[") or both.earliest != both.latest:
        raise ValueError(f"“{text}” is not one day: write for instance {both.latest.isoformat()}")
    return both.earliest
