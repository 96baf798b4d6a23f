"""Show a case: to its applicant, to an official within sight, and to anyone with its code (degree only)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from tinhso.foundation.api import clock, ids, statements
from tinhso.organisation import api as organisation
from tinhso.organisation.contracts import Principal
from tinhso.services.contracts.answers import NotFound, account_of
from tinhso.services.contracts.case import (
    CaseStatus,
    CaseView,
    FileInfo,
    FileState,
    Look,
    Moment,
    PaymentInfo,
    ResultInfo,
)
from tinhso.services.contracts.deadline import Channel
from tinhso.services.contracts.payment import Payment, PaymentState
from tinhso.services.models import (
    Attachment,
    AttachmentOpening,
    Case,
    CaseEvent,
    DataLook,
    Draft,
    PaymentRow,
    Result,
)

from .bills import payment_in
from .procedures import of_package

MOMENTS = {
    "submitted": "Đã nộp hồ sơ",
    "received": "Đã tiếp nhận",
    "supplement_asked": "Yêu cầu bổ sung",
    "supplemented": "Đã bổ sung",
    "forwarded": "Chuyển bước xử lý",
    "sent_back": "Trả lại bước trước",
    "opinion": "Cơ quan phối hợp đã có ý kiến",
    "routed": "Chuyển cơ quan có thẩm quyền",
    "reappointed": "Xin lỗi và hẹn lại ngày trả",
    "due_changed": "Ngày hẹn trả thay đổi",
    "finished": "Đã xử lý xong",
    "returned": "Đã trả kết quả",
    "withdrawn": "Bạn đã rút hồ sơ",
    "payment_initiated": "Đang thanh toán",
    "payment_succeeded": "Đã nộp phí, lệ phí",
    "payment_failed": "Thanh toán không thành công",
    "payment_cancelled": "Thanh toán đã hủy",
    "payment_expired": "Lần thanh toán hết hạn",
    "payment_refunded": "Đã hoàn tiền",
}
_QUIET = {"forwarded", "sent_back", "opinion"}  # an applicant reads of the unit, not of every desk


_files = statements.Read(
    lambda case: Attachment.objects.filter(case_id=case, removed_at=None).order_by("uploaded_at", "id")
)
_opened = statements.Read(
    lambda case: AttachmentOpening.objects.filter(attachment__case_id=case).values_list("attachment_id")
)
_results = statements.Read(lambda case: Result.objects.filter(case_id=case).order_by("signed_at"))
_events = statements.Read(lambda case: CaseEvent.objects.filter(case_id=case).order_by("at", "id"))
_bill = statements.Read(lambda case: PaymentRow.objects.filter(case_id=case))
_last_look = statements.Read(
    lambda case, account, what: (
        DataLook.objects.filter(case_id=case, account_id=account, what=what).order_by("-at").values_list("at")[:1]
    )
)


@dataclass(frozen=True, slots=True)
class MyCase:
    """A line of "my cases": a case, or a draft where `code` is empty."""

    id: UUID
    code: str
    title: str
    status: CaseStatus | None
    at: datetime
    due_at: datetime | None
    needs: str


@dataclass(frozen=True, slots=True)
class Degree:
    """What anyone may learn by a case's code: how far it is, nothing of whose it is (TT 01/2018 art. 16, read)."""

    code: str
    procedure_title: str
    status: CaseStatus
    due_at: datetime | None
    stage: int  # 1 submitted, 2 received, 3 in progress, 4 done


def case_for_applicant(principal: Principal, case_id: UUID) -> CaseView:
    """Return the applicant's own case; raise NotFound for anyone else's."""
    case = Case.objects.filter(id=case_id, account_id=account_of(principal)).first()
    if case is None or principal.account_id is None:
        raise NotFound
    return _view(case, hide=_QUIET)


def case_for_official(principal: Principal, case_id: UUID) -> CaseView:
    """Return a case within an official's sight; raise NotFound otherwise. The caller records the look."""
    case = Case.objects.filter(organisation.visible(principal), id=case_id).first()
    if case is None or not principal.is_official:
        raise NotFound
    return _view(case, hide=frozenset(), opened_by=principal.account_id)


