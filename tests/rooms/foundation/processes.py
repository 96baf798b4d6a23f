"""Processes of their own for tests of what happens between processes: `python -m …processes <deed> <folder> <values>`.

Each starts Django on the database and in the folder it is given, with the foundation alone, which is quick.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

ROOT = Path(__file__).resolve().parents[3]


def start(deed: str, home: Path, **values: Any) -> subprocess.Popen[str]:
    """Start a deed in a process of its own; it says "ready" and waits for a line before it begins."""
    command = [sys.executable, "-m", __name__, deed, str(home), json.dumps(values)]
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'src'}"}
    return subprocess.Popen(
        command, env=environment, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
    )


def expect(process: subprocess.Popen[str], word: str) -> None:
    assert process.stdout is not None
    assert process.stdout.readline() == f"{word}\n"


def go(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.write("go\n")
    process.stdin.flush()


def configure(home: Path, *, timeout: float = 20) -> None:
    """Start Django with the foundation alone on a SQLite database in `home`, as the site sets it up."""
    import django
    from django.conf import settings

    from tinhso.foundation.contracts import keys

    keys.use(home / "keys.json")
    settings.configure(
        INSTALLED_APPS=["tinhso.foundation"],
        TINHSO_DATA=home / "data",
        USE_TZ=True,
        TIME_ZONE="Asia/Ho_Chi_Minh",
        DATABASES={
            "default": {
                "ENGINE": "tinhso.foundation.sqlite",
                "NAME": str(home / "db.sqlite3"),
                "OPTIONS": {
                    "timeout": timeout,
                    "transaction_mode": "IMMEDIATE",
                    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
                },
            }
        },
    )
    django.setup()


def _say(word: str) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


def _wait() -> None:
    sys.stdin.readline()


def migrate(**_: Any) -> None:
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def write(*, times: int, name: str, way: str, **_: Any) -> None:
    """Write `times` rows, one transaction or one bare statement each, and tell after how many writes of all it was."""
    from django.db import transaction

    from tinhso.foundation.models import Setting

    _say("ready")
    _wait()
    for number in range(times):
        if way == "transaction":
            with transaction.atomic():
                Setting.objects.create(name=f"{name}-{number}", value=Setting.objects.count())
        else:
            Setting.objects.bulk_create([Setting(name=f"{name}-{number}", value=-1)])
    _say("done")


def hold(**_: Any) -> None:
    """Begin a write transaction, say so, and keep it until told to commit."""
    from django.db import transaction

    from tinhso.foundation.models import Setting

    _say("ready")
    _wait()
    with transaction.atomic():
        Setting.objects.create(name="held", value=1)
        _say("holding")
        _wait()
    _say("done")


def put_and_append(*, seed: int, **_: Any) -> None:
    """Put files and speak of them, one transaction each, until killed; say each number once it is committed."""
    from django.db import transaction

    from tests.rooms.foundation.said import CLERK, LampLit, lamp
    from tinhso.foundation import installation, journal, vault

    _say("ready")
    _wait()
    number = 0
    while True:
        content = f"{seed}-{number}-".encode() * (5000 * (1 + number % 4))
        with transaction.atomic():
            ref = vault.put(content)
            journal.append(LampLit(number), subject=lamp(), actor=CLERK, personal={"blob": str(ref.id)})
            installation.put(f"{seed}-{number}", str(ref.id))
        _say(str(number))
        number += 1


def inspect(**_: Any) -> None:
    """Say, as JSON, what stands after a crash and what of it is not whole."""
    from tinhso.foundation import journal, vault
    from tinhso.foundation.models import Blob, JournalEntry, JournalPersonal, Setting

    files = {p.name for p in (Path(vault._root())).rglob("*") if p.is_file()}
    blobs = {blob.id.hex for blob in Blob.objects.all()}
    kept = dict(Setting.objects.values_list("name", "value"))
    starts = {name: vault.read(UUID(ident)).startswith(f"{name}-".encode()) for name, ident in kept.items()}
    said = [str((journal.personal(entry.id) or {}).get("blob")) for entry in journal.read(limit=100_000)]
    findings = {
        "kept": sorted(kept),
        "opens": all(starts.values()),
        "said_of_each": sorted(said) == sorted(kept.values()),
        "unproved": len(journal.verify()),
        "gaps": list(JournalEntry.objects.order_by("seq").values_list("seq", flat=True))
        != list(range(1, len(said) + 1)),
        "half_payloads": JournalPersonal.objects.count() != len(said),
        "rows_without_file": len(blobs - files),
        "files_without_row": len(files - blobs),
        "swept": vault.sweep(older_than_seconds=-10),
    }
    _say(json.dumps(findings))


DEEDS: dict[str, Callable[..., None]] = {
    deed.__name__: deed for deed in (migrate, write, hold, put_and_append, inspect)
}

if __name__ == "__main__":
    values = json.loads(sys.argv[3])
    configure(Path(sys.argv[2]), timeout=values.pop("timeout", 20))
    DEEDS[sys.argv[1]](**values)
