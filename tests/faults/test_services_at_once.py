"""Many at once: the same application twice, one agency's codes, two officers on a case, money and a decision."""

from __future__ import annotations

import contextvars
import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from tests.rooms.services import factories
from tests.rooms.services.factories import HOUSEHOLD, PERMIT, Town
from tinhso.foundation.api import clock, journal, packages
from tinhso.organisation import api as organisation
from tinhso.organisation.contracts import Role
from tinhso.services import api as services
from tinhso.services.contracts.answers import Conflict, Refusal
from tinhso.services.contracts.case import CaseStatus, Deed
from tinhso.services.gateways.simulator import Behaviour
from tinhso.services.models import Attachment, Case, CaseFact, NumberSeries, PaymentRow, PendingDecision, Result, Task

MORNING = datetime(2021, 1, 12, 9, 0, tzinfo=clock.LOCAL)
WRITERS = 8


@pytest.fixture
def town(transactional_db: None) -> Iterator[Town]:
    """The province in tables that really commit."""
    packages.load.cache_clear()
    with clock.using(clock.ManualClock(MORNING, datetime(2026, 11, 23, 2, 0, tzinfo=UTC))) as time:
        factories.fill()
        yield Town(time)  # type: ignore[arg-type]
    packages.load.cache_clear()


