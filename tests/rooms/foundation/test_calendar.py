"""The working calendar: what it knows, what it refuses to guess, and how it counts."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinhso.foundation.calendar import (
    LOCAL_ZONE,
    CalendarYear,
    Certainty,
    DayOff,
    OfficeHours,
    UnknownYear,
    WorkCalendar,
    WorkingWeekendDay,
    load_calendars,
    localised,
)

CALENDAR = load_calendars()
HOURS = CALENDAR.hours
DAYS = st.dates(date(2020, 1, 1), date(2027, 10, 31))
MOMENTS = st.datetimes(datetime(2020, 1, 2), datetime(2027, 10, 31), timezones=st.just(LOCAL_ZONE))  # noqa: DTZ001


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=LOCAL_ZONE)


def year(number: int, days_off: tuple[DayOff, ...] = (), worked: tuple[WorkingWeekendDay, ...] = ()) -> CalendarYear:
    return CalendarYear(number, days_off, worked, "test", Certainty.INVENTED)


def off(day: date, reason: str = "nghỉ") -> DayOff:
    return DayOff(day, reason, "test", Certainty.INVENTED)


def worked(day: date) -> WorkingWeekendDay:
    return WorkingWeekendDay(day, None, "làm bù", "test", Certainty.INVENTED)


# --- what it does not know -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "ask",
    [
        lambda: CALENDAR.is_working(date(2019, 12, 31)),
        lambda: CALENDAR.working_day_on_or_after(date(2028, 1, 3)),
        lambda: CALENDAR.day_off(date(2028, 1, 3)),
        lambda: CALENDAR.certainty_of(date(2028, 1, 3)),
        lambda: CALENDAR.next_working_day(date(2027, 12, 31)),
        lambda: CALENDAR.add_working_days(date(2020, 1, 2), -2),
        lambda: CALENDAR.working_days_between(date(2027, 12, 31), date(2028, 1, 1)),
        lambda: CALENDAR.working_days_between(date(2028, 1, 1), date(2027, 12, 31)),
        lambda: CALENDAR.add_working_minutes(at(2027, 12, 31, 17, 0), 31),
        lambda: CALENDAR.next_working_moment(at(2027, 12, 31, 18, 0)),
        lambda: CALENDAR.working_minutes_between(at(2027, 12, 31, 18, 0), at(2028, 1, 1, 8, 0)),
    ],
)
def test_an_unknown_year_is_refused_not_taken_for_a_year_without_holidays(ask):
    with pytest.raises(UnknownYear) as refused:
        ask()
    assert refused.value.year in {2019, 2028}
    assert refused.value.known == tuple(range(2020, 2028))
    assert str(refused.value.year) in str(refused.value)
    assert "2020, 2021" in str(refused.value)


def test_the_first_unknown_year_is_the_one_named():
    gap = WorkCalendar((year(2020), year(2023)), HOURS)
    with pytest.raises(UnknownYear) as refused:
        gap.working_days_between(date(2020, 6, 1), date(2023, 6, 1))
    assert refused.value.year == 2021
    with pytest.raises(UnknownYear) as refused:
        gap.working_days_between(date(2023, 6, 1), date(2020, 6, 1))
    assert refused.value.year == 2021
    with pytest.raises(UnknownYear) as refused:
        gap.add_working_days(date(2020, 12, 31), 1)
    assert refused.value.year == 2021
    with pytest.raises(UnknownYear) as refused:
        gap.add_working_days(date(2023, 1, 2), -1)
    assert refused.value.year == 2022


def test_a_calendar_of_nothing_knows_nothing():
    empty = WorkCalendar((), HOURS)
    assert not empty.knows(date(2021, 1, 1))
    with pytest.raises(UnknownYear, match="known: none"):
        empty.is_working(date(2021, 1, 1))


@given(DAYS)
def test_it_knows_the_days_of_its_years(day: date):
    assert CALENDAR.knows(day)
    assert not CALENDAR.knows(day.replace(year=2019, day=1))


# --- days ----------------------------------------------------------------------------------------------------


def test_a_plain_weekend_is_off_without_a_name():
    assert not CALENDAR.is_working(date(2021, 1, 9))
    assert CALENDAR.day_off(date(2021, 1, 9)) is None
    tet = CALENDAR.day_off(date(2021, 2, 12))
    assert tet is not None
    assert tet.reason == "Tết Nguyên Đán"


def test_days_off_between_has_both_ends():
    named = CALENDAR.days_off_between(date(2021, 4, 30), date(2021, 5, 3))
    assert [entry.day for entry in named] == [date(2021, 4, 30), date(2021, 5, 1), date(2021, 5, 3)]
    assert CALENDAR.days_off_between(date(2021, 5, 4), date(2021, 5, 3)) == ()


def test_worked_weekends_between_has_both_ends():
    assert len(CALENDAR.worked_weekends_between(date(2026, 1, 10), date(2026, 8, 22))) == 2
    assert CALENDAR.worked_weekends_between(date(2026, 1, 11), date(2026, 8, 21)) == ()


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        (date(2021, 2, 9), 1, date(2021, 2, 17)),  # over Tết
        (date(2021, 2, 10), 1, date(2021, 2, 17)),  # from within Tết
        (date(2021, 2, 10), 0, date(2021, 2, 17)),
        (date(2021, 2, 9), 0, date(2021, 2, 9)),
        (date(2021, 2, 17), -1, date(2021, 2, 9)),
        (date(2021, 2, 14), -1, date(2021, 2, 9)),
        (date(2021, 2, 14), -2, date(2021, 2, 8)),
        (date(2024, 4, 26), 1, date(2024, 5, 2)),  # 29/4 swapped
        (date(2024, 5, 3), 1, date(2024, 5, 4)),  # the Saturday worked for it
        (date(2020, 12, 31), 1, date(2021, 1, 4)),  # across a year
        (date(2020, 1, 2), -0, date(2020, 1, 2)),
    ],
)
def test_add_working_days(day: date, count: int, expected: date):
    assert CALENDAR.add_working_days(day, count) == expected


@given(DAYS, st.integers(0, 40))
def test_working_days_added_are_working_days_counted(day: date, count: int):
    end = CALENDAR.add_working_days(day, count)
    assert CALENDAR.is_working(end)
    if count:
        assert CALENDAR.working_days_between(day, end) == count


@given(st.dates(date(2020, 6, 1), date(2027, 6, 1)), st.integers(1, 40))
def test_going_back_undoes_going_forward(day: date, count: int):
    working = CALENDAR.working_day_on_or_after(day)
    assert CALENDAR.add_working_days(CALENDAR.add_working_days(working, count), -count) == working


@given(DAYS, DAYS)
def test_counting_agrees_with_looking_at_every_day(one: date, other: date):
    first, last = sorted((one, other))
    days = (first + timedelta(n) for n in range(1, (last - first).days + 1))
    assert CALENDAR.working_days_between(first, last) == sum(map(CALENDAR.is_working, days))
    assert CALENDAR.working_days_between(last, first) == -CALENDAR.working_days_between(first, last)


@given(DAYS)
def test_the_next_working_day_is_after_and_the_nearest(day: date):
    following = CALENDAR.next_working_day(day)
    assert following > day
    assert CALENDAR.working_days_between(day, following) == 1
    assert CALENDAR.working_day_on_or_after(day) == (day if CALENDAR.is_working(day) else following)


# --- hours ---------------------------------------------------------------------------------------------------


def test_a_day_has_eight_hours():
    assert HOURS.minutes == 480
    assert (HOURS.opening, HOURS.closing) == (time(7, 30), time(17, 30))
    assert CALENDAR.opening(date(2021, 1, 4)) == at(2021, 1, 4, 7, 30)
    assert CALENDAR.closing(date(2021, 1, 4)) == at(2021, 1, 4, 17, 30)


@pytest.mark.parametrize(
    ("moment", "hours", "expected"),
    [
        (at(2021, 1, 4, 7, 30), 4, at(2021, 1, 4, 11, 30)),  # ends with the morning, not after lunch
        (at(2021, 1, 4, 7, 30), 8, at(2021, 1, 4, 17, 30)),  # ends with the day
        (at(2021, 1, 4, 17, 0), 1, at(2021, 1, 5, 8, 0)),
        (at(2021, 1, 4, 10, 30), 2, at(2021, 1, 4, 14, 30)),  # over lunch
        (at(2021, 1, 4, 12, 0), 1, at(2021, 1, 4, 14, 30)),
        (at(2021, 1, 4, 20, 0), 1, at(2021, 1, 5, 8, 30)),
        (at(2021, 1, 4, 5, 0), 1, at(2021, 1, 4, 8, 30)),
        (at(2021, 1, 9, 10, 0), 1, at(2021, 1, 11, 8, 30)),  # Saturday
        (at(2021, 2, 9, 16, 30), 2, at(2021, 2, 17, 8, 30)),  # over Tết
        (at(2021, 1, 4, 9, 0), 0.5, at(2021, 1, 4, 9, 30)),
        (at(2021, 1, 4, 9, 0), 0.01, at(2021, 1, 4, 9, 1)),  # rounded up
        (at(2021, 1, 4, 9, 0, 1), 1, at(2021, 1, 4, 10, 1)),  # seconds rounded up
        (datetime(2021, 1, 4, 2, 0, tzinfo=UTC), 1, at(2021, 1, 4, 10, 0)),
        (at(2021, 1, 4, 9, 0), 0, at(2021, 1, 4, 9, 0)),
        (at(2021, 1, 4, 11, 30), 0, at(2021, 1, 4, 13, 30)),
        (at(2021, 1, 4, 17, 30), 0, at(2021, 1, 5, 7, 30)),
        (at(2021, 1, 4, 23, 59, 30), 0, at(2021, 1, 5, 7, 30)),
        (at(2021, 1, 9, 9, 0), 0, at(2021, 1, 11, 7, 30)),
    ],
)
def test_add_working_hours(moment: datetime, hours: float, expected: datetime):
    assert CALENDAR.add_working_hours(moment, hours) == expected
    assert CALENDAR.add_working_hours(moment, hours).tzinfo is LOCAL_ZONE


def test_working_time_cannot_be_taken_away():
    with pytest.raises(ValueError, match=r"^working minutes can only be added, not taken away$"):
        CALENDAR.add_working_minutes(at(2021, 1, 4, 9, 0), -1)


@given(MOMENTS, st.integers(1, 5000))
def test_minutes_added_are_minutes_counted(moment: datetime, minutes: int):
    end = CALENDAR.add_working_minutes(moment, minutes)
    assert end > moment
    assert CALENDAR.is_working(end.date())
    assert HOURS.opening <= end.time() <= HOURS.closing
    assert CALENDAR.working_minutes_between(moment, end) == minutes
    assert CALENDAR.working_minutes_between(end, moment) == -minutes


@given(MOMENTS, st.integers(0, 3000), st.integers(0, 3000))
def test_adding_twice_is_adding_the_sum(moment: datetime, one: int, other: int):
    halfway = CALENDAR.add_working_minutes(moment, one)
    if one + other:
        assert CALENDAR.working_minutes_between(moment, halfway) == one
        assert CALENDAR.working_minutes_between(moment, CALENDAR.add_working_minutes(halfway, other)) == one + other


@given(MOMENTS)
def test_the_next_working_moment_is_worked_and_loses_no_working_time(moment: datetime):
    following = CALENDAR.next_working_moment(moment)
    assert following >= moment
    assert CALENDAR.working_minutes_between(moment, following) == 0
    assert CALENDAR.working_minutes_between(following, following + timedelta(minutes=1)) == 1


def test_office_hours_are_data():
    hours = OfficeHours(((time(7, 45), time(11, 15)), (time(13, 20), time(17, 50))))
    assert hours.minutes == 210 + 270
    assert [hours.worked(minute) for minute in (464, 465, 466, 675, 799, 801, 1070, 1440)] == [
        0, 0, 1, 210, 210, 211, 480, 480
    ]  # fmt: skip
    assert [hours.reached(done) for done in (0, 1, 210, 211, 480)] == [0, 466, 675, 801, 1070]
    assert [hours.next_open(minute) for minute in (0, 465, 500, 674, 675, 1069, 1070)] == [
        465, 465, 500, 674, 800, 1069, None
    ]  # fmt: skip
    calendar = WorkCalendar((year(2021),), hours)
    assert calendar.add_working_hours(at(2021, 1, 4, 11, 0), 1) == at(2021, 1, 4, 14, 5)
    assert calendar.next_working_moment(at(2021, 1, 4, 12, 0)) == at(2021, 1, 4, 13, 20)


def test_a_microsecond_begins_a_new_minute():
    started = datetime(2021, 1, 4, 9, 0, 0, 1, tzinfo=LOCAL_ZONE)
    assert CALENDAR.add_working_minutes(started, 1) == at(2021, 1, 4, 9, 2)


# --- sudden changes ------------------------------------------------------------------------------------------


def test_a_sudden_day_off_is_off_and_nothing_else_changes():
    flood = date(2021, 3, 9)
    changed = CALENDAR.with_sudden_day_off(flood, "Bão số 3", "Công điện 1", Certainty.INVENTED)
    assert CALENDAR.is_working(flood)
    assert not changed.is_working(flood)
    entry = changed.day_off(flood)
    assert entry == DayOff(flood, "Bão số 3", "Công điện 1", Certainty.INVENTED)
    assert changed.working_days_between(date(2020, 1, 1), date(2027, 12, 31)) == (
        CALENDAR.working_days_between(date(2020, 1, 1), date(2027, 12, 31)) - 1
    )
    assert [known.year for known in changed.years] == list(range(2020, 2028))


def test_a_sudden_day_off_takes_a_swapped_saturday_back():
    saturday = date(2024, 5, 4)
    changed = CALENDAR.with_sudden_day_off(saturday, "Quốc tang")
    assert not changed.is_working(saturday)
    assert changed.worked_weekends_between(saturday, saturday) == ()
    assert changed.day_off(saturday) == DayOff(saturday, "Quốc tang", "", Certainty.SECONDARY)


def test_a_day_off_already_changes_nothing():
    assert CALENDAR.with_sudden_day_off(date(2021, 2, 12), "nữa") is CALENDAR
    assert CALENDAR.with_sudden_day_off(date(2021, 1, 9), "thứ Bảy") is CALENDAR


def test_a_sudden_working_day():
    saturday, tet = date(2021, 1, 9), date(2021, 2, 12)
    changed = CALENDAR.with_sudden_working_day(saturday, "làm bù").with_sudden_working_day(tet, "trực")
    assert changed.is_working(saturday)
    assert changed.is_working(tet)
    assert changed.day_off(tet) is None
    assert changed.worked_weekends_between(saturday, tet) == (
        WorkingWeekendDay(saturday, None, "làm bù", "", Certainty.SECONDARY),
    )
    assert CALENDAR.with_sudden_working_day(date(2021, 1, 8), "thứ Sáu") is CALENDAR


def test_a_named_weekend_day_off_can_be_worked():
    saturday = date(2021, 2, 13)
    changed = CALENDAR.with_sudden_working_day(saturday, "trực", "QĐ 1", Certainty.READ)
    assert changed.is_working(saturday)
    assert changed.worked_weekends_between(saturday, saturday) == (
        WorkingWeekendDay(saturday, None, "trực", "QĐ 1", Certainty.READ),
    )
    assert len(changed.days_off_between(date(2021, 2, 10), date(2021, 2, 16))) == 6


def test_a_worked_weekend_day_has_a_certainty_of_its_own():
    changed = CALENDAR.with_sudden_working_day(date(2021, 1, 9), "bù", "QĐ 1", Certainty.INVENTED)
    assert changed.certainty_of(date(2021, 1, 9)) is Certainty.INVENTED


@pytest.mark.parametrize("day", [date(2021, 3, 9), date(2021, 1, 9)])
def test_sudden_changes_of_an_unknown_year_are_refused(day: date):
    with pytest.raises(UnknownYear):
        CALENDAR.with_sudden_day_off(day.replace(year=2030), "?")


def test_a_year_can_be_told_anew():
    told = CALENDAR.with_year(year(2028, (off(date(2028, 1, 3)),)))
    assert told.next_working_day(date(2027, 12, 31)) == date(2028, 1, 4)
    assert told.with_year(year(2028)).is_working(date(2028, 1, 3))


@given(st.dates(date(2020, 1, 2), date(2027, 9, 30)), DAYS, st.integers(0, 30))
def test_a_day_off_more_never_ends_a_count_earlier(day: date, start: date, count: int):
    changed = CALENDAR.with_sudden_day_off(day, "bão")
    assert changed.add_working_days(start, count) >= CALENDAR.add_working_days(start, count)


# --- time zones ----------------------------------------------------------------------------------------------


def test_moments_are_taken_to_the_province():
    assert localised(datetime(2021, 1, 3, 18, 0, tzinfo=UTC)) == at(2021, 1, 4, 1, 0)
    assert localised(datetime(2021, 1, 3, 18, 0, tzinfo=UTC)).date() == date(2021, 1, 4)
    local = at(2021, 1, 4, 1, 0)
    assert localised(local) is local


def test_a_moment_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="no time zone"):
        localised(datetime(2021, 1, 4, 9, 0))  # noqa: DTZ001
