"""Facts this room offers for measuring: typed columns, no personal data."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from tinhso.foundation.api import FactVersion


class CaseFact(FactVersion):
    """What is known of a case for measuring. Times are aware; dates are the province's."""

    code = models.CharField(max_length=40, default="")
    procedure = models.CharField(max_length=20)
    unit_id = models.UUIDField()
    tier = models.CharField(max_length=20)
    channel = models.CharField(max_length=10)
    status = models.PositiveSmallIntegerField()
    typed_by_official = models.BooleanField()
    wholly_online = models.BooleanField()
    resubmitted = models.BooleanField()
    late_supplement = models.BooleanField()
    on_time = models.BooleanField(null=True)
    submitted_on = models.DateField()
    received_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("subject_id",), condition=Q(current=True), name="case_fact_current"),
        )
        indexes = (
            models.Index(fields=("submitted_on",), name="case_fact_day", condition=Q(current=True)),
            models.Index(fields=("subject_id", "recorded_at"), name="case_fact_known"),
        )


class ServiceFact(FactVersion):
    """What is known of a published procedure: the level its package proves (None: no package)."""

    code = models.CharField(max_length=20)
    tier = models.CharField(max_length=20)
    field = models.CharField(max_length=200)
    published = models.BooleanField()
    has_package = models.BooleanField()
    level = models.PositiveSmallIntegerField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("subject_id",), condition=Q(current=True), name="service_fact_current"),
        )
