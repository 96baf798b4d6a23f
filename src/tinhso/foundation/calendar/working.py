"""Count in working days and working hours, by data per year.

Sources: five-day week of State offices, QĐ 188/1999/QĐ-TTg (from memory); days off, Bộ luật Lao động 2019 art. 112
(secondary), and the Government's choice for each year (see `data/calendars/`).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import pairwise
from math import ceil
from typing import Any

from .entries import (
    SATURDAY,
    CalendarDataError,
    CalendarYear,
    Certainty,
    DayOff,
    UnknownYear,
    WorkingWeekendDay,
)
from .hours import LOCAL_ZONE, OfficeHours, moment_at, whole_minute


@dataclass(frozen=True, slots=True)
class _Block:
    """Consecutive known years, counted through once. Ordinals are those of `date.toordinal`."""

    first: int
    last: int
    before: tuple[int, ...]  # working days of the block before its day i
    ordinals: tuple[int, ...]  # of the working days, in order


@dataclass(frozen=True)
class WorkCalendar:
    """The working days of the years it knows. Asking about another year raises `UnknownYear`.

    Counting takes constant time: each run of consecutive years is counted through once, when it is built.
    """

    years: tuple[CalendarYear, ...]
    hours: OfficeHours
    _blocks: dict[int, _Block] = field(init=False, repr=False, compare=False)
    _off: dict[date, DayOff] = field(init=False, repr=False, compare=False)
    _worked: dict[date, WorkingWeekendDay] = field(init=False, repr=False, compare=False)
    _entries: tuple[tuple[Any, ...], ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        ordered = tuple(sorted(self.years, key=lambda year: year.year))
        if any(one.year == other.year for one, other in pairwise(ordered)):
            raise CalendarDataError("a year stands twice in the calendar")
        off = {entry.day: entry for year in ordered for entry in year.days_off}
        worked = {entry.day: entry for year in ordered for entry in year.working_weekend_days}
        object.__setattr__(self, "years", ordered)
        object.__setattr__(self, "_off", off)
        object.__setattr__(self, "_worked", worked)
        object.__setattr__(
            self, "_entries", (tuple(sorted(off)), tuple(off[day] for day in sorted(off)),
                               tuple(sorted(worked)), tuple(worked[day] for day in sorted(worked)))
        )  # fmt: skip
        object.__setattr__(self, "_blocks", self._count())

    def _count(self) -> dict[int, _Block]:
        blocks: dict[int, _Block] = {}
        runs: list[list[int]] = []
        for year in (entry.year for entry in self.years):
            if runs and runs[-1][-1] == year - 1:
                runs[-1].append(year)
            else:
                runs.append([year])
        for run in runs:
            first, last = date(run[0], 1, 1).toordinal(), date(run[-1], 12, 31).toordinal()
            before: list[int] = []
            ordinals: list[int] = []
            for ordinal in range(first, last + 1):
                before.append(len(ordinals))
                day = date.fromordinal(ordinal)
                if day in self._worked or (day.weekday() < SATURDAY and day not in self._off):
                    ordinals.append(ordinal)
            before.append(len(ordinals))
            blocks |= dict.fromkeys(run, _Block(first, last, tuple(before), tuple(ordinals)))
        return blocks

    # --- what it knows ------------------------------------------------------------------------------------

    def knows(self, day: date) -> bool:
        """Say whether the day's year is known."""
        return day.year in self._blocks

    def certainty_of(self, day: date) -> Certainty:
        """Say how certain the day's entry is, or, for an ordinary day, its year. Unknown years raise."""
        entry = self._off.get(day) or self._worked.get(day)
        if entry is not None:
            return entry.certainty
        self._block(day)
        return next(year.certainty for year in self.years if year.year == day.year)

    def day_off(self, day: date) -> DayOff | None:
        """Give the named day off that falls on a day; None for a working day or a plain weekend."""
        self._block(day)
        return self._off.get(day)

    def days_off_between(self, first: date, last: date) -> tuple[DayOff, ...]:
        """Give the named days off from `first` to `last`, both included."""
        days, entries = self._entries[0], self._entries[1]
        return entries[bisect_left(days, first) : bisect_right(days, last)]

    def worked_weekends_between(self, first: date, last: date) -> tuple[WorkingWeekendDay, ...]:
        """Give the swapped working weekend days from `first` to `last`, both included."""
        days, entries = self._entries[2], self._entries[3]
        return entries[bisect_left(days, first) : bisect_right(days, last)]

    def _block(self, day: date) -> _Block:
        try:
            return self._blocks[day.year]
        except KeyError:
            raise UnknownYear(day.year, self._blocks) from None

    def _shared_block(self, one: date, other: date) -> _Block:
        """Give the block of both days; the first unknown year between them raises."""
        block = self._block(one)
        if self._block(other) is not block:
            raise UnknownYear(date.fromordinal(self._block(min(one, other)).last).year + 1, self._blocks)
        return block

    def _nth(self, block: _Block, index: int) -> date:
        """Give the working day of a place in the block; beyond its ends the next year is unknown."""
        if index < 0:
            raise UnknownYear(date.fromordinal(block.first).year - 1, self._blocks)
        if index >= len(block.ordinals):
            raise UnknownYear(date.fromordinal(block.last).year + 1, self._blocks)
        return date.fromordinal(block.ordinals[index])

    # --- days ---------------------------------------------------------------------------------------------

    def is_working(self, day: date) -> bool:
        """Say whether offices work on a day."""
        block = self._block(day)
        place = day.toordinal() - block.first
        return block.before[place + 1] > block.before[place]

    def working_day_on_or_after(self, day: date) -> date:
        """Give the day itself when it is a working day, else the next one."""
        block = self._block(day)
        return self._nth(block, block.before[day.toordinal() - block.first])

    def next_working_day(self, day: date) -> date:
        """Give the first working day after a day."""
        return self.add_working_days(day, 1)

    def add_working_days(self, day: date, count: int) -> date:
        """Go forward (or, with a negative count, back) so many working days; the day itself is not counted.

        With 0 a day off moves on to the next working day.
        """
        block = self._block(day)
        place = day.toordinal() - block.first
        if count > 0:
            return self._nth(block, block.before[place + 1] + count - 1)
        return self._nth(block, block.before[place] + count)

    def working_days_between(self, after: date, until: date) -> int:
        """Count the working days after `after` up to and including `until`; negative when `until` lies before."""
        block = self._shared_block(after, until)
        return block.before[until.toordinal() - block.first + 1] - block.before[after.toordinal() - block.first + 1]

    # --- hours --------------------------------------------------------------------------------------------

    def opening(self, day: date) -> datetime:
        """Give the moment at which offices open on a day (whether or not they work on it)."""
        return datetime.combine(day, self.hours.opening, LOCAL_ZONE)

    def closing(self, day: date) -> datetime:
        """Give the moment at which offices close on a day (whether or not they work on it)."""
        return datetime.combine(day, self.hours.closing, LOCAL_ZONE)

    def next_working_moment(self, moment: datetime) -> datetime:
        """Give the first whole minute at or after a moment at which the office works."""
        local, minute = whole_minute(moment)
        day = local.date()
        if self.is_working(day):
            minute_open = self.hours.next_open(minute)
            if minute_open is not None:
                return moment_at(day, minute_open)
        return self.opening(self.next_working_day(day))

    def add_working_minutes(self, moment: datetime, minutes: int) -> datetime:
        """Give the moment at which so many working minutes have passed; 0 gives the next working moment.

        Raises ValueError for a negative number, UnknownYear beyond the years known.
        """
        if minutes < 0:
            raise ValueError("working minutes can only be added, not taken away")
        if minutes == 0:
            return self.next_working_moment(moment)
        local, minute = whole_minute(moment)
        block, position = self._position(local.date(), minute)
        whole_days, rest = divmod(position + minutes - 1, self.hours.minutes)
        return moment_at(self._nth(block, whole_days), self.hours.reached(rest + 1))

    def add_working_hours(self, moment: datetime, hours: float) -> datetime:
        """Give the moment at which so many working hours have passed (rounded up to whole minutes)."""
        return self.add_working_minutes(moment, ceil(hours * 60))

    def working_minutes_between(self, start: datetime, end: datetime) -> int:
        """Count the working minutes from `start` to `end`; negative when `end` lies before."""
        (first, first_minute), (last, last_minute) = whole_minute(start), whole_minute(end)
        self._shared_block(first.date(), last.date())
        return self._position(last.date(), last_minute)[1] - self._position(first.date(), first_minute)[1]

    def _position(self, day: date, minute: int) -> tuple[_Block, int]:
        """Count the working minutes of the block before a minute of a day."""
        block = self._block(day)
        place = day.toordinal() - block.first
        days_before = block.before[place]
        position = days_before * self.hours.minutes
        if block.before[place + 1] > days_before:
            position += self.hours.worked(minute)
        return block, position

    # --- other calendars ----------------------------------------------------------------------------------

    def with_year(self, year: CalendarYear) -> WorkCalendar:
        """Give a calendar that knows this year as told, whatever it knew of it before."""
        return replace(self, years=(*(known for known in self.years if known.year != year.year), year))

    def with_sudden_day_off(
        self, day: date, reason: str, source: str = "", certainty: Certainty = Certainty.SECONDARY
    ) -> WorkCalendar:
        """Give a calendar on which a day is off (flood, State mourning…); unchanged if it was off already."""
        if not self.is_working(day):
            return self
        year = next(known for known in self.years if known.year == day.year)
        return self.with_year(
            replace(
                year,
                days_off=(*year.days_off, DayOff(day, reason, source, certainty)),
                working_weekend_days=tuple(entry for entry in year.working_weekend_days if entry.day != day),
            )
        )

    def with_sudden_working_day(
        self, day: date, reason: str, source: str = "", certainty: Certainty = Certainty.SECONDARY
    ) -> WorkCalendar:
        """Give a calendar on which a day is worked (a swapped Saturday…); unchanged if it was worked already."""
        if self.is_working(day):
            return self
        year = next(known for known in self.years if known.year == day.year)
        worked = year.working_weekend_days
        if day.weekday() >= SATURDAY:
            worked = (*worked, WorkingWeekendDay(day, None, reason, source, certainty))
        days_off = tuple(entry for entry in year.days_off if entry.day != day)
        return self.with_year(replace(year, days_off=days_off, working_weekend_days=worked))
