"""Dates from which no bounds are derived are looked up in the calendar too."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal

from cica_kg.validation.values import wrong_value
from cica_kg.vocabulary import CICA, DCTERMS, RDFS

DATED = [DCTERMS + "date", CICA.asOf, CICA.established]


@pytest.mark.parametrize("property_", DATED)
@pytest.mark.parametrize(
    "text", ["2018-02-30", "1900-02-29", "0000", "2021-04-31", "[2019..2018]", "[1993-03,1993-02-29]"]
)
def test_a_date_that_no_calendar_has_is_found(property_: str, text: str) -> None:
    wrong = wrong_value(property_, Literal(text))
    assert wrong is not None
    assert (wrong.check, wrong.what) == ("calendar", f"“{text}”")


@pytest.mark.parametrize("text", ["2018-13", "2018-02-32", "soon", "[2018]", "2018?", ""])
def test_what_the_shapes_refuse_as_no_date_is_not_told_twice(text: str) -> None:
    assert wrong_value(DCTERMS + "date", Literal(text)) is None


def test_other_texts_may_look_like_dates() -> None:
    assert wrong_value(RDFS + "label", Literal("2018-02-30")) is None


@given(st.dates(), st.sampled_from(DATED))
def test_every_day_of_the_calendar_passes(day: date, property_: str) -> None:
    assert wrong_value(property_, Literal(day.isoformat())) is None
    assert wrong_value(property_, Literal(f"[{day.isoformat()}..9999]")) is None
