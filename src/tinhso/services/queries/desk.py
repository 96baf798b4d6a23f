"""Show an official what can be done with a case, what it went through, and who else has it open."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from uuid import UUID

from tinhso.foundation.api import clock, workdays
from tinhso.organisation import api as organisation
from tinhso.organisation.contracts import Principal
from tinhso.services.contracts.answers import NotFound, account_of
from tinhso.services.contracts.case import Deed, Moment, TaskRow
from tinhso.services.contracts.clock import Breach, NotReceived, Reappointed
from tinhso.services.contracts.desk import Desk, Pending, SavedFilter, StepLine, Watch, Way
from tinhso.services.contracts.task import OpenTask
from tinhso.services.models import Case, CaseEvent, DataLook, PendingDecision, Task
from tinhso.services.models import SavedFilter as FilterRow
from tinhso.services.rules import clock as rules_of_time
from tinhso.services.rules import process

from . import dues, steps, worklist
from .cases import MOMENTS, as_typed
from .procedures import of_package
from .situations import path_of, situation

PRESENT = timedelta(minutes=5)  # somebody who looked so lately may still be looking
FILTER_PARTS = ("when", "procedure", "kind", "words", "sort")  # of a worklist filter that is kept
_SHOWN = "x"  # a reason, so that its absence is no obstacle while none was asked for


def work_on(principal: Principal, case_id: UUID) -> Desk | None:
    """Return the work a principal has on a case it sees, with what stands in the way of each deed; None for none."""
    task = worklist.task_for(principal, case_id)
    return desk_of(task.id) if task is not None and organisation.sees(principal, case_id) else None


def works_on(principal: Principal, task_ids: Collection[UUID]) -> list[tuple[TaskRow, Desk]]:
    """Return several open tasks the principal may do, earliest due first; others are left out."""
    rows = worklist.rows_of(principal, task_ids)
    tasks = {t.id: t for t in Task.objects.select_related("case").filter(id__in=[row.id for row in rows])}
    return [(row, _desk(tasks[row.id])) for row in rows]


def desk_of(task_id: UUID) -> Desk:
    """Return what may be done with a task."""
    return _desk(Task.objects.select_related("case").get(id=task_id))


def _desk(task: Task) -> Desk:
    case = task.case
    procedure = of_package(case.package_id)
    stands = situation(case, task, reason=_SHOWN)
    deeds = process.deeds(stands.step, stands.status, is_opinion=stands.is_opinion)
    ways = tuple(Way(deed, process.obstacle(deed, stands) or "") for deed in deeds)
    path = path_of(case, procedure)
    returns = tuple((s.id, s.title.vi) for s in path if s.id in stands.step.returns_to)
    open_task = OpenTask(task.id, task.kind, task.role, task.unit_id, case.version)
    title = steps.step_title(procedure, task.step, task.opinion)
    return Desk(open_task, title, ways, returns, stands.unopened_required, tuple(_would_miss(case, deeds)))


def _would_miss(case: Case, deeds: Collection[Deed]) -> Iterable[tuple[Deed, Breach]]:
    """Say which duty would be missed by asking for more, or by setting a new date, at this moment."""
    asked = {Deed.ASK_SUPPLEMENT, Deed.REAPPOINT} & set(deeds)
    terms = dues.terms_of(case) if asked else None
    if terms is None:
        return
    now = clock.business_now()
    if Deed.ASK_SUPPLEMENT in asked:
        verdict = rules_of_time.may_ask_supplement(terms.events, now, terms.deadline, terms.calendar, terms.law)
        if verdict.breach is not None:
            yield Deed.ASK_SUPPLEMENT, verdict.breach
    if Deed.REAPPOINT in asked and case.due_at is not None:
        new_due = terms.calendar.closing(
            terms.calendar.next_working_day(max(case.due_at, now).astimezone(clock.LOCAL).date())
        )
        act = Reappointed(now, new_due, now)
        try:
            verdict = rules_of_time.may_reappoint(terms.events, act, terms.deadline, terms.calendar, terms.law)
        except NotReceived:
            return
        if verdict.breach is not None:
            yield Deed.REAPPOINT, verdict.breach


def watch(principal: Principal, case_id: UUID) -> Watch | None:
    """Return a seen case's due moments, ledger and time left; None while no valid dossier was received."""
    case = _seen(principal, case_id)
    due = dues.due_of(case)
    if due is None:
        return None
    left = rules_of_time.remaining(due, case.finished_at or clock.business_now(), workdays.calendar())
    return Watch(due, left)


