"""A case, what happened to it, who has to do what with it, and who looked at it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from tinhso.foundation.api import Identified


class Case(Identified):
    """A dossier on its way from a person to a result. `version` counts changes, so that none is overwritten."""

    code = models.CharField(max_length=40, unique=True)
    package = models.ForeignKey("foundation.InstalledPackage", on_delete=models.PROTECT, related_name="+")
    procedure = models.CharField(max_length=20)
    variant = models.CharField(max_length=60)
    channel = models.CharField(max_length=10)
    delivery = models.CharField(max_length=10)
    data = models.JSONField()
    account = models.ForeignKey("organisation.Account", null=True, on_delete=models.PROTECT, related_name="+")
    typed_by = models.ForeignKey("organisation.Account", null=True, on_delete=models.PROTECT, related_name="+")
    applicant = models.CharField(max_length=200)
    applicant_folded = models.CharField(max_length=200)
    applicant_key = models.CharField(max_length=64)
    receiving_unit = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT, related_name="+")
    tier = models.CharField(max_length=20)
    status = models.PositiveSmallIntegerField()
    step = models.CharField(max_length=60)
    confidentiality = models.PositiveSmallIntegerField(default=1)
    resubmission_of = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    late_supplement = models.BooleanField(default=False)
    submitted_at = models.DateTimeField()
    received_at = models.DateTimeField(null=True)
    original_due_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)
    idempotency_key = models.CharField(max_length=80, null=True, unique=True)  # noqa: DJ001 - many without a key

    class Meta:
        indexes = (
            models.Index(fields=("account", "-submitted_at"), name="case_account"),
            models.Index(fields=("applicant_key", "procedure", "submitted_at"), name="case_resubmission"),
            models.Index(fields=("received_at",), name="case_calendar", condition=Q(finished_at=None)),
        )


class CaseCodeCounter(models.Model):
    """How many cases an agency has received on a local day."""

    unit = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("unit", "day"), name="case_code_day"),)


class CaseEvent(Identified):
    """Something that happened to a case; the clock is computed from these alone. `note` is what people are told."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=40)
    at = models.DateTimeField()
    unit = models.ForeignKey("organisation.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey("organisation.Account", null=True, on_delete=models.PROTECT, related_name="+")
    note = models.TextField(blank=True)
    data = models.JSONField(default=dict)

    class Meta:
        indexes = (models.Index(fields=("case", "at"), name="case_event_order"),)


class Task(Identified):
    """A step of a case that a unit has to do; open ones are the worklist, by the case's due date."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    step = models.CharField(max_length=60)
    kind = models.CharField(max_length=20)
    role = models.CharField(max_length=30)
    opinion = models.CharField(max_length=60, blank=True)
    unit = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT, related_name="+")
    open = models.BooleanField(default=True)
    opened_at = models.DateTimeField()
    step_due_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey("organisation.Account", null=True, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=30, blank=True)
    text = models.TextField(blank=True)

    class Meta:
        indexes = (
            models.Index(fields=("unit", "due_at", "id"), name="task_worklist", condition=Q(open=True)),
            models.Index(fields=("case", "opened_at"), name="task_case"),
        )


class PendingDecision(Identified):
    """A decision that can still be undone; the worker carries it out when its moment has come."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="+")
    task = models.OneToOneField(Task, on_delete=models.PROTECT, related_name="+")
    deed = models.CharField(max_length=30)
    arguments = models.JSONField(default=dict)
    by = models.ForeignKey("organisation.Account", on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT, related_name="+")
    case_version = models.PositiveIntegerField()
    decided_at = models.DateTimeField()
    effective_at = models.DateTimeField(db_index=True)
    failure = models.CharField(max_length=300, blank=True)


class DataLook(Identified):
    """Someone opened a person's data, when, and for which case: the person may see this list."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey("organisation.Account", null=True, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey("organisation.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    what = models.CharField(max_length=60)
    at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=("case", "-at"), name="look_case"),)
