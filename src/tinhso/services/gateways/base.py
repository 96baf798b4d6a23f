"""Say what any payment gateway must offer; the rest of the room knows gateways only by this page."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from tinhso.foundation.contracts import money
from tinhso.services.contracts.payment import Notification, Transaction, check_vnd

Clock = Callable[[], datetime]  # aware machine time
Nonce = Callable[[], str]  # fresh and unguessable each time
PLAIN_ID = re.compile(r"[A-Za-z0-9._:/-]{1,64}")  # references, attempts and transaction numbers on the wire


class Refusal(StrEnum):
    """Why a message is not believed. For the log and the alert; the sender learns only that it was refused."""

    TOO_LARGE = "too_large"
    MALFORMED = "malformed"
    UNKNOWN_KEY = "unknown_key"
    BAD_SIGNATURE = "bad_signature"
    WRONG_MERCHANT = "wrong_merchant"
    STALE = "stale"
    FROM_THE_FUTURE = "from_the_future"
    WRONG_ECHO = "wrong_echo"  # the answer to another question


@dataclass(frozen=True, slots=True)
class StartRequest:
    """What the payer is sent to pay: the debt's reference, this attempt, đồng, and where to come back.

    Reference and attempt are plain ids (see PLAIN_ID), so that any gateway can carry them.
    """

    reference: str
    attempt: str
    amount: money.Vnd
    description: str
    return_url: str
    notify_url: str
    expires_at: datetime

    def __post_init__(self) -> None:
        check_vnd(self.amount, least=1)
        if not PLAIN_ID.fullmatch(self.reference) or not PLAIN_ID.fullmatch(self.attempt):
            raise ValueError("a start request needs a plain reference and attempt")
        if self.expires_at.tzinfo is None:
            raise ValueError("a start request needs an aware expiry")


@dataclass(frozen=True, slots=True)
class Redirect:
    """Where to send the payer's browser."""

    url: str


@dataclass(frozen=True, slots=True)
class Refused:
    """A message that must not be believed; `detail` is for the log and holds no secret."""

    reason: Refusal
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Trouble:
    """The gateway could not be asked or understood: nothing is known, ask again later."""

    reason: str


@dataclass(frozen=True, slots=True)
class QueryAnswer:
    """All the gateway knows of one debt's money, as notices to apply one by one."""

    reference: str
    notifications: tuple[Notification, ...]


@dataclass(frozen=True, slots=True)
class RefundDone:
    """The money went back, now or at an earlier asking."""

    transaction: Transaction
    amount: money.Vnd
    at: datetime


@dataclass(frozen=True, slots=True)
class RefundRefused:
    """The gateway says no: it stays owed and a person must look."""

    transaction: Transaction
    reason: str


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """What came back over HTTP."""

    status: int
    body: bytes


class TransportError(Exception):
    """No answer came; whether the request arrived is unknown."""


class Transport(Protocol):
    """POST `body` to `url` and give the answer; raise TransportError where none came. Time-outs are the giver's."""

    def __call__(self, url: str, body: bytes, headers: Mapping[str, str], /) -> HttpAnswer: ...


class Gateway(Protocol):
    """A road money takes. No method writes anything here: what it returns goes through `rules.payment.apply`."""

    @property
    def name(self) -> str:
        """Name the gateway; with a transaction number it identifies money for ever, so it never changes."""
        ...

    def start(self, request: StartRequest) -> Redirect:
        """Make the address that lets the payer pay. Nothing is sent: an attempt exists before its payer leaves."""
        ...

    def read_notification(self, body: bytes, headers: Mapping[str, str]) -> Notification | Refused:
        """Check and read a notice. Total: any bytes give an answer."""
        ...

    def query(self, reference: str) -> QueryAnswer | Trouble:
        """Ask for all money of a debt: what finds forgotten notices."""
        ...

    def refund(
        self, transaction: Transaction, reference: str, amount: money.Vnd
    ) -> RefundDone | RefundRefused | Trouble:
        """Give a transaction's whole money back, in đồng. Safe to repeat: one transaction is refunded once."""
        ...
