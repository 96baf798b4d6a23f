"""A person's cases: the list, one case, what it asks for, its papers, and who looked at its data."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tinhso.design.api import Choice, Milestone, Progress, SummaryRow
from tinhso.foundation.api import clock
from tinhso.organisation.api import principal_of, signed_in
from tinhso.services import api as services
from tinhso.services.contracts.answers import NotFound, Refusal
from tinhso.services.contracts.case import CaseStatus, CaseView, FileState, PaymentInfo
from tinhso.services.contracts.clock import Due, Remaining
from tinhso.services.rules import process

from . import wording
from .answering import answering, refused, show

GRADES = ((1, later("Hài lòng")), (2, later("Bình thường")), (3, later("Không hài lòng")))
_OVER = {
    CaseStatus.NOT_RECEIVED: later("Hồ sơ không được tiếp nhận"),
    CaseStatus.STOPPED: later("Cơ quan dừng xử lý hồ sơ"),
    CaseStatus.WITHDRAWN: later("Bạn đã rút hồ sơ"),
}


@signed_in
@require_safe
@answering
def mine(request: HttpRequest) -> HttpResponse:
    """List one's cases and unfinished applications."""
    lines = services.cases.my_cases(principal_of(request))
    drafts = [line for line in lines if not line.code]
    cases = [
        {"line": line, "tone": "attention" if line.needs else wording.TONES[line.status],
         "word": line.needs or line.status.label}
        for line in lines if line.code and line.status is not None
    ]  # fmt: skip
    return show(request, "mine", {"drafts": drafts, "cases": cases})


