"""The province of January 2021, loaded once for each file of tests and rolled back after it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.db import transaction

from tinhso.foundation.api import clock
from tinhso.foundation.contracts import Actor
from tinhso.organisation.api import load_organisation

MORNING = datetime(2021, 1, 15, 9, 0, tzinfo=clock.LOCAL)


@pytest.fixture
def time() -> Iterator[clock.ManualClock]:
    """Friday 15/01/2021, nine in the morning; machine time runs apart from it."""
    with clock.using(clock.ManualClock(MORNING, datetime(2026, 11, 23, 2, 0, tzinfo=UTC))) as manual:
        yield manual


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: object) -> Iterator[None]:
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        outer = transaction.atomic()
        outer.__enter__()
        try:
            load_organisation(actor=Actor.system("test"))
            yield
        finally:
            transaction.set_rollback(True)
            outer.__exit__(None, None, None)


@pytest.fixture
def province(loaded: None, db: None, time: clock.ManualClock) -> clock.ManualClock:
    """The loaded province on a standing clock."""
    return time
