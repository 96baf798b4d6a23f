"""Give the due moment of a case, with its ledger and the duties missed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from tinhso.foundation.contracts import WorkCalendar, localised
from tinhso.services.contracts.clock import (
    ClockEvent,
    ClockLaw,
    Due,
    Finished,
    NotReceived,
    Reappointed,
    Received,
    Withdrawn,
)
from tinhso.services.contracts.deadline import Deadline

from .fold import Fold
from .laws import law_on
from .stretch import Terms


def compute(
    events: Iterable[ClockEvent], deadline: Deadline, calendar: WorkCalendar, law: ClockLaw | None = None
) -> Due:
    """Give the due moment of a case, its ledger and its breaches.

    `events` may come in any order; those after the case's end are passed over. `law` is by default the one in force
    on the day of reception. Raises NotReceived before reception of a valid dossier, UnknownYear when the count runs
    past the calendar, NoLaw before the first law known, ValueError for moments without a zone.
    """
    ordered = in_order(events)
    fold = _run(ordered, deadline, calendar, law)
    due = fold.due()
    if not fold.granted:
        return due
    plain = [event for event in ordered if not isinstance(event, Reappointed)]
    return replace(due, original=_run(plain, deadline, calendar, law).due().at)


def in_order(events: Iterable[ClockEvent]) -> list[ClockEvent]:
    """Sort events by their moment; of two at the same moment the first given comes first."""
    return sorted(events, key=lambda event: localised(event.at))


def is_over(events: Iterable[ClockEvent]) -> bool:
    """Say whether the case has come to its end."""
    return any(isinstance(event, Finished | Withdrawn) for event in events)


def start_clock(
    ordered: Sequence[ClockEvent], deadline: Deadline, calendar: WorkCalendar, law: ClockLaw | None
) -> Fold:
    """Give a clock that has taken no event yet, under the law of the day of reception (or of the first event)."""
    if not ordered:
        raise NotReceived("nothing has happened to the case yet")
    if law is None:
        first = next((event for event in ordered if isinstance(event, Received)), ordered[0])
        law = law_on(localised(first.at).date())
    return Fold(Terms.of(deadline, law, calendar))


def _run(ordered: Sequence[ClockEvent], deadline: Deadline, calendar: WorkCalendar, law: ClockLaw | None) -> Fold:
    """Run events, in order, through a clock, up to the case's end."""
    fold = start_clock(ordered, deadline, calendar, law)
    for event in ordered:
        if isinstance(event, Finished | Withdrawn):
            break
        fold.take(event)
    return fold
