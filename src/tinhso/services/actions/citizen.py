"""What an applicant may do with a case handed in: complete it, take it back, say how it was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from tinhso.foundation.api import action, clock, journal
from tinhso.organisation import api as organisation
from tinhso.organisation.contracts import Principal
from tinhso.services.contracts import events
from tinhso.services.contracts.answers import NotFound, Refusal, account_of
from tinhso.services.contracts.case import CaseStatus
from tinhso.services.models import Attachment, Case, PendingDecision, Result
from tinhso.services.queries.procedures import of_package
from tinhso.services.rules import form, process
from tinhso.services.rules import procedure as rules

from . import payments, story, tasks


@action
def answer_supplement(
    *, principal: Principal, case_id: UUID, changes: Mapping[str, Any], files: Sequence[UUID] = (), note: str = ""
) -> None:
    """Complete a dossier as asked: changed answers (None takes one away), more files.

    The clock restarts or goes on by the law's policy.
    """
    case = own_case(principal, case_id)
    if case.status != CaseStatus.SUPPLEMENT_ASKED:
        raise Refusal("Hồ sơ này hiện không chờ bổ sung. Hãy tải lại trang để xem tình trạng mới.")
    if not changes and not files and not note.strip():
        raise Refusal("Hãy sửa thông tin, tải thêm giấy tờ hoặc ghi lời trả lời.")
    procedure = of_package(case.package_id)
    answers = {name: value for name, value in {**case.data, **changes}.items() if value is not None}
    data = form.prune(procedure, answers)
    errors = form.check(procedure, data, on=clock.today())
    if errors:
        raise Refusal("Có mục cần sửa lại.", errors)
    if rules.variant_for(procedure, data).id != case.variant:
        raise Refusal(
            "Với thông tin mới, hồ sơ thuộc một trường hợp khác, có thời hạn và phí khác. "
            "Hãy rút hồ sơ này rồi nộp hồ sơ mới."
        )
    own = Attachment.objects.filter(id__in=files, account_id=account_of(principal), case=None, removed_at=None)
    if own.update(case_id=case.id) != len(set(files)):
        raise Refusal("Có tệp không còn nữa. Hãy tải lại tệp rồi gửi.")
    case.data = data
    _complete(case, principal, note)


@action
def supplement_at_counter(*, principal: Principal, case_id: UUID, note: str = "") -> None:
    """Take in at the counter what completes a dossier that came on paper."""
    case = story.locked(case_id)
    if case is None or not organisation.may(principal, "services.case.receive", case.unit_id):
        raise NotFound
    if case.status != CaseStatus.SUPPLEMENT_ASKED:
        raise Refusal("Hồ sơ này hiện không chờ bổ sung.")
    story.happened(case, "paper", by=principal.account_id, unit=case.unit_id)
    _complete(case, principal, note)


def _complete(case: Case, principal: Principal, note: str) -> None:
    case.status = CaseStatus.IN_PROGRESS if case.received_at else CaseStatus.SUBMITTED
    story.happened(case, "supplemented", by=principal.account_id, note=story.plain(note))
    story.reckon(case)
    story.save(case, "data", "status", "original_due_at", "due_at")
    tasks.follow_due_date(case)
    story.tell(case, events.SupplementAnswered(code=case.code), actor=principal.actor)


@action
def withdraw_case(*, principal: Principal, case_id: UUID) -> None:
    """Take a case back before it is done; a fee not yet paid is no longer owed."""
    case = own_case(principal, case_id)
    if not process.may_withdraw(CaseStatus(case.status)):
        raise Refusal("Hồ sơ đã giải quyết xong nên không rút được nữa.")
    PendingDecision.objects.filter(case_id=case.id).delete()
    case.status = CaseStatus.WITHDRAWN
    case.finished_at = clock.business_now()
    story.happened(case, "withdrawn", by=principal.account_id)
    tasks.close_all(case, outcome="withdrawn")
    payments.withdraw_bill(case_id=case.id)
    story.save(case, "status", "finished_at")
    story.tell(case, events.CaseWithdrawn(code=case.code), actor=principal.actor)


@action
def rate_result(*, principal: Principal, case_id: UUID, grade: int) -> None:
    """Say how it was, in three grades (TT 32/2017, read in the text); the last word counts."""
    case = own_case(principal, case_id)
    if grade not in (1, 2, 3):
        raise Refusal("Hãy chọn một trong ba mức hài lòng.")
    rated = Result.objects.filter(case_id=case.id).update(satisfaction=grade, satisfied_at=clock.business_now())
    if not rated:
        raise Refusal("Hồ sơ chưa có kết quả để đánh giá.")
    journal.append(events.SatisfactionGiven(grade=grade), subject=story.subject(case), actor=principal.actor)


def own_case(principal: Principal, case_id: UUID) -> Case:
    """Return the applicant's own case, locked; anyone else's looks as if it did not exist."""
    own = Case.objects.filter(id=case_id, account_id=account_of(principal)).exists()
    case = story.locked(case_id) if own else None
    if case is None:
        raise NotFound
    return case
