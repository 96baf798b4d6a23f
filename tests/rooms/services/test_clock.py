"""The clock, worked by hand on the calendar: each example can be checked with a finger on the wall calendar."""

from datetime import UTC, date, datetime, time

import pytest

from tests.rooms.services.clock_factories import (
    CALENDAR,
    LAW,
    PAID,
    RECEIVED,
    THREE_DAYS,
    WAITING,
    at,
    deadline,
    due,
    end_of,
    rules,
)
from tinhso.foundation.calendar import LOCAL_ZONE
from tinhso.services.contracts.clock import (
    CountUnit,
    LedgerLine,
    LedgerRule,
    Received,
)
from tinhso.services.rules.clock import compute, law_on

# --- reception -----------------------------------------------------------------------------------------------


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


# --- the ledger ----------------------------------------------------------------------------------------------


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


@pytest.mark.parametrize(
    ("unit", "amount", "unit_counted", "expected"),
    [
        (
            "working_day",
            1,
            CountUnit.WORKING_DAY,
            (LedgerRule.COUNTED, at(2021, 1, 5, 7, 30), end_of(2021, 1, 5), 1, "Luật mẫu"),
        ),
        (
            "calendar_day",
            1,
            CountUnit.CALENDAR_DAY,
            (LedgerRule.COUNTED, at(2021, 1, 5, 7, 30), end_of(2021, 1, 5), 1, "Luật mẫu"),
        ),
        (
            "same_day",
            0,
            CountUnit.WORKING_DAY,
            (LedgerRule.SAME_DAY, at(2021, 1, 4, 9, 0), end_of(2021, 1, 4), 0, "Luật mẫu"),
        ),
        (
            "hour",
            1,
            CountUnit.WORKING_MINUTE,
            (LedgerRule.COUNTED, at(2021, 1, 4, 9, 0), at(2021, 1, 4, 10, 0), 60, "Luật mẫu"),
        ),
    ],
)
def test_a_plain_ledger_says_nothing_it_does_not_know(unit: str, amount: int, unit_counted: CountUnit, expected):
    rule, start, end, counted, source = expected
    received = LedgerLine(
        LedgerRule.STARTED, RECEIVED.at, RECEIVED.at, 0, 0, unit_counted, (), 0, (), "", LAW.counting_source
    )
    line = LedgerLine(rule, start, end, counted, 0, unit_counted, (), 0, (), "", source)
    assert due(deadline(unit, amount), RECEIVED).ledger == (received, line)


def test_lines_of_pauses_and_of_moving_on_say_nothing_they_do_not_know():
    working = due(THREE_DAYS, RECEIVED, WAITING, PAID).ledger[2]
    day = CountUnit.WORKING_DAY
    assert working == LedgerLine(LedgerRule.PAUSED, WAITING.at, PAID.at, 0, 0, day, (), 0, (), "chờ nộp thuế", "")
    moved_on = due(deadline("calendar_day", 20), RECEIVED).ledger[-1]
    assert moved_on == LedgerLine(
        LedgerRule.MOVED_ON,
        end_of(2021, 1, 24),
        end_of(2021, 1, 25),
        0,
        0,
        CountUnit.CALENDAR_DAY,
        (),
        1,
        (),
        "",
        LAW.counting_source,
    )
