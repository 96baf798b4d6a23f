"""Play the rest of the demonstration's past in the background, a slice at a time, with its progress shown."""

from __future__ import annotations

from datetime import date, timedelta

from rich.console import Console

from tinhso.foundation.api import installation

from . import seed
from .simulation import Simulation

PROGRESS = "demo_progress"


def play_rest(console: Console) -> int:
    """Play the days before the first cases that are not played yet; killed and started again, it goes on."""
    plan = installation.get("demo_history")
    played = installation.get(PROGRESS, 0)
    if not plan or played >= seed.HISTORY_DAYS:
        return 0
    first = date.fromisoformat(plan["until"]) - timedelta(days=seed.HISTORY_DAYS)
    for day in range(played, seed.HISTORY_DAYS):
        play = Simulation(
            first=first + timedelta(days=day),
            days=1,
            per_day=seed.HISTORY_PER_DAY,
            seed=seed.SEED + 1 + day,
            staffed_from=first,
        )
        for _ in play.run():
            installation.put(PROGRESS, day + 1)
    return 0
