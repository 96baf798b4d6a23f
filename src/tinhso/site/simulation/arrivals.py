"""Decide who comes when and with what. Pure: a seed and a calendar in, arrivals out."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tinhso.foundation.contracts import WorkCalendar

# How many in a hundred applications are for each procedure (invented for the demonstration).
MIX = (("2.000635", 58), ("1.001612", 22), ("1.013225", 12), ("2.000986", 8))
# People apply at lunch and in the evening too: that is what online services are for.
_HOURS = (0, 0, 0, 0, 0, 1, 3, 8, 14, 13, 11, 8, 5, 6, 10, 11, 8, 5, 3, 5, 6, 4, 2, 1)
_MONDAY, _WEEKEND, _BEFORE_HOLIDAY = 1.35, 0.35, 1.6
_FAMILY = (
    "Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Dương", "Lý", "Đào", "Đinh",
    "Mai", "Tô", "Trịnh", "Đoàn", "Cao",
)  # fmt: skip
_MIDDLE = (
    "Văn", "Thị", "Minh", "Đức", "Thu", "Ngọc", "Hữu", "Thanh", "Quang", "Hải", "Khánh", "Bảo", "Gia", "Xuân",
    "Phương", "Anh", "Tuấn", "Thùy", "Kim", "Nhật",
)  # fmt: skip
_GIVEN = (
    "An", "Bình", "Chi", "Dũng", "Giang", "Hà", "Hạnh", "Hiếu", "Hoa", "Hùng", "Hương", "Khang", "Lan", "Linh",
    "Long", "Mai", "Nam", "Nga", "Phúc", "Quân", "Sơn", "Thảo",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Person:
    """A made-up applicant. The phone lies in a range that is given to nobody in the demonstration."""

    number: int
    name: str
    phone: str
    citizen_number: str


@dataclass(frozen=True, slots=True)
class Arrival:
    """Someone applies: when, for what, through which channel."""

    at: datetime
    person: int
    procedure: str
    channel: str


def person(number: int, seed: int) -> Person:
    """Make up the person with a number."""
    source = random.Random(f"person:{seed}:{number}")  # noqa: S311 - a simulation
    name = " ".join(source.choice(part) for part in (_FAMILY, _MIDDLE, _GIVEN))
    born = source.randrange(50, 100)
    return Person(
        number, name, f"09000{10_000 + number % 90_000:05d}", f"0300{born:02d}{100_000 + number % 900_000:06d}"
    )


def arrivals(
    first: date, *, days: int, per_day: int, seed: int, calendar: WorkCalendar, zone: ZoneInfo
) -> Iterator[Arrival]:
    """Yield every application of the days, in order. Paper at the counter only in office hours."""
    source = random.Random(f"arrivals:{seed}")  # noqa: S311 - a simulation
    people = max(200, per_day * days * 6)  # few come back within a month
    for offset in range(days):
        day = first + timedelta(days=offset)
        found = [
            _arrival(source, day, people, calendar, zone) for _ in range(_how_many(source, day, per_day, calendar))
        ]
        yield from sorted(found, key=lambda a: (a.at, a.person))


def _how_many(source: random.Random, day: date, per_day: int, calendar: WorkCalendar) -> int:
    weight = 1.0
    if not calendar.is_working(day):
        weight = _WEEKEND / 3 if calendar.day_off(day) else _WEEKEND
    elif day.weekday() == 0:
        weight = _MONDAY
    if calendar.is_working(day) and calendar.day_off(day + timedelta(days=1)):
        weight = _BEFORE_HOLIDAY
    return max(0, round(source.gauss(per_day * weight, per_day * weight * 0.12)))


def _arrival(source: random.Random, day: date, people: int, calendar: WorkCalendar, zone: ZoneInfo) -> Arrival:
    procedure = source.choices([p for p, _ in MIX], [w for _, w in MIX])[0]
    counter = calendar.is_working(day) and source.random() < 0.22
    hours = range(8, 16) if counter else range(24)
    hour = source.choices(list(hours), [_HOURS[h] for h in hours])[0]
    at = datetime.combine(day, time(hour, source.randrange(60), source.randrange(60)), zone)
    return Arrival(at, source.randrange(people), procedure, "counter" if counter else "online")
