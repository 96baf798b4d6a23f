"""`tinhso simulate`: play days of the province's work from a seed."""

from __future__ import annotations

import argparse
from datetime import date, timedelta

from rich.console import Console
from rich.progress import track
from rich.table import Table

from .start import setup_with_clock


def simulate(options: argparse.Namespace) -> int:
    """Play the days asked for; in dishonest mode print what was planted and how much the figures exposed."""
    setup_with_clock()
    from tinhso.foundation.api import clock
    from tinhso.site import history
    from tinhso.site.simulation import Simulation

    console = Console()
    if options.background:
        return history.play_rest(console)
    first = date.fromisoformat(options.start) if options.start else clock.today() - timedelta(days=options.days)
    play = Simulation(
        first=first,
        days=options.days,
        per_day=options.cases_per_day,
        seed=options.seed,
        dishonest=options.dishonest,
        sign=options.sign,
    )
    for _ in track(play.run(), description="Mô phỏng", total=options.days, console=console):
        pass
    table = Table("Việc", "Số lần")
    for step, count in play.summary.steps.most_common():
        table.add_row(step, str(count))
    console.print(table)
    if options.dishonest:
        _exposed(console, play.summary)
    return 0


def _exposed(console: Console, summary: object) -> None:
    from tinhso.site.simulation.exposure import exposed

    table = Table("Cài vào", "Số vụ", "Bị lộ", "Tỷ lệ")
    for line in exposed(summary):  # type: ignore[arg-type]
        share = f"{line.found / line.planted:.0%}" if line.planted else "—"
        table.add_row(line.what, str(line.planted), str(line.found), share)
    console.print(table)
