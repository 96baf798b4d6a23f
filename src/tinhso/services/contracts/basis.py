"""Say what any legal value in a package carries: a name in two languages, when it is in force, its basis."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tinhso.services.contracts.deadline import Certainty


@dataclass(frozen=True, slots=True)
class Title:
    """A name in Vietnamese, as the law has it, and in English."""

    vi: str
    en: str


@dataclass(frozen=True, slots=True)
class Validity:
    """First and last day in force; None = open on that side. Both days count."""

    valid_from: date | None
    valid_to: date | None

    def covers(self, day: date) -> bool:
        """Say whether `day` lies in force."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class LegalBasis:
    """A document the procedure stands on, and what it is cited for."""

    title: str
    cited_for: str
    validity: Validity
    certainty: Certainty
