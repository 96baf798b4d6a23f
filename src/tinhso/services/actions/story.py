"""Write a case's story: its events, its journal entries and its fact versions, all in the caller's transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from tinhso.foundation.api import clock, facts, ids, journal, statements, text
from tinhso.foundation.contracts import Actor, Event, Subject
from tinhso.services.contracts.answers import Conflict, Refusal
from tinhso.services.models import Case, CaseEvent
from tinhso.services.queries import dues, measure

KIND = "services.case"
_CALENDAR_LOCK = 7_415_391  # PostgreSQL advisory lock; the journal's sealer has the number before


def subject(case: Case) -> Subject:
    return Subject(KIND, case.id)


def locked(case_id: UUID) -> Case | None:
    """Return a case that nobody else changes until this transaction ends.

    Whatever writes about a case takes this lock first: facts and money have locks of their own, and two writers who
    take them in different order wait for each other for ever. Those who only refer to the case do not wait. Nor does
    the calendar change meanwhile: a due date reckoned from the old one would be met by nobody who corrects it.
    """
    hold_calendar(alone=False)
    return _case.model(Case, case=case_id)


_case = statements.Read(lambda case: Case.objects.select_for_update(no_key=True).filter(id=case))


def hold_calendar(*, alone: bool) -> None:
    """Keep the calendar as it is until this transaction ends; `alone`, to change it. SQLite writes one at a time."""
    if connection.vendor == "postgresql":
        lock = "pg_advisory_xact_lock" if alone else "pg_advisory_xact_lock_shared"
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {lock}(%s)", [_CALENDAR_LOCK])


def plain(said: str) -> str:
    """Return what a person wrote, tidied; refuse hidden characters, which no database and no reader can take."""
    try:
        return text.clean(said)
    except text.UnsafeText:
        raise Refusal("Nội dung có ký tự ẩn. Hãy xóa rồi gõ lại.") from None


def happened(
    case: Case,
    kind: str,
    *,
    by: UUID | None = None,
    unit: UUID | None = None,
    note: str = "",
    at: datetime | None = None,
    data: Mapping[str, Any] | None = None,
) -> None:
    """Add an event to the case's own history, from which its clock is computed."""
    row = CaseEvent(
        id=ids.new(),
        case_id=case.id,
        kind=kind,
        at=at or clock.business_now(),
        by_id=by,
        unit_id=unit,
        note=note,
        data=dict(data or {}),
    )
    statements.insert(row)


def tell(case: Case, event: Event, *, actor: Actor, first: bool = False) -> UUID:
    """Append to the journal and record what is now known of the case for measuring."""
    entry = journal.append(event, subject=subject(case), actor=actor)
    facts.record(measure.case_fact(case), entry_id=entry, first=first)
    return entry


def save(case: Case, *fields: str) -> None:
    """Save changed fields and count the change; raise Conflict where someone else changed the case meanwhile."""
    seen = case.version
    case.version = seen + 1
    if not statements.update(case, "version", *fields, provided=("version", seen)):
        case.version = seen
        raise Conflict("Hồ sơ vừa được người khác xử lý. Chưa có gì bị ghi đè; hãy mở lại hồ sơ để xem.")


def reckon(case: Case) -> None:
    """Set the case's due dates from its events."""
    due = dues.due_of(case)
    if due is not None:
        case.original_due_at, case.due_at = due.original, due.at
