"""The outbox: messages to people, what became of each, and nothing readable of whom they went to."""

from __future__ import annotations

from django.db import models

from tinhso.foundation.api import Identified

from .contracts import Channel, MessageState


class OutboxMessage(Identified):
    """A message. Its destination and text are sealed, and emptied once they are no longer needed."""

    dedupe_key = models.CharField(max_length=200, unique=True)
    template = models.CharField(max_length=40)
    language = models.CharField(max_length=2)
    channel = models.CharField(max_length=5, choices=[(c.value, c.value) for c in Channel])
    subject_kind = models.CharField(max_length=60)
    subject_id = models.UUIDField()
    destination_sealed = models.BinaryField(default=bytes)
    content_sealed = models.BinaryField(default=bytes)
    state = models.CharField(max_length=8, choices=[(s.value, s.value) for s in MessageState])
    tries = models.PositiveSmallIntegerField(default=0)
    queued_at = models.DateTimeField()
    next_try_at = models.DateTimeField()
    useful_until = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=120, blank=True)

    class Meta:
        indexes = (
            models.Index(fields=("state", "next_try_at"), name="outbox_due"),
            models.Index(fields=("subject_id", "queued_at"), name="outbox_subject"),
            models.Index(fields=("queued_at",), name="outbox_recent"),
        )
