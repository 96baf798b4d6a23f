"""Say what a payment is: one debt of a case, the attempts to pay it, and every đồng that arrived for it.

State is derived, never stored beside the facts it follows from: it is read off the attempts and receipts, so the two
cannot disagree. All amounts are whole đồng.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tinhso.foundation.contracts import money

COUNTER = "counter"  # the gateway named in a receipt for cash taken at the counter
MAX_VND = 999_999_999_999  # twelve digits: fits every bank message we write, and no fee comes near it


class PaymentState(StrEnum):
    """Where a debt (or one attempt to pay it) stands."""

    DUE = "due"
    INITIATED = "initiated"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    REFUNDED = "refunded"


class Method(StrEnum):
    """By what road the payer is sent to pay."""

    GATEWAY = "gateway"
    VIETQR = "vietqr"
    COUNTER = "counter"


class NoticeKind(StrEnum):
    """What a gateway says happened to one transaction."""

    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"
    REFUNDED = "refunded"


class Fate(StrEnum):
    """What becomes of money that arrived: exactly one fate each, so no đồng is without a place."""

    KEPT = "kept"  # it settles the debt; at most one receipt of a payment
    IN_REVIEW = "in_review"  # a person must look: wrong amount, unknown attempt
    REFUND_DUE = "refund_due"  # we owe it back
    REFUNDED = "refunded"  # it went back


class RefundReason(StrEnum):
    """Why money goes back."""

    SURPLUS = "surplus"  # the debt was already paid, or paid and refunded
    WITHDRAWN = "withdrawn"  # nothing was owed any more when the money came
    ASKED = "asked"  # an officer decided it


class ReviewReason(StrEnum):
    """Why a person must look at money."""

    WRONG_AMOUNT = "wrong_amount"
    UNKNOWN_ATTEMPT = "unknown_attempt"
    CONFLICTING_NOTICE = "conflicting_notice"  # one transaction number, two different stories


class AlertReason(StrEnum):
    """What the people who run the payments must be told."""

    FOREIGN_REFERENCE = "foreign_reference"  # a notice about another debt was brought to this one
    UNASKED_REFUND = "unasked_refund"  # money that settled the debt went back though nobody here asked
    REFUND_FAILED = "refund_failed"
    ATTEMPT_REUSED = "attempt_reused"  # one attempt id, two different attempts


class Note(StrEnum):
    """What `apply` made of an event, for the log and for the page that asked."""

    APPLIED = "applied"
    DUPLICATE = "duplicate"  # known already: nothing changes
    TOO_LATE = "too_late"  # the attempt had already ended otherwise
    TOO_EARLY = "too_early"  # expiry announced before the attempt's time was over
    CLOSED = "closed"  # nothing is owed: no new attempt may start
    UNKNOWN = "unknown"  # no such attempt or transaction here
    FOREIGN = "foreign"
    CONFLICT = "conflict"
    SURPLUS = "surplus"
    REVIEW = "review"


@dataclass(frozen=True, slots=True)
class Transaction:
    """Money's own identity: the gateway that moved it and its number. Notices with one number tell of one sum."""

    gateway: str
    number: str


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try at paying: opened in one tab, for the whole debt, until `expires_at`.

    `ended` is how it ended without money (failed, cancelled, expired), or None; money is told by receipts.
    """

    id: str
    method: Method
    opened_at: datetime
    expires_at: datetime
    ended: PaymentState | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """Money that arrived: never removed, only given a fate.

    `settles` stays true once it has settled the debt; `disputes` are the other stories told of this transaction.
    """

    transaction: Transaction
    attempt: str
    amount: money.Vnd
    at: datetime
    fate: Fate
    settles: bool = False
    disputes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Payment:
    """One debt of a case: đồng under a reference, its attempts in order of opening, receipts in order of arrival."""

    reference: str
    amount: money.Vnd
    attempts: tuple[Attempt, ...] = ()
    receipts: tuple[Receipt, ...] = ()
    withdrawn: bool = False

    def __post_init__(self) -> None:
        if not self.reference:
            raise ValueError("a payment needs a reference")
        check_vnd(self.amount, least=1)

    @property
    def state(self) -> PaymentState:
        """Say where the debt stands. Once SUCCEEDED it can only become REFUNDED, and then stays so."""
        settled = next((r for r in self.receipts if r.settles), None)
        if settled is not None:
            return PaymentState.REFUNDED if settled.fate is Fate.REFUNDED else PaymentState.SUCCEEDED
        if self.withdrawn:
            return PaymentState.CANCELLED
        if not self.attempts:
            return PaymentState.DUE
        if any(a.ended is None for a in self.attempts):
            return PaymentState.INITIATED
        return self.attempts[-1].ended or PaymentState.INITIATED

    @property
    def open(self) -> bool:
        """Say whether the debt still waits to be paid."""
        return not self.withdrawn and not any(r.settles for r in self.receipts)

    @property
    def kept(self) -> money.Vnd:
        """Give the sum that settles the debt now, in đồng: the amount or 0."""
        return sum(r.amount for r in self.receipts if r.fate is Fate.KEPT)

    @property
    def held(self) -> money.Vnd:
        """Give all money of the payer's still with us, in đồng: kept, in review and owed back."""
        return sum(r.amount for r in self.receipts if r.fate is not Fate.REFUNDED)

    @property
    def owed_back(self) -> tuple[Receipt, ...]:
        """Give the refunds we owe and have not yet seen done; the list to work through after any crash."""
        return tuple(r for r in self.receipts if r.fate is Fate.REFUND_DUE)

    @property
    def in_review(self) -> tuple[Receipt, ...]:
        """Give the money a person must decide on."""
        return tuple(r for r in self.receipts if r.fate is Fate.IN_REVIEW)

    def attempt(self, attempt_id: str) -> Attempt | None:
        """Find an attempt by its id."""
        return next((a for a in self.attempts if a.id == attempt_id), None)

    def receipt(self, transaction: Transaction) -> Receipt | None:
        """Find a receipt by its transaction."""
        return next((r for r in self.receipts if r.transaction == transaction), None)

    def attempt_state(self, attempt_id: str) -> PaymentState | None:
        """Say where one attempt stands, money first; None where there is no such attempt."""
        attempt = self.attempt(attempt_id)
        if attempt is None:
            return None
        mine = [r for r in self.receipts if r.attempt == attempt_id and r.amount == self.amount]
        if any(r.fate is not Fate.REFUNDED for r in mine):
            return PaymentState.SUCCEEDED
        return PaymentState.REFUNDED if mine else attempt.ended or PaymentState.INITIATED


