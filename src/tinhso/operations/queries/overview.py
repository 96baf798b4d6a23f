"""Gather what the leaders' screen shows: a fixed number of queries, whatever the number of units."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from tinhso.foundation.api import clock
from tinhso.indicators import api as indicators
from tinhso.indicators.contracts import Breakdown, Definition, Figure, Measure, Period, Point
from tinhso.operations.contracts import Beside, MeasuredBy, Overview, Scope

SCREEN = ("services-level-4", "cases-wholly-online", "on-time-rate")
TREND_MONTHS = 12


def overviews(scope: Scope, period: Period) -> list[Overview]:
    """Return the screen's indicators as they are installed on the period's last day."""
    installed = indicators.definitions(period.last)
    return [overview(installed[name], scope, period, installed) for name in SCREEN if name in installed]


def overview(
    definition: Definition, scope: Scope, period: Period, installed: Mapping[str, Definition] | None = None
) -> Overview:
    """Return one indicator with its named measures, its trend, its target and what shows whether it is gamed."""
    known = installed if installed is not None else indicators.definitions(period.last)
    measured = tuple(
        MeasuredBy(one, figure_of(definition, one, scope, period, by_tier=not number))
        for number, one in enumerate(definition.measures)
    )
    target = next(iter(definition.targets_on(clock.today())), None)
    watched = [known[name] for name in definition.watch if name in known]
    beside = tuple(Beside(one, figure_of(one, one.measure(), scope, period)) for one in watched)
    order = {"province": 0, "district": 1, "commune": 2}
    return Overview(
        definition=definition,
        measures=measured,
        tiers=tuple(sorted(measured[0].figure.parts, key=lambda part: order.get(str(part.key), 9))),
        beside=beside,
        trend=series(definition, scope, period.last),
        target=target,
        expected=indicators.expected_on(target, clock.today()) if target else None,
        whole_province=not has_units(definition),
    )


def figure_of(
    definition: Definition, measure: Measure, scope: Scope, period: Period, *, by_tier: bool = False
) -> Figure:
    """Measure within a scope; what knows no single units is measured for the whole province."""
    split = Breakdown.TIER if by_tier and Breakdown.TIER in definition.breakdowns else None
    return indicators.measure(
        definition, period, measure_id=measure.id, breakdown=split, units=units_in(definition, scope), tier=scope.tier
    )


def series(definition: Definition, scope: Scope, until: date, measure_id: str = "") -> tuple[Point, ...]:
    """Return the figure of each of the last twelve months, the last one so far."""
    return indicators.history(
        definition,
        until,
        months=TREND_MONTHS,
        measure_id=measure_id,
        units=units_in(definition, scope),
        tier=scope.tier,
    )


def has_units(definition: Definition) -> bool:
    """Say whether an indicator's fact knows which unit a row is of."""
    return Breakdown.UNIT in (indicators.columns_of(definition.fact) or {})


def units_in(definition: Definition, scope: Scope) -> frozenset[UUID] | None:
    """Return the units to measure: none in particular where the indicator knows no units."""
    return scope.units if has_units(definition) else None
