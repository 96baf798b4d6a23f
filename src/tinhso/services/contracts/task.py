"""Say what waits to be done on a case."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class OpenTask:
    """An open task of a case: what kind of work, for which role of which unit; the case's version for deciding."""

    id: UUID
    kind: str
    role: str
    unit_id: UUID
    version: int
