"""The leaders' screen and what it opens to: an indicator, its lines, its rows."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tinhso.design.api import Bar, Choice, Tile
from tinhso.foundation.api import clock
from tinhso.indicators import api as indicators
from tinhso.indicators.contracts import Basis, Definition, Figure, Measure, RowPage, Side, Target
from tinhso.operations import rights
from tinhso.operations.contracts import Overview, Split
from tinhso.operations.queries import openings
from tinhso.operations.queries.overview import figure_of, overview, overviews, units_in
from tinhso.operations.queries.scopes import choices
from tinhso.operations.rules.periods import Span, ordered
from tinhso.organisation.api import principal_of, require

from . import asked as address
from . import tables, words
from .asked import Asked

_EXPORT_PAGE = 2000
_WALL_SECONDS = 30


@require_safe
@require(rights.VIEW)
def screen(request: HttpRequest) -> HttpResponse:
    """Show the promises of the province: value, target, what today asks for, trend, and what games each."""
    asked = address.read(request)
    cards = [_card(asked, one) for one in overviews(asked.scope, asked.period)]
    wall = request.GET.get("che-do") == "tuong"
    values = {**_frame(request, asked), "cards": cards, "wall_url": asked.link("screen", **{"che-do": "tuong"})}
    if not wall:
        return render(request, "operations/screen.html", values)
    answer = render(request, "operations/wall.html", values)
    answer["Refresh"] = str(_WALL_SECONDS)  # nobody sits before a wall; whoever reads at leisure has the plain screen
    return answer


@require_safe
@require(rights.VIEW)
def indicator(request: HttpRequest, name: str) -> HttpResponse:
    """Open an indicator: each named way to measure it, its targets, its months, its lines by unit or head."""
    asked = address.read(request)
    definition = address.definition_of(name, asked.period)
    measure = address.measure_of(definition, request.GET)
    split = address.split_of(definition, request.GET)
    seen = overview(definition, asked.scope, asked.period)
    lines = openings.opened(definition, measure, asked.scope, asked.period, split)
    months = openings.opened(definition, measure, asked.scope, asked.period, Split.MONTH)
    values = {
        **_frame(request, asked, definition),
        "definition": definition,
        "measure": measure,
        "card": _card(asked, seen, door=asked.link("rows", name)),
        "fact": words.FACTS.get(definition.fact, definition.fact),
        "bases": [_basis(basis) for basis in definition.legal_basis],
        "targets": [_target(definition, target) for target in definition.targets_on(clock.today())],
        "splits": _splits(asked, definition, measure, split),
        "columns": tables.line_columns(split),
        "rows": tables.line_rows(asked, definition, measure, _in_order(request, lines, split)),
        "export": asked.link("lines-file", name, do=measure.id, theo=split.value, sort=request.GET.get("sort", "")),
        "month_columns": [replace(column, sort="") for column in tables.line_columns(Split.MONTH)],
        "month_rows": tables.line_rows(asked, definition, measure, months),
        "month_bars": [_bar(definition, line) for line in months],
        "target_value": float(seen.target.value) if seen.target else None,
    }
    return render(request, "operations/indicator.html", values)


@require_safe
@require(rights.VIEW)
def rows(request: HttpRequest, name: str) -> HttpResponse:
    """List what makes a figure, row by row: what counts, what does not, what cannot be told yet."""
    asked = address.read(request)
    definition = address.definition_of(name, asked.period)
    measure, side = address.measure_of(definition, request.GET), address.side_of(request.GET)
    figure = figure_of(definition, measure, asked.scope, asked.period)
    page = _rows(asked, definition, measure, side, address.page_of(request.GET))
    shown = tables.columns_shown(_columns(definition), measure)
    values = {
        **_frame(request, asked, definition),
        "definition": definition,
        "measure": measure,
        "value": words.shown(figure.value, definition.unit),
        "figure": figure,
        "sides": _sides(asked, definition, measure, figure, side),
        "page": page,
        "columns": tables.row_columns(shown),
        "rows": tables.row_cells(page, shown, principal_of(request), asked.period.last),
        "export": asked.link("rows-file", name, do=measure.id, phan=words.SIDE_WORDS[side]),
        "opens_cases": definition.fact == tables.CASE,
        "indicator_url": asked.link("indicator", name, do=measure.id),
        "fact": words.FACTS.get(definition.fact, definition.fact),
    }
    return render(request, "operations/rows.html", values)


@require_safe
@require(rights.VIEW)
def lines_file(request: HttpRequest, name: str) -> StreamingHttpResponse:
    """Send the lines of an opened figure as CSV."""
    asked = address.read(request)
    definition = address.definition_of(name, asked.period)
    measure, split = address.measure_of(definition, request.GET), address.split_of(definition, request.GET)
    lines = openings.opened(definition, measure, asked.scope, asked.period, split)
    texts = tables.line_texts(definition, _in_order(request, lines, split))
    return tables.as_file(f"{name}-{split.value}", tables.line_columns(split), texts)


@require_safe
@require(rights.VIEW)
def rows_file(request: HttpRequest, name: str) -> StreamingHttpResponse:
    """Send the rows of a figure as CSV, all of them."""
    asked = address.read(request)
    definition = address.definition_of(name, asked.period)
    measure, side = address.measure_of(definition, request.GET), address.side_of(request.GET)
    names, on = _columns(definition), asked.period.last
    lines = tables.all_pages(lambda page: _rows(asked, definition, measure, side, page, _EXPORT_PAGE), names, on)
    return tables.as_file(f"{name}-{measure.id}", tables.row_columns(names), lines)


def _rows(asked: Asked, definition: Definition, measure: Measure, side: Side, page: int, size: int = 100) -> RowPage:
    return indicators.rows(
        definition, asked.period, measure_id=measure.id, side=side, units=units_in(definition, asked.scope),
        tier=asked.scope.tier, page=page, size=size,
    )  # fmt: skip


def _columns(definition: Definition) -> list[str]:
    """The columns of an indicator's rows; a code stands first in any case."""
    return [name for name in indicators.columns_of(definition.fact) or {} if name != "code"]


