"""The dossier: what was handed in, how its time runs, what each step took, and what may be done with it now."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tinhso.design.api import Milestone, Progress, SummaryRow
from tinhso.foundation.api import clock
from tinhso.organisation import api as organisation
from tinhso.organisation.api import principal_of, require
from tinhso.organisation.contracts import Principal
from tinhso.services import api as services
from tinhso.services.contracts.answers import Refusal
from tinhso.services.contracts.case import CaseStatus, CaseView, FileInfo, FileState, Moment
from tinhso.services.contracts.desk import StepLine, Watch
from tinhso.services.contracts.payment import PaymentState
from tinhso.services.contracts.procedure import ComponentKind, Procedure
from tinhso.services.queries import slips
from tinhso.services.rules import clock as rules_of_time
from tinhso.services.rules import form
from tinhso.services.rules import procedure as rules

from . import form_drawing, office_acts, wording
from . import office_words as words
from .office_filters import list_url, read
from .office_frame import answering, show
from .office_list import VIEW, queue

SHOWN = frozenset({"image/jpeg", "image/png", "application/pdf"})
# Nothing in a file may run, load or reach anything; browsers' own PDF viewers work inside this, too.
SHUT = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; sandbox"
_LATE_KINDS = frozenset({"due_changed", "reappointed"})


@require(VIEW)
@require_safe
@answering
def case(request: HttpRequest, case_id: UUID) -> HttpResponseBase:
    """Show a dossier beside its list; the look is noted for the applicant to see."""
    return draw(request, case_id)


def draw(
    request: HttpRequest, case_id: UUID, typed: office_acts.Typed | None = None, said: str = "", status: int = 200
) -> HttpResponse:
    """Draw the dossier, with what was typed and refused (`said`) kept in place."""
    principal = principal_of(request)
    view = services.cases.case_for_official(principal, case_id)
    others = services.desk.others_looking(principal, case_id)
    services.cases.record_look(principal, case_id, "hồ sơ")
    source = request.POST.get("danh-sach", "") if request.method == "POST" else request.META.get("QUERY_STRING", "")
    wanted = read(QueryDict(source[:2000]))
    values = {**dossier(principal, view, typed, said), "others": others, "seen_at": clock.business_now().isoformat()}
    if request.headers.get("HX-Target") == "ho-so" and request.method != "POST":
        own = {"query": request.META.get("QUERY_STRING", ""), "list_url": list_url(wanted), "swapped": True}
        return show(request, "panes", {**values, **own})
    listed = queue(principal, wanted, case_id)
    return show(request, "case", {**values, **listed, "list_url": list_url(wanted)}, status=status)


def dossier(
    principal: Principal, view: CaseView, typed: office_acts.Typed | None = None, said: str = ""
) -> dict[str, Any]:
    """Gather what the dossier and the act panes show."""
    procedure = services.procedures.of_package(view.package_id)
    desk = services.desk.work_on(principal, view.id)
    watch = services.desk.watch(principal, view.id)
    receives = organisation.may(principal, "services.case.receive", view.unit_id)
    return {
        "case": view,
        "short": words.short(view.code),
        "tone": wording.TONES[view.status],
        "channel": wording.CHANNELS[view.channel],
        "groups": _groups(procedure, view),
        "papers": _papers(procedure, view),
        "due": _due(view, watch),
        "milestones": [_milestone(moment) for moment in view.moments],
        "steps": [_step(line) for line in services.desk.control_slip(principal, view.id)],
        "payment": _payment(view),
        "may_cash": receives and view.payment is not None and view.payment.state in _PAYABLE,
        "may_complete": receives and view.status is CaseStatus.SUPPLEMENT_ASKED,
        "letters": [(slips.NAMES[name], words.LETTERS[name]) for name in slips.at_hand(view.id, view.status)],
        "pending": services.desk.pending_of(principal, view.id),
        "desk": desk,
        "acts": office_acts.acts(view, desk, typed or office_acts.Typed(), said) if desk else [],
        "said": said,
    }


_PAYABLE = (PaymentState.DUE, PaymentState.INITIATED, PaymentState.FAILED, PaymentState.EXPIRED)


@require(VIEW)
@require_safe
@answering
def file(request: HttpRequest, file_id: UUID) -> HttpResponseBase:
    """Show a file in the browser: pictures and PDF only, shut in so that nothing in it can act."""
    info, content = services.files.open_file(principal=principal_of(request), file_id=file_id)
    kind = info.media_type if info.media_type in SHOWN else "application/octet-stream"
    way = "inline" if kind in SHOWN else "attachment"
    return _sent(content, kind, f'{way}; filename="{info.component}{_ENDINGS.get(kind, ".bin")}"')


_ENDINGS = {"image/jpeg": ".jpg", "image/png": ".png", "application/pdf": ".pdf"}


@require(VIEW)
@require_safe
@answering
def receipt(request: HttpRequest, case_id: UUID) -> HttpResponseBase:
    """Give the receipt and appointment."""
    name, content = services.documents.receipt_file(principal=principal_of(request), case_id=case_id)
    return _sent([content], "application/pdf", f'inline; filename="{name}"')


@require(VIEW)
@require_safe
@answering
def slip(request: HttpRequest, case_id: UUID, name: str) -> HttpResponseBase:
    """Give an official form: the control slip (who had the dossier, when, in time or not), or a letter sent."""
    form_id = next((ident for ident, known in slips.NAMES.items() if known == name), "")
    name, content = services.documents.slip_file(principal=principal_of(request), case_id=case_id, form=form_id)
    return _sent([content], "application/pdf", f'inline; filename="{name}"')


@require(VIEW)
@require_safe
@answering
def result(request: HttpRequest, result_id: UUID) -> HttpResponseBase:
    """Give a signed result."""
    name, content = services.documents.result_file(principal=principal_of(request), result_id=result_id)
    return _sent(content, "application/pdf", f'inline; filename="{name}"')


@require("services.case.receive")
@require_POST
@answering
def cash(request: HttpRequest, case_id: UUID) -> HttpResponseBase:
    """Record that the fee was paid in cash at the counter."""
    services.cases.case_for_official(principal_of(request), case_id)  # NotFound outside one's sight
    try:
        services.payments.take_at_counter(principal=principal_of(request), case_id=case_id)
    except Refusal as refusal:
        messages.warning(request, refusal.message)
    else:
        messages.success(request, _("Đã ghi thu tiền mặt."))
    return _back(request, case_id)


@require("services.case.receive")
@require_POST
@answering
def complete(request: HttpRequest, case_id: UUID) -> HttpResponseBase:
    """Take in at the counter what completes a dossier."""
    note = office_acts.plain(request.POST.get("ghi-chu", ""))
    try:
        services.citizen.supplement_at_counter(principal=principal_of(request), case_id=case_id, note=note)
    except Refusal as refusal:
        messages.warning(request, refusal.message)
    else:
        messages.success(request, _("Đã nhận bổ sung tại quầy. Hồ sơ trở lại danh sách việc."))
    return _back(request, case_id)


def _back(request: HttpRequest, case_id: UUID) -> HttpResponse:
    query = request.POST.get("danh-sach", "")[:2000]
    return redirect(reverse("services:office:case", args=[case_id]) + (f"?{query}" if query else ""))


def _sent(content: Any, kind: str, disposition: str) -> HttpResponseBase:
    answer = StreamingHttpResponse(_chunks(content), content_type=kind)
    answer["Content-Disposition"] = disposition
    answer["Content-Security-Policy"] = SHUT
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    answer["Cache-Control"] = "private, no-store"
    return answer


def _chunks(content: Any) -> Iterator[bytes]:
    yield from content


def _groups(procedure: Procedure, view: CaseView) -> list[tuple[str, list[SummaryRow]]]:
    return [
        (
            page.title.vi,
            [
                SummaryRow(field.title, form_drawing.shown(field, view.data.get(field.name)))
                for field in form.fields_for(page, view.data)
            ],
        )
        for page in form.pages_for(procedure, view.data)
    ]


def _papers(procedure: Procedure, view: CaseView) -> list[dict[str, Any]]:
    """List the dossier's papers, each with its files; the nth ready file is opened by the key n."""
    variant = next(v for v in procedure.variants if v.id == view.variant)
    on = view.submitted_at.astimezone(clock.LOCAL).date()
    wanted = rules.components_for(procedure, variant, view.channel, view.data, on)
    found: list[dict[str, Any]] = []
    number = 0
    for row in wanted:
        if row.kind is not ComponentKind.DOCUMENT:
            continue
        files = []
        for held in (f for f in view.files if f.component == row.id):
            number += held.state is FileState.READY
            files.append(_file(held, number if number < 10 else 0))
        found.append({"title": row.title.vi, "required": row.required, "files": files})
    known = {row.id for row in wanted}
    rest = [_file(held, 0) for held in view.files if held.component not in known]
    if rest:
        found.append({"title": _("Giấy tờ khác"), "required": False, "files": rest})
    return found


