"""Put a case's next step before those who have to do it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from tinhso.foundation.api import clock, ids, statements, workdays
from tinhso.organisation import api as organisation
from tinhso.services.contracts.answers import Refusal
from tinhso.services.contracts.procedure import Procedure, Stage, Step, StepKind
from tinhso.services.models import Case, Task
from tinhso.services.queries.dues import stage_dues_of
from tinhso.services.queries.procedures import of_package
from tinhso.services.rules import procedure as rules
from tinhso.services.rules.process import OPINION_TASK


def path_of(case: Case, procedure: Procedure) -> tuple[Step, ...]:
    """Return the steps this case goes through."""
    variant = next(v for v in procedure.variants if v.id == case.variant)
    return rules.path_for(procedure, variant, case.data)


def enter(case: Case, procedure: Procedure, step: Step) -> None:
    """Open a step: a task for the unit in charge, and one for each agency whose opinion is asked, in parallel."""
    case.step = step.id
    unit_id = _unit_of(case, procedure, step)
    # Whoever asks for opinions examines them: only the asked agencies' tasks are opinions.
    kind = StepKind.EXAMINE if step.kind is StepKind.OPINION else step.kind
    _open(case, step, unit_id, kind.value, step.hours)
    for opinion in step.opinions:
        asked = organisation.units.agency_for(case.unit_id, opinion.agency_kind, clock.today())
        if asked is None:
            raise Refusal(f"Chưa có cơ quan “{opinion.agency_name}” trong danh mục tổ chức.")
        _open(case, step, asked.id, OPINION_TASK, opinion.hours, opinion=opinion.id, role="officer")


def close(task: Task, *, by: UUID | None, outcome: str, text: str = "") -> None:
    """Mark a task done."""
    task.open, task.done_at, task.done_by_id = False, clock.business_now(), by
    task.outcome, task.text = outcome, text
    statements.update(task, "open", "done_at", "done_by_id", "outcome", "text")


def close_all(case: Case, *, outcome: str) -> None:
    """Close whatever is not done yet on a case, a task whose decision waits to take effect included."""
    Task.objects.filter(case_id=case.id, done_at=None).update(open=False, done_at=clock.business_now(), outcome=outcome)


def close_opinions(case: Case, *, outcome: str) -> None:
    """Let the opinions go that nobody waits for any more."""
    left = Task.objects.filter(case_id=case.id, done_at=None).exclude(opinion="")
    left.update(open=False, done_at=clock.business_now(), outcome=outcome)


def follow_due_date(case: Case) -> None:
    """Let open tasks carry the new due date, by which the worklist is sorted: in a joint procedure the agency's own."""
    if case.due_at is None:
        return
    open_ones = Task.objects.filter(case_id=case.id, open=True)
    procedure = of_package(case.package_id)
    if not procedure.stages:
        open_ones.update(due_at=case.due_at)
        return
    dues = {stage.id: stage.due for stage in stage_dues_of(case)}
    stage_of_step = {step.id: step.stage or "" for step in procedure.steps}
    for task in open_ones:
        task.due_at = dues.get(stage_of_step[task.step], case.due_at)
        task.save(update_fields=["due_at"])


def _unit_of(case: Case, procedure: Procedure, step: Step) -> UUID:
    stage = stage_of(procedure, step)
    if stage is None:
        return case.unit_id
    unit = organisation.units.agency_for(case.unit_id, stage.agency_kind, clock.today())
    if unit is None:
        raise Refusal(f"Chưa có cơ quan “{stage.agency_name}” trong danh mục tổ chức.")
    return unit.id


def stage_of(procedure: Procedure, step: Step) -> Stage | None:
    """Return the agency's stage a step belongs to in a joint procedure."""
    return next((stage for stage in procedure.stages if stage.id == step.stage), None)


def _open(case: Case, step: Step, unit_id: UUID, kind: str, hours: int, *, opinion: str = "", role: str = "") -> None:
    now = clock.business_now()
    step_due = workdays.calendar().add_working_hours(now, hours) if hours else now
    row = Task(
        id=ids.new(), case_id=case.id, step=step.id, kind=kind, role=role or step.role, opinion=opinion,
        unit_id=unit_id, opened_at=now, step_due_at=step_due, due_at=_shown_due(case, step_due),
    )  # fmt: skip
    statements.insert(row)
    if unit_id not in (case.receiving_unit_id, case.unit_id):
        reason = "opinion" if opinion else "stage"
        organisation.grant_access(object_id=case.id, unit_id=unit_id, reason=reason, valid_from=now)


def _shown_due(case: Case, step_due: datetime) -> datetime:
    return case.due_at or step_due
