"""`tinhso simulate` plays days in a process of its own: the same seed, the same days, whatever process plays them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.fixtures import site as sites

pytestmark = pytest.mark.sqlite
ROOT = Path(__file__).resolve().parents[3]
_FACTS = """
from tests.rooms.site.test_simulation import facts
for row in facts():
    print(row[:13])
"""


def run(environment: dict[str, str], *arguments: str) -> str:
    done = subprocess.run([sys.executable, *arguments], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def django(environment: dict[str, str], code: str) -> str:
    start = "from tinhso.site.verbs.start import setup_with_clock; setup_with_clock()\n"
    return run(environment, "-c", start + code)


def simulated(home: Path) -> tuple[str, str]:
    environment = sites.environment_of(home)
    environment["PYTHONPATH"] = f"{ROOT}:{environment['PYTHONPATH']}"
    words = ["simulate", "--start", "2021-01-18", "--days", "3", "--seed", "1", "--cases-per-day", "20", "--dishonest"]
    return run(environment, "-m", "tinhso.site.command", *words), django(environment, _FACTS)


def test_the_verb_prints_what_was_planted_and_exposed_and_another_process_plays_the_same(
    prepared_home: Path, tmp_path: Path
) -> None:
    filled = tmp_path / "filled"
    sites.copy(prepared_home, filled)
    environment = sites.environment_of(filled)
    environment["PYTHONPATH"] = f"{ROOT}:{environment['PYTHONPATH']}"
    django(environment, "from tests.rooms.services import factories; factories.fill()")
    sites.copy(filled, tmp_path / "again")
    first, again = simulated(filled), simulated(tmp_path / "again")
    assert first == again
    table, facts = first
    assert len(facts.splitlines()) > 30
    lines = {
        line.split("│")[1].strip(): [part.strip() for part in line.split("│")[2:-1]]
        for line in table.splitlines()
        if line.count("│") >= 3
    }
    assert int(lines["submitted"][0]) > 30
    for what in ("Hồ sơ tại quầy gõ thành trực tuyến", "Bắt nộp lại trong 30 ngày", "Yêu cầu bổ sung khi sắp hết hạn"):
        planted, found, share = lines[what]
        assert planted == found
        assert share == ("100%" if int(planted) else "—")
