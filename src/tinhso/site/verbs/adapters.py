"""`tinhso check`: say of each adapter whether it is set, reachable and working."""

from __future__ import annotations

import argparse

from rich.console import Console
from rich.table import Table

from .start import setup_with_clock


def check(options: argparse.Namespace) -> int:
    """Print a line an adapter; return 1 where one that is set does not work."""
    setup_with_clock()
    from tinhso.site.probes import all_adapters

    table = Table("Bộ nối", "Đã đặt", "Tới được", "Hoạt động", "Chi tiết")
    states = [state for probe in all_adapters() for state in probe()]
    for state in states:
        table.add_row(state.name, *(_word(v) for v in (state.is_set, state.reachable, state.working)), state.detail)
    Console().print(table)
    return 1 if any(s.is_set and not s.working for s in states) else 0


def _word(value: bool | None) -> str:
    return "—" if value is None else "có" if value else "không"
