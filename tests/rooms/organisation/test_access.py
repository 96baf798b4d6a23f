"""An object is seen by the units it was shown to, in their time, by those cleared for it, through one predicate."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tinhso.foundation.api import clock, ids
from tinhso.foundation.contracts import Actor, Subject
from tinhso.organisation.api import (
    access,
    grant_access,
    principal_for,
    revoke_access,
    rights,
    seen_among,
    sees,
    units,
    visible,
)
from tinhso.organisation.contracts import AccountKind, Confidentiality, Grant, Principal, Role, Seat, Tier
from tinhso.organisation.models import Person
from tinhso.organisation.queries.sight import units_with_sight

from .conftest import MORNING
from .factories import DAY, commune, official

rights.declare("test.case.view", "Xem thử", (Role.OFFICER, Role.LEADER))
OBJECTS = tuple(UUID(int=n) for n in range(1, 6))
HOURS = st.integers(-4, 4).map(lambda h: MORNING + timedelta(hours=h))
UNITS = 8


@pytest.fixture
def places(province: clock.ManualClock) -> list[UUID]:
    Person.objects.bulk_create([Person(id=i, name="Hồ sơ", folded="ho so") for i in OBJECTS])
    return [u.id for u in units.of_tier(Tier.COMMUNE, DAY)[:UNITS]]


grants = st.lists(
    st.tuples(
        st.sampled_from(OBJECTS), st.integers(0, UNITS - 1), st.sampled_from(list(Confidentiality)),
        HOURS, st.none() | HOURS,
    ),
    max_size=25,
)  # fmt: skip
seats = st.lists(st.tuples(st.sampled_from(list(Role)), st.sets(st.integers(0, UNITS - 1), min_size=1)), max_size=4)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=120, deadline=None)
@given(grants, seats, HOURS, st.sampled_from([None, "test.case.view"]))
def test_the_predicate_says_what_a_plain_reading_of_the_rules_says(
    places: list[UUID], rows: list[tuple], held: list[tuple], at: datetime, right: str | None
) -> None:
    access.Access.objects.all().delete()
    access.grant_all(Grant(o, places[u], "test", level, first, last) for o, u, level, first, last in rows)
    who = Principal(
        UUID(int=99), AccountKind.OFFICIAL, "", at,
        seats=tuple(
            Seat(places[min(reach)], role, frozenset(places[u] for u in reach), rights.CLEARANCE[role])
            for role, reach in held
        ),
    )  # fmt: skip

    def plainly(wanted: UUID) -> bool:
        return any(
            o == wanted and u in reach and level <= rights.CLEARANCE[role]
            and first <= at and (last is None or at < last)
            and (right is None or role in rights.find(right).roles)
            for o, u, level, first, last in rows
            for role, reach in held
        )  # fmt: skip

    expected = {o for o in OBJECTS if plainly(o)}
    assert set(Person.objects.filter(visible(who, right=right)).values_list("id", flat=True)) == expected
    assert {o for o in OBJECTS if sees(who, o, right=right)} == expected
    assert seen_among(who, OBJECTS, right=right) == expected
    hidden = Person.objects.filter(id__in=OBJECTS).exclude(visible(who, right=right))
    assert set(hidden.values_list("id", flat=True)) == set(OBJECTS) - expected


def test_a_case_shown_for_an_opinion_is_seen_only_until_it_is_taken_back(places: list[UUID]) -> None:
    case, unit_id = OBJECTS[0], places[0]
    account = official(unit_id, Role.OFFICER)
    grant_access(object_id=case, unit_id=unit_id, reason="opinion")
    assert sees(principal_for(account), case)
    assert units_with_sight(case, clock.business_now()) == {unit_id: ("opinion",)}
    assert revoke_access(object_id=case, unit_id=unit_id, reason="received") == 0
    assert revoke_access(object_id=case, unit_id=unit_id) == 1
    assert not sees(principal_for(account), case)
    earlier = principal_for(account, clock.business_now() - timedelta(microseconds=1))
    assert not sees(earlier, case)  # it was granted at this very moment


def test_what_was_seen_before_it_was_taken_back_stays_known(province: clock.ManualClock, places: list[UUID]) -> None:
    grant_access(object_id=OBJECTS[0], unit_id=places[0], reason="received")
    then = clock.business_now()
    province.advance(timedelta(days=1))
    revoke_access(object_id=OBJECTS[0], unit_id=places[0])
    assert units_with_sight(OBJECTS[0], then) == {places[0]: ("received",)}
    assert units_with_sight(OBJECTS[0], clock.business_now()) == {}


def test_granting_is_one_insert_and_granting_many_is_one_too(places: list[UUID]) -> None:
    with CaptureQueriesContext(connection) as queries:
        grant_access(object_id=ids.new(), unit_id=places[0], reason="received")
    assert len(queries) == 1
    with CaptureQueriesContext(connection) as queries:
        access.grant_all(Grant(ids.new(), u, "received") for u in places)
    assert sum(q["sql"].startswith("INSERT") for q in queries) == 1


def test_a_clerk_does_not_see_a_restricted_case_and_the_leader_does(places: list[UUID]) -> None:
    unit_id = commune()
    clerk, leader = official(unit_id, Role.CLERK), official(unit_id, Role.LEADER)
    grant_access(object_id=OBJECTS[0], unit_id=unit_id, reason="received")
    access.set_level(object_id=OBJECTS[0], level=Confidentiality.SECRET)
    assert not sees(principal_for(clerk), OBJECTS[0])
    assert sees(principal_for(leader), OBJECTS[0])


def test_the_provinces_supervisor_sees_a_communes_case_and_the_neighbouring_clerk_does_not(places: list[UUID]) -> None:
    top = units.by_code("30", DAY)
    assert top is not None
    supervisor, neighbour = official(top.id, Role.SUPERVISOR), official(commune("10510"), Role.CLERK)
    grant_access(object_id=OBJECTS[0], unit_id=commune("10507"), reason="received")
    assert sees(principal_for(supervisor), OBJECTS[0])
    assert not sees(principal_for(neighbour), OBJECTS[0])


def test_a_list_for_hundreds_of_units_asks_one_question(places: list[UUID]) -> None:
    top = units.by_code("30", DAY)
    assert top is not None
    who = principal_for(official(top.id, Role.SUPERVISOR))
    assert len(who.reach) > 300
    with CaptureQueriesContext(connection) as queries:
        list(Person.objects.filter(visible(who))[:100])
    assert len(queries) == 1


@pytest.mark.parametrize("many", [1, 300])
def test_the_access_table_itself_is_never_read(places: list[UUID], many: int) -> None:
    """For one unit or hundreds, an index alone answers."""
    if connection.vendor != "sqlite":
        return  # PostgreSQL decides by the table's size; the benchmark looks there
    reach = frozenset([*places, *(ids.new() for _ in range(many))][-many:])
    who = Principal(
        UUID(int=5), AccountKind.OFFICIAL, "", MORNING,
        seats=(Seat(places[0], Role.SUPERVISOR, reach, Confidentiality.INTERNAL),),
    )  # fmt: skip
    plan = Person.objects.filter(visible(who)).explain()
    assert "COVERING INDEX access_by_" in plan


def test_citizens_and_strangers_see_nothing_through_units(places: list[UUID]) -> None:
    grant_access(object_id=OBJECTS[0], unit_id=places[0], reason="received", level=Confidentiality.PUBLIC)
    for kind in (None, AccountKind.CITIZEN, AccountKind.ENTERPRISE):
        who = Principal(UUID(int=5), kind, "", MORNING)
        assert not Person.objects.filter(visible(who)).exists()
        assert not sees(who, OBJECTS[0])
        assert seen_among(who, OBJECTS) == frozenset()


def test_sight_changed_by_hand_needs_the_right_and_leaves_an_entry(places: list[UUID]) -> None:
    unit_id = commune()
    leader, clerk = official(unit_id, Role.LEADER), official(unit_id, Role.CLERK)
    grant, subject = Grant(OBJECTS[0], unit_id, "handover"), Subject("test.case", OBJECTS[0])
    with pytest.raises(PermissionDenied):
        access.change_access(grant=grant, subject=subject, allow=True, actor=Actor.account(clerk))
    access.change_access(grant=grant, subject=subject, allow=True, actor=Actor.account(leader))
    assert sees(principal_for(clerk), OBJECTS[0])
    access.change_access(grant=grant, subject=subject, allow=False, actor=Actor.account(leader))
    assert not sees(principal_for(clerk), OBJECTS[0])
