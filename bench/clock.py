"""Print how many due dates a second one core computes: uncached, with full ledger and three pauses.

Run: python bench/clock.py [seconds]. The target is 5,000 a second.
"""

from __future__ import annotations

import sys
import time as machine
from datetime import datetime, time, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "src"))

from tinhso.foundation.calendar import LOCAL_ZONE, load_calendars
from tinhso.services.contracts.clock import (
    ClockEvent,
    Received,
    Resumed,
    SupplementAsked,
    Supplemented,
    Suspended,
)
from tinhso.services.contracts.deadline import Certainty, Deadline, DeadlineUnit, PausePolicy
from tinhso.services.rules.clock import compute

TARGET = 5_000
PAUSES = 3


def case(day: int) -> list[ClockEvent]:
    """Give the events of a case with three lawful pauses, received so many days after 4 January 2021."""
    start = datetime(2021, 1, 4, 9, 30, tzinfo=LOCAL_ZONE) + timedelta(day)
    return [
        Received(start),
        SupplementAsked(start + timedelta(1)),
        Supplemented(start + timedelta(3, hours=6)),
        Suspended(start + timedelta(6), "chờ nộp thuế"),
        Resumed(start + timedelta(9)),
        Suspended(start + timedelta(12), "chờ ý kiến"),
        Resumed(start + timedelta(16)),
    ]


def main(seconds: float) -> int:
    """Count for so many seconds for each unit, print a line each; give 1 when one misses the target."""
    calendar = load_calendars()
    cases = [case(day) for day in range(365)]
    slowest = float("inf")
    for unit, amount in (
        (DeadlineUnit.WORKING_DAY, 20),
        (DeadlineUnit.CALENDAR_DAY, 30),
        (DeadlineUnit.MONTH, 1),
        (DeadlineUnit.HOUR, 120),
    ):
        for policy in (PausePolicy.SUSPEND, PausePolicy.RESTART):
            deadline = Deadline(unit, amount, time(15), policy, "bench", Certainty.INVENTED)
            ledgers = [compute(events, deadline, calendar).ledger for events in cases]
            pauses = {sum(line.rule.startswith("paused") for line in ledger) for ledger in ledgers}
            if pauses != {PAUSES}:
                raise SystemExit(f"the cases should have {PAUSES} pauses each, they have {pauses}")
            done, start = 0, machine.perf_counter()
            while machine.perf_counter() - start < seconds:
                for events in cases:
                    compute(events, deadline, calendar)
                done += len(cases)
            rate = done / (machine.perf_counter() - start)
            slowest = min(slowest, rate)
            print(f"{unit.value:13} {policy.value:8} {rate:9,.0f} due dates/s")
    print(f"slowest {slowest:,.0f}/s, target {TARGET:,}/s")
    return int(slowest < TARGET)


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]) if len(sys.argv) > 1 else 1.0))
