"""Tables: keys point down and not back, migrations are made, what is sealed is found when keys turn."""

from __future__ import annotations

import io

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import models

from tinhso.foundation import ids

# Floors from the top; a room's rows may name rows of its own floor's room or of a floor below.
FLOORS = (
    {"site"},
    {"operations", "newsroom"},
    {"conferences"},
    {"services", "records", "programme", "sensing", "security", "datacentre", "society"},
    {"notices"},
    {"indicators"},
    {"organisation"},
    {"foundation", "design"},
)
HEIGHT = {room: len(FLOORS) - number for number, rooms in enumerate(FLOORS) for room in rooms}
OWN = [model for model in apps.get_models(include_auto_created=True) if model.__module__.startswith("tinhso.")]
RELATIONS = [
    pytest.param(model, field, id=f"{model._meta.label}.{field.name}")
    for model in OWN
    for field in model._meta.get_fields()
    if isinstance(field, models.ForeignKey | models.OneToOneField | models.ManyToManyField)
]


@pytest.mark.parametrize(("model", "field"), RELATIONS)
def test_foreign_keys_point_down_and_leave_no_way_back(model: type[models.Model], field: models.ForeignKey) -> None:
    there = field.related_model
    if there.__module__.startswith("tinhso."):
        here, below = model._meta.app_label, there._meta.app_label
        assert here == below or HEIGHT[here] > HEIGHT[below]
        assert field.remote_field.related_name == "+"
    else:  # of the framework only the account's own bases, and no room leans on them
        assert there._meta.app_label in {"auth", "contenttypes"}
        assert model._meta.app_label == "organisation"


@pytest.mark.parametrize("model", OWN, ids=lambda m: m._meta.label)
def test_what_is_known_from_outside_is_known_by_a_uuid(model: type[models.Model]) -> None:
    key = model._meta.pk
    assert key is not None
    if isinstance(key, models.UUIDField) and not key.remote_field:
        assert key.default in {ids.new, models.NOT_PROVIDED}, "ids come from the foundation's clock and chance"


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    output = io.StringIO()
    try:
        call_command("makemigrations", check=True, dry_run=True, stdout=output, stderr=output)
    except SystemExit:
        pytest.fail(f"run makemigrations:\n{output.getvalue()}")


BYTES = {
    "services.GatewayNotice.body": "what a gateway sent, as it came",
    "services.GatewayDelivery.body": "what the simulated gateway will send",
    "foundation.JournalEntry.body": "canonical bytes",
    "foundation.JournalEntry.salt": "salt",
    "foundation.JournalEntry.personal_hash": "hash",
    "foundation.JournalEntry.leaf": "hash",
    "foundation.Blob.wrapped_key": "rewrapped by its key id",
}


def test_sealed_columns_are_named_so_that_rotation_finds_them() -> None:
    """`vault.rewrap` finds sealed values by name; any other column of bytes says here what it holds."""
    columns = {
        f"{model._meta.label}.{field.name}"
        for model in OWN
        for field in model._meta.concrete_fields
        if isinstance(field, models.BinaryField) and not f"_{field.name}".endswith("_sealed")
    }
    assert columns - set(BYTES) == set()
