"""What must hold of the clock for every case, whatever happens in it."""

import itertools
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from hypothesis import assume, given
from hypothesis import strategies as st

from tinhso.foundation.calendar import LOCAL_ZONE, load_calendars
from tinhso.services.contracts.clock import (
    ClockEvent,
    LedgerRule,
    Reappointed,
    Received,
    Resumed,
    Submitted,
    SupplementAsked,
    Supplemented,
    Suspended,
)
from tinhso.services.contracts.deadline import Certainty, Deadline, DeadlineUnit, PausePolicy
from tinhso.services.rules.clock import compute, last_fifth, may_ask_supplement, may_reappoint

CALENDAR = load_calendars()
FIRST, LAST = datetime(2020, 3, 1), datetime(2025, 12, 31)  # noqa: DTZ001 - hypothesis adds the zone

receptions = st.datetimes(FIRST, LAST, timezones=st.just(LOCAL_ZONE))
cut_offs = st.sampled_from([None, time(10, 0), time(15, 0), time(17, 30)])
policies = st.sampled_from(PausePolicy)
gaps = st.integers(0, 12 * 24 * 60).map(lambda minutes: timedelta(minutes=minutes))


@st.composite
def deadlines(draw: st.DrawFn, units: tuple[DeadlineUnit, ...] = tuple(DeadlineUnit)) -> Deadline:
    unit = draw(st.sampled_from(units))
    most = {DeadlineUnit.SAME_DAY: 0, DeadlineUnit.MONTH: 3}.get(unit, 40)
    amount = draw(st.integers(min(1, most), most))
    return Deadline(unit, amount, draw(cut_offs), draw(policies), "s", Certainty.INVENTED)


@st.composite
def happenings(draw: st.DrawFn, received: datetime, *, reappointments: bool = True) -> list[ClockEvent]:
    """Give a reception and up to eight things that happen after it, lawful or not, in order."""
    makers: list[Callable[[datetime], ClockEvent]] = [
        SupplementAsked,
        Supplemented,
        lambda at: Suspended(at, "chờ"),
        Resumed,
        Submitted,
        Received,
    ]
    if reappointments:
        makers.append(lambda at: Reappointed(at, at + draw(gaps), draw(st.sampled_from([None, at]))))
    events: list[ClockEvent] = [Received(received)]
    moment = received
    for make in draw(st.lists(st.sampled_from(makers), max_size=8)):
        moment += draw(gaps)
        events.append(make(moment))
    return events


cases = receptions.flatmap(happenings)
plain_cases = receptions.flatmap(lambda received: happenings(received, reappointments=False))


def is_working_moment(moment: datetime) -> bool:
    hours = CALENDAR.hours
    return CALENDAR.is_working(moment.date()) and any(start <= moment.time() <= end for start, end in hours.spans)


@given(cases, deadlines())
def test_due_is_always_a_working_moment(events: list[ClockEvent], deadline: Deadline):
    due = compute(events, deadline, CALENDAR)
    assert is_working_moment(due.at)
    assert is_working_moment(due.original)
    if deadline.unit is not DeadlineUnit.HOUR:
        assert due.at == CALENDAR.closing(due.at.date())


@given(cases, deadlines())
def test_due_never_lies_before_reception(events: list[ClockEvent], deadline: Deadline):
    due = compute(events, deadline, CALENDAR)
    assert due.at >= events[0].at
    assert due.promised >= due.at >= due.original


@given(receptions, gaps, deadlines())
def test_received_later_is_due_no_earlier(received: datetime, gap: timedelta, deadline: Deadline):
    early = compute([Received(received)], deadline, CALENDAR)
    late = compute([Received(received + gap)], deadline, CALENDAR)
    assert late.at >= early.at


@given(cases, deadlines())
def test_the_ledger_counts_exactly_the_time_allowed(events: list[ClockEvent], deadline: Deadline):
    due = compute(events, deadline, CALENDAR)
    counted = sum(line.counted for line in due.ledger)
    if due.paused_since is None:
        assert counted == due.allowed
    else:
        assert counted <= due.allowed
    if not any(isinstance(event, Reappointed) for event in events):
        if deadline.unit is DeadlineUnit.HOUR:
            assert due.allowed == deadline.amount * 60
        elif deadline.unit is DeadlineUnit.MONTH:
            assert 28 * deadline.amount <= due.allowed <= 31 * deadline.amount
        else:
            assert due.allowed == deadline.amount


@given(cases, deadlines())
def test_ledger_lines_are_in_order_and_do_not_count_a_moment_twice(events: list[ClockEvent], deadline: Deadline):
    due = compute(events, deadline, CALENDAR)
    counted = [line for line in due.ledger if line.counted]
    for earlier, later in itertools.pairwise(counted):
        assert earlier.end is not None
        assert earlier.end <= later.start
    for line in due.ledger:
        assert line.end is None or line.end >= line.start
        assert line.weekend_days >= 0
    if due.paused_since is None:
        last = [line for line in due.ledger if line.rule is not LedgerRule.REAPPOINTED][-1]
        assert last.end == due.at


