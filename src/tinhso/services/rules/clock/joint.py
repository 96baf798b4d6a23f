"""Give the due moments of the stages of a joint procedure and of the steps of an internal process."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from tinhso.foundation.contracts import WorkCalendar
from tinhso.services.contracts.clock import ClockLaw, JointDue, Received, StageDue
from tinhso.services.contracts.deadline import Deadline

from .due import compute


class StageLike(Protocol):
    """What the clock needs to know of a stage: a package's `Stage` has it."""

    @property
    def id(self) -> str: ...
    @property
    def deadline(self) -> Deadline: ...
    @property
    def after(self) -> tuple[str, ...]: ...


def stage_dues(
    start: datetime,
    stages: Sequence[StageLike],
    calendar: WorkCalendar,
    *,
    overall: Deadline | None = None,
    done: Mapping[str, datetime] | None = None,
    law: ClockLaw | None = None,
) -> JointDue:
    """Give the due moment of each stage of a joint procedure received at `start`, and of the whole.

    A stage starts when all stages named in its `after` are done, or else are due; hand-over between agencies is
    electronic, so the cut-off counts only for the reception itself. The whole is due by its own deadline where the
    procedure has one, else when its last stage is; stages done early or late do not move it. Stages must come after
    those they wait for; else ValueError. NĐ 61/2018, joint procedures: a deadline for each agency (read in the text).
    """
    planned = _walk(start, stages, calendar, {}, law)
    actual = _walk(start, stages, calendar, done or {}, law)
    at = (
        max(stage.due for stage in planned)
        if overall is None
        else compute([Received(start)], overall, calendar, law).at
    )
    return JointDue(stages=actual, at=at)


def _walk(
    start: datetime,
    stages: Sequence[StageLike],
    calendar: WorkCalendar,
    done: Mapping[str, datetime],
    law: ClockLaw | None,
) -> tuple[StageDue, ...]:
    if not stages:
        raise ValueError("a joint procedure has at least one stage")
    ended: dict[str, datetime] = {}
    dues: list[StageDue] = []
    for stage in stages:
        missing = [name for name in stage.after if name not in ended]
        if missing:
            raise ValueError(f"stage {stage.id} waits for {missing[0]}, which does not come before it")
        begins, deadline = start, stage.deadline
        if stage.after:
            begins, deadline = max(ended[name] for name in stage.after), replace(deadline, cut_off=None)
        due = compute([Received(begins)], deadline, calendar, law).at
        ended[stage.id] = done.get(stage.id, due)
        dues.append(StageDue(stage.id, begins, due))
    return tuple(dues)


def step_due(start: datetime, hours: float, calendar: WorkCalendar) -> datetime:
    """Give the moment by which a step of so many working hours is due (1 day = 8 hours; from memory)."""
    return calendar.add_working_hours(start, hours)
