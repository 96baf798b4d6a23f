"""`tinhso run`: set the installation up and keep its processes running."""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import time
from datetime import date

from rich.console import Console

from .start import setup, setup_with_clock

_GRACE = 10  # seconds a process gets to stop
_TRIES = 5


def run(options: argparse.Namespace) -> int:
    """Migrate, seed, and serve web and worker until stopped; a process that dies is started again."""
    console = Console()
    os.environ.setdefault("TINHSO_URL", f"http://{options.host}:{options.port}")
    # In a process of its own, so that the one that only supervises stays small.
    prepared = subprocess.run(_own("prepare", *(["--date", options.date] if options.date else [])), check=False)  # noqa: S603
    if prepared.returncode:
        return prepared.returncode
    processes = [_web(options), _own("worker")]
    if options.demo:
        processes.append(_own("simulate", "--background"))
    console.print(f"\n[bold]Tỉnh Số[/bold]: http://{options.host}:{options.port}\n")
    return _supervise(processes)


def worker(options: argparse.Namespace) -> int:
    """Run only the worker."""
    setup_with_clock()
    from tinhso.site.wiring import DUTIES
    from tinhso.site.worker import Worker

    Worker(DUTIES).forever()
    return 0


def prepare(options: argparse.Namespace) -> int:
    """Make the database ready, fill a new installation, and print the demonstration's accounts."""
    setup()
    console, start = Console(), date.fromisoformat(options.date) if options.date else None
    from django.conf import settings
    from django.core.management import call_command

    from tinhso.site import businesstime, seed

    with console.status("Chuẩn bị cơ sở dữ liệu…"):
        call_command("migrate", verbosity=0, interactive=False)
        call_command("collectstatic", verbosity=0, interactive=False)
    if start and not seed.done():
        businesstime.start_at(start)
    if not seed.same_keys():
        console.print(f"Tệp khóa {settings.TINHSO_KEYS} không phải của dữ liệu này. Hãy trả tệp khóa đúng về chỗ.")
        return 1
    businesstime.install()
    seed.everything(console, demo=settings.TINHSO_DEMO)
    if settings.TINHSO_DEMO:
        seed.print_accounts(console)
    return 0


def _web(options: argparse.Namespace) -> list[str]:
    return [
        sys.executable, "-m", "granian", "--interface", "wsgi", "tinhso.site.wsgi:application",
        "--host", options.host, "--port", str(options.port), "--workers", "1",
        "--blocking-threads", "8", "--backlog", "1024", "--no-ws", "--log-level", "warning",
    ]  # fmt: skip


def _own(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "tinhso.site.command", *arguments]


def _supervise(commands: list[list[str]]) -> int:
    """Keep the processes running until told to stop; give up where web or worker dies again and again.

    A process that does one thing (the demonstration's history) may end; if it keeps failing the others go on.
    """
    stopping = False

    def stop(*_: object) -> None:
        nonlocal stopping
        stopping = True

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    running = {index: subprocess.Popen(command) for index, command in enumerate(commands)}  # noqa: S603
    deaths = dict.fromkeys(running, 0)
    status = 0
    while not stopping:
        time.sleep(0.5)
        for index, process in [(i, p) for i, p in running.items() if p.poll() is not None]:
            deaths[index] += 1
            once = "--background" in commands[index]
            if once and (process.returncode == 0 or deaths[index] > _TRIES):
                del running[index]
            elif deaths[index] > _TRIES:
                stopping, status = True, 1
            else:
                running[index] = subprocess.Popen(commands[index])  # noqa: S603
    _end(list(running.values()))
    return status


def _end(processes: list[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        process.terminate()
    for process in processes:
        try:
            process.wait(_GRACE)
        except subprocess.TimeoutExpired:
            process.kill()
