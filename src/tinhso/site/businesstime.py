"""Give the process the installation's business clock: today, or the day the demonstration started at."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from tinhso.foundation.api import clock, installation

_NAME = "business_offset_seconds"


def install() -> None:
    """Set this process's clock from the installation's stored offset."""
    clock.install(clock.SystemClock(timedelta(seconds=installation.get(_NAME, 0))))


def start_at(day: date) -> None:
    """Let business time of this installation start at 08:00 of a day, and run on from there. Demonstrations only."""
    offset = datetime.combine(day, time(8), clock.LOCAL) - clock.now()
    installation.put(_NAME, round(offset.total_seconds()))
    install()
