"""The calendars' data: what is bundled, and what is refused."""

from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import strategies as st

from tinhso.foundation.calendar import (
    LOCAL_ZONE,
    CalendarDataError,
    CalendarYear,
    Certainty,
    DayOff,
    OfficeHours,
    WorkCalendar,
    WorkingWeekendDay,
    load_calendars,
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


# --- the data --------------------------------------------------------------------------------------------


def test_the_bundled_years_are_known_in_order():
    assert [known.year for known in CALENDAR.years] == list(range(2020, 2028))


@pytest.mark.parametrize(
    ("first", "last"),
    [
        # Tết as announced: first and last working-week day off
        (date(2020, 1, 23), date(2020, 1, 29)),
        (date(2021, 2, 10), date(2021, 2, 16)),
        (date(2022, 1, 31), date(2022, 2, 4)),
        (date(2023, 1, 20), date(2023, 1, 26)),
        (date(2024, 2, 8), date(2024, 2, 14)),
        (date(2025, 1, 27), date(2025, 1, 31)),
        (date(2026, 2, 16), date(2026, 2, 20)),
    ],
)
def test_tet_is_off_from_end_to_end(first: date, last: date):
    assert CALENDAR.working_days_between(first - timedelta(1), last) == 0
    assert CALENDAR.working_days_between(first - timedelta(7), first - timedelta(1)) > 0
    assert CALENDAR.next_working_day(last).weekday() < 5


@pytest.mark.parametrize(
    ("saturday", "day_off"),
    [
        (date(2024, 5, 4), date(2024, 4, 29)),
        (date(2025, 4, 26), date(2025, 5, 2)),
        (date(2026, 1, 10), date(2026, 1, 2)),
        (date(2026, 8, 22), date(2026, 8, 31)),
    ],
)
def test_a_swapped_saturday_is_worked_and_its_day_is_off(saturday: date, day_off: date):
    assert CALENDAR.is_working(saturday)
    assert not CALENDAR.is_working(day_off)
    assert saturday.weekday() == 5
    assert [entry.in_place_of for entry in CALENDAR.worked_weekends_between(saturday, saturday)] == [day_off]
    entry = CALENDAR.day_off(day_off)
    assert entry is not None
    assert f"{saturday:%d/%m/%Y}" in entry.reason


def test_every_day_says_why_by_which_source_and_how_certain():
    for known in CALENDAR.years:
        for entry in (*known.days_off, *known.working_weekend_days):
            assert entry.reason
            assert entry.source
            assert entry.certainty in {Certainty.SECONDARY, Certainty.MEMORY}


def test_lunar_days_not_yet_announced_are_marked():
    assert CALENDAR.certainty_of(date(2027, 2, 8)) is Certainty.MEMORY
    assert CALENDAR.certainty_of(date(2027, 5, 3)) is Certainty.SECONDARY
    assert CALENDAR.certainty_of(date(2027, 6, 1)) is Certainty.MEMORY  # an ordinary day of an undecided year
    assert CALENDAR.certainty_of(date(2026, 6, 1)) is Certainty.SECONDARY
    assert CALENDAR.certainty_of(date(2026, 8, 22)) is Certainty.SECONDARY


def test_labels_agree_with_the_open_package_the_data_were_seeded_from():
    holidays = pytest.importorskip("holidays")
    for number in range(2020, 2028):
        seeded = set(holidays.country_holidays("VN", years=number))
        ours = {entry.day for entry in next(y for y in CALENDAR.years if y.year == number).days_off}
        assert seeded <= ours
        assert ours - seeded <= {date(2026, 1, 2)}


def test_loading_twice_gives_the_same_calendar():
    assert load_calendars() is CALENDAR


# --- wrong data ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: year(2021, (off(date(2022, 1, 1)),)), "does not lie in the year 2021"),
        (lambda: year(2021, (), (worked(date(2022, 1, 1)),)), "does not lie in the year 2021"),
        (lambda: year(2021, (off(date(2021, 1, 1)), off(date(2021, 1, 1)))), "twice"),
        (lambda: year(2021, (off(date(2021, 1, 2)),), (worked(date(2021, 1, 2)),)), "twice"),
        (lambda: year(2021, (), (worked(date(2021, 1, 8)),)), "not a Saturday or Sunday"),
        (lambda: WorkCalendar((year(2021), year(2020), year(2021)), HOURS), "^a year stands twice in the calendar$"),
        (lambda: OfficeHours(()), "^office hours must be spans in order, each with an end after its start$"),
        (lambda: OfficeHours(((time(8), time(8)),)), "office hours"),
        (lambda: OfficeHours(((time(13), time(17)), (time(8), time(12)))), "office hours"),
    ],
)
def test_data_that_contradict_themselves_are_refused(build, message: str):
    with pytest.raises(CalendarDataError, match=message):
        build()


