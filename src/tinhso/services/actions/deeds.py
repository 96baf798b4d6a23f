"""Carry a deed out on a case: status, clock, next step, story. Always inside the caller's transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from tinhso.foundation.api import clock, workdays
from tinhso.foundation.contracts import Actor, Event, UnknownYear
from tinhso.organisation import api as organisation
from tinhso.organisation.contracts import Unit
from tinhso.services.contracts import events
from tinhso.services.contracts.answers import Refusal
from tinhso.services.contracts.case import CaseStatus, Deed
from tinhso.services.contracts.clock import Breach, Reappointed
from tinhso.services.contracts.clock import SupplementAsked as AskedToSupplement
from tinhso.services.contracts.procedure import Delivery, Procedure, Step, StepKind
from tinhso.services.models import Case, Task
from tinhso.services.queries import dues, measure
from tinhso.services.queries.applications import competent
from tinhso.services.queries.procedures import of_package
from tinhso.services.rules import process

from . import payments, results, story, tasks

_PROGRESS = ("status", "step", "finished_at", "original_due_at", "due_at")


@dataclass(frozen=True, slots=True)
class Doing:
    """A deed being done: what on, by whom, when and with what words."""

    case: Case
    procedure: Procedure
    task: Task
    step: Step
    by: UUID
    unit_id: UUID
    at: datetime
    values: Mapping[str, Any]
    missed: Breach | None = None  # the duty this deed misses

    @property
    def actor(self) -> Actor:
        return Actor.account(self.by)

    @property
    def reason(self) -> str:
        return str(self.values.get("reason", "")).strip()


def do(
    case: Case,
    task: Task,
    deed: Deed,
    values: Mapping[str, Any],
    *,
    by: UUID,
    unit_id: UUID,
    at: datetime | None = None,
) -> None:
    """Do a deed that the rules allow. `at` is when it was decided (business time), which the clock counts from."""
    procedure = of_package(case.package_id)
    step = process.step_on(tasks.path_of(case, procedure), task.step)
    doing = Doing(case, procedure, task, step, by, unit_id, at or clock.business_now(), values)
    missed = _duty_missed(doing, deed)
    _DEEDS[deed](replace(doing, missed=missed))
    if missed is not None:
        story.tell(case, events.GuardMissed(kind=missed.kind.value), actor=doing.actor)


def _duty_missed(doing: Doing, deed: Deed) -> Breach | None:
    """Say which duty the deed misses: it is done all the same, and the case goes on late."""
    if deed is Deed.ASK_SUPPLEMENT:
        return dues.breach_by(doing.case, AskedToSupplement(doing.at))
    if deed is Deed.REAPPOINT:
        return dues.breach_by(doing.case, Reappointed(doing.at, _new_due(doing.values), doing.at))
    return None


def check_arguments(case: Case, deed: Deed, values: Mapping[str, Any]) -> None:
    """Refuse what a deed cannot be done with, before it is recorded."""
    if deed is Deed.REAPPOINT:
        _new_due(values)
    if deed is Deed.ROUTE:
        _other_unit(case, values)
    if deed is Deed.SEND_BACK and values.get("step"):
        procedure = of_package(case.package_id)
        if values["step"] not in {step.id for step in procedure.steps}:
            raise Refusal("Không có bước này trong quy trình.")


def _accept(doing: Doing) -> None:
    """Receive a valid dossier: the clock starts (NĐ 61/2018, read in the text). What a desk sent back to the counter
    was received already: its clock runs on."""
    case = doing.case
    again = case.received_at is not None
    case.received_at = case.received_at or doing.at
    case.status = CaseStatus.IN_PROGRESS
    if not again:
        story.happened(case, "received", by=doing.by, unit=doing.unit_id, at=doing.at)
        story.reckon(case)
    tasks.close(doing.task, by=doing.by, outcome=Deed.ACCEPT.value)
    _advance(doing)
    story.save(case, "received_at", *_PROGRESS)
    if again:
        _moved(doing, events.CaseForwarded(step=case.step), "forwarded")
    else:
        story.tell(case, events.CaseAccepted(code=case.code, due_at=case.due_at), actor=doing.actor)


def _ask_supplement(doing: Doing) -> None:
    case = doing.case
    case.status = CaseStatus.SUPPLEMENT_ASKED
    story.happened(
        case, "supplement_asked", by=doing.by, unit=doing.unit_id, note=doing.reason, at=doing.at,
        data={"unlawful": True} if doing.missed else None,
    )  # fmt: skip
    story.reckon(case)
    case.late_supplement = case.late_supplement or measure.supplement_in_last_fifth(case)
    story.save(case, "status", "original_due_at", "due_at", "late_supplement")
    # The task stays open: the same desk goes on when the applicant has answered.
    Task.objects.filter(id=doing.task.id).update(open=True)
    story.tell(case, events.SupplementAsked(code=case.code), actor=doing.actor)


def _refuse(doing: Doing) -> None:
    case = doing.case
    case.status = process.refused_status(doing.step)
    case.finished_at = doing.at
    story.happened(case, "finished", by=doing.by, unit=doing.unit_id, note=doing.reason, at=doing.at)
    story.reckon(case)
    tasks.close(doing.task, by=doing.by, outcome=Deed.REFUSE.value, text=doing.reason)
    tasks.close_all(case, outcome="refused")
    payments.withdraw_bill(case_id=case.id)
    story.save(case, "status", "finished_at", "original_due_at", "due_at")
    story.tell(case, events.CaseRefused(code=case.code), actor=doing.actor)


def _forward(doing: Doing) -> None:
    tasks.close(doing.task, by=doing.by, outcome=Deed.FORWARD.value, text=doing.reason)
    _advance(doing)
    story.save(doing.case, *_PROGRESS)
    _moved(doing, events.CaseForwarded(step=doing.case.step), "forwarded")
    _return_online(doing)


def _send_back(doing: Doing) -> None:
    target = str(doing.values.get("step") or doing.step.returns_to[0])
    if target not in doing.step.returns_to:
        raise Refusal("Chỉ trả lại được về bước mà quy trình cho phép.")
    tasks.close(doing.task, by=doing.by, outcome=Deed.SEND_BACK.value, text=doing.reason)
    tasks.close_opinions(doing.case, outcome=Deed.SEND_BACK.value)  # asked anew when the step comes round again
    step = process.step_on(tasks.path_of(doing.case, doing.procedure), target)
    tasks.enter(doing.case, doing.procedure, step)
    story.save(doing.case, "step")
    _moved(doing, events.CaseSentBack(step=target), "sent_back")


def _give_opinion(doing: Doing) -> None:
    tasks.close(doing.task, by=doing.by, outcome=Deed.GIVE_OPINION.value, text=doing.reason)
    story.save(doing.case)
    _moved(doing, events.OpinionGiven(opinion=doing.task.opinion), "opinion")


def _route(doing: Doing) -> None:
    case = doing.case
    unit = _other_unit(case, doing.values)
    tasks.close(doing.task, by=doing.by, outcome=Deed.ROUTE.value, text=doing.reason)
    case.unit_id, case.tier = unit.id, unit.tier.value
    organisation.grant_access(object_id=case.id, unit_id=unit.id, reason="routed", valid_from=doing.at)
    tasks.enter(case, doing.procedure, doing.step)
    story.save(case, "unit_id", "tier", "step")
    _moved(doing, events.CaseRouted(unit_id=unit.id), "routed")


def _reappoint(doing: Doing) -> None:
    """Apologise and set a new date (NĐ 61/2018 art. 19.9: once, a day before expiry; read in the text)."""
    case, new_due = doing.case, _new_due(doing.values)
    story.happened(
        case, "reappointed", by=doing.by, unit=doing.unit_id, note=doing.reason, at=doing.at,
        data={"new_due": new_due.isoformat()},
    )  # fmt: skip
    story.reckon(case)
    story.save(case, "original_due_at", "due_at")
    Task.objects.filter(id=doing.task.id).update(open=True)
    tasks.follow_due_date(case)
    story.tell(case, events.CaseReappointed(code=case.code, due_at=new_due), actor=doing.actor)


def _sign(doing: Doing) -> None:
    """Number, sign and give the result; in a joint procedure each agency signs its own."""
    case = doing.case
    number = results.sign(case, doing.procedure, doing.step, by=doing.by, unit_id=doing.unit_id)
    tasks.close(doing.task, by=doing.by, outcome=Deed.SIGN.value)
    _advance(doing)
    story.save(case, *_PROGRESS)
    stage = doing.step.stage or ""
    story.tell(case, events.ResultSigned(code=case.code, number=number, stage=stage), actor=doing.actor)
    _return_online(doing)


def _hand_over(doing: Doing) -> None:
    tasks.close(doing.task, by=doing.by, outcome=Deed.HAND_OVER.value)
    _return(doing)


def _return(doing: Doing) -> None:
    case = doing.case
    case.status = CaseStatus.RETURNED
    story.happened(case, "returned", by=doing.by, unit=doing.unit_id, at=doing.at)
    story.save(case, "status")
    story.tell(case, events.ResultReturned(code=case.code), actor=doing.actor)


def _return_online(doing: Doing) -> None:
    """A result delivered online is in the person's hands the moment the case is done."""
    if doing.case.status == CaseStatus.DONE and doing.case.delivery == Delivery.ONLINE:
        tasks.close_all(doing.case, outcome="delivered_online")
        _return(doing)


