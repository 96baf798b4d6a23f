"""What every way out does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Protocol, Self
from uuid import UUID

from ..contracts import AdapterState


class TryLater(Exception):
    """Not sent now, perhaps later. The text names the kind of failure and nobody's address."""


class NotAccepted(Exception):
    """Refused for good: trying again would change nothing."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message opened for sending; `id` stays the same over all tries."""

    id: UUID
    destination: str
    title: str
    body: str
    language: str
    queued_at: datetime


class Transport(Protocol):
    """Sends messages while entered; returning from `send` means that the other side has taken the message."""

    def __enter__(self) -> Self: ...
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...
    def send(self, message: Outgoing) -> None: ...
    def check(self) -> AdapterState: ...
