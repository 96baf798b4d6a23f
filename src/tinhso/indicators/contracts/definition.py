"""Say what an indicator is: what it counts, of what, by which document, towards which targets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from .figure import Period
from .plan import Condition, Scalar


class Certainty(StrEnum):
    """How sure a legal value is; `own` marks a definition or convention of this system."""

    READ = "read"
    SECONDARY = "secondary"
    MEMORY = "memory"
    UNKNOWN = "unknown"
    OWN = "own"


class Unit(StrEnum):
    """In what an indicator is expressed: a share of 0..100, or a number of rows."""

    PERCENT = "percent"
    COUNT = "count"


class Direction(StrEnum):
    """Which way is better."""

    UP = "up"
    DOWN = "down"


class WindowKind(StrEnum):
    """Which rows a period takes in."""

    WITHIN = "within"  # the column's day lies in the period; the newest knowledge of each counts
    OPEN = "open"  # begun by the period's end and not over before it began; as things stood at its end
    STOCK = "stock"  # all there are, as things stood at the period's end


@dataclass(frozen=True, slots=True)
class Window:
    """How rows belong to a period: `column` begins (or dates) a row, `until` ends it."""

    kind: WindowKind
    column: str = ""
    until: str = ""


@dataclass(frozen=True, slots=True)
class Title:
    """A name in Vietnamese and in English."""

    vi: str
    en: str


@dataclass(frozen=True, slots=True)
class Basis:
    """A document something stands on, and how it is known."""

    title: str
    cited_for: str
    source: str
    certainty: Certainty


@dataclass(frozen=True, slots=True)
class Measure:
    """A named way to measure an indicator: its rows, and which of them count."""

    id: str
    title: Title
    window: Window
    numerator: Condition
    denominator: Condition
    numerator_words: str
    denominator_words: str
    basis: Basis


@dataclass(frozen=True, slots=True)
class Baseline:
    """Where the way to a target begins: the value taken for a day, and why."""

    on: date
    value: Decimal
    note: str


@dataclass(frozen=True, slots=True)
class Target:
    """A value promised by a document, to be reached by a day (None: none given)."""

    id: str
    document: str
    issued: date
    value: Decimal
    due: date | None
    source: str
    certainty: Certainty
    note: str
    baseline: Baseline | None


@dataclass(frozen=True, slots=True)
class Expected:
    """What an example must give for one measure."""

    measure: str
    numerator: int
    denominator: int
    undecided: int
    value: Decimal | None


@dataclass(frozen=True, slots=True)
class Example:
    """Rows and a period with the figures they must give."""

    name: str
    period: Period
    rows: tuple[Mapping[str, Scalar | None], ...]
    expected: tuple[Expected, ...]


@dataclass(frozen=True, slots=True)
class Definition:
    """An indicator as its package declares it. The first measure is the headline."""

    id: str
    version: int
    status: str
    title: Title
    summary: str
    owner: str
    unit: Unit
    direction: Direction
    fact: str
    measures: tuple[Measure, ...]
    breakdowns: tuple[str, ...]
    watch: tuple[str, ...]
    targets: tuple[Target, ...]
    legal_basis: tuple[Basis, ...]
    examples: tuple[Example, ...]
    valid_from: date
    valid_to: date | None

    def measure(self, measure_id: str = "") -> Measure:
        """Return a measure by its id, the headline without one; raise KeyError where there is none."""
        if not measure_id:
            return self.measures[0]
        for measure in self.measures:
            if measure.id == measure_id:
                return measure
        raise KeyError(measure_id)

    def targets_on(self, day: date) -> tuple[Target, ...]:
        """Return the targets issued by a day, in the order of the package: the first is the one to show."""
        return tuple(target for target in self.targets if target.issued <= day)
