"""Name what happens in public services. Fields hold no personal data; that goes into an entry's personal payload."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from tinhso.foundation.contracts import Event


@dataclass(frozen=True)
class DraftStarted(Event):
    NAME = "services.DraftStarted"
    procedure: str


@dataclass(frozen=True)
class DraftSaved(Event):
    NAME = "services.DraftSaved"
    page: str


@dataclass(frozen=True)
class DraftDiscarded(Event):
    NAME = "services.DraftDiscarded"


@dataclass(frozen=True)
class FileUploaded(Event):
    NAME = "services.FileUploaded"
    component: str
    size: int


@dataclass(frozen=True)
class FileRemoved(Event):
    NAME = "services.FileRemoved"
    component: str


@dataclass(frozen=True)
class FileChecked(Event):
    NAME = "services.FileChecked"
    state: str


@dataclass(frozen=True)
class CaseSubmitted(Event):
    """A complete application was handed in. Personal payload: nothing; the case holds the data."""

    NAME = "services.CaseSubmitted"
    code: str
    procedure: str
    unit_id: UUID
    channel: str
    typed_by_official: bool


@dataclass(frozen=True)
class CaseAccepted(Event):
    NAME = "services.CaseAccepted"
    code: str
    due_at: datetime | None


@dataclass(frozen=True)
class SupplementAsked(Event):
    NAME = "services.SupplementAsked"
    code: str


@dataclass(frozen=True)
class SupplementAnswered(Event):
    NAME = "services.SupplementAnswered"
    code: str


@dataclass(frozen=True)
class CaseRefused(Event):
    NAME = "services.CaseRefused"
    code: str


@dataclass(frozen=True)
class CaseForwarded(Event):
    NAME = "services.CaseForwarded"
    step: str


@dataclass(frozen=True)
class CaseSentBack(Event):
    NAME = "services.CaseSentBack"
    step: str


@dataclass(frozen=True)
class CaseRouted(Event):
    NAME = "services.CaseRouted"
    unit_id: UUID


@dataclass(frozen=True)
class OpinionGiven(Event):
    NAME = "services.OpinionGiven"
    opinion: str


@dataclass(frozen=True)
class CaseReappointed(Event):
    NAME = "services.CaseReappointed"
    code: str
    due_at: datetime


@dataclass(frozen=True)
class DueDateChanged(Event):
    """The due date moved for a reason outside the case, such as a sudden day off."""

    NAME = "services.DueDateChanged"
    code: str
    due_at: datetime


@dataclass(frozen=True)
class GuardMissed(Event):
    """A duty of the agency was missed; the case goes on, late."""

    NAME = "services.GuardMissed"
    kind: str


@dataclass(frozen=True)
class CaseBecameLate(Event):
    NAME = "services.CaseBecameLate"
    due_at: datetime


@dataclass(frozen=True)
class ResultSigned(Event):
    NAME = "services.ResultSigned"
    code: str
    number: str
    stage: str


@dataclass(frozen=True)
class ResultReturned(Event):
    NAME = "services.ResultReturned"
    code: str


@dataclass(frozen=True)
class CaseWithdrawn(Event):
    NAME = "services.CaseWithdrawn"
    code: str


@dataclass(frozen=True)
class DecisionRecorded(Event):
    """A decision was taken and can still be undone until `effective_at`."""

    NAME = "services.DecisionRecorded"
    deed: str
    effective_at: datetime


@dataclass(frozen=True)
class DecisionUndone(Event):
    NAME = "services.DecisionUndone"
    deed: str


@dataclass(frozen=True)
class DecisionFailed(Event):
    """A recorded decision could not be carried out; the task is back on the worklist with the reason."""

    NAME = "services.DecisionFailed"
    deed: str


@dataclass(frozen=True)
class DataOpened(Event):
    NAME = "services.DataOpened"
    what: str


@dataclass(frozen=True)
class PaymentChanged(Event):
    """A payment went from one state to another. Amount in đồng."""

    NAME = "services.PaymentChanged"
    reference: str
    state: str
    amount: int


@dataclass(frozen=True)
class PaymentReviewAsked(Event):
    NAME = "services.PaymentReviewAsked"
    reference: str
    reason: str


@dataclass(frozen=True)
class SatisfactionGiven(Event):
    """One of three grades (TT 32/2017, read in the text): 3 very satisfied, 2 satisfied, 1 not satisfied."""

    NAME = "services.SatisfactionGiven"
    grade: int


@dataclass(frozen=True)
class PublishedListImported(Event):
    NAME = "services.PublishedListImported"
    rows: int
    source: str


@dataclass(frozen=True)
class CalendarChanged(Event):
    """A day became a day off, or a working day."""

    NAME = "services.CalendarChanged"
    day: date
    working: bool


@dataclass(frozen=True)
class LevelsProved(Event):
    """The levels that packages prove were computed anew, and some changed."""

    NAME = "services.LevelsProved"
    changed: int


@dataclass(frozen=True)
class FilterSaved(Event):
    """An official keeps a filter of the worklist; its name is theirs and is not told."""

    NAME = "services.FilterSaved"


@dataclass(frozen=True)
class FilterDropped(Event):
    NAME = "services.FilterDropped"


@dataclass(frozen=True)
class WorklistExported(Event):
    """An official took the worklist out as a file."""

    NAME = "services.WorklistExported"
    rows: int
