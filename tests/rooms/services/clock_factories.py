"""Moments, deadlines and events the clock's tests share; January 2021 begins on a Friday, 4/1 is a Monday."""

from datetime import date, datetime, time

from tinhso.foundation.calendar import LOCAL_ZONE, load_calendars
from tinhso.services.contracts.clock import (
    BreachKind,
    ClockEvent,
    Due,
    LedgerRule,
    Reappointed,
    Received,
    Resumed,
    SupplementAsked,
    Supplemented,
    Suspended,
)
from tinhso.services.contracts.deadline import Certainty, Deadline, DeadlineUnit, PausePolicy
from tinhso.services.rules.clock import compute, law_on

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
RECEIVED = Received(at(2021, 1, 4, 9, 0))
WAITING = Suspended(at(2021, 1, 6, 10, 0), "chờ nộp thuế")
PAID = Resumed(at(2021, 1, 13, 9, 0))
ASKED = SupplementAsked(at(2021, 1, 6, 10, 0))  # the second working day
BACK = Supplemented(at(2021, 1, 13, 9, 0))
LAW = law_on(date(2021, 1, 4))


def moved(at_: datetime, to: datetime, apology: datetime | None = None) -> Reappointed:
    return Reappointed(at_, to, at_ if apology is None else apology)
