"""The redirect gateway and its simulator: what is believed, what is refused, and that every đồng is accounted for."""

from __future__ import annotations

import heapq
import itertools
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tinhso.services.contracts.payment import (
    Initiated,
    MarkPaid,
    Method,
    NoticeKind,
    Notification,
    Notified,
    Payment,
    PaymentEvent,
    PaymentState,
    RefundAsked,
    Refunded,
    RefundFailed,
    Transaction,
    Withdrawn,
)
from tinhso.services.gateways.base import (
    Gateway,
    HttpAnswer,
    QueryAnswer,
    RefundDone,
    RefundRefused,
    Refusal,
    Refused,
    StartRequest,
    TransportError,
    Trouble,
)
from tinhso.services.gateways.redirect import FORM, NOTICE_WINDOW, SKEW, RedirectConfig, RedirectGateway
from tinhso.services.gateways.simulator import (
    Behaviour,
    Delivery,
    MemoryStore,
    Order,
    OrderStatus,
    Simulator,
    UnknownOrder,
)
from tinhso.services.gateways.wire import Key, Purpose, seal, stamp, unseal
from tinhso.services.rules.payment import apply, expirable

FEE = 8000
REF = "H23.16-210115-0042"
T0 = datetime(2021, 1, 15, 2, 0, tzinfo=UTC)
LIFE = timedelta(minutes=15)
OLD, NEW = Key("2020", b"o" * 32), Key("2021", b"n" * 32)
CONFIG = RedirectConfig("https://pay.example/gw", "haiduong", (OLD,))


@dataclass
class World:
    """One payer, one debt, one gateway and its simulator, on a clock of our own."""

    seed: int = 0
    config: RedirectConfig = CONFIG
    now: datetime = T0
    payment: Payment = field(default_factory=lambda: Payment(REF, FEE))
    lost_answers: Iterator[bool] = field(default_factory=lambda: itertools.repeat(False))

    def __post_init__(self) -> None:
        self.simulator = Simulator(self.config, store=MemoryStore(), clock=lambda: self.now, seed=self.seed)
        numbers = itertools.count()
        self.gateway = RedirectGateway(
            self.config, clock=lambda: self.now, nonce=lambda: f"n{next(numbers)}", transport=self._carry
        )
        self.queue: list[tuple[datetime, int, Delivery]] = []
        self.order = itertools.count()
        self.paid_told = 0
        self.refused: list[Refused] = []

    def _carry(self, url: str, body: bytes, headers: Mapping[str, str]) -> HttpAnswer:
        answer = self.simulator.transport(url, body, headers)
        if next(self.lost_answers, False):
            raise TransportError("the answer was lost on its way")
        return answer

    def happen(self, event: PaymentEvent) -> None:
        outcome = apply(self.payment, event)
        self.payment = outcome.payment
        self.paid_told += sum(isinstance(e, MarkPaid) for e in outcome.effects)

    def request(self, attempt: str) -> StartRequest:
        return StartRequest(REF, attempt, FEE, "Lệ phí trích lục", "https://t/ve", "https://t/bao", self.now + LIFE)

    def open(self, attempt: str) -> str:
        """Start an attempt as the action does: recorded first, then the payer leaves for the gateway's page."""
        self.happen(Initiated(attempt, self.now, self.now + LIFE, Method.GATEWAY))
        url = self.gateway.start(self.request(attempt)).url
        token = self.simulator.open(urlsplit(url).query)
        assert isinstance(token, str)
        return token

    def pay(self, token: str, behaviour: Behaviour) -> None:
        self.post(self.simulator.pay(token, behaviour).deliveries)

    def post(self, deliveries: tuple[Delivery, ...]) -> None:
        for delivery in deliveries:
            heapq.heappush(self.queue, (self.now + delivery.deliver_after, next(self.order), delivery))

    def advance(self, by: timedelta) -> None:
        until = self.now + by
        while self.queue and self.queue[0][0] <= until:
            self.now, _, delivery = heapq.heappop(self.queue)
            self.receive(delivery)
        self.now = until

    def receive(self, delivery: Delivery) -> None:
        notice = self.gateway.read_notification(delivery.body, delivery.headers)
        if isinstance(notice, Refused):
            self.refused.append(notice)
        else:
            self.happen(Notified(notice))

    def reconcile(self) -> None:
        """One round: expire, ask the gateway, let the officer send back what is in review, work off the refunds."""
        for expiry in expirable(self.payment, self.now):
            self.happen(expiry)
        answer = self.gateway.query(REF)
        if isinstance(answer, QueryAnswer):
            for notice in answer.notifications:
                self.happen(Notified(notice))
        for receipt in self.payment.in_review:
            self.happen(RefundAsked(receipt.transaction, self.now))
        for receipt in self.payment.owed_back:
            result = self.gateway.refund(receipt.transaction, REF, receipt.amount)
            if isinstance(result, RefundDone):
                self.happen(Refunded(result.transaction, receipt.attempt, result.amount, result.at))
            elif isinstance(result, RefundRefused):
                self.happen(RefundFailed(result.transaction, self.now, result.reason))


