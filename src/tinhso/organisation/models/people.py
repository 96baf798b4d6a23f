"""People and the posts they hold, from a day to a day."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from tinhso.foundation.api import Identified

from ..contracts import Role


class Person(Identified):
    """Someone known by name; `folded` is the name for search."""

    name = models.CharField(max_length=120)
    folded = models.CharField(max_length=120, db_index=True)


class Post(Identified):
    """A post of a unit and the role that comes with it; at most one of a unit's posts answers for it all."""

    unit = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=120)
    role = models.CharField(max_length=20, choices=[(r.value, r.name) for r in Role])
    accountable_head = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("unit", "title"), name="post_once"),
            models.UniqueConstraint(fields=("unit",), condition=Q(accountable_head=True), name="post_one_head"),
        )


class Holding(Identified):
    """A person in a post."""

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="holding_days"
            ),
        )


class Delegation(Identified):
    """Some roles of a holding, lent to another person for a time, in writing.

    NĐ 30/2020 (read in the text): an authorisation is limited in time and content and is not passed on.
    """

    from_holding = models.ForeignKey(Holding, on_delete=models.PROTECT, related_name="+")
    to_person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    roles = models.JSONField()
    valid_from = models.DateField()
    valid_to = models.DateField()
    document = models.CharField(max_length=120)

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(valid_to__gte=F("valid_from")), name="delegation_days"),)
