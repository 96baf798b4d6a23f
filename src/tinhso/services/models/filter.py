"""Filters of the worklist that officials keep."""

from __future__ import annotations

from django.db import models

from tinhso.foundation.api import Identified


class SavedFilter(Identified):
    """A filter an official keeps under a name of their own; `wanted` holds the parts that narrow the list."""

    account = models.ForeignKey("organisation.Account", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=40)
    wanted = models.JSONField(default=dict)
    saved_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("account", "name"), name="filter_name_once"),)
