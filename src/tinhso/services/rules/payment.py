"""Decide what each event makes of a payment, so that money is never taken twice and never lost.

The one idea: money that arrived becomes a receipt keyed by its transaction, is never removed, and always has exactly
one fate. The first right sum for an open debt is kept; every other sum is owed back or put before a person. Attempts
only say how far a payer got: that one expired, failed or was cancelled never makes later money disappear.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from tinhso.services.contracts.payment import (
    AlertReason,
    AskReview,
    Attempt,
    Cancelled,
    Effect,
    Expired,
    Fate,
    Initiated,
    MarkPaid,
    MarkRefunded,
    Method,
    Note,
    NoticeKind,
    Notification,
    Notified,
    Outcome,
    Payment,
    PaymentEvent,
    PaymentState,
    RaiseAlert,
    Receipt,
    RefundAsked,
    Refunded,
    RefundFailed,
    RefundMoney,
    RefundReason,
    ReviewReason,
    Withdrawn,
)

# How long after its last attempt a gateway is still asked about a debt: bank transfers can settle days later.
QUERY_HORIZON = timedelta(days=7)
_QUERY_LEAST = timedelta(seconds=30)
_QUERY_MOST = timedelta(hours=6)


def apply(payment: Payment, event: PaymentEvent) -> Outcome:
    """Give the payment after `event` and what must be done; total: no event raises, none is silently dropped.

    Applying an event a second time changes nothing and asks again for nothing but an alert: the case is marked paid
    once, each refund and each review is asked for once.
    """
    return _DEEDS[type(event)](payment, event)


def _outcome(payment: Payment, note: Note, *effects: Effect) -> Outcome:
    return Outcome(payment, effects, note)


def _initiated(payment: Payment, event: Initiated) -> Outcome:
    known = payment.attempt(event.attempt)
    if known is not None:
        if (known.method, known.opened_at, known.expires_at) == (event.method, event.at, event.expires_at):
            return _outcome(payment, Note.DUPLICATE)
        return _outcome(payment, Note.CONFLICT, RaiseAlert(AlertReason.ATTEMPT_REUSED, event.attempt))
    if not payment.open:
        return _outcome(payment, Note.CLOSED)
    attempt = Attempt(event.attempt, event.method, event.at, event.expires_at)
    return _outcome(replace(payment, attempts=(*payment.attempts, attempt)), Note.APPLIED)


def _notified(payment: Payment, event: Notified) -> Outcome:
    notice = event.notification
    if notice.reference != payment.reference:
        return _outcome(payment, Note.FOREIGN, RaiseAlert(AlertReason.FOREIGN_REFERENCE, notice.reference))
    if notice.kind is NoticeKind.SUCCEEDED:
        return _money_arrived(payment, notice)
    if notice.kind is NoticeKind.REFUNDED:
        return _refunded(payment, Refunded(notice.transaction, notice.attempt, notice.amount, notice.at))
    ended = PaymentState.FAILED if notice.kind is NoticeKind.FAILED else PaymentState.CANCELLED
    return _end(payment, notice.attempt, ended)


def _money_arrived(payment: Payment, notice: Notification) -> Outcome:
    known = payment.receipt(notice.transaction)
    if known is not None:
        if known.amount == notice.amount and known.attempt == notice.attempt:
            return _outcome(payment, Note.DUPLICATE)
        return _dispute(payment, known, notice.kind, notice.attempt, notice.amount)
    receipt = Receipt(notice.transaction, notice.attempt, notice.amount, notice.at, Fate.IN_REVIEW)
    doubt = _doubt(payment, notice)
    if doubt is not None:
        review = AskReview(notice.transaction, doubt, payment.amount, notice.amount)
        return _outcome(_add(payment, receipt), Note.REVIEW, review)
    if not payment.open:
        surplus = any(r.settles for r in payment.receipts)
        reason = RefundReason.SURPLUS if surplus else RefundReason.WITHDRAWN
        refund = RefundMoney(notice.transaction, notice.attempt, notice.amount, reason)
        return _outcome(_add(payment, replace(receipt, fate=Fate.REFUND_DUE)), Note.SURPLUS, refund)
    paid = MarkPaid(notice.transaction, notice.attempt, notice.amount, notice.at)
    return _outcome(_add(payment, replace(receipt, fate=Fate.KEPT, settles=True)), Note.APPLIED, paid)


def _doubt(payment: Payment, notice: Notification) -> ReviewReason | None:
    if notice.amount != payment.amount:
        return ReviewReason.WRONG_AMOUNT
    if payment.attempt(notice.attempt) is None:
        return ReviewReason.UNKNOWN_ATTEMPT
    return None


def _dispute(payment: Payment, known: Receipt, kind: NoticeKind, attempt: str, amount: int) -> Outcome:
    """Two stories of one transaction: the first stays, a person is told once of each other story."""
    story = f"{kind}:{attempt}:{amount}"
    if story in known.disputes:
        return _outcome(payment, Note.DUPLICATE)
    review = AskReview(known.transaction, ReviewReason.CONFLICTING_NOTICE, known.amount, amount)
    told = replace(known, disputes=(*known.disputes, story))
    return _outcome(_change(payment, told), Note.CONFLICT, review)


def _end(payment: Payment, attempt_id: str, how: PaymentState) -> Outcome:
    attempt = payment.attempt(attempt_id)
    if attempt is None:
        return _outcome(payment, Note.UNKNOWN)
    if attempt.ended is how:
        return _outcome(payment, Note.DUPLICATE)
    if attempt.ended is not None or payment.attempt_state(attempt_id) is not PaymentState.INITIATED:
        return _outcome(payment, Note.TOO_LATE)
    ended = replace(attempt, ended=how)
    attempts = tuple(ended if a.id == attempt_id else a for a in payment.attempts)
    return _outcome(replace(payment, attempts=attempts), Note.APPLIED)


def _cancelled(payment: Payment, event: Cancelled) -> Outcome:
    return _end(payment, event.attempt, PaymentState.CANCELLED)


def _expired(payment: Payment, event: Expired) -> Outcome:
    attempt = payment.attempt(event.attempt)
    if attempt is not None and attempt.ended is None and event.at < attempt.expires_at:
        return _outcome(payment, Note.TOO_EARLY)
    return _end(payment, event.attempt, PaymentState.EXPIRED)


def _withdrawn(payment: Payment, event: Withdrawn) -> Outcome:
    if payment.withdrawn:
        return _outcome(payment, Note.DUPLICATE)
    if not payment.open:
        return _outcome(payment, Note.TOO_LATE)  # paid already: whether it goes back is an officer's decision
    return _outcome(replace(payment, withdrawn=True), Note.APPLIED)


def _refund_asked(payment: Payment, event: RefundAsked) -> Outcome:
    receipt = payment.receipt(event.transaction)
    if receipt is None:
        return _outcome(payment, Note.UNKNOWN)
    if receipt.fate not in (Fate.KEPT, Fate.IN_REVIEW):
        return _outcome(payment, Note.DUPLICATE)
    refund = RefundMoney(receipt.transaction, receipt.attempt, receipt.amount, RefundReason.ASKED)
    return _outcome(_change(payment, replace(receipt, fate=Fate.REFUND_DUE)), Note.APPLIED, refund)


def _refunded(payment: Payment, event: Refunded) -> Outcome:
    known = payment.receipt(event.transaction)
    if known is None:
        # Heard of the refund before the money: remember it as gone, so that the late notice cannot be kept.
        gone = Receipt(event.transaction, event.attempt, event.amount, event.at, Fate.REFUNDED)
        return _outcome(_add(payment, gone), Note.APPLIED)
    if known.amount != event.amount:
        return _dispute(payment, known, NoticeKind.REFUNDED, event.attempt, event.amount)
    if known.fate is Fate.REFUNDED:
        return _outcome(payment, Note.DUPLICATE)
    effects: list[Effect] = []
    if known.fate is Fate.KEPT:
        effects.append(RaiseAlert(AlertReason.UNASKED_REFUND, known.transaction.number))
    if known.settles:
        effects.append(MarkRefunded(known.transaction, known.amount, event.at))
    return _outcome(_change(payment, replace(known, fate=Fate.REFUNDED)), Note.APPLIED, *effects)


def _refund_failed(payment: Payment, event: RefundFailed) -> Outcome:
    receipt = payment.receipt(event.transaction)
    if receipt is None:
        return _outcome(payment, Note.UNKNOWN)
    if receipt.fate is not Fate.REFUND_DUE:
        return _outcome(payment, Note.TOO_LATE)
    detail = f"{event.transaction.number}: {event.reason}"
    return _outcome(payment, Note.APPLIED, RaiseAlert(AlertReason.REFUND_FAILED, detail))


def _add(payment: Payment, receipt: Receipt) -> Payment:
    return replace(payment, receipts=(*payment.receipts, receipt))


def _change(payment: Payment, receipt: Receipt) -> Payment:
    same = receipt.transaction
    return replace(payment, receipts=tuple(receipt if r.transaction == same else r for r in payment.receipts))


_DEEDS: dict[type[PaymentEvent], Callable[[Payment, Any], Outcome]] = {
    Initiated: _initiated,
    Notified: _notified,
    Cancelled: _cancelled,
    Expired: _expired,
    Withdrawn: _withdrawn,
    RefundAsked: _refund_asked,
    Refunded: _refunded,
    RefundFailed: _refund_failed,
}


def reusable_attempt(payment: Payment, method: Method, now: datetime) -> Attempt | None:
    """Find the attempt a second tab should join instead of opening another: same road, still in its time."""
    if not payment.open:
        return None
    fresh = (a for a in payment.attempts if a.ended is None and a.method is method and now < a.expires_at)
    return next((a for a in fresh if payment.attempt_state(a.id) is PaymentState.INITIATED), None)


def expirable(payment: Payment, now: datetime) -> tuple[Expired, ...]:
    """Give the expiry events that are due at `now`, for the sweeping job."""
    over = (a for a in payment.attempts if a.ended is None and a.expires_at <= now)
    return tuple(Expired(a.id, now) for a in over if payment.attempt_state(a.id) is PaymentState.INITIATED)


def query_due(payment: Payment, last_asked: datetime | None, now: datetime) -> bool:
    """Say whether to ask the gateway about this debt now.

    Asked until QUERY_HORIZON after the last attempt's time, also once paid: a forgotten second payment can be found in
    no other way; and as long as a refund is owed. The pause is a quarter of the age, from 30 seconds to 6 hours.
    """
    if not payment.attempts:
        return False
    if not payment.owed_back and now > max(a.expires_at for a in payment.attempts) + QUERY_HORIZON:
        return False
    since = max(a.opened_at for a in payment.attempts)
    pause = min(max((now - since) / 4, _QUERY_LEAST), _QUERY_MOST)
    return now - (last_asked or since) >= pause
