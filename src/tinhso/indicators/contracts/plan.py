"""Say what a condition is once it was read: tests of columns joined by "all" and "any", without negation.

A negation is pushed down to the tests when a condition is read, so that every test says itself what it makes of a value
that is not known, and no engine's three-valued logic decides in our stead.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

Scalar = str | int | bool | date | datetime | UUID


class ColumnKind(StrEnum):
    """What a fact's column holds."""

    TEXT = "text"
    INTEGER = "integer"
    BOOLEAN = "boolean"
    DATE = "date"
    MOMENT = "moment"  # an aware time
    IDENTITY = "identity"  # a UUID


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a fact that may be asked for; `nullable` says that its value may be unknown."""

    name: str
    kind: ColumnKind
    nullable: bool


class TestKind(StrEnum):
    """How a column is tested."""

    __test__ = False  # no test class, whatever its name

    IN = "in"
    NOT_IN = "not_in"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    UNKNOWN = "unknown"
    KNOWN = "known"


@dataclass(frozen=True, slots=True)
class Test:
    """A test of one column; `when_unknown` is its outcome where the column holds nothing."""

    __test__ = False

    column: str
    kind: TestKind
    values: tuple[Scalar, ...] = ()
    when_unknown: bool = False


@dataclass(frozen=True, slots=True)
class All:
    """True where every part is true; without parts, always."""

    parts: tuple[Plan, ...] = ()


@dataclass(frozen=True, slots=True)
class Any:
    """True where some part is true; without parts, never."""

    parts: tuple[Plan, ...] = ()


Plan = Test | All | Any


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition as it was read: the plan, its exact opposite, and where it says nothing of an unknown value.

    `silent` names the nullable columns that are compared without a word on what an unknown value means. A row that does
    not satisfy `holds` and lacks a silent column is undecided: it is counted, and shown, beside the figure.
    """

    holds: Plan
    fails: Plan
    columns: frozenset[str] = frozenset()
    silent: frozenset[str] = frozenset()

    @property
    def undecided(self) -> Plan:
        """The plan of the rows that cannot be told yet."""
        lacking = tuple(Test(name, TestKind.UNKNOWN, when_unknown=True) for name in sorted(self.silent))
        return All((self.fails, Any(lacking)))
