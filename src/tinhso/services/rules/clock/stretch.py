"""Count one stretch of a case's time: from where it starts running to its end or to a pause.

Day one is the day after the start, and an end on a day off moves on to the next working day (Bộ luật Dân sự
Điều 147, 148, from memory). A start after the cut-off or on a day off counts as one on the next working day.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Protocol

from tinhso.foundation.contracts import WorkCalendar, localised
from tinhso.services.contracts.clock import ClockLaw, CountUnit, LedgerLine, LedgerRule
from tinhso.services.contracts.deadline import Deadline, DeadlineUnit

_ONE_DAY = timedelta(1)


@dataclass(frozen=True, slots=True)
class Terms:
    """What every stretch of a case has in common."""

    deadline: Deadline
    law: ClockLaw
    calendar: WorkCalendar
    cut_off: time | None

    @classmethod
    def of(cls, deadline: Deadline, law: ClockLaw, calendar: WorkCalendar) -> Terms:
        """Settle the cut-off: a same-day deadline always has one, and never after the office has closed."""
        cut_off = deadline.cut_off
        if deadline.unit is DeadlineUnit.SAME_DAY:
            cut_off = min(cut_off or law.same_day_cut_off, calendar.hours.closing)
        return cls(deadline, law, calendar, cut_off)

    @property
    def guarded_in_days(self) -> bool:
        """Say whether a re-appointment must come days before expiry; same-day and hour deadlines have no days."""
        return self.deadline.unit not in (DeadlineUnit.SAME_DAY, DeadlineUnit.HOUR)

    def reception_day(self, at: datetime) -> tuple[date, LedgerRule]:
        """Give the working day as which a moment counts, and by which rule."""
        local = localised(at)
        day = local.date()
        if not self.calendar.is_working(day):
            return self.calendar.working_day_on_or_after(day), LedgerRule.STARTED_ON_DAY_OFF
        if self.cut_off is not None and local.time() > self.cut_off:
            return self.calendar.next_working_day(day), LedgerRule.STARTED_AFTER_CUT_OFF
        return day, LedgerRule.STARTED

    def stretch(self, at: datetime, used: int, allowed: int, granted: int) -> Stretch:
        """Start a stretch at a moment, `used` of the `allowed` units being gone.

        With nothing used yet the time allowed is measured anew from here (months differ in length); `granted`
        units of a re-appointment come on top.
        """
        if self.deadline.unit is DeadlineUnit.HOUR:
            return _MinuteStretch(self, at, used, granted)
        return _DayStretch(self, at, used, allowed, granted)


class Stretch(Protocol):
    """Time running. `allowed` and `left` are in `unit`.

    `start` is the moment as which the start is taken; `counts_from` the one at which the time itself begins to run,
    for days the close of the start's day.
    """

    unit: CountUnit
    rule: LedgerRule
    start: datetime
    counts_from: datetime
    allowed: int
    left: int
    due: datetime

    def elapsed(self, at: datetime) -> int:
        """Count the units gone at a moment, from 0 to what was left."""

    def gain(self, new_due: datetime) -> int:
        """Count the units by which a new due moment lies behind the one that stands; 0 or less = not later."""

    def extend(self, new_due: datetime) -> int:
        """Move the end to a later moment and give the units gained."""

    def lines(self, counted: int, *, whole: bool) -> list[LedgerLine]:
        """Write the counted units into ledger lines; `whole` when the stretch ran to its end."""


class _DayStretch:
    """Whole days: working days, calendar days, months as calendar days, and the same day (no days)."""

    __slots__ = (
        "_day",
        "_last",
        "_terms",
        "_working",
        "allowed",
        "counts_from",
        "due",
        "left",
        "rule",
        "start",
        "unit",
    )

    def __init__(self, terms: Terms, at: datetime, used: int, allowed: int, granted: int) -> None:
        self._terms = terms
        self._working = terms.deadline.unit in (DeadlineUnit.WORKING_DAY, DeadlineUnit.SAME_DAY)
        self.unit = CountUnit.WORKING_DAY if self._working else CountUnit.CALENDAR_DAY
        self._day, self.rule = terms.reception_day(at)
        on_the_day = self.rule is LedgerRule.STARTED
        self.start = localised(at) if on_the_day else terms.calendar.opening(self._day)
        same_day = terms.deadline.unit is DeadlineUnit.SAME_DAY
        self.counts_from = self.start if same_day else terms.calendar.closing(self._day)
        self.allowed = allowed if used else self._units() + granted
        self.left = self.allowed - used
        self._last = self._end(self.left)
        self.due = terms.calendar.closing(terms.calendar.working_day_on_or_after(self._last))

    def _units(self) -> int:
        deadline = self._terms.deadline
        if deadline.unit is DeadlineUnit.SAME_DAY:
            return 0
        if deadline.unit is DeadlineUnit.MONTH:
            return (_months_later(self._day, deadline.amount) - self._day).days
        return deadline.amount

    def _end(self, count: int) -> date:
        if self._working:
            return self._terms.calendar.add_working_days(self._day, count)
        return self._day + timedelta(count)

    def _between(self, after: date, until: date) -> int:
        if self._working:
            return self._terms.calendar.working_days_between(after, until)
        return (until - after).days

    def elapsed(self, at: datetime) -> int:
        """Count the days up to and including that of `at`; a last day cut short by a pause is given back."""
        return max(0, min(self._between(self._day, localised(at).date()), self.left - 1))

    def gain(self, new_due: datetime) -> int:
        """Count the units by which a new due moment lies behind the one that stands."""
        return self._between(self.due.date(), self._working_day(new_due))

    def extend(self, new_due: datetime) -> int:
        """Move the end to the close of the day of `new_due`, a day off moving on; give the units gained."""
        last = self._working_day(new_due)
        gained = self._between(self._last, last)
        self.due = self._terms.calendar.closing(last)
        self._last = last
        self.allowed += gained
        self.left += gained
        return gained

    def _working_day(self, moment: datetime) -> date:
        return self._terms.calendar.working_day_on_or_after(localised(moment).date())

    def lines(self, counted: int, *, whole: bool) -> list[LedgerLine]:
        """Write one line for the days counted and, when the end fell on a day off, one for its moving on."""
        if not whole:
            return [self._counted(counted, self._end(counted))] if counted else []
        written = [self._counted(counted, self._last)]
        due_day = self.due.date()
        if due_day != self._last:
            written.append(self._moved_on(due_day))
        return written

    def _counted(self, counted: int, last: date) -> LedgerLine:
        calendar = self._terms.calendar
        source = self._terms.deadline.source
        if self._day == last:
            return LedgerLine(LedgerRule.SAME_DAY, self.start, self.due, 0, 0, self.unit, (), 0, (), "", source)
        first = self._day + _ONE_DAY
        start, end = calendar.opening(first), calendar.closing(last)
        if not self._working:
            return LedgerLine(LedgerRule.COUNTED, start, end, counted, 0, self.unit, (), 0, (), "", source)
        skipped = calendar.days_off_between(first, last)
        worked = calendar.worked_weekends_between(first, last)
        weekend_days = (last - self._day).days - counted - len(skipped)
        return LedgerLine(
            LedgerRule.COUNTED, start, end, counted, 0, self.unit, skipped, weekend_days, worked, "", source
        )

    def _moved_on(self, due_day: date) -> LedgerLine:
        calendar = self._terms.calendar
        skipped = calendar.days_off_between(self._last, due_day)
        return LedgerLine(
            rule=LedgerRule.MOVED_ON,
            start=calendar.closing(self._last),
            end=self.due,
            counted=0,
            lost=0,
            unit=self.unit,
            skipped=skipped,
            weekend_days=(due_day - self._last).days - len(skipped),
            worked=calendar.worked_weekends_between(due_day, due_day),
            note="",
            source=self._terms.law.counting_source,
        )


class _MinuteStretch:
    """Working minutes of the office's day. They run from the moment itself, not from the next day."""

    def __init__(self, terms: Terms, at: datetime, used: int, granted: int) -> None:
        calendar = terms.calendar
        self._terms = terms
        self.unit = CountUnit.WORKING_MINUTE
        day, self.rule = terms.reception_day(at)
        if self.rule is LedgerRule.STARTED:
            self.start = calendar.next_working_moment(at)
            if self.start.date() != day:
                self.rule = LedgerRule.STARTED_AFTER_HOURS
        else:
            self.start = calendar.opening(day)
        self.counts_from = self.start
        self.allowed = terms.deadline.amount * 60 + granted
        self.left = self.allowed - used
        self.due = calendar.add_working_minutes(self.start, self.left)

    def elapsed(self, at: datetime) -> int:
        """Count the working minutes from the start to `at`."""
        return max(0, min(self._terms.calendar.working_minutes_between(self.start, at), self.left))

    def gain(self, new_due: datetime) -> int:
        """Count the working minutes by which a new due moment lies behind the one that stands."""
        return self._terms.calendar.working_minutes_between(self.due, new_due)

    def extend(self, new_due: datetime) -> int:
        """Move the end to `new_due`; a moment outside office hours counts as the close before it."""
        gained = self.gain(new_due)
        self.allowed += gained
        self.left += gained
        self.due = self._terms.calendar.add_working_minutes(self.start, self.left)
        return gained

    def lines(self, counted: int, *, whole: bool) -> list[LedgerLine]:
        """Write one line for the minutes counted, none for none."""
        if not counted and not whole:
            return []
        calendar = self._terms.calendar
        end = calendar.add_working_minutes(self.start, counted)
        first, last = self.start.date(), end.date()
        skipped = calendar.days_off_between(first, last)
        weekend_days = (last - first).days - calendar.working_days_between(first, last) - len(skipped)
        worked = calendar.worked_weekends_between(first, last)
        source = self._terms.deadline.source
        return [
            LedgerLine(
                LedgerRule.COUNTED,
                self.start,
                end,
                counted,
                0,
                self.unit,
                skipped,
                weekend_days,
                worked,
                "",
                source,
            )
        ]


def _months_later(day: date, months: int) -> date:
    """Give the same date so many months later, or the month's last day when it has no such date."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
