"""The ground benchmarks stand on: a fresh installation, the real server, the disk's and the database's own pace."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time as machine
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).parent.parent
THREADS = 8  # as `tinhso run` serves
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Ground:
    """An installation in a folder of its own, and the environment its processes run in."""

    home: Path
    environment: Mapping[str, str]

    def python(self, code: str, *arguments: str) -> Any:
        """Run Python after `django.setup()` in this installation; return the JSON of its last printed line."""
        start = "from tinhso.site.verbs.start import setup_with_clock; setup_with_clock()\n"
        done = subprocess.run(
            [sys.executable, "-c", start + code, *arguments],
            env=dict(self.environment), capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(done.stdout[-2000:] + done.stderr[-4000:])
        lines = done.stdout.strip().splitlines()
        return json.loads(lines[-1]) if lines else None


@contextlib.contextmanager
def ground(*, demo: bool = False, keep: str = "", day: str = "") -> Iterator[Ground]:
    """Make a fresh installation as of a day: organisation and packages. It goes with the block unless kept."""
    home = Path(keep) if keep else Path(tempfile.mkdtemp(prefix="tinhso-bench-"))
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("TINHSO_HOME", "TINHSO_DEMO", "DJANGO_"))}
    environment = {
        **kept,
        "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
        "DJANGO_SETTINGS_MODULE": "tinhso.site.settings",
        "TINHSO_HOME": str(home),
        "TINHSO_DEMO": "1" if demo else "0",
        "TINHSO_API_RATE": "100000000",
        "TINHSO_HOSTS": "127.0.0.1",
    }
    try:
        if not (home / "ready").exists():
            command = [sys.executable, "-m", "tinhso.site.command", "prepare", *(["--date", day] if day else [])]
            subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)
            (home / "ready").touch()
        yield Ground(home, environment)
    finally:
        if not keep:
            shutil.rmtree(home, ignore_errors=True)


@dataclass(frozen=True)
class Server:
    """A served application: where, and which process group burns the CPU."""

    port: int
    pid: int

    def cpu(self) -> float:
        """Return the processor seconds that the server's processes have used."""
        return sum(cpu_of(pid) for pid in family(self.pid))


@contextlib.contextmanager
def served(on: Ground, application: str = "tinhso.site.wsgi:application", threads: int = THREADS) -> Iterator[Server]:
    """Serve an application under granian, as `tinhso run` does."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", application, "--host", "127.0.0.1",
        "--port", str(port), "--workers", "1", "--blocking-threads", str(threads), "--backlog", "1024", "--no-ws",
        "--log-level", "warning",
    ]  # fmt: skip
    process = subprocess.Popen(command, env=dict(on.environment))
    try:
        for _ in range(200):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            machine.sleep(0.1)
        yield Server(port, process.pid)
    finally:
        process.terminate()
        process.wait(20)


def family(pid: int) -> list[int]:
    """Return a process and all below it."""
    found = [pid]
    for parent in found:
        with contextlib.suppress(FileNotFoundError):
            for task in Path(f"/proc/{parent}/task").iterdir():
                found += [int(child) for child in (task / "children").read_text().split()]
    return found


def cpu_of(pid: int) -> float:
    """Return a process's own processor seconds, user and system."""
    with contextlib.suppress(FileNotFoundError):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS
    return 0.0


def fdatasync_ms(folder: Path, tries: int = 100) -> float:
    """Return the data disk's median fdatasync latency for 4 KiB."""
    spent = []
    with tempfile.NamedTemporaryFile(dir=folder) as file:
        for _ in range(tries):
            file.write(b"x" * 4096)
            file.flush()
            start = machine.perf_counter()
            os.fdatasync(file.fileno())
            spent.append(1000 * (machine.perf_counter() - start))
    return median(spent)


BARE = """
import json, time
from django.db import transaction
from tinhso.foundation.api import ids
from tinhso.foundation.models import Bookmark, Setting
def pair():
    name = ids.new().hex
    with transaction.atomic():
        Setting(name=name, value=1).save(force_insert=True)
        Bookmark(reader=name, seq=1).save(force_insert=True)
for _ in range(20): pair()
n, start, cpu = 0, time.perf_counter(), time.process_time()
while time.perf_counter() - start < 3:
    pair(); n += 1
print(json.dumps([n / (time.perf_counter() - start), 1000 * (time.process_time() - cpu) / n]))
"""


def bare_rate(on: Ground) -> tuple[float, float]:
    """Return how many two-row Django transactions one process commits a second here, and the CPU of each in ms."""
    rate, spent = on.python(BARE)
    return rate, spent


def rows(title: str, lines: Sequence[tuple[str, str, str]]) -> None:
    """Print a small table: what, measured, target."""
    width = max(len(line[0]) for line in lines)
    print(f"\n{title}  (load {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores)")
    for what, measured, target in lines:
        print(f"  {what:{width}}  {measured:>18}  {target}")


def quantile(values: Sequence[float], share: float) -> float:
    """Return the value below which a share of the values lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
