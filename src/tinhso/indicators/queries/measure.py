"""Measure an indicator: the figure, its rows and its series, all from the one compiled plan."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, Max, Q, QuerySet, Value, When
from django.db.models.fields import BooleanField, CharField

from tinhso.foundation.api import FactVersion, clock, journal
from tinhso.indicators.contracts import (
    Breakdown,
    Definition,
    FactRow,
    Figure,
    Freshness,
    Measure,
    Part,
    Period,
    Point,
    RowPage,
    Side,
    WindowKind,
)
from tinhso.indicators.contracts.plan import Column
from tinhso.indicators.rules.figure import Count as Tally
from tinhso.indicators.rules.figure import value_of

from .columns import columns_of
from .conditions import condition
from .definitions import definition
from .states import versions, within

_UNIT = Breakdown.UNIT.value
PAGE = 100


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for: which measure of which indicator, in which period, of which units, as known when.

    `units` None means all; an indicator whose fact knows no unit cannot be asked for some. `as_known` is machine time.
    """

    definition: Definition
    measure: Measure
    period: Period
    units: frozenset[UUID] | None = None
    tier: str = ""
    as_known: datetime | None = None

    @property
    def columns(self) -> dict[str, Column]:
        return dict(columns_of(self.definition.fact) or {})

    @property
    def applicable(self) -> bool:
        return (self.units is None or _UNIT in self.columns) and (not self.tier or Breakdown.TIER in self.columns)


def measure(
    indicator: str | Definition,
    period: Period,
    *,
    measure_id: str = "",
    breakdown: Breakdown | None = None,
    units: Collection[UUID] | None = None,
    tier: str = "",
    as_known: datetime | None = None,
) -> Figure:
    """Measure an indicator in a period, in at most three queries whatever the number of units.

    `measure_id` names one of its measures (the headline without one), `units` limits it to some units, `as_known` asks
    what was known at a moment of machine time. Raises UnknownIndicator, or KeyError for an unknown measure.
    """
    asked = _asked(indicator, period, measure_id=measure_id, units=units, tier=tier, as_known=as_known)
    position, taken_at = journal.position(), clock.now()
    if not asked.applicable:
        fresh = Freshness(position, taken_at, None)
        return _figure(asked, Tally(), "Chỉ tiêu này chỉ tính cho cả tỉnh, không tính riêng từng đơn vị.", fresh, ())
    groups = _counted(_rows(asked), asked.measure, [breakdown.value] if breakdown else [])
    parts, total, changed = [], Tally(), None
    for row in groups:
        tally = Tally(row["numerator"], row["denominator"], row["undecided"])
        total += tally
        changed = max(filter(None, (changed, row["changed"])), default=None)
        if breakdown:
            parts.append(_part(asked.definition, row[breakdown.value], tally))
    return _figure(asked, total, _reason(asked, total), Freshness(position, taken_at, changed), tuple(parts))


