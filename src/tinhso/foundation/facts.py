"""Record what is known for measuring: fact versions, appended in the action's own transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from django.db import connection

from . import clock, statements
from .models import FactVersion


@dataclass(frozen=True)
class Fact:
    """A row set that a room offers to indicators: its name, its table and the columns that may be asked for."""

    name: str
    table: type[FactVersion]
    columns: tuple[str, ...]
    title: str


_offered: dict[str, Fact] = {}


def offer(fact: Fact) -> None:
    """Offer a fact by name (rooms do it in `apps.py`)."""
    _offered[fact.name] = fact


def offered() -> Sequence[Fact]:
    return tuple(_offered.values())


def find(name: str) -> Fact:
    """Return an offered fact; raise KeyError where no room offers it."""
    return _offered[name]


def record(version: FactVersion, *, entry_id: UUID, first: bool = False) -> None:
    """Append a fact version recorded by journal entry `entry_id`; the subject's older version stops being current.

    `first` says that the subject is new, which saves looking for an older version.
    """
    if not first:
        subject = version._meta.get_field("subject_id").get_db_prep_save(version.subject_id, connection)
        with connection.cursor() as cursor:
            cursor.execute(_outdating(type(version)), [False, subject])
    version.entry_id = entry_id
    version.recorded_at = clock.now()
    version.current = True
    statements.insert(version)


@lru_cache(maxsize=64)
def _outdating(table: type[FactVersion]) -> str:
    quote = connection.ops.quote_name
    current = quote("current")
    return f"UPDATE {quote(table._meta.db_table)} SET {current} = %s WHERE subject_id = %s AND {current}"  # noqa: S608
