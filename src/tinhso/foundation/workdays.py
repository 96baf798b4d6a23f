"""Give the calendar in force: the official years with the edits of this installation, later edits first."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from uuid import UUID

from . import clock, ids, statements
from .calendar import WorkCalendar
from .calendar.load import load_calendars
from .models import CalendarDay

LOCAL = clock.LOCAL
_edits = statements.Read(lambda: CalendarDay.objects.order_by("recorded_at", "id").values_list("id"))


def calendar() -> WorkCalendar:
    """Return the work calendar with every edit recorded so far."""
    return _edited(tuple(ident for (ident,) in _edits.all()))


def official() -> WorkCalendar:
    """Return the official years without this installation's edits: what packages are proved on."""
    return load_calendars()


@lru_cache(maxsize=2)
def _edited(edits: tuple[UUID, ...]) -> WorkCalendar:
    edited = load_calendars()
    for row in CalendarDay.objects.filter(id__in=edits).order_by("recorded_at", "id") if edits else ():
        change = edited.with_sudden_working_day if row.working else edited.with_sudden_day_off
        edited = change(row.day, row.reason, row.source)
    return edited


def edit(day: date, *, working: bool, reason: str, source: str) -> CalendarDay:
    """Record that a day is off or is worked after all, by which decision. The caller journals it."""
    return CalendarDay.objects.create(
        id=ids.new(), day=day, working=working, reason=reason, source=source, recorded_at=clock.now()
    )
