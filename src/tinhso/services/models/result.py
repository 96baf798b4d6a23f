"""Signed results and the series their numbers come from."""

from __future__ import annotations

from django.db import models

from tinhso.foundation.api import Identified

from .case import Case


class NumberSeries(models.Model):
    """The last number given in a series of an agency in a year."""

    unit = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    series = models.CharField(max_length=60)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("unit", "year", "series"), name="series_year"),)


class Result(Identified):
    """What a case came to: a numbered, signed document. `stage` names the agency's part in a joint procedure."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    stage = models.CharField(max_length=60, blank=True)
    title = models.CharField(max_length=300)
    number = models.CharField(max_length=60)
    date = models.DateField()
    unit = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT, related_name="+")
    signed_by = models.ForeignKey("organisation.Account", on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField()
    blob = models.ForeignKey("foundation.Blob", null=True, on_delete=models.PROTECT, related_name="+")
    verification = models.CharField(max_length=32, unique=True)
    satisfaction = models.PositiveSmallIntegerField(null=True)
    satisfied_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("case", "stage"), name="one_result_a_stage"),)
