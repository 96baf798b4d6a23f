"""A dossier on paper is typed in, paid in cash and never counted as online; the calendar moves due dates at once."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.rooms.services.factories import EXTRACT, HOUSEHOLD, Town, picture
from tests.rooms.services.officials import at_desk, dossier, page
from tinhso.foundation.api import workdays
from tinhso.organisation.contracts import Role
from tinhso.services.contracts.case import Deed
from tinhso.services.models import Attachment, Case

FORM = f"/can-bo/nhap-ho-so/{EXTRACT}/"
CALENDAR = "/can-bo/lich-lam-viec/"


@pytest.fixture
def desk(town: Town) -> Client:
    return at_desk(town.official(town.commune().id, Role.CLERK))


def typed(desk: Client, **changed: Any) -> dict[str, Any]:
    """What the clerk types from the paper form, with the page's own hidden fields."""
    blank = desk.get(FORM)
    return {
        "hoi": blank.context["drawn"], "lan": blank.context["key"], "unit": blank.context["unit"],
        "channel": "counter", "record_kind": "birth", "subject_name": "Lê Hoàng Gia Bảo",
        "subject_birth_date_day": "21", "subject_birth_date_month": "7", "subject_birth_date_year": "2018",
        "registry_commune": "Cẩm Thượng", "copies": "2", "purpose": "Nhập học", "relation": "self",
        "applicant_name": "Lê Hoàng Sơn", "applicant_id": "030086002468", "applicant_phone": "0912345678",
        "delivery": "counter", **changed,
    }  # fmt: skip


def test_the_desk_is_offered_what_it_receives(town: Town, desk: Client) -> None:
    shown = page(desk.get("/can-bo/nhap-ho-so/"))
    assert "Cấp bản sao Trích lục hộ tịch" in shown
    assert "hộ kinh doanh" not in shown
    assert "Đơn vị của bạn không nhận thủ tục này" in page(desk.get(f"/can-bo/nhap-ho-so/{HOUSEHOLD}/"))
    assert desk.get("/can-bo/nhap-ho-so/9.999999/").status_code == 404
    leader = at_desk(town.official(town.commune().id, Role.LEADER))
    assert leader.get("/can-bo/nhap-ho-so/").status_code == 403
    assert "Nhập hồ sơ" not in page(leader.get("/can-bo/"))


def test_a_typed_dossier_is_no_online_one(town: Town, desk: Client) -> None:
    answer = desk.post(FORM, typed(desk), follow=True)
    case = Case.objects.get()
    assert answer.redirect_chain[-1][0] == dossier(case)
    assert f"Đã nhận hồ sơ {case.code}" in page(answer)
    assert case.channel == "counter"
    assert case.typed_by is not None
    assert case.account is None
    fact = town.fact(case)
    assert fact.typed_by_official
    assert not fact.wholly_online
    assert "Đã thu tiền mặt" in page(answer)


def test_a_dossier_by_post_is_told_apart(town: Town, desk: Client) -> None:
    desk.post(FORM, typed(desk, channel="post"))
    assert Case.objects.get().channel == "post"


def test_an_online_channel_cannot_be_claimed_at_the_counter(town: Town, desk: Client) -> None:
    desk.post(FORM, typed(desk, channel="online"))
    assert Case.objects.get().channel == "counter"


def test_pressing_twice_makes_one_case(town: Town, desk: Client) -> None:
    fields = typed(desk)
    first, second = desk.post(FORM, fields), desk.post(FORM, fields)
    assert first["Location"] == second["Location"]
    assert Case.objects.count() == 1


def test_what_is_wrong_is_named_and_the_rest_is_kept(town: Town, desk: Client) -> None:
    fields = typed(desk, subject_birth_date_month="13", applicant_phone="", subject_name="Lê <i>Bảo</i>")
    answer = desk.post(FORM, fields)
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "không có trong lịch" in text
    assert 'href="#id_applicant_phone"' in text
    assert "Lê &lt;i&gt;Bảo&lt;/i&gt;" in text
    assert not Case.objects.exists()


def test_an_answer_that_raises_a_question_asks_it_before_going_on(town: Town, desk: Client) -> None:
    fields = typed(desk, record_kind="death")
    answer = desk.post(FORM, fields)
    assert not Case.objects.exists()
    assert answer.status_code == 200
    assert "cần thêm vài mục" in page(answer)
    assert 'name="death_date_day"' in answer.content.decode()
    fields |= {"death_date_day": "2", "death_date_month": "3", "death_date_year": "2020"}
    fields["hoi"] = answer.context["drawn"]
    assert desk.post(FORM, fields).status_code == 302
    assert Case.objects.get().data["death_date"] == "2020-03-02"