def rows(
    indicator: str | Definition,
    period: Period,
    *,
    measure_id: str = "",
    side: Side = Side.ALL,
    units: Collection[UUID] | None = None,
    tier: str = "",
    as_known: datetime | None = None,
    page: int = 1,
    size: int = PAGE,
) -> RowPage:
    """Return a page of the rows that make a figure, in a stable order: in two queries, by the figure's own plan."""
    asked = _asked(indicator, period, measure_id=measure_id, units=units, tier=tier, as_known=as_known)
    if not asked.applicable:
        return RowPage(asked.definition.fact, (), 0, 1, size)
    found = _rows(asked).filter(_side(asked.measure, side))
    total = found.count()
    page = min(max(page, 1), max(1, -(-total // size)))
    names = list(asked.columns)
    marked = found.annotate(
        _counted=_flag(condition(asked.measure.numerator.holds)),
        _undecided=_flag(condition(asked.measure.numerator.undecided)),
    )
    order = [asked.measure.window.column] if asked.measure.window.column else []
    first = (page - 1) * size
    picked = marked.order_by(*order, "subject_id").values("subject_id", "_counted", "_undecided", *names)
    shown = tuple(
        FactRow(r["subject_id"], r["_counted"], r["_undecided"], {name: r[name] for name in names})
        for r in picked[first : first + size]
    )
    return RowPage(asked.definition.fact, shown, total, page, size)


def history(
    indicator: str | Definition,
    until: date,
    *,
    months: int = 12,
    measure_id: str = "",
    units: Collection[UUID] | None = None,
    tier: str = "",
    as_known: datetime | None = None,
) -> tuple[Point, ...]:
    """Return a figure for each of the months up to the one of `until`, oldest first, in one query.

    The last month ends on `until`: it is the month so far.
    """
    spans = _months(until, months)
    asked = _asked(
        indicator, Period(spans[0].first, until), measure_id=measure_id, units=units, tier=tier, as_known=as_known
    )
    tallies: dict[date, Tally] = {}
    if asked.applicable:
        by_column = asked.measure.window.kind is WindowKind.WITHIN
        tallies = _by_column(asked, spans) if by_column else _by_month(asked, spans)
    return tuple(_point(asked.definition, span, tallies.get(span.first, Tally())) for span in spans)


def _by_column(asked: Asked, spans: list[Period]) -> dict[date, Tally]:
    """Split rows by the month they are dated in, in one pass over them."""
    window, columns = asked.measure.window, asked.columns
    months = [When(within(window, span, columns), then=Value(span.first.isoformat())) for span in spans]
    dated = _rows(asked).annotate(_month=Case(*months, output_field=CharField()))
    return {date.fromisoformat(row["_month"]): _tally(row) for row in _counted(dated, asked.measure, ["_month"])}


def _by_month(asked: Asked, spans: list[Period]) -> dict[date, Tally]:
    """Take each month as things stood at its end."""
    parts = []
    for span in spans:
        one = Asked(asked.definition, asked.measure, span, asked.units, asked.tier, asked.as_known)
        month = _rows(one).annotate(_month=Value(span.first.isoformat()))
        parts.append(_counted(month, asked.measure, ["_month"]))
    found = parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]
    return {date.fromisoformat(row["_month"]): _tally(row) for row in found}


def _rows(asked: Asked) -> QuerySet[FactVersion]:
    """Return the rows of the denominator."""
    window = asked.measure.window
    found = versions(asked.definition.fact, window, asked.period, asked.as_known)
    found = found.filter(within(window, asked.period, asked.columns), condition(asked.measure.denominator.holds))
    if asked.units is not None:
        found = found.filter(**{f"{_UNIT}__in": asked.units})
    return found.filter(**{Breakdown.TIER.value: asked.tier}) if asked.tier else found


def _counted(rows: QuerySet[FactVersion], measure: Measure, by: list[str]) -> QuerySet[FactVersion, dict[str, Any]]:
    found: QuerySet[FactVersion, dict[str, Any]] = (
        rows.order_by()
        .values(*by or ["current"])
        .annotate(
            numerator=Count("id", filter=condition(measure.numerator.holds)),
            denominator=Count("id"),
            undecided=Count("id", filter=condition(measure.numerator.undecided)),
            changed=Max("recorded_at"),
        )
    )
    return found


def _side(measure: Measure, side: Side) -> Q:
    return {
        Side.ALL: Q(),
        Side.COUNTED: condition(measure.numerator.holds),
        Side.OTHERS: condition(measure.numerator.fails),
        Side.UNDECIDED: condition(measure.numerator.undecided),
    }[side]


def _flag(met: Q) -> Case:
    return Case(When(met, then=Value(True)), default=Value(False), output_field=BooleanField())


def _asked(
    indicator: str | Definition,
    period: Period,
    *,
    measure_id: str,
    units: Collection[UUID] | None,
    tier: str,
    as_known: datetime | None,
) -> Asked:
    found = definition(indicator) if isinstance(indicator, str) else indicator
    chosen = None if units is None else frozenset(units)
    return Asked(found, found.measure(measure_id), period, chosen, tier, as_known)


def _figure(asked: Asked, total: Tally, reason: str, fresh: Freshness, parts: tuple[Part, ...]) -> Figure:
    value = None if reason else value_of(asked.definition.unit, total.numerator, total.denominator)
    return Figure(
        asked.definition.id, asked.definition.version, asked.measure.id, asked.period, total.numerator,
        total.denominator, total.undecided, value, reason, fresh, parts,
    )  # fmt: skip


def _reason(asked: Asked, total: Tally) -> str:
    if total.denominator:
        return ""
    return f"Chưa có {asked.measure.denominator_words}, nên chưa có gì để chia."


def _part(definition: Definition, key: Any, tally: Tally) -> Part:
    value = value_of(definition.unit, tally.numerator, tally.denominator)
    return Part(key, tally.numerator, tally.denominator, tally.undecided, value)


def _point(definition: Definition, span: Period, tally: Tally) -> Point:
    value = value_of(definition.unit, tally.numerator, tally.denominator) if tally.denominator else None
    return Point(span, tally.numerator, tally.denominator, tally.undecided, value)


def _tally(row: dict[str, Any]) -> Tally:
    return Tally(row["numerator"], row["denominator"], row["undecided"])


def _months(until: date, count: int) -> list[Period]:
    month = until.year * 12 + until.month - 1
    spans = []
    for number in range(month - count + 1, month + 1):
        year, index = divmod(number, 12)
        span = Period.month(year, index + 1)
        spans.append(Period(span.first, min(span.last, until)))
    return spans