def _in_order(request: HttpRequest, lines: list[Any], split: Split) -> list[Any]:
    return ordered(lines, request.GET.get("sort", "ten" if split in (Split.MONTH, Split.TIER) else "gia-tri"))


def _frame(request: HttpRequest, asked: Asked, definition: Definition | None = None) -> dict[str, Any]:
    """What every page of this room shows around its figures."""
    spans = [Choice(span.value, str(label)) for span, label in words.SPANS.items()]
    if asked.span not in set(Span):
        spans.append(Choice(asked.span, _("Tháng %(m)s") % {"m": f"{asked.period.first:%m/%Y}"}))
    return {
        "asked": asked,
        "spans": spans,
        "tiers": [Choice(value, str(label)) for value, label in words.TIERS.items()],
        "who": principal_of(request).name,
        "below": str(asked.scope.below or ""),
        "again": [(name, request.GET[name]) for name in ("do", "theo", "phan", "sort") if name in request.GET],
        "units": [Choice(str(unit.id), unit.display_name) for unit in choices(asked.scope, asked.period.last)],
        "screen_url": asked.link("screen"),
        "all_url": asked.link("indicator", definition.id, **{"don-vi": "", "rieng": "", "cap": ""})
        if definition
        else asked.link("screen", **{"don-vi": "", "rieng": "", "cap": ""}),
        "narrowed": bool(asked.scope.below or asked.scope.only or asked.scope.tier),
        "tier_name": words.TIERS.get(asked.scope.tier, ""),
        "taken": clock.business_now(),
    }


