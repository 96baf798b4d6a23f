"""A province with indicators, officials and a few cases whose figures can be reckoned by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from django.db import transaction
from django.test import Client

from tests.rooms.indicators.factories import at, case_row, store
from tests.rooms.organisation.factories import official
from tinhso.foundation.api import clock, facts, ids, packages
from tinhso.foundation.contracts import Actor
from tinhso.organisation.api import load_organisation, units
from tinhso.organisation.contracts import Role, Tier

DAY = date(2021, 1, 15)
MORNING = datetime(2021, 1, 29, 9, 0, tzinfo=clock.LOCAL)


@pytest.fixture
def time() -> Iterator[clock.ManualClock]:
    """Friday 29/01/2021, nine in the morning."""
    with clock.using(clock.ManualClock(MORNING, datetime(2026, 11, 23, 2, 0, tzinfo=UTC))) as manual:
        yield manual


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: object) -> Iterator[None]:
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        outer = transaction.atomic()
        outer.__enter__()
        try:
            with clock.using(clock.ManualClock(MORNING, datetime(2026, 11, 23, 2, 0, tzinfo=UTC))):
                load_organisation(actor=Actor.system("test"))
                for folder in packages.folders("indicators"):
                    packages.install(kind="indicators", folder=folder, actor=Actor.system("test"))
            yield
        finally:
            transaction.set_rollback(True)
            outer.__exit__(None, None, None)


@pytest.fixture
def province(loaded: None, db: None, time: clock.ManualClock) -> clock.ManualClock:
    """The loaded province on a standing clock."""
    return time


@pytest.fixture
def communes(province: clock.ManualClock) -> list[UUID]:
    return [unit.id for unit in units.of_tier(Tier.COMMUNE, DAY)]


@pytest.fixture
def cases(communes: list[UUID]) -> list[UUID]:
    """In commune 0: one on time, one late, one in its time. In commune 1: one on time, typed by an official."""
    done = {"status": 9, "finished_at": at(date(2021, 1, 18))}
    kept = store(
        case_row(unit_id=communes[0], on_time=True, **done),
        case_row(unit_id=communes[0], on_time=False, late_supplement=True, **done),
        case_row(unit_id=communes[0]),
        case_row(
            unit_id=communes[1], on_time=True, typed_by_official=True, wholly_online=False, resubmitted=True, **done
        ),
    )
    return [row.subject_id for row in kept]


@pytest.fixture
def published(province: clock.ManualClock) -> None:
    """A published list of four procedures, one proved at level 4, one without a package."""
    table = facts.find("services.service").table
    for number, level in enumerate((4, 3, 2, None)):
        table._default_manager.create(
            id=ids.new(), subject_id=ids.new(), true_at=at(date(2021, 1, 4)), recorded_at=clock.now(),
            entry_id=ids.new(), code=f"1.00000{number}", tier="commune", field="Hộ tịch", published=True,
            has_package=level is not None, level=level,
        )  # fmt: skip


@pytest.fixture
def signed_in(province: clock.ManualClock) -> Callable[[UUID, Role], Client]:
    """Sign in an official of a role in a unit."""

    def make(unit_id: UUID, role: Role) -> Client:
        return client_of(official(unit_id, role))

    return make


def client_of(account_id: UUID) -> Client:
    """A browser in which an account is signed in."""
    client = Client()
    session = client.session
    session["account"], session["epoch"] = str(account_id), 0
    session.save()
    client.cookies["phien"] = session.session_key
    return client


@pytest.fixture
def leader(signed_in: Callable[[UUID, Role], Client]) -> Client:
    """The province's leader."""
    return signed_in(root(), Role.PROVINCE_LEADER)


def root() -> UUID:
    return units.of_tier(Tier.PROVINCE, DAY)[0].id
