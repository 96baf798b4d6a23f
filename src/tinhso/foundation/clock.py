"""Tell the time: machine time for sessions and signatures, business time for what day it is in the province.

Both come from one injected clock, so that a simulator or a test can live in January 2021 while certificates and
one-time codes go on in real time.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")


class Clock(Protocol):
    def now(self) -> datetime: ...
    def business_now(self) -> datetime: ...


@dataclass(frozen=True)
class SystemClock:
    """The machine's clock; business time runs beside it at a fixed distance (zero in production)."""

    business_offset: timedelta = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC)

    def business_now(self) -> datetime:
        return (self.now() + self.business_offset).astimezone(LOCAL)


@dataclass
class ManualClock:
    """A clock that stands still until it is moved: for tests and the simulator."""

    business: datetime
    machine: datetime = field(default_factory=lambda: datetime.now(UTC))

    def now(self) -> datetime:
        return self.machine

    def business_now(self) -> datetime:
        return self.business.astimezone(LOCAL)

    def advance(self, by: timedelta) -> None:
        self.business += by
        self.machine += by

    def set(self, business: datetime) -> None:
        """Move business time to a moment; machine time goes on by as much, never back."""
        self.machine += max(business - self.business, timedelta())
        self.business = business


@dataclass
class PlayedClock:
    """Business time is played, as a simulation sets it; machine time is the machine's own, for that is when it is
    recorded."""

    business: datetime

    def now(self) -> datetime:
        return datetime.now(UTC)

    def business_now(self) -> datetime:
        return self.business.astimezone(LOCAL)


_default: Clock = SystemClock()
_current: ContextVar[Clock | None] = ContextVar("tinhso_clock", default=None)


def install(clock: Clock) -> None:
    """Set the clock of this process (done once, by the site)."""
    global _default  # noqa: PLW0603 - one clock a process is the point
    _default = clock


@contextmanager
def using(clock: Clock) -> Iterator[Clock]:
    """Run a block under another clock."""
    token = _current.set(clock)
    try:
        yield clock
    finally:
        _current.reset(token)


def current() -> Clock:
    return _current.get() or _default


def now() -> datetime:
    """Machine time, aware, UTC."""
    return current().now()


def business_now() -> datetime:
    """Business time, aware, in the province's zone."""
    return current().business_now()


def today() -> date:
    """The province's business date."""
    return business_now().date()
