"""Measure the simulator: how many case-steps a second it plays through the real actions, signing aside.

Run: python -m bench.simulate [days] [cases a day]. Target: 150 steps a second.
"""

from __future__ import annotations

import sys

from bench import ground

PLAY = """
import json, sys, time
from datetime import date
from tinhso.site.simulation import Simulation
days, per_day = int(sys.argv[1]), int(sys.argv[2])
first = date(2021, 1, 18)
warm = Simulation(first=first, days=1, per_day=10, seed=7)
for _ in warm.run(): pass
play = Simulation(first=first, days=days, per_day=per_day, seed=1)
start, cpu = time.perf_counter(), time.process_time()
for _ in play.run(): pass
steps = sum(play.summary.steps.values())
print(json.dumps([steps, time.perf_counter() - start, time.process_time() - cpu, play.summary.steps["submitted"]]))
"""


def main(days: int, per_day: int) -> int:
    """Measure; return 1 where the target is missed."""
    with ground.ground(demo=True, day="2021-02-01") as on:
        disk = ground.fdatasync_ms(on.home)
        alone, _ = ground.bare_rate(on)
        steps, seconds, cpu, submitted = on.python(PLAY, str(days), str(per_day))
        rate = steps / seconds
        ground.rows(f"simulate: {submitted} cases in {days} days", [
            ("fdatasync, median", f"{disk:.2f} ms", ""),
            ("bare two-row transaction, one process", f"{alone:.0f}/s", ""),
            ("case-steps", f"{rate:.0f}/s", "at least 150/s"),
            ("CPU a step", f"{1000 * cpu / steps:.1f} ms", ""),
        ])  # fmt: skip
        return int(rate < 150)


if __name__ == "__main__":
    sys.exit(main(*(int(a) for a in (sys.argv[1:] + ["3", "50"][len(sys.argv) - 1 :]))))
