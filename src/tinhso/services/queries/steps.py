"""Tell what each step of a case took: who had it, when it came and went, how much working time it used."""

from __future__ import annotations

from tinhso.foundation.api import clock, workdays
from tinhso.organisation import api as organisation
from tinhso.services.contracts.case import Deed
from tinhso.services.contracts.desk import StepLine
from tinhso.services.contracts.procedure import Procedure
from tinhso.services.models import Case, Task

from .procedures import of_package

_ENDS = {
    "refused": "Từ chối",
    "not_answered": "Không trả lời",
    "withdrawn": "Người nộp rút hồ sơ",
    "delivered_online": "Trả trên mạng",
}


def steps_of(case: Case) -> tuple[StepLine, ...]:
    """Return the steps a case went through, opinions among them, oldest first: four queries."""
    tasks = list(Task.objects.filter(case_id=case.id).order_by("opened_at", "id"))
    procedure = of_package(case.package_id)
    units = organisation.units.names({task.unit_id for task in tasks})
    people = organisation.people.names_of({task.done_by_id for task in tasks if task.done_by_id})
    calendar, now = workdays.calendar(), clock.business_now()
    return tuple(
        StepLine(
            title=_title(procedure, task),
            unit=units.get(task.unit_id, ""),
            who=people.get(task.done_by_id, "") if task.done_by_id else "",
            began=task.opened_at,
            ended=task.done_at,
            used=calendar.working_minutes_between(
                task.opened_at.astimezone(clock.LOCAL), (task.done_at or now).astimezone(clock.LOCAL)
            ),
            allowed=_hours(procedure, task) * 60,
            outcome=_outcome(task),
            words=task.text,
            is_opinion=bool(task.opinion),
        )
        for task in tasks
    )


def step_title(procedure: Procedure, step: str, opinion: str = "") -> str:
    """Say what a step is called; for an opinion, what is asked of whom."""
    found = next((s for s in procedure.steps if s.id == step), None)
    if found is None:
        return step
    asked = next((o for o in found.opinions if o.id == opinion), None) if opinion else None
    return asked.title if asked else found.title.vi


def _title(procedure: Procedure, task: Task) -> str:
    return step_title(procedure, task.step, task.opinion)


def _hours(procedure: Procedure, task: Task) -> int:
    step = next((s for s in procedure.steps if s.id == task.step), None)
    if step is None:
        return 0
    if task.opinion:
        return next((o.hours for o in step.opinions if o.id == task.opinion), 0)
    return step.hours


def _outcome(task: Task) -> str:
    if not task.outcome:
        return ""
    known: dict[str, str] = {deed.value: deed.label for deed in Deed}
    return known.get(task.outcome) or _ENDS.get(task.outcome, task.outcome)
