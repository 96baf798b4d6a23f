"""Do the same thing to several cases: look at what it would do first, then do it, each on its own."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from tinhso.organisation.api import principal_of, require
from tinhso.services import api as services
from tinhso.services.contracts.answers import Refusal
from tinhso.services.contracts.case import Deed, TaskRow
from tinhso.services.contracts.desk import Desk

from . import office_acts
from . import office_words as words
from .office_filters import list_url, read
from .office_frame import answering, show
from .office_list import VIEW

MOST = 50
ALLOWED = (Deed.ACCEPT, Deed.FORWARD, Deed.SIGN, Deed.HAND_OVER)  # what needs no words of its own for each person


@require(VIEW)
@require_POST
@answering
def preview(request: HttpRequest) -> HttpResponseBase:
    """Show what would be done to the cases chosen, and which cannot be."""
    chosen = _chosen(request)
    wanted = read(QueryDict(request.POST.get("danh-sach", "")[:2000]))
    if not chosen:
        messages.warning(request, _("Chưa chọn hồ sơ nào. Hãy đánh dấu các hồ sơ ở đầu dòng rồi làm lại."))
        return redirect(list_url(wanted))
    found = services.desk.works_on(principal_of(request), chosen)
    steps = {(row.procedure, row.step_title) for row, _desk in found}
    if len(steps) > 1:
        messages.warning(request, _("Chỉ làm cùng lúc các hồ sơ của một thủ tục, ở cùng một bước. Hãy chọn lại."))
        return redirect(list_url(wanted))
    deeds = [deed for deed in ALLOWED if any(way.deed is deed for _row, desk in found for way in desk.ways)]
    if not deeds:
        messages.warning(request, _("Các hồ sơ này cần quyết định từng hồ sơ một."))
        return redirect(list_url(wanted))
    return _preview(request, found, deeds[0], gone=len(chosen) - len(found))


def _preview(request: HttpRequest, found: list[tuple[TaskRow, Desk]], deed: Deed, *, gone: int) -> HttpResponse:
    lines: list[dict[str, Any]] = []
    for row, desk in found:
        way = next((way for way in desk.ways if way.deed is deed), None)
        stop = way.obstacle if way else _("Không làm được ở trạng thái “%(status)s”.") % {"status": row.status.label}
        lines.append({"row": row, "short": words.short(row.code), "stop": stop})
    ready = [line for line in lines if not line["stop"]]
    values = {
        "lines": lines,
        "ready": ready,
        "deed": deed.value,
        "deed_label": words.DEEDS[deed],
        "step_title": found[0][0].step_title,
        "procedure_title": found[0][0].procedure_title,
        "gone": gone,
        "query": request.POST.get("danh-sach", "")[:2000],
    }
    return show(request, "bulk", values)


@require(VIEW)
@require_POST
@answering
def carry_out(request: HttpRequest) -> HttpResponseBase:
    """Decide on each case by itself: one that changed meanwhile is left and named, the others go on."""
    principal = principal_of(request)
    try:
        deed = Deed(request.POST.get("deed", ""))
    except ValueError:
        raise Http404 from None
    if deed not in ALLOWED:
        raise Http404
    chosen = _chosen(request)
    codes = {row.id: words.short(row.code) for row in services.worklist.rows_of(principal, chosen)}
    done = 0
    for task_id in chosen:
        try:
            seen = _version(request, task_id)
            services.decisions.decide(principal=principal, task_id=task_id, deed=deed, version=seen)
            done += 1
        except Refusal as refusal:
            messages.warning(request, f"{codes.get(task_id, '')}: {refusal.message}".removeprefix(": "))
    if done:
        said = ngettext("Đã ghi: %(deed)s %(count)d hồ sơ.", "Đã ghi: %(deed)s %(count)d hồ sơ.", done)
        messages.success(request, said % {"deed": words.DEEDS[deed], "count": done})
    return redirect(list_url(read(QueryDict(request.POST.get("danh-sach", "")[:2000]))))


def _chosen(request: HttpRequest) -> list[UUID]:
    found = (office_acts.as_task(value) for value in request.POST.getlist("viec"))
    return list(dict.fromkeys(ident for ident in found if ident is not None))[:MOST]


def _version(request: HttpRequest, task_id: UUID) -> int:
    value = request.POST.get(f"version:{task_id}", "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else -1