def at_once(deeds: Sequence[Callable[[], Any]]) -> list[Any]:
    """Do each deed in a thread of its own, all let go at one moment; return what each gave or raised."""
    gate, results = threading.Barrier(len(deeds)), [None] * len(deeds)

    def run(index: int) -> None:
        gate.wait()
        try:
            results[index] = deeds[index]()
        except Exception as error:
            results[index] = error
        finally:
            connection.close()

    threads = [
        threading.Thread(target=contextvars.copy_context().run, args=(run, index)) for index in range(len(deeds))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


def whole() -> None:
    """What must hold after anything: one current fact a case that agrees with it, and a journal that proves itself."""
    journal.seal()
    assert journal.verify() == []
    for case in Case.objects.all():
        fact = CaseFact.objects.get(subject_id=case.id, current=True)
        assert (fact.status, fact.due_at, fact.finished_at) == (case.status, case.due_at, case.finished_at)
        assert Task.objects.filter(case_id=case.id, open=True, opinion="").count() <= 1


def test_the_same_application_twice_at_once_is_one_case(town: Town) -> None:
    who = town.citizen()
    application = town.application(who=who, key="once")
    results = at_once([lambda: services.submission.hand_in(principal=who, application=application)] * 4)
    assert len({getattr(r, "code", repr(r)) for r in results}) == 1, results
    assert Case.objects.count() == PaymentRow.objects.count() == 1
    assert Attachment.objects.exclude(case=None).count() == 1
    whole()


def test_a_double_click_on_a_draft_is_one_case(town: Town) -> None:
    who = town.citizen()
    draft = services.drafts.start_draft(principal=who, procedure=factories.EXTRACT)
    answers, offer = town.answers(factories.EXTRACT), town.offer(factories.EXTRACT)
    for page in offer.procedure.pages:
        mine = {f.name: answers[f.name] for f in page.fields if f.name in answers}
        services.drafts.save_page(principal=who, draft_id=draft, page=page.id, answers=mine)
    town.upload(who, "identity_scan", draft_id=draft)
    unit = town.unit_for(offer.procedure)
    services.drafts.choose_unit(
        principal=who, draft_id=draft, unit_id=unit.id, delivery=services.submission.Delivery.ONLINE
    )
    results = at_once([lambda: services.submission.submit_draft(principal=who, draft_id=draft)] * 3)
    assert len({getattr(r, "code", repr(r)) for r in results}) == 1, results
    assert Case.objects.count() == 1


def test_a_paper_handed_in_with_two_cases_at_once_stays_with_one(town: Town) -> None:
    who = town.citizen()
    file = town.upload(who, "identity_scan")
    applications = [town.application(who=who, files=[file], key=f"k{n}") for n in range(2)]
    results = at_once([lambda a=a: services.submission.submit_case(principal=who, application=a) for a in applications])  # type: ignore[misc]
    assert sorted(isinstance(r, Refusal) for r in results) == [False, True], results
    assert Case.objects.get().id == Attachment.objects.get(id=file).case_id


def test_codes_of_an_agency_are_unique_and_without_gap_under_eight_writers(town: Town) -> None:
    people = [town.citizen(n) for n in range(WRITERS)]
    applications = [town.application(who=who) for who in people]
    town.apply(who=town.citizen(99))
    services.submission.CaseCodeCounter.objects.update(last=9996)
    results = at_once(
        [
            lambda w=w, a=a: services.submission.submit_case(principal=w, application=a)
            for w, a in zip(people, applications, strict=True)
        ]
    )
    numbers = sorted(int(r.code.rpartition("-")[2]) for r in results)
    assert numbers == list(range(9997, 9997 + WRITERS))
    whole()


@pytest.mark.parametrize("grace", [0, 10])
def test_of_two_officers_who_decide_at_once_one_is_told(town: Town, grace: float) -> None:
    case = town.apply()
    task, version = town.task(case), case.version
    clerks = [town.official(case.unit_id, Role.CLERK, n) for n in (1, 2)]
    for clerk in clerks:
        town.open_files(case, clerk)
    wanted = [(clerks[0], Deed.ACCEPT, ""), (clerks[1], Deed.REFUSE, "Không đúng nơi.")]
    results = at_once(
        [
            lambda w=w, d=d, r=r: services.decisions.decide(
                principal=w, task_id=task.id, deed=d, version=version, arguments={"reason": r}, grace=grace
            )
            for w, d, r in wanted
        ]
    )
    assert [isinstance(r, Conflict) for r in results].count(True) == 1, results
    assert not any(isinstance(r, Exception) and not isinstance(r, Conflict) for r in results), results
    town.time.advance(timedelta(seconds=11))
    services.decisions.carry_out_due()
    expected = CaseStatus.NOT_RECEIVED if isinstance(results[0], Conflict) else CaseStatus.IN_PROGRESS
    assert town.case(case).status == expected
    whole()


def test_money_that_arrives_while_the_case_is_decided_or_withdrawn_is_counted_once(town: Town) -> None:
    cases = [town.apply(HOUSEHOLD, who=town.citizen(n)) for n in range(4)]
    notices = {case.id: town.pay(case) for case in cases}
    for case in cases:
        town.open_files(case, town.official(case.unit_id, Role.CLERK))
    clerk = town.official(cases[0].unit_id, Role.CLERK)
    deeds: list[Callable[[], Any]] = []
    for index, case in enumerate(cases):
        for notice in notices[case.id]:
            deeds += [lambda n=notice: town.tell(n), lambda n=notice: town.tell(n)]  # type: ignore[misc]
        if index % 2:
            owner = town.owner(case)
            deeds.append(lambda o=owner, c=case: services.citizen.withdraw_case(principal=o, case_id=c.id))  # type: ignore[misc]
        else:
            task = town.task(case)
            deeds.append(
                lambda t=task, c=case: services.decisions.decide(
                    principal=clerk, task_id=t.id, deed=Deed.ACCEPT, version=c.version, grace=0
                )  # type: ignore[misc]
            )
    results = at_once(deeds)
    assert not [r for r in results if isinstance(r, Exception)], results
    for _ in range(20):
        town.time.advance(timedelta(hours=1))
        services.payments.tend()
    for index, case in enumerate(cases):
        bill = services.cases.bill_of(case.id)
        assert bill is not None
        kept = services.gateway_simulator().money_kept(case.code)
        assert bill.held == kept
        assert kept in ((0, bill.amount) if index % 2 else (bill.amount,))
    whole()


def test_numbers_of_results_leave_no_gap_when_leaders_sign_at_once(town: Town) -> None:
    ready = []
    for number in range(4):
        case = town.accept(town.apply(who=town.citizen(number)))
        town.settle(case)
        town.do(case, Deed.FORWARD)
        ready.append((case, town.task(case), town.case(case).version))
    leader = town.official(ready[0][0].unit_id, Role.LEADER)
    results = at_once(
        [
            lambda t=t, v=v: services.decisions.decide(
                principal=leader, task_id=t.id, deed=Deed.SIGN, version=v, grace=0
            )
            for _, t, v in ready
        ]
    )
    assert results == [None] * 4
    assert sorted(Result.objects.values_list("number", flat=True)) == [f"{n:02d}/TLKS-BS" for n in range(1, 5)]
    assert NumberSeries.objects.get().last == 4
    whole()


def test_two_workers_carry_out_look_tend_and_note_each_thing_once(town: Town) -> None:
    cases = [town.apply(PERMIT, who=town.citizen(n)) for n in range(3)]
    for case in cases:
        town.do(case, Deed.ACCEPT, grace=10)
        town.pay(case, Behaviour.FORGET)
    town.upload(town.citizen(50), "land_papers")
    town.time.advance(timedelta(minutes=2))
    duties: list[Callable[[], Any]] = [
        services.decisions.carry_out_due, services.files.check_waiting, services.payments.tend,
        services.upkeep.note_late,
    ]  # fmt: skip
    results = at_once(duties * 2)
    assert not [r for r in results if isinstance(r, Exception)], results
    for duty in duties:
        duty()
    for case in cases:
        said = town.said(case)
        assert said.count("CaseAccepted") == 1
        assert said.count("DecisionFailed") == 0
    assert not PendingDecision.objects.exists()
    assert set(PaymentRow.objects.values_list("state", flat=True)) == {"succeeded"}
    whole()


def test_a_day_off_entered_while_a_case_is_received_reaches_it(town: Town) -> None:
    cases = [town.apply(HOUSEHOLD, who=town.citizen(n)) for n in range(2)]
    town.accept(cases[0])
    admin = town.official(organisation.units.by_key("hd-30").id, Role.ADMIN)  # type: ignore[union-attr]
    clerk = town.official(cases[1].unit_id, Role.CLERK)
    town.open_files(cases[1], clerk)
    task = town.task(cases[1])
    results = at_once(
        [
            lambda: services.upkeep.change_calendar(
                principal=admin, day=date(2021, 1, 14), working=False, reason="Bão", source="thử"
            ),
            lambda: services.decisions.decide(
                principal=clerk, task_id=task.id, deed=Deed.ACCEPT, version=cases[1].version, grace=0
            ),
        ]
    )
    assert not [r for r in results if isinstance(r, Exception)], results
    assert {c.due_at for c in Case.objects.all()} == {datetime(2021, 1, 18, 17, 30, tzinfo=clock.LOCAL)}
    whole()
