"""Say what a deadline is, so that packages, the clock and pages speak of the same thing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from enum import StrEnum

from tinhso.foundation.contracts import Certainty

__all__ = ["Certainty", "Channel", "Deadline", "DeadlineUnit", "PausePolicy"]


class Channel(StrEnum):
    """How a dossier reaches the agency (channels 2, 1 and 3 of the national report; DOMAIN 4.3, secondary)."""

    ONLINE = "online"
    COUNTER = "counter"
    POST = "post"


class DeadlineUnit(StrEnum):
    """In what a deadline is counted; national records use five units and many use none."""

    SAME_DAY = "same_day"
    HOUR = "hour"  # working hours of an eight-hour day
    WORKING_DAY = "working_day"
    CALENDAR_DAY = "calendar_day"
    MONTH = "month"


class PausePolicy(StrEnum):
    """What a request for supplements does to the clock.

    NĐ 61/2018 art. 19.4 (read in the text): time restarts from the beginning after a full dossier.
    Sector laws may suspend instead, e.g. waiting for tax in land cases (from memory).
    """

    RESTART = "restart"
    SUSPEND = "suspend"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Deadline:
    """A time allowed: so many units, with the hour after which reception counts as the next working day.

    `amount` is in `unit` (0 for the same day); `cut_off` is local time or None where the law sets none.
    """

    unit: DeadlineUnit
    amount: int
    cut_off: time | None
    on_supplement: PausePolicy
    source: str
    certainty: Certainty

    def __post_init__(self) -> None:
        if self.amount < 0 or (self.amount == 0 and self.unit is not DeadlineUnit.SAME_DAY):
            raise ValueError(f"a deadline of {self.amount} {self.unit.value} allows no time")
