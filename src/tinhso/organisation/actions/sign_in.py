"""Let people in: citizens by a one-time code, officials by password and a second factor.

A refused try is counted, so what refuses returns `Refused` instead of raising: its transaction must be kept.
What is answered never tells whether an account exists.
"""

from __future__ import annotations

import hmac
import unicodedata
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.auth import hashers
from django.utils.translation import gettext as _

from tinhso.foundation.api import action, clock, journal, randomness, vault
from tinhso.foundation.contracts import Actor, Subject

from ..contracts import (
    AccountCreated,
    AccountKind,
    AccountSignedIn,
    CodeRequested,
    CodeSent,
    PasswordAccepted,
    Refused,
    SignedIn,
    SignedOutEverywhere,
    SignInRefused,
)
from ..models import Account, OneTimeCode
from ..queries.installation import is_demo
from ..rules import identity
from ..rules.throttle import Scope
from . import throttling
from .second_factor import fresh_step

CODE_LIFE = timedelta(minutes=10)
CODE_TRIES = 5
_SELF = Actor.system("organisation.sign_in")


@action
def request_code(*, identifier: str, address: str) -> CodeSent | Refused:
    """Send a one-time code to a phone number or e-mail address; the account is made when the code is redeemed.

    `address` is where the request comes from. The code goes into the personal payload of `CodeRequested`, which the
    wiring delivers; it lives ten minutes.
    """
    try:
        channel, destination = identity.destination(identifier)
    except ValueError as error:
        return Refused("unreadable", _(str(error)), field="identifier")
    watched = [(Scope.CODE_TO, destination), (Scope.CODE_FROM, address)]
    if held := throttling.waiting(watched):
        return held
    throttling.count(watched)
    code, now = randomness.digits(6), clock.now()
    row = OneTimeCode(
        channel=channel.value,
        destination_sealed=vault.seal(destination.encode()),
        destination_blind=vault.blind(f"destination:{destination}"),
        created_at=now,
        expires_at=now + CODE_LIFE,
    )
    row.digest = _digest(row.id, code)
    row.save(force_insert=True)
    journal.append(
        CodeRequested(channel.value, row.expires_at),
        subject=Subject("organisation.code", row.id),
        actor=_SELF,
        personal={"destination": destination, "code": code},
    )
    shown = code if is_demo() else ""
    return CodeSent(row.id, identity.masked(destination), row.expires_at, shown)


@action
def redeem_code(*, request_id: UUID, code: str, address: str) -> SignedIn | Refused:
    """Sign in with a one-time code; the first time, make the account. A code is good once, ten minutes, five tries."""
    watched = [(Scope.REDEEM_FROM, address)]
    if held := throttling.waiting(watched):
        return held
    row = OneTimeCode.objects.select_for_update().filter(id=request_id, used_at__isnull=True).first()
    if row is None or row.expires_at <= clock.now() or row.tries >= CODE_TRIES:
        return Refused("expired", _("Mã này không còn dùng được. Hãy yêu cầu mã mới."), field="code")
    digits = "".join(c for c in code if c.isascii() and c.isdigit())
    if not hmac.compare_digest(row.digest, _digest(row.id, digits)):
        return _wrong_code(row, watched)
    row.used_at = clock.now()
    row.save(update_fields=["used_at"])
    return _admit(row)


def check_password(*, login: str, password: str, address: str) -> PasswordAccepted | Refused:
    """Check an official's password; the second factor is asked next.

    Not one transaction: hashing takes long on purpose and must not hold the write lock. A name that does not exist
    costs the same time as a wrong password and is answered alike.
    """
    try:
        name = identity.login(login)
    except ValueError:
        name = ""
    watched = [
        (Scope.LOGIN_HERE, f"{name} {address}"),
        (Scope.LOGIN_ANYWHERE, name),
        (Scope.LOGIN_FROM, address),
    ]
    if held := throttling.waiting(watched):
        return held
    account = Account.objects.filter(login=name, is_active=True, kind=AccountKind.OFFICIAL.value).first()
    typed = unicodedata.normalize("NFC", password[:1000])
    if account is None:
        hashers.make_password(typed)
    elif hashers.check_password(typed, account.password):
        return PasswordAccepted(account.id, needs_enrolment=account.totp_sealed is None)
    return _wrong_password(account_id=account.id if account else None, watched=watched)