def my_cases(principal: Principal, limit: int = 100) -> list[MyCase]:
    """Return a person's cases and unfinished applications, newest first."""
    if principal.account_id is None:
        return []
    drafts = Draft.objects.filter(account_id=account_of(principal), case=None).order_by("-saved_at")[:limit]
    cases = Case.objects.filter(account_id=account_of(principal)).order_by("-submitted_at")[:limit]
    unpaid = _unpaid(cases)
    return [_draft_line(d) for d in drafts] + [_case_line(c, c.id in unpaid) for c in cases]


def own_page(
    principal: Principal, *, after: tuple[datetime, UUID] | None = None, limit: int = 50
) -> tuple[list[MyCase], tuple[datetime, UUID] | None]:
    """Return a page of a person's own cases, newest first, and where the next one starts (None: there is none)."""
    if principal.account_id is None:
        return [], None
    rows = Case.objects.filter(account_id=principal.account_id)
    if after is not None:
        rows = rows.filter(Q(submitted_at__lt=after[0]) | Q(submitted_at=after[0], id__lt=after[1]))
    found = list(rows.order_by("-submitted_at", "-id")[: limit + 1])
    page = found[:limit]
    unpaid = _unpaid(page)
    last = (page[-1].submitted_at, page[-1].id) if len(found) > limit else None
    return [_case_line(case, case.id in unpaid) for case in page], last


def as_typed(code: str) -> str:
    """Return a case code as it is kept, from what a person typed: spaces and letter case are forgiven."""
    return code.replace("\x00", "").strip().upper()


def degree_of(code: str) -> Degree | None:
    """Return how far a case has come, by its code."""
    case = Case.objects.filter(code=as_typed(code)).first()
    if case is None:
        return None
    status = CaseStatus(case.status)
    stage = 4 if status.closed else 1 if status is CaseStatus.SUBMITTED else 2 if status is CaseStatus.RECEIVED else 3
    return Degree(case.code, of_package(case.package_id).title.vi, status, case.due_at, stage)


def record_look(principal: Principal, case_id: UUID, what: str) -> None:
    """Record that someone opened a person's data; the person may see it. Once a minute is enough."""
    now = clock.business_now()
    last = _last_look.first(case=case_id, account=account_of(principal), what=what)
    if last is not None and (now - last[0]).total_seconds() < 60:
        return
    unit = next((seat.unit_id for seat in principal.seats), None)
    DataLook.objects.create(
        id=ids.new(), case_id=case_id, account_id=account_of(principal), unit_id=unit, what=what, at=now
    )


def looks(principal: Principal, case_id: UUID) -> list[Look]:
    """Return who opened the applicant's data of a case, newest first: by unit and post, not by private name."""
    if not Case.objects.filter(id=case_id, account_id=account_of(principal)).exists():
        raise NotFound
    rows = list(DataLook.objects.filter(case_id=case_id).order_by("-at")[:200])
    names = organisation.units.names({row.unit_id for row in rows if row.unit_id})
    return [Look(row.at, "Cán bộ", names.get(row.unit_id, "") if row.unit_id else "", row.what) for row in rows]


def files_of(case_id: UUID, opened_by: UUID | None = None) -> tuple[FileInfo, ...]:
    """Return a case's files; `opened` says whether the official has opened each."""
    rows = _files.models(Attachment, case=case_id)
    opened = {ident for (ident,) in _opened.all(case=case_id)} if opened_by else set()
    return tuple(
        FileInfo(r.id, r.component, r.name, r.media_type, r.size, FileState(r.state), r.reason, r.id in opened)
        for r in rows
    )


def result_of(case_id: UUID) -> list[ResultInfo]:
    """Return a case's signed results, oldest first."""
    rows = _results.models(Result, case=case_id)
    return [ResultInfo(r.id, r.number, r.date, r.title, r.verification, r.signed_at) for r in rows]


@dataclass(frozen=True, slots=True)
class Brief:
    """What a message to an applicant needs to know of a case."""

    account_id: UUID | None
    code: str
    title: str
    due_at: datetime | None


def brief_of(case_id: UUID) -> Brief | None:
    """Return a case in brief, or None where there is no such case."""
    case = Case.objects.filter(id=case_id).only("account_id", "code", "package_id", "due_at").first()
    return Brief(case.account_id, case.code, of_package(case.package_id).title.vi, case.due_at) if case else None


