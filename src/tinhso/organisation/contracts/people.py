"""Describe posts, people, accounts and what signing in answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from .rights import AccountKind, Role


@dataclass(frozen=True, slots=True)
class Post:
    """A post of a unit, and who holds it on the day asked for."""

    id: UUID
    unit_id: UUID
    title: str
    role: Role
    accountable_head: bool
    person_id: UUID | None
    person_name: str
    holding_id: UUID | None


@dataclass(frozen=True, slots=True)
class Holding:
    """Who holds which post, from and to which day (the last one included)."""

    id: UUID
    post_id: UUID
    person_id: UUID
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class Account:
    """An account as its owner and administrators see it; numbers are masked."""

    id: UUID
    kind: AccountKind
    name: str
    login: str
    phone: str
    email: str
    citizen_number_hint: str
    citizen_number_verified: bool
    has_totp: bool
    is_demo: bool
    person_id: UUID | None


@dataclass(frozen=True, slots=True)
class Enterprise:
    """An enterprise that an account acts for."""

    id: UUID
    tax_code: str
    name: str


@dataclass(frozen=True, slots=True)
class CodeSent:
    """A one-time code is on its way. The same is answered whether or not an account exists.

    `request_id` names the code when it is redeemed; `shown_code` is the code itself, only in the demonstration.
    """

    request_id: UUID
    masked_destination: str
    expires_at: datetime
    shown_code: str = ""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The person is who they say; `epoch` goes into the session and ends it when everything is signed out."""

    account_id: UUID
    epoch: int
    is_new: bool = False
    is_official: bool = False


@dataclass(frozen=True, slots=True)
class PasswordAccepted:
    """The password is right; the second factor is asked next, or set up when there is none yet."""

    account_id: UUID
    needs_enrolment: bool


@dataclass(frozen=True, slots=True)
class Refused:
    """Signing in did not succeed: what to tell the person, and when to try again where they must wait."""

    reason: str
    message: str
    retry_at: datetime | None = None
    field: str = ""


@dataclass(frozen=True, slots=True)
class TotpOffer:
    """A second factor being set up: the secret to type, and the address an authenticator reads from the QR code."""

    secret: str
    uri: str


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """A demonstration account to try, and how to sign in with it."""

    account_id: UUID
    name: str
    kind: AccountKind
    login: str
    phone: str
    title: str
    unit_name: str
    password: str