def notice(**changed: str) -> dict[str, str]:
    """A good notice's parameters, some of them changed."""
    return {
        "kind": "succeeded",
        "transaction": "t1",
        "reference": REF,
        "attempt": "a1",
        "amount": str(FEE),
        "at": stamp(T0),
        "merchant": CONFIG.merchant,
        "nonce": "n",
        "sent_at": stamp(T0),
    } | changed


def gateway(
    config: RedirectConfig = CONFIG, now: datetime = T0, answer: Callable[[], HttpAnswer] | None = None
) -> Gateway:
    def carry(url: str, body: bytes, headers: Mapping[str, str]) -> HttpAnswer:
        if answer is None:
            raise TransportError("refused")
        return answer()

    return RedirectGateway(config, clock=lambda: T0, nonce=lambda: "fresh", transport=carry)


def read(params: Mapping[str, str], key: Key = OLD, purpose: Purpose = Purpose.NOTIFY) -> Notification | Refused:
    return gateway().read_notification(seal(purpose, params, key).encode(), FORM)


# What is believed.


def test_a_good_notice_is_read() -> None:
    assert read(notice()) == Notification(NoticeKind.SUCCEEDED, Transaction("redirect", "t1"), REF, "a1", FEE, T0)


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (read(notice(), key=NEW), Refusal.UNKNOWN_KEY),
        (read(notice(), key=Key(OLD.id, b"x" * 32)), Refusal.BAD_SIGNATURE),
        (read(notice(), purpose=Purpose.START), Refusal.BAD_SIGNATURE),
        (read(notice(), purpose=Purpose.QUERY_ANSWER), Refusal.BAD_SIGNATURE),
        (read(notice(merchant="haiphong")), Refusal.WRONG_MERCHANT),
        (read(notice(sent_at=stamp(T0 - NOTICE_WINDOW - timedelta(seconds=1)))), Refusal.STALE),
        (read(notice(sent_at=stamp(T0 + SKEW + timedelta(seconds=1)))), Refusal.FROM_THE_FUTURE),
        (read(notice(sent_at="20210231T000000Z")), Refusal.MALFORMED),
        (read(notice(amount="-8000")), Refusal.MALFORMED),
        (read(notice(amount="8000.0")), Refusal.MALFORMED),
        (read(notice(amount="٨٠٠٠")), Refusal.MALFORMED),
        (read(notice(amount="9" * 13)), Refusal.MALFORMED),
        (read(notice(kind="maybe")), Refusal.MALFORMED),
        (read(notice(transaction="")), Refusal.MALFORMED),
        (read(notice(transaction="t\x001")), Refusal.MALFORMED),
        (read(notice(attempt="a" * 65)), Refusal.MALFORMED),
        (read({k: v for k, v in notice().items() if k != "amount"}), Refusal.MALFORMED),
    ],
)
def test_what_is_not_from_the_gateway_now_and_for_us_is_refused(given: object, reason: Refusal) -> None:
    assert isinstance(given, Refused)
    assert given.reason is reason


