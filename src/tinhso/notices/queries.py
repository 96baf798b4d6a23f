"""Say what became of messages; show their text in the demonstration only."""

from __future__ import annotations

import json

from django.conf import settings

from tinhso.foundation.api import vault
from tinhso.foundation.contracts import Subject

from . import rules
from .contracts import Channel, MessageState, MessageStatus, ShownMessage
from .models import OutboxMessage


def about(subject: Subject) -> list[MessageStatus]:
    """Return what became of the messages about a subject, oldest first."""
    rows = OutboxMessage.objects.filter(subject_id=subject.id, subject_kind=subject.kind)
    return [_status(row) for row in rows.order_by("queued_at", "id")]


def given_up(limit: int = 100) -> list[MessageStatus]:
    """Return the messages that will not arrive, newest first: their people must be reached in another way."""
    rows = OutboxMessage.objects.filter(state=MessageState.GIVEN_UP)
    return [_status(row) for row in rows.order_by("-queued_at")[:limit]]


def recent_for_demo(limit: int = 20) -> list[ShownMessage]:
    """Return the newest messages with their text, for a demonstration's screen; empty in any other installation."""
    if not settings.TINHSO_DEMO:
        return []
    rows = OutboxMessage.objects.exclude(content_sealed=b"").order_by("-queued_at", "-id")
    return [_shown(row) for row in rows[:limit]]


def _status(row: OutboxMessage) -> MessageStatus:
    return MessageStatus(
        id=row.id,
        template=row.template,
        channel=Channel(row.channel),
        state=MessageState(row.state),
        tries=row.tries,
        queued_at=row.queued_at,
        sent_at=row.sent_at,
        subject=Subject(row.subject_kind, row.subject_id),
        error=row.error,
    )


def _shown(row: OutboxMessage) -> ShownMessage:
    content = json.loads(vault.unseal(bytes(row.content_sealed)))
    channel = Channel(row.channel)
    return ShownMessage(
        id=row.id,
        channel=channel,
        destination=rules.masked(channel, vault.unseal(bytes(row.destination_sealed)).decode()),
        title=content["title"],
        body=content["body"],
        queued_at=row.queued_at,
        state=MessageState(row.state),
    )
