"""A province with its four procedures, loaded once for each file of tests, and a clock that stands still."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.db import transaction

from tests.rooms.services import factories
from tinhso.foundation.api import clock

JANUARY = datetime(2021, 1, 12, 9, 0, tzinfo=clock.LOCAL)  # a Tuesday
TODAY = datetime(2026, 11, 23, 9, 0, tzinfo=clock.LOCAL)  # a Monday
MACHINE = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def filled(django_db_setup: None, django_db_blocker: object) -> Iterator[None]:
    """The organisation and the procedures, taken back after the module."""
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        outer = transaction.atomic()
        outer.__enter__()
        try:
            factories.fill()
            yield
        finally:
            transaction.set_rollback(True)
            outer.__exit__(None, None, None)


@pytest.fixture
def time(request: pytest.FixtureRequest) -> Iterator[clock.ManualClock]:
    """Tuesday 12 January 2021, nine in the morning, unless a test names another moment."""
    start = getattr(request, "param", JANUARY)
    with clock.using(clock.ManualClock(start, MACHINE)) as manual:
        yield manual  # type: ignore[misc]


@pytest.fixture
def town(filled: None, db: None, time: clock.ManualClock) -> factories.Town:
    """Officials, citizens and the four procedures at the clock's moment."""
    return factories.Town(time)


both_dates = pytest.mark.parametrize("time", [JANUARY, TODAY], ids=["2021", "today"], indirect=True)
