"""Name what happens in the organisation. No field holds personal data: that goes into an entry's personal payload."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from tinhso.foundation.contracts import Event


@dataclass(frozen=True)
class OrganisationLoaded(Event):
    """Units, their versions and links were loaded from a folder."""

    NAME: ClassVar[str] = "organisation.OrganisationLoaded"
    package: str
    units: int
    versions: int
    successions: int


@dataclass(frozen=True)
class CodeRequested(Event):
    """A one-time code must be sent. Personal payload: `destination`, `code`."""

    NAME: ClassVar[str] = "organisation.CodeRequested"
    channel: str  # sms | email
    expires_at: datetime


@dataclass(frozen=True)
class AccountCreated(Event):
    """An account was made. Personal payload: its name, login or destination."""

    NAME: ClassVar[str] = "organisation.AccountCreated"
    kind: str
    is_demo: bool


@dataclass(frozen=True)
class AccountSignedIn(Event):
    NAME: ClassVar[str] = "organisation.AccountSignedIn"
    method: str  # code | totp


@dataclass(frozen=True)
class SignInRefused(Event):
    """Someone who named an existing account was refused."""

    NAME: ClassVar[str] = "organisation.SignInRefused"
    reason: str


@dataclass(frozen=True)
class SignedOutEverywhere(Event):
    NAME: ClassVar[str] = "organisation.SignedOutEverywhere"


@dataclass(frozen=True)
class TotpEnrolled(Event):
    NAME: ClassVar[str] = "organisation.TotpEnrolled"


@dataclass(frozen=True)
class ProfileChanged(Event):
    """Personal payload: the new values."""

    NAME: ClassVar[str] = "organisation.ProfileChanged"
    fields: tuple[str, ...]


@dataclass(frozen=True)
class PostFilled(Event):
    NAME: ClassVar[str] = "organisation.PostFilled"
    post_id: UUID
    person_id: UUID
    valid_from: date


@dataclass(frozen=True)
class PostVacated(Event):
    NAME: ClassVar[str] = "organisation.PostVacated"
    post_id: UUID
    person_id: UUID
    valid_to: date


@dataclass(frozen=True)
class PowersDelegated(Event):
    NAME: ClassVar[str] = "organisation.PowersDelegated"
    from_holding_id: UUID
    to_person_id: UUID
    roles: tuple[str, ...]
    valid_from: date
    valid_to: date
    document: str


@dataclass(frozen=True)
class AccessChanged(Event):
    """Sight of an object was given to or taken from a unit by hand (a case's own acts speak for themselves)."""

    NAME: ClassVar[str] = "organisation.AccessChanged"
    unit_id: UUID
    reason: str
    granted: bool


@dataclass(frozen=True)
class TokenIssued(Event):
    NAME: ClassVar[str] = "organisation.TokenIssued"
    token_id: UUID
    scopes: tuple[str, ...]
    expires_at: datetime


@dataclass(frozen=True)
class TokenRevoked(Event):
    NAME: ClassVar[str] = "organisation.TokenRevoked"
    token_id: UUID


@dataclass(frozen=True)
class EnterpriseLinked(Event):
    NAME: ClassVar[str] = "organisation.EnterpriseLinked"
    enterprise_id: UUID
    role: str
