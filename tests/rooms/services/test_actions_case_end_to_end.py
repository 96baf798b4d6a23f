"""A case of each procedure from a citizen's hand to a signed result, under January 2021 and under today."""

from __future__ import annotations

from datetime import datetime

import pytest

from tests.rooms.services.conftest import both_dates
from tests.rooms.services.factories import EXTRACT, HOUSEHOLD, JOINT, PERMIT, Town
from tinhso.foundation.api import clock, journal
from tinhso.organisation import api as organisation
from tinhso.organisation.contracts import Role
from tinhso.services import api as services
from tinhso.services.contracts.case import CaseStatus, Deed
from tinhso.services.models import CaseFact, NumberSeries, PaymentRow, Result, Task

ALL = (EXTRACT, HOUSEHOLD, PERMIT, JOINT)


def at(year: int, month: int, day: int, hour: int = 17, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=clock.LOCAL)


@both_dates
@pytest.mark.parametrize("code", ALL)
def test_an_application_goes_from_submission_to_a_signed_result(town: Town, code: str) -> None:
    case = town.apply(code)
    assert case.status == CaseStatus.SUBMITTED
    assert case.due_at is None, "nothing is due before a valid dossier was received"
    case = town.accept(case)
    assert case.received_at == town.time.business
    assert case.due_at == case.original_due_at
    case = town.finish(case)
    assert case.status == CaseStatus.RETURNED
    assert case.finished_at is not None
    assert not Task.objects.filter(case_id=case.id, open=True).exists()
    assert Result.objects.filter(case_id=case.id).exclude(blob=None).count() == Result.objects.count() > 0
    fact = town.fact(case)
    assert (fact.status, fact.on_time, fact.due_at) == (CaseStatus.RETURNED, True, case.due_at)
    assert journal.verify() == []


@both_dates
@pytest.mark.parametrize("code", ALL)
def test_each_agency_gets_sight_when_its_turn_comes_and_only_those(town: Town, code: str) -> None:
    case = town.apply(code)
    from tinhso.organisation.queries.sight import units_with_sight

    seen = [set(units_with_sight(case.id, clock.business_now()))]
    town.finish(case)
    after = set(units_with_sight(case.id, clock.business_now()))
    assert seen[0] == {case.receiving_unit_id}
    assert after == set(Task.objects.filter(case_id=case.id).values_list("unit_id", flat=True))
    stranger = town.official(town.commune("10606").id, Role.OFFICER)
    assert not organisation.sees(stranger, case.id)


@both_dates
def test_an_extract_handed_in_before_three_is_due_the_same_day(town: Town) -> None:
    case = town.accept(town.apply(EXTRACT))
    day = town.time.business
    assert case.due_at == day.replace(hour=17, minute=30)


def test_a_permit_for_a_house_asks_the_land_registry_and_waits_for_it(town: Town) -> None:
    case = town.accept(town.apply(PERMIT))
    town.do(case, Deed.FORWARD)
    asked = Task.objects.get(case_id=case.id, open=True, opinion="land")
    registry = organisation.units.unit(asked.unit_id)
    assert registry is not None
    assert registry.sector == "land_registry"
    main = town.task(case)
    assert main.unit_id == case.unit_id
    with pytest.raises(services.decisions.Refusal, match="ý kiến"):
        town.do(case, Deed.FORWARD)
    town.do(case, Deed.GIVE_OPINION, task=asked, reason="Đúng ranh giới.")
    town.do(case, Deed.FORWARD, task=town.task(case))
    assert town.task(case).kind == "submit"


@pytest.mark.parametrize("time", [at(2026, 11, 23, 9)], indirect=True)
def test_opinions_of_two_agencies_are_asked_at_once_and_given_in_any_order(town: Town) -> None:
    case = town.accept(town.apply(PERMIT))
    town.do(case, Deed.FORWARD)
    asked = list(Task.objects.filter(case_id=case.id, open=True).exclude(opinion="").order_by("opinion"))
    assert [t.opinion for t in asked] == ["land", "planning"]
    assert asked[0].opened_at == asked[1].opened_at
    for task in reversed(asked):
        officer = town.holder(task)
        assert town.list_of(officer) == [case.code]
        town.do(case, Deed.GIVE_OPINION, task=task, reason="Phù hợp.")
        assert town.list_of(officer) == []
    town.do(case, Deed.FORWARD)
    assert town.task(case).kind == "submit"


def test_an_agency_that_does_not_answer_in_time_holds_the_case_up_no_longer(town: Town) -> None:
    case = town.accept(town.apply(PERMIT))
    town.do(case, Deed.FORWARD)
    town.later(days=5)
    town.do(case, Deed.FORWARD)
    late = Task.objects.get(case_id=case.id, opinion="land")
    assert late.open, "a late opinion is still welcome"
    town.settle(case)
    town.do(case, Deed.FORWARD)
    town.do(case, Deed.SIGN)
    assert town.case(case).finished_at is not None
    assert not Task.objects.filter(case_id=case.id, open=True).exclude(kind="return").exists()
    assert town.list_of(town.holder(late)) == []


