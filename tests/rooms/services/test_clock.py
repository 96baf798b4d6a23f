"""The clock, worked by hand on the calendar: each example can be checked with a finger on the wall calendar."""

import itertools
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from tinhso.foundation.calendar import LOCAL_ZONE, load_calendars
from tinhso.services.contracts.clock import (
    BreachKind,
    ClockEvent,
    CountUnit,
    Due,
    Finished,
    LedgerRule,
    NotReceived,
    Reappointed,
    Received,
    Resumed,
    Submitted,
    SupplementAsked,
    Supplemented,
    Suspended,
    Withdrawn,
)
from tinhso.services.contracts.deadline import Certainty, Deadline, DeadlineUnit, PausePolicy
from tinhso.services.rules.clock import CLOCK_LAWS, NoLaw, compute, law_on

CALENDAR = load_calendars()
CUT_OFF = time(15, 0)


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=LOCAL_ZONE)


def end_of(*parts: int) -> datetime:
    return at(*parts, 17, 30)


def deadline(unit: str, amount: int, policy: str = "restart", cut_off: time | None = CUT_OFF) -> Deadline:
    return Deadline(DeadlineUnit(unit), amount, cut_off, PausePolicy(policy), "Luật mẫu", Certainty.INVENTED)


def due(allowed: Deadline, *events: ClockEvent) -> Due:
    return compute(events, allowed, CALENDAR)


def rules(result: Due) -> list[LedgerRule]:
    return [line.rule for line in result.ledger]


def kinds(result: Due) -> list[BreachKind]:
    return [breach.kind for breach in result.breaches]


THREE_DAYS = deadline("working_day", 3)

# --- reception ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("unit", "amount", "received", "expected"),
    [
        # working days: day one is the next day
        ("working_day", 3, at(2021, 1, 4, 9, 0), end_of(2021, 1, 7)),
        ("working_day", 3, at(2021, 1, 4, 15, 0), end_of(2021, 1, 7)),  # at the cut-off is not after it
        ("working_day", 3, at(2021, 1, 4, 15, 0, 1), end_of(2021, 1, 8)),
        ("working_day", 3, at(2021, 1, 4, 6, 0), end_of(2021, 1, 7)),  # before the office opens
        ("working_day", 3, at(2021, 1, 9, 9, 0), end_of(2021, 1, 14)),  # Saturday counts as Monday
        ("working_day", 3, at(2021, 1, 8, 16, 0), end_of(2021, 1, 14)),  # Friday after 15:00 as well
        ("working_day", 3, at(2021, 2, 8, 9, 0), end_of(2021, 2, 18)),  # over Tết 2021
        ("working_day", 1, at(2021, 2, 9, 15, 1), end_of(2021, 2, 18)),
        ("working_day", 5, at(2024, 4, 26, 9, 0), end_of(2024, 5, 7)),  # 29/4 off, Saturday 4/5 worked
        ("working_day", 2, at(2024, 5, 2, 9, 0), end_of(2024, 5, 4)),  # due on the worked Saturday
        # calendar days: a day off at the end moves on
        ("calendar_day", 20, at(2021, 1, 4, 9, 0), end_of(2021, 1, 25)),  # 24/1 is a Sunday
        ("calendar_day", 15, at(2021, 1, 27, 9, 0), end_of(2021, 2, 17)),  # 11/2 lies in Tết
        ("calendar_day", 10, at(2021, 1, 4, 9, 0), end_of(2021, 1, 14)),
        ("calendar_day", 8, at(2024, 4, 26, 9, 0), end_of(2024, 5, 4)),  # the worked Saturday is no day off
        # months: the same date, or the month's last
        ("month", 1, at(2021, 1, 4, 9, 0), end_of(2021, 2, 4)),
        ("month", 1, at(2022, 1, 31 - 3, 9, 0), end_of(2022, 2, 28)),
        ("month", 1, at(2023, 3, 31, 9, 0), end_of(2023, 5, 4)),  # 30/4 and its substitutes
        ("month", 1, at(2024, 1, 30, 9, 0), end_of(2024, 2, 29)),
        ("month", 12, at(2021, 12, 15, 9, 0), end_of(2022, 12, 15)),
        ("month", 11, at(2021, 1, 15, 9, 0), end_of(2021, 12, 15)),
        # hours of the working day run at once
        ("hour", 4, at(2021, 1, 4, 9, 0), at(2021, 1, 4, 15, 0)),
        ("hour", 4, at(2021, 1, 4, 16, 0), at(2021, 1, 5, 11, 30)),  # after 15:00: from the next morning
        ("hour", 16, at(2021, 2, 9, 9, 0), at(2021, 2, 18, 9, 0)),
        ("hour", 2, at(2021, 1, 9, 9, 0), at(2021, 1, 11, 9, 30)),
        # the same day
        ("same_day", 0, at(2021, 1, 4, 9, 0), end_of(2021, 1, 4)),
        ("same_day", 0, at(2021, 1, 4, 15, 0), end_of(2021, 1, 4)),
        ("same_day", 0, at(2021, 1, 4, 15, 1), end_of(2021, 1, 5)),
        ("same_day", 0, at(2021, 1, 8, 16, 0), end_of(2021, 1, 11)),
        ("same_day", 0, at(2021, 1, 9, 9, 0), end_of(2021, 1, 11)),
        ("same_day", 0, at(2021, 2, 11, 9, 0), end_of(2021, 2, 17)),
    ],
)
def test_due(unit: str, amount: int, received: datetime, expected: datetime):
    result = due(deadline(unit, amount), Received(received))
    assert result.at == expected
    assert result.original == result.promised == expected
    assert result.paused_since is None
    assert result.breaches == ()
    assert result.at.tzinfo is LOCAL_ZONE


