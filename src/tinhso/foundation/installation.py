"""Keep the installation's own values with its data."""

from __future__ import annotations

from typing import Any

from .models import Setting


def get(name: str, default: Any = None) -> Any:
    row = Setting.objects.filter(name=name).first()
    return default if row is None else row.value


def put(name: str, value: Any) -> None:
    Setting.objects.update_or_create(name=name, defaults={"value": value})