@both_dates
def test_the_joint_procedure_passes_through_three_agencies_each_with_its_own_time(town: Town) -> None:
    case = town.accept(town.apply(JOINT))
    units = []
    for _ in range(20):
        if not (rows := Task.objects.filter(case_id=case.id, open=True)):
            break
        task = rows.get()
        agency = organisation.units.unit(task.unit_id)
        assert agency is not None
        units.append((task.step, agency.sector or agency.kind.value, task.due_at <= (case.due_at or task.due_at)))
        town.do(case, {"sign": Deed.SIGN, "return": Deed.HAND_OVER}.get(task.kind, Deed.FORWARD), task=task)
    assert [(step, agency) for step, agency, _ in units if step not in ("examine", "sign")] == [
        ("residence", "police"),
        ("insurance", "social_insurance"),
        ("return", "people_committee"),
    ]
    assert all(within for _, _, within in units)


def test_numbers_of_results_leave_no_gap_and_count_by_agency_series_and_year(town: Town) -> None:
    for _ in range(3):
        town.finish(town.apply(EXTRACT))
    town.finish(town.apply(EXTRACT, commune="10606"))
    town.finish(town.apply(EXTRACT, record_kind="marriage", spouse_name="Đặng Thùy Linh", registered_on=None,
                           registration_number=None))  # fmt: skip
    own = town.commune().id
    numbers = Result.objects.order_by("signed_at", "id")
    assert [r.number for r in numbers if r.unit_id == own] == ["01/TLKS-BS", "02/TLKS-BS", "03/TLKS-BS", "01/TLKH-BS"]
    assert [r.number for r in numbers if r.unit_id != own] == ["01/TLKS-BS"]
    town.time.set(datetime(2022, 1, 4, 9, tzinfo=clock.LOCAL))
    town.finish(town.apply(EXTRACT))
    assert Result.objects.order_by("-id")[0].number == "01/TLKS-BS"
    kept = NumberSeries.objects.filter(unit_id=own).values_list("year", "last")
    assert sorted(kept) == [(2021, 1), (2021, 3), (2022, 1)]


def test_a_signature_that_fails_takes_its_number_back(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    from tinhso.foundation.api import pdf

    case = town.accept(town.apply(EXTRACT))
    town.settle(case)
    town.do(case, Deed.FORWARD)
    with monkeypatch.context() as broken, pytest.raises(services.decisions.Refusal):
        broken.setattr(pdf, "render", _unprintable)
        town.do(case, Deed.SIGN)
    assert not Result.objects.exists()
    town.do(case, Deed.SIGN)
    assert Result.objects.get().number == "01/TLKS-BS"


def _unprintable(*_: object, **__: object) -> bytes:
    from tinhso.foundation.api import pdf

    raise pdf.Unprintable("Không in được.")


def test_a_case_stands_once_on_the_list_of_whoever_may_act_and_nowhere_else(town: Town) -> None:
    case = town.apply(EXTRACT)
    unit = case.unit_id
    clerk, officer, leader = (town.official(unit, role) for role in (Role.CLERK, Role.OFFICER, Role.LEADER))
    assert town.list_of(clerk) == [case.code]
    assert town.list_of(leader) == []
    town.accept(case)
    assert (town.list_of(clerk), town.list_of(officer)) == ([], [case.code])
    town.settle(case)
    town.do(case, Deed.FORWARD)
    assert (town.list_of(officer), town.list_of(leader)) == ([], [case.code])
    elsewhere = town.official(town.commune("10606").id, Role.LEADER)
    assert town.list_of(elsewhere) == []
    assert town.list_of(town.citizen()) == []


def test_every_act_on_a_case_is_in_the_journal_with_who_did_it(town: Town) -> None:
    case = town.finish(town.apply(EXTRACT))
    said = [name for name in town.said(case) if name != "DataOpened"]
    assert said == [
        "CaseSubmitted", "PaymentChanged", "PaymentChanged", "CaseAccepted", "CaseForwarded", "ResultSigned",
        "ResultReturned",
    ]  # fmt: skip
    leader = town.official(case.unit_id, Role.LEADER)
    entry = town.entries("ResultSigned")[0]
    assert entry.actor == str(leader.actor)


def test_facts_keep_what_was_known_and_when_and_one_is_current(town: Town) -> None:
    case = town.finish(town.apply(EXTRACT))
    facts = list(CaseFact.objects.filter(subject_id=case.id).order_by("recorded_at", "id"))
    assert [f.current for f in facts] == [False] * (len(facts) - 1) + [True]
    steps = [f.status for f in facts]
    assert steps[0] == CaseStatus.SUBMITTED
    assert steps[-1] == CaseStatus.RETURNED
    assert len({f.entry_id for f in facts}) == len(facts)
    assert facts[0].due_at is None
    assert facts[-1].wholly_online


def test_whoever_opens_a_paper_is_seen_by_the_person_it_belongs_to(town: Town) -> None:
    case = town.apply(EXTRACT)
    assert services.cases.looks(town.owner(case), case.id) == []
    town.accept(case)
    look = services.cases.looks(town.owner(case), case.id)
    assert [(line.unit, line.what) for line in look] == [(town.commune().display_name, "tệp đính kèm")]
    with pytest.raises(services.cases.NotFound):
        services.cases.looks(town.citizen(2), case.id)


def test_an_unset_fee_makes_no_debt_and_is_not_zero(town: Town, settings: object) -> None:
    settings.TINHSO_DEMO = False  # type: ignore[attr-defined]
    case = town.apply(HOUSEHOLD)
    assert not PaymentRow.objects.filter(case_id=case.id).exists()
    procedure = services.procedures.of_package(case.package_id)
    variant = procedure.variants[0]
    from tinhso.services.contracts.deadline import Channel

    assert services.procedures.bill(procedure, variant, Channel.ONLINE, case.data).amount is None
    assert town.finish(case).status == CaseStatus.RETURNED