def _advance(doing: Doing) -> None:
    """Open the next step. Where only returning is left the case is done, and lateness is judged now."""
    case = doing.case
    step = process.following(tasks.path_of(case, doing.procedure), doing.step.id)
    if step is None or step.kind is StepKind.RETURN:
        case.status, case.finished_at = CaseStatus.DONE, doing.at
        tasks.close_opinions(case, outcome="not_answered")
        story.happened(case, "finished", by=doing.by, unit=doing.unit_id, at=doing.at)
        story.reckon(case)
    if step is not None:
        tasks.enter(case, doing.procedure, step)
    tasks.follow_due_date(case)


def _moved(doing: Doing, event: Event, kind: str) -> None:
    story.happened(doing.case, kind, by=doing.by, unit=doing.unit_id, note=doing.reason, at=doing.at)
    story.tell(doing.case, event, actor=doing.actor)


def _new_due(values: Mapping[str, Any]) -> datetime:
    try:
        day = date.fromisoformat(str(values.get("new_due", "")))
    except ValueError:
        raise Refusal("Hãy chọn ngày hẹn trả mới.") from None
    if day <= clock.today():
        raise Refusal("Ngày hẹn mới phải sau hôm nay.")
    try:
        working = workdays.calendar().is_working(day)
    except UnknownYear:
        raise Refusal("Ngày hẹn mới quá xa: chưa có lịch nghỉ của năm đó. Hãy chọn ngày gần hơn.") from None
    if not working:
        raise Refusal("Ngày hẹn mới là ngày nghỉ. Hãy chọn một ngày làm việc.")
    return workdays.calendar().closing(day)


def _other_unit(case: Case, values: Mapping[str, Any]) -> Unit:
    try:
        unit_id = UUID(str(values.get("unit", "")))
    except ValueError:
        raise Refusal("Hãy chọn cơ quan nhận hồ sơ.") from None
    unit = organisation.units.unit(unit_id, clock.today())
    if unit is None or unit.id == case.unit_id or (unit.valid_to and unit.valid_to < clock.today()):
        raise Refusal("Hãy chọn một cơ quan khác, đang hoạt động.")
    if not competent(of_package(case.package_id), unit):
        raise Refusal("Cơ quan này không giải quyết thủ tục này. Hãy chọn cơ quan có thẩm quyền.")
    return unit


_DEEDS: dict[Deed, Callable[[Doing], None]] = {
    Deed.ACCEPT: _accept,
    Deed.ASK_SUPPLEMENT: _ask_supplement,
    Deed.REFUSE: _refuse,
    Deed.FORWARD: _forward,
    Deed.SEND_BACK: _send_back,
    Deed.GIVE_OPINION: _give_opinion,
    Deed.SIGN: _sign,
    Deed.REAPPOINT: _reappoint,
    Deed.ROUTE: _route,
    Deed.HAND_OVER: _hand_over,
}
