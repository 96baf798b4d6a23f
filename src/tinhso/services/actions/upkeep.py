"""Keep cases true as time passes: the day off that came suddenly, the due date that went by."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from tinhso.foundation.api import action, clock, journal, workdays
from tinhso.foundation.contracts import Actor, Subject
from tinhso.organisation.contracts import Principal
from tinhso.services.contracts import events
from tinhso.services.models import Case, CaseFact

from . import story, tasks

_ACTOR = Actor.system("services.upkeep")
_OPEN = {"finished_at": None, "received_at__isnull": False}


@action
def change_calendar(*, principal: Principal, day: date, working: bool, reason: str, source: str) -> int:
    """Record a sudden day off (or working day); due dates of cases under way are recomputed and the people told.

    Returns how many due dates moved.
    """
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
    case = Case.objects.select_for_update().get(id=case_id)
    before = case.due_at
    story.reckon(case)
    if case.due_at == before or case.due_at is None:
        return 0
    story.save(case, "original_due_at", "due_at")
    tasks.follow_due_date(case)
    story.happened(case, "due_changed", note="Lịch làm việc thay đổi")
    story.tell(case, events.DueDateChanged(code=case.code, due_at=case.due_at), actor=_ACTOR)
    return 1


def note_late(limit: int = 200) -> int:
    """Record that cases have become late: known from the moment it happens, not from when somebody looks."""
    now = clock.business_now()
    waiting = CaseFact.objects.filter(current=True, on_time=None, finished_at=None, due_at__lt=now)
    found = list(waiting.order_by("due_at").values_list("subject_id", flat=True)[:limit])
    for case_id in found:
        _note_late(case_id=case_id)
    return len(found)


@action
def _note_late(*, case_id: UUID) -> None:
    case = Case.objects.select_for_update().get(id=case_id)
    if case.due_at is not None:
        story.tell(case, events.CaseBecameLate(due_at=case.due_at), actor=_ACTOR)
