"""A process killed at any point of storing a file and speaking of it leaves all of a deed or nothing of it."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import threading
from pathlib import Path

import pytest

from tests.rooms.foundation.processes import expect, go, start

pytestmark = pytest.mark.sqlite
KILLS = 12


def lines_of(process: subprocess.Popen[str], into: list[str]) -> threading.Thread:
    def read() -> None:
        assert process.stdout is not None
        into.extend(line.strip() for line in process.stdout if line.endswith("\n"))

    thread = threading.Thread(target=read, daemon=True)
    thread.start()
    return thread


def kill_while_working(home: Path, seed: int, chance: random.Random) -> list[str]:
    """Let a writer work, kill it at a random moment, and return the numbers it said were committed."""
    writer, said = start("put_and_append", home, seed=seed), []
    expect(writer, "ready")
    reading = lines_of(writer, said)
    go(writer)
    threading.Event().wait(chance.uniform(0.0, 0.25))
    writer.send_signal(signal.SIGKILL)
    writer.wait(20)
    reading.join(20)
    return [f"{seed}-{number}" for number in said]


def test_a_killed_writer_leaves_nothing_half_written(tmp_path: Path) -> None:
    assert start("migrate", tmp_path).wait(60) == 0
    chance, promised = random.Random(20210118), []
    for seed in range(KILLS):
        promised += kill_while_working(tmp_path, seed, chance)
    inspector = start("inspect", tmp_path)
    found = json.loads(inspector.communicate(timeout=60)[0])
    assert promised, "the writers worked before they were killed"
    assert set(promised) <= set(found["kept"]), "what was said to be committed is there"
    assert len(found["kept"]) <= len(promised) + KILLS, "at most the deed in hand is there unsaid"
    orphans = found["files_without_row"]
    assert {key: found[key] for key in found if key != "kept"} == {
        "opens": True,
        "said_of_each": True,
        "unproved": 0,
        "gaps": False,
        "half_payloads": False,
        "rows_without_file": 0,
        "files_without_row": orphans,
        "swept": orphans,
    }
    assert orphans <= KILLS
