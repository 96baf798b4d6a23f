"""Issue and revoke keys for programs."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from tinhso.foundation.api import action, clock, journal, randomness, text, vault
from tinhso.foundation.contracts import Actor, Subject

from ..contracts import TokenIssued, TokenRevoked
from ..models import Account, ApiToken
from ..rules import rights
from .access import authorise
from .people import NotAllowed


@action
def issue_token(
    *,
    actor: Actor,
    account_id: UUID,
    label: str,
    scopes: Collection[str],
    expires_at: datetime,
    units: Collection[UUID] = (),
) -> str:
    """Return a new key for a program; it is shown this once and kept only as a keyed hash.

    It can do what its account can, within `scopes` (names of rights) and, where given, `units`, until `expires_at`
    (machine time). Raise UnknownRight for a scope that no room declared.
    """
    authorise(actor, rights.ISSUE_TOKENS)
    names = sorted({rights.find(scope).name for scope in scopes})
    if expires_at <= clock.now():
        raise NotAllowed(_("Hạn dùng của mã truy cập phải ở tương lai."))
    token = f"ts_{randomness.token(32)}"
    row = ApiToken.objects.create(
        account=Account.objects.get(id=account_id), label=text.clean(label)[:80], digest=vault.blind(f"token:{token}"),
        scopes=names, units=sorted(str(u) for u in units), created_at=clock.now(), expires_at=expires_at,
    )  # fmt: skip
    journal.append(
        TokenIssued(row.id, tuple(names), expires_at), subject=Subject("organisation.account", account_id), actor=actor
    )
    return token


@action
def revoke_token(*, actor: Actor, token_id: UUID) -> None:
    """Make a key worthless from now on; revoking it again changes nothing."""
    authorise(actor, rights.ISSUE_TOKENS)
    row = ApiToken.objects.select_for_update().get(id=token_id)
    if row.revoked_at is None:
        row.revoked_at = clock.now()
        row.save(update_fields=["revoked_at"])
        journal.append(TokenRevoked(row.id), subject=Subject("organisation.account", row.account_id), actor=actor)
