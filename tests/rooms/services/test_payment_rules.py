"""Payment rules: money is never taken twice and never lost, whatever arrives in whatever order."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tinhso.services.contracts.payment import (
    MAX_VND,
    AlertReason,
    AskReview,
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
    Payment,
    PaymentEvent,
    PaymentState,
    RaiseAlert,
    RefundAsked,
    Refunded,
    RefundFailed,
    RefundMoney,
    RefundReason,
    ReviewReason,
    Transaction,
    Withdrawn,
)
from tinhso.services.rules.payment import QUERY_HORIZON, apply, expirable, query_due, reusable_attempt

FEE = 8000
REF = "H23.16-210115-0042"
T0 = datetime(2021, 1, 15, 2, 0, tzinfo=UTC)
LIFE = timedelta(minutes=15)


def opened(attempt: str, minute: int = 0, method: Method = Method.GATEWAY) -> Initiated:
    at = T0 + timedelta(minutes=minute)
    return Initiated(attempt, at, at + LIFE, method)


def told(
    kind: NoticeKind,
    attempt: str = "a1",
    number: str = "t1",
    amount: int = FEE,
    reference: str = REF,
) -> Notified:
    money = Transaction("redirect", number)
    return Notified(Notification(kind, money, reference, attempt, amount, T0 + timedelta(minutes=3)))


def success(attempt: str = "a1", number: str = "t1", amount: int = FEE) -> Notified:
    return told(NoticeKind.SUCCEEDED, attempt, number, amount)


def play(*events: PaymentEvent, payment: Payment | None = None) -> tuple[Payment, list[Effect]]:
    state, effects = payment or Payment(REF, FEE), []
    for event in events:
        outcome = apply(state, event)
        state = outcome.payment
        effects += outcome.effects
    return state, effects


# Examples a citizen would tell.


def test_a_debt_is_due_then_started_then_paid_once() -> None:
    assert Payment(REF, FEE).state is PaymentState.DUE
    assert play(opened("a1"))[0].state is PaymentState.INITIATED
    paid, effects = play(opened("a1"), success(), success(), success())
    assert paid.state is PaymentState.SUCCEEDED
    assert paid.kept == FEE
    assert [type(e) for e in effects] == [MarkPaid]


@pytest.mark.parametrize(
    ("ending", "state"),
    [
        (told(NoticeKind.FAILED), PaymentState.FAILED),
        (told(NoticeKind.CANCELLED), PaymentState.CANCELLED),
        (Cancelled("a1", T0), PaymentState.CANCELLED),
        (Expired("a1", T0 + LIFE), PaymentState.EXPIRED),
    ],
    ids=["failed", "cancelled there", "cancelled here", "expired"],
)
def test_an_attempt_that_ended_can_be_tried_again_and_money_that_comes_late_is_honoured(
    ending: PaymentEvent, state: PaymentState
) -> None:
    ended, _ = play(opened("a1"), ending)
    assert ended.state is state
    assert play(opened("a2", 20), payment=ended)[0].state is PaymentState.INITIATED
    late, effects = play(success(), payment=ended)
    assert late.state is late.attempt_state("a1") is PaymentState.SUCCEEDED
    assert [type(e) for e in effects] == [MarkPaid]


def test_paying_in_two_tabs_keeps_one_and_owes_the_other_back() -> None:
    both, effects = play(opened("a1"), opened("a2"), success("a1", "t1"), success("a2", "t2"))
    assert (both.kept, both.held) == (FEE, 2 * FEE)
    assert effects[1:] == [RefundMoney(Transaction("redirect", "t2"), "a2", FEE, RefundReason.SURPLUS)]
    done, effects = play(Refunded(Transaction("redirect", "t2"), "a2", FEE, T0), payment=both)
    assert (done.state, done.held, effects) == (PaymentState.SUCCEEDED, FEE, [])
    assert done.attempt_state("a2") is PaymentState.REFUNDED


def test_one_attempt_charged_twice_keeps_one() -> None:
    both, _ = play(opened("a1"), success("a1", "t1"), success("a1", "t2"))
    assert both.kept == FEE
    assert [r.transaction.number for r in both.owed_back] == ["t2"]


@pytest.mark.parametrize("amount", [0, 1, FEE - 1, FEE + 1, 10 * FEE])
def test_another_amount_is_never_counted_as_paid(amount: int) -> None:
    payment, effects = play(opened("a1"), success(amount=amount))
    assert (payment.state, payment.kept) == (PaymentState.INITIATED, 0)
    assert effects == [
        AskReview(Transaction("redirect", "t1"), ReviewReason.WRONG_AMOUNT, expected=FEE, received=amount)
    ]
    back, effects = play(RefundAsked(Transaction("redirect", "t1"), T0), payment=payment)
    assert [e.amount for e in effects if isinstance(e, RefundMoney)] == [amount]
    assert play(success("a1", "t9"), payment=back)[0].kept == FEE


def test_money_for_a_withdrawn_case_goes_back() -> None:
    payment, effects = play(opened("a1"), Withdrawn(T0), success())
    assert payment.state is PaymentState.CANCELLED
    assert [e.reason for e in effects if isinstance(e, RefundMoney)] == [RefundReason.WITHDRAWN]
    assert apply(payment, opened("a2", 1)).note is Note.CLOSED


def test_withdrawing_after_payment_does_not_give_the_fee_back_by_itself() -> None:
    payment, effects = play(opened("a1"), success(), Withdrawn(T0))
    assert (payment.state, payment.kept) == (PaymentState.SUCCEEDED, FEE)
    assert [type(e) for e in effects] == [MarkPaid]


def test_an_asked_refund_is_owed_until_it_is_seen_done() -> None:
    money = Transaction("redirect", "t1")
    asked, effects = play(opened("a1"), success(), RefundAsked(money, T0), RefundAsked(money, T0))
    assert [e.reason for e in effects if isinstance(e, RefundMoney)] == [RefundReason.ASKED]
    assert asked.state is PaymentState.SUCCEEDED
    failed, effects = play(RefundFailed(money, T0, "closed"), payment=asked)
    assert failed.owed_back
    assert [e.reason for e in effects if isinstance(e, RaiseAlert)] == [AlertReason.REFUND_FAILED]
    done, effects = play(told(NoticeKind.REFUNDED), told(NoticeKind.REFUNDED), payment=failed)
    assert (done.state, done.held) == (PaymentState.REFUNDED, 0)
    assert [type(e) for e in effects] == [MarkRefunded]


@pytest.mark.parametrize("gone", [False, True], ids=["refund owed", "refunded"])
def test_a_debt_once_paid_takes_no_second_payment_even_after_its_refund(gone: bool) -> None:
    payment, _ = play(opened("a1"), opened("a2"), success(), RefundAsked(Transaction("redirect", "t1"), T0))
    if gone:
        payment, _ = play(told(NoticeKind.REFUNDED), payment=payment)
    before = payment.state
    second, effects = play(success("a2", "t2"), payment=payment)
    assert (second.state, second.kept) == (before, 0)
    assert [e.reason for e in effects if isinstance(e, RefundMoney)] == [RefundReason.SURPLUS]
    assert apply(second, opened("a3")).note is Note.CLOSED


@pytest.mark.parametrize("ending", [told(NoticeKind.FAILED), Cancelled("a1", T0), Expired("a1", T0 + LIFE)])
def test_how_an_attempt_first_ended_stays_said(ending: PaymentEvent) -> None:
    ended, _ = play(opened("a1"), ending)
    for later in (told(NoticeKind.FAILED), Cancelled("a1", T0), Expired("a1", T0 + LIFE)):
        assert apply(ended, later).payment == ended


def test_an_attempt_id_used_for_another_attempt_is_told() -> None:
    before, _ = play(opened("a1"))
    outcome = apply(before, opened("a1", 5))
    assert outcome.payment == before
    assert [e.reason for e in outcome.effects if isinstance(e, RaiseAlert)] == [AlertReason.ATTEMPT_REUSED]


def test_a_refund_nobody_asked_for_is_told() -> None:
    _, effects = play(opened("a1"), success(), told(NoticeKind.REFUNDED))
    assert [type(e) for e in effects] == [MarkPaid, RaiseAlert, MarkRefunded]


def test_a_refund_heard_of_before_its_payment_is_not_kept_afterwards() -> None:
    payment, effects = play(opened("a1"), told(NoticeKind.REFUNDED), success())
    assert (payment.kept, payment.held, effects) == (0, 0, [])
    assert play(opened("a2"), success("a2", "t2"), payment=payment)[0].state is PaymentState.SUCCEEDED


def test_two_stories_of_one_transaction_go_before_a_person_once_each() -> None:
    payment, effects = play(
        opened("a1"), success(), success(amount=1), success(amount=1), told(NoticeKind.REFUNDED, amount=5)
    )
    assert payment.kept == FEE
    reviews = [e for e in effects if isinstance(e, AskReview)]
    assert [(r.reason, r.received) for r in reviews] == [
        (ReviewReason.CONFLICTING_NOTICE, 1),
        (ReviewReason.CONFLICTING_NOTICE, 5),
    ]


def test_money_of_an_attempt_never_opened_here_goes_before_a_person() -> None:
    payment, effects = play(opened("a1"), success("elsewhere"))
    assert payment.held == FEE
    assert [e.reason for e in effects if isinstance(e, AskReview)] == [ReviewReason.UNKNOWN_ATTEMPT]


def test_a_notice_about_another_debt_changes_nothing_and_is_told() -> None:
    before, _ = play(opened("a1"))
    outcome = apply(before, told(NoticeKind.SUCCEEDED, reference="H23.16-210115-0043"))
    assert outcome.payment == before
    assert [e.reason for e in outcome.effects if isinstance(e, RaiseAlert)] == [AlertReason.FOREIGN_REFERENCE]


def test_an_attempt_does_not_expire_before_its_time() -> None:
    payment, _ = play(opened("a1"))
    assert apply(payment, Expired("a1", T0 + LIFE - timedelta(seconds=1))).note is Note.TOO_EARLY
    assert expirable(payment, T0 + LIFE - timedelta(seconds=1)) == ()
    assert expirable(payment, T0 + LIFE) == (Expired("a1", T0 + LIFE),)
    assert expirable(play(success(), payment=payment)[0], T0 + LIFE) == ()


def test_a_second_tab_joins_the_attempt_that_is_open() -> None:
    payment, _ = play(opened("a1"), opened("q1", method=Method.VIETQR))
    joined = reusable_attempt(payment, Method.GATEWAY, T0)
    assert joined is not None
    assert joined.id == "a1"
    assert reusable_attempt(payment, Method.GATEWAY, T0 + LIFE) is None
    assert reusable_attempt(payment, Method.COUNTER, T0) is None
    assert reusable_attempt(play(success(), payment=payment)[0], Method.VIETQR, T0) is None


def test_the_gateway_is_asked_less_often_with_age_and_no_more_after_the_horizon() -> None:
    payment, _ = play(opened("a1"), success())
    assert not query_due(Payment(REF, FEE), None, T0)
    assert not query_due(payment, None, T0 + timedelta(seconds=29))
    assert query_due(payment, None, T0 + timedelta(seconds=30))
    day = T0 + timedelta(days=1)
    assert not query_due(payment, day - timedelta(hours=5), day)
    assert query_due(payment, day - timedelta(hours=6), day)
    over = T0 + LIFE + QUERY_HORIZON + timedelta(seconds=1)
    assert not query_due(payment, None, over)
    surplus, _ = play(success("a1", "t2"), payment=payment)
    assert query_due(surplus, None, over)


@pytest.mark.parametrize("amount", [0, -1, MAX_VND + 1, True, 8000.0, "8000", None])
def test_a_debt_is_a_whole_positive_amount(amount: object) -> None:
    with pytest.raises(ValueError, match="amount"):
        Payment(REF, amount)  # type: ignore[arg-type]


# Anything, in any order.

attempts = st.sampled_from(["a1", "a2", "a3", "ghost"])
numbers = st.sampled_from(["t1", "t2", "t3", "t4"])
transactions = st.builds(Transaction, st.sampled_from(["redirect", "vietqr"]), numbers)
sums = st.sampled_from([FEE, FEE, FEE, FEE - 1, FEE * 2, 0])
moments = st.integers(0, 60).map(lambda m: T0 + timedelta(minutes=m))
notices = st.builds(
    Notification,
    kind=st.sampled_from([NoticeKind.SUCCEEDED, *NoticeKind]),
    transaction=transactions,
    reference=st.sampled_from([REF, REF, REF, REF, "another"]),
    attempt=attempts,
    amount=sums,
    at=moments,
)
events = st.one_of(
    st.builds(opened, st.sampled_from(["a1", "a2", "a3"]), st.integers(0, 2), st.sampled_from(Method)),
    st.builds(Notified, notices),
    st.builds(Notified, notices),
    st.builds(Cancelled, attempts, moments),
    st.builds(Expired, attempts, moments),
    st.builds(Withdrawn, moments),
    st.builds(RefundAsked, transactions, moments),
    st.builds(Refunded, transactions, attempts, sums, moments),
    st.builds(RefundFailed, transactions, moments, st.just("closed")),
)
histories = st.lists(events, max_size=30)
ONCE_ONLY = (MarkPaid, MarkRefunded, RefundMoney, AskReview)


def truly_arrived(history: list[PaymentEvent]) -> dict[Transaction, int]:
    """What money the gateways told of this debt: the first story of each transaction."""
    arrived: dict[Transaction, int] = {}
    for event in history:
        if isinstance(event, Notified) and event.notification.reference == REF:
            notice = event.notification
            if notice.kind in (NoticeKind.SUCCEEDED, NoticeKind.REFUNDED):
                arrived.setdefault(notice.transaction, notice.amount)
        elif isinstance(event, Refunded):
            arrived.setdefault(event.transaction, event.amount)
    return arrived


@settings(max_examples=300, deadline=None)
@given(histories)
def test_no_money_is_lost_and_none_invented(history: list[PaymentEvent]) -> None:
    payment, _ = play(*history)
    assert {r.transaction: r.amount for r in payment.receipts} == truly_arrived(history)
    assert len(payment.receipts) == len({r.transaction for r in payment.receipts})


@settings(max_examples=300, deadline=None)
@given(histories)
def test_at_most_one_right_sum_is_ever_kept(history: list[PaymentEvent]) -> None:
    payment = Payment(REF, FEE)
    for event in history:
        payment = apply(payment, event).payment
        kept = [r for r in payment.receipts if r.fate is Fate.KEPT]
        assert len(kept) <= 1
        assert all(r.amount == FEE for r in payment.receipts if r.settles)
        assert sum(r.settles for r in payment.receipts) <= 1
        assert payment.kept in (0, FEE)


@settings(max_examples=300, deadline=None)
@given(histories)
def test_every_sum_not_kept_was_asked_back_or_put_before_a_person(history: list[PaymentEvent]) -> None:
    payment, effects = play(*history)
    asked = {e.transaction: e.amount for e in effects if isinstance(e, RefundMoney)}
    reviewed = {e.transaction for e in effects if isinstance(e, AskReview)}
    for receipt in payment.receipts:
        if receipt.fate is Fate.REFUND_DUE:
            assert asked[receipt.transaction] == receipt.amount
        if receipt.fate is Fate.IN_REVIEW:
            assert receipt.transaction in reviewed


@settings(max_examples=300, deadline=None)
@given(histories)
def test_a_paid_debt_only_ever_becomes_refunded(history: list[PaymentEvent]) -> None:
    payment, allowed = Payment(REF, FEE), set(PaymentState)
    for event in history:
        payment = apply(payment, event).payment
        assert payment.state in allowed
        if payment.state is PaymentState.SUCCEEDED:
            allowed = {PaymentState.SUCCEEDED, PaymentState.REFUNDED}
        if payment.state is PaymentState.REFUNDED:
            allowed = {PaymentState.REFUNDED}


@settings(max_examples=300, deadline=None)
@given(histories)
def test_any_notice_heard_again_later_changes_no_money_and_asks_for_nothing(history: list[PaymentEvent]) -> None:
    payment, _ = play(*history)
    for event in history:
        if isinstance(event, Notified | Refunded):
            outcome = apply(payment, event)
            assert outcome.payment.receipts == payment.receipts
            assert not any(isinstance(e, ONCE_ONLY) for e in outcome.effects)


@settings(max_examples=300, deadline=None)
@given(histories)
def test_each_event_told_twice_at_once_is_as_told_once(history: list[PaymentEvent]) -> None:
    once, effects_once = play(*history)
    twice, effects_twice = play(*(e for event in history for e in (event, event)))
    assert twice == once
    assert [e for e in effects_twice if isinstance(e, ONCE_ONLY)] == [
        e for e in effects_once if isinstance(e, ONCE_ONLY)
    ]


@settings(max_examples=300, deadline=None)
@given(histories)
def test_the_case_is_told_once_that_it_is_paid_and_each_refund_is_asked_once(history: list[PaymentEvent]) -> None:
    payment, effects = play(*history)
    assert sum(isinstance(e, MarkPaid) for e in effects) == sum(r.settles for r in payment.receipts)
    asked = Counter(e.transaction for e in effects if isinstance(e, RefundMoney))
    assert set(asked.values()) <= {1}


@given(st.permutations([opened("a1"), opened("a2"), success("a1", "t1"), success("a2", "t2"), Cancelled("a1", T0)]))
def test_the_order_of_honest_messages_never_changes_what_is_held(order: list[PaymentEvent]) -> None:
    payment, _ = play(*order)
    assert payment.held == 2 * FEE
    assert payment.kept <= FEE


@given(st.permutations([told(NoticeKind.FAILED), told(NoticeKind.CANCELLED), success(), success("a1", "t2")]))
def test_a_success_wins_over_a_failure_in_any_order(order: list[PaymentEvent]) -> None:
    payment, _ = play(opened("a1"), *order)
    assert payment.state is PaymentState.SUCCEEDED
    assert (payment.kept, payment.held) == (FEE, 2 * FEE)
