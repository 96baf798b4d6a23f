"""Queue a message to a person, and queue one again that was given up."""

from __future__ import annotations

import json
from dataclasses import asdict
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction

from tinhso.foundation.api import action, clock, ids, journal, vault
from tinhso.foundation.contracts import Actor, Subject

from . import rules, wording
from .contracts import BadMessage, Message, MessageQueued, MessageState
from .models import OutboxMessage

_LONGEST_KEY = 200


@action
def send(*, message: Message, subject: Subject, actor: Actor) -> UUID:
    """Queue a message about `subject` and return its id; the same `dedupe_key` again returns the first one's.

    It leaves when the transaction has committed, by the worker. Raise BadMessage where it could never be sent.
    """
    if not 0 < len(message.dedupe_key) <= _LONGEST_KEY:
        raise BadMessage(f"dedupe_key: 1–{_LONGEST_KEY} ký tự.")
    destination = rules.destination(message.channel, message.destination)
    content = wording.write(message, site_url=settings.TINHSO_URL)
    if (known := _known(message.dedupe_key)) is not None:
        return known
    now = clock.now()
    row = OutboxMessage(
        id=ids.new(),
        dedupe_key=message.dedupe_key,
        template=message.template,
        language=message.language if message.language in rules.LANGUAGES else "vi",
        channel=message.channel,
        subject_kind=subject.kind,
        subject_id=subject.id,
        destination_sealed=vault.seal(destination.encode()),
        content_sealed=vault.seal(json.dumps(asdict(content), ensure_ascii=False).encode()),
        state=MessageState.WAITING,
        queued_at=now,
        next_try_at=now,
        useful_until=message.useful_until,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:  # queued by another writer meanwhile
        if (known := _known(message.dedupe_key)) is not None:
            return known
        raise
    journal.append(MessageQueued(row.id, row.template, row.channel), subject=subject, actor=actor)
    return row.id


@action
def try_again(*, message_id: UUID, actor: Actor) -> bool:
    """Queue a message again that was given up; say whether there was one with its text still kept."""
    row = OutboxMessage.objects.filter(id=message_id, state=MessageState.GIVEN_UP).first()
    if row is None or not row.destination_sealed:
        return False
    row.state, row.tries, row.error, row.next_try_at = MessageState.WAITING, 0, "", clock.now()
    row.useful_until = None
    row.save(update_fields=["state", "tries", "error", "next_try_at", "useful_until"])
    journal.append(
        MessageQueued(row.id, row.template, row.channel), subject=Subject(row.subject_kind, row.subject_id), actor=actor
    )
    return True


def _known(dedupe_key: str) -> UUID | None:
    return OutboxMessage.objects.filter(dedupe_key=dedupe_key).values_list("id", flat=True).first()
