"""Give and take sight of objects.

`grant_access` and its like run inside the act that makes them necessary (a case received, an opinion asked) and cost
one INSERT; that act speaks in the journal. Sight changed by hand has an action and an entry of its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Q

from tinhso.foundation.api import action, clock, journal, statements
from tinhso.foundation.contracts import Actor, ActorKind, Subject

from ..contracts import AccessChanged, Confidentiality, Grant, Right
from ..models import Access
from ..queries.principals import principal_for
from ..rules import rights


def grant_access(
    *,
    object_id: UUID,
    unit_id: UUID,
    reason: str,
    level: Confidentiality = Confidentiality.INTERNAL,
    valid_from: datetime | None = None,
    valid_to: datetime | None = None,
) -> None:
    """Let a unit see an object from now (or `valid_from`) until `valid_to`, the first instant without: one INSERT.

    `reason` says why, in the words of the room that owns the object ("received", "opinion"). Runs in the caller's
    action.
    """
    grant_all([Grant(object_id, unit_id, reason, level, valid_from, valid_to)])


def grant_all(grants: Iterable[Grant]) -> None:
    """Let many units see many objects: one INSERT for up to a thousand. Runs in the caller's action."""
    now = clock.business_now()
    rows = [
        Access(object_id=g.object_id, unit_id=g.unit_id, reason=g.reason, level=g.level,
               valid_from=g.valid_from or now, valid_to=g.valid_to)
        for g in grants
    ]  # fmt: skip
    if len(rows) == 1:
        statements.insert(rows[0])
        return
    Access.objects.bulk_create(rows, batch_size=1000)


def revoke_access(*, object_id: UUID, unit_id: UUID, reason: str | None = None, at: datetime | None = None) -> int:
    """End a unit's sight of an object from now (or `at`), for one reason or all; return how many rows ended.

    The rows stay: who could see what, and when, remains known. Runs in the caller's action.
    """
    moment = at or clock.business_now()
    open_rows = Q(valid_to__isnull=True) | Q(valid_to__gt=moment)
    rows = Access.objects.filter(open_rows, object_id=object_id, unit_id=unit_id)
    return (rows.filter(reason=reason) if reason else rows).update(valid_to=moment)


def set_level(*, object_id: UUID, level: Confidentiality) -> None:
    """Change how confidential an object is, for every unit that sees it. Runs in the caller's action."""
    Access.objects.filter(object_id=object_id).update(level=level)


@action
def change_access(*, grant: Grant, subject: Subject, allow: bool, actor: Actor) -> None:
    """Give or take sight by hand; raise PermissionDenied unless the actor may. `subject` is the object's own name."""
    authorise(actor, rights.MANAGE_ACCESS, grant.unit_id)
    if allow:
        grant_all([grant])
    else:
        revoke_access(object_id=grant.object_id, unit_id=grant.unit_id, reason=grant.reason)
    journal.append(AccessChanged(grant.unit_id, grant.reason, allow), subject=subject, actor=actor)


def authorise(actor: Actor, right: Right, unit: UUID | None = None) -> None:
    """Let the system and the simulator pass; raise PermissionDenied for an account that lacks the right."""
    if actor.kind is ActorKind.ACCOUNT and not rights.may(principal_for(UUID(actor.id)), right, unit):
        raise PermissionDenied(f"{actor} lacks {right.name}")
