"""Play the other side of the redirect gateway, well or badly, from a seed: for the demonstration and for proofs.

A pure engine: it takes no real money, sends nothing and draws no randomness of its own. What it would send comes back
as deliveries with their delay; whoever mounts it delivers them. Its ledger of money taken is what `query` and `refund`
answer from, so that a payment can be reconciled whatever its notices did. Mount each call in one transaction.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from tinhso.foundation.contracts import money
from tinhso.services.contracts.payment import NoticeKind

from .base import PLAIN_ID, Clock, HttpAnswer, Refusal, Refused
from .orders import MemoryStore, Order, OrderStatus, Store, Taken, UnknownOrder
from .redirect import ANSWER_WINDOW, FORM, SKEW, RedirectConfig
from .wire import Key, Purpose, check_age, read_amount, read_stamp, seal, stamp, unseal

__all__ = [
    "Behaviour",
    "Delivery",
    "Done",
    "MemoryStore",
    "Order",
    "OrderStatus",
    "PageState",
    "Simulator",
    "Store",
    "Taken",
    "UnknownOrder",
]

START_WINDOW = timedelta(minutes=15)


class Behaviour(StrEnum):
    """How the gateway treats one payment."""

    HONEST = "honest"
    DELAY = "delay"  # the notice comes minutes to more than a day later
    DOUBLE = "double"  # one payment, several notices
    REORDER = "reorder"  # an earlier refusal is told after the success
    FORGE = "forge"  # no money; notices by somebody who has no key
    FORGET = "forget"  # money taken, nothing said
    FAIL = "fail"  # no money, said so
    AMOUNT_CHANGED = "amount_changed"  # another sum was really taken
    LATE_SUCCESS = "late_success"  # said failed, then took the money after the attempt's time
    CHARGE_TWICE = "charge_twice"  # two transactions for one attempt


@dataclass(frozen=True, slots=True)
class Delivery:
    """A notice to POST to `url`, `deliver_after` from now."""

    deliver_after: timedelta
    url: str
    body: bytes
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class PageState:
    """What the gateway's page shows."""

    token: str
    reference: str
    amount: money.Vnd
    description: str
    expires_at: datetime
    status: OrderStatus
    return_url: str


@dataclass(frozen=True, slots=True)
class Done:
    """Where to send the payer's browser, and the notices to deliver."""

    return_url: str
    deliveries: tuple[Delivery, ...]


