"""Draw the official forms that tell a case's story: control slip, supplement request, refusal, apology."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from tinhso.foundation.api import clock, pdf
from tinhso.services.contracts.answers import NotFound, Refusal
from tinhso.services.contracts.case import CaseStatus
from tinhso.services.contracts.clock import CountUnit
from tinhso.services.contracts.desk import StepLine
from tinhso.services.models import Case, CaseEvent
from tinhso.services.rules import clock as rules_of_time
from tinhso.services.rules import documents as drawing

from . import dues, papers, steps

CONTROL_SLIP, SUPPLEMENT, REFUSAL, APOLOGY = "control_slip", "supplement_request", "refusal", "apology"
NAMES = {
    CONTROL_SLIP: "phieu-kiem-soat",
    SUPPLEMENT: "phieu-yeu-cau-bo-sung",
    REFUSAL: "phieu-tu-choi",
    APOLOGY: "phieu-xin-loi",
}
_FROM = {SUPPLEMENT: "supplement_asked", REFUSAL: "finished", APOLOGY: "reappointed"}
_REFUSED = (CaseStatus.NOT_RECEIVED, CaseStatus.STOPPED)


def slip_pdf(case: Case, form: str) -> bytes:
    """Draw one of the forms of a case; raise NotFound where nothing happened that it speaks of."""
    try:
        return _control_slip(case) if form == CONTROL_SLIP else _notice(case, form)
    except pdf.Unprintable as error:
        raise Refusal(str(error)) from error


def at_hand(case_id: UUID, status: CaseStatus) -> tuple[str, ...]:
    """Say which forms a case has by now, besides its receipt: one query."""
    kinds = set(CaseEvent.objects.filter(case_id=case_id, kind__in=_FROM.values()).values_list("kind", flat=True))
    return tuple(form for form, kind in _FROM.items() if kind in kinds and (form != REFUSAL or status in _REFUSED))


def _control_slip(case: Case) -> bytes:
    due = dues.due_of(case)
    lines = [
        {
            "title": line.title,
            "who": ", ".join(filter(None, (line.unit, line.who))),
            "began": _moment(line.began),
            "ended": _moment(line.ended) if line.ended else "",
            "timeliness": _timeliness(line),
        }
        for line in steps.steps_of(case)
    ]
    breaches = [rules_of_time.explain_breach(breach) for breach in due.breaches] if due else []
    return papers.form_pdf(case, CONTROL_SLIP, steps=lines, breaches=breaches)


def _notice(case: Case, form: str) -> bytes:
    if form not in _FROM or (form == REFUSAL and CaseStatus(case.status) not in _REFUSED):
        raise NotFound
    event = CaseEvent.objects.filter(case_id=case.id, kind=_FROM[form]).order_by("-at", "-id").first()
    if event is None:
        raise NotFound
    if form == SUPPLEMENT:
        note = "Thời gian giải quyết được tính lại theo quy định khi bạn bổ sung đủ."
        return papers.form_pdf(case, form, items=[], reason=event.note, answer_by="", clock_note=note)
    if form == REFUSAL:
        return papers.form_pdf(case, form, reason=event.note, next_step="")
    new_due = drawing.moment_words(datetime.fromisoformat(event.data["new_due"]))
    return papers.form_pdf(case, form, reason=event.note, new_due=new_due)


def _timeliness(line: StepLine) -> str:
    if line.over:
        return f"Quá hạn {rules_of_time.amount(line.over, CountUnit.WORKING_MINUTE)}"
    return "Đúng hạn" if line.ended else "Đang làm"


def _moment(at: datetime) -> str:
    return f"{at.astimezone(clock.LOCAL):%H:%M %d/%m/%Y}"
