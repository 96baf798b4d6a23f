"""`tinhso packages`: prove packages by their examples and install them."""

from __future__ import annotations

import argparse
from pathlib import Path

from rich.console import Console
from rich.progress import track

from .start import setup_with_clock


def packages(options: argparse.Namespace) -> int:
    """Check or install one folder, or all that come with the product; return 1 where one is refused."""
    setup_with_clock()
    from tinhso.foundation.api import packages as store
    from tinhso.foundation.contracts import Actor

    console = Console()
    if options.folder:
        folder = Path(options.folder)
        todo = [(folder.parent.name, folder)]
    else:
        todo = [(kind.name, folder) for kind in store.kinds() for folder in store.folders(kind.name)]
    refused = 0
    for kind, folder in track(todo, description="Gói", console=console):
        try:
            if options.deed == "install":
                store.install(kind=kind, folder=folder, actor=Actor.system("command"))
            else:
                store.check(kind, folder)
        except store.PackageProblem as problem:
            refused += 1
            for line in problem.problems:
                console.print(f"[red]✗[/red] {kind}/{folder.name}: {line}", highlight=False)
        except KeyError:
            refused += 1
            console.print(f"[red]✗[/red] {kind}: không có loại gói này", highlight=False)
        else:
            console.print(f"✓ {kind}/{folder.name}", highlight=False)
    return 1 if refused else 0
