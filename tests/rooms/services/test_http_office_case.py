"""The dossier shows the whole case, its papers safely, its time and its steps; every look is noted."""

from __future__ import annotations

import io
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from tests.rooms.services.factories import HOUSEHOLD, JOINT, PERMIT, Town, pdf, picture
from tests.rooms.services.officials import LIST, at_desk, clerk, dossier, look_at_papers, page
from tinhso.organisation.contracts import Role
from tinhso.services.contracts.case import CaseStatus, Deed
from tinhso.services.contracts.deadline import Channel
from tinhso.services.models import Attachment, AttachmentOpening, Case, DataLook, Result, Task


def test_the_dossier_shows_answers_papers_fee_and_time(town: Town) -> None:
    case = town.apply()
    shown = page(clerk(town, case).get(dossier(case)))
    for words in (case.code, case.applicant, "Ảnh chụp giấy tờ tùy thân", "chưa mở", "Chưa nộp", "Mới đăng ký"):
        assert words in shown
    town.settle(case)
    town.accept(case)
    shown = page(at_desk(town.official(case.unit_id, Role.OFFICER)).get(dossier(case)))
    for words in ("Đã nộp", "Hạn 17:30 12/01/2021", "Sổ tính hạn", "Giải quyết trong ngày", "Luật hộ tịch"):
        assert words in shown


@pytest.mark.parametrize("code", [HOUSEHOLD, PERMIT, JOINT])
def test_every_procedures_dossier_can_be_read_at_each_step(town: Town, code: str) -> None:
    case = town.apply(code)
    for deed in (None, Deed.ACCEPT, Deed.FORWARD):
        if deed:
            town.do(case, deed, task=town.task(case))
        desk = at_desk(town.holder(town.task(case)))
        assert desk.get(dossier(case)).status_code == 200
        assert desk.get(f"{LIST}?xem=tat-ca&buoc=opinion").status_code == 200
        for asked in opinions(case):
            town.do(case, Deed.GIVE_OPINION, task=asked, reason="Đồng ý.")


def opinions(case: Case) -> list[Task]:
    return list(Task.objects.filter(case_id=case.id, open=True).exclude(opinion=""))


def test_a_look_is_noted_and_others_are_told(town: Town) -> None:
    case = town.apply()
    first, second = clerk(town, case), clerk(town, case, 2)
    assert "Đang có người khác mở" not in page(first.get(dossier(case)))
    assert "Đang có người khác mở: Trần Thị Mẫu" in page(second.get(dossier(case)))
    town.later(hours=0.2)
    assert "Đang có người khác mở" not in page(second.get(dossier(case)))
    assert DataLook.objects.filter(case=case, what="hồ sơ").count() == 3


def test_a_paper_is_shown_shut_in_and_counts_as_opened(town: Town) -> None:
    case = town.apply()
    desk = clerk(town, case)
    [held] = Attachment.objects.filter(case=case)
    answer = desk.get(f"/can-bo/tep/{held.id}/")
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert "sandbox" in answer["Content-Security-Policy"]
    assert answer["Content-Disposition"] == 'inline; filename="identity_scan.jpg"'
    assert answer["Cache-Control"] == "private, no-store"
    assert b"".join(answer.streaming_content)[:2] == b"\xff\xd8"  # type: ignore[attr-defined]
    assert AttachmentOpening.objects.get(attachment=held)
    shown = page(desk.get(dossier(case)))
    assert "đã mở" in shown
    assert "chưa mở" not in shown


def test_a_pdf_is_shown_and_nothing_in_it_may_load(town: Town) -> None:
    who = town.citizen()
    case = town.apply(who=who, files=[town.upload(who, "identity_scan", pdf(), "cmnd.pdf")])
    [held] = Attachment.objects.filter(case=case)
    answer = clerk(town, case).get(f"/can-bo/tep/{held.id}/")
    assert answer["Content-Type"] == "application/pdf"
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_papers_out_of_sight_or_still_being_looked_at_are_not_given(town: Town) -> None:
    hidden, case = town.apply(commune="10510"), town.apply()
    desk = clerk(town, case)
    [far] = Attachment.objects.filter(case=hidden)
    assert desk.get(f"/can-bo/tep/{far.id}/").status_code == 404
    Attachment.objects.filter(case=case).update(state="quarantined", cleaned=None)
    [held] = Attachment.objects.filter(case=case)
    assert desk.get(f"/can-bo/tep/{held.id}/").status_code == 422
    assert "đang kiểm tra" in page(desk.get(dossier(case)))
    assert f"/can-bo/tep/{held.id}/" not in desk.get(dossier(case)).content.decode()


