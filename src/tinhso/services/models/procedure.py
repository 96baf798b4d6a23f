"""The province's published list of procedures."""

from __future__ import annotations

from django.db import models

from tinhso.foundation.api import Identified


class PublishedProcedure(Identified):
    """A procedure on the province's published list: the denominator of "share of services at level 4"."""

    code = models.CharField(max_length=20)
    title = models.CharField(max_length=500)
    folded = models.CharField(max_length=600)
    field = models.CharField(max_length=200)
    tier = models.CharField(max_length=20)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    source = models.CharField(max_length=200)
    certainty = models.CharField(max_length=12)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("code", "valid_from"), name="published_once"),)