@dataclass(frozen=True, slots=True)
class Notification:
    """What a gateway said of one transaction, its signature checked; `at` is the gateway's time of the deed."""

    kind: NoticeKind
    transaction: Transaction
    reference: str
    attempt: str
    amount: money.Vnd
    at: datetime

    def __post_init__(self) -> None:
        check_vnd(self.amount, least=0)
        _check_aware(self.at)


# What can happen to a payment.


@dataclass(frozen=True, slots=True)
class Initiated:
    """An attempt was opened, recorded before the payer is sent away. Times are aware."""

    attempt: str
    at: datetime
    expires_at: datetime
    method: Method

    def __post_init__(self) -> None:
        _check_aware(self.at)
        _check_aware(self.expires_at)
        if not self.attempt or self.expires_at <= self.at:
            raise ValueError("an attempt needs an id and a time to live")


@dataclass(frozen=True, slots=True)
class Notified:
    """A gateway told us something, by a notice or by answering a query: both are believed alike."""

    notification: Notification


@dataclass(frozen=True, slots=True)
class Cancelled:
    """The payer gave this attempt up."""

    attempt: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Expired:
    """The attempt's time is over by our clock."""

    attempt: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """Nothing is owed any more: the case was withdrawn or refused before it was paid."""

    at: datetime


@dataclass(frozen=True, slots=True)
class RefundAsked:
    """An officer decided that this money goes back."""

    transaction: Transaction
    at: datetime


@dataclass(frozen=True, slots=True)
class Refunded:
    """The money went back, in full; `attempt` lets a refund heard of before its success find its place."""

    transaction: Transaction
    attempt: str
    amount: money.Vnd
    at: datetime


@dataclass(frozen=True, slots=True)
class RefundFailed:
    """The gateway would not give the money back: it stays owed."""

    transaction: Transaction
    at: datetime
    reason: str


PaymentEvent = Initiated | Notified | Cancelled | Expired | Withdrawn | RefundAsked | Refunded | RefundFailed


# What the action layer must then do.


@dataclass(frozen=True, slots=True)
class MarkPaid:
    """Tell the case that its debt is paid; said once in the life of a payment."""

    transaction: Transaction
    attempt: str
    amount: money.Vnd
    at: datetime


@dataclass(frozen=True, slots=True)
class MarkRefunded:
    """Tell the case that the money which had paid its debt went back."""

    transaction: Transaction
    amount: money.Vnd
    at: datetime


@dataclass(frozen=True, slots=True)
class RefundMoney:
    """Give this transaction's money back; it is the idempotency key: asking twice must refund once."""

    transaction: Transaction
    attempt: str
    amount: money.Vnd
    reason: RefundReason


@dataclass(frozen=True, slots=True)
class AskReview:
    """Put this money before a person."""

    transaction: Transaction
    reason: ReviewReason
    expected: money.Vnd
    received: money.Vnd


@dataclass(frozen=True, slots=True)
class RaiseAlert:
    """Tell those who run the payments."""

    reason: AlertReason
    detail: str


Effect = MarkPaid | MarkRefunded | RefundMoney | AskReview | RaiseAlert


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an event made of a payment: the payment after it, what to do, and what was understood."""

    payment: Payment
    effects: tuple[Effect, ...]
    note: Note


def check_vnd(amount: object, *, least: int) -> None:
    """Refuse (ValueError) what is not a whole number of đồng from `least` to MAX_VND; True is not 1 đồng."""
    if type(amount) is not int or not least <= amount <= MAX_VND:
        raise ValueError(f"not an amount of money: {amount!r}")


def _check_aware(at: datetime) -> None:
    if at.tzinfo is None:
        raise ValueError("times of money carry their zone")
