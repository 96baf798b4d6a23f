"""Say what happens to a case's clock, when it is due, and why: events in, due moment and ledger out.

The rules that turn one into the other are in `tinhso.services.rules.clock`. All moments are aware.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import ClassVar

from tinhso.foundation.contracts import Certainty, DayOff, WorkingWeekendDay

# --- what happens -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Submitted:
    """The dossier reached the agency; whether it is valid has not been decided yet. No clock runs."""

    KIND: ClassVar[str] = "submitted"
    at: datetime


@dataclass(frozen=True, slots=True)
class Received:
    """A valid dossier was received: the clock starts."""

    KIND: ClassVar[str] = "received"
    at: datetime


@dataclass(frozen=True, slots=True)
class SupplementAsked:
    """The applicant was asked to complete the dossier."""

    KIND: ClassVar[str] = "supplement_asked"
    at: datetime


@dataclass(frozen=True, slots=True)
class Supplemented:
    """The applicant completed the dossier."""

    KIND: ClassVar[str] = "supplemented"
    at: datetime


@dataclass(frozen=True, slots=True)
class Suspended:
    """The case waits for something not in the agency's hands, e.g. a tax to be paid; `reason` is shown."""

    KIND: ClassVar[str] = "suspended"
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Resumed:
    """What the case waited for has come."""

    KIND: ClassVar[str] = "resumed"
    at: datetime


@dataclass(frozen=True, slots=True)
class Reappointed:
    """A new date was set; `apology_at` is when the letter of apology went out, None if there was none."""

    KIND: ClassVar[str] = "reappointed"
    at: datetime
    new_due: datetime
    apology_at: datetime | None


@dataclass(frozen=True, slots=True)
class Finished:
    """The result is there, or the case was refused (national status 9 or 3): lateness is judged now."""

    KIND: ClassVar[str] = "finished"
    at: datetime


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """The applicant took the case back (national status 7): the clock stops."""

    KIND: ClassVar[str] = "withdrawn"
    at: datetime


ClockEvent = (
    Submitted | Received | SupplementAsked | Supplemented | Suspended | Resumed | Reappointed | Finished | Withdrawn
)


class NotReceived(ValueError):
    """A case without reception of a valid dossier has no due date yet."""


# --- the law ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ClockLaw:
    """The general law of the clock in force from `valid_from` to `valid_to` (None = still), both included.

    A sector law's own values (a package's `SupplementRule`) are put in with `dataclasses.replace`.
    `same_day_cut_off` serves same-day deadlines that set none of their own; other deadlines have only their own.
    """

    valid_from: date
    valid_to: date | None
    supplement_working_days: int  # from reception, within which supplements may be asked
    supplements: int  # how often
    reappointments: int  # how often
    apology_days_before: int  # calendar days before expiry; not for same-day and hour deadlines
    same_day_cut_off: time
    source: str
    certainty: Certainty
    counting_source: str  # the rule that day one is the next day and that ends on days off move on
    counting_certainty: Certainty


# --- the ledger ---------------------------------------------------------------------------------------------


class CountUnit(StrEnum):
    """In what a ledger counts. Months are turned into calendar days when the clock starts."""

    WORKING_DAY = "working_day"
    CALENDAR_DAY = "calendar_day"
    WORKING_MINUTE = "working_minute"


class LedgerRule(StrEnum):
    """What a line of the ledger says."""

    STARTED = "started"
    # a moment that counts as the later one in `end`
    STARTED_AFTER_CUT_OFF = "started_after_cut_off"
    STARTED_AFTER_HOURS = "started_after_hours"
    STARTED_ON_DAY_OFF = "started_on_day_off"
    COUNTED = "counted"
    SAME_DAY = "same_day"  # nothing is counted: due by the close of the day
    VOIDED = "voided"  # counted once, lost by a restart
    PAUSED_FOR_SUPPLEMENT = "paused_for_supplement"
    PAUSED = "paused"
    REAPPOINTED = "reappointed"
    MOVED_ON = "moved_on"  # the end fell on a day off


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """One stretch of a case's time: by which rule, how much of it counted, and which days did not.

    `counted` and `lost` (counted once, then voided by a restart) are in `unit`. `end` is None while a pause is open.
    `skipped` are named days off that were not counted, `weekend_days` how many plain Saturdays and Sundays were not,
    `worked` the weekend days that were.
    """

    rule: LedgerRule
    start: datetime
    end: datetime | None
    counted: int
    lost: int
    unit: CountUnit
    skipped: tuple[DayOff, ...]
    weekend_days: int
    worked: tuple[WorkingWeekendDay, ...]
    note: str
    source: str


class BreachKind(StrEnum):
    """Which duty of the agency was missed."""

    SUPPLEMENT_TOO_OFTEN = "supplement_too_often"
    SUPPLEMENT_TOO_LATE = "supplement_too_late"
    SUPPLEMENT_AFTER_DUE = "supplement_after_due"
    SUSPENDED_AFTER_DUE = "suspended_after_due"
    REAPPOINTED_TOO_OFTEN = "reappointed_too_often"
    REAPPOINTED_TOO_LATE = "reappointed_too_late"
    REAPPOINTED_WITHOUT_APOLOGY = "reappointed_without_apology"
    REAPPOINTED_NOT_LATER = "reappointed_not_later"
    RECEIVED_AGAIN = "received_again"


@dataclass(frozen=True, slots=True)
class Breach:
    """A guard of the law that was missed; the case goes on. `limit` is the last day, moment or number allowed."""

    kind: BreachKind
    at: datetime
    limit: date | int | None  # a datetime is a date, too
    source: str
    certainty: Certainty


@dataclass(frozen=True, slots=True)
class Due:
    """When a case is due, and why.

    `at` judges lateness; `original` is the due moment without any re-appointment; `promised` is what the applicant
    was told last, even by an unlawful re-appointment. While `paused_since` is set these are the moments that stood
    when the pause began; they move when it ends. `allowed` is the time allowed in `unit`, and the sum of what the
    ledger's lines counted once no pause is open.
    """

    at: datetime
    original: datetime
    promised: datetime
    paused_since: datetime | None
    allowed: int
    unit: CountUnit
    ledger: tuple[LedgerLine, ...]
    breaches: tuple[Breach, ...]


# --- answers ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether something may be done now. `breach` is the one it would be; None when allowed or the case is over."""

    ok: bool
    breach: Breach | None


class Timeliness(StrEnum):
    """Where a case stands against its due moment."""

    DONE_ON_TIME = "done_on_time"
    DONE_LATE = "done_late"
    OPEN_IN_TIME = "open_in_time"
    OPEN_LATE = "open_late"
    PAUSED = "paused"


@dataclass(frozen=True, slots=True)
class Lateness:
    """Where a case stands, and late by how much: working days begun after the due day, and working minutes."""

    state: Timeliness
    working_days: int
    working_minutes: int


@dataclass(frozen=True, slots=True)
class Remaining:
    """How much working time is left (or, when `late`, gone by): whole days to the due day, minutes in all."""

    paused: bool
    late: bool
    working_days: int
    working_minutes: int


@dataclass(frozen=True, slots=True)
class StageDue:
    """One agency's part of a joint procedure: when its clock starts and when it is due."""

    id: str
    start: datetime
    due: datetime


@dataclass(frozen=True, slots=True)
class JointDue:
    """A joint procedure: its stages, in the order given, and when the whole is due."""

    stages: tuple[StageDue, ...]
    at: datetime
