"""Find out who is acting: an account with every right that its posts and delegations give at a moment."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Q, QuerySet
from django.db.models.functions import Cast

from tinhso.foundation.api import clock, statements, vault

from ..contracts import AccountKind, Principal, Role, Seat
from ..models import Account, ApiToken, Delegation, EnterpriseMember, Holding
from ..rules import rights
from .units import on_day, subtrees


def anonymous(at: datetime | None = None) -> Principal:
    """Return the principal of someone who has not signed in."""
    return Principal(None, None, "", at or clock.business_now())


def principal_for(account_id: UUID, at: datetime | None = None) -> Principal:
    """Return the principal of an account at an instant of business time, in at most three queries.

    An account that does not exist or was closed is anonymous.
    """
    moment = at or clock.business_now()
    account = Account.objects.filter(id=account_id, is_active=True).first()
    return anonymous(moment) if account is None else _principal(account, moment)


def principal_for_session(account_id: UUID, epoch: int, at: datetime | None = None) -> Principal:
    """Return the principal of a session; anonymous once everything was signed out since it began."""
    moment = at or clock.business_now()
    account = Account.objects.filter(id=account_id, is_active=True, epoch=epoch).first()
    return anonymous(moment) if account is None else _principal(account, moment)


def principal_for_token(token: str, at: datetime | None = None) -> Principal:
    """Return the principal of an API token, limited to its scopes and units; anonymous where it is not valid."""
    moment = at or clock.business_now()
    row = _token.first(digest=vault.blind(f"token:{token}"), now=clock.now())
    if row is None:
        return anonymous(moment)
    scopes, units_named, ident, kind, name, person_id, is_demo = row
    whole = _whole(Principal(ident, AccountKind(kind), name, moment, person_id, is_demo=is_demo))
    units = frozenset(UUID(u) for u in units_named)
    seats = tuple(replace(s, reach=s.reach & units) for s in whole.seats) if units else whole.seats
    return replace(whole, seats=tuple(s for s in seats if s.reach), scopes=frozenset(scopes))


def _principal(account: Account, at: datetime) -> Principal:
    kind = AccountKind(account.kind)
    return _whole(Principal(account.id, kind, account.name, at, account.person_id, is_demo=account.is_demo))


def _whole(base: Principal) -> Principal:
    """Add the seats that follow from posts, or the enterprises acted for."""
    today = base.at.astimezone(clock.LOCAL).date()
    if not base.is_official:
        members = _members.all(account=base.account_id, day=today)
        return replace(base, enterprise_ids=frozenset(ident for (ident,) in members)) if members else base
    if base.person_id is None:
        return base
    return replace(base, seats=seats_of(base.person_id, today))


_token = statements.Read(
    lambda digest, now: ApiToken.objects.filter(
        digest=digest, revoked_at__isnull=True, expires_at__gt=now, account__is_active=True
    ).values_list(
        "scopes", "units", "account_id", "account__kind", "account__name", "account__person_id", "account__is_demo"
    )
)
_members = statements.Read(
    lambda account, day: EnterpriseMember.objects.filter(on_day(day), account_id=account).values_list("enterprise_id")
)


def seats_of(person_id: UUID, on: date) -> tuple[Seat, ...]:
    """Return the seats a person has on a day by its own posts and by delegation: two queries at most.

    A delegation lives no longer than the holding it comes from.
    """
    found = _held.all(person=person_id, day=on)
    return _seats(((unit, role, holding, owner) for unit, roles, holding, owner in found for role in _roles(roles)), on)


def _own_and_lent(person: Any, day: Any) -> QuerySet[Any, Any]:
    text_type, no_person = models.TextField(), models.Value(None, output_field=models.UUIDField(null=True))
    own = Holding.objects.filter(on_day(day), person_id=person).values_list(
        "post__unit_id", Cast("post__role", text_type), "id", no_person
    )
    living = Q(from_holding__valid_from__lte=day) & (
        Q(from_holding__valid_to__isnull=True) | Q(from_holding__valid_to__gte=day)
    )
    lent = Delegation.objects.filter(on_day(day), living, to_person_id=person).values_list(
        "from_holding__post__unit_id", Cast("roles", text_type), "from_holding_id", "from_holding__person_id"
    )
    return own.union(lent)


_held = statements.Read(_own_and_lent)


def _roles(stored: str) -> list[Role]:
    """Read one role, or the JSON list that a delegation keeps."""
    return [Role(r) for r in json.loads(stored)] if stored.startswith("[") else [Role(stored)]


def _seats(found: Iterable[tuple[UUID, Role, UUID, UUID | None]], on: date) -> tuple[Seat, ...]:
    held = list(found)
    tops = {unit for unit, role, _, _ in held if role in rights.SUBTREE_ROLES}
    below: Mapping[UUID, frozenset[UUID]] = subtrees(tops, on)
    return tuple(
        Seat(
            unit_id=unit,
            role=role,
            reach=below.get(unit, frozenset({unit})) if role in rights.SUBTREE_ROLES else frozenset({unit}),
            clearance=rights.CLEARANCE[role],
            holding_id=holding,
            on_behalf_of=owner,
        )
        for unit, role, holding, owner in held
    )
