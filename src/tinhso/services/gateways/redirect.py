"""Take payments through a gateway the payer is redirected to, with signed messages both ways.

What is believed: only what carries a signature under one of our keys, names us as the merchant and is young enough. The
payer's return to our page proves nothing and is not read here. A replayed notice passes within its window and then has
no effect: a transaction number counts once (`rules.payment`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from tinhso.foundation.contracts import money
from tinhso.services.contracts.payment import NoticeKind, Notification, Transaction

from .base import (
    PLAIN_ID,
    Clock,
    Nonce,
    QueryAnswer,
    Redirect,
    RefundDone,
    RefundRefused,
    Refusal,
    Refused,
    StartRequest,
    Transport,
    TransportError,
    Trouble,
)
from .wire import Key, Purpose, check_age, read_amount, read_stamp, seal, stamp, unseal

# A notice may be delivered again for a day; an answer to our own question is minutes old at most.
NOTICE_WINDOW = timedelta(hours=24)
ANSWER_WINDOW = timedelta(minutes=5)
SKEW = timedelta(minutes=5)
FORM = {"content-type": "application/x-www-form-urlencoded"}


@dataclass(frozen=True, slots=True)
class RedirectConfig:
    """How to reach the gateway: its address, our merchant name, and our keys.

    The first key signs; both of at most two are accepted, so that a key is changed without a moment of refusal: put the
    new one second, tell the gateway, put it first, then drop the old.
    """

    base_url: str
    merchant: str
    keys: tuple[Key, ...]

    def __post_init__(self) -> None:
        if not self.base_url.startswith(("https://", "http://")) or not self.merchant:
            raise ValueError("a redirect gateway needs an http(s) address and a merchant")
        if not 1 <= len(self.keys) <= 2 or len({k.id for k in self.keys}) != len(self.keys):
            raise ValueError("a redirect gateway needs one or two keys with different ids")


class RedirectGateway:
    """The gateway by redirect (see `base.Gateway`)."""

    def __init__(
        self,
        config: RedirectConfig,
        *,
        clock: Clock,
        nonce: Nonce,
        transport: Transport,
        name: str = "redirect",
    ) -> None:
        self._config = config
        self._clock = clock
        self._nonce = nonce
        self._transport = transport
        self._name = name

    @property
    def name(self) -> str:
        """Name the gateway."""
        return self._name

    def start(self, request: StartRequest) -> Redirect:
        """Make the signed address of the gateway's page for this attempt."""
        params = self._params() | {
            "reference": request.reference,
            "attempt": request.attempt,
            "amount": str(request.amount),
            "description": request.description,
            "return_url": request.return_url,
            "notify_url": request.notify_url,
            "expires_at": stamp(request.expires_at),
        }
        return Redirect(f"{self._url('pay')}?{seal(Purpose.START, params, self._config.keys[0])}")

    def read_notification(self, body: bytes, headers: Mapping[str, str]) -> Notification | Refused:
        """Check a notice's form, signature, merchant and age, then read it."""
        kind = next((v for k, v in headers.items() if k.lower() == "content-type"), "")
        if kind.partition(";")[0].strip().lower() != FORM["content-type"]:
            return Refused(Refusal.MALFORMED, "content-type")
        params = self._believe(Purpose.NOTIFY, body, NOTICE_WINDOW)
        if isinstance(params, Refused):
            return params
        try:
            return self._notice(params)
        except (KeyError, ValueError) as error:
            return Refused(Refusal.MALFORMED, str(error))

    def query(self, reference: str) -> QueryAnswer | Trouble:
        """Ask the gateway for all money of a debt; an answer too large to read is Trouble, never a cut list."""
        answer = self._ask("query", Purpose.QUERY, Purpose.QUERY_ANSWER, {"reference": reference})
        if isinstance(answer, Trouble):
            return answer
        try:
            rows = json.loads(answer["transactions"])
            notices = tuple(self._notice(_text_row(row) | {"reference": reference}) for row in rows)
        except (KeyError, TypeError, ValueError, RecursionError) as error:
            return Trouble(f"answer not understood: {error}")
        return QueryAnswer(reference, notices)

    def refund(
        self, transaction: Transaction, reference: str, amount: money.Vnd
    ) -> RefundDone | RefundRefused | Trouble:
        """Ask for a transaction's whole money to go back; where no answer came, ask again: it is refunded once."""
        if transaction.gateway != self._name:
            return RefundRefused(transaction, "another gateway took this money")
        asked = {"reference": reference, "transaction": transaction.number, "amount": str(amount)}
        answer = self._ask("refund", Purpose.REFUND, Purpose.REFUND_ANSWER, asked)
        if isinstance(answer, Trouble):
            return answer
        try:
            if answer["result"] == "refused":
                return RefundRefused(transaction, answer["reason"])
            if answer["result"] != "refunded" or answer["transaction"] != transaction.number:
                return Trouble("answer about something else")
            return RefundDone(transaction, read_amount(answer["amount"]), read_stamp(answer["at"]))
        except (KeyError, ValueError) as error:
            return Trouble(f"answer not understood: {error}")

    def _params(self) -> dict[str, str]:
        return {
            "merchant": self._config.merchant,
            "nonce": self._nonce(),
            "sent_at": stamp(self._clock()),
        }

    def _url(self, path: str) -> str:
        return f"{self._config.base_url.rstrip('/')}/{path}"

    def _believe(self, purpose: Purpose, body: bytes, window: timedelta) -> dict[str, str] | Refused:
        params = unseal(purpose, body, self._config.keys)
        if isinstance(params, Refused):
            return params
        if params.get("merchant") != self._config.merchant:
            return Refused(Refusal.WRONG_MERCHANT)
        return check_age(params, self._clock(), window, SKEW) or params

    def _ask(
        self, path: str, purpose: Purpose, answering: Purpose, asked: Mapping[str, str]
    ) -> dict[str, str] | Trouble:
        """POST a signed question; the answer must be signed and repeat our nonce, so an old one cannot stand in."""
        params = {**self._params(), **asked}
        body = seal(purpose, params, self._config.keys[0]).encode("ascii")
        try:
            got = self._transport(self._url(path), body, FORM)
        except TransportError as error:
            return Trouble(f"no answer: {error}")
        if got.status != 200:
            return Trouble(f"answered with status {got.status}")
        answer = self._believe(answering, got.body, ANSWER_WINDOW)
        if isinstance(answer, Refused):
            return Trouble(f"answer refused: {answer.reason}")
        if answer.get("echo") != params["nonce"] or answer.get("reference") != asked["reference"]:
            return Trouble(f"answer refused: {Refusal.WRONG_ECHO}")
        return answer

    def _notice(self, params: Mapping[str, str]) -> Notification:
        """Read one notice; KeyError or ValueError where a field is missing or senseless."""
        number, attempt, reference = params["transaction"], params["attempt"], params["reference"]
        if not all(PLAIN_ID.fullmatch(part) for part in (number, attempt, reference)):
            raise ValueError("not a plain id")
        return Notification(
            kind=NoticeKind(params["kind"]),
            transaction=Transaction(self._name, number),
            reference=reference,
            attempt=attempt,
            amount=read_amount(params["amount"]),
            at=read_stamp(params["at"]),
        )


def _text_row(row: Any) -> dict[str, str]:
    """Take a row of an answer only if it is a flat object of texts."""
    if not isinstance(row, dict) or not all(isinstance(v, str) for v in row.values()):
        raise ValueError("a transaction is not an object of texts")
    return row
