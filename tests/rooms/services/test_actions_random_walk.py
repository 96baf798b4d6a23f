"""Whatever people do, in whatever order, a case never comes to a state that cannot be."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.rooms.services.factories import EXTRACT, HOUSEHOLD, JOINT, PERMIT, Town
from tinhso.foundation.api import clock, journal
from tinhso.organisation import api as organisation
from tinhso.organisation.contracts import Role
from tinhso.services import api as services
from tinhso.services.actions import documents
from tinhso.services.contracts.answers import Refusal
from tinhso.services.contracts.case import CaseStatus, Deed
from tinhso.services.gateways.simulator import Behaviour
from tinhso.services.models import Case, CaseEvent, CaseFact, PaymentRow, PendingDecision, Result, Task

_STEP = {"examine": "receive", "sign": "examine", "submit": "examine", "residence": "examine", "insurance": "examine"}


class Walk:
    """A case and everybody who may touch it; each act is tried, and may be refused but never break."""

    def __init__(self, town: Town, code: str) -> None:
        self.town = town
        self.case = town.apply(code)
        self.refused = self.done = 0

    def act(self, name: str, number: int) -> None:
        acts: dict[str, Callable[[int], object]] = {
            "decide": self._decide, "undo": self._undo, "wait": self._wait, "carry out": self._carry_out,
            "answer": self._answer, "withdraw": self._withdraw, "pay": self._pay, "cash": self._cash,
            "look late": lambda _: services.upkeep.note_late(),
        }  # fmt: skip
        try:
            with transaction.atomic():
                acts[name](number)
            self.done += 1
        except Refusal:
            self.refused += 1

    def _decide(self, number: int) -> object:
        tasks = list(Task.objects.filter(case_id=self.case.id).order_by("-open", "-opened_at"))
        task = tasks[(number // 20 % 3) % len(tasks)] if number % 3 == 0 else tasks[0]
        ways = [way.deed for way in services.desk.desk_of(task.id).ways]
        wanted = list(Deed) if number % 5 == 0 or not ways else [*ways[:1] * 4, *ways]  # mostly the way forward
        deed, grace = wanted[number // 5 % len(wanted)], 10 * (number % 2)
        new_due = (self.town.time.business + timedelta(days=number % 30)).date().isoformat()
        return self.town.do(
            self.case, deed, task=task, grace=grace, reason="Có lý do.", new_due=new_due,
            step=_STEP.get(task.step, "examine"), unit=str(self.town.commune("10606").id),
        )  # fmt: skip

    def _undo(self, _: int) -> None:
        pending = PendingDecision.objects.filter(case_id=self.case.id).first()
        if pending is not None:
            services.decisions.undo(principal=organisation.principal_for(pending.by_id), decision_id=pending.id)

    def _wait(self, number: int) -> None:
        self.town.time.advance(timedelta(hours=number % 60))

    def _carry_out(self, _: int) -> None:
        self.town.time.advance(timedelta(seconds=11))
        services.decisions.carry_out_due()

    def _answer(self, _: int) -> None:
        services.citizen.answer_supplement(
            principal=self.town.owner(self.case), case_id=self.case.id, changes={}, note="Đây."
        )

    def _withdraw(self, number: int) -> None:
        if number % 4 == 0:
            services.citizen.withdraw_case(principal=self.town.owner(self.case), case_id=self.case.id)

    def _pay(self, number: int) -> None:
        for notice in self.town.pay(self.case, list(Behaviour)[number % len(Behaviour)]):
            self.town.tell(notice)
        services.payments.tend()

    def _cash(self, _: int) -> None:
        clerk = self.town.official(self.town.case(self.case).unit_id, Role.CLERK)
        services.payments.take_at_counter(principal=clerk, case_id=self.case.id)

    def check(self) -> None:
        case = Case.objects.get(id=self.case.id)
        status = CaseStatus(case.status)
        tasks = list(Task.objects.filter(case_id=case.id))
        main = [t for t in tasks if t.open and not t.opinion]
        waiting = PendingDecision.objects.filter(case_id=case.id, failure="").first()
        assert len(main) <= 1
        assert not (waiting and main and waiting.task_id == main[0].id), "what is being decided is off the list"
        if status.closed:
            assert all(t.kind == "return" for t in tasks if t.open)
            assert status is CaseStatus.DONE or not main
            assert case.finished_at is not None
        else:
            assert case.finished_at is None
            assert main or waiting, "a case under way lies with somebody"
        kinds = list(CaseEvent.objects.filter(case_id=case.id).order_by("at", "id").values_list("kind", flat=True))
        assert (case.received_at is not None) == ("received" in kinds)
        assert kinds.count("received") <= 1
        assert kinds.count("finished") + kinds.count("withdrawn") == (1 if case.finished_at else 0)
        assert (status is CaseStatus.RETURNED) == ("returned" in kinds)
        assert (case.due_at is None) == (case.received_at is None)
        if status in (CaseStatus.DONE, CaseStatus.RETURNED):
            assert Result.objects.filter(case_id=case.id).exists()
        fact = CaseFact.objects.get(subject_id=case.id, current=True)
        seen = (fact.status, fact.unit_id, fact.tier, fact.due_at, fact.received_at, fact.finished_at)
        assert seen == (case.status, case.unit_id, case.tier, case.due_at, case.received_at, case.finished_at)
        bill = services.cases.bill_of(case.id)
        if bill is not None:
            assert bill.state == PaymentRow.objects.get(case_id=case.id).state
            assert bill.kept in (0, bill.amount)
            if Result.objects.filter(case_id=case.id).exists():
                assert bill.kept, "nothing is signed before it is paid"


@pytest.mark.parametrize("code", [EXTRACT, HOUSEHOLD, PERMIT, JOINT])
@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    acts=st.lists(
        st.tuples(
            st.sampled_from(
                ["decide"] * 8
                + ["carry out"] * 3
                + ["undo", "wait", "answer", "answer", "withdraw", "pay", "cash", "look late"]
            ),
            st.integers(0, 999),
        ),
        min_size=10,
        max_size=45,
    )
)  # fmt: skip
def test_no_order_of_acts_leads_to_a_state_that_cannot_be(town: Town, code: str, acts: list[tuple[str, int]]) -> None:
    start = (town.time.business, town.time.machine)
    with transaction.atomic(), documents.making(at_once=False):
        walk = Walk(town, code)
        walk.check()
        for name, number in acts:
            walk.act(name, number)
            walk.check()
        journal.seal()
        assert journal.verify() == []
        transaction.set_rollback(True)
    town.time.business, town.time.machine = start
    town._hired.clear()
    assert clock.business_now() == start[0]
