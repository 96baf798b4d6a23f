"""Decide what may be done with a task, what stands in the way, and where a deed leads.

Pure: values in, verdict out. The approved internal process (NĐ 61/2018; the approval chain read in the text) is the
table of steps in the procedure's package; this is the small machine that walks it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from tinhso.services.contracts.case import CaseStatus, Deed
from tinhso.services.contracts.procedure import Step, StepKind

_DEEDS: dict[StepKind, tuple[Deed, ...]] = {
    StepKind.RECEIVE: (Deed.ACCEPT, Deed.ASK_SUPPLEMENT, Deed.REFUSE, Deed.ROUTE),
    StepKind.EXAMINE: (Deed.FORWARD, Deed.ASK_SUPPLEMENT, Deed.SEND_BACK, Deed.REFUSE, Deed.REAPPOINT),
    StepKind.SUBMIT: (Deed.FORWARD, Deed.SEND_BACK),
    StepKind.SIGN: (Deed.SIGN, Deed.SEND_BACK, Deed.REFUSE),
    StepKind.OPINION: (Deed.GIVE_OPINION,),
    StepKind.RETURN: (Deed.HAND_OVER,),
}
_REASON = "Hãy ghi lý do: người nộp sẽ đọc đúng những dòng này."
_ASKS = {
    **dict.fromkeys((Deed.ASK_SUPPLEMENT, Deed.REFUSE, Deed.SEND_BACK, Deed.REAPPOINT, Deed.ROUTE), _REASON),
    Deed.GIVE_OPINION: "Hãy ghi nội dung ý kiến.",
}
OPINION_TASK = "opinion"


@dataclass(frozen=True, slots=True)
class Situation:
    """What is known of a case when a deed is about to be done."""

    status: CaseStatus
    step: Step
    is_opinion: bool  # the task is another agency's opinion within the step
    unopened_required: tuple[str, ...] = ()  # titles of required files nobody in charge has opened
    unreadable_required: tuple[str, ...] = ()  # titles of required papers whose every file was refused as unreadable
    quarantined: bool = False
    fee_unpaid: bool = False
    opinions_waiting: bool = False
    reason: str = ""


def deeds(step: Step, status: CaseStatus, *, is_opinion: bool) -> tuple[Deed, ...]:
    """List what may be done with a task at a step; nothing while the case waits for the applicant or is closed."""
    if status.closed and step.kind is not StepKind.RETURN:
        return ()
    if is_opinion:
        return (Deed.GIVE_OPINION,)
    if status.paused:
        return ()
    kind = StepKind.EXAMINE if step.kind is StepKind.OPINION else step.kind
    return tuple(deed for deed in _DEEDS[kind] if deed is not Deed.SEND_BACK or step.returns_to)


def obstacle(deed: Deed, situation: Situation) -> str | None:
    """Say in the official's language why a deed cannot be done now; None when it can."""
    if deed not in deeds(situation.step, situation.status, is_opinion=situation.is_opinion):
        return f"Không thể “{deed.label}” khi hồ sơ ở trạng thái “{situation.status.label}”."
    if deed in _ASKS and not situation.reason.strip():
        return _ASKS[deed]
    if deed is Deed.ACCEPT:
        return _papers(situation)
    if deed is Deed.FORWARD and situation.opinions_waiting:
        return "Còn ý kiến chưa trả lời và chưa hết hạn lấy ý kiến."
    if deed is Deed.SIGN and situation.fee_unpaid:
        return "Người nộp chưa trả phí, lệ phí: chưa thể trả kết quả."
    return None


def _papers(situation: Situation) -> str | None:
    """Say what is wrong with a dossier's papers, so that it cannot be received as valid."""
    if situation.quarantined:
        return "Tệp đính kèm đang được kiểm tra; hãy đợi vài giây rồi làm lại."
    if situation.unreadable_required:
        return "Tệp không đọc được: " + "; ".join(situation.unreadable_required) + ". Hãy yêu cầu bổ sung."
    if situation.unopened_required:
        return "Chưa mở giấy tờ bắt buộc: " + "; ".join(situation.unopened_required) + "."
    return None


def following(path: Sequence[Step], step_id: str) -> Step | None:
    """Give the step after `step_id` on the case's path; None after the last."""
    ids = [step.id for step in path]
    index = ids.index(step_id) + 1
    return path[index] if index < len(path) else None


def step_on(path: Sequence[Step], step_id: str) -> Step:
    """Give a step of the path by its id; raise KeyError where the path has none."""
    for step in path:
        if step.id == step_id:
            return step
    raise KeyError(step_id)


def refused_status(step: Step) -> CaseStatus:
    """Give the national status of a refused case: not received at the counter, stopped later."""
    return CaseStatus.NOT_RECEIVED if step.kind is StepKind.RECEIVE else CaseStatus.STOPPED


def may_withdraw(status: CaseStatus) -> bool:
    """Say whether the applicant may take the case back: any time before it is done."""
    return not status.closed


def unopened(required: Collection[tuple[str, str]], opened: Collection[str]) -> tuple[str, ...]:
    """Give the titles of required files (id, title) that nobody has opened yet."""
    return tuple(title for ident, title in required if ident not in opened)