class Simulator:
    """The gateway's side: `open` what the payer's browser brought, `pay` or `cancel`, answer queries and refunds."""

    def __init__(self, config: RedirectConfig, *, store: Store, clock: Clock, seed: int = 0) -> None:
        self._config = config
        self._store = store
        self._clock = clock
        self._seed = seed

    def open(self, query: str) -> str | Refused:
        """Take a start request's query string; give the token of its page. The same attempt gives the same page."""
        params = self._believe(Purpose.START, query)
        if isinstance(params, Refused):
            return params
        try:
            order = self._order(params)
        except (KeyError, ValueError) as error:
            return Refused(Refusal.MALFORMED, str(error))
        known = self._store.load(order.token)
        if known is not None:
            same = known["amount"] == order.amount
            return order.token if same else Refused(Refusal.MALFORMED, "attempt used for another amount")
        stale = check_age(params, self._clock(), START_WINDOW, SKEW)
        if stale is not None:
            return stale
        self._save(order)
        return order.token

    def page_state(self, token: str) -> PageState:
        """Show an attempt; UnknownOrder where there is none."""
        order = self._load(token)
        status = OrderStatus.EXPIRED if self._expired(order) else order.status
        return PageState(
            token, order.reference, order.amount, order.description, order.expires_at, status, order.return_url
        )

    def pay(self, token: str, behaviour: Behaviour) -> Done:
        """Pay as `behaviour` says. An attempt already decided or past its time takes nothing more."""
        order = self._load(token)
        if order.status is not OrderStatus.OPEN or self._expired(order):
            return Done(order.return_url, ())
        after, deliveries = _Play(order, behaviour, self._clock(), self._seed, self._config).act()
        if after != order:
            self._save(after)
        return Done(order.return_url, deliveries)

    def cancel(self, token: str) -> Done:
        """Give the attempt up, as the payer does by the page's way back."""
        order = self._load(token)
        if order.status is not OrderStatus.OPEN:
            return Done(order.return_url, ())
        self._save(replace(order, status=OrderStatus.CANCELLED))
        play = _Play(order, Behaviour.HONEST, self._clock(), self._seed, self._config)
        notice = play.notice(NoticeKind.CANCELLED, _number(order, 0), order.amount, play.now)
        return Done(order.return_url, (play.delivery(timedelta(seconds=1), notice),))

    def transport(self, url: str, body: bytes, headers: Mapping[str, str]) -> HttpAnswer:
        """Answer the adapter without a network: this is a `base.Transport`."""
        return self.answer(url.rpartition("/")[2], body)

    def answer(self, path: str, body: bytes) -> HttpAnswer:
        """Answer a signed `query` or `refund`; 403 what is not ours, 404 another path."""
        if path not in ("query", "refund"):
            return HttpAnswer(404, b"")
        asking, answering = (
            (Purpose.QUERY, Purpose.QUERY_ANSWER) if path == "query" else (Purpose.REFUND, Purpose.REFUND_ANSWER)
        )
        params = self._believe(asking, body)
        stale = params if isinstance(params, Refused) else check_age(params, self._clock(), ANSWER_WINDOW, SKEW)
        if isinstance(params, Refused) or stale is not None:
            return HttpAnswer(403, b"")
        reference = params.get("reference", "")
        told = self._query(reference) if path == "query" else self._refund(reference, params)
        whole = told | {
            "merchant": self._config.merchant,
            "reference": reference,
            "echo": params.get("nonce", ""),
            "sent_at": stamp(self._clock()),
        }
        return HttpAnswer(200, seal(answering, whole, self._config.keys[0]).encode("ascii"))

    def money_kept(self, reference: str) -> money.Vnd:
        """Sum what was taken for a debt by now and has not gone back, in đồng: the truth a test compares with."""
        now = self._clock()
        orders = (Order.from_dict(state) for state in self._store.find(reference))
        return sum(t.amount for o in orders for t in o.taken if t.at <= now and t.refunded_at is None)

    def _believe(self, purpose: Purpose, message: str | bytes) -> dict[str, str] | Refused:
        params = unseal(purpose, message, self._config.keys)
        if not isinstance(params, Refused) and params.get("merchant") != self._config.merchant:
            return Refused(Refusal.WRONG_MERCHANT)
        return params

    def _order(self, params: Mapping[str, str]) -> Order:
        reference, attempt, amount = params["reference"], params["attempt"], read_amount(params["amount"])
        if not PLAIN_ID.fullmatch(reference) or not PLAIN_ID.fullmatch(attempt) or not amount:
            raise ValueError("reference, attempt or amount is senseless")
        return Order(
            token=_digest(self._seed, self._config.merchant, reference, attempt)[:32],
            reference=reference,
            attempt=attempt,
            amount=amount,
            description=params["description"],
            return_url=params["return_url"],
            notify_url=params["notify_url"],
            expires_at=read_stamp(params["expires_at"]),
        )

    def _expired(self, order: Order) -> bool:
        return order.status is OrderStatus.OPEN and self._clock() >= order.expires_at

    def _load(self, token: str) -> Order:
        state = self._store.load(token)
        if state is None:
            raise UnknownOrder(token)
        return Order.from_dict(state)

    def _save(self, order: Order) -> None:
        self._store.save(order.token, order.reference, order.to_dict())

    def _query(self, reference: str) -> dict[str, str]:
        now, rows = self._clock(), []
        ended = {OrderStatus.FAILED: NoticeKind.FAILED, OrderStatus.CANCELLED: NoticeKind.CANCELLED}
        for order in (Order.from_dict(state) for state in self._store.find(reference)):
            if order.status in ended:
                rows.append(_row(ended[order.status], _number(order, 0), order, order.amount, now))
            for t in order.taken:
                if t.at <= now:
                    kind = NoticeKind.REFUNDED if t.refunded_at else NoticeKind.SUCCEEDED
                    rows.append(_row(kind, t.number, order, t.amount, t.refunded_at or t.at))
        return {"transactions": json.dumps(rows)}

    def _refund(self, reference: str, params: Mapping[str, str]) -> dict[str, str]:
        now, number = self._clock(), params.get("transaction", "")
        for order in (Order.from_dict(state) for state in self._store.find(reference)):
            for t in order.taken:
                if t.number != number or t.at > now:
                    continue
                if params.get("amount") != str(t.amount):
                    return {"result": "refused", "reason": "only the whole amount can go back"}
                at = t.refunded_at or now
                gone = tuple(replace(x, refunded_at=at) if x.number == number else x for x in order.taken)
                self._save(replace(order, taken=gone))
                return {"result": "refunded", "transaction": number, "amount": str(t.amount), "at": stamp(at)}
        return {"result": "refused", "reason": "no such transaction"}


