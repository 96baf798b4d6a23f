"""The worklist: what a desk has to do, by deadline, filtered, kept, taken out; and the way to any case by its code."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase, QueryDict, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tinhso.foundation.api import clock, text, workdays
from tinhso.organisation.api import principal_of, require
from tinhso.organisation.contracts import Principal
from tinhso.services import api as services
from tinhso.services.contracts.answers import Refusal
from tinhso.services.contracts.case import TaskRow
from tinhso.services.queries.worklist import MOST_COUNTED, Filter

from . import office_words as words
from .office_filters import SLUGS, SORT_SLUGS, SORTS, VIEWS, case_url, commands, list_url, read, written
from .office_frame import answering, show

VIEW = "services.case.view"
MOST_EXPORTED = 5_000
_NOBODY = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the queue as it is drawn."""

    row: TaskRow
    short: str
    kind: str
    stands: words.Standing
    failure: str
    url: str
    current: bool


@require(VIEW)
@require_safe
@answering
def worklist(request: HttpRequest) -> HttpResponseBase:
    """Show the queue; the other two panes fill when a case is opened."""
    principal = principal_of(request)
    return show(request, "worklist", queue(principal, read(request.GET)))


@require(VIEW)
@require_safe
@answering
def export(request: HttpRequest) -> HttpResponseBase:
    """Give the filtered list as a CSV file, the same rows as on screen and no more."""
    principal = principal_of(request)
    rows = list(_all(principal, replace(read(request.GET), after=None)))
    services.filters.note_export(principal=principal, rows=len(rows))
    answer = StreamingHttpResponse(_csv(rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="ho-so-{clock.today():%Y%m%d}.csv"'
    return answer


@require(VIEW)
@require_safe
@answering
def find(request: HttpRequest) -> HttpResponseBase:
    """Go where a code, a command or a name leads: Ctrl-K."""
    principal, typed = principal_of(request), request.GET.get("q", "").strip()[:200]
    if not typed:
        return redirect("services:office:worklist")
    command = next((url for label, url in commands(principal) if text.fold(str(label)) == text.fold(typed)), None)
    if command:
        return redirect(command)
    case_id = services.desk.case_by_code(principal, typed)
    if case_id is not None:
        return redirect("services:office:case", case_id)
    wanted = Filter(words=typed)
    found = services.worklist.worklist(principal, wanted, limit=2).rows
    if len(found) == 1:
        return redirect(case_url(found[0].case_id, wanted))
    if not found:
        said = _("Không có hồ sơ nào khớp “%(words)s” trong phạm vi của bạn. Hãy gõ đủ mã, ví dụ H23.16-210115-0042.")
        messages.warning(request, said % {"words": typed})
        return redirect("services:office:worklist")
    return redirect(list_url(wanted))


@require(VIEW)
@require_POST
@answering
def keep(request: HttpRequest) -> HttpResponseBase:
    """Keep the list's filter under a name."""
    wanted = read(QueryDict(request.POST.get("danh-sach", "")[:2000]))
    try:
        services.filters.save_filter(principal=principal_of(request), name=request.POST.get("ten", ""), wanted=wanted)
    except Refusal as refusal:
        values = queue(principal_of(request), wanted)
        values |= {"filter_name": request.POST.get("ten", "")[:200], "filter_error": refusal.message}
        return show(request, "worklist", values, status=422)
    messages.success(request, _("Đã lưu bộ lọc."))
    return redirect(list_url(wanted))


@require(VIEW)
@require_POST
@answering
def drop(request: HttpRequest, filter_id: UUID) -> HttpResponseBase:
    """Forget a kept filter."""
    services.filters.drop_filter(principal=principal_of(request), filter_id=filter_id)
    messages.success(request, _("Đã bỏ bộ lọc."))
    return redirect("services:office:worklist")


def queue(principal: Principal, wanted: Filter, current: UUID = _NOBODY) -> dict[str, Any]:
    """Gather the queue's pane: views with counts, filters, a page of lines. The number of queries does not grow."""
    page = services.worklist.worklist(principal, wanted)
    counted = services.worklist.counts(principal)
    failed = services.desk.failures([row.case_id for row in page.rows])
    now, calendar = clock.business_now(), workdays.calendar()
    whole = replace(wanted, after=None)
    following = replace(wanted, after=page.following) if page.following else None
    return {
        "wanted": wanted,
        "query": written(wanted),
        "lines": [_line(row, wanted, failed, current, now, calendar) for row in page.rows],
        "views": [_view(slug, wanted, counted) for slug in VIEWS],
        "view_title": VIEWS[SLUGS[wanted.when]][1],
        "view_slug": SLUGS[wanted.when],
        "following": list_url(following) if following else "",
        "first": list_url(whole) if wanted.after else "",
        "narrowed": bool(wanted.procedure or wanted.kind or wanted.words),
        "everything": list_url(Filter(when=wanted.when)),
        "kept": [(kept, list_url(_from_kept(kept))) for kept in services.desk.saved_filters(principal)],
        "procedures": [(offer.procedure.code, offer.procedure.title.vi) for offer in services.procedures.offered()],
        "kinds": list(words.KINDS.items()),
        "sorts": [(slug, label) for slug, (_sort, label) in SORTS.items()],
        "sort_slug": SORT_SLUGS[wanted.sort],
        "bulk": len({(row.procedure, row.kind) for row in page.rows}) > 0 and len(page.rows) > 1,
    }


def _view(slug: str, wanted: Filter, counted: dict[str, int]) -> dict[str, Any]:
    view, label = VIEWS[slug]
    count = counted[view]
    return {
        "label": label,
        "count": f"{MOST_COUNTED}+" if count >= MOST_COUNTED else str(count),
        "url": list_url(replace(wanted, when=view, after=None)),
        "current": wanted.when == view,
        "late": view == "late" and count > 0,
    }


def _line(row: TaskRow, wanted: Filter, failed: dict[UUID, str], current: UUID, now: datetime, calendar: Any) -> Line:
    return Line(
        row=row,
        short=words.short(row.code),
        kind=str(words.KINDS.get(row.kind, row.kind)),
        stands=words.standing(row.due_at, paused=row.status.paused, now=now, calendar=calendar),
        failure=failed.get(row.case_id, ""),
        url=case_url(row.case_id, wanted),
        current=row.case_id == current,
    )


def _from_kept(kept: Any) -> Filter:
    return Filter(when=kept.when or "today", procedure=kept.procedure, kind=kept.kind, words=kept.words, sort=kept.sort)


def _all(principal: Principal, wanted: Filter) -> Iterator[TaskRow]:
    taken = 0
    while taken < MOST_EXPORTED:
        page = services.worklist.worklist(principal, wanted)
        yield from page.rows
        taken += len(page.rows)
        if page.following is None:
            return
        wanted = replace(wanted, after=page.following)


def _csv(rows: list[TaskRow]) -> Iterator[str]:
    head = (
        _("Mã hồ sơ"), _("Mã thủ tục"), _("Thủ tục"), _("Người nộp"), _("Việc"), _("Tình trạng"), _("Nộp lúc"),
        _("Hạn"),
    )  # fmt: skip
    yield "\ufeff" + _csv_line(head)  # so that spreadsheets read Vietnamese letters
    for row in rows:
        yield _csv_line(
            (
                row.code, row.procedure, row.procedure_title, row.applicant, row.step_title, row.status.label,
                _moment(row.submitted_at), _moment(row.due_at),
            )
        )  # fmt: skip


def _csv_line(cells: tuple[str, ...]) -> str:
    target = io.StringIO()
    csv.writer(target).writerow([_harmless(str(cell)) for cell in cells])
    return target.getvalue()


def _harmless(cell: str) -> str:
    """A cell that begins like a formula is run by spreadsheets; a name typed by a stranger must not be."""
    return f"'{cell}" if cell[:1] in "=+-@\t\r" else cell


def _moment(at: datetime | None) -> str:
    return f"{at.astimezone(clock.LOCAL):%d/%m/%Y %H:%M}" if at else ""