def test_a_worked_sunday_is_allowed():
    assert WorkCalendar((year(2021, (), (worked(date(2021, 1, 10)),)),), HOURS).is_working(date(2021, 1, 10))


OFFICE = 'hours: [["08:00", "12:00"]]\n'
GOOD = "year: 2021\ncertainty: read\nsource: s\ndays_off: []\nworking_weekend_days: []\n"


def with_day_off(day: str) -> str:
    row = f"{{day: {day}, reason: r, source: s, certainty: read}}"
    return GOOD.replace("days_off: []", f"days_off: [{row}]")


def test_the_rows_of_a_file_are_read_whole(tmp_path: Path):
    rows = (
        "days_off:\n  - {day: 2021-01-08, reason: nghỉ, source: QĐ 1, certainty: read}\n"
        "working_weekend_days:\n"
        "  - {day: 2021-01-09, in_place_of: 2021-01-08, reason: bù, source: QĐ 2, certainty: memory}\n"
        "  - {day: 2021-01-10, reason: thêm, source: QĐ 3, certainty: unknown}\n"
    )
    text = GOOD.replace("days_off: []\nworking_weekend_days: []\n", rows)
    (tmp_path / "office.yml").write_text(OFFICE, encoding="utf-8")
    (tmp_path / "vn-2021.yml").write_text(text, encoding="utf-8")
    assert load_calendars(tmp_path).years == (
        CalendarYear(
            2021,
            (DayOff(date(2021, 1, 8), "nghỉ", "QĐ 1", Certainty.READ),),
            (
                WorkingWeekendDay(date(2021, 1, 9), date(2021, 1, 8), "bù", "QĐ 2", Certainty.MEMORY),
                WorkingWeekendDay(date(2021, 1, 10), None, "thêm", "QĐ 3", Certainty.UNKNOWN),
            ),
            "s",
            Certainty.READ,
        ),
    )


def test_another_folder_of_calendars_can_be_read(tmp_path: Path):
    (tmp_path / "office.yml").write_text(OFFICE, encoding="utf-8")
    (tmp_path / "vn-2022.yml").write_text(GOOD.replace("2021", "2022"), encoding="utf-8")
    (tmp_path / "vn-2021.yml").write_text(GOOD, encoding="utf-8")
    (tmp_path / "vn-2023.txt").write_text("not a calendar", encoding="utf-8")
    (tmp_path / "notes.yml").write_text("not a calendar", encoding="utf-8")
    calendar = load_calendars(tmp_path)
    assert [known.year for known in calendar.years] == [2021, 2022]
    assert calendar.hours.minutes == 240
    assert calendar.years[0].source == "s"


@pytest.mark.parametrize(
    "text",
    [
        GOOD.replace("year: 2021\n", ""),
        GOOD.replace("read", "sure"),
        GOOD.replace("days_off: []", "days_off: 3"),
        "just a word",
        "[unclosed",
        GOOD.replace("days_off: []\nw", "days_off: [{day: soon, reason: r, source: s, certainty: read}]\nw"),
        GOOD.replace(
            "days_off: []\nw", "days_off: [{day: 2021-01-01 08:00:00, reason: r, source: s, certainty: read}]\nw"
        ),
        GOOD.replace("days_off: []\nw", "days_off: [{day: 2022-01-01, reason: r, source: s, certainty: read}]\nw"),
    ],
)
def test_a_broken_file_is_named(tmp_path: Path, text: str):
    (tmp_path / "office.yml").write_text(OFFICE, encoding="utf-8")
    (tmp_path / "vn-2021.yml").write_text(text, encoding="utf-8")
    with pytest.raises(CalendarDataError, match=r"vn-2021\.yml"):
        load_calendars(tmp_path)


def test_a_word_for_a_day_is_explained(tmp_path: Path):
    (tmp_path / "office.yml").write_text(OFFICE, encoding="utf-8")
    (tmp_path / "vn-2021.yml").write_text(with_day_off("soon"), encoding="utf-8")
    with pytest.raises(CalendarDataError, match="'soon' is not a date"):
        load_calendars(tmp_path)
