"""Periods end today and begin where their name says; lines are ordered with the unknown last."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinhso.indicators.contracts import Period
from tinhso.operations.contracts import Line
from tinhso.operations.rules.periods import Span, ordered, period_of

TODAY = date(2021, 1, 15)
days = st.dates(date(2005, 1, 1), date(2060, 12, 31))


@pytest.mark.parametrize(
    ("asked", "today", "first"),
    [
        ("30-ngay", TODAY, date(2020, 12, 17)),
        ("thang", TODAY, date(2021, 1, 1)),
        ("quy", date(2021, 6, 30), date(2021, 4, 1)),
        ("nam", date(2021, 6, 30), date(2021, 1, 1)),
        ("12-thang", TODAY, date(2020, 1, 16)),
        ("12-thang", date(2024, 2, 29), date(2023, 3, 1)),
    ],
)
def test_a_named_period_begins_where_its_name_says(asked: str, today: date, first: date) -> None:
    assert period_of(asked, today) == (asked, Period(first, today))


def test_a_month_is_whole_when_it_is_over_and_goes_to_today_while_it_lasts() -> None:
    assert period_of("2020-12", TODAY) == ("2020-12", Period(date(2020, 12, 1), date(2020, 12, 31)))
    assert period_of("2021-01", TODAY) == ("2021-01", Period(date(2021, 1, 1), TODAY))


@given(st.text(max_size=12) | st.from_regex(r"20[0-9]{2}-[01][0-9]", fullmatch=True), days)
def test_whatever_is_asked_the_period_has_begun_and_is_not_in_the_future(asked: str, today: date) -> None:
    span, period = period_of(asked, today)
    assert period.first <= period.last <= today
    assert period_of(span, today) == (span, period)


@given(days)
def test_twelve_months_are_a_year(today: date) -> None:
    _, period = period_of(Span.TWELVE_MONTHS, today)
    assert timedelta(365) <= today - period.first + timedelta(1) <= timedelta(366)


values = st.none() | st.integers(0, 100).map(Decimal)
lines = st.lists(
    st.builds(
        Line, st.sampled_from("áăbcđdeê"), st.just(""), st.integers(0, 9), st.integers(0, 9), st.integers(0, 9), values
    )
)


@given(lines, st.sampled_from(["ten", "gia-tri", "tu", "mau", "chua-ro", "bogus", ""]), st.booleans())
def test_ordering_loses_no_line_and_puts_the_unknown_last(some: list[Line], by: str, down: bool) -> None:
    found = ordered(some, ("-" if down else "") + by)
    assert sorted(map(repr, found)) == sorted(map(repr, some))
    if by == "gia-tri":
        known = [line.value for line in found if line.value is not None]
        assert known == sorted(known, reverse=down)
        assert all(line.value is None for line in found[len(known) :])


def test_names_are_ordered_as_vietnamese_has_them() -> None:
    names = [Line(name, "", 0, 0, 0, None) for name in ("Đức", "An", "Dũng", "Ánh", "Êm", "Em")]
    assert [line.name for line in ordered(names, "ten")] == ["An", "Ánh", "Dũng", "Đức", "Em", "Êm"]
