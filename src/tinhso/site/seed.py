"""Fill a new installation: organisation, packages, published list; in the demonstration also people and cases."""

from __future__ import annotations

import argparse
from datetime import date, timedelta
from pathlib import Path

from rich.console import Console
from rich.progress import track
from rich.table import Table

from tinhso.foundation.api import clock, installation, packages, vault
from tinhso.foundation.contracts import Actor
from tinhso.organisation import api as organisation
from tinhso.services import api as services

_ACTOR = Actor.system("seed")
_DONE, _HISTORY = "seeded", "demo_history"
FIRST_CASES_DAYS, FIRST_CASES_PER_DAY = 6, 50  # played before the first page: about 300 cases
HISTORY_DAYS, HISTORY_PER_DAY, SEED = 24, 50, 1  # played in the background, before the first cases


def done() -> bool:
    """Say whether this installation has been filled."""
    return bool(installation.get(_DONE))


def same_keys() -> bool:
    """Say whether the key file is the one this data was written under; a lost one is not silently replaced."""
    mark = vault.blind("installation")
    known = installation.get("key_mark")
    if known is None:
        installation.put("key_mark", mark)
    return known in (None, mark)


def everything(console: Console, *, demo: bool) -> None:
    """Fill what is missing; running it again changes nothing."""
    if done():
        return
    with console.status("Nạp danh mục tổ chức…"):
        organisation.load_organisation(actor=_ACTOR)
    for kind, folder in track(_bundled(), description="Cài gói", console=console):
        packages.install(kind=kind, folder=folder, actor=_ACTOR)
    listed = packages.ROOT / "published" / "hai-duong" / "procedures.csv"
    services.published.import_published(content=listed.read_bytes(), source=listed.name, actor=_ACTOR)
    if demo:
        organisation.create_demo_accounts(since=_history_start())
        _first_cases(console)
    installation.put(_DONE, True)


def _bundled() -> list[tuple[str, Path]]:
    return [(kind.name, folder) for kind in packages.kinds() for folder in packages.folders(kind.name)]


def _history_start() -> date:
    return clock.today() - timedelta(days=FIRST_CASES_DAYS + HISTORY_DAYS)


def _first_cases(console: Console) -> None:
    """Play the working days just before today, so that the first page finds cases ready."""
    from .simulation import Simulation

    first = clock.today() - timedelta(days=FIRST_CASES_DAYS)
    play = Simulation(
        first=first,
        days=FIRST_CASES_DAYS,
        per_day=FIRST_CASES_PER_DAY,
        seed=SEED,
        staffed_from=_history_start(),
    )
    for _ in track(play.run(), description="Hồ sơ mẫu", total=FIRST_CASES_DAYS, console=console):
        pass
    installation.put(_HISTORY, {"until": first.isoformat()})


def print_accounts(console: Console) -> None:
    """Print the demonstration's accounts and how to sign in."""
    table = Table("Tài khoản thử", "Đăng nhập", "Mật khẩu", "Là ai", title="Chỉ có trong bản thử nghiệm")
    for account in organisation.demo_accounts():
        if account.login.startswith("mp."):
            continue
        where = f"{account.title}, {account.unit_name}" if account.title else account.unit_name or "người dân"
        table.add_row(account.name, account.login or account.phone, account.password or "mã hiện trên màn hình", where)
    console.print(table)


def print_officials(console: Console) -> None:
    """Print the officials' accounts."""
    table = Table("Đăng nhập", "Họ tên")
    for account in organisation.people.officials():
        table.add_row(account.login, account.name)
    console.print(table)


def official(console: Console, options: argparse.Namespace, password: str) -> int:
    """Make an official's account, or change its password; return the exit status."""
    known = organisation.people.account_by_login(options.login)
    try:
        if options.deed == "password" and known:
            organisation.staffing.set_password(actor=_ACTOR, account_id=known.id, password=password)
        elif options.deed == "create" and not known:
            organisation.staffing.create_official(
                actor=_ACTOR, login=options.login, name=options.name or options.login, password=password
            )
        else:
            console.print("Tài khoản này chưa có." if options.deed == "password" else "Tên đăng nhập đã có người dùng.")
            return 1
    except ValueError as problem:
        console.print(str(problem))
        return 1
    console.print("Xong.")
    return 0
