"""Say what an official sees of a case beyond the case: what may be done now, what each step took, who else is there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tinhso.services.contracts.case import Deed
from tinhso.services.contracts.clock import Breach, Due, Remaining
from tinhso.services.contracts.task import OpenTask


@dataclass(frozen=True, slots=True)
class Way:
    """A deed the step allows, and in the official's language what stands in its way now ("" = nothing)."""

    deed: Deed
    obstacle: str = ""


@dataclass(frozen=True, slots=True)
class Desk:
    """The work a principal has on a case. `returns` are the steps (id, title) it may be sent back to.

    `unopened` are titles of required papers nobody has opened; `breaches` say which duty a deed done now would miss.
    """

    task: OpenTask
    step_title: str
    ways: tuple[Way, ...]
    returns: tuple[tuple[str, str], ...]
    unopened: tuple[str, ...]
    breaches: tuple[tuple[Deed, Breach], ...]


@dataclass(frozen=True, slots=True)
class StepLine:
    """A line of the control slip. Minutes are working minutes; `allowed` is 0 where the step has no time of its own."""

    title: str
    unit: str
    who: str
    began: datetime
    ended: datetime | None
    used: int
    allowed: int
    outcome: str
    words: str
    is_opinion: bool

    @property
    def over(self) -> int:
        """By how many working minutes the step took longer than allowed."""
        return max(0, self.used - self.allowed) if self.allowed else 0


@dataclass(frozen=True, slots=True)
class Pending:
    """A decision not carried out: it can still be undone, or it failed and `failure` says why. Machine time."""

    id: UUID
    case_id: UUID
    code: str
    deed: Deed
    by: str
    mine: bool
    decided_at: datetime
    effective_at: datetime
    failure: str


@dataclass(frozen=True, slots=True)
class Watch:
    """Where a case stands against its clock, and why; working time."""

    due: Due
    remaining: Remaining


@dataclass(frozen=True, slots=True)
class SavedFilter:
    """A filter of the worklist that an official keeps under a name."""

    id: UUID
    name: str
    when: str
    procedure: str
    kind: str
    words: str
    sort: str