def test_a_reception_told_in_another_zone_counts_on_the_provinces_day():
    assert due(THREE_DAYS, Received(datetime(2021, 1, 3, 18, 0, tzinfo=UTC))).at == end_of(2021, 1, 7)
    assert due(THREE_DAYS, Received(datetime(2021, 1, 4, 9, 0, tzinfo=UTC))).at == end_of(2021, 1, 8)


@pytest.mark.parametrize("hour", [16, 23])
def test_without_a_cut_off_the_day_itself_counts(hour: int):
    assert due(deadline("working_day", 3, cut_off=None), Received(at(2021, 1, 4, hour, 0))).at == end_of(2021, 1, 7)
    assert due(deadline("calendar_day", 3, cut_off=None), Received(at(2021, 1, 4, hour, 0))).at == end_of(2021, 1, 7)


def test_hours_without_a_cut_off_run_to_the_close_and_go_on_next_morning():
    four = deadline("hour", 4, cut_off=None)
    assert due(four, Received(at(2021, 1, 4, 16, 0))).at == at(2021, 1, 5, 10, 0)
    late = due(four, Received(at(2021, 1, 4, 20, 0)))
    assert late.at == at(2021, 1, 5, 11, 30)
    assert rules(late)[:2] == [LedgerRule.STARTED, LedgerRule.STARTED_AFTER_HOURS]
    noon = due(four, Received(at(2021, 1, 4, 12, 0)))
    assert rules(noon) == [LedgerRule.STARTED, LedgerRule.COUNTED]
    assert noon.ledger[1].start == at(2021, 1, 4, 13, 30)


def test_a_same_day_deadline_without_its_own_cut_off_takes_the_laws():
    assert due(deadline("same_day", 0, cut_off=None), Received(at(2021, 1, 4, 15, 1))).at == end_of(2021, 1, 5)
    assert due(deadline("same_day", 0, cut_off=time(10, 0)), Received(at(2021, 1, 4, 10, 1))).at == end_of(2021, 1, 5)


def test_a_same_day_deadline_never_ends_before_it_starts():
    late = deadline("same_day", 0, cut_off=time(20, 0))
    assert due(late, Received(at(2021, 1, 4, 17, 30))).at == end_of(2021, 1, 4)
    assert due(late, Received(at(2021, 1, 4, 17, 31))).at == end_of(2021, 1, 5)


@pytest.mark.parametrize(("unit", "amount"), [("working_day", 0), ("month", -1), ("same_day", -1)])
def test_a_deadline_that_allows_no_time_is_refused(unit: str, amount: int):
    with pytest.raises(ValueError, match="allows no time"):
        deadline(unit, amount)


def test_a_sudden_day_off_moves_the_due_moment_and_says_why():
    flood = CALENDAR.with_sudden_day_off(date(2021, 1, 6), "Bão")
    result = compute([Received(at(2021, 1, 4, 9, 0))], THREE_DAYS, flood)
    assert result.at == end_of(2021, 1, 8)
    assert [off.reason for off in result.ledger[-1].skipped] == ["Bão"]


# --- the ledger ---------------------------------------------------------------------------------------------


def test_the_ledger_tells_which_days_counted_and_which_did_not():
    result = due(THREE_DAYS, Received(at(2021, 2, 5, 16, 0)))
    started, shifted, counted = result.ledger
    assert (started.rule, started.start, started.end) == (
        LedgerRule.STARTED,
        at(2021, 2, 5, 16, 0),
        at(2021, 2, 5, 16, 0),
    )
    assert shifted.rule is LedgerRule.STARTED_AFTER_CUT_OFF
    assert (shifted.start, shifted.end) == (at(2021, 2, 5, 16, 0), at(2021, 2, 8, 7, 30))
    assert shifted.source == "Luật mẫu"
    assert started.source == law_on(date(2021, 2, 5)).counting_source
    assert (counted.rule, counted.counted, counted.lost) == (LedgerRule.COUNTED, 3, 0)
    assert (counted.start, counted.end) == (at(2021, 2, 9, 7, 30), end_of(2021, 2, 18))
    assert [off.day.day for off in counted.skipped] == [10, 11, 12, 13, 14, 15, 16]
    assert counted.weekend_days == 0  # both lie in Tết and have a name
    assert counted.worked == ()
    assert counted.source == "Luật mẫu"
    assert counted.unit is result.unit is CountUnit.WORKING_DAY