GOOD = seal(Purpose.NOTIFY, notice(), OLD).encode()


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", Refusal.MALFORMED),
        (b"&", Refusal.MALFORMED),
        (b"\xff\xfe", Refusal.MALFORMED),
        (b"amount=%ff", Refusal.MALFORMED),
        (GOOD + b"&amount=1", Refusal.MALFORMED),
        (GOOD + b"&extra=1", Refusal.BAD_SIGNATURE),
        (GOOD.replace(b"amount=8000", b"amount=8001"), Refusal.BAD_SIGNATURE),
        (GOOD[: GOOD.rindex(b"&sig=")], Refusal.BAD_SIGNATURE),
        (GOOD[:-1], Refusal.BAD_SIGNATURE),
        (GOOD + "é".encode(), Refusal.MALFORMED),
        (b"a=" + b"1" * 70_000, Refusal.TOO_LARGE),
    ],
)
def test_a_tampered_body_is_refused(body: bytes, reason: Refusal) -> None:
    refused = gateway().read_notification(body, FORM)
    assert isinstance(refused, Refused)
    assert refused.reason is reason


def test_a_notice_of_another_form_is_refused() -> None:
    for headers in ({}, {"Content-Type": "application/json"}):
        assert isinstance(gateway().read_notification(GOOD, headers), Refused)
    assert isinstance(
        gateway().read_notification(GOOD, {"Content-Type": f"{FORM['content-type']}; charset=utf-8"}), Notification
    )


@given(st.binary(max_size=300))
def test_any_bytes_are_answered_and_never_believed(body: bytes) -> None:
    assert isinstance(gateway().read_notification(body, FORM), Refused)


@given(st.integers(0, len(GOOD) - 1), st.integers(1, 255))
def test_one_flipped_byte_never_changes_what_is_believed(at: int, flip: int) -> None:
    body = bytearray(GOOD)
    body[at] ^= flip
    believed = gateway().read_notification(bytes(body), FORM)
    assert isinstance(believed, Refused) or believed == read(notice())


@given(st.dictionaries(st.from_regex(r"[a-jl-r][a-z0-9_]{0,9}", fullmatch=True), st.text(max_size=20), max_size=6))
def test_any_parameters_survive_the_wire(params: dict[str, str]) -> None:
    opened = unseal(Purpose.NOTIFY, seal(Purpose.NOTIFY, params, OLD), [NEW, OLD])
    assert opened == params | {"kid": OLD.id}


def test_a_key_is_changed_without_a_moment_of_refusal() -> None:
    by_old, by_new = (seal(Purpose.NOTIFY, notice(), key).encode() for key in (OLD, NEW))
    both = gateway(replace(CONFIG, keys=(NEW, OLD)))
    assert both.read_notification(by_old, FORM) == both.read_notification(by_new, FORM) == read(notice())
    assert f"kid={NEW.id}" in both.start(World().request("a1")).url
    after = gateway(replace(CONFIG, keys=(NEW,))).read_notification(by_old, FORM)
    assert after == Refused(Refusal.UNKNOWN_KEY)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: Key("k", b"short"),
        lambda: Key("", b"x" * 32),
        lambda: replace(CONFIG, keys=()),
        lambda: replace(CONFIG, keys=(OLD, replace(NEW, id=OLD.id))),
        lambda: replace(CONFIG, keys=(OLD, NEW, Key("k", b"x" * 32))),
        lambda: replace(CONFIG, base_url="javascript:alert(1)"),
        lambda: replace(World().request("a1"), amount=0),
        lambda: replace(World().request("a1"), attempt="a 1"),
        lambda: replace(World().request("a1"), expires_at=datetime(2021, 1, 1)),  # noqa: DTZ001 - the fault itself
    ],
)
def test_a_wrong_setting_is_refused_at_once(wrong: Callable[[], object]) -> None:
    with pytest.raises(ValueError, match=r"needs|amount"):
        wrong()


