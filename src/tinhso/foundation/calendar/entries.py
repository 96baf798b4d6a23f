"""Say what a calendar holds: days off, worked weekend days, years, and how certain each is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

SATURDAY = 5


class Certainty(StrEnum):
    """How sure we are of a legal value: read in the text, secondary source, from memory, or unknown."""

    READ = "read"
    SECONDARY = "secondary"
    MEMORY = "memory"
    UNKNOWN = "unknown"
    INVENTED = "invented"  # demonstration only, said so on screen


class UnknownYear(LookupError):
    """The calendar was asked about a year it does not know. `year` says which, `known` what it has."""

    def __init__(self, year: int, known: Iterable[int]) -> None:
        self.year = year
        self.known = tuple(sorted(known))
        have = ", ".join(map(str, self.known)) or "none"
        super().__init__(f"The working calendar does not know the year {year} (known: {have}). Add its days off.")


class CalendarDataError(ValueError):
    """A calendar's data contradict themselves or have the wrong shape; the message says where."""


@dataclass(frozen=True, slots=True)
class DayOff:
    """A day on which offices do not work, why, by which source and how certain."""

    day: date
    reason: str
    source: str
    certainty: Certainty


@dataclass(frozen=True, slots=True)
class WorkingWeekendDay:
    """A Saturday or Sunday on which offices do work; `in_place_of` is the day off it pays for, if any."""

    day: date
    in_place_of: date | None
    reason: str
    source: str
    certainty: Certainty


@dataclass(frozen=True, slots=True)
class CalendarYear:
    """All exceptions of one year to the five-day week. `certainty` is that of the year's lunar holidays."""

    year: int
    days_off: tuple[DayOff, ...]
    working_weekend_days: tuple[WorkingWeekendDay, ...]
    source: str
    certainty: Certainty

    def __post_init__(self) -> None:
        entries = [off.day for off in self.days_off] + [worked.day for worked in self.working_weekend_days]
        for day in entries:
            if day.year != self.year:
                raise CalendarDataError(f"{day} does not lie in the year {self.year}")
        if len(set(entries)) != len(entries):
            raise CalendarDataError(f"a day stands twice in the calendar of {self.year}")
        for worked in self.working_weekend_days:
            if worked.day.weekday() < SATURDAY:
                raise CalendarDataError(f"{worked.day} is not a Saturday or Sunday")
