"""Deciding on a case: what stands in the way, what can be undone, what two officers may not do to each other."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from tests.rooms.services.conftest import TODAY
from tests.rooms.services.factories import EXTRACT, HOUSEHOLD, JOINT, PERMIT, Town, picture
from tinhso.foundation.api import clock, vault
from tinhso.organisation import api as organisation
from tinhso.organisation.contracts import Role
from tinhso.services import api as services
from tinhso.services.actions import deeds
from tinhso.services.contracts.answers import Conflict, NotFound, Refusal
from tinhso.services.contracts.case import CaseStatus, Deed
from tinhso.services.models import Case, CaseFact, PendingDecision, Result, Task

CLAIM = "Bổ sung ảnh chụp rõ bốn góc."


def test_a_required_paper_nobody_opened_blocks_reception(town: Town) -> None:
    case = town.apply()
    with pytest.raises(Refusal, match="Chưa mở giấy tờ bắt buộc: Ảnh chụp giấy tờ tùy thân"):
        town.do(case, Deed.ACCEPT, look=False)
    town.do(case, Deed.ACCEPT)


def test_a_paper_still_in_quarantine_blocks_reception(town: Town) -> None:
    who = town.citizen()
    receipt = services.submission.submit_case(principal=who, application=town.application(who=who))
    case = town.case(receipt.case_id)
    with pytest.raises(Refusal, match="đang được kiểm tra"):
        town.do(case, Deed.ACCEPT)
    services.files.check_waiting()
    town.do(case, Deed.ACCEPT)


def test_a_required_paper_that_cannot_be_read_calls_for_a_supplement_and_a_new_one_for_acceptance(town: Town) -> None:
    who = town.citizen()
    broken = town.upload(who, "identity_scan", picture()[:400])
    case = town.apply(who=who, files=[broken])
    with pytest.raises(Refusal, match="không đọc được: Ảnh chụp giấy tờ tùy thân"):
        town.do(case, Deed.ACCEPT)
    town.do(case, Deed.ASK_SUPPLEMENT, reason=CLAIM)
    anew = town.upload(who, "identity_scan", picture(b"anew"))
    services.citizen.answer_supplement(principal=who, case_id=case.id, changes={}, files=[anew])
    services.files.check_waiting()
    assert town.accept(case).received_at is not None


@pytest.mark.parametrize("deed", [Deed.ASK_SUPPLEMENT, Deed.REFUSE, Deed.ROUTE])
def test_what_the_applicant_will_read_needs_a_reason(town: Town, deed: Deed) -> None:
    case = town.apply()
    with pytest.raises(Refusal, match="lý do"):
        town.do(case, deed, reason="  ", unit=str(town.commune("10606").id))


def test_a_reason_with_hidden_characters_is_sent_back_to_its_writer(town: Town) -> None:
    case = town.apply()
    for hidden in ("Thiếu\x00ảnh", "Thiếu \u202eảnh"):
        with pytest.raises(Refusal, match="ký tự ẩn"):
            town.do(case, Deed.REFUSE, reason=hidden)


@pytest.mark.parametrize(("role", "where"), [(Role.LEADER, "10507"), (Role.CLERK, "10606"), (Role.OFFICER, "10606")])
def test_only_the_desk_in_charge_may_decide(town: Town, role: Role, where: str) -> None:
    case = town.apply()
    stranger = town.official(town.commune(where).id, role)
    with pytest.raises(NotFound):
        town.do(case, Deed.ACCEPT, who=stranger, look=False)


def test_an_unpaid_fee_blocks_the_signature_and_a_paid_one_does_not(town: Town) -> None:
    case = town.accept(town.apply())
    town.do(case, Deed.FORWARD)
    with pytest.raises(Refusal, match="chưa trả phí"):
        town.do(case, Deed.SIGN)
    town.settle(case)
    town.do(case, Deed.SIGN)
    assert town.case(case).finished_at


# --- undone, carried out, failed ---------------------------------------------------------------------------------


def test_a_decision_can_be_undone_within_its_grace_and_leaves_no_trace_on_the_case(town: Town) -> None:
    case = town.apply()
    clerk = town.official(case.unit_id, Role.CLERK)
    decision = town.do(case, Deed.REFUSE, reason="Không đúng nơi.", grace=10)
    assert decision
    assert town.list_of(clerk) == [], "decided is off the list"
    town.time.advance(timedelta(seconds=9))
    assert services.decisions.carry_out_due() == 0
    services.decisions.undo(principal=clerk, decision_id=decision)
    assert town.list_of(clerk) == [case.code]
    town.time.advance(timedelta(seconds=60))
    assert services.decisions.carry_out_due() == 0
    assert town.case(case).status == CaseStatus.SUBMITTED
    assert town.said(case)[-2:] == ["DecisionRecorded", "DecisionUndone"]


@pytest.mark.parametrize("carried_out", [True, False])
def test_after_its_grace_a_decision_stands_also_before_the_worker_came_round(town: Town, carried_out: bool) -> None:
    case = town.apply()
    clerk = town.official(case.unit_id, Role.CLERK)
    decision = town.do(case, Deed.ACCEPT, grace=10)
    assert decision
    town.time.advance(timedelta(seconds=10))
    if carried_out:
        assert services.decisions.carry_out_due() == 1
    with pytest.raises(Refusal, match="không hoàn tác"):
        services.decisions.undo(principal=clerk, decision_id=decision)
    services.decisions.carry_out_due()
    assert town.case(case).received_at is not None


def test_nobody_undoes_another_officers_decision(town: Town) -> None:
    case = town.apply()
    decision = town.do(case, Deed.ACCEPT, grace=10)
    assert decision
    with pytest.raises(Refusal):
        services.decisions.undo(principal=town.official(case.unit_id, Role.CLERK, 2), decision_id=decision)
    assert PendingDecision.objects.filter(id=decision).exists()


def test_the_clock_counts_from_when_it_was_decided_not_from_when_it_was_carried_out(town: Town) -> None:
    town.time.set(datetime(2021, 1, 12, 14, 59, 55, tzinfo=clock.LOCAL))
    case = town.apply()
    town.do(case, Deed.ACCEPT, grace=10)
    town.time.advance(timedelta(seconds=30))
    services.decisions.carry_out_due()
    case = town.case(case)
    assert case.received_at == datetime(2021, 1, 12, 14, 59, 55, tzinfo=clock.LOCAL)
    assert case.due_at
    assert case.due_at.astimezone(clock.LOCAL).date() == date(2021, 1, 12), "before the cut-off at 15:00"


def test_a_second_officer_is_told_and_overwrites_nothing(town: Town) -> None:
    case = town.apply()
    seen = case.version
    first, second = (town.official(case.unit_id, Role.CLERK, n) for n in (1, 2))
    town.do(case, Deed.ACCEPT, who=first, version=seen, grace=10)
    with pytest.raises(Conflict):
        town.do(case, Deed.REFUSE, who=second, version=seen, reason="Sai.", grace=10, task=Task.objects.get())
    town.time.advance(timedelta(seconds=11))
    services.decisions.carry_out_due()
    with pytest.raises(Conflict):
        town.do(case, Deed.REFUSE, who=second, version=seen, reason="Sai.", task=Task.objects.order_by("id")[0])
    assert town.case(case).status == CaseStatus.IN_PROGRESS


def test_a_decision_that_can_no_longer_be_carried_out_comes_back_with_the_reason(town: Town) -> None:
    case = town.apply()
    clerk = town.official(case.unit_id, Role.CLERK)
    town.do(case, Deed.ACCEPT, grace=10)
    Case.objects.filter(id=case.id).update(version=99)
    town.time.advance(timedelta(seconds=11))
    assert services.decisions.carry_out_due() == 1
    assert town.list_of(clerk) == [case.code]
    pending = services.desk.pending_of(clerk, case.id)
    assert pending is not None
    assert "đã thay đổi" in pending.failure
    assert services.desk.failures([case.id])[case.id] == pending.failure
    assert services.decisions.carry_out_due() == 0, "it is not tried for ever"
    assert town.said(case)[-1] == "DecisionFailed"
    town.accept(case)
    assert services.desk.pending_of(clerk, case.id) is None, "the failure is gone once decided anew"


@pytest.mark.parametrize("broken", [vault.NoSpace("Kho lưu trữ đang đầy."), RuntimeError("unforeseen")])
def test_one_decision_that_fails_does_not_hold_up_the_others(
    town: Town, broken: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = town.apply(), town.apply(who=town.citizen(2))
    for case in (first, second):
        town.do(case, Deed.ACCEPT, grace=10)
    town.time.advance(timedelta(seconds=11))

    def fail_for_first(doing: Any) -> None:
        if doing.case.id == first.id:
            raise broken
        whole(doing)

    whole = deeds._accept
    monkeypatch.setitem(deeds._DEEDS, Deed.ACCEPT, fail_for_first)
    services.decisions.carry_out_due()
    assert town.case(second).received_at is not None
    assert town.case(first).received_at is None
    clerk = town.official(first.unit_id, Role.CLERK)
    assert town.list_of(clerk) == [first.code]
    failure = services.desk.failures([first.id])[first.id]
    assert "quyết định lại" in failure
    assert "unforeseen" not in failure


def test_a_case_withdrawn_while_a_decision_waits_stays_withdrawn(town: Town) -> None:
    case = town.apply()
    town.do(case, Deed.ACCEPT, grace=10)
    services.citizen.withdraw_case(principal=town.owner(case), case_id=case.id)
    town.time.advance(timedelta(seconds=11))
    services.decisions.carry_out_due()
    case = town.case(case)
    assert (case.status, case.received_at) == (CaseStatus.WITHDRAWN, None)
    assert not Task.objects.filter(case_id=case.id, done_at=None).exists()
    assert town.fact(case).status == CaseStatus.WITHDRAWN


# --- supplements -------------------------------------------------------------------------------------------------


def test_a_supplement_restarts_the_time_from_the_beginning(town: Town) -> None:
    case = town.accept(town.apply(HOUSEHOLD))
    assert case.due_at
    assert case.due_at.astimezone(clock.LOCAL).date() == date(2021, 1, 15)
    town.do(case, Deed.ASK_SUPPLEMENT, reason=CLAIM)
    assert town.case(case).status == CaseStatus.SUPPLEMENT_ASKED
    view = services.cases.case_for_applicant(town.owner(case), case.id)
    assert view.supplement_request == CLAIM
    town.later(days=6)
    services.citizen.answer_supplement(
        principal=town.owner(case), case_id=case.id, changes={"capital": 90_000_000}, note="Đã sửa vốn."
    )
    case = town.case(case)
    assert case.status == CaseStatus.IN_PROGRESS
    assert case.data["capital"] == 90_000_000
    assert case.due_at
    assert case.due_at.astimezone(clock.LOCAL).date() == date(2021, 1, 21), "three working days from Monday 18th"
    assert Task.objects.get(case_id=case.id, open=True).due_at == case.due_at
    assert "GuardMissed" not in town.said(case)


def test_while_the_applicant_completes_the_dossier_nobody_is_late(town: Town) -> None:
    case = town.accept(town.apply(HOUSEHOLD))
    town.do(case, Deed.ASK_SUPPLEMENT, reason=CLAIM)
    town.later(days=20)
    assert services.upkeep.note_late() == 0
    assert town.fact(case).on_time is None
    services.citizen.withdraw_case(principal=town.owner(case), case_id=case.id)
    assert town.fact(case).on_time is True
    assert "CaseBecameLate" not in town.said(case)


def test_a_second_supplement_is_a_breach_said_once_and_the_case_goes_on_late(town: Town) -> None:
    case = town.accept(town.apply(HOUSEHOLD))
    town.do(case, Deed.ASK_SUPPLEMENT, reason=CLAIM)
    services.citizen.answer_supplement(principal=town.owner(case), case_id=case.id, changes={}, note="Đây.")
    due = town.case(case).due_at
    town.later(hours=2)
    town.do(case, Deed.ASK_SUPPLEMENT, reason="Thiếu thêm.")
    assert town.said(case).count("GuardMissed") == 1
    assert town.case(case).due_at == due, "breaking the rule buys no time"
    town.later(days=10)
    assert services.upkeep.note_late() == 1, "an unlawful wait does not stop the clock"
    assert services.upkeep.note_late() == 0
    services.citizen.answer_supplement(principal=town.owner(case), case_id=case.id, changes={}, note="Đây nữa.")
    town.finish(case)
    assert town.fact(case).on_time is False
    assert town.said(case).count("GuardMissed") == 1


@pytest.mark.parametrize("received", [True, False])
def test_a_supplement_asked_after_three_working_days_is_a_breach_at_that_moment(town: Town, received: bool) -> None:
    case = town.apply(JOINT)
    if received:
        town.accept(case)
    town.later(days=8)
    town.do(case, Deed.ASK_SUPPLEMENT, reason=CLAIM)
    assert town.said(case)[-1] == "GuardMissed"
    entry = town.entries("GuardMissed")
    assert [e.data["kind"] for e in entry] == ["supplement_too_late"]
    services.citizen.answer_supplement(principal=town.owner(case), case_id=case.id, changes={}, note="Đây.")
    town.accept(case) if not received else None
    assert town.said(case).count("GuardMissed") == 1


def test_a_supplement_that_would_make_it_another_case_is_refused_with_what_to_do(town: Town) -> None:
    case = town.accept(town.apply(PERMIT))
    town.do(case, Deed.ASK_SUPPLEMENT, reason=CLAIM)
    with pytest.raises(Refusal, match="nộp hồ sơ mới"):
        services.citizen.answer_supplement(
            principal=town.owner(case), case_id=case.id,
            changes={"case": "works", "works_name": "Nhà xưởng", "works_grade": "III"},
        )  # fmt: skip
    assert town.case(case).data["case"] == "house"


def test_a_file_that_is_not_the_applicants_own_is_not_silently_left_out(town: Town) -> None:
    case = town.apply()
    town.do(case, Deed.ASK_SUPPLEMENT, reason=CLAIM)
    foreign = town.upload(town.citizen(7), "identity_scan")
    with pytest.raises(Refusal, match="không còn nữa"):
        services.citizen.answer_supplement(principal=town.owner(case), case_id=case.id, changes={}, files=[foreign])
    assert town.case(case).status == CaseStatus.SUPPLEMENT_ASKED


def test_only_the_applicant_answers_and_only_while_asked(town: Town) -> None:
    case = town.apply()
    with pytest.raises(Refusal, match="không chờ bổ sung"):
        services.citizen.answer_supplement(principal=town.owner(case), case_id=case.id, changes={}, note="x")
    town.do(case, Deed.ASK_SUPPLEMENT, reason=CLAIM)
    with pytest.raises(NotFound):
        services.citizen.answer_supplement(principal=town.citizen(9), case_id=case.id, changes={}, note="x")


def test_paper_brought_to_the_counter_ends_the_claim_of_being_wholly_online(town: Town) -> None:
    case = town.apply()
    town.do(case, Deed.ASK_SUPPLEMENT, reason=CLAIM)
    clerk = town.official(case.unit_id, Role.CLERK)
    services.citizen.supplement_at_counter(principal=clerk, case_id=case.id, note="Nộp bản giấy.")
    assert town.case(case).status == CaseStatus.SUBMITTED
    town.finish(case)
    assert not town.fact(case).wholly_online


# --- a new date --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("time", [TODAY], indirect=True)
def test_an_apology_a_day_before_moves_the_due_date_once(town: Town) -> None:
    case = town.accept(town.apply(JOINT))
    town.do(case, Deed.FORWARD)
    town.do(case, Deed.SIGN)
    original = case.due_at
    assert original
    later = (original + timedelta(days=7)).astimezone(clock.LOCAL).date()
    town.do(case, Deed.REAPPOINT, reason="Chờ xác minh.", new_due=later.isoformat())
    case = town.case(case)
    assert case.due_at
    assert (case.original_due_at, case.due_at.astimezone(clock.LOCAL).date()) == (original, later)
    assert "GuardMissed" not in town.said(case)
    again = later + timedelta(days=7)
    town.do(case, Deed.REAPPOINT, reason="Lại chờ.", new_due=again.isoformat())
    assert town.case(case).due_at == case.due_at, "the law allows one"
    assert town.said(case).count("GuardMissed") == 1
    due = services.dues.due_of(town.case(case))
    assert due is not None
    assert due.promised.date() == again, "what the applicant was told stands beside it"


def test_a_new_date_on_the_last_day_is_too_late_and_lateness_goes_by_the_old_one(town: Town) -> None:
    case = town.accept(town.apply(HOUSEHOLD))
    town.later(days=3)
    town.do(case, Deed.REAPPOINT, reason="Chậm.", new_due="2021-01-20")
    assert town.case(case).due_at == case.due_at
    entry = town.entries("GuardMissed")[0]
    assert entry.data["kind"] == "reappointed_too_late"
    town.later(days=1)
    town.finish(case)
    assert town.fact(case).on_time is False


@pytest.mark.parametrize(
    "new_due", ["", "31/02/2021", "2021-02-30", "2021-01-17", "2021-01-12", "1999-01-04", "2099-01-05"]
)
def test_a_new_date_must_be_a_working_day_to_come(town: Town, new_due: str) -> None:
    case = town.accept(town.apply(HOUSEHOLD))
    with pytest.raises(Refusal):
        town.do(case, Deed.REAPPOINT, reason="Chậm.", new_due=new_due)


# --- back and elsewhere ------------------------------------------------------------------------------------------


def test_work_sent_back_to_the_counter_runs_on_the_same_clock(town: Town) -> None:
    case = town.accept(town.apply(HOUSEHOLD))
    town.later(hours=3)
    town.do(case, Deed.SEND_BACK, reason="Chưa ghi đủ.", step="receive")
    assert town.task(case).kind == "receive"
    again = town.accept(case)
    assert (again.received_at, again.due_at) == (case.received_at, case.due_at)
    said = town.said(case)
    assert said.count("CaseAccepted") == 1
    assert "GuardMissed" not in said


@pytest.mark.parametrize("step", ["sign", "nowhere", "return"])
def test_work_goes_back_only_where_the_process_allows(town: Town, step: str) -> None:
    case = town.accept(town.apply())
    with pytest.raises(Refusal):
        town.do(case, Deed.SEND_BACK, reason="Sai.", step=step)


def test_opinions_are_asked_anew_and_once_when_the_work_went_back(town: Town) -> None:
    case = town.accept(town.apply(PERMIT))
    town.do(case, Deed.FORWARD)
    town.do(case, Deed.SEND_BACK, reason="Bản vẽ thiếu.", step="examine")
    assert not Task.objects.filter(case_id=case.id, open=True).exclude(opinion="").exists()
    town.do(case, Deed.FORWARD)
    assert Task.objects.filter(case_id=case.id, open=True).exclude(opinion="").count() == 1


def test_a_joint_case_sent_back_after_the_first_signature_is_signed_anew(town: Town) -> None:
    case = town.accept(town.apply(JOINT))
    town.do(case, Deed.FORWARD)
    town.do(case, Deed.SIGN)
    first = Result.objects.get(case_id=case.id, stage="birth")
    town.do(case, Deed.SEND_BACK, reason="Sai tên mẹ.", step="examine")
    town.do(case, Deed.FORWARD)
    town.do(case, Deed.SIGN)
    anew = Result.objects.get(case_id=case.id, stage="birth")
    assert (first.number, anew.number) == ("01/2021", "02/2021")
    assert services.verification.genuine(first.verification) is None
    assert services.verification.genuine(anew.verification) is not None


@pytest.mark.parametrize("code", [EXTRACT, JOINT])
def test_a_case_routed_elsewhere_is_the_other_agencys_and_counts_there(town: Town, code: str) -> None:
    case = town.apply(code)
    other = town.commune("10606")
    town.do(case, Deed.ROUTE, reason="Sổ ở xã khác.", unit=str(other.id))
    assert town.task(case).unit_id == other.id
    assert town.fact(case).unit_id == other.id
    assert town.list_of(town.official(other.id, Role.CLERK)) == [case.code]
    assert town.list_of(town.official(case.receiving_unit_id, Role.CLERK)) == []
    assert organisation.sees(town.official(case.receiving_unit_id, Role.CLERK), case.id)
    assert town.accept(case).status == CaseStatus.IN_PROGRESS
    assert town.task(case).unit_id == other.id


def test_a_case_is_routed_only_to_an_agency_that_decides_on_it(town: Town) -> None:
    case = town.apply()
    police = organisation.units.agency_for(case.unit_id, "police")
    assert police
    for unit in (str(police.id), str(case.unit_id), "", "not-an-id"):
        with pytest.raises(Refusal):
            town.do(case, Deed.ROUTE, reason="Nhầm nơi.", unit=unit)


# --- ends --------------------------------------------------------------------------------------------------------


def test_refused_at_the_counter_is_not_received_and_later_is_stopped(town: Town) -> None:
    at_counter, later = town.apply(), town.accept(town.apply(who=town.citizen(2)))
    town.do(at_counter, Deed.REFUSE, reason="Không đúng đối tượng.")
    town.do(later, Deed.REFUSE, reason="Không có trong sổ.")
    assert town.case(at_counter).status == CaseStatus.NOT_RECEIVED
    assert town.case(later).status == CaseStatus.STOPPED
    assert not Task.objects.filter(open=True).exists()
    for case in (at_counter, later):
        bill = services.cases.bill_of(case.id)
        assert bill
        assert not bill.open, "nothing is owed for what is not done"


def test_a_finished_case_cannot_be_taken_back_and_a_result_is_rated_by_its_owner_alone(town: Town) -> None:
    case = town.finish(town.apply())
    owner = town.owner(case)
    with pytest.raises(Refusal, match="không rút được"):
        services.citizen.withdraw_case(principal=owner, case_id=case.id)
    services.citizen.rate_result(principal=owner, case_id=case.id, grade=3)
    with pytest.raises(NotFound):
        services.citizen.rate_result(principal=town.citizen(4), case_id=case.id, grade=1)
    with pytest.raises(Refusal):
        services.citizen.rate_result(principal=owner, case_id=case.id, grade=4)
    assert Result.objects.get(case_id=case.id).satisfaction == 3


def test_a_result_for_the_post_is_done_first_and_returned_when_it_is_handed_over(town: Town) -> None:
    case = town.accept(town.apply(delivery="post", delivery_address="Số 1 phố Chi Lăng"))
    town.settle(case)
    town.do(case, Deed.FORWARD)
    town.do(case, Deed.SIGN)
    done = town.case(case)
    assert done.status == CaseStatus.DONE
    assert town.fact(case).on_time is True
    town.later(days=30)
    town.do(case, Deed.HAND_OVER)
    assert town.case(case).status == CaseStatus.RETURNED
    assert town.fact(case).on_time is True, "lateness is judged when it was done"


# --- time goes by ------------------------------------------------------------------------------------------------


def test_a_case_is_late_from_the_moment_it_is_and_said_once(town: Town) -> None:
    case = town.accept(town.apply())
    assert case.due_at
    town.time.set(case.due_at)
    assert services.upkeep.note_late() == 0
    town.later(hours=0.01)
    assert services.upkeep.note_late() == 1
    assert services.upkeep.note_late() == 0
    fact = town.fact(case)
    assert (fact.on_time, fact.true_at) == (False, town.time.business)
    assert CaseFact.objects.filter(subject_id=case.id, on_time=None).count() == 2
    assert town.said(case).count("CaseBecameLate") == 1


def test_a_sudden_day_off_moves_due_dates_of_cases_under_way_and_of_no_others(town: Town) -> None:
    under_way, done, new = (town.apply(HOUSEHOLD, who=town.citizen(n)) for n in (1, 2, 3))
    town.accept(under_way)
    finished = town.finish(done)
    waiting = town.accept(town.apply(HOUSEHOLD, who=town.citizen(4)))
    town.do(waiting, Deed.ASK_SUPPLEMENT, reason=CLAIM)
    admin = town.official(organisation.units.by_key("hd-30").id, Role.ADMIN)  # type: ignore[union-attr]
    moved = services.upkeep.change_calendar(
        principal=admin, day=date(2021, 1, 14), working=False, reason="Bão", source="Công điện thử nghiệm"
    )
    assert moved == 1
    due = town.case(under_way).due_at
    assert due
    assert due.astimezone(clock.LOCAL).date() == date(2021, 1, 18)
    assert town.fact(under_way).due_at == due
    assert town.task(under_way).due_at == due
    assert town.said(under_way)[-1] == "DueDateChanged"
    assert town.case(finished).due_at == finished.due_at
    assert town.case(new).due_at is None
    back = services.upkeep.change_calendar(
        principal=admin, day=date(2021, 1, 14), working=True, reason="Hết bão", source="Công điện thử nghiệm"
    )
    assert back == 1
    assert town.case(under_way).due_at != due


def test_the_calendar_is_changed_only_by_who_may(town: Town) -> None:
    for who in (town.citizen(), town.official(town.commune().id, Role.LEADER)):
        with pytest.raises(NotFound):
            services.upkeep.change_calendar(
                principal=who, day=date(2021, 1, 14), working=False, reason="Bão", source="không"
            )
