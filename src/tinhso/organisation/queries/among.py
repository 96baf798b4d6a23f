"""Ask whether a unit is one of many, as one parameter, without misleading SQLite's planner."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField, Func
from django.db.models.sql.compiler import SQLCompiler


class Among(Func):
    """`field` is one of `units`. A province's leader reaches hundreds of units: SQLite given them as IN would seek
    its index once for each, so there the list is kept off the index and only the object's few rows are looked at."""

    output_field = BooleanField()
    conditional = True

    def __init__(self, field: Any, units: Collection[UUID] = (), **extra: Any) -> None:
        super().__init__(field, **extra)
        self.units = tuple(sorted(units))

    def as_sqlite(  # type: ignore[override]
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **_: Any
    ) -> tuple[str, list[Any]]:
        sql, params = compiler.compile(self.source_expressions[0])
        listed = json.dumps([unit.hex for unit in self.units])
        return "+" + sql + " IN (SELECT value FROM json_each(%s))", [*params, listed]  # noqa: S608 - no input in it

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **_: Any) -> tuple[str, list[Any]]:
        sql, params = compiler.compile(self.source_expressions[0])
        return sql + " = ANY(%s)", [*params, list(self.units)]
