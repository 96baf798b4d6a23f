"""Who sees what: the access table that every list, page, file, export and API answer joins once."""

from __future__ import annotations

from django.db import models

from tinhso.foundation.api import Identified

from ..contracts import Confidentiality


class Access(Identified):
    """Sight of an object for a unit, and why. Both indexes answer without touching the table.

    `level` is the object's confidentiality; `valid_to` is the first instant without sight.
    """

    object_id = models.UUIDField()
    unit = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT, related_name="+", db_index=False)
    reason = models.CharField(max_length=40)
    level = models.PositiveSmallIntegerField(choices=[(c.value, c.name) for c in Confidentiality])
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True)

    class Meta:
        indexes = (
            models.Index(fields=("object_id", "unit", "level", "valid_from", "valid_to"), name="access_by_object"),
            models.Index(fields=("unit", "object_id", "level", "valid_from", "valid_to"), name="access_by_unit"),
        )


class ApiToken(Identified):
    """A key for programs: kept as a keyed hash, limited to rights, units and days."""

    account = models.ForeignKey("organisation.Account", on_delete=models.PROTECT, related_name="+")
    label = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField()
    units = models.JSONField()
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
