"""Find posts, who holds them, who answers for a unit, and what an account says of itself."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from tinhso.foundation.api import clock, statements, vault

from ..contracts import Account, AccountKind, Enterprise, Holding, Post, Role
from ..models import Account as AccountRow
from ..models import EnterpriseMember
from ..models import Holding as HoldingRow
from ..models import Post as PostRow
from .units import on_day


def posts_of(unit_id: UUID, on: date | None = None) -> list[Post]:
    """Return a unit's posts with who holds each on a day (one row a holder), the accountable head first."""
    return _posts(PostRow.objects.filter(unit_id=unit_id), on or clock.today())


def heads_of(unit_ids: Collection[UUID], on: date | None = None) -> dict[UUID, Post]:
    """Return who answers for each of several units on a day; a vacant post has no person. Two queries."""
    rows = PostRow.objects.filter(unit_id__in=unit_ids, accountable_head=True)
    return {post.unit_id: post for post in _posts(rows, on or clock.today())}


def holdings_of(person_id: UUID) -> list[Holding]:
    """Return every post a person held or holds, newest first."""
    rows = HoldingRow.objects.filter(person_id=person_id).order_by("-valid_from")
    return [Holding(r.id, r.post_id, r.person_id, r.valid_from, r.valid_to) for r in rows]


def officials_in(unit_id: UUID, role: Role, on: date | None = None) -> list[UUID]:
    """Return the accounts of those who hold a role in a unit on a day, in a stable order."""
    return [ident for (ident,) in _holders.all(unit=unit_id, role=role.value, day=on or clock.today())]


_holders = statements.Read(
    lambda unit, role, day: (
        AccountRow.objects.filter(
            person_id__in=HoldingRow.objects.filter(on_day(day), post__unit_id=unit, post__role=role).values(
                "person_id"
            ),
            is_active=True,
        )
        .order_by("created_at", "id")
        .values_list("id")
    )
)


def account(account_id: UUID) -> Account | None:
    """Return an account as its owner sees it."""
    row = AccountRow.objects.filter(id=account_id).first()
    return _account(row) if row else None


def account_by_login(login: str) -> Account | None:
    """Return an official's account by its login name."""
    row = AccountRow.objects.filter(login=login).first()
    return _account(row) if row else None


def officials() -> list[Account]:
    """Return every official's account, by login name."""
    return [_account(row) for row in AccountRow.objects.filter(login__isnull=False).order_by("login")]


def names_of(account_ids: Collection[UUID]) -> dict[UUID, str]:
    """Return the names of several accounts: one query."""
    rows = AccountRow.objects.filter(id__in=account_ids).values_list("id", "name", "login")
    return {ident: name or login or "" for ident, name, login in rows}


def citizen_number(account_id: UUID) -> str:
    """Return the citizen number an account gave, to prefill its own form; "" where it gave none."""
    row = AccountRow.objects.filter(id=account_id).only("citizen_number_sealed").first()
    sealed = row and row.citizen_number_sealed
    return vault.unseal(bytes(sealed)).decode() if sealed else ""


def contact(account_id: UUID) -> tuple[str, str]:
    """Return an account's phone number and e-mail address, unmasked, for prefilling and notices."""
    row = AccountRow.objects.filter(id=account_id).values_list("phone", "email").first()
    return (row[0] or "", row[1] or "") if row else ("", "")


def enterprises_of(account_id: UUID, on: date | None = None) -> list[Enterprise]:
    """Return the enterprises an account acts for on a day."""
    rows = EnterpriseMember.objects.filter(on_day(on or clock.today()), account_id=account_id)
    return [
        Enterprise(r.enterprise_id, r.enterprise.tax_code, r.enterprise.name)
        for r in rows.select_related("enterprise").order_by("enterprise__folded")
    ]


def _posts(rows: QuerySet[PostRow], on: date) -> list[Post]:
    posts = list(rows.order_by("-accountable_head", "title"))
    holders: dict[UUID, list[HoldingRow]] = {}
    held = HoldingRow.objects.filter(on_day(on), post_id__in=[p.id for p in posts]).select_related("person")
    for holding in held.order_by("valid_from"):
        holders.setdefault(holding.post_id, []).append(holding)
    return [_post(post, holding) for post in posts for holding in holders.get(post.id, [None])]


def _post(row: PostRow, holding: HoldingRow | None) -> Post:
    return Post(
        row.id, row.unit_id, row.title, Role(row.role), row.accountable_head,
        holding.person_id if holding else None, holding.person.name if holding else "", holding.id if holding else None,
    )  # fmt: skip


def _account(row: AccountRow) -> Account:
    number = vault.unseal(bytes(row.citizen_number_sealed)).decode() if row.citizen_number_sealed else ""
    return Account(
        id=row.id, kind=AccountKind(row.kind), name=row.name, login=row.login or "", phone=row.phone or "",
        email=row.email or "", citizen_number_hint=f"••••••••{number[-4:]}" if number else "",
        citizen_number_verified=row.citizen_number_verified, has_totp=row.totp_sealed is not None,
        is_demo=row.is_demo, person_id=row.person_id,
    )  # fmt: skip