def test_the_ledger_counts_plain_weekends_and_names_worked_ones():
    counted = due(deadline("working_day", 6), Received(at(2024, 4, 25, 9, 0))).ledger[-1]
    assert counted.end == end_of(2024, 5, 7)
    assert counted.weekend_days == 3  # 27, 28/4 and 5/5; 4/5 was worked
    assert [worked.day for worked in counted.worked] == [date(2024, 5, 4)]
    assert [off.day for off in counted.skipped] == [date(2024, 4, 29), date(2024, 4, 30), date(2024, 5, 1)]


def test_the_ledger_of_calendar_days_skips_none_but_says_when_the_end_moves_on():
    result = due(deadline("calendar_day", 15), Received(at(2021, 1, 27, 9, 0)))
    started, counted, moved = result.ledger
    assert started.rule is LedgerRule.STARTED
    assert (counted.counted, counted.skipped, counted.weekend_days) == (15, (), 0)
    assert (counted.start, counted.end) == (at(2021, 1, 28, 7, 30), end_of(2021, 2, 11))
    assert moved.rule is LedgerRule.MOVED_ON
    assert (moved.start, moved.end, moved.counted) == (end_of(2021, 2, 11), end_of(2021, 2, 17), 0)
    assert [off.day.day for off in moved.skipped] == [11, 12, 13, 14, 15, 16]
    assert moved.weekend_days == 0
    assert moved.source == law_on(date(2021, 1, 27)).counting_source
    assert result.unit is CountUnit.CALENDAR_DAY


def test_an_end_that_moves_on_to_a_worked_saturday_names_it():
    moved = due(deadline("calendar_day", 5), Received(at(2026, 1, 4 + 1, 9, 0))).ledger[-1]
    assert moved.rule is LedgerRule.COUNTED  # 10/1 is a worked Saturday: nothing to move
    calendar = CALENDAR.with_sudden_working_day(date(2021, 1, 10), "làm bù")
    moved = compute([Received(at(2021, 1, 4, 9, 0))], deadline("calendar_day", 5), calendar).ledger[-1]
    assert (moved.rule, moved.end) == (LedgerRule.MOVED_ON, end_of(2021, 1, 10))
    assert [worked.reason for worked in moved.worked] == ["làm bù"]
    assert (moved.skipped, moved.weekend_days) == ((), 1)


def test_a_month_is_counted_as_the_calendar_days_it_has():
    result = due(deadline("month", 1), Received(at(2021, 3, 1, 9, 0)))
    assert (result.allowed, result.unit, result.ledger[-1].counted) == (31, CountUnit.CALENDAR_DAY, 31)


def test_the_ledger_of_a_same_day_deadline():
    started, same_day = due(deadline("same_day", 0), Received(at(2021, 1, 4, 9, 0))).ledger
    assert same_day.rule is LedgerRule.SAME_DAY
    assert (same_day.start, same_day.end, same_day.counted) == (at(2021, 1, 4, 9, 0), end_of(2021, 1, 4), 0)
    assert started.unit is CountUnit.WORKING_DAY


def test_the_ledger_of_hours_is_in_minutes_and_names_days_off():
    result = due(deadline("hour", 16), Received(at(2021, 2, 5, 9, 0)))
    counted = result.ledger[-1]
    assert (result.unit, result.allowed, counted.counted) == (CountUnit.WORKING_MINUTE, 960, 960)
    assert (counted.start, counted.end) == (at(2021, 2, 5, 9, 0), at(2021, 2, 9, 9, 0))
    assert counted.weekend_days == 2
    over_tet = due(deadline("hour", 16), Received(at(2021, 2, 9, 9, 0))).ledger[-1]
    assert len(over_tet.skipped) == 7
    assert over_tet.weekend_days == 0
    assert over_tet.source == "Luật mẫu"
    swapped = due(deadline("hour", 16), Received(at(2024, 5, 3, 9, 0))).ledger[-1]
    assert [worked.day.day for worked in swapped.worked] == [4]
    assert swapped.weekend_days == 1


# --- supplements --------------------------------------------------------------------------------------------

ASKED = SupplementAsked(at(2021, 1, 6, 10, 0))  # the second working day
BACK = Supplemented(at(2021, 1, 13, 9, 0))
RECEIVED = Received(at(2021, 1, 4, 9, 0))


@pytest.mark.parametrize(
    ("unit", "amount", "policy", "expected"),
    [
        ("working_day", 10, "restart", end_of(2021, 1, 27)),  # ten days from 14/1
        ("working_day", 10, "suspend", end_of(2021, 1, 25)),  # 5 and 6/1 gone, eight days from 14/1
        ("working_day", 10, "none", end_of(2021, 1, 18)),
        ("calendar_day", 20, "restart", end_of(2021, 2, 2)),
        ("calendar_day", 20, "suspend", end_of(2021, 2, 1)),  # 31/1 is a Sunday
        ("calendar_day", 20, "none", end_of(2021, 1, 25)),
        ("month", 1, "restart", end_of(2021, 2, 17)),  # 13/2 lies in Tết
        ("month", 1, "suspend", end_of(2021, 2, 17)),  # 31 days, 2 gone, 29 from 13/1: 11/2 lies in Tết
        ("hour", 24, "restart", at(2021, 1, 18, 9, 0)),
        ("hour", 24, "suspend", at(2021, 1, 14, 8, 0)),  # 6½ + 8 + 2½ = 17 hours gone, 7 from 9:00
    ],
)
def test_a_lawful_supplement(unit: str, amount: int, policy: str, expected: datetime):
    result = due(deadline(unit, amount, policy), RECEIVED, ASKED, BACK)
    assert result.breaches == ()
    assert result.at == expected


