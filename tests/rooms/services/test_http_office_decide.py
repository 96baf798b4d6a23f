"""Deciding by the pages: on to the next case, undone for ten seconds, refused in place, never over another's work."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.test import override_settings

from tests.rooms.services.factories import HOUSEHOLD, Town
from tests.rooms.services.officials import at_desk, clerk, decide, dossier, look_at_papers, page
from tinhso.organisation.contracts import Role
from tinhso.services import api as services
from tinhso.services.contracts.case import CaseStatus, Deed
from tinhso.services.models import CaseEvent, PendingDecision, Task


def test_a_decision_goes_to_the_next_case_and_offers_to_take_it_back(town: Town) -> None:
    first, second, third = (town.apply() for _ in range(3))
    desk = clerk(town, first)
    look_at_papers(desk, second)
    answer = decide(desk, second, Deed.ACCEPT, town.task(second), **{"danh-sach": "xem=tat-ca"})
    assert answer["Location"] == dossier(third, "xem=tat-ca")
    shown = page(desk.get(answer["Location"]))
    assert "Đã ghi: Tiếp nhận 0002. Hoàn tác" in shown
    assert "10 giây" in shown
    back = desk.post("/can-bo/hoan-tac/", {"quyet-dinh": str(PendingDecision.objects.get().id)}, follow=True)
    assert "Đã hoàn tác" in page(back)
    assert back.redirect_chain[-1][0] == dossier(second)
    assert town.case(second).status == CaseStatus.SUBMITTED
    assert town.task(second).open


def test_after_the_last_case_of_a_list_comes_its_first_then_the_list(town: Town) -> None:
    first, second = town.apply(), town.apply()
    desk = clerk(town, first)
    for case, following in ((second, dossier(first)), (first, "/can-bo/")):
        look_at_papers(desk, case)
        assert decide(desk, case, Deed.ACCEPT, town.task(case))["Location"] == following


def test_undo_ends_when_the_decision_has_taken_effect(town: Town) -> None:
    case = town.apply()
    desk = clerk(town, case)
    look_at_papers(desk, case)
    decide(desk, case, Deed.ACCEPT, town.task(case))
    pending = PendingDecision.objects.get()
    town.later(hours=0.01)
    assert services.decisions.carry_out_due() == 1
    said = page(desk.post("/can-bo/hoan-tac/", {"quyet-dinh": str(pending.id)}, follow=True))
    assert "đã có hiệu lực nên không hoàn tác được" in said
    assert "Hoàn tác z" not in said
    assert town.case(case).status == CaseStatus.IN_PROGRESS


def test_nobody_undoes_anothers_decision(town: Town) -> None:
    case = town.apply()
    desk, neighbour = clerk(town, case), clerk(town, case, 2)
    look_at_papers(desk, case)
    decide(desk, case, Deed.ACCEPT, town.task(case))
    pending = PendingDecision.objects.get()
    neighbour.post("/can-bo/hoan-tac/", {"quyet-dinh": [str(pending.id), "x", str(uuid4())]})
    assert PendingDecision.objects.get() == pending
    assert "Hoàn tác" not in page(neighbour.get("/can-bo/"))
    assert "Đã ghi “Tiếp nhận” bởi Trần Thị Mẫu" in page(neighbour.get(dossier(case)))


@override_settings(TINHSO_UNDO_SECONDS=0)
def test_where_nothing_can_be_undone_the_page_still_says_what_was_done(town: Town) -> None:
    case = town.apply()
    desk = clerk(town, case)
    look_at_papers(desk, case)
    answer = decide(desk, case, Deed.ACCEPT, town.task(case))
    assert "Đã ghi: Tiếp nhận 0001." in page(desk.get(answer["Location"]))
    assert town.case(case).status == CaseStatus.IN_PROGRESS


def test_an_unopened_required_paper_blocks_acceptance_and_says_which(town: Town) -> None:
    case = town.apply()
    desk = clerk(town, case)
    answer = decide(desk, case, Deed.ACCEPT, town.task(case))
    assert answer.status_code == 422
    assert "Chưa mở giấy tờ bắt buộc: Ảnh chụp giấy tờ tùy thân." in page(answer)
    look_at_papers(desk, case)
    assert decide(desk, case, Deed.ACCEPT, town.task(case)).status_code == 302


@pytest.mark.parametrize("deed", [Deed.ASK_SUPPLEMENT, Deed.REFUSE, Deed.ROUTE])
def test_a_deed_people_read_needs_a_reason(town: Town, deed: Deed) -> None:
    case = town.apply()
    answer = decide(clerk(town, case), case, deed, town.task(case))
    assert answer.status_code == 422
    assert "Hãy ghi lý do" in page(answer)
    assert not PendingDecision.objects.exists()


def test_a_supplement_names_papers_and_common_sentences_and_ones_own_words(town: Town) -> None:
    case = town.apply()
    typed = {"thanh-phan": ["identity_scan"], "cau": ["0"], "reason": "Chụp cả mặt sau."}
    decide(clerk(town, case), case, Deed.ASK_SUPPLEMENT, town.task(case), **typed)
    reason = PendingDecision.objects.get().arguments["reason"]
    assert reason == (
        "Cần bổ sung: Ảnh chụp giấy tờ tùy thân. Ảnh chụp bị mờ. Bạn chụp lại rõ bốn góc, đủ ánh sáng. Chụp cả mặt sau."
    )
    town.later(hours=0.01)
    services.decisions.carry_out_due()
    assert CaseEvent.objects.get(case=case, kind="supplement_asked").note == reason


def test_what_was_typed_is_kept_when_a_deed_is_refused(town: Town) -> None:
    case = town.accept(town.apply(HOUSEHOLD))
    officer = at_desk(town.official(case.unit_id, Role.OFFICER))
    typed = {"reason": "Chờ kết quả <b>đối chiếu</b>.", "ngay_day": "16", "ngay_month": "1", "ngay_year": "2021"}
    answer = decide(officer, case, Deed.REAPPOINT, town.task(case), **typed)
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "Ngày hẹn mới là ngày nghỉ" in text
    assert "Chờ kết quả &lt;b&gt;đối chiếu&lt;/b&gt;." in text
    assert 'value="16"' in text
    typed |= {"ngay_day": "21"}
    assert decide(officer, case, Deed.REAPPOINT, town.task(case), **typed).status_code == 302


@pytest.mark.parametrize(
    "day", [("31", "2", "2021"), ("", "", ""), ("99", "99", "9999"), ("-1", "x", "0"), ("12", "1", "2021")]
)
def test_no_impossible_day_is_promised(town: Town, day: tuple[str, str, str]) -> None:
    case = town.accept(town.apply(HOUSEHOLD))
    officer = at_desk(town.official(case.unit_id, Role.OFFICER))
    typed = {"reason": "Chậm.", "ngay_day": day[0], "ngay_month": day[1], "ngay_year": day[2]}
    assert decide(officer, case, Deed.REAPPOINT, town.task(case), **typed).status_code == 422


def test_the_second_officer_is_told_who_did_what_and_keeps_what_was_typed(town: Town) -> None:
    case = town.apply()
    first, second = clerk(town, case), clerk(town, case, 2)
    look_at_papers(first, case)
    seen = second.get(dossier(case)).context["seen_at"]
    task, version = town.task(case), town.case(case).version
    decide(first, case, Deed.ACCEPT, task)
    typed = {"reason": "Ảnh mờ, chụp lại.", "version": version, "da-xem": seen}
    answer = decide(second, case, Deed.ASK_SUPPLEMENT, task, **typed)
    assert answer.status_code == 409
    shown = page(answer)
    assert "Trần Thị Mẫu đã ghi “Tiếp nhận”" in shown
    assert "Ảnh mờ, chụp lại." in shown
    assert PendingDecision.objects.get().deed == "accept"
    town.later(hours=0.01)
    services.decisions.carry_out_due()
    again = decide(second, case, Deed.ASK_SUPPLEMENT, task, **typed)
    assert again.status_code == 409
    assert "Đã tiếp nhận" in page(again)
    assert town.case(case).status == CaseStatus.IN_PROGRESS


def test_a_changed_case_may_be_decided_on_again_knowingly(town: Town) -> None:
    case = town.apply()
    desk = clerk(town, case)
    task, old = town.task(case), town.case(case).version
    town.do(case, Deed.ASK_SUPPLEMENT, reason="Ảnh mờ.", who=town.official(case.unit_id, Role.CLERK, 2))
    services.citizen.answer_supplement(principal=town.owner(case), case_id=case.id, changes={}, note="Đã gửi lại.")
    answer = decide(desk, case, Deed.REFUSE, task, reason="Trùng hồ sơ.", version=old)
    assert answer.status_code == 409
    assert "Tôi đã xem thay đổi, vẫn Từ chối" in page(answer)
    fields = {"reason": "Trùng hồ sơ.", "version": answer.context["desk"].task.version}
    assert decide(desk, case, Deed.REFUSE, task, **fields).status_code == 302


@pytest.mark.parametrize("version", ["", "x", "-5", "99999999999999999999", "1.5"])
def test_a_version_that_says_nothing_overwrites_nothing(town: Town, version: str) -> None:
    case = town.apply()
    desk = clerk(town, case)
    look_at_papers(desk, case)
    answer = desk.post(
        f"/can-bo/viec/{town.task(case).id}/quyet-dinh/", {"deed": "accept", "version": version}
    )  # fmt: skip
    assert answer.status_code == 409
    assert not PendingDecision.objects.exists()


def test_rights_hold_for_each_step_and_desk(town: Town) -> None:
    case = town.apply()
    look_at_papers(clerk(town, case), case)
    task = town.task(case)
    for who in (town.official(case.unit_id, Role.LEADER), town.official(town.commune("10510").id, Role.CLERK)):
        assert decide(at_desk(who), case, Deed.ACCEPT, task).status_code == 404
    assert decide(at_desk(town.citizen()), case, Deed.ACCEPT, task).status_code == 403
    desk = clerk(town, case)
    assert desk.post(f"/can-bo/viec/{uuid4()}/quyet-dinh/", {"deed": "accept"}).status_code == 404
    assert desk.post(f"/can-bo/viec/{task.id}/quyet-dinh/", {"deed": "steal"}).status_code == 404
    assert desk.get(f"/can-bo/viec/{task.id}/quyet-dinh/").status_code == 405
    assert decide(desk, case, Deed.SIGN, task).status_code == 422


def test_a_case_is_sent_back_with_a_reason_for_the_desk_before(town: Town) -> None:
    case = town.accept(town.apply())
    officer = at_desk(town.official(case.unit_id, Role.OFFICER))
    assert "Về bước: Tiếp nhận hồ sơ" in page(officer.get(dossier(case)))
    assert decide(officer, case, Deed.SEND_BACK, town.task(case)).status_code == 422
    decide(officer, case, Deed.SEND_BACK, town.task(case), reason="Thiếu ảnh mặt sau.")
    town.later(hours=0.01)
    services.decisions.carry_out_due()
    assert town.task(case).kind == "receive"
    assert "Thiếu ảnh mặt sau." in page(clerk(town, case).get(dossier(case)))


def test_a_case_is_routed_to_an_agency_that_was_searched_for(town: Town) -> None:
    case = town.apply()
    desk, task = clerk(town, case), town.task(case)
    found = decide(desk, case, Deed.ROUTE, task, reason="Sổ ở nơi khác.", act="tim", **{"tim-co-quan": "nam sach"})
    assert found.status_code == 200
    assert not PendingDecision.objects.exists()
    [act] = [act for act in found.context["acts"] if act["deed"] == "route"]
    assert act["units"]
    assert "Sổ ở nơi khác." in page(found)
    decide(desk, case, Deed.ROUTE, task, reason="Sổ ở nơi khác.", unit=act["units"][0].value)
    town.later(hours=0.01)
    services.decisions.carry_out_due()
    assert str(town.case(case).unit_id) == act["units"][0].value
    assert decide(desk, case, Deed.ROUTE, task, reason="x", unit="khong-phai-ma").status_code in (404, 409)


def test_an_opinion_is_asked_and_given_in_parallel(town: Town) -> None:
    case = town.accept(town.apply("1.013225"))
    asked = Task.objects.filter(case_id=case.id, open=True).exclude(opinion="").first()
    if asked is None:
        town.do(case, Deed.FORWARD)
        asked = Task.objects.filter(case_id=case.id, open=True).exclude(opinion="").first()
    assert asked is not None
    agency = at_desk(town.official(asked.unit_id, Role.OFFICER))
    assert case.code[-4:] in page(agency.get("/can-bo/?xem=tat-ca&buoc=opinion"))
    assert decide(agency, case, Deed.GIVE_OPINION, asked).status_code == 422
    assert decide(agency, case, Deed.GIVE_OPINION, asked, cau=["0"]).status_code == 302


def test_the_fee_must_be_paid_before_signing(town: Town) -> None:
    case = town.accept(town.apply())
    town.do(case, Deed.FORWARD)
    leader = at_desk(town.official(case.unit_id, Role.LEADER))
    answer = decide(leader, case, Deed.SIGN, town.task(case))
    assert answer.status_code == 422
    assert "chưa trả phí" in page(answer)
    town.settle(case)
    assert decide(leader, case, Deed.SIGN, town.task(case)).status_code == 302


def test_hidden_characters_in_a_reason_are_left_out(town: Town) -> None:
    case = town.apply()
    decide(clerk(town, case), case, Deed.REFUSE, town.task(case), reason="Không\x00 đúng\u202e nơi" + "!" * 5000)
    kept = PendingDecision.objects.get().arguments["reason"]
    assert kept.startswith("Không đúng nơi!")
    assert len(kept) <= 2000
