"""What the leaders' screen is made of: whose figures, which periods, tiles, lines of a table."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from tinhso.indicators.contracts import Definition, Figure, Measure, Part, Point, Target


class Split(StrEnum):
    """By what a figure is opened; the values stand in addresses."""

    TIER = "cap"
    UNIT = "don-vi"
    HEAD = "nguoi-dung-dau"
    MONTH = "thang"


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose figures are shown: `units` None means the whole province; `name` says it in words.

    `whole` says that the principal may ask for any unit of the province. `below` is the unit whose subtree is shown,
    `only` the units shown by themselves, `tier` the tier ("" for all).
    """

    units: frozenset[UUID] | None
    name: str
    whole: bool
    tier: str = ""
    below: UUID | None = None
    only: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class MeasuredBy:
    """One named way to measure an indicator, with what it gives."""

    measure: Measure
    figure: Figure


@dataclass(frozen=True, slots=True)
class Beside:
    """A figure that shows whether another one is gamed."""

    definition: Definition
    figure: Figure


@dataclass(frozen=True, slots=True)
class Overview:
    """An indicator on the leaders' screen: the headline split by tier, the other measures, the trend, the target.

    `expected` is what the target asks for by today. `whole_province` says that the figure knows no single units.
    """

    definition: Definition
    measures: tuple[MeasuredBy, ...]
    tiers: tuple[Part, ...]
    beside: tuple[Beside, ...]
    trend: tuple[Point, ...]
    target: Target | None
    expected: Decimal | None
    whole_province: bool

    @property
    def headline(self) -> MeasuredBy:
        return self.measures[0]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a figure that was opened: its name, and the units, the tier or the month that its rows are of."""

    name: str
    detail: str
    numerator: int
    denominator: int
    undecided: int
    value: Decimal | None
    units: tuple[UUID, ...] = ()
    tier: str = ""
    month: str = ""