def test_a_restart_strikes_out_what_was_counted_and_shows_it():
    result = due(THREE_DAYS, RECEIVED, ASKED, BACK)
    assert rules(result) == [
        LedgerRule.STARTED,
        LedgerRule.VOIDED,
        LedgerRule.PAUSED_FOR_SUPPLEMENT,
        LedgerRule.COUNTED,
    ]
    _, voided, paused, counted = result.ledger
    assert (voided.counted, voided.lost) == (0, 2)
    assert (voided.start, voided.end) == (at(2021, 1, 5, 7, 30), end_of(2021, 1, 6))
    assert (paused.start, paused.end, paused.counted) == (ASKED.at, BACK.at, 0)
    assert paused.source == law_on(date(2021, 1, 4)).source
    assert counted.counted == result.allowed == 3


def test_papers_brought_after_the_cut_off_or_on_a_day_off_count_the_next_working_day():
    late = due(THREE_DAYS, RECEIVED, ASKED, Supplemented(at(2021, 1, 13, 15, 30)))
    assert late.at == end_of(2021, 1, 19)
    assert LedgerRule.STARTED_AFTER_CUT_OFF in rules(late)
    saturday = due(THREE_DAYS, RECEIVED, ASKED, Supplemented(at(2021, 1, 16, 9, 0)))
    assert saturday.at == end_of(2021, 1, 21)
    assert rules(saturday).count(LedgerRule.STARTED) == 1
    shifted = saturday.ledger[3]
    assert (shifted.rule, shifted.end) == (LedgerRule.STARTED_ON_DAY_OFF, at(2021, 1, 18, 7, 30))
    assert shifted.source == law_on(date(2021, 1, 4)).counting_source


def test_while_papers_are_awaited_the_clock_stands():
    result = due(THREE_DAYS, RECEIVED, ASKED)
    assert result.paused_since == ASKED.at
    assert result.at == end_of(2021, 1, 7)
    last = result.ledger[-1]
    assert (last.rule, last.start, last.end) == (LedgerRule.PAUSED_FOR_SUPPLEMENT, ASKED.at, None)
    assert last.source == law_on(date(2021, 1, 4)).source
    assert sum(line.counted for line in result.ledger) == 2


def test_asking_on_the_day_of_reception_costs_nothing_yet():
    result = due(deadline("working_day", 3, "suspend"), RECEIVED, SupplementAsked(at(2021, 1, 4, 10, 0)), BACK)
    assert result.at == end_of(2021, 1, 18)
    assert rules(result) == [LedgerRule.STARTED, LedgerRule.PAUSED_FOR_SUPPLEMENT, LedgerRule.COUNTED]


def test_a_last_day_cut_short_is_given_back():
    result = due(deadline("working_day", 3, "suspend"), RECEIVED, SupplementAsked(at(2021, 1, 7, 10, 0)), BACK)
    assert result.at == end_of(2021, 1, 14)
    assert [line.counted for line in result.ledger if line.counted] == [2, 1]


def test_asking_on_the_third_working_day_is_the_last_chance():
    ten = deadline("working_day", 10)
    assert kinds(due(ten, RECEIVED, SupplementAsked(at(2021, 1, 7, 20, 0)))) == []
    late = due(ten, RECEIVED, SupplementAsked(at(2021, 1, 8, 8, 0)), BACK)
    (breach,) = late.breaches
    assert (breach.kind, breach.limit) == (BreachKind.SUPPLEMENT_TOO_LATE, date(2021, 1, 7))
    assert breach.at == at(2021, 1, 8, 8, 0)
    assert (breach.source, breach.certainty) == ("Nghị định 61/2018/NĐ-CP, Điều 17, 19", Certainty.READ)
    assert late.at == due(ten, RECEIVED).at
    assert late.paused_since is None


def test_the_three_days_run_from_the_day_reception_counts_as():
    after_cut_off = Received(at(2021, 1, 4, 16, 0))
    assert kinds(due(deadline("working_day", 10), after_cut_off, SupplementAsked(at(2021, 1, 8, 8, 0)))) == []


def test_a_second_request_is_a_breach_and_changes_nothing():
    once = due(deadline("working_day", 10), RECEIVED, ASKED, BACK)
    twice = due(
        deadline("working_day", 10),
        RECEIVED,
        ASKED,
        BACK,
        SupplementAsked(at(2021, 1, 15, 9, 0)),
        Supplemented(at(2021, 1, 20, 9, 0)),
    )
    assert kinds(twice) == [BreachKind.SUPPLEMENT_TOO_OFTEN]
    assert twice.breaches[0].limit == 1
    assert (twice.at, twice.ledger) == (once.at, once.ledger)