def test_no_secret_is_shown_when_a_setting_is_printed() -> None:
    assert "oooo" not in repr(CONFIG)


# Asking back.


def _answer(**changed: str) -> HttpAnswer:
    params = {"merchant": CONFIG.merchant, "reference": REF, "echo": "fresh", "sent_at": stamp(T0)}
    purpose = Purpose.REFUND_ANSWER if "result" in changed else Purpose.QUERY_ANSWER
    return HttpAnswer(200, seal(purpose, params | changed, OLD).encode())


@pytest.mark.parametrize(
    "answer",
    [
        None,
        lambda: HttpAnswer(503, b""),
        lambda: HttpAnswer(200, b"<html>"),
        _answer,
        lambda: _answer(transactions="[", echo="fresh"),
        lambda: _answer(transactions="7"),
        lambda: _answer(transactions="[" * 10_000),
        lambda: _answer(transactions='[{"kind": 1}]'),
        lambda: _answer(transactions='[{"kind": "succeeded"}]'),
        lambda: _answer(transactions="[]", echo="an older question"),
        lambda: _answer(transactions="[]", reference="another"),
        lambda: _answer(transactions="[]", merchant="another"),
        lambda: _answer(transactions="[]", sent_at=stamp(T0 - timedelta(minutes=6))),
        lambda: _answer(transactions="[]", result="refunded"),
    ],
)
def test_an_answer_that_cannot_be_believed_leaves_us_knowing_nothing(
    answer: Callable[[], HttpAnswer] | None,
) -> None:
    assert isinstance(gateway(answer=answer).query(REF), Trouble)


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"result": "refunded", "transaction": "t1", "amount": "8000", "at": stamp(T0)}, RefundDone),
        ({"result": "refunded", "transaction": "t2", "amount": "8000", "at": stamp(T0)}, Trouble),
        ({"result": "refunded", "transaction": "t1", "amount": "x", "at": stamp(T0)}, Trouble),
        ({"result": "refunded", "transaction": "t1"}, Trouble),
        ({"result": "refused", "reason": "closed"}, RefundRefused),
        ({"result": "perhaps"}, Trouble),
    ],
)
def test_an_answer_to_a_refund_is_read(changed: dict[str, str], expected: type) -> None:
    result = gateway(answer=lambda: _answer(**changed)).refund(Transaction("redirect", "t1"), REF, FEE)
    assert isinstance(result, expected)


def test_money_of_another_gateway_is_not_asked_back_here() -> None:
    assert isinstance(gateway().refund(Transaction("vietqr", "t1"), REF, FEE), RefundRefused)


# The simulator.


def test_the_page_shows_what_was_asked_and_survives_a_reload() -> None:
    world = World()
    token = world.open("a1")
    page = world.simulator.page_state(token)
    assert (page.amount, page.description, page.status) == (FEE, "Lệ phí trích lục", OrderStatus.OPEN)
    world.now += timedelta(hours=2)
    again = world.gateway.start(world.request("a1")).url
    assert world.simulator.open(urlsplit(again).query) == token
    assert world.simulator.page_state(token).status is OrderStatus.EXPIRED
    assert world.simulator.pay(token, Behaviour.HONEST).deliveries == ()


def test_a_start_that_was_altered_is_too_old_or_uses_an_attempt_again_is_refused() -> None:
    world = World()
    query = urlsplit(world.gateway.start(world.request("a1")).url).query
    assert world.simulator.open(query.replace("amount=8000", "amount=1")) == Refused(Refusal.BAD_SIGNATURE)
    world.now += timedelta(minutes=16)
    assert world.simulator.open(query) == Refused(Refusal.STALE)
    world.open("a2")
    dearer = world.gateway.start(replace(world.request("a2"), amount=FEE * 2)).url
    assert isinstance(world.simulator.open(urlsplit(dearer).query), Refused)


