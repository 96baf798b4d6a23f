"""Give the general law of the clock in force on a day, as dated rows."""

from __future__ import annotations

from datetime import date, time

from tinhso.foundation.contracts import Certainty
from tinhso.services.contracts.clock import ClockLaw

_CIVIL_CODE = "Bộ luật Dân sự 91/2015/QH13, Điều 147, 148"

CLOCK_LAWS: tuple[ClockLaw, ...] = (
    # Art. 19.4 (supplements within 3 working days, restart), 17 (once), 19.9 (re-appointment), 15:00: read in the text.
    ClockLaw(
        valid_from=date(2018, 6, 21),
        valid_to=date(2025, 6, 30),
        supplement_working_days=3,
        supplements=1,
        reappointments=1,
        apology_days_before=1,
        same_day_cut_off=time(15, 0),
        source="Nghị định 61/2018/NĐ-CP, Điều 17, 19",
        certainty=Certainty.READ,
        counting_source=_CIVIL_CODE,
        counting_certainty=Certainty.MEMORY,
    ),
    # That the decree is in force is known from secondary sources; its text was not found. The values of 2018 are
    # carried over until somebody has read it.
    ClockLaw(
        valid_from=date(2025, 7, 1),
        valid_to=None,
        supplement_working_days=3,
        supplements=1,
        reappointments=1,
        apology_days_before=1,
        same_day_cut_off=time(15, 0),
        source="Nghị định 118/2025/NĐ-CP",
        certainty=Certainty.UNKNOWN,
        counting_source=_CIVIL_CODE,
        counting_certainty=Certainty.MEMORY,
    ),
)


class NoLaw(LookupError):
    """No row of `CLOCK_LAWS` is in force on the day asked about."""


def law_on(day: date) -> ClockLaw:
    """Give the law of the clock in force on a day; a case keeps the one of the day it was received.

    Raises NoLaw before 21 June 2018.
    """
    for law in CLOCK_LAWS:
        if law.valid_from <= day and (law.valid_to is None or day <= law.valid_to):
            return law
    raise NoLaw(f"no law of the clock is known for {day}; the first row starts on {CLOCK_LAWS[0].valid_from}")
