"""Take what is owed for a case: once, never twice, never lost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import F, Q, QuerySet

from tinhso.foundation.api import action, clock, ids, journal, randomness, statements
from tinhso.foundation.contracts import Actor
from tinhso.organisation import api as organisation
from tinhso.organisation.contracts import Principal
from tinhso.services.contracts.answers import NotFound, Refusal, account_of
from tinhso.services.contracts.deadline import Channel
from tinhso.services.contracts.events import PaymentChanged, PaymentReviewAsked
from tinhso.services.contracts.payment import (
    COUNTER,
    AskReview,
    Initiated,
    Method,
    NoticeKind,
    Notification,
    Notified,
    Payment,
    PaymentEvent,
    PaymentState,
    RaiseAlert,
    Refunded,
    RefundFailed,
    Transaction,
    Withdrawn,
)
from tinhso.services.contracts.procedure import Procedure
from tinhso.services.gateways.base import QueryAnswer, RefundDone, RefundRefused, Refused, StartRequest
from tinhso.services.gateways.installed import gateway
from tinhso.services.models import Case, PaymentRow
from tinhso.services.queries import procedures
from tinhso.services.queries.bills import body_of, payment_in
from tinhso.services.rules import payment as rules

from . import story

ATTEMPT_LIFE = timedelta(minutes=15)
_ACTOR = Actor.system("services.payments")


def open_bill(case: Case, procedure: Procedure) -> None:
    """Write what is owed for a new case; an amount nobody has set makes no debt, and is not zero either."""
    variant = next(v for v in procedure.variants if v.id == case.variant)
    decision = procedures.bill(procedure, variant, Channel(case.channel), case.data)
    if not decision.amount:
        return
    row = PaymentRow(
        id=ids.new(),
        case_id=case.id,
        reference=case.code,
        amount=decision.amount,
        lines=[[line.title, line.amount] for line in decision.lines],
        state=PaymentState.DUE,
        body=body_of(Payment(case.code, decision.amount)),
        updated_at=clock.now(),
    )
    statements.insert(row)


def online_ready() -> bool:
    """Say whether this installation can take payments online."""
    return gateway() is not None


@action
def start_payment(*, principal: Principal, case_id: UUID) -> str:
    """Open an attempt at the gateway (or join the one open in another tab); return where to send the payer."""
    road = gateway()
    if road is None:
        raise Refusal("Chưa có cổng thanh toán trực tuyến. Bạn có thể trả bằng mã VietQR hoặc tại quầy.")
    row = _row_of(case_id, principal)
    payment = payment_in(row)
    if not payment.open:
        raise Refusal("Khoản này đã được trả hoặc không còn phải trả.")
    now = clock.now()
    attempt = rules.reusable_attempt(payment, Method.GATEWAY, now)
    if attempt is None:
        event = Initiated(f"{row.reference}-{randomness.token(6)}", now, now + ATTEMPT_LIFE, Method.GATEWAY)
        payment = _apply(row, event)
        attempt = payment.attempts[-1]
    return road.start(
        StartRequest(
            reference=row.reference,
            attempt=attempt.id,
            amount=payment.amount,
            description=f"Ho so {row.case.code}",
            return_url=f"{settings.TINHSO_URL}/ho-so/{row.case_id}/da-tra/",
            notify_url=f"{settings.TINHSO_URL}/thanh-toan/thong-bao/",
            expires_at=attempt.expires_at,
        )
    ).url


@action
def take_notification(*, body: bytes, headers: Mapping[str, str]) -> bool:
    """Take what a gateway tells; return whether it was believed. Telling twice changes nothing the second time."""
    road = gateway()
    notice = road.read_notification(body, headers) if road else None
    if notice is None or isinstance(notice, Refused):
        return False
    row = _locked(reference=notice.reference)
    if row is None:
        return False
    _apply(row, Notified(notice))
    return True


@action
def take_at_counter(*, principal: Principal, case_id: UUID) -> None:
    """Record that the applicant paid in cash at the counter; the receiving desk answers for it."""
    row = _locked(case_id=case_id)
    if row is None or not organisation.may(principal, "services.case.receive", row.case.unit_id):
        raise NotFound
    if not payment_in(row).open:
        raise Refusal("Khoản này đã được trả hoặc không còn phải trả.")
    now = clock.now()
    attempt = f"{row.reference}-{randomness.token(6)}"
    _apply(row, Initiated(attempt, now, now + ATTEMPT_LIFE, Method.COUNTER))
    transaction = Transaction(COUNTER, attempt)
    paid = Notification(NoticeKind.SUCCEEDED, transaction, row.reference, attempt, row.amount, now)
    _apply(row, Notified(paid))


@action
def withdraw_bill(*, case_id: UUID) -> None:
    """Nothing is owed any more: money that still arrives goes back."""
    row = _locked(case_id=case_id)
    if row is not None and payment_in(row).open:
        _apply(row, Withdrawn(clock.now()))


@dataclass(frozen=True, slots=True)
class GatewayState:
    """Whether a gateway is set and answers signed questions (None: none is set)."""

    is_set: bool
    reachable: bool | None
    detail: str


def probe() -> GatewayState:
    """Ask the gateway about a debt nobody owes: an answer proves address and keys."""
    road = gateway()
    if road is None:
        return GatewayState(is_set=False, reachable=None, detail="Chưa đặt TINHSO_GATEWAY_URL.")
    answer = road.query("KIEM-TRA")
    if isinstance(answer, QueryAnswer):
        return GatewayState(is_set=True, reachable=True, detail=road.name)
    return GatewayState(is_set=True, reachable=False, detail=answer.reason[:120])


def tend(limit: int = 50) -> int:
    """Look after what is open with the gateway: expire attempts, ask for forgotten notices, give back what is owed."""
    now = clock.now()
    return sum(_tend(row_id) for row_id in _perhaps_due(now).values_list("id", flat=True)[:limit])


def _perhaps_due(now: datetime) -> QuerySet[PaymentRow]:
    """Find whom to ask about: those never asked first, then those asked longest ago.

    The pause between questions grows with the attempt's age (see `rules.query_due`); a row that cannot be due yet
    must not stand in the way of one that is.
    """
    hour, day = now - timedelta(hours=1), now - timedelta(days=1)
    waiting = (
        Q(asked_at=None)
        | Q(updated_at__gt=hour, asked_at__lte=now - timedelta(seconds=30))
        | Q(updated_at__lte=hour, updated_at__gt=day, asked_at__lte=now - timedelta(minutes=15))
        | Q(updated_at__lte=day, asked_at__lte=now - timedelta(hours=6))
    )
    return PaymentRow.objects.filter(waiting, busy=True).order_by(F("asked_at").asc(nulls_first=True), "id")


def _worth_asking(payment: Payment) -> bool:
    """Say whether the gateway may still know something of this debt that we do not."""
    ends = [attempt.expires_at for attempt in payment.attempts if attempt.method is not Method.COUNTER]
    return bool(payment.owed_back) or bool(ends and clock.now() <= max(ends) + rules.QUERY_HORIZON)


def _tend(row_id: UUID) -> int:
    road = gateway()
    row = PaymentRow.objects.get(id=row_id)
    now, events = clock.now(), list[PaymentEvent](rules.expirable(payment_in(row), clock.now()))
    asked = road is not None and rules.query_due(payment_in(row), row.asked_at, now)
    if road is not None and asked:  # the network is asked outside the transaction
        answer = road.query(row.reference)
        if isinstance(answer, QueryAnswer):
            events += [Notified(notice) for notice in answer.notifications]
        for owed in payment_in(row).owed_back:
            done = road.refund(owed.transaction, row.reference, owed.amount)
            if isinstance(done, RefundDone):
                events.append(Refunded(done.transaction, owed.attempt, done.amount, done.at))
            elif isinstance(done, RefundRefused):
                events.append(RefundFailed(done.transaction, now, done.reason))
    if events or asked or not _worth_asking(payment_in(row)):
        _settle(row_id=row_id, events=events, asked=asked)
    return len(events)


@action
def _settle(*, row_id: UUID, events: list[PaymentEvent], asked: bool) -> None:
    row = _locked(id=row_id)
    if row is None:
        return
    if asked:
        row.asked_at = clock.now()
    for event in events:
        _apply(row, event)
    row.busy = _worth_asking(payment_in(row))
    row.save(update_fields=["asked_at", "busy"])


def _locked(**which: Any) -> PaymentRow | None:
    """Return a debt whose case nobody else changes until this transaction ends (see `story.locked`)."""
    case_id = PaymentRow.objects.filter(**which).values_list("case_id", flat=True).first()
    if case_id is None or story.locked(case_id) is None:
        return None
    return PaymentRow.objects.select_related("case").get(case_id=case_id)


def _row_of(case_id: UUID, principal: Principal) -> PaymentRow:
    account_id = account_of(principal)
    row = _locked(case_id=case_id, case__account_id=account_id)
    if row is None:
        raise NotFound
    return row


def _apply(row: PaymentRow, event: PaymentEvent) -> Payment:
    """Apply an event to a locked row, save, and tell the journal what it means."""
    before = payment_in(row)
    outcome = rules.apply(before, event)
    after = outcome.payment
    if after != before:
        row.body, row.state, row.updated_at = body_of(after), after.state.value, clock.now()
        row.busy = _worth_asking(after)
        statements.update(row, "body", "state", "updated_at", "busy")
    case = row.case
    if after.state is not before.state:
        told = PaymentChanged(reference=row.reference, state=after.state.value, amount=row.amount)
        story.tell(case, told, actor=_ACTOR)
        story.happened(case, f"payment_{after.state.value}")
    for effect in outcome.effects:
        if isinstance(effect, AskReview | RaiseAlert):
            need = PaymentReviewAsked(reference=row.reference, reason=effect.reason.value)
            journal.append(need, subject=story.subject(case), actor=_ACTOR)
    return after