def test_an_unknown_page_is_said_to_be_unknown() -> None:
    world = World()
    for deed in (world.simulator.page_state, world.simulator.cancel):
        with pytest.raises(UnknownOrder):
            deed("guessed")


@pytest.mark.parametrize(
    ("behaviour", "told", "after_asking"),
    [
        (Behaviour.HONEST, PaymentState.SUCCEEDED, PaymentState.SUCCEEDED),
        (Behaviour.DOUBLE, PaymentState.SUCCEEDED, PaymentState.SUCCEEDED),
        (Behaviour.REORDER, PaymentState.SUCCEEDED, PaymentState.SUCCEEDED),
        (Behaviour.CHARGE_TWICE, PaymentState.SUCCEEDED, PaymentState.SUCCEEDED),
        (Behaviour.DELAY, PaymentState.INITIATED, PaymentState.SUCCEEDED),
        (Behaviour.FORGET, PaymentState.INITIATED, PaymentState.SUCCEEDED),
        (Behaviour.FORGE, PaymentState.INITIATED, PaymentState.INITIATED),
        (Behaviour.FAIL, PaymentState.FAILED, PaymentState.FAILED),
        (Behaviour.LATE_SUCCESS, PaymentState.FAILED, PaymentState.FAILED),
        (Behaviour.AMOUNT_CHANGED, PaymentState.INITIATED, PaymentState.INITIATED),
    ],
)
def test_each_behaviour_ends_as_it_should(behaviour: Behaviour, told: PaymentState, after_asking: PaymentState) -> None:
    world = World()
    world.pay(world.open("a1"), behaviour)
    world.advance(timedelta(minutes=2))
    assert world.payment.state is told
    world.reconcile()
    assert world.payment.state is after_asking
    assert world.payment.held == world.simulator.money_kept(REF)


def test_a_late_success_is_honoured() -> None:
    world = World()
    world.pay(world.open("a1"), Behaviour.LATE_SUCCESS)
    world.advance(timedelta(hours=3))
    assert (world.payment.state, world.paid_told) == (PaymentState.SUCCEEDED, 1)


def test_no_forgery_is_believed() -> None:
    world = World()
    world.pay(world.open("a1"), Behaviour.FORGE)
    world.advance(timedelta(minutes=1))
    assert [r.reason for r in world.refused] == [
        Refusal.BAD_SIGNATURE,
        Refusal.UNKNOWN_KEY,
        Refusal.BAD_SIGNATURE,
        Refusal.BAD_SIGNATURE,
    ]
    assert world.payment.receipts == ()


def test_going_back_from_the_gateway_ends_the_attempt() -> None:
    world = World()
    token = world.open("a1")
    world.post(world.simulator.cancel(token).deliveries)
    world.advance(timedelta(seconds=2))
    assert world.payment.state is PaymentState.CANCELLED
    assert world.simulator.pay(token, Behaviour.HONEST).deliveries == ()


@given(st.sampled_from(Behaviour), st.integers(0, 1000))
def test_the_same_seed_plays_the_same_and_its_state_survives_a_table(behaviour: Behaviour, seed: int) -> None:
    played = []
    for _ in range(2):
        world = World(seed=seed)
        token = world.open("a1")
        played.append((token, world.simulator.pay(token, behaviour)))
        state = world.simulator._store.load(token)
        assert state is not None
        assert Order.from_dict(json.loads(json.dumps(state))).to_dict() == state
    assert played[0] == played[1]


