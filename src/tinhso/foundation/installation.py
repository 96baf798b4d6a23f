"""Keep the installation's own values with its data."""

from __future__ import annotations

from typing import Any

from . import statements
from .models import Setting

_value = statements.Read(lambda name: Setting.objects.filter(name=name).values_list("value"))


def get(name: str, default: Any = None) -> Any:
    row = _value.first(name=name)
    return default if row is None else row[0]


def put(name: str, value: Any) -> None:
    Setting.objects.update_or_create(name=name, defaults={"value": value})
