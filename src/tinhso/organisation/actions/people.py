"""Fill and vacate posts, lend powers, make officials' accounts, keep profiles."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.contrib.auth import hashers
from django.db.models import Q
from django.utils.translation import gettext as _

from tinhso.foundation.api import action, clock, journal, text, vault
from tinhso.foundation.contracts import Actor, ActorKind, Subject

from ..contracts import (
    AccountCreated,
    AccountKind,
    EnterpriseLinked,
    PostFilled,
    PostVacated,
    PowersDelegated,
    ProfileChanged,
    Refused,
    Role,
)
from ..models import Account, Delegation, Enterprise, EnterpriseMember, Holding, Person, Post
from ..rules import identity, rights
from .access import authorise


class NotAllowed(ValueError):
    """The organisation's own rules forbid it; the message says why."""


@action
def create_official(
    *,
    actor: Actor,
    login: str,
    name: str,
    password: str | None,
    kind: AccountKind = AccountKind.OFFICIAL,
    is_demo: bool = False,
) -> UUID:
    """Make an official's (or a service's) account with its person, and return the account's id.

    Without a password nobody can sign in until one is set.

    Raise NotReadable for a login, name or password that cannot be, NotAllowed for a login in use.
    """
    authorise(actor, rights.MANAGE_PEOPLE)
    login, name = identity.login(login), identity.person_name(name)
    password = identity.password(password) if password is not None else None
    if Account.objects.filter(login=login).exists():
        raise NotAllowed(_("Tên đăng nhập này đã có người dùng. Hãy chọn tên khác."))
    person = Person.objects.create(name=name, folded=text.fold(name))
    account = Account.objects.create(
        kind=kind.value, login=login, name=name, person=person, password=hashers.make_password(password),
        is_demo=is_demo, created_at=clock.now(),
    )  # fmt: skip
    journal.append(
        AccountCreated(kind.value, is_demo),
        subject=Subject("organisation.account", account.id),
        actor=actor,
        personal={"login": login, "name": name},
    )
    return account.id


@action
def register_citizen(*, actor: Actor, phone: str, name: str) -> UUID:
    """Make a citizen's account for a phone number, as an office does for someone without one; return its id.

    The person signs in by a code sent to that phone. An account that is there already is returned as it is.
    """
    authorise(actor, rights.MANAGE_PEOPLE)
    phone, name = identity.phone(phone), identity.person_name(name)
    known = Account.objects.filter(phone=phone).first()
    if known is not None:
        return known.id
    person = Person.objects.create(name=name, folded=text.fold(name))
    kind = AccountKind.CITIZEN.value
    account = Account.objects.create(
        kind=kind, phone=phone, name=name, person=person, password=hashers.make_password(None), created_at=clock.now()
    )
    journal.append(
        AccountCreated(kind, is_demo=False),
        subject=Subject("organisation.account", account.id),
        actor=actor,
        personal={"phone": phone, "name": name},
    )
    return account.id


@action
def set_password(*, actor: Actor, account_id: UUID, password: str) -> None:
    """Set an official's password and end its sessions; the second factor stays."""
    authorise(actor, rights.MANAGE_PEOPLE)
    account = Account.objects.select_for_update().get(id=account_id)
    account.password = hashers.make_password(identity.password(password))
    account.epoch += 1
    account.save(update_fields=["password", "epoch"])
    journal.append(ProfileChanged(("password",)), subject=Subject("organisation.account", account_id), actor=actor)


@action
def reset_totp(*, actor: Actor, account_id: UUID) -> None:
    """Drop a lost second factor; the next sign-in sets up another. Ends every session."""
    authorise(actor, rights.MANAGE_PEOPLE)
    account = Account.objects.select_for_update().get(id=account_id)
    account.totp_sealed, account.epoch = None, account.epoch + 1
    account.save(update_fields=["totp_sealed", "epoch"])
    journal.append(ProfileChanged(("totp",)), subject=Subject("organisation.account", account_id), actor=actor)


@action
def fill_post(*, actor: Actor, post_id: UUID, person_id: UUID, valid_from: date, valid_to: date | None = None) -> UUID:
    """Put a person in a post from a day, and return the holding. An accountable head is one person at a time."""
    post = Post.objects.select_for_update().get(id=post_id)
    authorise(actor, rights.MANAGE_PEOPLE, post.unit_id)
    meeting = Holding.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=valid_from), post=post)
    meeting = meeting.filter(valid_from__lte=valid_to) if valid_to else meeting
    if not post.accountable_head:
        meeting = meeting.filter(person_id=person_id)
    if meeting.exists():
        raise NotAllowed(_("Chức vụ này đã có người giữ trong thời gian đó. Hãy kết thúc nhiệm kỳ trước."))
    holding = Holding.objects.create(post=post, person_id=person_id, valid_from=valid_from, valid_to=valid_to)
    journal.append(
        PostFilled(post_id, person_id, valid_from), subject=Subject("organisation.unit", post.unit_id), actor=actor
    )
    return holding.id


