"""Take what happens to a case, one event after the other, and keep its clock.

What is decided here, and why:

- An unlawful pause gives the agency nothing. A supplement asked a second time, too late or after the due moment is
  recorded as a breach and the clock runs on as if it had not been asked: were it to pause or restart, breaking the
  rule would buy time (NĐ 61/2018 art. 19.4 allows one request within 3 working days; read in the text).
- The same for receiving again, and for pausing what is already late.
- A supplement asked before reception uses up the one allowed, because the law wants it asked once and completely,
  but moves no clock: none runs yet.
- The day on which a pause begins counts as used, the day on which it ends does not (as with reception), so that a
  pause begun and ended on one day changes nothing. If the pause cuts short the very last day, that day is given
  back: a clock that goes on has at least one whole day.
- A re-appointment once, with an apology in time, moves the due moment. Any other is a breach: the applicant has been
  told a new date (`promised`), but lateness is judged by the due moment that stood.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from tinhso.foundation.contracts import localised
from tinhso.services.contracts.clock import (
    Breach,
    BreachKind,
    ClockEvent,
    Due,
    LedgerLine,
    LedgerRule,
    NotReceived,
    Reappointed,
    Received,
    Resumed,
    Submitted,
    SupplementAsked,
    Supplemented,
    Suspended,
)
from tinhso.services.contracts.deadline import PausePolicy

from .stretch import Stretch, Terms


class Fold:
    """A case's clock while its events are taken in order."""

    def __init__(self, terms: Terms) -> None:
        self.terms = terms
        self.breaches: list[Breach] = []
        self.granted = 0  # units won by a lawful re-appointment
        self._lines: list[LedgerLine] = []
        self._stretch: Stretch | None = None
        self._used = 0  # units gone before the stretch that runs
        self._window_from: datetime | None = None  # since when supplements may be asked
        self._asked = 0
        self._reappointed = 0
        self._promised: datetime | None = None
        self._supplement: datetime | None = None  # the open pauses
        self._suspension: Suspended | None = None

    def take(self, event: ClockEvent) -> Breach | None:
        """Let one event happen, and give the breach it was, if it was one."""
        known = len(self.breaches)
        self._TAKERS[type(event)](self, event)
        return self.breaches[known] if len(self.breaches) > known else None

    # --- the clock ----------------------------------------------------------------------------------------

    @property
    def paused(self) -> bool:
        """Say whether a pause is open."""
        return self._supplement is not None or self._suspension is not None

    def _start(self, at: datetime, *, first: bool) -> None:
        allowed = 0 if self._stretch is None else self._stretch.allowed
        stretch = self.terms.stretch(at, self._used, allowed, self.granted)
        self._stretch = stretch
        if first:
            self._note(LedgerRule.STARTED, at, at, source=self.terms.law.counting_source)
        if stretch.rule is not LedgerRule.STARTED:
            self._note(stretch.rule, at, stretch.start, source=self._start_source(stretch.rule))

    def _start_source(self, rule: LedgerRule) -> str:
        own_cut_off = rule is LedgerRule.STARTED_AFTER_CUT_OFF
        return self.terms.deadline.source if own_cut_off else self.terms.law.counting_source

    def _pause(self, stretch: Stretch, at: datetime) -> None:
        """Stop a running clock; a clock already stopped stays so."""
        if self.paused:
            return
        elapsed = stretch.elapsed(at)
        self._lines += stretch.lines(elapsed, whole=False)
        self._used += elapsed

    def _resume(self, at: datetime) -> None:
        """Let the clock go on once no pause is open any more."""
        if not self.paused:
            self._start(at, first=False)

    def _note(
        self, rule: LedgerRule, start: datetime, end: datetime | None, *, note: str = "", source: str = ""
    ) -> None:
        assert self._stretch is not None
        local_end = None if end is None else localised(end)
        unit = self._stretch.unit
        self._lines.append(LedgerLine(rule, localised(start), local_end, 0, 0, unit, (), 0, (), note, source))

    def _breach(self, kind: BreachKind, at: datetime, limit: date | int | None) -> None:
        law = self.terms.law
        self.breaches.append(Breach(kind, localised(at), limit, law.source, law.certainty))

    # --- what happens -------------------------------------------------------------------------------------

    def _submitted(self, event: Submitted) -> None:
        if self._stretch is None:
            self._window_from = event.at

    def _received(self, event: Received) -> None:
        if self._stretch is not None:
            self._breach(BreachKind.RECEIVED_AGAIN, event.at, None)
            return
        self._window_from = event.at
        self._start(event.at, first=True)

    def _supplement_asked(self, event: SupplementAsked) -> None:
        self._asked += 1
        law = self.terms.law
        if self._asked > law.supplements:
            self._breach(BreachKind.SUPPLEMENT_TOO_OFTEN, event.at, law.supplements)
            return
        limit = self._supplement_limit()
        if limit is not None and localised(event.at).date() > limit:
            self._breach(BreachKind.SUPPLEMENT_TOO_LATE, event.at, limit)
            return
        stretch = self._stretch
        if stretch is None:
            return
        if not self.paused and event.at > stretch.due:
            self._breach(BreachKind.SUPPLEMENT_AFTER_DUE, event.at, stretch.due)
        elif self.terms.deadline.on_supplement is not PausePolicy.NONE:
            self._pause(stretch, event.at)
            self._supplement = event.at

    def _supplement_limit(self) -> date | None:
        if self._window_from is None:
            return None
        day, _ = self.terms.reception_day(self._window_from)
        return self.terms.calendar.add_working_days(day, self.terms.law.supplement_working_days)

    def _supplemented(self, event: Supplemented) -> None:
        if self._supplement is None:
            return
        self._note(LedgerRule.PAUSED_FOR_SUPPLEMENT, self._supplement, event.at, source=self.terms.law.source)
        self._supplement = None
        if self.terms.deadline.on_supplement is PausePolicy.RESTART:
            self._used = 0
            self._lines = [_voided(line) for line in self._lines]
        self._resume(event.at)

    def _suspended(self, event: Suspended) -> None:
        stretch = self._stretch
        if stretch is None or self._suspension is not None:
            return
        if not self.paused and event.at > stretch.due:
            self._breach(BreachKind.SUSPENDED_AFTER_DUE, event.at, stretch.due)
            return
        self._pause(stretch, event.at)
        self._suspension = event

    def _resumed(self, event: Resumed) -> None:
        if self._suspension is None:
            return
        self._note(LedgerRule.PAUSED, self._suspension.at, event.at, note=self._suspension.reason)
        self._suspension = None
        self._resume(event.at)

    def _reappoint(self, event: Reappointed) -> None:
        stretch = self._stretch
        if stretch is None:
            return
        self._reappointed += 1
        self._promised = localised(event.new_due)
        missed = self._missed_in(event, stretch)
        if missed is not None:
            self._breach(missed[0], event.at, missed[1])
            return
        self._note(LedgerRule.REAPPOINTED, event.at, event.new_due, source=self.terms.law.source)
        self.granted += stretch.extend(event.new_due)

    def _missed_in(self, event: Reappointed, stretch: Stretch) -> tuple[BreachKind, date | int | None] | None:
        law = self.terms.law
        if self._reappointed > law.reappointments:
            return BreachKind.REAPPOINTED_TOO_OFTEN, law.reappointments
        if event.apology_at is None:
            return BreachKind.REAPPOINTED_WITHOUT_APOLOGY, None
        apology_at = localised(event.apology_at)
        if self.terms.guarded_in_days:
            last_day = stretch.due.date() - timedelta(law.apology_days_before)
            if apology_at.date() > last_day:
                return BreachKind.REAPPOINTED_TOO_LATE, last_day
        elif apology_at > stretch.due:
            return BreachKind.REAPPOINTED_TOO_LATE, stretch.due
        if stretch.gain(event.new_due) <= 0:
            return BreachKind.REAPPOINTED_NOT_LATER, stretch.due
        return None

    _TAKERS: ClassVar[dict[type, Callable[[Any, Any], None]]] = {
        Submitted: _submitted,
        Received: _received,
        SupplementAsked: _supplement_asked,
        Supplemented: _supplemented,
        Suspended: _suspended,
        Resumed: _resumed,
        Reappointed: _reappoint,
    }

    # --- what came of it ----------------------------------------------------------------------------------

    def due(self) -> Due:
        """Close the ledger and give what came of the events. Raises NotReceived when no clock has started."""
        stretch = self._stretch
        if stretch is None:
            raise NotReceived("no valid dossier has been received yet")
        since: list[datetime] = []
        if self._supplement is not None:
            since.append(self._supplement)
            self._note(LedgerRule.PAUSED_FOR_SUPPLEMENT, self._supplement, None, source=self.terms.law.source)
        if self._suspension is not None:
            since.append(self._suspension.at)
            self._note(LedgerRule.PAUSED, self._suspension.at, None, note=self._suspension.reason)
        if not since:
            self._lines += stretch.lines(stretch.left, whole=True)
        return Due(
            at=stretch.due,
            original=stretch.due,
            promised=max(stretch.due, self._promised or stretch.due),
            paused_since=localised(min(since)) if since else None,
            allowed=stretch.allowed,
            unit=stretch.unit,
            ledger=tuple(self._lines),
            breaches=tuple(self.breaches),
        )


def _voided(line: LedgerLine) -> LedgerLine:
    if line.rule is not LedgerRule.COUNTED:
        return line
    return replace(line, rule=LedgerRule.VOIDED, counted=0, lost=line.counted)
