"""What the foundation offers to pure code: text, money, calendars, and who did what to which thing."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from . import keys, money, text
from .calendar import Certainty, DayOff, UnknownYear, WorkCalendar, WorkingWeekendDay, localised

__all__ = [
    "Actor",
    "ActorKind",
    "BlobRef",
    "Certainty",
    "DayOff",
    "Event",
    "Subject",
    "UnknownYear",
    "WorkCalendar",
    "WorkingWeekendDay",
    "keys",
    "localised",
    "money",
    "text",
]


class ActorKind(StrEnum):
    ACCOUNT = "account"
    SYSTEM = "system"
    SIMULATOR = "simulator"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: an account, or the system by the name of the part that acts."""

    kind: ActorKind
    id: str

    @classmethod
    def account(cls, account_id: UUID) -> Actor:
        return cls(ActorKind.ACCOUNT, str(account_id))

    @classmethod
    def system(cls, part: str) -> Actor:
        return cls(ActorKind.SYSTEM, part)

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}"


@dataclass(frozen=True, slots=True)
class Subject:
    """What an entry is about: `services.case/<UUIDv7>`. Codes are shown, ids refer."""

    kind: str
    id: UUID

    def __str__(self) -> str:
        return f"{self.kind}/{self.id}"

    @classmethod
    def parse(cls, value: str) -> Subject:
        kind, _, ident = value.partition("/")
        return cls(kind, UUID(ident))


@dataclass(frozen=True)
class Event:
    """The base of what is said in the journal. Fields hold no personal data: that goes into the personal payload."""

    NAME: ClassVar[str] = ""
    VERSION: ClassVar[int] = 1


@dataclass(frozen=True, slots=True)
class BlobRef:
    """A file in the vault: its id, its size in bytes and the SHA-256 of its content (hex)."""

    id: UUID
    size: int
    sha256: str