def test_asking_when_it_is_already_late_does_not_make_it_less_late():
    one_day = deadline("working_day", 1)
    late = due(one_day, RECEIVED, SupplementAsked(at(2021, 1, 5, 17, 31)), BACK)
    assert kinds(late) == [BreachKind.SUPPLEMENT_AFTER_DUE]
    assert late.breaches[0].limit == end_of(2021, 1, 5)
    assert late.at == end_of(2021, 1, 5)
    assert kinds(due(one_day, RECEIVED, SupplementAsked(end_of(2021, 1, 5)), BACK)) == []


def test_a_request_before_reception_uses_up_the_one_allowed_but_moves_no_clock():
    before = SupplementAsked(at(2021, 1, 4, 8, 0))
    brought = Supplemented(at(2021, 1, 4, 8, 30))
    result = due(deadline("working_day", 10), before, brought, RECEIVED, ASKED, BACK)
    assert kinds(result) == [BreachKind.SUPPLEMENT_TOO_OFTEN]
    assert result.at == due(deadline("working_day", 10), RECEIVED).at
    assert result.paused_since is None


def test_before_reception_the_three_days_run_from_submission():
    submitted = Submitted(at(2021, 1, 4, 9, 0))
    received = Received(at(2021, 1, 20, 9, 0))
    in_time = due(THREE_DAYS, submitted, SupplementAsked(at(2021, 1, 7, 9, 0)), received)
    late = due(THREE_DAYS, submitted, SupplementAsked(at(2021, 1, 8, 9, 0)), received)
    assert kinds(in_time) == []
    assert kinds(late) == [BreachKind.SUPPLEMENT_TOO_LATE]
    assert in_time.at == late.at == end_of(2021, 1, 25)


def test_a_submission_told_after_reception_opens_no_new_window():
    result = due(
        deadline("working_day", 10), RECEIVED, Submitted(at(2021, 1, 8, 8, 0)), SupplementAsked(at(2021, 1, 8, 9, 0))
    )
    assert kinds(result) == [BreachKind.SUPPLEMENT_TOO_LATE]


def test_papers_nobody_asked_for_change_nothing():
    assert due(THREE_DAYS, RECEIVED, BACK) == due(THREE_DAYS, RECEIVED)


def test_with_policy_none_the_clock_runs_on_but_the_guard_holds():
    none = deadline("working_day", 10, "none")
    result = due(none, RECEIVED, ASKED, BACK, SupplementAsked(at(2021, 1, 14, 9, 0)))
    assert kinds(result) == [BreachKind.SUPPLEMENT_TOO_OFTEN]
    assert result.at == due(none, RECEIVED).at


def test_a_sector_law_may_allow_more():
    law = replace(law_on(date(2021, 1, 4)), supplements=2, supplement_working_days=5)
    events = [
        RECEIVED,
        SupplementAsked(at(2021, 1, 5, 9, 0)),
        Supplemented(at(2021, 1, 6, 9, 0)),
        SupplementAsked(at(2021, 1, 11, 9, 0)),
        Supplemented(at(2021, 1, 12, 9, 0)),
    ]
    result = compute(events, deadline("working_day", 10), CALENDAR, law)
    assert result.breaches == ()
    assert result.at == end_of(2021, 1, 26)
    assert [line.lost for line in result.ledger if line.rule is LedgerRule.VOIDED] == [1, 3]


# --- other pauses -------------------------------------------------------------------------------------------

WAITING = Suspended(at(2021, 1, 6, 10, 0), "chờ nộp thuế")
PAID = Resumed(at(2021, 1, 13, 9, 0))


def test_a_suspension_pauses_whatever_the_supplement_policy():
    for policy in ("restart", "suspend", "none"):
        result = due(deadline("working_day", 10, policy), RECEIVED, WAITING, PAID)
        assert result.at == end_of(2021, 1, 25)
        paused = result.ledger[2]
        assert (paused.rule, paused.note) == (LedgerRule.PAUSED, "chờ nộp thuế")
        assert (paused.start, paused.end) == (WAITING.at, PAID.at)


def test_a_suspension_still_open():
    result = due(THREE_DAYS, RECEIVED, WAITING)
    assert result.paused_since == WAITING.at
    assert (result.ledger[-1].rule, result.ledger[-1].end, result.ledger[-1].note) == (
        LedgerRule.PAUSED,
        None,
        "chờ nộp thuế",
    )


def test_a_pause_begun_and_ended_on_one_day_changes_nothing():
    for unit, amount in (("working_day", 10), ("calendar_day", 10), ("month", 1)):
        plain = due(deadline(unit, amount), RECEIVED)
        paused = due(deadline(unit, amount), RECEIVED, WAITING, Resumed(at(2021, 1, 6, 14, 0)))
        assert paused.at == plain.at


def test_suspending_what_is_already_late_changes_nothing():
    result = due(THREE_DAYS, RECEIVED, Suspended(at(2021, 1, 8, 8, 0), "chờ"), PAID)
    assert kinds(result) == [BreachKind.SUSPENDED_AFTER_DUE]
    assert result.breaches[0].limit == end_of(2021, 1, 7)
    assert result.at == end_of(2021, 1, 7)
    assert kinds(due(THREE_DAYS, RECEIVED, Suspended(end_of(2021, 1, 7), "chờ"), PAID)) == []


def test_suspending_twice_is_suspending_once():
    again = Suspended(at(2021, 1, 8, 9, 0), "chờ nữa")
    assert due(THREE_DAYS, RECEIVED, WAITING, again, PAID) == due(THREE_DAYS, RECEIVED, WAITING, PAID)