@signed_in
@require_safe
@answering
def case(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Show a case: how far it is, when it is due and why, what it asks for."""
    principal = principal_of(request)
    found = services.cases.case_for_applicant(principal, case_id)
    due = services.dues.for_applicant(principal, case_id)
    values = {
        "case": found,
        "tone": wording.TONES[found.status],
        "road": road(found, due),
        "agency": agency(found),
        "left": wording.remaining(due[1]) if due and not found.status.closed else "",
        "late": bool(due and due[1].late and not found.status.closed),
        "paused": bool(due and due[1].paused),
        "ledger": wording.ledger(due[0]) if due else [],
        "to_pay": _owed(found),
        "may_withdraw": process.may_withdraw(found.status),
        "rejected": [file for file in found.files if file.state is FileState.REFUSED],
        "over": _OVER.get(found.status, ""),
        "reason": next((m.detail for m in reversed(found.moments) if m.kind == "finished"), ""),
        "grades": [Choice(str(grade), str(word)) for grade, word in GRADES],
        "look_up": _look_up(found),
    }
    return show(request, "case", values)


@signed_in
@require_safe
@answering
def handed_in(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Confirm what was handed in, so that it can be photographed: code, QR, what happens next with dates."""
    principal = principal_of(request)
    found = services.cases.case_for_applicant(principal, case_id)
    procedure = services.procedures.of_package(found.package_id)
    values = {
        "case": found,
        "look_up": _look_up(found),
        "promise": services.applications.promise(procedure, found.data) if found.received_at is None else None,
        "agency": agency(found),
        "supplement_days": services.applications.supplement_days(procedure),
        "to_pay": _owed(found),
    }
    return show(request, "handed_in", values)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@answering
def withdraw(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Take a case back, after asking once: the law lets it not be taken up again."""
    principal = principal_of(request)
    found = services.cases.case_for_applicant(principal, case_id)
    if request.method == "POST":
        services.citizen.withdraw_case(principal=principal, case_id=case_id)
        messages.success(request, _("Bạn đã rút hồ sơ."))
        return redirect("services:case", case_id)
    if not process.may_withdraw(found.status):
        raise Refusal(_("Hồ sơ đã giải quyết xong nên không rút được nữa."))
    return show(request, "withdraw", {"case": found})


@signed_in
@require_POST
@answering
def rate(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Say how it was, in three grades."""
    grade = request.POST.get("grade", "")
    try:
        services.citizen.rate_result(
            principal=principal_of(request), case_id=case_id, grade=int(grade) if grade in ("1", "2", "3") else 0
        )
    except NotFound:
        raise
    except Refusal as refusal:
        messages.error(request, refused(refusal)[0].message)
    else:
        messages.success(request, _("Cảm ơn bạn. Lời đánh giá đã được ghi lại."))
    return redirect("services:case", case_id)


@signed_in
@require_safe
@answering
def looks(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Show who opened one's data, when and what for."""
    principal = principal_of(request)
    found = services.cases.case_for_applicant(principal, case_id)
    seen = services.cases.looks(principal, case_id)
    values = {
        "case": found,
        "rows": [
            SummaryRow(
                f"{look.at.astimezone(clock.LOCAL):%H:%M %d/%m/%Y}",
                f"{', '.join(part for part in (look.who, look.unit) if part)}\n{_('Đã xem')}: {look.what}",
            )
            for look in seen
        ],
    }
    return show(request, "looks", values)


@signed_in
@require_safe
@answering
def receipt(request: HttpRequest, case_id: UUID) -> HttpResponseBase:
    """Give the receipt as a PDF."""
    name, content = services.documents.receipt_file(principal=principal_of(request), case_id=case_id)
    return _pdf(name, iter((content,)))


@signed_in
@require_safe
@answering
def result(request: HttpRequest, case_id: UUID, result_id: UUID) -> HttpResponseBase:
    """Give a signed result as a PDF."""
    name, content = services.documents.result_file(principal=principal_of(request), result_id=result_id)
    return _pdf(name, content)


@signed_in
@require_safe
@answering
def file(request: HttpRequest, file_id: UUID) -> HttpResponseBase:
    """Give back a file one handed in; anyone else's looks as if it did not exist."""
    principal = principal_of(request)
    if principal.is_official:
        raise NotFound
    info, content = services.files.open_file(principal=principal, file_id=file_id)
    answer = StreamingHttpResponse(content, content_type=info.media_type)
    answer.headers["Content-Disposition"] = content_disposition_header(True, info.name) or "attachment"
    return answer


def agency(found: CaseView) -> str:
    """Name the agency a case lies with."""
    unit = services.applications.unit_of(found.unit_id)
    return wording.agency(unit) if unit else found.unit


def road(found: CaseView, due: tuple[Due, Remaining] | None) -> list[Milestone]:
    """Draw what happened, what is going on, and what is still to come with its date."""
    past = _past(found)
    if found.status.closed:
        return past
    late = bool(due and due[1].late)
    state = Progress.LATE if late else Progress.CURRENT
    now = Milestone(_now_words(found), "", state, found.unit)
    if due is None:
        return [*past, now, Milestone(_("Tiếp nhận và hẹn ngày trả")), Milestone(_("Trả kết quả"))]
    when = f"{due[0].promised.astimezone(clock.LOCAL):%H:%M %d/%m/%Y}"
    return [*past, now, Milestone(_("Trả kết quả"), when, Progress.TODO, wording.remaining(due[1]))]


def _past(found: CaseView) -> list[Milestone]:
    """Tell what happened; the agency is named where it changes, not at every line."""
    milestones, unit = [], ""
    for moment in found.moments:
        if moment.kind == "payment_initiated" and moment is not found.moments[-1]:
            continue
        label = moment.label
        if moment.kind == "finished" and found.status in _OVER:
            label = found.status.label
        elif moment.kind == "payment_cancelled" and found.status.closed:
            label = _("Không còn phải nộp phí")
        new = moment.unit if moment.unit != unit else ""
        unit = moment.unit or unit
        milestones.append(_moment(label, moment.at, ": ".join(part for part in (new, moment.detail) if part)))
    return milestones


def _owed(found: CaseView) -> PaymentInfo | None:
    payment = found.payment
    open_case = not found.status.closed
    return payment if payment and open_case and services.transfers.payable(payment.state) else None


def _now_words(found: CaseView) -> str:
    if found.status is CaseStatus.SUBMITTED:
        return _("Chờ cơ quan tiếp nhận")
    if found.status.paused:
        return _("Chờ bạn")
    return _("Đang xử lý")


def _moment(title: str, at: Any, detail: str) -> Milestone:
    return Milestone(title, f"{at.astimezone(clock.LOCAL):%H:%M %d/%m/%Y}", Progress.DONE, detail)


def _look_up(found: CaseView) -> str:
    return f"{settings.TINHSO_URL}{reverse('services:look-up')}?ma={found.code}"


def _pdf(name: str, content: Iterator[bytes]) -> StreamingHttpResponse:
    answer = StreamingHttpResponse(content, content_type="application/pdf")
    answer.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return answer
