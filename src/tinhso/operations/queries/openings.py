"""Open a figure: by tier, by unit, by whoever answers for the unit, by month. The lines add up to the figure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

from tinhso.indicators import api as indicators
from tinhso.indicators.contracts import Breakdown, Definition, Measure, Part, Period
from tinhso.operations.contracts import Line, Scope, Split
from tinhso.organisation import api as organisation
from tinhso.organisation.contracts import Post

from .overview import series, units_in

TIERS = {"province": "Cấp tỉnh", "district": "Cấp huyện", "commune": "Cấp xã", "": "Chưa rõ cấp"}
_OFFERED = {Split.TIER: "tier", Split.UNIT: "unit_id", Split.HEAD: "head", Split.MONTH: "month"}


def splits(definition: Definition) -> tuple[Split, ...]:
    """Return the ways in which an indicator can be opened."""
    return tuple(split for split, name in _OFFERED.items() if name in definition.breakdowns)


def opened(definition: Definition, measure: Measure, scope: Scope, period: Period, split: Split) -> list[Line]:
    """Return a figure's lines, in at most five queries whatever the number of units.

    Months are the twelve up to the period's end; each is measured on its own, so they do not add up to the period.
    """
    if split is Split.MONTH:
        points = series(definition, scope, period.last, measure.id)
        return [
            Line(
                f"{p.period.first:%m/%Y}", "", p.numerator, p.denominator, p.undecided, p.value,
                month=f"{p.period.first:%Y-%m}",
            )
            for p in points
        ]  # fmt: skip
    by = Breakdown.TIER if split is Split.TIER else Breakdown.UNIT
    figure = indicators.measure(
        definition, period, measure_id=measure.id, breakdown=by, units=units_in(definition, scope), tier=scope.tier
    )
    if split is Split.TIER:
        return [_line(part, TIERS.get(str(part.key), str(part.key)), tier=str(part.key or "")) for part in figure.parts]
    if split is Split.UNIT:
        return _by_unit(figure.parts, period)
    return _by_head(definition, figure.parts, period)


def _by_unit(parts: Iterable[Part], period: Period) -> list[Line]:
    found = [(_unit(part), part) for part in parts]
    names = organisation.units.names({unit for unit, _ in found}, period.last)
    return [_line(part, names.get(unit, "Đơn vị không còn trong danh mục"), units=(unit,)) for unit, part in found]


def _by_head(definition: Definition, parts: Iterable[Part], period: Period) -> list[Line]:
    """Join the units that one person answers for; a unit with a vacant post stands by itself."""
    found = [(_unit(part), part) for part in parts]
    units = {unit for unit, _ in found}
    heads = organisation.people.heads_of(units, period.last)
    names = organisation.units.names(units, period.last)
    lines: dict[UUID, Line] = {}
    for unit, part in found:
        post = heads.get(unit)
        key = post.person_id if post and post.person_id else unit
        line = _line(part, _head(post), units=(unit,), detail=_post(post, names.get(unit, "")))
        lines[key] = _sum(definition, lines[key], line) if key in lines else line
    return list(lines.values())


def _head(post: Post | None) -> str:
    if post is None:
        return "Chưa có chức danh người đứng đầu"
    return post.person_name or "Chưa có người giữ chức"


def _post(post: Post | None, unit: str) -> str:
    return f"{post.title}, {unit}" if post else unit


def _sum(definition: Definition, one: Line, other: Line) -> Line:
    numerator, denominator = one.numerator + other.numerator, one.denominator + other.denominator
    return replace(
        one,
        detail=f"{one.detail}; {other.detail}",
        numerator=numerator,
        denominator=denominator,
        undecided=one.undecided + other.undecided,
        value=indicators.value_of(definition.unit, numerator, denominator),
        units=(*one.units, *other.units),
    )


def _line(part: Part, name: str, *, units: tuple[UUID, ...] = (), tier: str = "", detail: str = "") -> Line:
    return Line(name, detail, part.numerator, part.denominator, part.undecided, part.value, units, tier)


def _unit(part: Part) -> UUID:
    if not isinstance(part.key, UUID):
        raise TypeError(f"a part by unit bears {part.key!r}")
    return part.key
