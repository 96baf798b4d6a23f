"""Units and their life in time. Identity is the row of `Unit`; a code belongs to a version."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from tinhso.foundation.api import Identified

from ..contracts import Certainty, Part, Tier, UnitKind


def _choices(enum: type) -> list[tuple[str, str]]:
    return [(member.value, member.name) for member in enum]  # type: ignore[attr-defined]


class Unit(Identified):
    """A unit for as long as it lives. `key` is how data files name it; it is never shown."""

    key = models.CharField(max_length=80, unique=True)
    kind = models.CharField(max_length=20, choices=_choices(UnitKind))
    sector = models.CharField(max_length=30, blank=True)


class UnitVersion(Identified):
    """A unit's name, code and place in the order of things, between two days."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=10, blank=True)
    kind_word = models.CharField(max_length=20, blank=True)
    name = models.CharField(max_length=160)
    full_name = models.CharField(max_length=180)
    display_name = models.CharField(max_length=300)
    folded = models.CharField(max_length=300)
    tier = models.CharField(max_length=10, choices=_choices(Tier))
    parent = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    territory = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    source = models.CharField(max_length=200)
    certainty = models.CharField(max_length=10, choices=_choices(Certainty))
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("unit", "valid_from"), name="unit_version_once"),
            models.UniqueConstraint(fields=("unit",), condition=Q(valid_to__isnull=True), name="unit_version_open"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="unit_version_days"
            ),
        )
        indexes = (
            models.Index(fields=("code",), name="unit_version_code"),
            models.Index(fields=("tier", "valid_from"), name="unit_version_tier"),
            models.Index(fields=("parent", "valid_from"), name="unit_version_parent"),
            models.Index(fields=("territory",), name="unit_version_territory"),
        )


class UnitSuccession(Identified):
    """A link from a unit to what followed it; `to_unit` is null where that is not known."""

    from_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    to_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    part = models.CharField(max_length=10, choices=_choices(Part))
    effective = models.DateField()
    source = models.CharField(max_length=200)
    certainty = models.CharField(max_length=10, choices=_choices(Certainty))

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("from_unit", "to_unit", "effective"), name="succession_once"),
            models.UniqueConstraint(
                fields=("from_unit", "effective"), condition=Q(to_unit__isnull=True), name="succession_unknown_once"
            ),
        )


class UnitIdentifier(Identified):
    """An agency identifier code ("000.00.16.H23") between two days, with how sure it is."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    value = models.CharField(max_length=35)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    source = models.CharField(max_length=200)
    certainty = models.CharField(max_length=10, choices=_choices(Certainty))

    class Meta:
        constraints = (models.UniqueConstraint(fields=("unit", "valid_from"), name="unit_identifier_once"),)
        indexes = (models.Index(fields=("value",), name="unit_identifier_value"),)
