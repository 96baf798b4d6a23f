"""The key file: made once, for its owner only, apart from the data, and seen by every process when it changes."""

from __future__ import annotations

import base64
import json
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tinhso.foundation import keys, vault

RING = "import sys; from pathlib import Path; from tinhso.foundation import keys; keys.use(Path(sys.argv[1]))\n"


@pytest.fixture
def path(tmp_path: Path) -> Iterator[Path]:
    before = keys.path()
    keys.use(tmp_path / "keys" / "keys.json")
    yield tmp_path / "keys" / "keys.json"
    keys.use(before)


def started(path: Path, code: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", RING + code, str(path)], stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True
    )


def test_processes_that_start_at_once_get_one_file(path: Path) -> None:
    code = "print('ready', flush=True); input(); print(keys.ring().current, keys.secret_key())"
    processes = [started(path, code) for _ in range(6)]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    answers = {process.communicate(timeout=30)[0] for process in processes}
    assert answers == {f"{keys.ring().current} {keys.secret_key()}\n"}
    assert [p.name for p in path.parent.iterdir()] == ["keys.json"]


def test_only_its_owner_may_read_it(path: Path) -> None:
    keys.ring()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    keys.rotate()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_it_stands_outside_the_data(tmp_path: Path) -> None:
    code = "from tinhso.site import settings as s; print(s.TINHSO_KEYS); print(s.TINHSO_DATA)"
    environment = {"TINHSO_HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "PYTHONPATH": ":".join(sys.path)}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    key_file, data = map(Path, done.stdout.split())
    assert key_file.exists()
    assert not key_file.is_relative_to(data)


def test_rotation_puts_a_new_key_in_front_and_keeps_the_old(path: Path) -> None:
    old, secret = keys.ring(), keys.secret_key()
    sealed = vault.seal(b"x")
    fresh = keys.rotate()
    assert keys.ring().current == fresh != old.current
    assert keys.ring().keys[old.current] == old.keys[old.current]
    assert keys.secret_key() == secret, "sessions outlive a rotation"
    assert vault.unseal(sealed) == b"x"


def test_a_rotation_elsewhere_is_seen_at_once(path: Path) -> None:
    """A web process goes on sealing under the new key, and opens what the rotating process sealed."""
    before = keys.ring().current
    fresh = started(path, "print(keys.rotate())").communicate(timeout=30)[0].strip()
    assert fresh != before
    assert keys.ring().current == fresh


def test_rotations_at_once_lose_no_key(path: Path) -> None:
    keys.ring()
    processes = [started(path, "[print(keys.rotate()) for _ in range(5)]") for _ in range(4)]
    made = [line for process in processes for line in process.communicate(timeout=60)[0].split()]
    assert len(made) == 20
    assert set(made) <= set(keys.ring().keys)


def test_a_key_is_thirty_two_random_bytes(path: Path) -> None:
    keys.ring()
    content = json.loads(path.read_text())
    assert all(len(base64.b64decode(item["key"])) == 32 for item in content["keys"])
    assert len(base64.b64decode(content["blind"])) == 32
