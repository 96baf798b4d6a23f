"""A case, what happened to it, who has to do what with it, and who looked at it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from tinhso.foundation.api import Identified

_BELOW = {"related_name": "+", "on_delete": models.PROTECT}


class Case(Identified):
    """A dossier on its way from a person to a result. `version` counts changes, so that none is overwritten."""

    code = models.CharField(max_length=40, unique=True)
    package = models.ForeignKey("foundation.InstalledPackage", **_BELOW)
    procedure = models.CharField(max_length=20)
    variant = models.CharField(max_length=60)
    channel = models.CharField(max_length=10)
    delivery = models.CharField(max_length=10)
    data = models.JSONField()
    account = models.ForeignKey("organisation.Account", null=True, **_BELOW)
    typed_by = models.ForeignKey("organisation.Account", null=True, **_BELOW)
    applicant = models.CharField(max_length=200)
    applicant_folded = models.CharField(max_length=200)
    applicant_key = models.CharField(max_length=64)
    receiving_unit = models.ForeignKey("organisation.Unit", **_BELOW)
    unit = models.ForeignKey("organisation.Unit", **_BELOW)
    tier = models.CharField(max_length=20)
    status = models.PositiveSmallIntegerField()
    step = models.CharField(max_length=60)
    confidentiality = models.PositiveSmallIntegerField(default=1)
    resubmission_of = models.ForeignKey("self", null=True, **_BELOW)
    late_supplement = models.BooleanField(default=False)
    submitted_at = models.DateTimeField()
    received_at = models.DateTimeField(null=True)
    original_due_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)
    idempotency_key = models.CharField(max_length=80, null=True, unique=True)

    class Meta:
        indexes = (
            models.Index(fields=("account", "-submitted_at"), name="case_account"),
            models.Index(fields=("applicant_key", "procedure", "submitted_at"), name="case_resubmission"),
            models.Index(fields=("received_at",), name="case_calendar", condition=Q(finished_at=None)),
        )


class CaseCodeCounter(models.Model):
    """How many cases an agency has received on a local day."""

    unit = models.ForeignKey("organisation.Unit", **_BELOW)
    day = models.DateField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("unit", "day"), name="case_code_day"),)


class CaseEvent(Identified):
    """Something that happened to a case; the clock is computed from these alone. `note` is the reason given to people."""

    case = models.ForeignKey(Case, **_BELOW)
    kind = models.CharField(max_length=40)
    at = models.DateTimeField()
    unit = models.ForeignKey("organisation.Unit", null=True, **_BELOW)
    by = models.ForeignKey("organisation.Account", null=True, **_BELOW)
    note = models.TextField(blank=True)
    data = models.JSONField(default=dict)

    class Meta:
        indexes = (models.Index(fields=("case", "at"), name="case_event_order"),)


class Task(Identified):
    """A step of a case that a unit has to do; open ones are the worklist, by the case's due date."""

    case = models.ForeignKey(Case, **_BELOW)
    step = models.CharField(max_length=60)
    kind = models.CharField(max_length=20)
    role = models.CharField(max_length=30)
    opinion = models.CharField(max_length=60, blank=True)
    unit = models.ForeignKey("organisation.Unit", **_BELOW)
    open = models.BooleanField(default=True)
    opened_at = models.DateTimeField()
    step_due_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey("organisation.Account", null=True, **_BELOW)
    outcome = models.CharField(max_length=30, blank=True)
    text = models.TextField(blank=True)

    class Meta:
        indexes = (
            models.Index(fields=("unit", "due_at", "id"), name="task_worklist", condition=Q(open=True)),
            models.Index(fields=("case", "opened_at"), name="task_case"),
        )


class PendingDecision(Identified):
    """A decision that can still be undone; the worker carries it out when its moment has come."""

    case = models.OneToOneField(Case, **_BELOW)
    task = models.OneToOneField(Task, **_BELOW)
    deed = models.CharField(max_length=30)
    arguments = models.JSONField(default=dict)
    by = models.ForeignKey("organisation.Account", **_BELOW)
    unit = models.ForeignKey("organisation.Unit", **_BELOW)
    case_version = models.PositiveIntegerField()
    decided_at = models.DateTimeField()
    effective_at = models.DateTimeField(db_index=True)
    failure = models.CharField(max_length=300, blank=True)


class DataLook(Identified):
    """Someone opened a person's data, when, and for which case: the person may see this list."""

    case = models.ForeignKey(Case, **_BELOW)
    account = models.ForeignKey("organisation.Account", null=True, **_BELOW)
    unit = models.ForeignKey("organisation.Unit", null=True, **_BELOW)
    what = models.CharField(max_length=60)
    at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=("case", "-at"), name="look_case"),)
