"""Work out figures from rows in memory: the reference the database's figures must equal, and the proof of examples."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from decimal import ROUND_HALF_UP, Decimal

from tinhso.indicators.contracts.definition import Measure, Target, Unit, Window, WindowKind
from tinhso.indicators.contracts.figure import Period
from tinhso.indicators.contracts.plan import Scalar

from . import plan

Row = Mapping[str, Scalar | None]
_HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Count:
    """How many rows there are, how many of them count, how many cannot be told yet."""

    numerator: int = 0
    denominator: int = 0
    undecided: int = 0

    def __add__(self, other: Count) -> Count:
        return Count(
            self.numerator + other.numerator, self.denominator + other.denominator, self.undecided + other.undecided
        )


def value_of(unit: Unit, numerator: int, denominator: int) -> Decimal | None:
    """Return a figure's value: per cent to two places, or a number. Nothing to divide by gives None, never 0."""
    if unit is Unit.COUNT:
        return Decimal(numerator)
    if denominator == 0:
        return None
    return (Decimal(numerator * 100) / Decimal(denominator)).quantize(_HUNDREDTH, ROUND_HALF_UP)


def count(measure: Measure, rows: Iterable[Row], period: Period, zone: tzinfo) -> Count:
    """Count rows by a measure in a period; rows are as things stood at its end."""
    total = Count()
    for row in rows:
        if not in_window(measure.window, row, period, zone) or not plan.holds(measure.denominator.holds, row):
            continue
        counted = plan.holds(measure.numerator.holds, row)
        open_ = not counted and plan.holds(measure.numerator.undecided, row)
        total += Count(int(counted), 1, int(open_))
    return total


def in_window(window: Window, row: Row, period: Period, zone: tzinfo) -> bool:
    """Say whether a row belongs to a period."""
    if window.kind is WindowKind.STOCK:
        return True
    day = _day(row[window.column], zone)
    if day is None or day > period.last:
        return False
    if window.kind is WindowKind.WITHIN:
        return day >= period.first
    over = _day(row[window.until], zone)
    return over is None or over >= period.first


def expected_on(target: Target, day: date) -> Decimal | None:
    """Return what a target asks for by a day: on a straight line from its baseline, the whole of it from its due day.

    None where the document gives no day or nothing is known of the beginning.
    """
    if target.due is None or day >= target.due:
        return None if target.due is None else target.value
    if target.baseline is None or day < target.baseline.on:
        return None
    start, whole = target.baseline, (target.due - target.baseline.on).days
    share = Decimal((day - start.on).days) / Decimal(whole)
    return (start.value + (target.value - start.value) * share).quantize(_HUNDREDTH, ROUND_HALF_UP)


def _day(value: Scalar | None, zone: tzinfo) -> date | None:
    if isinstance(value, datetime):
        return value.astimezone(zone).date()
    return value if isinstance(value, date) else None
