"""What every test may ask for.

`moment` stands the clock still; `chance` seeds randomness; `mailbox` is a mail server; `browser` and `page` are real;
`site` and `serve` the real site under its own server. A run on PostgreSQL (TINHSO_DATABASE_URL) leaves out what touches
no database and what drives a browser: both say nothing new there.
"""

from __future__ import annotations

import os
import random
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from playwright.sync_api import Browser, Page

from tests.fixtures import site as sites
from tests.fixtures.browser import chromium
from tests.fixtures.smtp import Mailbox, mail_server
from tinhso.foundation import clock, randomness

ON_POSTGRES = bool(os.environ.get("TINHSO_DATABASE_URL"))
_DATABASE = {"db", "transactional_db"}
_NOON = datetime(2021, 1, 18, 9, 0, tzinfo=clock.LOCAL)

# The same examples on every run, without a deadline: a busy machine is no reason to fail.
hypothesis_settings.register_profile(
    "house", deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "house"))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep what says something on the database of this run."""
    kept = [item for item in items if (_counts_on_postgres(item) if ON_POSTGRES else _counts_on_sqlite(item))]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(kept)])
    items[:] = kept


def _counts_on_sqlite(item: pytest.Item) -> bool:
    return item.get_closest_marker("postgres") is None


def _counts_on_postgres(item: pytest.Item) -> bool:
    if item.get_closest_marker("browser") or item.get_closest_marker("sqlite"):
        return False
    asked = set(getattr(item, "fixturenames", ()))
    return bool(item.get_closest_marker("django_db") or item.get_closest_marker("postgres") or asked & _DATABASE)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove the run's folder (the process that made it does)."""
    if not hasattr(config, "workerinput"):
        shutil.rmtree(os.environ.get("TINHSO_TEST_HOME", ""), ignore_errors=True)


@pytest.fixture
def moment() -> Iterator[clock.ManualClock]:
    """A clock that stands at 09:00 on Monday 18 January 2021 until it is moved."""
    with clock.using(clock.ManualClock(_NOON, datetime(2026, 11, 23, 2, 0, tzinfo=UTC))) as manual:
        yield manual  # type: ignore[misc]


@pytest.fixture
def chance() -> Iterator[random.Random]:
    """Randomness from a fixed seed."""
    with randomness.seeded(20210118) as source:
        yield source


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    """A mail server that keeps what it is sent; its `url` goes into TINHSO_SMTP_URL."""
    with mail_server() as box:
        yield box


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, once a module: while it runs, an event loop runs in this thread, and signing needs one of its own."""
    with chromium() as running:
        yield running


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh page with cookies of its own, in Vietnamese, on the province's time."""
    context = browser.new_context(locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh")
    context.set_default_timeout(10_000)
    try:
        yield context.new_page()
    finally:
        context.close()


@pytest.fixture(scope="session")
def prepared_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty site's folder, migrated once a run; copy it, do not serve it."""
    home = tmp_path_factory.mktemp("prepared")
    sites.prepared(home)
    return home


@pytest.fixture
def serve(prepared_home: Path) -> Iterator[Callable[..., AbstractContextManager[sites.Site]]]:
    """Serve the site: `with serve(filled_by=CODE, TINHSO_SMTP_URL=…) as site:` in a copy of a prepared folder."""
    made: list[Path] = []

    def start(
        home: Path | None = None, *, threads: int = 4, filled_by: str = "", **extra: str
    ) -> AbstractContextManager[sites.Site]:
        if home is None:
            made.append(home := Path(tempfile.mkdtemp(prefix="tinhso-site-")))
            sites.copy(prepared_home, home)
        return sites.serving(home, extra, threads=threads, filled_by=filled_by)

    yield start
    for folder in made:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def site(serve: Any) -> Iterator[sites.Site]:
    """The site, empty, served for one test."""
    with serve() as running:
        yield running
