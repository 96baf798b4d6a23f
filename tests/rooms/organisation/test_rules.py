"""Numbers people are known by are read as they are typed; tries are counted fairly; roles carry declared rights."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinhso.organisation.contracts import AccountKind, Confidentiality, Principal, Role, Seat
from tinhso.organisation.rules import identity, rights
from tinhso.organisation.rules.throttle import LIMITS, Count, Limit, Scope, counted, wait_until

NOW = datetime(2021, 1, 15, 2, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "typed", ["0912345678", "0912 345 678", "+84 912 345 678", "84912345678", "0912.345.678", "(091) 234-5678"]
)
def test_a_phone_number_is_one_number_however_it_is_typed(typed: str) -> None:
    assert identity.phone(typed) == "+84912345678"


@pytest.mark.parametrize(
    "typed", ["", "0212345678", "091234567", "09123456789", "０９１２３４５６７８", "abc", "0912345678\u0000"]
)
def test_what_is_no_mobile_number_is_refused(typed: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - unreadable or unsafe, both are told to the person
        identity.phone(typed)


@given(st.text(max_size=60))
def test_any_text_is_a_destination_or_is_refused_in_words(typed: str) -> None:
    try:
        channel, value = identity.destination(typed)
    except ValueError as error:
        said = str(error)
    else:
        said = "read"
        assert identity.destination(value) == (channel, value)
        assert unicodedata.is_normalized("NFC", value)
        assert value not in identity.masked(value)
    assert said


@pytest.mark.parametrize(
    "typed", ["a@b", "a b@c.vn", "@c.vn", "a@c.vn, b@c.vn", "a@@c.vn", "<a@c.vn>", "a" * 250 + "@c.vn"]
)
def test_what_is_no_address_is_refused(typed: str) -> None:
    with pytest.raises(identity.NotReadable):
        identity.email(typed)


@given(st.from_regex(r"[0-9]{9}", fullmatch=True), st.integers(0, 8), st.integers(1, 9))
def test_a_tax_code_with_one_digit_mistyped_is_refused(nine: str, place: int, shift: int) -> None:
    digit = identity.tax_check_digit(nine)
    if digit == 10:
        for last in range(10):
            with pytest.raises(identity.NotReadable):
                identity.tax_code(f"{nine}{last}")
        return
    assert identity.tax_code(f"{nine}{digit}") == f"{nine}{digit}"
    wrong = nine[:place] + str((int(nine[place]) + shift) % 10) + nine[place + 1 :]
    with pytest.raises(identity.NotReadable):
        identity.tax_code(f"{wrong}{digit}")


def test_a_branch_keeps_its_three_digits() -> None:
    assert identity.tax_code("0899999997-001") == identity.tax_code("0899999997001") == "0899999997-001"


@pytest.mark.parametrize("typed", ["0010900001", "097090000001", "000090000001", "00109000000a", "001090 000 00"])
def test_a_citizen_number_that_cannot_be_is_refused(typed: str) -> None:
    with pytest.raises(identity.NotReadable):
        identity.citizen_number(typed)


def test_a_citizen_number_may_be_typed_with_spaces() -> None:
    assert identity.citizen_number("030 090 000 001") == "030090000001"


@pytest.mark.parametrize("typed", ["A", "x" * 121, "Nguyễn <b>", "An 2", "a\u202eb"])
def test_a_name_that_cannot_be_is_refused(typed: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        identity.person_name(typed)


def test_a_name_is_kept_in_one_normal_form() -> None:
    assert identity.person_name(unicodedata.normalize("NFD", "  Nguyễn   Thị Ánh ")) == "Nguyễn Thị Ánh"


@given(st.lists(st.integers(0, 3000), max_size=60), st.sampled_from(list(Scope)))
def test_nobody_waits_before_the_free_tries_are_used_nor_longer_than_the_most(gaps: list[int], scope: Scope) -> None:
    limit, now, count = LIMITS[scope], NOW, None
    for number, gap in enumerate(gaps, start=1):
        now += timedelta(seconds=gap)
        count = counted(count, limit, now)
        until = wait_until(count, now)
        if number < limit.free:
            assert until is None
        assert until is None or until - now <= limit.most
    if count is not None:
        assert wait_until(count, now + limit.most) is None


def test_each_try_beyond_the_free_ones_waits_twice_as_long() -> None:
    limit = Limit(2, timedelta(hours=1), timedelta(minutes=1), timedelta(minutes=5))
    count: Count | None = None
    waits = []
    for _ in range(6):
        count = counted(count, limit, NOW)
        until = wait_until(count, NOW)
        waits.append(0 if until is None else (until - NOW).seconds // 60)
    assert waits == [0, 1, 2, 4, 5, 5]


def test_after_a_quiet_window_one_starts_anew() -> None:
    limit = LIMITS[Scope.LOGIN_HERE]
    count: Count | None = None
    for _ in range(20):
        count = counted(count, limit, NOW)
    assert counted(count, limit, NOW + limit.window + timedelta(hours=1)).tries == 1


def test_a_right_is_declared_once_and_only_declared_rights_are_asked_for() -> None:
    declared = rights.declare("test.thing.do", "Làm thử", (Role.CLERK,))
    assert rights.declare("test.thing.do", "Làm thử", (Role.CLERK,)) == declared
    assert declared in rights.declared()
    with pytest.raises(ValueError, match="differently"):
        rights.declare("test.thing.do", "Làm thử", (Role.LEADER,))
    with pytest.raises(ValueError, match="room"):
        rights.declare("dothing", "Làm thử", ())
    with pytest.raises(rights.UnknownRight):
        rights.may(_principal(), "test.thing.never_declared")


def test_a_right_holds_in_the_unit_of_the_post_only() -> None:
    rights.declare("test.thing.do", "Làm thử", (Role.CLERK,))
    here, there = UUID(int=1), UUID(int=2)
    clerk = _principal(Seat(here, Role.CLERK, frozenset({here}), Confidentiality.INTERNAL))
    assert rights.may(clerk, "test.thing.do")
    assert rights.may(clerk, "test.thing.do", here)
    assert not rights.may(clerk, "test.thing.do", there)
    assert not rights.may(_principal(), "test.thing.do")


def test_a_token_without_the_scope_may_not_even_where_its_account_may() -> None:
    rights.declare("test.thing.do", "Làm thử", (Role.CLERK,))
    here = UUID(int=1)
    seat = Seat(here, Role.CLERK, frozenset({here}), Confidentiality.INTERNAL)
    limited = Principal(UUID(int=9), AccountKind.SERVICE, "", NOW, seats=(seat,), scopes=frozenset())
    assert not rights.may(limited, "test.thing.do")
    assert rights.reach_by_clearance(limited, "test.thing.do") == {}


def test_running_the_system_gives_no_sight_of_cases() -> None:
    assert rights.CLEARANCE[Role.ADMIN] is Confidentiality.PUBLIC
    assert set(rights.CLEARANCE) == set(Role)


def _principal(*seats: Seat) -> Principal:
    return Principal(UUID(int=9), AccountKind.OFFICIAL, "", NOW, seats=seats)
