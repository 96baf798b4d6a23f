"""Say what was measured: figures, their parts, the rows that make them, and how fresh they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from .plan import Scalar


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """Whole days of the province's calendar, both included."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.first > self.last:
            raise ValueError(f"a period cannot end on {self.last} before it begins on {self.first}")

    @classmethod
    def month(cls, year: int, month: int) -> Period:
        """Return a calendar month."""
        following = date(year + month // 12, month % 12 + 1, 1)
        return cls(date(year, month, 1), following - timedelta(days=1))


class Side(StrEnum):
    """Which rows of a figure are meant."""

    ALL = "all"  # the denominator
    COUNTED = "counted"  # the numerator
    OTHERS = "others"  # in the denominator, not in the numerator
    UNDECIDED = "undecided"  # of the others, those that cannot be told yet


class Breakdown(StrEnum):
    """A column by which figures may be split."""

    TIER = "tier"
    UNIT = "unit_id"


@dataclass(frozen=True, slots=True)
class Freshness:
    """Up to which journal entry a figure speaks, when it was taken, and when something of it last changed."""

    position: int
    taken_at: datetime
    changed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a figure: the value of the column it was split by, and its counts. Parts add up to the figure."""

    key: str | UUID | None
    numerator: int
    denominator: int
    undecided: int
    value: Decimal | None


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured figure. `value` is None where there is nothing to say, and `reason` says why; never 0 for that.

    `undecided` rows are in the denominator, not (yet) in the numerator, and may still come into it.
    """

    indicator: str
    version: int
    measure: str
    period: Period
    numerator: int
    denominator: int
    undecided: int
    value: Decimal | None
    reason: str
    freshness: Freshness
    parts: tuple[Part, ...] = ()

    @property
    def decided(self) -> int:
        """How many rows of the denominator are decided for good."""
        return self.denominator - self.undecided

    @property
    def completeness(self) -> Decimal | None:
        """The share of the denominator that is decided, 0..100; None where there is no row."""
        return Decimal(self.decided * 100) / Decimal(self.denominator) if self.denominator else None


@dataclass(frozen=True, slots=True)
class Point:
    """A month of a series; `value` is None where the month has nothing to say."""

    period: Period
    numerator: int
    denominator: int
    undecided: int
    value: Decimal | None


@dataclass(frozen=True, slots=True)
class FactRow:
    """A row of a figure: the subject it is about, whether it counts, and what is known of it."""

    subject_id: UUID
    counted: bool
    undecided: bool
    values: Mapping[str, Scalar | None]


@dataclass(frozen=True, slots=True)
class RowPage:
    """A page of a figure's rows; `total` counts all of them."""

    fact: str
    rows: tuple[FactRow, ...]
    total: int
    page: int
    size: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.size))
