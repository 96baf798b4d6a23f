"""Make officials for tests by the room's own actions."""

from __future__ import annotations

from datetime import date
from itertools import count
from uuid import UUID

from tinhso.foundation.contracts import Actor
from tinhso.organisation.api import people, staffing, units
from tinhso.organisation.contracts import Principal, Role

SYSTEM = Actor.system("test")
DAY = date(2021, 1, 15)
PASSWORD = "mot hai ba bon nam"
_numbers = count(1)


def commune(code: str = "10507", on: date = DAY) -> UUID:
    """The commune that bears a code on a day."""
    found = units.by_code(code, on)
    assert found is not None
    return found.id


def official(unit_id: UUID, role: Role, *, since: date = date(2020, 1, 1), until: date | None = None) -> UUID:
    """An official who holds a post of a role in a unit; returns the account."""
    account_id = staffing.create_official(
        actor=SYSTEM, login=f"can.bo.{next(_numbers)}", name="Nguyễn Văn Thử", password=PASSWORD
    )
    post = next(p for p in people.posts_of(unit_id) if p.role is role)
    staffing.fill_post(actor=SYSTEM, post_id=post.id, person_id=person_of(account_id), valid_from=since, valid_to=until)
    return account_id


def person_of(account_id: UUID) -> UUID:
    account = people.account(account_id)
    assert account is not None
    assert account.person_id is not None
    return account.person_id


def holding_of(account_id: UUID) -> UUID:
    return people.holdings_of(person_of(account_id))[0].id


def is_nobody(principal: Principal) -> bool:
    return principal.is_anonymous and not principal.seats
