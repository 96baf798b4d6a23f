"""Measure the worklist of 100 lines with rights over a million cases, and the page of one case, over HTTP.

Run: python -m bench.worklist [cases]. Targets: worklist at most 20 ms CPU, p95 under 60 ms at 50 requests/s whatever
comes back (open loop); case page at most 10 ms CPU.
"""

from __future__ import annotations

import sys
import time as machine
from collections.abc import Callable

from bench import ground, load

RATE, SECONDS = 50, 20
FILL = "import sys; from bench import fill; fill.main(int(sys.argv[1]))"


def measured(
    server: ground.Server, ask: Callable[[int], bytes], seconds: float = SECONDS
) -> tuple[float, float, float]:
    """Return the CPU of one answer, p50 and p95 at the set pace, in ms."""
    load.closed(server.port, ask, count=50, connections=4).only(200)
    cpu = server.cpu()
    told = load.paced(server.port, ask, rate=RATE, seconds=seconds).only(200)
    spent = 1000 * (server.cpu() - cpu) / len(told.seconds)
    return spent, 1000 * ground.quantile(told.seconds, 0.5), 1000 * ground.quantile(told.seconds, 0.95)


def main(cases: int) -> int:
    """Measure; return 1 where a target is missed."""
    with ground.ground(day="2021-01-18") as on:
        start = machine.perf_counter()
        seed = on.python(FILL, str(cases))
        filled = machine.perf_counter() - start
        disk = ground.fdatasync_ms(on.home)
        alone, _ = ground.bare_rate(on)
        with ground.served(on) as server:
            listed = load.get("/api/v1/office/worklist", seed["token"])
            cpu, p50, p95 = measured(server, lambda _: listed)
            shown = load.get(f"/api/v1/office/cases/{seed['case']}", seed["token"])
            page, page50, page95 = measured(server, lambda _: shown, seconds=8)
        ground.rows(f"worklist: {cases} cases in {seed['units']} units, {seed['waiting']} tasks wait at this desk", [
            ("fdatasync, median", f"{disk:.2f} ms", ""),
            ("bare two-row transaction, one process", f"{alone:.0f}/s", ""),
            ("filled in", f"{filled:.0f} s", ""),
            ("worklist of 100, CPU", f"{cpu:.1f} ms", "at most 20 ms"),
            (f"p50, p95 at {RATE}/s", f"{p50:.0f}, {p95:.0f} ms", "p95 under 60 ms"),
            ("case, CPU", f"{page:.1f} ms", "at most 10 ms"),
            (f"p50, p95 at {RATE}/s", f"{page50:.0f}, {page95:.0f} ms", ""),
        ])  # fmt: skip
        return int(cpu > 20 or p95 >= 60 or page > 10)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000))