@action
def vacate_post(*, actor: Actor, holding_id: UUID, valid_to: date) -> None:
    """Let a person's last day in a post be `valid_to`; what was delegated from it ends with it."""
    holding = Holding.objects.select_for_update().select_related("post").get(id=holding_id)
    authorise(actor, rights.MANAGE_PEOPLE, holding.post.unit_id)
    if valid_to < holding.valid_from:
        raise NotAllowed(_("Ngày kết thúc sớm hơn ngày bắt đầu giữ chức vụ."))
    holding.valid_to = valid_to
    holding.save(update_fields=["valid_to"])
    journal.append(
        PostVacated(holding.post_id, holding.person_id, valid_to),
        subject=Subject("organisation.unit", holding.post.unit_id),
        actor=actor,
    )


@action
def delegate(
    *,
    actor: Actor,
    from_holding_id: UUID,
    to_person_id: UUID,
    valid_from: date,
    valid_to: date,
    document: str,
    roles: Sequence[Role] | None = None,
) -> UUID:
    """Lend a post's role to another person for a time, by a document, and return the delegation.

    An authorisation is in writing, limited in time and content, and is not passed on (NĐ 30/2020, read in the text):
    only what a holding itself carries can be lent. Raise NotAllowed otherwise. The holder may do it, or whoever
    manages people.
    """
    holding = Holding.objects.select_related("post").get(id=from_holding_id)
    if not _is_holder(actor, holding):
        authorise(actor, rights.MANAGE_PEOPLE, holding.post.unit_id)
    lent = tuple(roles or (Role(holding.post.role),))
    if any(role is not Role(holding.post.role) for role in lent):
        raise NotAllowed(_("Chỉ ủy quyền được nhiệm vụ của chính chức vụ mình giữ."))
    if not document.strip():
        raise NotAllowed(_("Ủy quyền phải có văn bản. Hãy ghi số và ngày của văn bản ủy quyền."))
    if valid_to < valid_from or valid_from < holding.valid_from or (holding.valid_to and valid_to > holding.valid_to):
        raise NotAllowed(_("Thời hạn ủy quyền phải nằm trong thời gian giữ chức vụ."))
    if to_person_id == holding.person_id:
        raise NotAllowed(_("Không ủy quyền cho chính mình."))
    row = Delegation.objects.create(
        from_holding=holding, to_person_id=to_person_id, roles=[r.value for r in lent],
        valid_from=valid_from, valid_to=valid_to, document=text.clean(document)[:120],
    )  # fmt: skip
    journal.append(
        PowersDelegated(holding.id, to_person_id, tuple(r.value for r in lent), valid_from, valid_to, row.document),
        subject=Subject("organisation.unit", holding.post.unit_id),
        actor=actor,
    )
    return row.id


@action
def set_profile(*, account_id: UUID, name: str, citizen_number: str = "") -> tuple[Refused, ...]:
    """Keep a citizen's own name and, where given, citizen number (sealed); return what could not be read, if anything.

    The number is the person's own word until a check proves it: two accounts may claim the same one, neither learns of
    the other, and neither is believed for it. An empty number leaves the one on file as it is.
    """
    problems: list[Refused] = []
    values: dict[str, str] = {}
    for field, read, typed in (
        ("name", identity.person_name, name),
        ("citizen_number", identity.citizen_number, citizen_number),
    ):
        try:
            if typed.strip() or field == "name":
                values[field] = read(typed)
        except ValueError as error:
            problems.append(Refused("unreadable", _(str(error)), field=field))
    if problems:
        return tuple(problems)
    account = Account.objects.select_for_update().get(id=account_id)
    _keep_profile(account, values)
    journal.append(
        ProfileChanged(tuple(sorted(values))),
        subject=Subject("organisation.account", account_id),
        actor=Actor.account(account_id),
        personal=values,
    )
    return ()


@action
def link_enterprise(*, actor: Actor, account_id: UUID, tax_code: str, name: str, role: str = "owner") -> UUID:
    """Let an account act for an enterprise from today, and return the enterprise's id."""
    code = identity.tax_code(tax_code)
    title = " ".join(text.clean(name).split())[:200]
    enterprise, _new = Enterprise.objects.get_or_create(
        tax_code=code, defaults={"name": title, "folded": text.fold(title)}
    )
    account = Account.objects.get(id=account_id)
    EnterpriseMember.objects.get_or_create(
        enterprise=enterprise, account=account, valid_to=None, defaults={"role": role, "valid_from": clock.today()}
    )
    journal.append(
        EnterpriseLinked(enterprise.id, role), subject=Subject("organisation.account", account_id), actor=actor
    )
    return enterprise.id


def _keep_profile(account: Account, values: dict[str, str]) -> None:
    account.name = values["name"]
    folded = text.fold(account.name)
    if account.person_id is None:
        account.person = Person.objects.create(name=account.name, folded=folded)
    else:
        Person.objects.filter(id=account.person_id).update(name=account.name, folded=folded)
    if number := values.get("citizen_number"):
        account.citizen_number_sealed = vault.seal(number.encode())
        account.citizen_number_blind = vault.blind(f"citizen:{number}")
        account.citizen_number_verified = False
    account.save()


def _is_holder(actor: Actor, holding: Holding) -> bool:
    if actor.kind is not ActorKind.ACCOUNT:
        return False
    return Account.objects.filter(person_id=holding.person_id, is_active=True, id=UUID(actor.id)).exists()
