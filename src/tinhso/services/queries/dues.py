"""Compute when a case is due, and why, from its events and the calendar in force."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from tinhso.foundation.api import clock, statements, workdays
from tinhso.foundation.contracts import WorkCalendar
from tinhso.organisation.contracts import Principal
from tinhso.services.contracts import clock as events
from tinhso.services.contracts.answers import account_of
from tinhso.services.contracts.case import CaseStatus
from tinhso.services.contracts.clock import ClockEvent, ClockLaw, Due, Remaining, StageDue
from tinhso.services.contracts.deadline import Channel, Deadline
from tinhso.services.contracts.procedure import Procedure, StepKind
from tinhso.services.models import Case, CaseEvent, Task
from tinhso.services.rules import procedure as procedures
from tinhso.services.rules.clock import (
    compute,
    last_fifth,
    lateness,
    law_on,
    may_ask_supplement,
    may_reappoint,
    remaining,
    stage_dues,
)

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


def terms_of(case: Case, *, before_reception: bool = False) -> Terms | None:
    """Return what a case's clock runs by; None while no valid dossier was received.

    With `before_reception`, what it would run by if it were received on the day it was handed in: duties of the agency
    begin then (a supplement must be asked for in time also where nothing is received yet).
    """
    story = clock_events(case)
    received: ClockEvent | None = next((e for e in story if isinstance(e, events.Received)), None)
    if received is None and before_reception:
        received = next((e for e in story if isinstance(e, events.Submitted)), None)
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


def breach_by(case: Case, act: events.SupplementAsked | events.Reappointed) -> events.Breach | None:
    """Say which duty an act about to happen misses, if it misses one."""
    terms = terms_of(case, before_reception=isinstance(act, events.SupplementAsked))
    if terms is None:
        return None
    if isinstance(act, events.SupplementAsked):
        return may_ask_supplement(terms.events, act.at, terms.deadline, terms.calendar, terms.law).breach
    return may_reappoint(terms.events, act, terms.deadline, terms.calendar, terms.law).breach


def is_late(case: Case, now: datetime) -> bool:
    """Say whether a case is late, or was when it ended: while the clock lawfully stands still it is not.

    Only where the due moment has gone by and a supplement was asked for is the whole clock computed.
    """
    moment = case.finished_at or now
    if case.due_at is None or moment <= case.due_at:
        return False
    waited = case.status in (CaseStatus.SUPPLEMENT_ASKED, CaseStatus.WITHDRAWN)
    due = due_of(case) if waited else None
    if due is None:
        return True
    state = lateness(due, case.finished_at, now, workdays.calendar()).state
    return state in (events.Timeliness.OPEN_LATE, events.Timeliness.DONE_LATE)


def due_of(case: Case) -> Due | None:
    """Return a case's due moments and ledger; None while no valid dossier was received."""
    terms = terms_of(case)
    return terms.due() if terms else None


def stage_dues_of(case: Case) -> tuple[StageDue, ...]:
    """Return each agency's due moment in a joint procedure, from when its stage began; empty where there are none."""
    terms = terms_of(case)
    procedure = of_package(case.package_id)
    received = next((e for e in terms.events if isinstance(e, events.Received)), None) if terms else None
    if terms is None or received is None or not procedure.stages:
        return ()
    stages = procedures.stages_for(procedure, received.at.astimezone(workdays.LOCAL).date())
    done = _stages_done(case, procedure)
    return stage_dues(
        received.at, stages, terms.calendar, overall=terms.deadline, done=done, law=terms.law
    ).stages  # fmt: skip


def _stages_done(case: Case, procedure: Procedure) -> dict[str, datetime]:
    """A stage is done when the last of its steps is; returning the results is no agency's stage."""
    rows = Task.objects.filter(case_id=case.id, done_at__isnull=False).values_list("step", "done_at")
    closed = {step: at for step, at in rows if at is not None}
    found: dict[str, datetime] = {}
    for stage in {step.stage for step in procedure.steps if step.stage}:
        steps = [s.id for s in procedure.steps if s.stage == stage and s.kind is not StepKind.RETURN]
        if all(step in closed for step in steps):
            found[stage] = max(closed[step] for step in steps)
    return found


def clock_events(case: Case) -> list[ClockEvent]:
    """Return what happened to the case as the clock's rules read it, oldest first."""
    return [_event(row) for row in _told.models(CaseEvent, case=case.id)]


_told = statements.Read(lambda case: CaseEvent.objects.filter(case_id=case, kind__in=_CLOCK_KINDS).order_by("at", "id"))


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