def test_scans_may_be_added(town: Town, desk: Client) -> None:
    scan = SimpleUploadedFile("giấy.jpg", picture(), "image/jpeg")
    desk.post(FORM, typed(desk, channel="post", **{"file:identity_scan": scan}))
    assert Attachment.objects.get().case == Case.objects.get()


def test_a_lying_scan_is_refused_and_the_form_kept(town: Town, desk: Client) -> None:
    scan = SimpleUploadedFile("giấy.jpg", b"MZ\x90 not a picture", "image/jpeg")
    answer = desk.post(FORM, typed(desk, channel="post", **{"file:identity_scan": scan}))
    assert answer.status_code == 422
    assert "Chỉ nhận tệp" in page(answer)
    assert "Lê Hoàng Sơn" in answer.content.decode()
    assert not Case.objects.exists()


def test_another_units_desk_cannot_be_named(town: Town, desk: Client) -> None:
    answer = desk.post(FORM, typed(desk, unit=str(town.commune("10510").id)))
    assert answer.status_code == 422
    assert not Case.objects.exists()


# --- the calendar ---------------------------------------------------------------------------------------------------


@pytest.fixture
def admin(town: Town) -> Client:
    *_, top = town._upward(town.commune())
    return at_desk(town.official(top.id, Role.ADMIN))


def change(**more: str) -> dict[str, str]:
    return {
        "loai": "nghi", "ngay_day": "14", "ngay_month": "1", "ngay_year": "2021", "ly-do": "Nghỉ do mưa lũ",
        "quyet-dinh": "Công văn 01/UBND-VP", **more,
    }  # fmt: skip


def test_only_those_with_the_right_change_the_calendar(town: Town, desk: Client) -> None:
    assert desk.get(CALENDAR).status_code == 403
    assert desk.post(CALENDAR, change()).status_code == 403


def test_a_sudden_day_off_moves_due_dates_and_says_how_many(town: Town, admin: Client) -> None:
    case = town.accept(town.apply(HOUSEHOLD))
    done = town.apply()
    town.do(done, Deed.REFUSE, reason="Trùng.")
    said = page(admin.post(CALENDAR, change(), follow=True))
    assert "1 hồ sơ đổi ngày hẹn trả." in said
    assert "Nghỉ do mưa lũ" in said
    after = town.case(case).due_at
    assert after is not None
    assert after.date() == date(2021, 1, 18)  # Friday the 15th was promised, and Thursday no longer counts
    assert not workdays.calendar().is_working(date(2021, 1, 14))
    officer = at_desk(town.official(case.unit_id, Role.OFFICER))
    assert "14/01/2021 (Nghỉ do mưa lũ)" in page(officer.get(dossier(case)))


def test_a_change_can_be_put_right_by_its_opposite(town: Town, admin: Client) -> None:
    case = town.accept(town.apply(HOUSEHOLD))
    before = town.case(case).due_at
    admin.post(CALENDAR, change())
    admin.post(CALENDAR, change(loai="lam", **{"ly-do": "Thôi nghỉ"}))
    assert town.case(case).due_at == before


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"ngay_day": "31", "ngay_month": "2"}, "không có trong lịch"),
        ({"ngay_day": "", "ngay_month": "x"}, "không có trong lịch"),
        ({"ngay_year": "2099"}, "Chưa có lịch của năm này"),
        ({"ngay_day": "16"}, "đã là ngày nghỉ"),
        ({"loai": "lam"}, "đã là ngày làm việc"),
        ({"ly-do": "  "}, "Hãy ghi lý do"),
        ({"quyet-dinh": ""}, "văn bản quyết định"),
    ],
)
def test_a_change_without_sense_or_ground_is_refused(
    town: Town, admin: Client, wrong: dict[str, str], says: str
) -> None:
    answer = admin.post(CALENDAR, change(**wrong))
    assert answer.status_code == 422
    assert says in page(answer)
    assert workdays.calendar().is_working(date(2021, 1, 14))


def test_the_year_lists_holidays_and_swapped_saturdays(town: Town, admin: Client) -> None:
    shown = page(admin.get(f"{CALENDAR}?nam=2021"))
    assert "01/01/2021" in shown
    for year in ("abcd", "0000", "9999", "²²²²"):
        assert admin.get(f"{CALENDAR}?nam={year}").status_code == 200