def _file(held: FileInfo, number: int) -> dict[str, Any]:
    return {
        "file": held,
        "size": wording.size(held.size),
        "state": words.FILE_STATES[held.state],
        "ready": held.state is FileState.READY,
        "picture": held.media_type.startswith("image/"),
        "key": str(number) if number and held.state is FileState.READY else "",
    }


def _due(view: CaseView, watch: Watch | None) -> dict[str, Any] | None:
    if watch is None:
        return None
    ended = view.status.closed
    return {
        "at": watch.due.at,
        "promised": watch.due.promised if watch.due.promised != watch.due.at else None,
        "left": "" if ended else wording.remaining(watch.remaining),
        "late": watch.remaining.late,
        "ended_late": ended and watch.remaining.late,
        "paused": watch.remaining.paused,
        "ledger": [(rules_of_time.explain(line, _), line.source) for line in watch.due.ledger],
        "breaches": [(rules_of_time.explain_breach(b, _), b.source) for b in watch.due.breaches],
    }


def _milestone(moment: Moment) -> Milestone:
    state = Progress.LATE if moment.kind in _LATE_KINDS else Progress.DONE
    when = f"{moment.at.astimezone(clock.LOCAL):%H:%M %d/%m/%Y}"
    return Milestone(moment.label, when, state, " · ".join(filter(None, (moment.unit, moment.detail))))


def _step(line: StepLine) -> dict[str, Any]:
    word, tone = words.timeliness(line)
    used, allowed = words.span(line.used), words.span(line.allowed)
    return {"line": line, "used": used, "allowed": allowed, "word": word, "tone": tone}


def _payment(view: CaseView) -> dict[str, Any] | None:
    if view.payment is None:
        return None
    word, tone = words.PAYMENTS[view.payment.state]
    return {"bill": view.payment, "word": word, "tone": tone}
