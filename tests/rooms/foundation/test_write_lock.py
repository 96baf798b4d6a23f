"""The write lock: whoever writes to SQLite waits in one queue, nobody starves, and nobody keeps it by dying."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.db import OperationalError, connection, transaction
from django.db.utils import IntegrityError

from tests.rooms.foundation import processes
from tests.rooms.foundation.processes import expect, go, start
from tinhso.foundation import installation
from tinhso.foundation.models import Setting
from tinhso.foundation.sqlite.base import DatabaseWrapper, WriteLock

pytestmark = pytest.mark.sqlite
CODE = """from pathlib import Path
from tests.rooms.foundation import processes as p
p.configure(Path({home!r}), timeout=2)
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    process = start("migrate", tmp_path)
    assert process.wait(60) == 0
    return tmp_path


def rows(home: Path) -> dict[str, int]:
    with closing(sqlite3.connect(home / "db.sqlite3")) as database:
        return dict(database.execute("SELECT name, value FROM foundation_setting").fetchall())


def finish(writers: list[subprocess.Popen[str]]) -> None:
    for writer in writers:
        go(writer)
    for writer in writers:
        expect(writer, "done")
        assert writer.wait(60) == 0


@pytest.mark.parametrize("ways", [["transaction"] * 8, ["transaction", "statement"] * 4], ids=["alike", "mixed"])
def test_eight_processes_write_and_all_are_done(home: Path, ways: list[str]) -> None:
    writers = [start("write", home, times=40, name=f"w{n}", way=way) for n, way in enumerate(ways)]
    for writer in writers:
        expect(writer, "ready")
    finish(writers)
    assert len(rows(home)) == 320


def test_no_writer_starves(home: Path) -> None:
    """Counted, not timed: at a quarter of all writes everyone has had a turn, and at half of them several."""
    writers = [start("write", home, times=100, name=f"w{n}", way="transaction") for n in range(8)]
    for writer in writers:
        expect(writer, "ready")
    finish(writers)
    place = {name: int(value) for name, value in rows(home).items()}  # how many rows stood when this one was written
    assert sorted(place.values()) == list(range(800))
    for number in range(8):
        own = sorted(place[f"w{number}-{turn}"] for turn in range(100))
        assert own[0] < 200, f"writer {number} began after {own[0]} writes of the others"
        assert sum(at < 400 for at in own) >= 5, f"writer {number} had {own[:6]}"
        assert max(b - a for a, b in pairwise(own)) < 300


def test_a_killed_writer_frees_the_lock_and_leaves_nothing(home: Path) -> None:
    holder = start("hold", home)
    expect(holder, "ready")
    go(holder)
    expect(holder, "holding")
    waiting = start("write", home, times=3, name="after", way="transaction")
    expect(waiting, "ready")
    go(waiting)
    holder.send_signal(signal.SIGKILL)
    holder.wait(10)
    expect(waiting, "done")
    assert set(rows(home)) == {"after-0", "after-1", "after-2"}


@pytest.mark.parametrize("way", ["transaction", "statement"])
def test_behind_a_writer_that_hangs_one_is_told_instead_of_waiting_for_ever(home: Path, way: str) -> None:
    holder = start("hold", home)
    expect(holder, "ready")
    go(holder)
    expect(holder, "holding")
    holder.send_signal(signal.SIGSTOP)
    try:
        code = CODE.format(home=str(home)) + (
            "from django.db import OperationalError\n"
            f"try: p.write(times=1, name='w', way={way!r})\n"
            "except OperationalError as error: print('told', 'locked' in str(error))\n"
        )
        done = subprocess.run(
            [sys.executable, "-c", code], input="go\n", capture_output=True, text=True, timeout=60,
            cwd=processes.ROOT, env={"PYTHONPATH": f"{processes.ROOT}:{processes.ROOT / 'src'}"}, check=False,
        )  # fmt: skip
        assert done.stdout.split("\n")[:2] == ["ready", "told True"], done.stderr
    finally:
        holder.send_signal(signal.SIGCONT)
        go(holder)
        expect(holder, "done")
        holder.wait(10)
    assert set(rows(home)) == {"held"}


# --- within one process


class Probe:
    """Another writer's view of the lock."""

    def __init__(self, path: str) -> None:
        self._lock = WriteLock(path)

    def is_free(self) -> bool:
        if not self._lock.try_acquire():
            return False
        self._lock.release()
        return True

    def close(self) -> None:
        self._lock.close()


@pytest.fixture
def probe(transactional_db: None) -> Iterator[Probe]:
    assert isinstance(connection.cursor().db, DatabaseWrapper) or connection.vendor == "sqlite"
    found = Probe(f"{connection.settings_dict['NAME']}.lock")
    yield found
    found.close()


def test_the_lock_is_held_through_a_transaction_and_no_longer(probe: Probe) -> None:
    assert probe.is_free()
    with transaction.atomic():
        assert not probe.is_free()
        with transaction.atomic():
            installation.put("a", 1)
        assert not probe.is_free(), "a savepoint is not the end"
    assert probe.is_free()


def test_it_is_freed_by_a_rollback_and_by_any_exception(probe: Probe) -> None:
    for error in (ZeroDivisionError, KeyboardInterrupt, IntegrityError):
        with pytest.raises(error), transaction.atomic():
            installation.put("a", 1)
            raise error
        assert probe.is_free()
    assert installation.get("a") is None


def test_a_statement_that_fails_frees_it(probe: Probe) -> None:
    Setting.objects.bulk_create([Setting(name="a", value=1)])
    with pytest.raises(IntegrityError), connection.cursor() as cursor:
        cursor.execute("INSERT INTO foundation_setting (name, value) VALUES ('a', '1')")
    with pytest.raises(OperationalError), connection.cursor() as cursor:
        cursor.execute("DELETE FROM no_such_table")
    assert probe.is_free()


def test_reads_never_wait(probe: Probe) -> None:
    holding, leave = threading.Event(), threading.Event()

    def hold() -> None:
        try:
            with transaction.atomic():
                installation.put("a", 1)
                holding.set()
                leave.wait(20)
        finally:
            connection.close()

    thread = threading.Thread(target=hold, daemon=True)
    thread.start()
    assert holding.wait(20)
    assert installation.get("a") is None
    assert not probe.is_free()
    leave.set()
    thread.join(20)
    assert installation.get("a") == 1


@pytest.mark.parametrize("deed", ["statement", "many", "session", "update"])
def test_whoever_writes_waits_for_it(probe: Probe, deed: str) -> None:
    """Single statements, sessions and sign-in take the lock too, though no room wrote a transaction around them."""
    session = SessionStore()
    deeds = {
        "statement": lambda: Setting.objects.filter(name="x").delete(),
        "many": lambda: connection.cursor().executemany(
            "INSERT INTO foundation_setting (name, value) VALUES (%s, %s)", [("m1", "1"), ("m2", "2")]
        ),
        "session": session.create,
        "update": lambda: Setting.objects.filter(name="x").update(value=2),
    }
    Setting.objects.create(name="x", value=1)
    taken = 0
    real = WriteLock.acquire

    def count(lock: WriteLock) -> None:
        nonlocal taken
        taken += 0 if lock.held else 1
        real(lock)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WriteLock, "acquire", count)
        deeds[deed]()
    assert taken >= 1
    assert probe.is_free()


def test_closing_a_connection_frees_it(probe: Probe) -> None:
    def vanish() -> None:
        transaction.atomic().__enter__()
        connection.close()

    thread = threading.Thread(target=vanish)
    thread.start()
    thread.join(20)
    assert probe.is_free()
