"""Play the payment gateway's side in the demonstration: its pages' acts, its answers, and the notices it still owes."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.conf import settings

from tinhso.foundation.api import action, clock, ids
from tinhso.services.contracts.answers import NotFound, Refusal
from tinhso.services.gateways import installed
from tinhso.services.gateways.base import HttpAnswer, Refused, TransportError
from tinhso.services.gateways.simulator import Behaviour, Done, PageState, UnknownOrder
from tinhso.services.models import GatewayDelivery

MAX_TRIES = 8


@action
def open_order(*, query: str) -> str:
    """Take the payer from our own start address; return the token of the gateway's page."""
    _only_in_demo()
    token = installed.simulator().open(query)
    if isinstance(token, Refused):
        raise Refusal("Yêu cầu thanh toán này không dùng được nữa. Hãy quay lại hồ sơ và bấm trả phí lần nữa.")
    return token


def page_of(token: str) -> PageState:
    """Return what the gateway's page shows; raise NotFound for a token nobody was given."""
    _only_in_demo()
    try:
        return installed.simulator().page_state(token)
    except UnknownOrder:
        raise NotFound from None


@action
def pay(*, token: str, behaviour: Behaviour) -> str:
    """Pay as the behaviour says; return where the payer's browser goes. Paying twice takes money once."""
    page_of(token)
    return _owe(installed.simulator().pay(token, behaviour))


@action
def cancel(*, token: str) -> str:
    """Give the attempt up; return where the payer's browser goes."""
    page_of(token)
    return _owe(installed.simulator().cancel(token))


@action
def answer(*, path: str, body: bytes) -> HttpAnswer:
    """Answer our own adapter's signed questions."""
    _only_in_demo()
    return installed.simulator().answer(path, body)


def deliver_due(limit: int = 20) -> int:
    """Send the notices whose moment has come; one that does not get through is tried again, later each time."""
    if not settings.TINHSO_DEMO:
        return 0
    due = GatewayDelivery.objects.filter(due_at__lte=clock.now()).order_by("due_at")
    return sum(_deliver(delivery_id) for delivery_id in due.values_list("id", flat=True)[:limit])


def _deliver(delivery_id: UUID) -> int:
    row = GatewayDelivery.objects.filter(id=delivery_id).first()
    if row is None:
        return 0
    try:  # the network is asked outside any transaction
        told = installed.post(row.url, bytes(row.body), row.headers).status < 500
    except TransportError:
        told = False
    if told or row.tries + 1 >= MAX_TRIES:
        _forget(delivery_id=delivery_id)
        return 1
    _try_later(delivery_id=delivery_id, tries=row.tries + 1)
    return 0


@action
def _forget(*, delivery_id: UUID) -> None:
    GatewayDelivery.objects.filter(id=delivery_id).delete()


@action
def _try_later(*, delivery_id: UUID, tries: int) -> None:
    later = clock.now() + timedelta(seconds=5 * 2**tries)
    GatewayDelivery.objects.filter(id=delivery_id).update(tries=tries, due_at=later)


def _owe(done: Done) -> str:
    now = clock.now()
    for delivery in done.deliveries:
        GatewayDelivery.objects.create(
            id=ids.new(), due_at=now + delivery.deliver_after, url=delivery.url, body=delivery.body,
            headers=dict(delivery.headers),
        )  # fmt: skip
    return done.return_url


def _only_in_demo() -> None:
    if not settings.TINHSO_DEMO:
        raise NotFound
