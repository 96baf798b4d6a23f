"""Say when an office is open on a working day, and turn moments into minutes of the province's day."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from datetime import date, datetime, time
from itertools import pairwise
from zoneinfo import ZoneInfo

from .entries import CalendarDataError

LOCAL_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
_MINUTES_A_DAY = 24 * 60


@dataclass(frozen=True)
class OfficeHours:
    """The spans of a working day, in local time, in order, e.g. 07:30–11:30 and 13:30–17:30."""

    spans: tuple[tuple[time, time], ...]
    _spans: tuple[tuple[int, int], ...] = field(init=False, repr=False, compare=False)
    _worked: tuple[int, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        spans = tuple((start.hour * 60 + start.minute, end.hour * 60 + end.minute) for start, end in self.spans)
        edges = [edge for span in spans for edge in span]
        if not spans or any(later <= earlier for earlier, later in pairwise(edges)):
            raise CalendarDataError("office hours must be spans in order, each with an end after its start")
        inside = [any(start <= minute < end for start, end in spans) for minute in range(_MINUTES_A_DAY)]
        worked = [0]
        for is_inside in inside:
            worked.append(worked[-1] + is_inside)
        object.__setattr__(self, "_spans", spans)
        object.__setattr__(self, "_worked", tuple(worked))

    @property
    def minutes(self) -> int:
        """Give the working minutes of a day (480 for eight hours)."""
        return self._worked[-1]

    @property
    def opening(self) -> time:
        """Give the time at which the office opens."""
        return self.spans[0][0]

    @property
    def closing(self) -> time:
        """Give the time at which the office closes."""
        return self.spans[-1][1]

    def worked(self, minute: int) -> int:
        """Count the working minutes before a minute of the day (0 to 1440)."""
        return self._worked[minute]

    def reached(self, worked: int) -> int:
        """Give the first minute of the day at which so many working minutes have passed."""
        return bisect_left(self._worked, worked)

    def next_open(self, minute: int) -> int | None:
        """Give the first minute at or after `minute` at which work can go on; None when the day is over."""
        for start, end in self._spans:
            if minute < end:
                return max(start, minute)
        return None


def localised(moment: datetime) -> datetime:
    """Give a moment in the province's time. A moment without a zone raises ValueError: it could be any."""
    if moment.tzinfo is LOCAL_ZONE:
        return moment
    if moment.tzinfo is None:
        raise ValueError(f"{moment} has no time zone; moments must be aware")
    return moment.astimezone(LOCAL_ZONE)


def whole_minute(moment: datetime) -> tuple[datetime, int]:
    """Give the local moment and its minute of the day, rounded up (1440 = midnight at the day's end)."""
    local = localised(moment)
    return local, local.hour * 60 + local.minute + (local.second > 0 or local.microsecond > 0)


def moment_at(day: date, minute: int) -> datetime:
    """Give the local moment of a minute of a day."""
    return datetime(day.year, day.month, day.day, minute // 60, minute % 60, tzinfo=LOCAL_ZONE)
