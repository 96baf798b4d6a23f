"""Send what waits in the outbox, and forget what is no longer needed.

At least once: a message counts as sent when the server has taken it and the row says so. A worker killed between the
two sends it again after the lease, under the same Message-ID, by which a receiver knows the copy. What is marked as
sent is never sent again.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta

from django.db import transaction

from tinhso.foundation.api import clock, journal, vault
from tinhso.foundation.contracts import Actor, Subject

from . import rules, transports
from .contracts import Channel, MessageGivenUp, MessageState
from .models import OutboxMessage
from .transports import NotAccepted, Outgoing, Transport, TryLater

log = logging.getLogger("tinhso.notices")
_SELF = Actor.system("notices")
_OPEN = (MessageState.WAITING, MessageState.FAILED)
KEPT = timedelta(days=30)  # how long the text and destination of a settled message are kept


def deliver(batch: int = 50) -> int:
    """Try up to `batch` messages that are due; return how many were tried."""
    tried = 0
    with ExitStack() as stack:
        opened: dict[Channel, Transport] = {}
        for row in _due(batch):
            channel = Channel(row.channel)
            if channel not in opened:
                opened[channel] = stack.enter_context(transports.for_channel(channel))
            _try(row, opened[channel])
            tried += 1
    return tried


def forget(batch: int = 500) -> int:
    """Empty the text and destination of messages settled long ago; return how many."""
    settled = OutboxMessage.objects.exclude(state__in=_OPEN).exclude(content_sealed=b"")
    ids = list(settled.filter(queued_at__lt=clock.now() - KEPT).values_list("id", flat=True)[:batch])
    return OutboxMessage.objects.filter(id__in=ids).update(content_sealed=b"", destination_sealed=b"")


def _due(batch: int) -> Iterator[OutboxMessage]:
    """Yield due messages one by one, each taken so that no other worker sends it meanwhile."""
    due = OutboxMessage.objects.filter(state__in=_OPEN, next_try_at__lte=clock.now())
    for row in list(due.order_by("next_try_at", "id")[:batch]):
        mine = OutboxMessage.objects.filter(id=row.id, state__in=_OPEN, next_try_at=row.next_try_at)
        row.tries += 1
        row.next_try_at = clock.now() + rules.LEASE
        if mine.update(tries=row.tries, next_try_at=row.next_try_at):
            yield row


def _try(row: OutboxMessage, transport: Transport) -> None:
    """Send one message outside any transaction, for a slow server must not hold the database's writers."""
    if row.useful_until is not None and row.useful_until <= clock.now():
        _give_up(row, "expired")
        return
    try:
        transport.send(_outgoing(row))
    except NotAccepted as refusal:
        _give_up(row, str(refusal))
    except TryLater as failure:
        _postpone(row, str(failure))
    except vault.Damaged:
        _give_up(row, "sealed content does not open")
    else:
        _settle(row, state=MessageState.SENT, sent_at=clock.now(), error="")


def _outgoing(row: OutboxMessage) -> Outgoing:
    content = json.loads(vault.unseal(bytes(row.content_sealed)))
    return Outgoing(
        id=row.id,
        destination=vault.unseal(bytes(row.destination_sealed)).decode(),
        title=content["title"],
        body=content["body"],
        language=row.language,
        queued_at=row.queued_at,
    )


def _postpone(row: OutboxMessage, error: str) -> None:
    wait = rules.pause(row.tries)
    if wait is None:
        _give_up(row, error)
        return
    log.warning("message %s was not sent (%s); next try in %s", row.id, error, wait)
    _settle(row, state=MessageState.FAILED, next_try_at=clock.now() + wait, error=error[:120])


def _give_up(row: OutboxMessage, error: str) -> None:
    log.error("message %s is given up after %s tries: %s", row.id, row.tries, error)
    with transaction.atomic():
        if _settle(row, state=MessageState.GIVEN_UP, error=error[:120]):
            journal.append(
                MessageGivenUp(row.id, row.template, row.channel, row.tries, error[:120]),
                subject=Subject(row.subject_kind, row.subject_id),
                actor=_SELF,
            )


def _settle(row: OutboxMessage, **changes: object) -> int:
    """Write what became of this try, unless the message was settled otherwise meanwhile."""
    return OutboxMessage.objects.filter(id=row.id, state__in=_OPEN).update(**changes)
