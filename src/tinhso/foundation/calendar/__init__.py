"""Tell working days from days off, by data per year, and count in working days and working hours.

Pure: values in, values out. A calendar knows certain years only; asked about another it raises `UnknownYear`,
because a year nobody has written down is not a year without holidays. All moments are aware; days are those of
the province (Asia/Ho_Chi_Minh). Working hours are counted in whole minutes; seconds are rounded up to the next.
"""

from .entries import CalendarDataError, CalendarYear, Certainty, DayOff, UnknownYear, WorkingWeekendDay
from .hours import LOCAL_ZONE, OfficeHours, localised
from .load import load_calendars
from .working import WorkCalendar

__all__ = [
    "LOCAL_ZONE",
    "CalendarDataError",
    "CalendarYear",
    "Certainty",
    "DayOff",
    "OfficeHours",
    "UnknownYear",
    "WorkCalendar",
    "WorkingWeekendDay",
    "load_calendars",
    "localised",
]
