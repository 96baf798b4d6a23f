"""What is owed for a case, what came in, and what the simulated gateway remembers."""

from __future__ import annotations

from django.db import models

from tinhso.foundation.api import Identified

from .case import Case


class PaymentRow(Identified):
    """A case's debt. `body` is the payment contract in full; `state` repeats where it stands, for searching.

    `busy` says that something is open with a gateway: an attempt, a refund owed, a question to ask again.
    """

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="+")
    reference = models.CharField(max_length=40, unique=True)
    amount = models.BigIntegerField()
    lines = models.JSONField(default=list)
    state = models.CharField(max_length=12)
    body = models.JSONField()
    busy = models.BooleanField(default=False)
    asked_at = models.DateTimeField(null=True)
    updated_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=("asked_at",), name="payment_busy", condition=models.Q(busy=True)),)


class GatewayOrder(models.Model):
    """An order in the memory of the bundled gateway simulator: another party's ledger, not ours."""

    token = models.CharField(primary_key=True, max_length=80)
    reference = models.CharField(max_length=64, db_index=True)
    state = models.JSONField()


class GatewayDelivery(Identified):
    """A notice the simulated gateway will still send."""

    due_at = models.DateTimeField(db_index=True)
    url = models.CharField(max_length=500)
    body = models.BinaryField()
    headers = models.JSONField()
    tries = models.PositiveSmallIntegerField(default=0)
