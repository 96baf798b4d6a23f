"""Read the calendars' data files."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, TypeVar

import yaml

from .entries import CalendarDataError, CalendarYear, Certainty, DayOff, WorkingWeekendDay
from .hours import OfficeHours
from .working import WorkCalendar

_Built = TypeVar("_Built")


@cache
def load_calendars(folder: Traversable | None = None) -> WorkCalendar:
    """Read `vn-*.yml` and `office.yml` of a folder (default: the bundled calendars) into one calendar.

    Raises CalendarDataError naming the file when its content is wrong.
    """
    home = folder or files("tinhso.foundation") / "data" / "calendars"
    years = [
        _read(file, _year)
        for file in sorted(home.iterdir(), key=lambda file: file.name)
        if file.name.startswith("vn-") and file.name.endswith(".yml")
    ]
    return WorkCalendar(tuple(years), _read(home / "office.yml", _office))


def _read(file: Traversable, build: Callable[[dict[str, Any]], _Built]) -> _Built:
    try:
        return build(yaml.safe_load(file.read_text(encoding="utf-8")))
    except (KeyError, TypeError, ValueError, AttributeError, yaml.YAMLError) as problem:
        raise CalendarDataError(f"{file.name}: {problem!r}") from problem


def _office(data: dict[str, Any]) -> OfficeHours:
    return OfficeHours(tuple((time.fromisoformat(start), time.fromisoformat(end)) for start, end in data["hours"]))


def _year(data: dict[str, Any]) -> CalendarYear:
    return CalendarYear(
        year=data["year"],
        days_off=tuple(
            DayOff(_date(row["day"]), row["reason"], row["source"], Certainty(row["certainty"]))
            for row in data["days_off"]
        ),
        working_weekend_days=tuple(
            WorkingWeekendDay(
                _date(row["day"]), row.get("in_place_of"), row["reason"], row["source"], Certainty(row["certainty"])
            )
            for row in data["working_weekend_days"]
        ),
        source=data["source"],
        certainty=Certainty(data["certainty"]),
    )


def _date(value: object) -> date:
    if type(value) is not date:
        raise CalendarDataError(f"{value!r} is not a date (write 2021-02-12)")
    return value
