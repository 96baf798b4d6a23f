"""Read and write single rows by statements that Django compiles once and the process keeps.

Django writes a statement's SQL anew at every call, which for one row costs ten times what running it does. Where an act
is done hundreds of times a second its statements are kept here; everywhere else the plain ORM is the better read.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, TypeVar
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Expression, Model, QuerySet

Row = tuple[Any, ...]
M = TypeVar("M", bound=Model)


class Argument(Expression):
    """The place of a value in a kept query."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        return "%s", [self]


@dataclass(frozen=True, slots=True)
class _Statement:
    """A query's SQL, where its arguments go, and what turns a column of the database into a value."""

    sql: str
    places: tuple[Any, ...]
    converters: tuple[tuple[int, list[Any], Any], ...]
    names: tuple[str, ...]  # of the columns, where whole rows of a model are read


class Read:
    """A query kept with its SQL: `build` gets the places of its arguments and returns a queryset.

        _name_of = Read(lambda unit: Unit.objects.filter(id=unit).values_list("name"))
        row = _name_of.first(unit=unit_id)

    `models` reads whole rows of one table, where the queryset names no columns. Arguments are strings, whole numbers,
    UUIDs, dates and times. The shape must not depend on them.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, Any]]) -> None:
        self._build = build
        self._kept: dict[str, _Statement] = {}

    def all(self, **arguments: object) -> list[Row]:
        """Return every row."""
        database: Any = connections[DEFAULT_DB_ALIAS]
        kept = self._kept.get(database.vendor) or self._compiled(database)
        values = [_plain(arguments[p.name], database) if isinstance(p, Argument) else p for p in kept.places]
        with database.cursor() as cursor:
            cursor.execute(kept.sql, values)
            found = cursor.fetchall()
        return [_converted(row, kept.converters, database) for row in found]

    def first(self, **arguments: object) -> Row | None:
        """Return the first row, or None; a query that may find many limits itself."""
        found = self.all(**arguments)
        return found[0] if found else None

    def models(self, model: type[M], **arguments: object) -> list[M]:
        """Return every row as an instance of its model."""
        found = self.all(**arguments)
        names = self._kept[connections[DEFAULT_DB_ALIAS].vendor].names
        return [model.from_db(DEFAULT_DB_ALIAS, names, row) for row in found]

    def _compiled(self, database: Any) -> _Statement:
        arguments = self._build.__code__.co_varnames[: self._build.__code__.co_argcount]
        query = self._build(*(Argument(name) for name in arguments)).query
        compiler = query.get_compiler(connection=database)
        sql, places = compiler.as_sql()
        chosen = [column[0] for column in compiler.select]
        converters = compiler.get_converters(chosen)
        listed = tuple((index, convert, column) for index, (convert, column) in converters.items())
        info = compiler.klass_info
        names = tuple(chosen[index].target.attname for index in info["select_fields"]) if info else ()
        kept = self._kept[database.vendor] = _Statement(sql, tuple(places), listed, names)
        return kept

    def model(self, model: type[M], **arguments: object) -> M | None:
        """Return the first row as an instance of its model, or None."""
        found = self.models(model, **arguments)
        return found[0] if found else None


def insert(row: Model, *, unless_there: bool = False) -> bool:
    """Write a new row, its key set: what `save(force_insert=True)` does, without signals (this house has none).

    With `unless_there`, a row that would break a uniqueness is left out; returns whether it was written.
    """
    database: Any = connections[DEFAULT_DB_ALIAS]
    sql, fields = _insertion(type(row), database.vendor)
    values = [field.get_db_prep_save(field.pre_save(row, True), database) for field in fields]
    with database.cursor() as cursor:
        cursor.execute(f"{sql} ON CONFLICT DO NOTHING" if unless_there else sql, values)
        written = bool(cursor.rowcount == 1)
    row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS
    return written


def update(row: Model, *names: str, provided: tuple[str, object] | None = None) -> bool:
    """Write some fields of a row that is there; return whether it was.

    With `provided`, only where a column still holds a value: what someone else changed meanwhile is left alone.
    """
    database: Any = connections[DEFAULT_DB_ALIAS]
    sql, fields = _change(type(row), names, provided[0] if provided else "", database.vendor)
    values = [field.get_db_prep_save(getattr(row, field.attname), database) for field in fields]
    values.append(row._meta.pk.get_db_prep_save(row.pk, database))
    if provided:
        values.append(_plain(provided[1], database))
    with database.cursor() as cursor:
        cursor.execute(sql, values)
        return bool(cursor.rowcount == 1)


def number_after(model: type[Model], column: str, **key: object) -> int:
    """Raise the counter of a key by one and return it; a key that has none begins at one. Gap-free, one statement."""
    database: Any = connections[DEFAULT_DB_ALIAS]
    quote: Callable[[Any], str] = database.ops.quote_name
    listed = ", ".join(quote(model._meta.get_field(name).column) for name in key)  # type: ignore[union-attr]
    table, counter = quote(model._meta.db_table), quote(column)
    sql = (
        f"INSERT INTO {table} ({listed}, {counter}) VALUES ({', '.join(['%s'] * len(key))}, 1) "  # noqa: S608
        f"ON CONFLICT ({listed}) DO UPDATE SET {counter} = {table}.{counter} + 1 RETURNING {counter}"
    )
    with database.cursor() as cursor:
        cursor.execute(sql, [_plain(value, database) for value in key.values()])
        return int(cursor.fetchone()[0])


@lru_cache(maxsize=256)
def _insertion(model: type[Model], vendor: str) -> tuple[str, tuple[Any, ...]]:
    fields = tuple(model._meta.local_concrete_fields)
    quote: Callable[[Any], str] = connections[DEFAULT_DB_ALIAS].ops.quote_name
    columns = ", ".join(quote(field.column) for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    return f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({marks})", fields  # noqa: S608 - names only


@lru_cache(maxsize=256)
def _change(model: type[Model], names: tuple[str, ...], provided: str, vendor: str) -> tuple[str, tuple[Any, ...]]:
    by_name = {field.attname: field for field in model._meta.local_concrete_fields}
    fields = tuple(by_name[name] for name in names)
    quote: Callable[[Any], str] = connections[DEFAULT_DB_ALIAS].ops.quote_name
    changes = ", ".join(f"{quote(field.column)} = %s" for field in fields)
    still = f" AND {quote(by_name[provided].column)} = %s" if provided else ""
    key = quote(model._meta.pk.column)
    return f"UPDATE {quote(model._meta.db_table)} SET {changes} WHERE {key} = %s{still}", fields  # noqa: S608


def _converted(row: Row, converters: tuple[tuple[int, list[Any], Any], ...], database: Any) -> Row:
    values = list(row)
    for index, functions, column in converters:
        for convert in functions:
            values[index] = convert(values[index], column, database)
    return tuple(values)


def _plain(value: object, database: Any) -> Any:
    """Write a value as the database takes it."""
    if isinstance(value, UUID):
        return value if database.features.has_native_uuid_field else value.hex
    if isinstance(value, datetime):
        return database.ops.adapt_datetimefield_value(value)
    if isinstance(value, date):
        return database.ops.adapt_datefield_value(value)
    return value
