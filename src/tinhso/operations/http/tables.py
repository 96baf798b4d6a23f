"""Lay out figures as tables, for the page and for a file."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from uuid import UUID

from django.http import StreamingHttpResponse
from django.utils.translation import gettext as _

from tinhso.design.api import Cell, Column, Row, Tone
from tinhso.indicators.contracts import Definition, FactRow, Measure, RowPage, Scalar
from tinhso.operations.contracts import Line, Split
from tinhso.organisation import api as organisation
from tinhso.organisation.contracts import Principal
from tinhso.services import api as services

from . import words
from .asked import Asked

CASE, _SEE_CASES = "services.case", "services.case.view"
_TELLING = {"procedure", "field", "unit_id", "status"}
_LONG = {"procedure", "field", "unit_id"}
_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would run


def line_columns(split: Split) -> list[Column]:
    """Return the columns of an opened figure, each of which sorts."""
    return [
        Column(str(words.LINE_NAMES[split]), sort="ten"),
        Column(_("Giá trị"), sort="gia-tri", numeric=True),
        Column(_("Được tính"), sort="tu", numeric=True),
        Column(_("Trên tổng"), sort="mau", numeric=True),
        Column(_("Chưa rõ"), sort="chua-ro", numeric=True),
    ]


def line_rows(asked: Asked, definition: Definition, measure: Measure, lines: Iterable[Line]) -> list[Row]:
    """Return the lines of an opened figure, each a door to its rows."""
    return [
        Row(
            (
                Cell(_named(line), asked.rows_of(definition, measure, line) if line.denominator else ""),
                words.shown(line.value, definition.unit),
                words.number(line.numerator),
                words.number(line.denominator),
                words.number(line.undecided),
            ),
            id=line.month or line.tier or (str(line.units[0]) if line.units else line.name),
        )
        for line in lines
    ]


def line_texts(definition: Definition, lines: Iterable[Line]) -> Iterator[list[str]]:
    """Return the same lines as plain texts."""
    for line in lines:
        value = "" if line.value is None else str(line.value)
        yield [_named(line), value, str(line.numerator), str(line.denominator), str(line.undecided)]


def row_columns(names: Iterable[str]) -> list[Column]:
    """Return the columns of a figure's rows: what they are of, whether they count, what is known of them."""
    known = [Column(words.column(name), nowrap=name not in _LONG) for name in names]
    return [Column(_("Mã"), nowrap=True), Column(_("Tính vào con số")), *known]


def columns_shown(names: Iterable[str], measure: Measure) -> list[str]:
    """Return the columns that a page shows: what tells rows apart, and what decided whether they count."""
    deciding = measure.numerator.columns | measure.denominator.columns | {measure.window.column, measure.window.until}
    return [name for name in names if name in _TELLING | deciding]


def row_cells(page: RowPage, names: Sequence[str], principal: Principal, on: date) -> list[Row]:
    """Return a page of rows. A case is a door to its page for those who may see it; for others its name alone."""
    known = named(page.rows, on)
    seen = cases_seen(page, principal)
    return [
        Row(
            (
                Cell(reference(row), f"/can-bo/ho-so/{row.subject_id}/" if row.subject_id in seen else ""),
                Cell(*_counts(row)),
                *(words.cell(name, row.values[name], known) for name in names),
            ),
            id=str(row.subject_id),
        )
        for row in page.rows
    ]


def row_texts(page: RowPage, names: Sequence[str], on: date) -> Iterator[list[str]]:
    """Return a page of rows as plain texts."""
    known = named(page.rows, on)
    for row in page.rows:
        yield [reference(row), _counts(row)[0], *(words.cell(name, row.values[name], known) for name in names)]


def reference(row: FactRow) -> str:
    """Name a row by the code its fact offers, else by the end of its identity."""
    return str(row.values.get("code") or "…" + row.subject_id.hex[-8:])


def named(rows: Iterable[FactRow], on: date) -> dict[Scalar, str]:
    """Return the names of the units and procedures that rows are of: two queries."""
    units = {value for row in rows if isinstance(value := row.values.get("unit_id"), UUID)}
    known: dict[Scalar, str] = {unit: name for unit, name in organisation.units.names(units, on).items()}  # noqa: C416
    if any("procedure" in row.values for row in rows):
        known |= {offer.procedure.code: offer.procedure.title.vi for offer in services.procedures.offered(on)}
    return known


def cases_seen(page: RowPage, principal: Principal) -> frozenset[UUID]:
    """Return which of a page's cases the principal may open: one query."""
    if page.fact != CASE or not organisation.may(principal, _SEE_CASES):
        return frozenset()
    return organisation.seen_among(principal, [row.subject_id for row in page.rows], right=_SEE_CASES)


def as_file(name: str, columns: Sequence[Column], lines: Iterable[list[str]]) -> StreamingHttpResponse:
    """Send a table as CSV that a spreadsheet opens with its Vietnamese letters and runs nothing of."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)

    def written(values: Iterable[str]) -> str:
        buffer.seek(0)
        buffer.truncate()
        writer.writerow(["'" + value if value.startswith(_FORMULA) else value for value in values])
        return buffer.getvalue()

    def content() -> Iterator[str]:
        yield "\ufeff" + written(column.label for column in columns)
        for line in lines:
            yield written(line)

    answer = StreamingHttpResponse(content(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer


def all_pages(ask: Callable[[int], RowPage], names: Sequence[str], on: date) -> Iterator[list[str]]:
    """Go through the pages of rows, one at a time."""
    number = 1
    while True:
        page = ask(number)
        yield from row_texts(page, names, on)
        if number >= page.pages:
            return
        number += 1


def _named(line: Line) -> str:
    return f"{line.name} ({line.detail})" if line.detail else line.name


def _counts(row: FactRow) -> tuple[str, str, Tone]:
    if row.counted:
        return _("được tính"), "", Tone.DONE
    return (_("chưa rõ"), "", Tone.UNKNOWN) if row.undecided else (_("không được tính"), "", Tone.NEUTRAL)
