"""Shape what a folder says of an organisation, before any of it is a row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from ..contracts import Certainty, Part, Role, Tier, UnitKind

FOREVER = date.max


class DataProblem(ValueError):
    """A folder's data cannot be loaded; `problems` say where and why."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit and one stretch of its life; `display_name` is filled in once all are known."""

    key: str
    kind: UnitKind
    sector: str
    code: str
    kind_word: str
    name: str
    tier: Tier
    parent: str
    territory: str
    valid_from: date
    valid_to: date | None
    source: str
    certainty: Certainty
    note: str = ""
    display_name: str = ""

    @property
    def full_name(self) -> str:
        """The name with its kind word, as a heading: "Phường Cẩm Thượng"."""
        words = self.in_sentence
        return words[:1].upper() + words[1:]

    @property
    def in_sentence(self) -> str:
        """The name with its kind word, inside a sentence: "phường Cẩm Thượng"."""
        return f"{self.kind_word} {self.name}" if self.kind_word else self.name

    @property
    def last(self) -> date:
        return self.valid_to or FOREVER


@dataclass(frozen=True, slots=True)
class SuccessionRow:
    predecessor: str
    successor: str
    part: Part
    effective: date
    source: str
    certainty: Certainty


@dataclass(frozen=True, slots=True)
class IdentifierRow:
    unit: str
    value: str
    valid_from: date
    valid_to: date | None
    source: str
    certainty: Certainty


@dataclass(frozen=True, slots=True)
class PostRow:
    unit: str
    title: str
    role: Role
    accountable_head: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything a folder says, checked and complete."""

    name: str
    version: int
    root: str
    units: tuple[UnitRow, ...]
    successions: tuple[SuccessionRow, ...]
    identifiers: tuple[IdentifierRow, ...]
    posts: tuple[PostRow, ...]


@dataclass
class Register:
    """The rows known so far, found by key, by sector and territory, and by day."""

    by_key: dict[str, list[UnitRow]] = field(default_factory=dict)
    agencies: dict[tuple[str, str], list[UnitRow]] = field(default_factory=dict)

    @classmethod
    def of(cls, rows: Iterable[UnitRow]) -> Register:
        register = cls()
        for row in rows:
            register.add(row)
        return register

    def add(self, row: UnitRow) -> None:
        self.by_key.setdefault(row.key, []).append(row)
        if row.sector:
            self.agencies.setdefault((row.sector, row.territory), []).append(row)

    def at(self, key: str, on: date) -> UnitRow | None:
        """Return a unit as it was on a day, or None."""
        return next((r for r in self.by_key.get(key, ()) if r.valid_from <= on <= r.last), None)

    def during(self, key: str, first: date, last: date) -> list[UnitRow]:
        """Return a unit's rows that touch a stretch of days, in order."""
        rows = [r for r in self.by_key.get(key, ()) if r.valid_from <= last and r.last >= first]
        return sorted(rows, key=lambda r: r.valid_from)

    def agency(self, sector: str, tier: Tier, territory: str, on: date) -> UnitRow | None:
        """Return the agency of a sector that serves a territory's ancestor at a tier (or the territory itself)."""
        place = self.at(territory, on)
        while place is not None and place.tier is not tier:
            place = self.at(place.parent, on) if place.parent else None
        if place is None:
            return None
        found = self.agencies.get((sector, place.key), ())
        return next((r for r in found if r.valid_from <= on <= r.last), None)

    def covers(self, key: str, first: date, last: date) -> bool:
        """Say whether a unit lives on every day of a stretch."""
        day = first
        for row in self.during(key, first, last):
            if row.valid_from > day:
                return False
            if row.last >= last:
                return True
            day = row.last + timedelta(days=1)
        return False


def overlap(
    first: date, last: date | None, other_first: date | None, other_last: date | None
) -> tuple[date, date | None] | None:
    """Return the days two stretches share, or None; None as an end means without end."""
    start = max(first, other_first or first)
    end = min(last or FOREVER, other_last or FOREVER)
    if start > end:
        return None
    return start, (None if end == FOREVER else end)


def matches(rule: Mapping[str, Any], **found: str) -> bool:
    """Say whether every word that a rule names is the one found."""
    return all(rule.get(name) in (None, value) for name, value in found.items())
