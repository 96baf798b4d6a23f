"""The `tinhso` command: one verb a subcommand, `--help` everywhere."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(
        prog="tinhso", description="Tỉnh Số: chính quyền số và đô thị thông minh của một tỉnh."
    )
    sub = top.add_subparsers(dest="verb", required=True, metavar="verb")

    run = sub.add_parser("run", help="set everything up and serve (web and worker)")
    run.add_argument("--demo", action="store_true", help="a demonstration province with demo accounts and cases")
    run.add_argument("--date", help="business date the demonstration starts at, e.g. 2021-01-18 (first run only)")
    run.add_argument("--host", default="127.0.0.1")
    run.add_argument("--port", type=int, default=8000)

    simulate = sub.add_parser("simulate", help="play days of the province's work from a seed")
    simulate.add_argument("--days", type=int, default=30)
    simulate.add_argument("--seed", type=int, default=1)
    simulate.add_argument("--cases-per-day", type=int, default=50)
    simulate.add_argument("--start", help="first business date, e.g. 2021-01-18")
    simulate.add_argument("--dishonest", action="store_true", help="plant what games the figures")
    simulate.add_argument("--background", action="store_true", help=argparse.SUPPRESS)
    simulate.add_argument("--sign", action="store_true", help="make and sign each result (slow)")

    packages = sub.add_parser("packages", help="check or install packages")
    packages.add_argument("deed", choices=("check", "install"))
    packages.add_argument("folder", nargs="?", help="one package folder; all bundled packages where left out")

    user = sub.add_parser("user", help="make accounts of officials")
    user.add_argument("deed", choices=("list", "create", "password", "demo"))
    user.add_argument("login", nargs="?")
    user.add_argument("--name")
    user.add_argument("--unit", help="code of the unit")
    user.add_argument("--role")

    sub.add_parser("check", help="say of every adapter whether it is set, reachable and working")
    prepare = sub.add_parser("prepare", help="make the database ready and fill a new installation, without serving")
    prepare.add_argument("--date", help="business date a demonstration starts at (first run only)")
    sub.add_parser("worker", help="run only the worker")
    django = sub.add_parser("django", help="run a Django management command")
    django.add_argument("arguments", nargs=argparse.REMAINDER)
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit status."""
    options = parser().parse_args(arguments)
    if getattr(options, "demo", False):
        os.environ["TINHSO_DEMO"] = "1"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tinhso.site.settings")
    from . import verbs

    try:
        return int(getattr(verbs, options.verb)(options) or 0)
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