def test_refunding_twice_gives_back_once_and_only_the_whole() -> None:
    world = World()
    world.pay(world.open("a1"), Behaviour.HONEST)
    world.advance(timedelta(seconds=5))
    money = world.payment.receipts[0].transaction
    assert isinstance(world.gateway.refund(money, REF, FEE - 1), RefundRefused)
    first = world.gateway.refund(money, REF, FEE)
    world.now += timedelta(hours=1)
    assert isinstance(first, RefundDone)
    assert world.gateway.refund(money, REF, FEE) == first
    assert world.simulator.money_kept(REF) == 0
    assert isinstance(world.gateway.refund(Transaction("redirect", "none"), REF, FEE), RefundRefused)


def test_the_simulator_answers_nobody_without_a_key() -> None:
    world = World()
    assert world.simulator.answer("query", b"reference=" + REF.encode()).status == 403
    assert world.simulator.answer("admin", b"").status == 404


# The whole loop.

steps = st.lists(
    st.one_of(
        st.tuples(st.just("pay"), st.sampled_from(Behaviour)),
        st.tuples(st.just("pay"), st.sampled_from(Behaviour)),
        st.tuples(st.just("double click"), st.sampled_from(Behaviour)),
        st.tuples(st.just("wait"), st.integers(0, 2000)),
        st.tuples(st.just("cancel"), st.none()),
        st.tuples(st.just("reconcile"), st.none()),
        st.tuples(st.just("withdraw"), st.none()),
        st.tuples(st.just("ask back"), st.none()),
    ),
    max_size=12,
)


def _step(world: World, tokens: list[str], deed: str, how: Behaviour | int | None) -> None:
    if deed == "pay" and world.payment.open and isinstance(how, Behaviour):
        tokens.append(world.open(f"a{len(tokens)}"))
        world.pay(tokens[-1], how)
    elif deed == "double click" and tokens and isinstance(how, Behaviour):
        world.pay(tokens[-1], how)
    elif deed == "wait" and isinstance(how, int):
        world.advance(timedelta(minutes=how))
    elif deed == "cancel" and tokens:
        world.post(world.simulator.cancel(tokens[-1]).deliveries)
    elif deed == "reconcile":
        world.reconcile()
    elif deed == "withdraw":
        world.happen(Withdrawn(world.now))
    elif deed == "ask back" and world.payment.receipts:
        world.happen(RefundAsked(world.payment.receipts[0].transaction, world.now))


@settings(max_examples=400, deadline=None)
@given(steps, st.integers(0, 10_000), st.lists(st.booleans(), max_size=20))
def test_after_reconciliation_every_dong_is_accounted_for(
    plan: list[tuple[str, Behaviour | int | None]], seed: int, lost: list[bool]
) -> None:
    world = World(seed=seed, lost_answers=iter(lost))
    tokens: list[str] = []
    for deed, how in plan:
        _step(world, tokens, deed, how)
        assert world.payment.kept in (0, FEE)
    world.advance(timedelta(days=3))
    world.lost_answers = itertools.repeat(False)
    world.reconcile()
    world.reconcile()
    assert world.simulator.money_kept(REF) == world.payment.kept == world.payment.held
    assert world.payment.kept == (FEE if world.payment.state is PaymentState.SUCCEEDED else 0)
    assert not world.payment.owed_back
    assert not world.payment.in_review
    assert world.paid_told == sum(r.settles for r in world.payment.receipts) <= 1
    assert world.payment.state is not PaymentState.INITIATED


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(Behaviour), min_size=1, max_size=5), st.integers(0, 10_000))
def test_whoever_really_paid_the_right_sum_ends_as_paid(mix: list[Behaviour], seed: int) -> None:
    world = World(seed=seed)
    for index, token in enumerate([world.open(f"a{i}") for i in range(len(mix))]):
        world.pay(token, mix[index])
    world.advance(timedelta(days=3))
    world.reconcile()
    world.reconcile()
    unpaid = {Behaviour.FAIL, Behaviour.FORGE, Behaviour.AMOUNT_CHANGED}
    assert (world.payment.state is PaymentState.SUCCEEDED) == bool(set(mix) - unpaid)
    assert world.simulator.money_kept(REF) == world.payment.kept