def test_resuming_what_runs_and_pausing_what_has_not_begun_change_nothing():
    early = Suspended(at(2021, 1, 3, 9, 0), "chờ")
    assert due(THREE_DAYS, early, RECEIVED, Resumed(at(2021, 1, 5, 9, 0))) == due(THREE_DAYS, RECEIVED)


def test_two_pauses_at_once_last_until_both_are_over():
    ten = deadline("working_day", 10, "suspend")
    taxes = Suspended(at(2021, 1, 7, 9, 0), "chờ nộp thuế")
    papers_first = due(ten, RECEIVED, ASKED, taxes, Supplemented(at(2021, 1, 8, 9, 0)), PAID)
    taxes_first = due(ten, RECEIVED, ASKED, taxes, Resumed(at(2021, 1, 8, 9, 0)), BACK)
    assert papers_first.at == taxes_first.at == end_of(2021, 1, 25)
    assert papers_first.breaches == ()
    both_open = due(ten, RECEIVED, ASKED, taxes)
    assert both_open.paused_since == ASKED.at
    assert [line.end for line in both_open.ledger[-2:]] == [None, None]
    other_way = due(ten, RECEIVED, WAITING, SupplementAsked(at(2021, 1, 7, 9, 0)))
    assert other_way.paused_since == WAITING.at


def test_papers_may_be_asked_for_while_suspended_past_the_due_day():
    two = deadline("working_day", 2)
    result = due(
        two, RECEIVED, WAITING, SupplementAsked(at(2021, 1, 7, 9, 0)), Supplemented(at(2021, 1, 8, 9, 0)), PAID
    )
    assert result.breaches == ()
    assert result.at == end_of(2021, 1, 15)
    again = due(two, RECEIVED, ASKED, Suspended(at(2021, 1, 8, 9, 0), "chờ"), BACK, Resumed(at(2021, 1, 14, 9, 0)))
    assert again.breaches == ()
    assert again.at == end_of(2021, 1, 18)


def test_a_restart_under_a_suspension_starts_from_the_beginning_when_both_are_over():
    ten = deadline("working_day", 10)
    result = due(ten, RECEIVED, ASKED, Suspended(at(2021, 1, 7, 9, 0), "chờ"), Supplemented(at(2021, 1, 8, 9, 0)), PAID)
    assert result.at == end_of(2021, 1, 27)
    assert sum(line.counted for line in result.ledger) == 10


def test_a_month_paused_before_its_first_day_is_measured_anew():
    month = deadline("month", 1, "suspend")
    events = (
        Received(at(2021, 1, 28, 16, 0)),
        SupplementAsked(at(2021, 1, 28, 16, 30)),
        Supplemented(at(2021, 3, 1, 9, 0)),
    )
    result = due(month, *events)
    assert result.at == end_of(2021, 4, 1)
    assert result.allowed == 31


# --- re-appointment -----------------------------------------------------------------------------------------


def moved(at_: datetime, to: datetime, apology: datetime | None = None) -> Reappointed:
    return Reappointed(at_, to, at_ if apology is None else apology)


def test_a_re_appointment_in_time_moves_the_due_moment():
    result = due(THREE_DAYS, RECEIVED, moved(at(2021, 1, 6, 16, 0), at(2021, 1, 12, 10, 0)))
    assert result.breaches == ()
    assert result.at == result.promised == end_of(2021, 1, 12)
    assert result.original == end_of(2021, 1, 7)
    assert result.allowed == 6
    assert rules(result) == [LedgerRule.STARTED, LedgerRule.REAPPOINTED, LedgerRule.COUNTED]
    line = result.ledger[1]
    assert (line.start, line.end, line.counted) == (at(2021, 1, 6, 16, 0), at(2021, 1, 12, 10, 0), 0)
    assert line.source == law_on(date(2021, 1, 4)).source
    assert result.ledger[2].counted == 6


