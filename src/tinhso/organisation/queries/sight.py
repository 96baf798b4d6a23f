"""Decide what a principal sees: one predicate for lists, pages, files, exports and the API."""

from __future__ import annotations

import functools
import operator
from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q

from ..contracts import Principal
from ..models import Access
from ..rules import rights
from .among import Among

_FEW = 4  # up to so many units, an index seek for each is cheapest


def visible(principal: Principal, object_field: str = "id", *, right: str | None = None) -> Q:
    """Return the condition that a row's object is within a principal's sight, for any room's queryset.

    An object is seen through an access row of a unit in reach, valid at the principal's moment, of a confidentiality
    the principal's role is cleared for in that unit; with `right`, only units where the principal holds it count.
    Citizens and enterprises hold no post, so nothing is seen this way: their own cases are theirs by the applicant.
    """
    rows = _access(principal, right)
    if rows is None:
        return Q(pk__in=())
    return Q(Exists(Access.objects.filter(rows, object_id=OuterRef(object_field))))


def sees(principal: Principal, object_id: UUID, *, right: str | None = None) -> bool:
    """Say whether a principal sees one object: the same predicate, in one query."""
    rows = _access(principal, right)
    return rows is not None and Access.objects.filter(rows, object_id=object_id).exists()


def seen_among(principal: Principal, object_ids: Collection[UUID], *, right: str | None = None) -> frozenset[UUID]:
    """Return which of some objects a principal sees, in one query."""
    rows = _access(principal, right)
    if rows is None or not object_ids:
        return frozenset()
    return frozenset(Access.objects.filter(rows, object_id__in=object_ids).values_list("object_id", flat=True))


def units_with_sight(object_id: UUID, at: datetime) -> dict[UUID, tuple[str, ...]]:
    """Return which units see an object at an instant of business time, and for which reasons."""
    found: dict[UUID, tuple[str, ...]] = {}
    for unit, reason in Access.objects.filter(_valid(at), object_id=object_id).values_list("unit_id", "reason"):
        found[unit] = (*found.get(unit, ()), reason)
    return found


def _valid(at: datetime) -> Q:
    return Q(valid_from__lte=at) & (Q(valid_to__isnull=True) | Q(valid_to__gt=at))


def _access(principal: Principal, right: str | None) -> Q | None:
    """The access rows that give a principal sight; None where there can be none."""
    groups = rights.reach_by_clearance(principal, right)
    if not groups:
        return None
    condition = _one_of(frozenset[UUID]().union(*groups.values())) & Q(level__lte=max(groups))
    if len(groups) > 1:  # the line above lets an index answer; these tell the units' clearances apart
        each = [_one_of(units) & Q(level__lte=level) for level, units in groups.items()]
        condition &= functools.reduce(operator.or_, each)
    return condition & _valid(principal.at)


def _one_of(units: frozenset[UUID]) -> Q:
    return Q(unit_id__in=units) if len(units) <= _FEW else Q(Among(F("unit_id"), units))
