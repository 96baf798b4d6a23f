"""Answer before acting: may a supplement be asked, may a new date be set, how late is it, how much is left."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from tinhso.foundation.contracts import WorkCalendar, localised
from tinhso.services.contracts.clock import (
    ClockEvent,
    ClockLaw,
    Due,
    Lateness,
    Reappointed,
    Received,
    Remaining,
    SupplementAsked,
    Timeliness,
    Verdict,
)
from tinhso.services.contracts.deadline import Deadline

from .due import compute, in_order, is_over, start_clock


def may_ask_supplement(
    events: Iterable[ClockEvent],
    at: datetime,
    deadline: Deadline,
    calendar: WorkCalendar,
    law: ClockLaw | None = None,
) -> Verdict:
    """Say whether a supplement asked at `at` would be lawful; if not, which breach it would be.

    NĐ 61/2018 art. 17, 19.4 (read in the text): once, within 3 working days of reception.
    """
    return _verdict(events, SupplementAsked(at), deadline, calendar, law)


def may_reappoint(
    events: Iterable[ClockEvent],
    act: Reappointed,
    deadline: Deadline,
    calendar: WorkCalendar,
    law: ClockLaw | None = None,
) -> Verdict:
    """Say whether a new due moment may be set so; if not, which breach it would be.

    NĐ 61/2018 art. 19.9 (read in the text): once, with an apology, at the latest one day before expiry. Raises
    NotReceived while no clock runs.
    """
    return _verdict(events, act, deadline, calendar, law)


def _verdict(
    events: Iterable[ClockEvent],
    act: ClockEvent,
    deadline: Deadline,
    calendar: WorkCalendar,
    law: ClockLaw | None,
) -> Verdict:
    """Let the act happen after what happened up to it, and look for its breach."""
    moment = localised(act.at)
    before = [event for event in in_order(events) if localised(event.at) <= moment]
    if is_over(before):
        return Verdict(ok=False, breach=None)
    fold = start_clock([*before, act], deadline, calendar, law)
    for event in before:
        fold.take(event)
    breach = fold.take(act)
    if isinstance(act, Reappointed):
        fold.due()  # raises NotReceived
    return Verdict(ok=breach is None, breach=breach)


def lateness(
    due: Due,
    finished_at: datetime | None,
    now: datetime,
    calendar: WorkCalendar,
    *,
    against_original: bool = False,
) -> Lateness:
    """Say whether a case is or was late, and by how much.

    A case is late after `due.at` (or, if asked, after the due moment without re-appointment). One whose clock stands
    still is not, and one that ends while it stands still ended on time.
    """
    limit = due.original if against_original else due.at
    moment = localised(now if finished_at is None else finished_at)
    if due.paused_since is not None and moment >= due.paused_since:
        return Lateness(Timeliness.PAUSED if finished_at is None else Timeliness.DONE_ON_TIME, 0, 0)
    if moment <= limit:
        return Lateness(Timeliness.OPEN_IN_TIME if finished_at is None else Timeliness.DONE_ON_TIME, 0, 0)
    return Lateness(
        Timeliness.OPEN_LATE if finished_at is None else Timeliness.DONE_LATE,
        calendar.working_days_between(limit.date(), moment.date()),
        calendar.working_minutes_between(limit, moment),
    )


def remaining(due: Due, now: datetime, calendar: WorkCalendar) -> Remaining:
    """Say how much working time is left until a case is due, or how much has gone by since."""
    moment = localised(now)
    paused = due.paused_since is not None
    late = not paused and moment > due.at
    days = calendar.working_days_between(moment.date(), due.at.date())
    minutes = calendar.working_minutes_between(moment, due.at)
    return Remaining(paused, late, abs(days), abs(minutes))


def last_fifth(
    events: Iterable[ClockEvent], deadline: Deadline, calendar: WorkCalendar, law: ClockLaw | None = None
) -> bool:
    """Say whether a supplement was asked in the last fifth of the time allowed, or after it.

    Lawful or not: asking when time is nearly up is a way to buy time, and the leaders' screen shows it. Measured in
    working minutes, pauses not counted. Requests before reception do not count. The measure is ours, not the law's.
    """
    ordered = in_order(events)
    start = next((place for place, event in enumerate(ordered) if isinstance(event, Received)), None)
    if start is None:
        return False
    terms = start_clock(ordered, deadline, calendar, law).terms
    stretch = terms.stretch(ordered[start].at, 0, 0, 0)
    total = calendar.working_minutes_between(stretch.counts_from, stretch.due)
    for place in range(start + 1, len(ordered)):
        if isinstance(ordered[place], SupplementAsked):
            stood = compute(ordered[:place], deadline, calendar, terms.law)
            reached = stood.paused_since or ordered[place].at
            if calendar.working_minutes_between(reached, stood.at) * 5 <= total:
                return True
    return False
