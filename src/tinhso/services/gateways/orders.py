"""Keep what the simulated gateway knows of each attempt, with the money it took, in a form a table can hold."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol, Self

from tinhso.foundation.contracts import money

from .wire import read_stamp, stamp


class OrderStatus(StrEnum):
    """Where an attempt stands on the gateway's page."""

    OPEN = "open"
    PAID = "paid"
    FAILED = "failed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Taken:
    """One sum really taken, in đồng, from `at` on, and when it went back."""

    number: str
    amount: money.Vnd
    at: datetime
    refunded_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """One attempt as the gateway knows it, with the money it took: what the store keeps, under `token`."""

    token: str
    reference: str
    attempt: str
    amount: money.Vnd
    description: str
    return_url: str
    notify_url: str
    expires_at: datetime
    status: OrderStatus = OrderStatus.OPEN
    taken: tuple[Taken, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Write the order as JSON-ready values."""
        plain: dict[str, Any] = {name: getattr(self, name) for name in _TEXTS}
        taken = [
            {
                "number": t.number,
                "amount": t.amount,
                "at": stamp(t.at),
                "refunded_at": stamp(t.refunded_at) if t.refunded_at else None,
            }
            for t in self.taken
        ]
        plain |= {"amount": self.amount, "expires_at": stamp(self.expires_at)}
        return plain | {"status": self.status.value, "taken": taken}

    @classmethod
    def from_dict(cls, state: Mapping[str, Any]) -> Self:
        """Read an order written by `to_dict`; KeyError or ValueError where it is damaged."""
        taken = tuple(
            Taken(
                t["number"],
                t["amount"],
                read_stamp(t["at"]),
                read_stamp(t["refunded_at"]) if t["refunded_at"] else None,
            )
            for t in state["taken"]
        )
        texts = {name: state[name] for name in _TEXTS}
        expires_at, status = read_stamp(state["expires_at"]), OrderStatus(state["status"])
        return cls(**texts, amount=state["amount"], expires_at=expires_at, status=status, taken=taken)


_TEXTS = ("token", "reference", "attempt", "description", "return_url", "notify_url")


class UnknownOrder(LookupError):
    """No attempt has this token."""


class Store(Protocol):
    """Where orders live between calls: a table, or `MemoryStore`."""

    def load(self, token: str) -> Mapping[str, Any] | None: ...

    def save(self, token: str, reference: str, state: dict[str, Any]) -> None: ...

    def find(self, reference: str) -> list[Mapping[str, Any]]: ...


class MemoryStore:
    """Keep orders in memory, as JSON so that nothing survives which a table would lose."""

    def __init__(self) -> None:
        self._rows: dict[str, tuple[str, str]] = {}

    def load(self, token: str) -> Mapping[str, Any] | None:
        """Give an order's state, or None."""
        row = self._rows.get(token)
        return json.loads(row[1]) if row else None

    def save(self, token: str, reference: str, state: dict[str, Any]) -> None:
        """Keep an order's state."""
        self._rows[token] = (reference, json.dumps(state))

    def find(self, reference: str) -> list[Mapping[str, Any]]:
        """Give all orders of a debt, oldest first."""
        return [json.loads(state) for owner, state in self._rows.values() if owner == reference]
