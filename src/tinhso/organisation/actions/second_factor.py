"""Set up and check officials' second factor: time-based codes (RFC 6238, SHA-1, six digits, thirty seconds)."""

from __future__ import annotations

import base64
from datetime import datetime
from uuid import UUID

import pyotp
from django.utils.translation import gettext as _

from tinhso.foundation.api import action, clock, journal, randomness, vault
from tinhso.foundation.contracts import Actor, Subject

from ..contracts import AccountSignedIn, Refused, SignedIn, TotpEnrolled, TotpOffer
from ..models import Account
from ..queries.installation import is_demo

_STEP = 30  # seconds
_DRIFT = 1  # steps before and after


def fresh_step(secret: str, code: str, now: datetime, last_step: int) -> int | None:
    """Return the step whose code was typed, within one step of drift and later than the last one used; else None."""
    digits = "".join(c for c in code if c.isascii() and c.isdigit())
    current = int(now.timestamp()) // _STEP
    totp = pyotp.TOTP(secret)
    for step in range(current - _DRIFT, current + _DRIFT + 1):
        if step > last_step and pyotp.utils.strings_equal(totp.generate_otp(step), digits):
            return step
    return None


def offer_totp(*, login: str) -> TotpOffer:
    """Make a new second factor to show; nothing is kept until `enrol_totp` proves that it was taken over."""
    secret = base64.b32encode(randomness.bytes_(20)).decode()
    return TotpOffer(secret, pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name="Tỉnh Số"))


@action
def enrol_totp(*, account_id: UUID, secret: str, code: str) -> SignedIn | Refused:
    """Keep an official's second factor once a code proves it, and sign in. Refused where one is already set."""
    account = Account.objects.select_for_update().get(id=account_id, is_active=True)
    if account.totp_sealed is not None:
        return Refused("enrolled", _("Tài khoản đã có mã xác thực. Hãy đăng nhập lại từ đầu."))
    step = fresh_step(secret, code, clock.now(), 0)
    if step is None:
        return Refused("wrong", _("Mã chưa khớp. Hãy nhập mã đang hiện trên ứng dụng xác thực."), field="code")
    account.totp_sealed, account.totp_last_step = vault.seal(secret.encode()), step
    account.save(update_fields=["totp_sealed", "totp_last_step"])
    subject, actor = Subject("organisation.account", account.id), Actor.account(account.id)
    journal.append(TotpEnrolled(), subject=subject, actor=actor)
    journal.append(AccountSignedIn("totp"), subject=subject, actor=actor)
    return SignedIn(account.id, account.epoch, is_official=True)


def shown_totp(account_id: UUID) -> str:
    """Return the current code of a demonstration account, to be shown on its sign-in page; "" anywhere else.

    Where the current code was already used, the next one is shown: it is within the drift.
    """
    account = Account.objects.filter(id=account_id, is_demo=True).first() if is_demo() else None
    if account is None or account.totp_sealed is None:
        return ""
    step = max(int(clock.now().timestamp()) // _STEP, account.totp_last_step + 1)
    return pyotp.TOTP(vault.unseal(bytes(account.totp_sealed)).decode()).generate_otp(step)
