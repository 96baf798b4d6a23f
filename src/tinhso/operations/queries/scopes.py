"""Say whose figures a principal may see, and narrow them as asked."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from uuid import UUID

from tinhso.operations import rights
from tinhso.operations.contracts import Scope
from tinhso.organisation import api as organisation
from tinhso.organisation.contracts import Principal, Tier, Unit


class OutOfReach(Exception):
    """The unit asked for is not one the principal answers for or watches over."""


def scope_of(
    principal: Principal, on: date, *, below: UUID | None = None, only: Collection[UUID] = (), tier: str = ""
) -> Scope:
    """Return the scope a principal asks for: the province or its own units, a unit with all below it, or single units.

    Whoever holds the right at the province's own committee sees the whole province. Raises OutOfReach. At most three
    queries.
    """
    mine = _reach(principal)
    province = {unit.id: unit for unit in organisation.units.of_tier(Tier.PROVINCE, on)}
    whole = bool(mine & province.keys())
    chosen = tier if tier in set(Tier) else ""
    wanted = frozenset(only) or (organisation.units.subtree(below, on) if below else frozenset())
    if not wanted and not (below or only):
        own = None if whole else mine
        return Scope(own, _name(principal, whole, on), whole, chosen)
    if not whole and not wanted <= mine:
        raise OutOfReach
    names = organisation.units.names(frozenset(only) or {below} if below else frozenset(only), on)
    if not names:
        raise OutOfReach
    return Scope(wanted, ", ".join(sorted(names.values())[:3]), whole, chosen, below, tuple(sorted(only)))


def choices(scope: Scope, on: date) -> list[Unit]:
    """Return the units to narrow the whole province to: its districts, or its communes where there are none."""
    if not scope.whole:
        return []
    return organisation.units.of_tier(Tier.DISTRICT, on) or organisation.units.of_tier(Tier.COMMUNE, on)


def _reach(principal: Principal) -> frozenset[UUID]:
    roles = organisation.rights.find(rights.VIEW).roles
    return frozenset[UUID]().union(*(seat.reach for seat in principal.seats if seat.role in roles))


def _name(principal: Principal, whole: bool, on: date) -> str:
    if whole:
        return "toàn tỉnh"
    roles = organisation.rights.find(rights.VIEW).roles
    names = organisation.units.names(principal.units_as(roles), on)
    return ", ".join(sorted(names.values())[:3])