@pytest.mark.parametrize(
    ("allowed", "apology", "to", "kind", "limit"),
    [
        (THREE_DAYS, at(2021, 1, 7, 8, 0), at(2021, 1, 12, 17, 0), BreachKind.REAPPOINTED_TOO_LATE, date(2021, 1, 6)),
        (THREE_DAYS, at(2021, 1, 6, 23, 0), at(2021, 1, 12, 17, 0), None, None),
        (THREE_DAYS, at(2021, 1, 6, 9, 0), at(2021, 1, 7, 17, 0), BreachKind.REAPPOINTED_NOT_LATER, end_of(2021, 1, 7)),
        (THREE_DAYS, at(2021, 1, 6, 9, 0), at(2021, 1, 5, 17, 0), BreachKind.REAPPOINTED_NOT_LATER, end_of(2021, 1, 7)),
        # a day before Monday 25/1 is Sunday 24/1
        (deadline("calendar_day", 20), at(2021, 1, 24, 9, 0), at(2021, 1, 28, 9, 0), None, None),
        (
            deadline("calendar_day", 20),
            at(2021, 1, 25, 8, 0),
            at(2021, 1, 28, 9, 0),
            BreachKind.REAPPOINTED_TOO_LATE,
            date(2021, 1, 24),
        ),
        (
            deadline("calendar_day", 20),
            at(2021, 1, 20, 8, 0),
            at(2021, 1, 25, 9, 0),
            BreachKind.REAPPOINTED_NOT_LATER,
            end_of(2021, 1, 25),
        ),
        (
            deadline("month", 1),
            at(2021, 2, 4, 8, 0),
            at(2021, 2, 9, 9, 0),
            BreachKind.REAPPOINTED_TOO_LATE,
            date(2021, 2, 3),
        ),
        # same-day and hour deadlines have no days before expiry
        (deadline("same_day", 0), end_of(2021, 1, 4), at(2021, 1, 5, 9, 0), None, None),
        (
            deadline("same_day", 0),
            at(2021, 1, 4, 17, 31),
            at(2021, 1, 5, 9, 0),
            BreachKind.REAPPOINTED_TOO_LATE,
            end_of(2021, 1, 4),
        ),
        (deadline("hour", 4), at(2021, 1, 4, 15, 0), at(2021, 1, 4, 16, 0), None, None),
        (
            deadline("hour", 4),
            at(2021, 1, 4, 15, 1),
            at(2021, 1, 4, 16, 0),
            BreachKind.REAPPOINTED_TOO_LATE,
            at(2021, 1, 4, 15, 0),
        ),
        (
            deadline("hour", 4),
            at(2021, 1, 4, 14, 0),
            at(2021, 1, 4, 15, 0),
            BreachKind.REAPPOINTED_NOT_LATER,
            at(2021, 1, 4, 15, 0),
        ),
        (deadline("hour", 4), at(2021, 1, 4, 14, 0), at(2021, 1, 4, 15, 1), None, None),
    ],
)
def test_when_a_re_appointment_is_lawful(allowed: Deadline, apology: datetime, to: datetime, kind, limit):
    result = due(allowed, RECEIVED, Reappointed(at(2021, 1, 4, 9, 30), to, apology))
    assert kinds(result) == ([] if kind is None else [kind])
    plain = due(allowed, RECEIVED).at
    assert result.original == plain
    if kind is None:
        assert result.at > plain
    else:
        assert result.breaches[0].limit == limit
        assert result.at == plain
        assert result.promised == max(plain, to)


def test_hours_are_re_appointed_to_the_minute():
    result = due(deadline("hour", 4), RECEIVED, moved(at(2021, 1, 4, 14, 0), at(2021, 1, 5, 9, 15)))
    assert result.at == at(2021, 1, 5, 9, 15)
    assert result.allowed == 240 + 150 + 105
    assert result.original == at(2021, 1, 4, 15, 0)
    assert result.ledger[-1].counted == result.allowed


def test_a_new_date_on_a_day_off_moves_on():
    saturday = due(THREE_DAYS, RECEIVED, moved(at(2021, 1, 5, 9, 0), at(2021, 1, 16, 9, 0)))
    assert saturday.at == end_of(2021, 1, 18)
    calendar_days = due(deadline("calendar_day", 20), RECEIVED, moved(at(2021, 1, 5, 9, 0), at(2021, 1, 30, 9, 0)))
    assert calendar_days.at == end_of(2021, 2, 1)
    assert calendar_days.allowed == sum(line.counted for line in calendar_days.ledger) == 28


def test_a_second_re_appointment_is_a_breach_and_lateness_is_judged_by_the_first():
    first = moved(at(2021, 1, 5, 9, 0), at(2021, 1, 12, 9, 0))
    second = moved(at(2021, 1, 11, 9, 0), at(2021, 1, 20, 9, 0))
    result = due(THREE_DAYS, RECEIVED, first, second)
    assert kinds(result) == [BreachKind.REAPPOINTED_TOO_OFTEN]
    assert result.breaches[0].limit == 1
    assert result.original == end_of(2021, 1, 7)
    assert result.at == end_of(2021, 1, 12)
    assert result.promised == at(2021, 1, 20, 9, 0)


def test_an_unlawful_first_re_appointment_uses_up_the_only_one():
    late = moved(at(2021, 1, 7, 9, 0), at(2021, 1, 12, 9, 0))
    assert kinds(due(THREE_DAYS, RECEIVED, late, late)) == [
        BreachKind.REAPPOINTED_TOO_LATE,
        BreachKind.REAPPOINTED_TOO_OFTEN,
    ]


def test_without_an_apology_nothing_moves():
    result = due(THREE_DAYS, RECEIVED, Reappointed(at(2021, 1, 5, 9, 0), at(2021, 1, 12, 9, 0), None))
    assert kinds(result) == [BreachKind.REAPPOINTED_WITHOUT_APOLOGY]
    assert result.breaches[0].limit is None
    assert (result.at, result.promised) == (end_of(2021, 1, 7), at(2021, 1, 12, 9, 0))


def test_a_re_appointment_before_reception_is_passed_over():
    early = moved(at(2021, 1, 3, 9, 0), at(2021, 1, 12, 9, 0))
    assert due(THREE_DAYS, early, RECEIVED) == due(THREE_DAYS, RECEIVED)


