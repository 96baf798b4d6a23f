"""Play the rest of the demonstration's past in the background, with its progress kept (a share from 0 to 1)."""

from __future__ import annotations

from datetime import date, timedelta

from rich.console import Console
from rich.progress import track

from tinhso.foundation.api import installation

from . import seed
from .simulation import Simulation

PROGRESS = "demo_progress"


def play_rest(console: Console) -> int:
    """Play the days before the first cases; killed and started again, it plays on and hands nothing in twice."""
    plan = installation.get("demo_history")
    if not plan or installation.get(PROGRESS, 0) >= 1:
        return 0
    first = date.fromisoformat(plan["until"]) - timedelta(days=seed.HISTORY_DAYS)
    days = seed.HISTORY_DAYS + seed.FIRST_CASES_DAYS
    play = Simulation(
        first=first,
        days=days,
        arriving_days=seed.HISTORY_DAYS,
        per_day=seed.HISTORY_PER_DAY,
        seed=seed.SEED + 1,
        staffed_from=first,
    )
    shown = track(play.run(), description="Nạp thêm hồ sơ mẫu", total=days, console=console)
    for done, _ in enumerate(shown, start=1):
        installation.put(PROGRESS, min(1, done / days))
    installation.put(PROGRESS, 1)
    return 0
