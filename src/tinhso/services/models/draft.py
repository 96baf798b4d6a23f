"""An application being filled in, and the files handed in with it."""

from __future__ import annotations

from django.db import models

from tinhso.foundation.api import Identified

from .case import Case


class Draft(Identified):
    """An application on its way: saved page by page, resumed on any device, one row an application."""

    account = models.ForeignKey("organisation.Account", on_delete=models.PROTECT, related_name="+")
    package = models.ForeignKey("foundation.InstalledPackage", on_delete=models.PROTECT, related_name="+")
    procedure = models.CharField(max_length=20)
    unit = models.ForeignKey("organisation.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    data = models.JSONField(default=dict)
    delivery = models.CharField(max_length=10, default="online")
    started_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    case = models.OneToOneField(Case, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = (models.Index(fields=("account", "-saved_at"), name="draft_account"),)


class Attachment(Identified):
    """A file handed in for a component of the dossier, in a draft or in a case."""

    account = models.ForeignKey("organisation.Account", null=True, on_delete=models.PROTECT, related_name="+")
    draft = models.ForeignKey(Draft, null=True, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="+")
    component = models.CharField(max_length=60)
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=80)
    size = models.BigIntegerField()
    original = models.ForeignKey("foundation.Blob", on_delete=models.PROTECT, related_name="+")
    cleaned = models.ForeignKey("foundation.Blob", null=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, db_index=True)
    reason = models.CharField(max_length=200, blank=True)
    uploaded_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (
            models.Index(fields=("draft",), name="attachment_draft"),
            models.Index(fields=("case",), name="attachment_case"),
        )


class AttachmentOpening(models.Model):
    """An official has opened a file: a required one nobody opened blocks acceptance."""

    attachment = models.ForeignKey(Attachment, on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey("organisation.Account", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("attachment", "account"), name="opened_once"),)
