"""Who acts, and with which rights, follows from posts and delegations on the day."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tinhso.foundation.api import clock
from tinhso.foundation.contracts import Actor
from tinhso.organisation.api import (
    people,
    principal_for,
    principal_for_token,
    rights,
    sign_in,
    staffing,
    tokens,
    units,
)
from tinhso.organisation.contracts import Confidentiality, Role
from tinhso.organisation.queries.principals import principal_for_session

from .factories import DAY, PASSWORD, SYSTEM, commune, holding_of, is_nobody, official, person_of

pytestmark = pytest.mark.usefixtures("province")
rights.declare("test.case.sign", "Ký thử", (Role.LEADER,))


def test_a_post_gives_its_role_in_its_unit_for_its_days_last_one_included() -> None:
    account = official(commune(), Role.CLERK, since=date(2021, 1, 10), until=date(2021, 1, 20))
    for day, holds in [(9, False), (10, True), (20, True), (21, False)]:
        at = clock.business_now().replace(day=day, hour=23)
        assert (principal_for(account, at).roles_in(commune()) == {Role.CLERK}) is holds


def test_a_commune_clerk_reaches_only_the_commune_and_a_supervisor_the_whole_district() -> None:
    clerk = principal_for(official(commune(), Role.CLERK))
    district = units.by_code("288", DAY)
    assert district is not None
    supervisor = principal_for(official(district.id, Role.SUPERVISOR))
    assert clerk.reach == {commune()}
    assert clerk.clearance is Confidentiality.INTERNAL
    assert commune() in supervisor.reach
    assert commune("11293") not in supervisor.reach


def test_any_principal_is_found_in_three_queries() -> None:
    top = units.by_code("30", DAY)
    assert top is not None
    busy = official(top.id, Role.SUPERVISOR)
    leader = official(commune(), Role.LEADER)
    _delegate(leader, busy)
    for account in (busy, leader, official(commune(), Role.CLERK)):
        with CaptureQueriesContext(connection) as queries:
            principal_for(account)
        assert len(queries) <= 3


def test_a_deputy_signs_by_delegation_only_while_it_lasts_and_in_the_name_of_the_head() -> None:
    head, deputy = official(commune(), Role.LEADER), official(commune("10510"), Role.CLERK)
    _delegate(head, deputy, first=date(2021, 1, 15), last=date(2021, 1, 16))
    today = principal_for(deputy)
    assert rights.may(today, "test.case.sign", commune())
    (lent,) = [s for s in today.seats if s.on_behalf_of]
    assert lent.on_behalf_of == person_of(head)
    later = principal_for(deputy, clock.business_now() + timedelta(days=2))
    assert not rights.may(later, "test.case.sign")


def test_a_delegation_ends_with_the_post_it_comes_from() -> None:
    head, deputy = official(commune(), Role.LEADER), official(commune("10510"), Role.CLERK)
    _delegate(head, deputy, last=date(2021, 12, 31))
    staffing.vacate_post(actor=SYSTEM, holding_id=holding_of(head), valid_to=date(2021, 1, 14))
    assert not rights.may(principal_for(deputy), "test.case.sign")


@pytest.mark.parametrize(
    "wrong",
    [
        {"document": " "},
        {"roles": [Role.ADMIN]},
        {"valid_to": date(2020, 12, 1)},
        {"valid_from": date(2019, 1, 1)},
    ],
)
def test_powers_are_lent_in_writing_within_ones_own_and_within_ones_time(wrong: dict) -> None:
    head, deputy = official(commune(), Role.LEADER), official(commune("10510"), Role.CLERK)
    with pytest.raises(staffing.NotAllowed):
        _delegate(head, deputy, **wrong)


def test_powers_are_not_lent_to_oneself_nor_by_somebody_else() -> None:
    head, deputy = official(commune(), Role.LEADER), official(commune("10510"), Role.CLERK)
    with pytest.raises(staffing.NotAllowed):
        _delegate(head, head)
    with pytest.raises(PermissionDenied):
        _delegate(head, deputy, actor=Actor.account(deputy))
    _delegate(head, deputy, actor=Actor.account(head))


def test_one_head_at_a_time_answers_for_a_unit() -> None:
    official(commune(), Role.LEADER)
    head = people.heads_of([commune()])[commune()]
    assert head.accountable_head
    assert head.person_name == "Nguyễn Văn Thử"
    with pytest.raises(staffing.NotAllowed):
        official(commune(), Role.LEADER)
    assert people.heads_of([commune("10510")])[commune("10510")].person_id is None


def test_several_clerks_may_share_a_post() -> None:
    first, second = official(commune(), Role.CLERK), official(commune(), Role.CLERK)
    assert people.officials_in(commune(), Role.CLERK) == [first, second]


def test_a_closed_unknown_or_signed_out_account_is_nobody() -> None:
    account = official(commune(), Role.CLERK)
    assert is_nobody(principal_for(uuid4()))
    assert not is_nobody(principal_for_session(account, 0))
    sign_in.sign_out_everywhere(account_id=account, actor=Actor.account(account))
    assert is_nobody(principal_for_session(account, 0))
    assert not is_nobody(principal_for_session(account, 1))


def test_a_token_does_what_its_scopes_and_units_allow_and_no_more() -> None:
    top = units.by_code("30", DAY)
    assert top is not None
    account = official(commune(), Role.LEADER)
    supervisor = official(top.id, Role.SUPERVISOR)
    expiry = clock.now() + timedelta(days=1)
    token = tokens.issue_token(
        actor=SYSTEM, account_id=account, label="thử", scopes=["test.case.sign"], expires_at=expiry
    )
    assert rights.may(principal_for_token(token), "test.case.sign", commune())
    assert not rights.may(principal_for_token(token), "organisation.access.manage")
    narrow = tokens.issue_token(
        actor=SYSTEM, account_id=supervisor, label="thử", scopes=[], expires_at=expiry, units=[commune()]
    )
    assert principal_for_token(narrow).reach == {commune()}
    assert is_nobody(principal_for_token(token + "x"))


def test_a_token_ends_at_its_hour_or_when_it_is_revoked(province: clock.ManualClock) -> None:
    account = official(commune(), Role.LEADER)
    expiry = clock.now() + timedelta(days=1)
    token = tokens.issue_token(actor=SYSTEM, account_id=account, label="thử", scopes=[], expires_at=expiry)
    row = tokens.ApiToken.objects.get()
    assert token not in str(row.__dict__)
    tokens.revoke_token(actor=SYSTEM, token_id=row.id)
    assert is_nobody(principal_for_token(token))
    other = tokens.issue_token(actor=SYSTEM, account_id=account, label="thử", scopes=[], expires_at=expiry)
    province.advance(timedelta(days=1))
    assert is_nobody(principal_for_token(other))


def test_only_who_manages_people_makes_accounts_and_tokens() -> None:
    clerk = Actor.account(official(commune(), Role.CLERK))
    with pytest.raises(PermissionDenied):
        staffing.create_official(actor=clerk, login="ke.gian", name="Kẻ Gian", password=PASSWORD)
    with pytest.raises(PermissionDenied):
        tokens.issue_token(
            actor=clerk, account_id=uuid4(), label="", scopes=[], expires_at=clock.now() + timedelta(days=1)
        )


def _delegate(head, to, **more) -> None:  # type: ignore[no-untyped-def]
    values = {
        "actor": SYSTEM,
        "from_holding_id": holding_of(head),
        "to_person_id": person_of(to),
        "valid_from": more.pop("first", DAY),
        "valid_to": more.pop("last", date(2021, 2, 1)),
        "document": "12/GUQ-UBND ngày 14/01/2021",
    }
    staffing.delegate(**(values | more))