@given(cases, deadlines((DeadlineUnit.WORKING_DAY,)))
def test_each_day_of_a_counted_stretch_is_counted_or_named(events: list[ClockEvent], deadline: Deadline):
    for line in compute(events, deadline, CALENDAR).ledger:
        if line.counted:
            assert line.end is not None
            days = (line.end.date() - line.start.date()).days + 1
            assert days == line.counted + len(line.skipped) + line.weekend_days


@given(cases, deadlines(), st.dates(date(2020, 1, 2), date(2026, 12, 31)))
def test_a_day_off_more_never_makes_it_due_earlier(events: list[ClockEvent], deadline: Deadline, day: date):
    plain = [event for event in events if not isinstance(event, Reappointed)]
    before = compute(plain, deadline, CALENDAR)
    after = compute(plain, deadline, CALENDAR.with_sudden_day_off(day, "bão"))
    assume(before.paused_since == after.paused_since)
    assert after.at >= before.at


@given(plain_cases, deadlines(), gaps, gaps)
def test_a_pause_more_never_makes_it_due_earlier(
    events: list[ClockEvent], deadline: Deadline, after: timedelta, lasting: timedelta
):
    start = events[0].at + after
    pause: list[ClockEvent] = [Suspended(start, "chờ"), Resumed(start + lasting)]
    without = [event for event in events if not isinstance(event, Suspended | Resumed)]
    before = compute(without, deadline, CALENDAR)
    paused = compute([*without, *pause], deadline, CALENDAR)
    assume(before.paused_since is None and paused.paused_since is None)
    assert paused.at >= before.at


@given(plain_cases, deadlines(), gaps, gaps)
def test_an_unlawful_request_for_papers_changes_nothing(
    events: list[ClockEvent], deadline: Deadline, after: timedelta, lasting: timedelta
):
    asked = events[0].at + after
    settled = [event for event in events if event.at <= asked and not isinstance(event, Supplemented)]
    settled = [event for event in settled if not isinstance(event, SupplementAsked)] + [
        SupplementAsked(events[0].at),
        Supplemented(events[0].at),
    ]
    verdict = may_ask_supplement(settled, asked, deadline, CALENDAR)
    assert not verdict.ok  # one was asked before
    before = compute(settled, deadline, CALENDAR)
    tried = compute([*settled, SupplementAsked(asked), Supplemented(asked + lasting)], deadline, CALENDAR)
    assert (tried.at, tried.ledger, tried.paused_since) == (before.at, before.ledger, before.paused_since)
    assert tried.breaches == (*before.breaches, verdict.breach)


@given(receptions, deadlines(), gaps, gaps)
def test_the_guard_says_beforehand_what_the_ledger_says_afterwards(
    received: datetime, deadline: Deadline, after: timedelta, lasting: timedelta
):
    asked = received + after
    events: list[ClockEvent] = [Received(received)]
    verdict = may_ask_supplement(events, asked, deadline, CALENDAR)
    done = compute([*events, SupplementAsked(asked), Supplemented(asked + lasting)], deadline, CALENDAR)
    assert verdict.ok == (not done.breaches)
    if not verdict.ok:
        assert done.at == compute(events, deadline, CALENDAR).at
    elif deadline.on_supplement is not PausePolicy.NONE:
        assert done.at >= asked + lasting


@given(
    plain_cases,
    deadlines((DeadlineUnit.SAME_DAY, DeadlineUnit.HOUR, DeadlineUnit.WORKING_DAY, DeadlineUnit.CALENDAR_DAY)),
)
def test_a_restart_gives_at_least_what_a_suspension_gives(events: list[ClockEvent], deadline: Deadline):
    # Months are left out: a fresh February may be shorter than what is left of a January.
    none, suspend, restart = (
        compute(events, replace(deadline, on_supplement=policy), CALENDAR)
        for policy in (PausePolicy.NONE, PausePolicy.SUSPEND, PausePolicy.RESTART)
    )
    assume(not none.breaches and not suspend.breaches and not restart.breaches)
    assume(suspend.paused_since is None)
    assert restart.at >= suspend.at >= none.at


@given(receptions, deadlines(), gaps, gaps, gaps)
def test_only_one_re_appointment_moves_the_due_moment(
    received: datetime, deadline: Deadline, after: timedelta, further: timedelta, again: timedelta
):
    at = received + after
    act = Reappointed(at, at + further, apology_at=at)
    events: list[ClockEvent] = [Received(received)]
    original = compute(events, deadline, CALENDAR)
    verdict = may_reappoint(events, act, deadline, CALENDAR)
    once = compute([*events, act], deadline, CALENDAR)
    assert verdict.ok == (not once.breaches)
    assert once.original == original.at
    assert (once.at > original.at) == verdict.ok
    twice = compute([*events, act, Reappointed(at, once.at + again, apology_at=at)], deadline, CALENDAR)
    assert twice.at == once.at
    assert len(twice.breaches) == len(once.breaches) + 1


@given(cases, deadlines())
def test_the_order_in_which_events_are_told_does_not_matter(events: list[ClockEvent], deadline: Deadline):
    assume(len({event.at for event in events}) == len(events))
    assert compute(list(reversed(events)), deadline, CALENDAR) == compute(events, deadline, CALENDAR)
    assert last_fifth(list(reversed(events)), deadline, CALENDAR) == last_fifth(events, deadline, CALENDAR)