def _card(asked: Asked, one: Overview, door: str = "") -> dict[str, Any]:
    """A tile with what belongs beside it: the other named denominators, and what games the figure."""
    definition, head = one.definition, one.headline
    figure = head.figure
    tile = Tile(
        name=definition.title.vi,
        value=None if figure.value is None else float(figure.value),
        shown=words.shown(figure.value, definition.unit),
        url=door or asked.link("indicator", definition.id),
        target=float(one.target.value) if one.target else None,
        target_shown=words.shown(one.target.value, definition.unit) if one.target else "",
        expected=float(one.expected) if one.expected is not None else None,
        expected_shown=words.shown(one.expected, definition.unit),
        trend=tuple(None if point.value is None else float(point.value) for point in one.trend),
        freshness=words.freshness(figure.freshness),
        reason=figure.reason,
        parts=words.by_tier(one.tiers),
        tone=words.tone(one),
    )
    return {
        "id": definition.id,
        "tile": tile,
        "counted": f"{words.number(figure.numerator)} / {words.number(figure.denominator)}",
        "of": head.measure.denominator_words,
        "undecided": words.number(figure.undecided) if figure.undecided else "",
        "whole_province": one.whole_province and asked.scope.units is not None,
        "position": words.position(figure.freshness),
        "target": _target(definition, one.target) if one.target else None,
        "named": [_named(asked, definition, m.measure, m.figure) for m in one.measures],
        "beside": [_named(asked, b.definition, b.definition.measure(), b.figure) for b in one.beside],
    }


def _named(asked: Asked, definition: Definition, measure: Measure, figure: Figure) -> dict[str, Any]:
    return {
        "id": measure.id,
        "title": measure.title.vi,
        "indicator": definition.title.vi,
        "value": words.shown(figure.value, definition.unit),
        "reason": figure.reason,
        "counted": words.number(figure.numerator),
        "total": words.number(figure.denominator),
        "undecided": words.number(figure.undecided) if figure.undecided else "",
        "numerator_words": measure.numerator_words,
        "denominator_words": measure.denominator_words,
        "basis": _basis(measure.basis),
        "url": asked.link("indicator", definition.id, do=measure.id),
        "rows_url": asked.link("rows", definition.id, do=measure.id),
    }


def _basis(basis: Basis) -> dict[str, Any]:
    return {
        "title": basis.title,
        "for": basis.cited_for,
        "source": basis.source,
        "certainty": words.CERTAINTY[basis.certainty],
    }


def _target(definition: Definition, target: Target) -> dict[str, Any]:
    return {
        "document": target.document,
        "issued": target.issued,
        "due": target.due,
        "value": words.shown(target.value, definition.unit),
        "expected": words.shown(indicators.expected_on(target, clock.today()), definition.unit),
        "source": target.source,
        "certainty": words.CERTAINTY[target.certainty],
        "note": target.note,
        "baseline": target.baseline.note if target.baseline else "",
    }


def _bar(definition: Definition, line: Any) -> Bar:
    value = None if line.value is None else float(line.value)
    missing = _("chưa có hồ sơ") if line.value is None else words.shown(line.value, definition.unit)
    return Bar(line.name, value, missing)


def _splits(asked: Asked, definition: Definition, measure: Measure, now: Split) -> list[dict[str, Any]]:
    return [
        {
            "label": words.SPLITS[split],
            "url": asked.link("indicator", definition.id, do=measure.id, theo=split.value) + "#mo-ra",
            "current": split is now,
            "key": str(number),
        }
        for number, split in enumerate(openings.splits(definition), start=1)
    ]


def _sides(asked: Asked, definition: Definition, measure: Measure, figure: Figure, now: Side) -> list[dict[str, Any]]:
    counts = {
        Side.ALL: figure.denominator,
        Side.COUNTED: figure.numerator,
        Side.OTHERS: figure.denominator - figure.numerator,
        Side.UNDECIDED: figure.undecided,
    }
    return [
        {
            "label": words.SIDES[side],
            "count": words.number(count),
            "url": asked.link("rows", definition.id, do=measure.id, phan=words.SIDE_WORDS[side]),
            "current": side is now,
            "key": str(number),
        }
        for number, (side, count) in enumerate(counts.items(), start=1)
        if count or side is not Side.UNDECIDED
    ]
