"""Compute when a case is due, and why, from its events and the calendar in force."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from tinhso.foundation.api import clock, workdays
from tinhso.foundation.contracts import WorkCalendar
from tinhso.organisation.contracts import Principal
from tinhso.services.contracts import clock as events
from tinhso.services.contracts.answers import account_of
from tinhso.services.contracts.clock import ClockEvent, ClockLaw, Due, Remaining
from tinhso.services.contracts.deadline import Channel, Deadline
from tinhso.services.models import Case, CaseEvent
from tinhso.services.rules import procedure as procedures
from tinhso.services.rules.clock import compute, last_fifth, law_on, remaining

from .procedures import of_package

_PLAIN = {kind.KIND: kind for kind in (
    events.Submitted, events.Received, events.SupplementAsked, events.Supplemented, events.Resumed, events.Finished,
    events.Withdrawn,
)}  # fmt: skip
_CLOCK_KINDS = frozenset(_PLAIN) | {events.Suspended.KIND, events.Reappointed.KIND}


@dataclass(frozen=True, slots=True)
class Terms:
    """What a case's clock runs by: what happened, the time allowed, the law and the calendar."""

    events: list[ClockEvent]
    deadline: Deadline
    law: ClockLaw
    calendar: WorkCalendar

    def due(self) -> Due:
        return compute(self.events, self.deadline, self.calendar, self.law)

    def supplement_in_last_fifth(self) -> bool:
        return last_fifth(self.events, self.deadline, self.calendar, self.law)


def terms_of(case: Case) -> Terms | None:
    """Return what a case's clock runs by; None while no valid dossier was received."""
    story = clock_events(case)
    received = next((event for event in story if isinstance(event, events.Received)), None)
    if received is None:
        return None
    procedure = of_package(case.package_id)
    variant = next(v for v in procedure.variants if v.id == case.variant)
    on = received.at.astimezone(workdays.LOCAL).date()
    deadline = procedures.deadline_for(procedure, variant, Channel(case.channel), on)
    own = procedures.supplement_for(procedure, on)
    law = law_on(on)
    if own is not None:
        law = replace(law, supplement_working_days=own.within_working_days, supplements=own.times)
    return Terms(story, deadline, law, workdays.calendar())


def due_of(case: Case) -> Due | None:
    """Return a case's due moments and ledger; None while no valid dossier was received."""
    terms = terms_of(case)
    return terms.due() if terms else None


def clock_events(case: Case) -> list[ClockEvent]:
    """Return what happened to the case as the clock's rules read it, oldest first."""
    rows = CaseEvent.objects.filter(case_id=case.id, kind__in=_CLOCK_KINDS).order_by("at", "id")
    return [_event(row) for row in rows]


def _event(row: CaseEvent) -> ClockEvent:
    if row.kind == events.Suspended.KIND:
        return events.Suspended(row.at, row.note)
    if row.kind == events.Reappointed.KIND:
        return events.Reappointed(row.at, datetime.fromisoformat(row.data["new_due"]), row.at)
    return _PLAIN[row.kind](row.at)


def for_applicant(principal: Principal, case_id: UUID) -> tuple[Due, Remaining] | None:
    """Return the due moments, ledger and time left of an applicant's own case; None while none was received."""
    case = Case.objects.filter(id=case_id, account_id=account_of(principal)).first()
    due = due_of(case) if case is not None and principal.account_id is not None else None
    if case is None or due is None:
        return None
    return due, remaining(due, case.finished_at or clock.business_now(), workdays.calendar())