def test_a_pause_after_a_re_appointment_keeps_what_was_granted():
    result = due(
        THREE_DAYS,
        RECEIVED,
        moved(at(2021, 1, 5, 9, 0), at(2021, 1, 14, 9, 0)),  # five more working days
        Suspended(at(2021, 1, 11, 9, 0), "chờ nộp thuế"),  # five gone, three left
        Resumed(at(2021, 1, 18, 9, 0)),
    )
    assert result.breaches == ()
    assert result.at == end_of(2021, 1, 21)
    assert result.original == end_of(2021, 1, 7)
    assert result.allowed == sum(line.counted for line in result.ledger) == 8


def test_a_restart_after_a_re_appointment_keeps_what_was_granted():
    result = due(THREE_DAYS, RECEIVED, moved(at(2021, 1, 5, 9, 0), at(2021, 1, 14, 9, 0)), ASKED, BACK)
    assert result.at == end_of(2021, 1, 25)
    assert result.allowed == sum(line.counted for line in result.ledger) == 8
    assert result.original == end_of(2021, 1, 18)
    hours = due(deadline("hour", 4), RECEIVED, moved(at(2021, 1, 4, 10, 0), at(2021, 1, 8, 15, 0)), ASKED, BACK)
    assert hours.allowed == 4 * 60 + 4 * 480
    same_day = due(deadline("same_day", 0), RECEIVED, moved(at(2021, 1, 4, 10, 0), at(2021, 1, 8, 15, 0)), ASKED, BACK)
    assert same_day.at == end_of(2021, 1, 19)


# --- the case's end, and odd input --------------------------------------------------------------------------


@pytest.mark.parametrize("end", [Finished, Withdrawn])
def test_what_comes_after_the_end_is_passed_over(end: type[Finished | Withdrawn]):
    ended = due(THREE_DAYS, RECEIVED, end(at(2021, 1, 5, 9, 0)), ASKED, BACK)
    assert ended == due(THREE_DAYS, RECEIVED)


def test_receiving_again_does_not_start_the_clock_again():
    again = due(THREE_DAYS, RECEIVED, Received(at(2021, 1, 6, 9, 0)))
    assert kinds(again) == [BreachKind.RECEIVED_AGAIN]
    assert again.breaches[0].limit is None
    assert again.at == end_of(2021, 1, 7)


def test_events_may_come_in_any_order():
    events = [RECEIVED, ASKED, BACK, Finished(at(2021, 1, 15, 9, 0))]
    assert compute(reversed(events), THREE_DAYS, CALENDAR) == compute(events, THREE_DAYS, CALENDAR)


@pytest.mark.parametrize("events", [[], [Submitted(at(2021, 1, 4, 9, 0))], [Finished(at(2021, 1, 4, 9, 0)), RECEIVED]])
def test_without_reception_there_is_no_due_moment(events: list[ClockEvent]):
    with pytest.raises(NotReceived):
        compute(events, THREE_DAYS, CALENDAR)


def test_a_moment_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="no time zone"):
        due(THREE_DAYS, Received(datetime(2021, 1, 4, 9, 0)))  # noqa: DTZ001


# --- the law ------------------------------------------------------------------------------------------------


def test_the_laws_follow_each_other_without_gap():
    for earlier, later in itertools.pairwise(CLOCK_LAWS):
        assert earlier.valid_to is not None
        assert later.valid_from == earlier.valid_to + timedelta(1)
    assert CLOCK_LAWS[-1].valid_to is None


@pytest.mark.parametrize(
    ("day", "source", "certainty"),
    [
        (date(2018, 6, 21), "Nghị định 61/2018/NĐ-CP", Certainty.READ),
        (date(2025, 6, 30), "Nghị định 61/2018/NĐ-CP", Certainty.READ),
        (date(2025, 7, 1), "Nghị định 118/2025/NĐ-CP", Certainty.UNKNOWN),
        (date(2026, 11, 24), "Nghị định 118/2025/NĐ-CP", Certainty.UNKNOWN),
    ],
)
def test_the_law_of_a_day(day: date, source: str, certainty: Certainty):
    law = law_on(day)
    assert law.source.startswith(source)
    assert law.certainty is certainty
    assert (law.supplement_working_days, law.supplements, law.reappointments, law.apology_days_before) == (3, 1, 1, 1)
    assert law.same_day_cut_off == time(15, 0)
    assert law.counting_source == "Bộ luật Dân sự 91/2015/QH13, Điều 147, 148"
    assert law.counting_certainty is Certainty.MEMORY


def test_before_the_first_law_nothing_is_guessed():
    with pytest.raises(NoLaw, match="2018-06-20"):
        law_on(date(2018, 6, 20))


def test_a_case_keeps_the_law_of_the_day_it_was_received():
    received = Received(at(2025, 6, 30, 9, 0))
    late = SupplementAsked(at(2025, 7, 8, 9, 0))
    assert due(deadline("working_day", 10), received, late).breaches[0].source.startswith("Nghị định 61/2018")
    submitted = Submitted(at(2025, 6, 30, 9, 0))
    new = due(deadline("working_day", 10), submitted, Received(at(2025, 7, 1, 9, 0)), late)
    assert new.breaches[0].source == "Nghị định 118/2025/NĐ-CP"