def control_slip(principal: Principal, case_id: UUID) -> tuple[StepLine, ...]:
    """Return what each step of a seen case took."""
    return steps.steps_of(_seen(principal, case_id))


def others_looking(principal: Principal, case_id: UUID) -> tuple[str, ...]:
    """Name the officials who opened a case in the last minutes, other than the one asking."""
    since = clock.business_now() - PRESENT
    rows = DataLook.objects.filter(case_id=case_id, at__gte=since).exclude(account_id=account_of(principal))
    names = organisation.people.names_of(set(rows.values_list("account_id", flat=True)) - {None})
    return tuple(sorted(names.values()))


def pending_of(principal: Principal, case_id: UUID) -> Pending | None:
    """Return the decision on a case that was not carried out yet, or could not be."""
    row = PendingDecision.objects.select_related("case", "by").filter(case_id=case_id).first()
    return _pending(row, principal) if row else None


def undoable(principal: Principal) -> tuple[Pending, ...]:
    """Return the principal's own decisions that can still be taken back, newest first."""
    rows = PendingDecision.objects.select_related("case", "by").filter(
        by_id=account_of(principal), failure="", effective_at__gt=clock.now()
    )
    return tuple(_pending(row, principal) for row in rows.order_by("-effective_at")[:100])


def failures(case_ids: Collection[UUID]) -> dict[UUID, str]:
    """Return, for those of some cases whose decision could not be carried out, why: one query."""
    rows = PendingDecision.objects.filter(case_id__in=case_ids).exclude(failure="")
    return dict(rows.values_list("case_id", "failure"))


def since(principal: Principal, case_id: UUID, moment: datetime) -> tuple[tuple[Moment, str], ...]:
    """Return what happened to a seen case from a moment of business time on, with who did it: newest first."""
    _seen(principal, case_id)
    rows = list(CaseEvent.objects.filter(case_id=case_id, at__gte=moment, kind__in=MOMENTS).order_by("-at", "-id")[:10])
    units = organisation.units.names({row.unit_id for row in rows if row.unit_id})
    people = organisation.people.names_of({row.by_id for row in rows if row.by_id})
    return tuple(
        (
            Moment(row.at, row.kind, MOMENTS[row.kind], row.note, units.get(row.unit_id, "") if row.unit_id else ""),
            people.get(row.by_id, "") if row.by_id else "",
        )
        for row in rows
    )


def case_by_code(principal: Principal, code: str) -> UUID | None:
    """Return the case with a code, if the principal sees it."""
    found = Case.objects.filter(organisation.visible(principal), code=as_typed(code))
    return found.values_list("id", flat=True).first()


def case_of_task(task_id: UUID) -> UUID:
    """Return the case of a task; raise NotFound where there is none."""
    found = Task.objects.filter(id=task_id).values_list("case_id", flat=True).first()
    if found is None:
        raise NotFound
    return found


def case_of_decision(principal: Principal, decision_id: UUID) -> UUID | None:
    """Return the case of a principal's own decision; None where it has taken effect."""
    rows = PendingDecision.objects.filter(id=decision_id, by_id=account_of(principal))
    return rows.values_list("case_id", flat=True).first()


def saved_filters(principal: Principal) -> tuple[SavedFilter, ...]:
    """Return the principal's own filters in the order they were kept: one query."""
    if principal.account_id is None:
        return ()
    rows = FilterRow.objects.filter(account_id=account_of(principal)).order_by("saved_at", "id")
    return tuple(
        SavedFilter(row.id, row.name, **{part: str(row.wanted.get(part, "")) for part in FILTER_PARTS}) for row in rows
    )


def _seen(principal: Principal, case_id: UUID) -> Case:
    case = Case.objects.filter(organisation.visible(principal), id=case_id).first()
    if case is None or not principal.is_official:
        raise NotFound
    return case


def _pending(row: PendingDecision, principal: Principal) -> Pending:
    return Pending(
        id=row.id, case_id=row.case_id, code=row.case.code, deed=Deed(row.deed), by=row.by.name,
        mine=row.by_id == principal.account_id, decided_at=row.decided_at, effective_at=row.effective_at,
        failure=row.failure,
    )  # fmt: skip