def test_breaches_and_pauses_stand_in_the_ledger(town: Town) -> None:
    case = town.accept(town.apply(HOUSEHOLD))
    officer = town.official(case.unit_id, Role.OFFICER)
    town.later(days=6)
    desk = at_desk(officer)
    assert "sai quy định" in page(desk.get(dossier(case)))
    town.do(case, Deed.ASK_SUPPLEMENT, reason="Thiếu hợp đồng thuê.", who=officer)
    shown = page(desk.get(dossier(case)))
    assert "muộn hơn ngày cuối cùng được phép" in shown or "khi hồ sơ đã quá hạn" in shown
    assert "Đang chờ người nộp bổ sung Thiếu hợp đồng thuê." in shown


def test_the_control_slip_shows_each_steps_hours(town: Town) -> None:
    case = town.apply()
    town.later(hours=2)
    town.accept(case)
    desk = at_desk(town.official(case.unit_id, Role.OFFICER))
    shown = page(desk.get(dossier(case)))
    assert "Tiếp nhận hồ sơ" in shown
    assert "quá 1 giờ" in shown  # one hour is allowed, two were used
    slip = desk.get(f"{dossier(case)}giay/phieu-kiem-soat.pdf")
    assert slip["Content-Type"] == "application/pdf"
    assert text_of(slip).find("Quá hạn 1 giờ") > 0


def test_letters_are_there_once_they_were_sent(town: Town) -> None:
    case = town.apply()
    desk = clerk(town, case)
    assert desk.get(f"{dossier(case)}giay/phieu-yeu-cau-bo-sung.pdf").status_code == 404
    assert desk.get(f"{dossier(case)}giay/gi-do.pdf").status_code == 404
    town.do(case, Deed.ASK_SUPPLEMENT, reason="Ảnh chụp bị mờ.")
    assert "Phiếu yêu cầu bổ sung" in page(desk.get(dossier(case)))
    assert "Ảnh chụp bị mờ." in text_of(desk.get(f"{dossier(case)}giay/phieu-yeu-cau-bo-sung.pdf"))
    other = town.apply()
    town.do(other, Deed.REFUSE, reason="Không thuộc thẩm quyền.")
    assert "Không thuộc thẩm quyền." in text_of(desk.get(f"{dossier(other)}giay/phieu-tu-choi.pdf"))
    assert case.code in text_of(desk.get(f"{dossier(case)}giay-tiep-nhan.pdf"))


def test_a_reappointment_has_its_apology(town: Town) -> None:
    case = town.accept(town.apply(HOUSEHOLD))
    officer = town.official(case.unit_id, Role.OFFICER)
    town.do(case, Deed.REAPPOINT, reason="Chờ đối chiếu.", new_due="2021-01-21", who=officer)
    desk = at_desk(officer)
    assert "Phiếu xin lỗi và hẹn lại" in page(desk.get(dossier(case)))
    assert "21/01/2021" in text_of(desk.get(f"{dossier(case)}giay/phieu-xin-loi.pdf"))


def test_the_signed_result_can_be_opened_by_those_within_sight(town: Town) -> None:
    case = town.finish(town.apply())
    result = Result.objects.get(case=case)
    desk = clerk(town, case)
    assert result.number in page(desk.get(dossier(case)))
    assert desk.get(f"/can-bo/ket-qua/{result.id}.pdf")["Content-Type"] == "application/pdf"
    stranger = at_desk(town.official(town.commune("10510").id, Role.CLERK))
    assert stranger.get(f"/can-bo/ket-qua/{result.id}.pdf").status_code == 404


