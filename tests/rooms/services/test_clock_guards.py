"""Asking the clock before acting: may I, am I late, how much is left; and joint procedures and steps."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time

import pytest

from tinhso.foundation.calendar import LOCAL_ZONE, load_calendars
from tinhso.services.contracts.clock import (
    BreachKind,
    ClockEvent,
    Finished,
    Lateness,
    NotReceived,
    Reappointed,
    Received,
    Remaining,
    Resumed,
    StageDue,
    Submitted,
    SupplementAsked,
    Supplemented,
    Suspended,
    Timeliness,
    Withdrawn,
)
from tinhso.services.contracts.deadline import Certainty, Deadline, DeadlineUnit, PausePolicy
from tinhso.services.rules.clock import (
    compute,
    last_fifth,
    lateness,
    law_on,
    may_ask_supplement,
    may_reappoint,
    remaining,
    stage_dues,
    step_due,
)

CALENDAR = load_calendars()


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=LOCAL_ZONE)


def end_of(*parts: int) -> datetime:
    return at(*parts, 17, 30)


def deadline(unit: str, amount: int, policy: str = "restart", cut_off: time | None = time(15, 0)) -> Deadline:
    return Deadline(DeadlineUnit(unit), amount, cut_off, PausePolicy(policy), "Luật mẫu", Certainty.INVENTED)


THREE_DAYS = deadline("working_day", 3)
RECEIVED = Received(at(2021, 1, 4, 9, 0))
ASKED = SupplementAsked(at(2021, 1, 6, 10, 0))
BACK = Supplemented(at(2021, 1, 13, 9, 0))

# --- may a supplement be asked ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("events", "moment", "kind"),
    [
        ([RECEIVED], at(2021, 1, 7, 17, 0), None),
        ([RECEIVED], at(2021, 1, 8, 9, 0), BreachKind.SUPPLEMENT_TOO_LATE),
        ([RECEIVED, ASKED], at(2021, 1, 6, 11, 0), BreachKind.SUPPLEMENT_TOO_OFTEN),
        ([RECEIVED, ASKED, BACK], at(2021, 1, 13, 11, 0), BreachKind.SUPPLEMENT_TOO_OFTEN),
        ([RECEIVED, ASKED, BACK], at(2021, 1, 6, 9, 0), None),  # asked about a moment before
        ([], at(2021, 1, 6, 9, 0), None),
        ([Submitted(at(2021, 1, 4, 9, 0))], at(2021, 1, 7, 9, 0), None),
        ([Submitted(at(2021, 1, 4, 9, 0))], at(2021, 1, 8, 9, 0), BreachKind.SUPPLEMENT_TOO_LATE),
    ],
)
def test_may_ask_supplement(events: list[ClockEvent], moment: datetime, kind: BreachKind | None):
    verdict = may_ask_supplement(events, moment, THREE_DAYS, CALENDAR)
    assert verdict.ok == (kind is None)
    assert (verdict.breach and verdict.breach.kind) == kind


def test_an_earlier_breach_does_not_forbid_what_is_lawful_now():
    again = [RECEIVED, Received(at(2021, 1, 5, 9, 0))]
    assert may_ask_supplement(again, at(2021, 1, 6, 9, 0), THREE_DAYS, CALENDAR).ok


@pytest.mark.parametrize("end", [Finished, Withdrawn])
def test_nothing_may_be_done_after_the_end(end: type[Finished | Withdrawn]):
    ended = [RECEIVED, end(at(2021, 1, 5, 9, 0))]
    verdict = may_ask_supplement(ended, at(2021, 1, 5, 9, 0), THREE_DAYS, CALENDAR)
    assert (verdict.ok, verdict.breach) == (False, None)
    act = Reappointed(at(2021, 1, 5, 10, 0), at(2021, 1, 12, 9, 0), at(2021, 1, 5, 10, 0))
    assert not may_reappoint(ended, act, THREE_DAYS, CALENDAR).ok
    assert may_ask_supplement(ended, at(2021, 1, 5, 8, 59), THREE_DAYS, CALENDAR).ok


def test_a_sector_law_is_heard_before_acting():
    law = replace(law_on(date(2021, 1, 4)), supplements=2, supplement_working_days=20)
    assert may_ask_supplement([RECEIVED, ASKED, BACK], at(2021, 1, 14, 9, 0), THREE_DAYS, CALENDAR, law).ok
    none = replace(law, reappointments=0)
    act = Reappointed(at(2021, 1, 5, 9, 0), at(2021, 1, 12, 9, 0), at(2021, 1, 5, 9, 0))
    assert not may_reappoint([RECEIVED], act, THREE_DAYS, CALENDAR, none).ok


# --- may a new date be set ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("moment", "to", "kind"),
    [
        (at(2021, 1, 6, 9, 0), at(2021, 1, 12, 9, 0), None),
        (at(2021, 1, 7, 9, 0), at(2021, 1, 12, 9, 0), BreachKind.REAPPOINTED_TOO_LATE),
        (at(2021, 1, 6, 9, 0), at(2021, 1, 7, 9, 0), BreachKind.REAPPOINTED_NOT_LATER),
    ],
)
def test_may_reappoint(moment: datetime, to: datetime, kind: BreachKind | None):
    verdict = may_reappoint([RECEIVED], Reappointed(moment, to, moment), THREE_DAYS, CALENDAR)
    assert verdict.ok == (kind is None)
    assert (verdict.breach and verdict.breach.kind) == kind


def test_a_new_date_may_be_set_once():
    act = Reappointed(at(2021, 1, 5, 9, 0), at(2021, 1, 12, 9, 0), at(2021, 1, 5, 9, 0))
    again = Reappointed(at(2021, 1, 6, 9, 0), at(2021, 1, 13, 9, 0), at(2021, 1, 6, 9, 0))
    verdict = may_reappoint([RECEIVED, act], again, THREE_DAYS, CALENDAR)
    assert verdict.breach is not None
    assert verdict.breach.kind is BreachKind.REAPPOINTED_TOO_OFTEN


@pytest.mark.parametrize("events", [[], [Submitted(at(2021, 1, 4, 9, 0))], [Received(at(2021, 1, 6, 9, 0))]])
def test_no_new_date_before_there_is_one(events: list[ClockEvent]):
    act = Reappointed(at(2021, 1, 5, 9, 0), at(2021, 1, 12, 9, 0), at(2021, 1, 5, 9, 0))
    with pytest.raises(NotReceived):
        may_reappoint(events, act, THREE_DAYS, CALENDAR)


# --- late or not --------------------------------------------------------------------------------------------

NOW = at(2021, 2, 1, 9, 0)


@pytest.mark.parametrize(
    ("finished", "now", "expected"),
    [
        (end_of(2021, 1, 7), NOW, Lateness(Timeliness.DONE_ON_TIME, 0, 0)),
        (at(2021, 1, 7, 17, 31), NOW, Lateness(Timeliness.DONE_LATE, 0, 0)),  # late, though no working time passed
        (at(2021, 1, 8, 9, 0), NOW, Lateness(Timeliness.DONE_LATE, 1, 90)),
        (at(2021, 1, 11, 9, 0), NOW, Lateness(Timeliness.DONE_LATE, 2, 570)),
        (datetime(2021, 1, 7, 10, 30, tzinfo=UTC), NOW, Lateness(Timeliness.DONE_ON_TIME, 0, 0)),
        (None, end_of(2021, 1, 7), Lateness(Timeliness.OPEN_IN_TIME, 0, 0)),
        (None, at(2021, 1, 8, 8, 0), Lateness(Timeliness.OPEN_LATE, 1, 30)),
        (None, datetime(2021, 1, 8, 1, 0, tzinfo=UTC), Lateness(Timeliness.OPEN_LATE, 1, 30)),
    ],
)
def test_lateness(finished: datetime | None, now: datetime, expected: Lateness):
    assert lateness(compute([RECEIVED], THREE_DAYS, CALENDAR), finished, now, CALENDAR) == expected


def test_lateness_against_the_original_due_moment():
    act = Reappointed(at(2021, 1, 5, 9, 0), at(2021, 1, 12, 9, 0), at(2021, 1, 5, 9, 0))
    due = compute([RECEIVED, act], THREE_DAYS, CALENDAR)
    finished = at(2021, 1, 11, 9, 0)
    assert lateness(due, finished, NOW, CALENDAR).state is Timeliness.DONE_ON_TIME
    against = lateness(due, finished, NOW, CALENDAR, against_original=True)
    assert against == Lateness(Timeliness.DONE_LATE, 2, 570)


def test_a_clock_that_stands_is_not_late():
    due = compute([RECEIVED, ASKED], THREE_DAYS, CALENDAR)
    assert lateness(due, None, NOW, CALENDAR) == Lateness(Timeliness.PAUSED, 0, 0)
    assert lateness(due, NOW, NOW, CALENDAR) == Lateness(Timeliness.DONE_ON_TIME, 0, 0)
    assert lateness(due, None, ASKED.at, CALENDAR).state is Timeliness.PAUSED
    assert lateness(due, None, at(2021, 1, 6, 9, 59), CALENDAR).state is Timeliness.OPEN_IN_TIME


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (at(2021, 1, 4, 9, 0), Remaining(paused=False, late=False, working_days=3, working_minutes=390 + 3 * 480)),
        (at(2021, 1, 6, 17, 30), Remaining(paused=False, late=False, working_days=1, working_minutes=480)),
        (at(2021, 1, 7, 15, 0), Remaining(paused=False, late=False, working_days=0, working_minutes=150)),
        (end_of(2021, 1, 7), Remaining(paused=False, late=False, working_days=0, working_minutes=0)),
        (at(2021, 1, 7, 18, 0), Remaining(paused=False, late=True, working_days=0, working_minutes=0)),
        (at(2021, 1, 11, 8, 0), Remaining(paused=False, late=True, working_days=2, working_minutes=510)),
        (
            datetime(2021, 1, 7, 8, 0, tzinfo=UTC),
            Remaining(paused=False, late=False, working_days=0, working_minutes=150),
        ),
    ],
)
def test_remaining(now: datetime, expected: Remaining):
    assert remaining(compute([RECEIVED], THREE_DAYS, CALENDAR), now, CALENDAR) == expected


def test_remaining_while_the_clock_stands():
    left = remaining(compute([RECEIVED, ASKED], THREE_DAYS, CALENDAR), at(2021, 1, 20, 9, 0), CALENDAR)
    assert left.paused
    assert not left.late


# --- the last fifth -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("unit", "amount", "asked", "expected"),
    [
        # five working days from 5/1: 40 working hours, the last eight are 11/1
        ("working_day", 5, at(2021, 1, 11, 7, 30), True),
        ("working_day", 5, at(2021, 1, 8, 17, 29), False),
        ("working_day", 5, at(2021, 1, 20, 9, 0), True),  # after it, too
        ("working_day", 5, at(2021, 1, 5, 9, 0), False),
        # received at 9:00, 390 minutes until the close, the last 78 from 16:12
        ("same_day", 0, at(2021, 1, 4, 16, 12), True),
        ("same_day", 0, at(2021, 1, 4, 16, 11), False),
        ("hour", 5, at(2021, 1, 4, 15, 0), True),  # due at 16:00
        ("hour", 5, at(2021, 1, 4, 14, 59), False),
        # seven calendar days to Monday 11/1: five working days
        ("calendar_day", 7, at(2021, 1, 11, 7, 30), True),
        ("calendar_day", 7, at(2021, 1, 8, 17, 29), False),
    ],
)
def test_last_fifth(unit: str, amount: int, asked: datetime, expected: bool):
    events = [RECEIVED, SupplementAsked(asked)]
    assert last_fifth(events, deadline(unit, amount), CALENDAR) is expected


def test_the_last_fifth_starts_later_when_the_clock_stood():
    paused: list[ClockEvent] = [RECEIVED, Suspended(at(2021, 1, 6, 10, 0), "chờ"), Resumed(at(2021, 1, 13, 9, 0))]
    five = deadline("working_day", 5)
    assert not last_fifth([*paused, SupplementAsked(at(2021, 1, 15, 17, 29))], five, CALENDAR)
    assert last_fifth([*paused, SupplementAsked(at(2021, 1, 18, 7, 30))], five, CALENDAR)


def test_every_request_is_looked_at_lawful_or_not():
    second = SupplementAsked(at(2021, 1, 20, 8, 0))
    five = deadline("working_day", 5)
    assert not last_fifth([RECEIVED, ASKED, BACK], five, CALENDAR)
    assert last_fifth([RECEIVED, ASKED, BACK, second], five, CALENDAR)
    assert last_fifth([RECEIVED, second, SupplementAsked(at(2021, 1, 29, 9, 0))], five, CALENDAR)


def test_without_a_clock_there_is_no_last_fifth():
    before: list[ClockEvent] = [SupplementAsked(at(2021, 1, 3, 9, 0))]
    assert not last_fifth(before, THREE_DAYS, CALENDAR)
    assert not last_fifth([], THREE_DAYS, CALENDAR)
    assert not last_fifth([*before, RECEIVED], THREE_DAYS, CALENDAR)


def test_the_last_fifth_hears_a_sector_law():
    law = replace(law_on(date(2021, 1, 4)), supplements=0)
    five = deadline("working_day", 5)
    events = [RECEIVED, ASKED, SupplementAsked(at(2021, 1, 11, 9, 0))]
    assert last_fifth(events, five, CALENDAR, law)
    # lawfully asked, the clock stands: nothing of the last fifth is touched by asking again
    assert not last_fifth(events, five, CALENDAR)


# --- joint procedures and steps -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Stage:
    id: str
    deadline: Deadline
    after: tuple[str, ...] = ()


BIRTH = Stage("birth", deadline("working_day", 1))
RESIDENCE = Stage("residence", deadline("working_day", 7), ("birth",))
INSURANCE = Stage("insurance", deadline("working_day", 2), ("birth",))
CARD = Stage("card", deadline("hour", 4), ("residence", "insurance"))


def test_stages_follow_each_other():
    joint = stage_dues(RECEIVED.at, [BIRTH, RESIDENCE, INSURANCE, CARD], CALENDAR)
    assert joint.stages == (
        StageDue("birth", RECEIVED.at, end_of(2021, 1, 5)),
        StageDue("residence", end_of(2021, 1, 5), end_of(2021, 1, 14)),
        StageDue("insurance", end_of(2021, 1, 5), end_of(2021, 1, 7)),
        StageDue("card", end_of(2021, 1, 14), at(2021, 1, 15, 11, 30)),
    )
    assert joint.at == at(2021, 1, 15, 11, 30)


def test_the_whole_is_due_with_its_latest_stage_or_by_its_own_deadline():
    stages = [BIRTH, RESIDENCE, INSURANCE]
    assert stage_dues(RECEIVED.at, stages, CALENDAR).at == end_of(2021, 1, 14)
    own = stage_dues(RECEIVED.at, stages, CALENDAR, overall=deadline("working_day", 20))
    assert own.at == end_of(2021, 2, 1)


def test_the_cut_off_counts_for_the_reception_only():
    joint = stage_dues(at(2021, 1, 4, 16, 0), [BIRTH, INSURANCE], CALENDAR)
    assert [stage.due for stage in joint.stages] == [end_of(2021, 1, 6), end_of(2021, 1, 8)]


def test_a_stage_done_early_or_late_moves_the_next_but_not_the_whole():
    early = {"birth": at(2021, 1, 4, 16, 0), "insurance": at(2021, 1, 5, 10, 0)}
    joint = stage_dues(RECEIVED.at, [BIRTH, RESIDENCE, INSURANCE], CALENDAR, done=early)
    assert joint.stages[0] == StageDue("birth", RECEIVED.at, end_of(2021, 1, 5))
    assert joint.stages[1] == StageDue("residence", at(2021, 1, 4, 16, 0), end_of(2021, 1, 13))
    assert joint.at == end_of(2021, 1, 14)


def test_stages_and_the_whole_hear_a_law_of_their_own():
    law = replace(law_on(date(2021, 1, 4)), same_day_cut_off=time(8, 0))
    same_day = deadline("same_day", 0, cut_off=None)
    joint = stage_dues(RECEIVED.at, [Stage("one", same_day)], CALENDAR, overall=same_day, law=law)
    assert joint.stages[0].due == joint.at == end_of(2021, 1, 5)
    alone = stage_dues(RECEIVED.at, [Stage("one", same_day)], CALENDAR, law=law)
    assert alone.at == end_of(2021, 1, 5)


@pytest.mark.parametrize(
    ("stages", "message"),
    [
        ([], "^a joint procedure has at least one stage$"),
        ([RESIDENCE, BIRTH], "stage residence waits for birth, which does not come before it"),
        ([BIRTH, CARD], "stage card waits for residence"),
    ],
)
def test_stages_that_cannot_be_walked_are_refused(stages: list[Stage], message: str):
    with pytest.raises(ValueError, match=message):
        stage_dues(RECEIVED.at, stages, CALENDAR)


@pytest.mark.parametrize(
    ("start", "hours", "expected"),
    [
        (at(2021, 1, 4, 9, 0), 8, at(2021, 1, 5, 9, 0)),
        (at(2021, 1, 4, 16, 0), 4, at(2021, 1, 5, 10, 0)),  # steps know no cut-off
        (at(2021, 1, 8, 17, 0), 0.5, end_of(2021, 1, 8)),
    ],
)
def test_a_step_is_due_by_working_hours(start: datetime, hours: float, expected: datetime):
    assert step_due(start, hours, CALENDAR) == expected
