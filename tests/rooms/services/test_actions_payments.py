"""Money for a case comes in once, whatever the gateway does, and what is not owed goes back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.rooms.services.factories import EXTRACT, HOUSEHOLD, JOINT, Town
from tinhso.organisation.contracts import Role
from tinhso.services import api as services
from tinhso.services.contracts.answers import NotFound, Refusal
from tinhso.services.contracts.case import CaseStatus, Deed
from tinhso.services.contracts.payment import Payment, PaymentState
from tinhso.services.gateways.simulator import Behaviour
from tinhso.services.models import Case, PaymentRow

PAYS = set(Behaviour) - {Behaviour.FORGE, Behaviour.FAIL, Behaviour.AMOUNT_CHANGED}


def bill(case: Case) -> Payment:
    found = services.cases.bill_of(case.id)
    assert found is not None
    return found


def live_on(town: Town, deliveries: tuple[object, ...]) -> None:
    """Let two days go by: every notice is delivered at its moment, the worker tends what is open."""
    waiting = sorted(deliveries, key=lambda d: d.deliver_after)  # type: ignore[attr-defined]
    begin = town.time.now()
    for minute in (0.1, 0.2, 1, 2, 5, 10, 20, 40, 80, 160, 320, 640, 1200, 1900, 2500, 2900):
        town.time.machine = begin + timedelta(minutes=minute)
        while waiting and begin + waiting[0].deliver_after <= town.time.now():  # type: ignore[attr-defined]
            town.tell(waiting.pop(0))
        services.payments.tend()


@pytest.mark.parametrize("behaviour", list(Behaviour))
def test_whatever_the_gateway_does_the_money_ends_right(town: Town, behaviour: Behaviour) -> None:
    case = town.apply()
    live_on(town, town.pay(case, behaviour))
    kept = services.gateway_simulator().money_kept(case.code)
    paid = bill(case)
    assert paid.held == kept, "what we say we hold is what was taken"
    if behaviour in PAYS:
        assert (paid.state, kept) == (PaymentState.SUCCEEDED, paid.amount)
    elif behaviour is Behaviour.AMOUNT_CHANGED:
        assert not paid.kept
        assert [r.amount for r in paid.in_review] == [kept]
        assert "PaymentReviewAsked" in town.said(case)
    else:
        assert (paid.kept, kept) == (0, 0)
        assert paid.open
    told = [e.data["state"] for e in town.entries("PaymentChanged")]
    assert told.count("succeeded") == (1 if behaviour in PAYS else 0)


@pytest.mark.parametrize("behaviour", [Behaviour.LATE_SUCCESS, Behaviour.DELAY, Behaviour.FORGET, Behaviour.HONEST])
def test_money_that_comes_after_the_case_was_withdrawn_goes_back(town: Town, behaviour: Behaviour) -> None:
    case = town.apply()
    notices = town.pay(case, behaviour)
    services.citizen.withdraw_case(principal=town.owner(case), case_id=case.id)
    live_on(town, notices)
    assert services.gateway_simulator().money_kept(case.code) == 0
    assert bill(case).held == 0
    assert bill(case).state is PaymentState.CANCELLED
    assert town.case(case).status == CaseStatus.WITHDRAWN


def test_after_a_failed_payment_the_person_pays_again_and_once(town: Town) -> None:
    case = town.apply()
    live_on(town, town.pay(case, Behaviour.FAIL))
    assert bill(case).state is PaymentState.FAILED
    assert services.cases.my_cases(town.owner(case))[0].needs == "Chưa nộp phí"
    live_on(town, town.pay(case))
    assert bill(case).state is PaymentState.SUCCEEDED
    with pytest.raises(Refusal, match="đã được trả"):
        services.payments.start_payment(principal=town.owner(case), case_id=case.id)


def test_two_tabs_join_one_attempt(town: Town) -> None:
    case = town.apply()
    for _ in range(2):
        services.payments.start_payment(principal=town.owner(case), case_id=case.id)
    assert len(bill(case).attempts) == 1


def test_an_attempt_left_alone_expires_and_another_may_follow(town: Town) -> None:
    case = town.apply()
    services.payments.start_payment(principal=town.owner(case), case_id=case.id)
    town.time.advance(timedelta(minutes=16))
    services.payments.tend()
    assert bill(case).state is PaymentState.EXPIRED
    town.settle(case)
    assert bill(case).state is PaymentState.SUCCEEDED


def test_a_notice_told_twice_or_by_a_stranger_changes_nothing(town: Town) -> None:
    case = town.apply()
    (notice,) = town.pay(case)
    assert town.tell(notice)
    before = PaymentRow.objects.values().get()
    said = town.said(case)
    assert town.tell(notice), "the gateway is told it was heard, so that it stops telling"
    assert town.said(case) == said
    assert PaymentRow.objects.values().get() == before
    for forged in town.pay(other := town.apply(who=town.citizen(2)), Behaviour.FORGE):
        assert not town.tell(forged)
    assert bill(other).kept == 0


def test_nobody_pays_or_sees_another_persons_bill(town: Town) -> None:
    case = town.apply()
    with pytest.raises(NotFound):
        services.payments.start_payment(principal=town.citizen(5), case_id=case.id)
    assert services.transfers.transfer_for(town.citizen(5), case.id) is None
    with pytest.raises(NotFound):
        services.payments.take_at_counter(principal=town.citizen(5), case_id=case.id)
    with pytest.raises(NotFound):
        clerk = town.official(town.commune("10606").id, Role.CLERK)
        services.payments.take_at_counter(principal=clerk, case_id=case.id)


def test_cash_at_the_counter_settles_the_debt_and_is_not_wholly_online(town: Town) -> None:
    case, online = town.apply(), town.finish(town.apply(who=town.citizen(2)))
    clerk = town.official(case.unit_id, Role.CLERK)
    services.payments.take_at_counter(principal=clerk, case_id=case.id)
    with pytest.raises(Refusal):
        services.payments.take_at_counter(principal=clerk, case_id=case.id)
    case = town.finish(case)
    assert bill(case).state is PaymentState.SUCCEEDED
    assert (town.fact(case).wholly_online, town.fact(online).wholly_online) == (False, True)
    row = PaymentRow.objects.get(case_id=case.id)
    assert not row.busy, "no gateway knows of cash"


def test_a_refused_case_owes_nothing(town: Town) -> None:
    case = town.apply()
    town.do(case, Deed.REFUSE, reason="Không đúng nơi.")
    assert bill(case).state is PaymentState.CANCELLED
    with pytest.raises(Refusal):
        services.payments.start_payment(principal=town.owner(case), case_id=case.id)


@pytest.mark.parametrize(("code", "amount"), [(EXTRACT, 16_000), (HOUSEHOLD, 50_000), (JOINT, None)])
def test_what_is_owed_follows_the_package(town: Town, code: str, amount: int | None) -> None:
    case = town.apply(code)
    found = services.cases.bill_of(case.id)
    assert (found.amount if found else None) == amount


def test_debts_that_rest_do_not_stand_before_those_to_be_asked_about(town: Town) -> None:
    cases = [town.apply(who=town.citizen(n), key=f"k{n}") for n in range(1, 6)]
    forgotten = cases[-1]
    for case in cases[:-1]:
        live_on(town, town.pay(case))
    town.pay(forgotten, Behaviour.FORGET)
    town.time.advance(timedelta(minutes=2))
    services.payments.tend(limit=1)
    assert bill(forgotten).state is PaymentState.SUCCEEDED
    town.time.advance(timedelta(days=8))
    for _ in range(5):
        services.payments.tend()
    assert not PaymentRow.objects.filter(busy=True).exists(), "a week after the last attempt nobody is asked any more"