def test_cash_is_taken_once_by_the_receiving_desk(town: Town) -> None:
    case = town.apply()
    desk = clerk(town, case)
    assert "Đã thu tiền mặt" in page(desk.get(dossier(case)))
    leader = at_desk(town.official(case.unit_id, Role.LEADER))
    assert leader.post(f"{dossier(case)}thu-tien/").status_code == 403
    assert "Đã ghi thu tiền mặt" in page(desk.post(f"{dossier(case)}thu-tien/", follow=True))
    assert "Khoản này đã được trả" in page(desk.post(f"{dossier(case)}thu-tien/", follow=True))


def test_a_supplement_may_be_brought_to_the_counter(town: Town) -> None:
    case = town.apply()
    desk = clerk(town, case)
    town.do(case, Deed.ASK_SUPPLEMENT, reason="Ảnh mờ.")
    shown = page(desk.get(dossier(case)))
    assert "Nhận bổ sung tại quầy" in shown
    assert "chưa có việc gì cho bạn" in shown
    desk.post(f"{dossier(case)}bo-sung/", {"ghi-chu": "Đã nhận bản photo"})
    assert town.case(case).status == CaseStatus.SUBMITTED
    assert "Đã nhận bản photo" in page(desk.get(dossier(case)))
    assert "hiện không chờ bổ sung" in page(desk.post(f"{dossier(case)}bo-sung/", follow=True))


def test_a_pane_alone_is_sent_where_the_list_stands_already(town: Town) -> None:
    case = town.apply()
    desk = clerk(town, case)
    part = desk.get(dossier(case, "xem=tat-ca"), headers={"HX-Request": "true", "HX-Target": "ho-so"})
    text = part.content.decode()
    assert "<html" not in text
    assert "desk-queue" not in text
    assert re.search(r'id="viec"[^>]*hx-swap-oob', text)
    assert 'name="danh-sach" value="xem=tat-ca"' in text


def test_the_dossiers_queries_do_not_grow_with_papers_or_steps(town: Town) -> None:
    who = town.citizen()
    small = town.apply(who=who)
    papers = [town.upload(who, "identity_scan", picture(bytes([n])), f"{n}.jpg") for n in range(6)]
    large = town.apply(who=who, files=papers)
    desk = clerk(town, small)
    desk.get(dossier(small))
    desk.get(dossier(large))
    with CaptureQueriesContext(connection) as few:
        desk.get(dossier(small))
    with CaptureQueriesContext(connection) as many:
        desk.get(dossier(large))
    assert len(many) == len(few)


def test_a_supervisor_reads_and_decides_nothing(town: Town) -> None:
    case = town.apply()
    look_at_papers(clerk(town, case), case)
    *_, top = town._upward(town.commune())
    watcher = at_desk(town.official(top.id, Role.SUPERVISOR))
    shown = page(watcher.get(dossier(case)))
    assert "bạn chỉ xem" in shown
    assert "Tiếp nhận t" not in shown


def test_pages_hold_no_inline_style_or_script(town: Town) -> None:
    case = town.accept(town.apply())
    desk = at_desk(town.official(case.unit_id, Role.OFFICER))
    for url in (LIST, dossier(case), "/can-bo/nhap-ho-so/", "/can-bo/nhap-ho-so/2.000635/"):
        text = desk.get(url).content.decode()
        assert " style=" not in text
        assert not re.search(r"<script(?![^>]*src=)", text)
        assert not re.search(r"\son[a-z]+=", text)
        assert text.count("<h1") == 1


def test_a_case_typed_at_the_counter_says_so(town: Town) -> None:
    case = town.apply()
    official = town.official(case.unit_id, Role.CLERK)
    typed = town.apply(who=official, channel=Channel.COUNTER, files=[])
    assert "Tại quầy" in page(at_desk(official).get(dossier(typed)))


def text_of(answer) -> str:  # type: ignore[no-untyped-def]
    content = b"".join(answer.streaming_content)
    return " ".join(" ".join(p.extract_text().split()) for p in PdfReader(io.BytesIO(content)).pages)
