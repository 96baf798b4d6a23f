"""Events and small deeds the foundation's tests share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from django.db import connection, transaction

from tinhso.foundation import ids, journal
from tinhso.foundation.contracts import Actor, Event, Subject

CLERK = Actor.account(UUID("01890000-0000-7000-8000-000000000001"))


@dataclass(frozen=True)
class LampLit(Event):
    NAME: ClassVar[str] = "tests.LampLit"
    turn: int = 0


@dataclass(frozen=True)
class LampPutOut(Event):
    NAME: ClassVar[str] = "tests.LampPutOut"
    turn: int = 0


def lamp() -> Subject:
    """A fresh thing to speak about."""
    return Subject("tests.lamp", ids.new())


def say(event: Event, subject: Subject | None = None, personal: Mapping[str, Any] | None = None) -> UUID:
    """Append an entry in a transaction of its own and seal what can be sealed."""
    with transaction.atomic():
        entry_id = journal.append(event, subject=subject or lamp(), actor=CLERK, personal=personal)
    journal.seal()
    return entry_id


def is_postgres() -> bool:
    return connection.vendor == "postgresql"
