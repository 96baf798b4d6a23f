"""Say who may do what: roles, rights, confidentiality, and the principal who acts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum
from uuid import UUID

from tinhso.foundation.contracts import Actor


class Role(StrEnum):
    """What a post lets its holder do in its unit."""

    CLERK = "clerk"  # tiếp nhận
    OFFICER = "officer"  # xử lý
    LEADER = "leader"  # ký
    SUPERVISOR = "supervisor"  # theo dõi, đôn đốc: sees the whole subtree
    PROVINCE_LEADER = "province_leader"
    AUDITOR = "auditor"
    ADMIN = "admin"


class Confidentiality(IntEnum):
    """How widely an object may be seen; higher is narrower.

    The law's own degrees of state secret are not kept in this system: `SECRET` is the house's narrowest circle.
    """

    PUBLIC = 0
    INTERNAL = 1
    RESTRICTED = 2
    SECRET = 3


class AccountKind(StrEnum):
    CITIZEN = "citizen"
    ENTERPRISE = "enterprise"
    OFFICIAL = "official"
    SERVICE = "service"


@dataclass(frozen=True, slots=True)
class Right:
    """A right owned by a room: its name ("services.case.receive"), its Vietnamese label, the roles that carry it."""

    name: str
    label: str
    roles: frozenset[Role]


@dataclass(frozen=True, slots=True)
class Seat:
    """A role that a principal holds: in which unit, over which units, by whose delegation."""

    unit_id: UUID
    role: Role
    reach: frozenset[UUID]
    clearance: Confidentiality
    holding_id: UUID | None = None
    on_behalf_of: UUID | None = None  # the person whose post was delegated


@dataclass(frozen=True, slots=True)
class Principal:
    """Who is acting at a moment of business time, with every right that follows from posts and delegations.

    `scopes` limits an API token to the rights it names; None means no such limit.
    """

    account_id: UUID | None
    kind: AccountKind | None
    name: str
    at: datetime
    person_id: UUID | None = None
    seats: tuple[Seat, ...] = ()
    enterprise_ids: frozenset[UUID] = frozenset()
    scopes: frozenset[str] | None = None
    is_demo: bool = False

    @property
    def is_anonymous(self) -> bool:
        return self.account_id is None

    @property
    def is_official(self) -> bool:
        return self.kind in (AccountKind.OFFICIAL, AccountKind.SERVICE)

    @property
    def reach(self) -> frozenset[UUID]:
        """Every unit whose objects the principal may meet at all."""
        return frozenset[UUID]().union(*(seat.reach for seat in self.seats))

    @property
    def clearance(self) -> Confidentiality:
        """The highest confidentiality the principal is cleared for anywhere."""
        return max((seat.clearance for seat in self.seats), default=Confidentiality.PUBLIC)

    @property
    def actor(self) -> Actor:
        """The principal as the journal names it."""
        return Actor.system("anonymous") if self.account_id is None else Actor.account(self.account_id)

    def roles_in(self, unit_id: UUID) -> frozenset[Role]:
        """The roles held in, or reaching down to, one unit."""
        return frozenset(seat.role for seat in self.seats if unit_id in seat.reach)

    def units_as(self, roles: Iterable[Role]) -> frozenset[UUID]:
        """The units in which the principal itself holds one of some roles (delegated ones included)."""
        wanted = frozenset(roles)
        return frozenset(seat.unit_id for seat in self.seats if seat.role in wanted)


@dataclass(frozen=True, slots=True)
class Grant:
    """Sight of an object for a unit, and why. Instants of business time; `valid_to` is the first moment without."""

    object_id: UUID
    unit_id: UUID
    reason: str
    level: Confidentiality = Confidentiality.INTERNAL
    valid_from: datetime | None = None
    valid_to: datetime | None = None
