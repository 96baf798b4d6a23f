"""A worker killed in the middle of its work loses nothing and does nothing twice."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tests.fixtures import site as sites

pytestmark = pytest.mark.sqlite
CASES, KILLS = 24, 5

_FILL = f"""
from datetime import timedelta
from tests.rooms.services import factories
from tinhso.foundation.api import clock
from tinhso.services.contracts.case import Deed
from tinhso.services.gateways.simulator import Behaviour
import io
from tinhso.services import api as services
factories.fill()
town = factories.Town(None)
for number in range({CASES}):
    who = town.citizen(number)
    case = town.apply(who=who)
    town.pay(case, Behaviour.FORGET)
    town.do(case, Deed.ACCEPT, grace=0.01)
    town.upload(who, "identity_scan", factories.picture(str(number).encode()))
"""
_INSPECT = """
import json
from collections import Counter
from tinhso.foundation.api import journal
from tinhso.notices.models import OutboxMessage
from tinhso.services.models import Attachment, Case, CaseFact, PaymentRow, PendingDecision
entries = Counter((e.event, str(e.subject.id)) for e in journal.read(limit=100_000))
def times(event): return sorted(set(n for (name, _), n in entries.items() if name == event))
print(json.dumps({
    "received": Case.objects.filter(received_at__isnull=False).count(),
    "pending": PendingDecision.objects.count(),
    "quarantined": Attachment.objects.filter(state="quarantined").count(),
    "told": OutboxMessage.objects.filter(template="case_received").count(),
    "accepted each": times("services.CaseAccepted"),
    "checked each": times("services.FileChecked"),
    "failed": times("services.DecisionFailed"),
    "current facts": CaseFact.objects.filter(current=True).count(),
    "unproved": len(journal.verify()),
}))
"""


def inspected(environment: dict[str, str]) -> dict[str, object]:
    found: dict[str, object] = json.loads(_run(environment, _INSPECT).splitlines()[-1])
    return found


def _run(environment: dict[str, str], code: str) -> str:
    start = "from tinhso.site.verbs.start import setup_with_clock; setup_with_clock()\n"
    command = [sys.executable, "-c", start + code]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_worker_killed_at_any_moment_is_taken_up_by_the_next(prepared_home: Path, tmp_path: Path) -> None:
    sites.copy(prepared_home, tmp_path)
    environment = sites.environment_of(tmp_path)
    root = Path(__file__).resolve().parents[2]
    environment["PYTHONPATH"] = f"{root}:{environment['PYTHONPATH']}"
    _run(environment, _FILL)
    chance = random.Random(7)
    command = [sys.executable, "-m", "tinhso.site.command", "worker"]
    for _ in range(KILLS):
        worker = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
        threading.Event().wait(chance.uniform(0.6, 1.6))  # a moment of its start or of its work
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        assert inspected(environment)["unproved"] == 0
    worker = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
    try:
        for _ in range(60):
            found = inspected(environment)
            if not found["pending"] and not found["quarantined"] and found["told"] == CASES:
                break
    finally:
        worker.send_signal(signal.SIGTERM)
        worker.wait(20)
    assert found == {
        "received": CASES, "pending": 0, "quarantined": 0, "told": CASES, "accepted each": [1], "checked each": [1],
        "failed": [], "current facts": CASES, "unproved": 0,
    }  # fmt: skip
