"""Decide, take back, and be told when somebody else was there first."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from tinhso.foundation.api import clock
from tinhso.organisation.api import principal_of, require
from tinhso.services import api as services
from tinhso.services.contracts.answers import Conflict, NotFound, Refusal
from tinhso.services.contracts.case import CaseView

from . import office_acts, office_case
from . import office_words as words
from .office_filters import case_url, next_case, read
from .office_frame import answering, show
from .office_list import VIEW


@require(VIEW)
@require_POST
@answering
def decide(request: HttpRequest, task_id: UUID) -> HttpResponseBase:
    """Record a decision and go to the next case; what is refused is shown in place with what was typed."""
    principal = principal_of(request)
    typed = office_acts.read(request.POST)
    if typed.deed is None:
        raise Http404
    case_id = services.desk.case_of_task(task_id)
    view = services.cases.case_for_official(principal, case_id)
    if request.POST.get("act") == "tim":  # the search for another agency, which is no decision
        return office_case.draw(request, case_id, typed)
    wanted = read(QueryDict(request.POST.get("danh-sach", "")[:2000]))
    row = next(iter(services.worklist.rows_of(principal, [task_id])), None)
    titles = office_acts.titles_of(view)
    try:
        kept = services.decisions.decide(
            principal=principal,
            task_id=task_id,
            deed=typed.deed,
            version=_version(request),
            arguments=office_acts.arguments(typed, titles),
        )
    except Conflict as conflict:
        return _conflict(request, task_id, view, typed, conflict.message)
    except NotFound:
        raise
    except Refusal as refusal:
        return office_case.draw(request, case_id, typed, refusal.message, status=422)
    if kept is None:
        said = _("Đã ghi: %(deed)s %(code)s.") % {"deed": words.DEEDS[typed.deed], "code": words.short(view.code)}
        messages.success(request, said)
    return redirect(next_case(principal, wanted, row))


@require(VIEW)
@require_POST
@answering
def undo(request: HttpRequest) -> HttpResponseBase:
    """Take decisions back; go to the one case, or to the list."""
    principal, undone, late = principal_of(request), [], 0
    for value in request.POST.getlist("quyet-dinh")[:100]:
        decision_id = office_acts.as_task(value)
        if decision_id is None:
            continue
        case_id = services.desk.case_of_decision(principal, decision_id)
        try:
            services.decisions.undo(principal=principal, decision_id=decision_id)
        except Refusal:
            late += 1
        else:
            undone.append(case_id)
    if late:
        messages.warning(request, _("Quyết định đã có hiệu lực nên không hoàn tác được nữa."))
    wanted = read(QueryDict(request.POST.get("danh-sach", "")[:2000]))
    if len(undone) == 1 and undone[0] is not None:
        messages.success(request, _("Đã hoàn tác. Hồ sơ vẫn như trước khi bạn quyết định."))
        return redirect(case_url(undone[0], wanted))
    if undone:
        said = ngettext("Đã hoàn tác %(count)d việc.", "Đã hoàn tác %(count)d việc.", len(undone))
        messages.success(request, said % {"count": len(undone)})
    return redirect("services:office:worklist")


def _conflict(request: HttpRequest, task_id: UUID, view: CaseView, typed: office_acts.Typed, said: str) -> HttpResponse:
    """Show who changed what since the dossier was opened; offer to decide again on what stands now."""
    principal = principal_of(request)
    pending = services.desk.pending_of(principal, view.id)
    desk = services.desk.work_on(principal, view.id)
    still = desk if desk is not None and desk.task.id == task_id else None
    allowed = still is not None and any(way.deed is typed.deed for way in still.ways)
    values = {
        "case": view,
        "said": said,
        "pending": pending,
        "pending_deed": words.DEEDS[pending.deed] if pending else "",
        "changes": services.desk.since(principal, view.id, _seen(request, view)),
        "typed": typed,
        "deed_label": words.DEEDS[typed.deed] if typed.deed else "",
        "reason": office_acts.reason_of(typed, office_acts.titles_of(view)),
        "desk": still if allowed else None,
        "query": request.POST.get("danh-sach", "")[:2000],
    }
    return show(request, "conflict", values, status=409)


def _version(request: HttpRequest) -> int:
    try:
        return int(request.POST.get("version", "")[:9])
    except ValueError:
        raise Conflict(_("Không rõ bạn đã xem bản nào của hồ sơ. Hãy mở lại hồ sơ rồi quyết định.")) from None


def _seen(request: HttpRequest, view: CaseView) -> datetime:
    """Return when the dossier was opened, as its page said; without that, when it was handed in."""
    try:
        at = datetime.fromisoformat(request.POST.get("da-xem", "")[:40])
    except ValueError:
        return view.submitted_at
    return min(at, clock.business_now()) if at.tzinfo else view.submitted_at
