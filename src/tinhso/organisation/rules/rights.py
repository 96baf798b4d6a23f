"""Decide who may do what: the rights the rooms declare, the roles that carry them, what each role is cleared for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from uuid import UUID

from ..contracts import Confidentiality, Principal, Right, Role

CLEARANCE: Mapping[Role, Confidentiality] = MappingProxyType(
    {
        Role.CLERK: Confidentiality.INTERNAL,
        Role.OFFICER: Confidentiality.RESTRICTED,
        Role.LEADER: Confidentiality.SECRET,
        Role.SUPERVISOR: Confidentiality.INTERNAL,
        Role.PROVINCE_LEADER: Confidentiality.SECRET,
        Role.AUDITOR: Confidentiality.RESTRICTED,
        Role.ADMIN: Confidentiality.PUBLIC,  # running the system gives no sight of cases
    }
)
# Roles whose holder meets the objects of every unit below its own.
SUBTREE_ROLES = frozenset({Role.SUPERVISOR, Role.PROVINCE_LEADER, Role.AUDITOR, Role.ADMIN})

_declared: dict[str, Right] = {}


class UnknownRight(LookupError):
    """Code asked for a right that no room declared."""


def declare(name: str, label: str, roles: Iterable[Role]) -> Right:
    """Declare a right of a room ("services.case.receive") with its label and the roles that carry it.

    Declaring the same again changes nothing; declaring it differently is refused.
    """
    right = Right(name, label, frozenset(roles))
    if name.count(".") < 1:
        raise ValueError(f"{name}: a right is named room.thing.verb")
    if _declared.setdefault(name, right) != right:
        raise ValueError(f"{name}: declared twice, differently")
    return right


def declared() -> tuple[Right, ...]:
    """Return every declared right, by name."""
    return tuple(_declared[name] for name in sorted(_declared))


def find(name: str) -> Right:
    """Return a right by its name; raise UnknownRight where no room declared it."""
    try:
        return _declared[name]
    except KeyError:
        raise UnknownRight(name) from None


def may(principal: Principal, right: str | Right, unit: UUID | None = None) -> bool:
    """Say whether a principal holds a right: in `unit`, or anywhere when no unit is given."""
    wanted = right if isinstance(right, Right) else find(right)
    if principal.scopes is not None and wanted.name not in principal.scopes:
        return False
    return any(seat.role in wanted.roles and (unit is None or unit in seat.reach) for seat in principal.seats)


def reach_by_clearance(principal: Principal, right: str | None) -> dict[Confidentiality, frozenset[UUID]]:
    """Group the units a principal meets by the highest confidentiality it is cleared for there.

    With `right`, only units where the principal holds it count.
    """
    wanted = find(right) if right else None
    if wanted and principal.scopes is not None and wanted.name not in principal.scopes:
        return {}
    best: dict[UUID, Confidentiality] = {}
    for seat in principal.seats:
        if wanted and seat.role not in wanted.roles:
            continue
        for unit in seat.reach:
            best[unit] = max(best.get(unit, Confidentiality.PUBLIC), seat.clearance)
    groups: dict[Confidentiality, set[UUID]] = {}
    for unit, level in best.items():
        groups.setdefault(level, set()).add(unit)
    return {level: frozenset(units) for level, units in groups.items()}


MANAGE_PEOPLE = declare("organisation.people.manage", "Quản lý chức vụ và tài khoản", (Role.ADMIN,))
MANAGE_ACCESS = declare("organisation.access.manage", "Cấp và thu hồi quyền xem", (Role.ADMIN, Role.LEADER))
ISSUE_TOKENS = declare("organisation.token.issue", "Cấp mã truy cập API", (Role.ADMIN,))
