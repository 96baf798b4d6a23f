"""Keep cases true as time passes: the day off that came suddenly, the due date that went by."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef

from tinhso.foundation.api import action, clock, journal, workdays
from tinhso.foundation.contracts import Actor, Subject
from tinhso.organisation import api as organisation
from tinhso.organisation.contracts import Principal
from tinhso.services.contracts import events
from tinhso.services.contracts.answers import NotFound
from tinhso.services.contracts.case import CaseStatus
from tinhso.services.models import Case, CaseEvent, CaseFact
from tinhso.services.queries import dues

from . import story, tasks

_ACTOR = Actor.system("services.upkeep")
_OPEN = {"finished_at": None, "received_at__isnull": False}


@action
def change_calendar(*, principal: Principal, day: date, working: bool, reason: str, source: str) -> int:
    """Record a sudden day off (or working day); due dates of cases under way are recomputed and the people told.

    Returns how many due dates moved.
    """
    if not organisation.may(principal, "services.calendar.edit"):
        raise NotFound
    story.hold_calendar(alone=True)
    edit = workdays.edit(day, working=working, reason=reason, source=source)
    journal.append(
        events.CalendarChanged(day=day, working=working),
        subject=Subject("foundation.calendar_day", edit.id),
        actor=principal.actor,
    )
    moved = 0
    for case_id in Case.objects.filter(**_OPEN).values_list("id", flat=True):
        moved += _follow_calendar(case_id)
    return moved


def _follow_calendar(case_id: UUID) -> int:
    case = story.locked(case_id)
    if case is None:
        return 0
    before, due = (case.original_due_at, case.due_at), dues.due_of(case)
    if due is None or (due.original, due.at) == before:
        return 0
    case.original_due_at, case.due_at = due.original, due.at
    story.save(case, "original_due_at", "due_at")
    tasks.follow_due_date(case)
    if due.paused_since is not None or due.at == before[1]:  # nobody was promised the day that moved
        return 0
    story.happened(case, "due_changed", note="Lịch làm việc thay đổi")
    story.tell(case, events.DueDateChanged(code=case.code, due_at=case.due_at), actor=_ACTOR)
    return 1


def note_late(limit: int = 200) -> int:
    """Record that cases have become late: known from the moment it happens, not from when somebody looks."""
    now = clock.business_now()
    waiting = CaseFact.objects.filter(current=True, on_time=None, finished_at=None, due_at__lt=now)
    running = waiting.exclude(status=CaseStatus.SUPPLEMENT_ASKED).order_by("due_at")
    # Waiting for its applicant, a case is late only where the wait was asked for unlawfully.
    unlawful = CaseEvent.objects.filter(case_id=OuterRef("subject_id"), kind="supplement_asked", data__unlawful=True)
    held = waiting.filter(Exists(unlawful), status=CaseStatus.SUPPLEMENT_ASKED).order_by("due_at")
    return sum(
        _note_late(case_id=case_id)
        for rows in (running, held)
        for case_id in list(rows.values_list("subject_id", flat=True)[:limit])
    )


@action
def _note_late(*, case_id: UUID) -> int:
    case = story.locked(case_id)
    if case is not None and case.due_at is not None and dues.is_late(case, clock.business_now()):
        story.tell(case, events.CaseBecameLate(due_at=case.due_at), actor=_ACTOR)
        return 1
    return 0