@action
def confirm_totp(*, account_id: UUID, code: str, address: str) -> SignedIn | Refused:
    """Finish an official's sign-in with the second factor: one step of drift, and no code twice."""
    watched = [(Scope.TOTP_FOR, str(account_id))]
    if held := throttling.waiting(watched):
        return held
    account = Account.objects.select_for_update().filter(id=account_id, is_active=True).first()
    if account is None or account.totp_sealed is None:
        return Refused("expired", _("Phiên đăng nhập đã hết hạn. Hãy đăng nhập lại từ đầu."))
    secret = vault.unseal(bytes(account.totp_sealed)).decode()
    step = fresh_step(secret, code, clock.now(), account.totp_last_step)
    if step is None:
        throttling.count(watched)
        _journal_refusal(account.id, "totp")
        message = _("Mã xác thực không đúng hoặc đã dùng. Hãy nhập mã đang hiện trên ứng dụng xác thực.")
        return Refused("wrong", message, field="code")
    account.totp_last_step = step
    account.save(update_fields=["totp_last_step"])
    throttling.clear([*watched, (Scope.LOGIN_HERE, f"{account.login} {address}")])
    return signed_in(account, "totp")


@action
def sign_out_everywhere(*, account_id: UUID, actor: Actor) -> None:
    """End every session of an account, on every device."""
    account = Account.objects.select_for_update().get(id=account_id)
    account.epoch += 1
    account.save(update_fields=["epoch"])
    journal.append(SignedOutEverywhere(), subject=Subject("organisation.account", account_id), actor=actor)


@action
def forget_old_codes() -> int:
    """Delete codes and counts that no longer matter; return how many rows went."""
    limit: datetime = clock.now() - timedelta(days=1)
    return OneTimeCode.objects.filter(expires_at__lt=limit).delete()[0] + throttling.forget(timedelta(days=1))


def signed_in(account: Account, method: str, *, is_new: bool = False) -> SignedIn:
    """Write down that someone signed in."""
    journal.append(
        AccountSignedIn(method),
        subject=Subject("organisation.account", account.id),
        actor=Actor.account(account.id),
    )
    return SignedIn(account.id, account.epoch, is_new, is_official=account.login is not None)


def _admit(row: OneTimeCode) -> SignedIn | Refused:
    destination = vault.unseal(bytes(row.destination_sealed)).decode()
    field = "phone" if row.channel == identity.Channel.SMS else "email"
    account, is_new = Account.objects.get_or_create(
        **{field: destination},
        defaults={
            "kind": AccountKind.CITIZEN.value,
            "password": hashers.make_password(None),
            "created_at": clock.now(),
        },
    )
    if not account.is_active or account.kind not in (AccountKind.CITIZEN, AccountKind.ENTERPRISE):
        return Refused("closed", _("Tài khoản này không đăng nhập bằng mã một lần. Hãy liên hệ Bộ phận Một cửa."))
    if is_new:
        journal.append(
            AccountCreated(account.kind, is_demo=False),
            subject=Subject("organisation.account", account.id),
            actor=Actor.account(account.id),
            personal={field: destination},
        )
    return signed_in(account, "code", is_new=is_new)


def _wrong_code(row: OneTimeCode, watched: list[throttling.Watched]) -> Refused:
    row.tries += 1
    row.save(update_fields=["tries"])
    throttling.count(watched)
    left = CODE_TRIES - row.tries
    if left <= 0:
        return Refused("expired", _("Mã không đúng và đã hết lượt thử. Hãy yêu cầu mã mới."), field="code")
    message = _("Mã không đúng. Bạn còn %(left)d lần thử.") % {"left": left}
    return Refused("wrong", message, field="code")


@action
def _wrong_password(*, account_id: UUID | None, watched: list[throttling.Watched]) -> Refused:
    throttling.count(watched)
    if account_id:
        _journal_refusal(account_id, "password")
    return Refused("wrong", _("Tên đăng nhập hoặc mật khẩu không đúng."), field="login")


def _journal_refusal(account_id: UUID, reason: str) -> None:
    journal.append(SignInRefused(reason), subject=Subject("organisation.account", account_id), actor=_SELF)


def _digest(request_id: UUID, code: str) -> str:
    return vault.blind(f"code:{request_id}:{code}")