@dataclass(frozen=True, slots=True)
class _Play:
    """One payment played out: what is taken, what is said when."""

    order: Order
    behaviour: Behaviour
    now: datetime
    seed: int
    config: RedirectConfig

    def act(self) -> tuple[Order, tuple[Delivery, ...]]:
        match self.behaviour:
            case Behaviour.FAIL:
                return replace(self.order, status=OrderStatus.FAILED), (self._failed(2),)
            case Behaviour.FORGE:
                return self.order, self._forgeries()
            case Behaviour.LATE_SUCCESS:
                late = self.order.expires_at + timedelta(minutes=self._draw("late", 1, 120))
                after = late - self.now + timedelta(seconds=10)
                money_late = Taken(_number(self.order, 1), self.order.amount, late)
                order, deliveries = self._take(money_late, after, self._failed(2))
                return replace(order, status=OrderStatus.FAILED), deliveries
            case Behaviour.CHARGE_TWICE:
                order, first = self._take(self._sum(1), self._soon("first"))
                again, second = replace(self, order=order)._take(self._sum(2), self._soon("second"))
                return again, first + second
            case _:
                return self._paid_once()

    def _paid_once(self) -> tuple[Order, tuple[Delivery, ...]]:
        taken, soon = self._sum(1), self._soon("first")
        match self.behaviour:
            case Behaviour.DELAY:
                return self._take(taken, timedelta(minutes=self._draw("delay", 5, 30 * 60)))
            case Behaviour.DOUBLE:
                order, (first,) = self._take(taken, soon)
                same = replace(first, deliver_after=soon + timedelta(seconds=self._draw("same", 0, 5)))
                retold = self.notice(NoticeKind.SUCCEEDED, taken.number, taken.amount, taken.at, "retold")
                return order, (first, same, self.delivery(soon + timedelta(minutes=1), retold))
            case Behaviour.REORDER:
                return self._take(taken, soon, self._failed(self._draw("failed", 5, 60)))
            case Behaviour.FORGET:
                return self._take(taken, soon)[0], ()
            case Behaviour.AMOUNT_CHANGED:
                off = self._draw("off", 1, max(1, self.order.amount // 2))
                less = self._draw("less", 0, 1) == 1 and off < self.order.amount
                return self._take(replace(taken, amount=taken.amount + (-off if less else off)), soon)
            case _:
                return self._take(taken, soon)

    def notice(self, kind: NoticeKind, number: str, amount: int, at: datetime, nonce: str = "once") -> dict[str, str]:
        """Say one thing, as the gateway's parameters before signing."""
        return _row(kind, number, self.order, amount, at) | {
            "reference": self.order.reference,
            "merchant": self.config.merchant,
            "nonce": _digest(self.seed, self.order.token, kind, number, nonce)[:32],
            "sent_at": stamp(max(at, self.now)),
        }

    def delivery(self, after: timedelta, notice: Mapping[str, str], key: Key | None = None) -> Delivery:
        """Sign a notice and address it."""
        body = seal(Purpose.NOTIFY, notice, key or self.config.keys[0]).encode("ascii")
        return Delivery(after, self.order.notify_url, body, FORM)

    def _take(self, taken: Taken, after: timedelta, *before: Delivery) -> tuple[Order, tuple[Delivery, ...]]:
        order = replace(self.order, status=OrderStatus.PAID, taken=(*self.order.taken, taken))
        notice = self.notice(NoticeKind.SUCCEEDED, taken.number, taken.amount, taken.at)
        return order, (*before, self.delivery(after, notice))

    def _failed(self, seconds: int) -> Delivery:
        notice = self.notice(NoticeKind.FAILED, _number(self.order, 0), self.order.amount, self.now)
        return self.delivery(timedelta(seconds=seconds), notice)

    def _forgeries(self) -> tuple[Delivery, ...]:
        """What somebody without our key can send: foreign keys, an altered notice, our own start request."""
        good = self.notice(NoticeKind.SUCCEEDED, _number(self.order, 9), self.order.amount, self.now)
        own = self.config.keys[0]
        guessed = Key(own.id, hashlib.sha256(b"a guess").digest())
        refused = self.notice(NoticeKind.FAILED, _number(self.order, 9), self.order.amount, self.now)
        altered = seal(Purpose.NOTIFY, refused, own).replace("kind=failed", "kind=succeeded").encode("ascii")
        crossed = seal(Purpose.START, good, own).encode("ascii")
        first = self.delivery(timedelta(seconds=1), good, guessed)
        foreign = self.delivery(timedelta(seconds=2), good, replace(guessed, id="stranger"))
        return (
            first,
            foreign,
            replace(first, deliver_after=timedelta(seconds=3), body=altered),
            replace(first, deliver_after=timedelta(seconds=4), body=crossed),
        )

    def _sum(self, index: int) -> Taken:
        return Taken(_number(self.order, index), self.order.amount, self.now)

    def _soon(self, what: str) -> timedelta:
        return timedelta(seconds=self._draw(what, 1, 3))

    def _draw(self, what: str, least: int, most: int) -> int:
        drawn = int(_digest(self.seed, self.order.token, self.behaviour, what), 16)
        return least + drawn % (most - least + 1)


def _row(kind: NoticeKind, number: str, order: Order, amount: int, at: datetime) -> dict[str, str]:
    return {
        "kind": kind.value,
        "transaction": number,
        "attempt": order.attempt,
        "amount": str(amount),
        "at": stamp(at),
    }


def _number(order: Order, index: int) -> str:
    return f"SIM{order.token[:16].upper()}{index}"


def _digest(*parts: object) -> str:
    return hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()
