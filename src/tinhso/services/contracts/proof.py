"""Say how a package proves itself: examples, what came of them, the level proved, what is wrong with it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from tinhso.services.contracts.basis import Title, Validity
from tinhso.services.contracts.deadline import Certainty, Channel


class BlockerKind(StrEnum):
    """Why a service cannot run wholly online."""

    PRESENCE = "presence"
    ORIGINAL_TO_BE_SIGHTED = "original_to_be_sighted"
    FIELD_VERIFICATION = "field_verification"
    UNSET_FEE = "unset_fee"


class Delivery(StrEnum):
    """How the result reaches the applicant."""

    ONLINE = "online"
    POST = "post"
    COUNTER = "counter"


@dataclass(frozen=True, slots=True)
class Blocker:
    """A declared reason why (a variant of) the service cannot run wholly online."""

    kind: BlockerKind
    title: Title
    variants: tuple[str, ...]
    validity: Validity
    source: str
    certainty: Certainty


@dataclass(frozen=True, slots=True)
class ExampleEvent:
    """Something that happens to an example's case: "supplement_requested", "supplemented", "paid"…"""

    at: datetime
    kind: str


@dataclass(frozen=True, slots=True)
class Expected:
    """What an example must come to. Fee None = not set; `due_at` None = not checked."""

    variant: str
    agency_kind: str
    tier: str
    path: tuple[str, ...]
    due_at: date | None  # a whole day (office hours are the installation's), or a datetime for hours
    stage_due: tuple[tuple[str, date], ...]
    fee: int | None
    number_text: str
    result_text: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Example:
    """A case that proves the package: data, channel, reception (local, aware) and what is expected."""

    id: str
    title: str
    channel: Channel
    delivery: Delivery
    overlay: bool  # with the package's demo amounts
    received_at: datetime
    data_json: str
    events: tuple[ExampleEvent, ...]
    expected: Expected

    @property
    def data(self) -> dict[str, Any]:
        """Give a fresh copy of the form's data."""
        value: dict[str, Any] = json.loads(self.data_json)
        return value


@dataclass(frozen=True, slots=True)
class ExampleOutcome:
    """What came of running an example; `problems` empty = as expected."""

    example: str
    variant: str | None
    wholly_online: bool
    problems: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Say whether everything came out as expected."""
        return not self.problems


@dataclass(frozen=True, slots=True)
class LevelProof:
    """The level proved on a day: 1–4 as a number, its name in that day's vocabulary, and why not more."""

    level: int
    name: Title
    reasons: tuple[str, ...]
    blockers: tuple[Blocker, ...]


@dataclass(frozen=True, slots=True)
class PackageProblem:
    """What is wrong with a package: where ("package.yml: fees[0].amount") and a clear sentence."""

    path: str
    message: str


class PackageError(Exception):
    """Raised when a package cannot be used; holds every problem found, not just the first."""

    def __init__(self, problems: tuple[PackageProblem, ...]) -> None:
        super().__init__("; ".join(f"{problem.path}: {problem.message}" for problem in problems))
        self.problems = problems
