"""Say what a fee is, what an installation sets itself, and what a person is to pay."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from tinhso.services.contracts.basis import Validity
from tinhso.services.contracts.deadline import Certainty, Channel


class FeePer(StrEnum):
    """What a fee is counted by."""

    CASE = "case"
    COPY = "copy"


@dataclass(frozen=True, slots=True)
class Fee:
    """An amount in VND per case or copy, or None = set by the basis named, unknown here (never 0)."""

    id: str
    title: str
    amount: int | None
    per: FeePer
    count_field: str | None
    basis: str
    refundable: bool
    variants: tuple[str, ...]
    channels: tuple[Channel, ...]
    condition: str | None
    validity: Validity
    source: str
    certainty: Certainty


@dataclass(frozen=True, slots=True)
class OverlayFee:
    """The installation's amount, in VND, for a fee the package leaves open, with its own document."""

    fee_id: str
    amount: int
    channels: tuple[Channel, ...]
    document: str
    validity: Validity
    certainty: Certainty


@dataclass(frozen=True, slots=True)
class FeeOverlay:
    """Amounts that fill a package's open fees; the demo's are marked invented."""

    rows: tuple[OverlayFee, ...]


@dataclass(frozen=True, slots=True)
class FeeLine:
    """One line of a bill in VND; `amount` = unit amount × count, or None = not set."""

    fee_id: str
    title: str
    unit_amount: int | None
    count: int
    amount: int | None
    refundable: bool
    basis: str
    source: str
    certainty: Certainty


@dataclass(frozen=True, slots=True)
class FeeDecision:
    """What is to be paid in VND. `amount` None = not set (say by whom), 0 = free by law."""

    amount: int | None
    lines: tuple[FeeLine, ...]
    basis: str
    certainty: Certainty
