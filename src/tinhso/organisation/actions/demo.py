"""Make the demonstration's accounts; they exist nowhere else."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import yaml
from django.contrib.auth import hashers
from django.core.exceptions import PermissionDenied

from tinhso.foundation.api import action, clock, journal, packages, randomness, vault
from tinhso.foundation.contracts import Actor, Subject

from ..contracts import AccountCreated, AccountKind, DemoAccount, Role, SignedIn, Unit
from ..models import Account, EnterpriseMember, Holding, Post
from ..queries import units
from ..queries.installation import is_demo
from ..rules import identity
from .people import create_official, fill_post, link_enterprise, set_profile
from .sign_in import signed_in

BUNDLED = packages.ROOT / "organisations" / "hai-duong" / "demo.yml"
_ACTOR = Actor.system("organisation.demo")


@action
def create_demo_accounts(*, folder: Path = BUNDLED, since: date | None = None) -> list[DemoAccount]:
    """Make the demonstration's citizens, enterprise and officials, and return them all; again changes nothing.

    Officials hold their posts from `since` (today). Raise PermissionDenied outside the demonstration. The organisation
    must be loaded. Where two roles would lead the same office (since 2025 one office of the commune does the work of
    two of the district), the first keeps it.
    """
    if not is_demo():
        raise PermissionDenied("demo accounts exist only in the demonstration")
    plan, today = _plan(folder), clock.today()
    commune = next((u for key in plan["communes"] if (u := units.by_key(key, today))), None)
    if commune is None:
        raise LookupError("load the organisation before making the demonstration's accounts")
    for row in [*plan["citizens"], *plan["enterprises"]]:
        _citizen(row)
    for row in plan["officials"]:
        _official(row, plan["password"], commune, today, since or today)
    return demo_accounts()


def demo_accounts() -> list[DemoAccount]:
    """Return the demonstration's accounts in the order in which they were made; none elsewhere. Four queries."""
    if not is_demo():
        return []
    rows = list(Account.objects.filter(is_demo=True).order_by("id"))
    people = [row.person_id for row in rows if row.person_id]
    held = Holding.objects.filter(units.on_day(clock.today()), person_id__in=people).select_related("post")
    posts = {holding.person_id: holding.post for holding in held}
    names = units.names({post.unit_id for post in posts.values()})
    firms = EnterpriseMember.objects.filter(account__in=rows).select_related("enterprise")
    acts_for = {member.account_id: member.enterprise.name for member in firms}
    return [
        _shown(row, posts.get(row.person_id) if row.person_id else None, names, acts_for.get(row.id, ""))
        for row in rows
    ]


@action
def enter_demo(*, account_id: UUID) -> SignedIn | None:
    """Sign in as a demonstration account without a code; None for any other account and anywhere else."""
    account = Account.objects.filter(id=account_id, is_demo=True, is_active=True).first() if is_demo() else None
    return signed_in(account, "demo") if account else None


def _shown(row: Account, post: Post | None, names: Mapping[UUID, str], enterprise: str) -> DemoAccount:
    return DemoAccount(
        account_id=row.id, name=row.name, kind=AccountKind(row.kind), login=row.login or "",
        phone=identity.local(row.phone or ""), title=post.title if post else "",
        unit_name=names.get(post.unit_id, "") if post else enterprise,
        password=_plan(BUNDLED)["password"] if row.login else "",
    )  # fmt: skip


def _citizen(row: Mapping[str, str]) -> None:
    phone = identity.phone(row["phone"])
    if Account.objects.filter(phone=phone).exists():
        return
    kind = AccountKind.ENTERPRISE if "tax_code" in row else AccountKind.CITIZEN
    account = Account.objects.create(
        kind=kind.value, phone=phone, password=hashers.make_password(None), is_demo=True, created_at=clock.now()
    )
    journal.append(
        AccountCreated(kind.value, is_demo=True),
        subject=Subject("organisation.account", account.id),
        actor=_ACTOR,
        personal={"phone": phone},
    )
    set_profile(account_id=account.id, name=row["name"])
    if "tax_code" in row:
        link_enterprise(actor=_ACTOR, account_id=account.id, tax_code=row["tax_code"], name=row["enterprise"])


def _official(row: Mapping[str, Any], password: str, commune: Unit, today: date, since: date) -> None:
    if Account.objects.filter(login=row["login"]).exists():
        return
    unit_id = _where(row["where"], commune, today)
    if unit_id is None:
        return
    posts = Post.objects.filter(unit_id=unit_id, role=Role(row["role"]).value).order_by("-accountable_head", "title")
    post = posts.first()
    if post is None or (post.accountable_head and Holding.objects.filter(units.on_day(today), post=post).exists()):
        return
    account_id = create_official(actor=_ACTOR, login=row["login"], name=row["name"], password=password, is_demo=True)
    account = Account.objects.get(id=account_id)
    account.totp_sealed = vault.seal(base64.b32encode(randomness.bytes_(20)))
    account.save(update_fields=["totp_sealed"])
    if account.person_id:
        fill_post(actor=_ACTOR, post_id=post.id, person_id=account.person_id, valid_from=since)


def _where(options: list[str], commune: Unit, today: date) -> UUID | None:
    for option in options:
        if option == "commune":
            return commune.id
        if option == "province":
            return _top(commune, today)
        if agency := units.agency_for(commune.id, option, today):
            return agency.id
    return None


def _top(unit: Unit, today: date) -> UUID:
    while unit.parent_id and (above := units.unit(unit.parent_id, today)):
        unit = above
    return unit.id


@cache
def _plan(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(path.read_bytes())
    return content
