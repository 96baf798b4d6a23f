"""Say what a case is to those who look at it: its status, its steps, and what pages and the API show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import IntEnum, StrEnum
from typing import Any
from uuid import UUID

from tinhso.foundation.contracts import money
from tinhso.services.contracts.deadline import Channel
from tinhso.services.contracts.payment import PaymentState


class CaseStatus(IntEnum):
    """National statuses of a case (QCVN 120:2019; secondary source: the list in public code bases)."""

    SUBMITTED = 1
    RECEIVED = 2
    NOT_RECEIVED = 3
    IN_PROGRESS = 4
    SUPPLEMENT_ASKED = 5
    FINANCIAL_DUTY = 6
    WITHDRAWN = 7
    STOPPED = 8
    DONE = 9
    RETURNED = 10

    @property
    def label(self) -> str:
        return _STATUS_LABELS[self]

    @property
    def closed(self) -> bool:
        """Say whether no more work waits: nothing is due on such a case."""
        return self in _CLOSED

    @property
    def paused(self) -> bool:
        """Say whether it waits for the applicant."""
        return self in (CaseStatus.SUPPLEMENT_ASKED, CaseStatus.FINANCIAL_DUTY)


_STATUS_LABELS = {
    CaseStatus.SUBMITTED: "Mới đăng ký",
    CaseStatus.RECEIVED: "Được tiếp nhận",
    CaseStatus.NOT_RECEIVED: "Không được tiếp nhận",
    CaseStatus.IN_PROGRESS: "Đang xử lý",
    CaseStatus.SUPPLEMENT_ASKED: "Yêu cầu bổ sung giấy tờ",
    CaseStatus.FINANCIAL_DUTY: "Yêu cầu thực hiện nghĩa vụ tài chính",
    CaseStatus.WITHDRAWN: "Công dân yêu cầu rút hồ sơ",
    CaseStatus.STOPPED: "Dừng xử lý",
    CaseStatus.DONE: "Đã xử lý xong",
    CaseStatus.RETURNED: "Đã trả kết quả",
}
_CLOSED = frozenset(
    {CaseStatus.NOT_RECEIVED, CaseStatus.WITHDRAWN, CaseStatus.STOPPED, CaseStatus.DONE, CaseStatus.RETURNED}
)


class Deed(StrEnum):
    """What an official may do with a task."""

    ACCEPT = "accept"  # receive the dossier as valid: the clock starts
    ASK_SUPPLEMENT = "ask_supplement"
    REFUSE = "refuse"
    FORWARD = "forward"  # this step is done, the next may start
    SEND_BACK = "send_back"  # to an earlier step
    GIVE_OPINION = "give_opinion"
    SIGN = "sign"  # decide, number, sign and give the result
    REAPPOINT = "reappoint"  # apology and a new date
    ROUTE = "route"  # to the agency that is competent
    HAND_OVER = "hand_over"  # the applicant has the result

    @property
    def label(self) -> str:
        return _DEED_LABELS[self]


_DEED_LABELS = {
    Deed.ACCEPT: "Tiếp nhận",
    Deed.ASK_SUPPLEMENT: "Yêu cầu bổ sung",
    Deed.REFUSE: "Từ chối",
    Deed.FORWARD: "Chuyển bước sau",
    Deed.SEND_BACK: "Trả lại bước trước",
    Deed.GIVE_OPINION: "Gửi ý kiến",
    Deed.SIGN: "Ký và trả kết quả",
    Deed.REAPPOINT: "Xin lỗi và hẹn lại",
    Deed.ROUTE: "Chuyển cơ quan có thẩm quyền",
    Deed.HAND_OVER: "Đã trao kết quả",
}


class FileState(StrEnum):
    """Where an uploaded file stands: nobody opens it before the worker has looked at it."""

    QUARANTINED = "quarantined"
    READY = "ready"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class FileInfo:
    """An attached file. `size` in bytes; `opened` says whether the asking official has opened it."""

    id: UUID
    component: str
    name: str
    media_type: str
    size: int
    state: FileState
    reason: str
    opened: bool = False


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A line of the worklist. `step` is the step's id; times are aware."""

    id: UUID
    case_id: UUID
    code: str
    procedure: str
    procedure_title: str
    applicant: str
    unit: str
    step_title: str
    kind: str
    status: CaseStatus
    submitted_at: datetime
    due_at: datetime | None
    assignee: str
    version: int


@dataclass(frozen=True, slots=True)
class Moment:
    """A line of a case's story: when, what, by which unit; `detail` is for people."""

    at: datetime
    kind: str
    label: str
    detail: str
    unit: str


@dataclass(frozen=True, slots=True)
class PaymentInfo:
    """A case's bill as pages show it; amounts in đồng."""

    id: UUID
    reference: str
    amount: money.Vnd
    state: PaymentState
    lines: tuple[tuple[str, money.Vnd], ...]


@dataclass(frozen=True, slots=True)
class ResultInfo:
    """A signed result: its number and date, and the code by which anyone may verify it."""

    id: UUID
    number: str
    date: date
    title: str
    verification: str
    signed_at: datetime


@dataclass(frozen=True, slots=True)
class Look:
    """Someone opened a person's data: when, who by post and unit, and what for."""

    at: datetime
    who: str
    unit: str
    what: str


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case whole, as its applicant or an official in charge sees it."""

    id: UUID
    code: str
    procedure: str
    procedure_title: str
    package_id: UUID
    variant: str
    channel: Channel
    status: CaseStatus
    step: str
    unit_id: UUID
    unit: str
    applicant: str
    data: Mapping[str, Any]
    submitted_at: datetime
    received_at: datetime | None
    due_at: datetime | None
    finished_at: datetime | None
    version: int
    files: tuple[FileInfo, ...]
    moments: tuple[Moment, ...]
    payment: PaymentInfo | None
    results: tuple[ResultInfo, ...]
    supplement_request: str
