"""Describe units, their names in time and what they came from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID


class Certainty(StrEnum):
    """How sure we are of a recorded value."""

    READ = "read"
    SECONDARY = "secondary"
    COMPUTED = "computed"
    MEMORY = "memory"
    UNKNOWN = "unknown"
    INVENTED = "invented"  # demonstration only, said so on screen


class UnitKind(StrEnum):
    """What a unit is."""

    PEOPLE_COMMITTEE = "people_committee"
    DEPARTMENT = "department"
    DIVISION = "division"
    AGENCY = "agency"
    PARTY_COMMITTEE = "party_committee"
    FRONT = "front"
    UNION = "union"
    PRESS = "press"


class Tier(StrEnum):
    """At which level a unit works. The district tier ended on 30/06/2025 (NQ 1669/NQ-UBTVQH15, read in the text)."""

    PROVINCE = "province"
    DISTRICT = "district"
    COMMUNE = "commune"


class Part(StrEnum):
    """How much of a unit went into the next: all of it, some of it, or not known."""

    FULL = "full"
    PARTIAL = "partial"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as it was on a day.

    `id` stays through every renaming; `code` does not tell units apart (the 64 communes of 2025 all reuse an old one).
    `display_name` always names the district or province too: seven commune names were not unique in 2021.
    `valid_from` and `valid_to` are whole days, the last one included; `valid_to` None means still so.
    `territory_id` is the territory whose affairs the unit serves (itself, for a people's committee).
    """

    id: UUID
    key: str
    kind: UnitKind
    sector: str
    code: str
    kind_word: str
    name: str
    full_name: str
    display_name: str
    tier: Tier
    parent_id: UUID | None
    territory_id: UUID | None
    valid_from: date
    valid_to: date | None
    source: str
    certainty: Certainty
    note: str

    @property
    def formal_name(self) -> str:
        """The name as an authority signs: "Ủy ban nhân dân phường Cẩm Thượng"."""
        if self.kind is UnitKind.PEOPLE_COMMITTEE:
            return f"Ủy ban nhân dân {self.kind_word} {self.name}"
        return self.full_name


@dataclass(frozen=True, slots=True)
class Succession:
    """A link in time between units. `other` is None where what the unit became (or came from) is not known."""

    other: Unit | None
    part: Part
    effective: date
    source: str
    certainty: Certainty


@dataclass(frozen=True, slots=True)
class Identifier:
    """An agency identifier code for documents and case codes, with how sure it is."""

    value: str
    unit_id: UUID
    certainty: Certainty
    source: str


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What a load of an organisation changed; all zero when it had been loaded before."""

    units: int
    versions: int
    successions: int
    identifiers: int
    posts: int
    changed: int

    @property
    def anything(self) -> bool:
        return any((self.units, self.versions, self.successions, self.identifiers, self.posts, self.changed))
