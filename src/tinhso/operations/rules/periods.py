"""Name the periods a leader asks for, and order the lines of a table."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from tinhso.foundation.contracts import text
from tinhso.indicators.contracts import Period
from tinhso.operations.contracts import Line

_MONTH = re.compile(r"(20[0-9]{2})-(0[1-9]|1[0-2])")


class Span(StrEnum):
    """A period that ends today; the values stand in addresses."""

    THIRTY_DAYS = "30-ngay"
    MONTH = "thang"
    QUARTER = "quy"
    YEAR = "nam"
    TWELVE_MONTHS = "12-thang"


def period_of(asked: str, today: date) -> tuple[str, Period]:
    """Return the period an address asks for, and the word by which to ask for it again.

    A month is asked for as 2021-01. What cannot be read, or has not begun, is answered by the last thirty days.
    """
    month = _MONTH.fullmatch(asked)
    if month:
        whole = Period.month(int(month[1]), int(month[2]))
        if whole.first <= today:
            return asked, Period(whole.first, min(whole.last, today))
    span = Span(asked) if asked in set(Span) else Span.THIRTY_DAYS
    first = {
        Span.THIRTY_DAYS: today - timedelta(days=29),
        Span.MONTH: today.replace(day=1),
        Span.QUARTER: date(today.year, (today.month - 1) // 3 * 3 + 1, 1),
        Span.YEAR: date(today.year, 1, 1),
        Span.TWELVE_MONTHS: _a_year_before(today),
    }[span]
    return span.value, Period(first, today)


def ordered(lines: Iterable[Line], by: str, default: str = "ten") -> list[Line]:
    """Order lines by a column of the table ("ten", "gia-tri", "tu", "mau", "chua-ro"; "-" before it turns it round).

    Lines with no value stand last either way: not known is neither little nor much.
    """
    name = by.removeprefix("-")
    down = by.startswith("-") and name in _KEYS
    key = _KEYS.get(name, _KEYS[default])
    known = sorted((line for line in lines if key(line) is not None), key=_by_name)
    known.sort(key=key, reverse=down)  # stable, so that equals stay in the order of names
    return known + sorted((line for line in lines if key(line) is None), key=_by_name)


def _by_name(line: Line) -> Any:
    return text.sort_key(line.name)


_KEYS: dict[str, Callable[[Line], Any]] = {
    "ten": lambda line: (line.month, text.sort_key(line.name)),
    "gia-tri": lambda line: line.value,
    "tu": lambda line: line.numerator,
    "mau": lambda line: line.denominator,
    "chua-ro": lambda line: line.undecided,
}


def _a_year_before(day: date) -> date:
    """Return the day after the same day a year before (29 February counts as 28)."""
    leap = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - 1, day=28 if leap else day.day) + timedelta(days=1)
