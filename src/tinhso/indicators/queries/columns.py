"""Say what columns a fact offers, as conditions may ask for them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import models

from tinhso.foundation.api import FactVersion, facts
from tinhso.indicators.contracts.plan import Column, ColumnKind

_KINDS: tuple[tuple[type[models.Field[Any, Any]], ColumnKind], ...] = (
    (models.BooleanField, ColumnKind.BOOLEAN),
    (models.IntegerField, ColumnKind.INTEGER),
    (models.DateTimeField, ColumnKind.MOMENT),  # before DateField, which it derives from
    (models.DateField, ColumnKind.DATE),
    (models.UUIDField, ColumnKind.IDENTITY),
    (models.CharField, ColumnKind.TEXT),
    (models.TextField, ColumnKind.TEXT),
)


def columns_of(fact: str) -> Mapping[str, Column] | None:
    """Return the columns a fact offers, by name; None where no room offers the fact."""
    try:
        offered = facts.find(fact)
    except KeyError:
        return None
    return {name: _column(offered.table, name) for name in offered.columns}


def _column(table: type[FactVersion], name: str) -> Column:
    field = table._meta.get_field(name)
    kind = next(kind for base, kind in _KINDS if isinstance(field, base))
    return Column(name, kind, bool(field.null))
