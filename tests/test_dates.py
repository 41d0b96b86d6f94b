from __future__ import annotations

import calendar
import time
from datetime import date, timedelta

import edtf
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cica_kg.dates import Bounds, bounds, day

DAYS = st.dates(min_value=date(1, 1, 1), max_value=date(9999, 12, 31))
SINGLES = st.builds(lambda one, length: one.isoformat()[:length], DAYS, st.sampled_from([4, 7, 10]))


LISTS = st.lists(SINGLES, min_size=2, max_size=5).map(lambda members: f"[{','.join(members)}]")
#: The edtf library reads ranges of one precision only.
EVEN_RANGES = st.builds(
    lambda pair, length: "[{}..{}]".format(*(one.isoformat()[:length] for one in sorted(pair))),
    st.tuples(DAYS, DAYS),
    st.sampled_from([4, 7, 10]),
)


@pytest.mark.parametrize(
    ("text", "earliest", "latest"),
    [
        ("1999-09-14", "1999-09-14", "1999-09-14"),
        ("1993-08", "1993-08-01", "1993-08-31"),
        ("2012", "2012-01-01", "2012-12-31"),
        ("[2016-04-28..2017-10-28]", "2016-04-28", "2017-10-28"),
        ("[1993-03,1993-04]", "1993-03-01", "1993-04-30"),
        ("[1992-10-05..2001-10]", "1992-10-05", "2001-10-31"),
        ("[2012..2012-04-02]", "2012-01-01", "2012-04-02"),
        ("[2012-04-02..2012]", "2012-04-02", "2012-12-31"),
        ("[2003,1999-05,2001-01-01]", "1999-05-01", "2003-12-31"),
        ("[2012..2012]", "2012-01-01", "2012-12-31"),
    ],
)
def test_every_form_has_a_first_and_a_last_day(text: str, earliest: str, latest: str) -> None:
    assert bounds(text) == Bounds(date.fromisoformat(earliest), date.fromisoformat(latest))


@pytest.mark.parametrize(
    ("month", "last"),
    [
        ("2023-02", 28),
        ("2024-02", 29),
        ("1900-02", 28),
        ("2000-02", 29),
        ("2023-04", 30),
        ("2023-12", 31),
        ("9999-12", 31),
    ],
)
def test_a_month_ends_on_its_own_last_day(month: str, last: int) -> None:
    assert bounds(month).latest.day == last


@pytest.mark.parametrize(
    "text",
    ["1999-02-30", "2023-02-29", "1900-02-29", "2023-04-31", "2012-13", "2012-00", "2012-01-00", "0000"],
)
def test_a_day_that_no_calendar_has_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="the calendar has no such day"):
        bounds(text)
    with pytest.raises(ValueError, match="the calendar has no such day"):
        bounds(f"[2000..{text}]")


@pytest.mark.parametrize("text", ["[2017..2016]", "[2017-10-28..2016-04-28]", "[2012-02..2012-01]"])
def test_a_range_that_ends_before_it_starts_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="ends before it starts"):
        bounds(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " 2012",
        "2012 ",
        "2012\n",
        "12",
        "02012",
        "-2012",
        "+2012",
        "2012-1",
        "2012-01-1",
        "2012/2013",
        "2012-01-01T00:00:00",
        "2012~",
        "2012?",
        "2012%",
        "201X",
        "2012-XX",
        "2012-21",
        "Y12012",
        "today",
        "٢٠١٢",
        "[]",
        "[2012]",
        "[..2012]",
        "[2012..]",
        "[2012..2013..2014]",
        "[2012..2013,2015]",
        "[2012,]",
        "[2012, 2013]",
        "[2012..2013",
        "{2012,2013}",
        "[[2012..2013]..2014]",
    ],
)
def test_what_is_outside_the_subset_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no date"):
        bounds(text)


@given(DAYS)
def test_a_day_is_its_own_bounds(one: date) -> None:
    assert bounds(one.isoformat()) == Bounds(one, one)


@given(DAYS)
def test_a_month_holds_exactly_its_days(one: date) -> None:
    first, last = bounds(one.isoformat()[:7])
    assert (first.day, last.day) == (1, calendar.monthrange(one.year, one.month)[1])
    assert first <= one <= last
    assert (last - first) + timedelta(days=1) == timedelta(days=last.day)


@given(SINGLES, SINGLES)
def test_a_range_reaches_from_the_first_day_of_one_to_the_last_of_the_other(one: str, other: str) -> None:
    assume(bounds(one).earliest <= bounds(other).latest)
    assert bounds(f"[{one}..{other}]") == Bounds(bounds(one).earliest, bounds(other).latest)


@given(st.lists(SINGLES, min_size=2, max_size=5))
def test_a_list_spans_its_members_in_any_order(members: list[str]) -> None:
    both = bounds(f"[{','.join(members)}]")
    each = [bounds(member) for member in members]
    assert both == Bounds(min(b.earliest for b in each), max(b.latest for b in each))
    assert bounds(f"[{','.join(reversed(members))}]") == both


@given(st.text())
def test_any_text_is_a_date_or_a_value_error(text: str) -> None:
    try:
        both = bounds(text)
    except ValueError:
        return
    assert both.earliest <= both.latest


@settings(max_examples=20)  # it takes a tenth of a second a text
@given(SINGLES | EVEN_RANGES | LISTS)
def test_the_edtf_library_reads_the_same_bounds(text: str) -> None:
    # edtf gives struct_times; it knows no bounds for year 1, whose day before has no date.
    assume("0001" not in text)
    parsed = edtf.parse_edtf(text)
    assert Bounds(_date(parsed.lower_strict()), _date(parsed.upper_strict())) == bounds(text)


def _date(moment: time.struct_time) -> date:
    return date(moment.tm_year, moment.tm_mon, moment.tm_mday)


@given(DAYS)
def test_one_day_is_read_as_one_day(one: date) -> None:
    assert day(one.isoformat()) == one


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("2012", "2012-12-31"),
        ("2012-02", "2012-02-29"),
        ("[2012..2013-05]", "2013-05-31"),
        ("[2012-01-01..2012-01-01]", "2012-01-01"),
    ],
)
def test_what_is_not_one_day_is_refused_with_a_day_to_write_instead(text: str, hint: str) -> None:
    with pytest.raises(ValueError, match=f"not one day: write for instance {hint}"):
        day(text)
