"""Find (or hire, for the simulation) who holds a role in a unit, and act as them."""

from __future__ import annotations

import zlib
from dataclasses import replace
from datetime import date
from uuid import UUID

from tinhso.foundation.api import clock
from tinhso.foundation.contracts import Actor
from tinhso.organisation import api as organisation
from tinhso.organisation.contracts import Principal, Role

from .arrivals import person

_ACTOR = Actor.system("simulation")


class Staff:
    """Officials and citizens as principals; looked up once a simulated day."""

    def __init__(self, seed: int, since: date) -> None:
        self._seed, self._since = seed, since
        self._officials: dict[tuple[UUID, Role], UUID] = {}
        self._citizens: dict[int, UUID] = {}
        self._principals: dict[tuple[UUID, date], Principal] = {}

    def official(self, unit_id: UUID, role: Role) -> Principal:
        """Return someone of a role in a unit."""
        key = (unit_id, role)
        if key not in self._officials:
            held = organisation.people.officials_in(unit_id, role)
            self._officials[key] = held[0] if held else self._hire(unit_id, role)
        return self._principal(self._officials[key])

    def citizen(self, number: int) -> Principal:
        """Return the person with a number, who signs up by phone the first time."""
        if number not in self._citizens:
            made_up = person(number, self._seed)
            self._citizens[number] = organisation.staffing.register_citizen(
                actor=_ACTOR, phone=made_up.phone, name=made_up.name
            )
        return self._principal(self._citizens[number])

    def forget(self) -> None:
        """Look everybody up again: what was just written has been taken back."""
        self._officials.clear()
        self._citizens.clear()
        self._principals.clear()

    def _principal(self, account_id: UUID) -> Principal:
        key = (account_id, clock.today())
        if key not in self._principals:
            self._principals[key] = organisation.principal_for(account_id)
        return replace(self._principals[key], at=clock.business_now())

    def _hire(self, unit_id: UUID, role: Role) -> UUID:
        """Put someone made up in a free post; the same unit and role always get the same person."""
        login = f"mp.{unit_id.hex[-10:]}.{role.value}"
        known = organisation.people.account_by_login(login)
        made_up = person(1_000_000 + zlib.crc32(login.encode()) % 1_000_000, self._seed)
        account_id = known.id if known else organisation.staffing.create_official(
            actor=_ACTOR, login=login, name=f"{made_up.name} (mô phỏng)", password=None, is_demo=True
        )  # fmt: skip
        account = known or organisation.people.account(account_id)
        free = [post for post in organisation.people.posts_of(unit_id) if post.role is role]
        if account is None or account.person_id is None or not free:
            raise LookupError(f"unit {unit_id} has no post for {role}")
        organisation.staffing.fill_post(
            actor=_ACTOR, post_id=free[0].id, person_id=account.person_id, valid_from=self._since
        )
        return account_id