def bill_of(case_id: UUID) -> Payment | None:
    """Return what is owed for a case with all that happened to it; None where nothing is owed."""
    row = PaymentRow.objects.filter(case_id=case_id).first()
    return payment_in(row) if row else None


def is_known(key: str) -> bool:
    """Say whether an application with this idempotency key was handed in."""
    return Case.objects.filter(idempotency_key=key).exists()


def version_of(case_id: UUID) -> int:
    """Return how often a case was changed: what a decision must name."""
    return Case.objects.values_list("version", flat=True).get(id=case_id)


def times_of(case_id: UUID) -> tuple[datetime | None, datetime | None]:
    """Return when a case is due and when its valid dossier was received."""
    due, received = Case.objects.values_list("due_at", "received_at").get(id=case_id)
    return due, received


def owner_of(case_id: UUID) -> UUID | None:
    """Return the applicant's account; None for a case typed in at the counter."""
    return Case.objects.values_list("account_id", flat=True).get(id=case_id)


def was_supplemented(case_id: UUID) -> bool:
    """Say whether the applicant has completed the dossier already: it may be asked once."""
    return CaseEvent.objects.filter(case_id=case_id, kind="supplemented").exists()


def _view(case: Case, *, hide: Sequence[str] | frozenset[str] | set[str], opened_by: UUID | None = None) -> CaseView:
    procedure = of_package(case.package_id)
    events = [e for e in _events.models(CaseEvent, case=case.id) if e.kind not in hide]
    units = organisation.units.names({case.unit_id, *(e.unit_id for e in events if e.unit_id)})
    asked = [e.note for e in events if e.kind == "supplement_asked"]
    results = result_of(case.id)
    return CaseView(
        id=case.id,
        code=case.code,
        procedure=case.procedure,
        procedure_title=procedure.title.vi,
        package_id=case.package_id,
        variant=case.variant,
        channel=Channel(case.channel),
        status=CaseStatus(case.status),
        step=case.step,
        unit_id=case.unit_id,
        unit=units.get(case.unit_id, ""),
        applicant=case.applicant,
        data=case.data,
        submitted_at=case.submitted_at,
        received_at=case.received_at,
        due_at=case.due_at,
        finished_at=case.finished_at,
        version=case.version,
        files=files_of(case.id, opened_by),
        moments=tuple(_moment(e, units) for e in events if e.kind in MOMENTS),
        payment=_payment(case.id),
        results=tuple(results),
        supplement_request=asked[-1] if asked and case.status == CaseStatus.SUPPLEMENT_ASKED else "",
    )


def _moment(event: CaseEvent, units: dict[UUID, str]) -> Moment:
    unit = units.get(event.unit_id, "") if event.unit_id else ""
    return Moment(event.at, event.kind, MOMENTS[event.kind], event.note, unit)


def _payment(case_id: UUID) -> PaymentInfo | None:
    row = _bill.model(PaymentRow, case=case_id)
    if row is None:
        return None
    lines = tuple((str(title), int(amount)) for title, amount in row.lines)
    return PaymentInfo(row.id, row.reference, row.amount, PaymentState(row.state), lines)


def _unpaid(cases: Iterable[Case]) -> set[UUID]:
    """Tell which of some cases still owe something: one query."""
    settled = (PaymentState.SUCCEEDED, PaymentState.REFUNDED)
    rows = PaymentRow.objects.filter(case_id__in=[case.id for case in cases]).exclude(state__in=settled)
    return set(rows.values_list("case_id", flat=True))


def _draft_line(draft: Draft) -> MyCase:
    title = of_package(draft.package_id).title.vi
    return MyCase(draft.id, "", title, None, draft.saved_at, None, "Đang làm dở")


def _case_line(case: Case, unpaid: bool) -> MyCase:
    status = CaseStatus(case.status)
    needs = "Cần bổ sung" if status is CaseStatus.SUPPLEMENT_ASKED else ""
    needs = needs or ("Chưa nộp phí" if unpaid and not status.closed else "")
    title = of_package(case.package_id).title.vi
    return MyCase(case.id, case.code, title, status, case.submitted_at, case.due_at, needs)
