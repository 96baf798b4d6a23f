"""Applying: page by page, whatever is typed; checked, handed in once; papers by content; uploads in pieces."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from tests.rooms.services.citizens import (  # noqa: F401
    EXTRACT,
    EXTRACT_PAGES,
    HOUSEHOLD,
    answer_all,
    begin,
    case_of,
    hand_in,
    pdf,
    person,
    picture,
    principal_of,
    province,
    signed_in,
    stranger,
)
from tests.rooms.services.test_http_citizen_portal import main_of
from tinhso.foundation.api import clock
from tinhso.organisation import api as organisation
from tinhso.services import api as services
from tinhso.services.models import Attachment, Case, Draft

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province")]


def test_one_signs_in_first_and_comes_back() -> None:
    answer = Client().get(f"/thu-tuc/{EXTRACT}/nop/")
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/dang-nhap/?tiep=%2Fthu-tuc%2F2.000635%2Fnop%2F")


def test_an_application_goes_from_first_page_to_receipt(person: Client) -> None:  # noqa: F811
    case = hand_in(person)
    assert case.data["subject_birth_date"] == "2018-07-21"
    assert case.data["registry_commune"] == "10507"
    assert case.data["copies"] == 2
    receipt = person.get(f"/ho-so/{case.id}/da-nop/")
    told = main_of(receipt)
    for words in (case.code, "16.000", "phường Cẩm Thượng", "17:30 18/01/2021", "Nộp phí", "Quét mã"):
        assert words in told
    assert 'class="qr"' in receipt.content.decode()
    assert person.get(f"/ho-so/{case.id}/giay-tiep-nhan.pdf").headers["Content-Type"] == "application/pdf"


def test_each_page_says_which_step_it_is(person: Client) -> None:  # noqa: F811
    draft = begin(person)
    assert "Bước 1/9" in person.get(f"{draft}record/").content.decode()
    assert "Bước 2/9" in person.get(f"{draft}subject/").content.decode()


BAD = [
    ("subject_name", "x" * 5000, "Họ tên dài quá 120 ký tự"),
    ("subject_name", "Lê\x00Bảo", "Có ký tự ẩn"),
    ("subject_name", "Lê \u202eoảB", "Có ký tự ẩn"),
    ("subject_name", "12345", "Họ tên phải viết bằng chữ"),
    ("subject_name", "", "Hãy nhập họ, chữ đệm và tên"),
    ("subject_birth_date_day", "31", "không có trong lịch"),
    ("subject_birth_date_day", "-1", "không có trong lịch"),
    ("subject_birth_date_year", "2999", "không được sau hôm nay"),
    ("subject_birth_date_year", "20180", "không có trong lịch"),
    ("subject_birth_date_month", "hai", "không có trong lịch"),
]


@pytest.mark.parametrize(("name", "typed", "said"), BAD)
def test_wrong_is_said_and_the_rest_kept(person: Client, name: str, typed: str, said: str) -> None:  # noqa: F811
    draft = begin(person)
    page = EXTRACT_PAGES["subject"] | {"subject_birth_date_month": "2"} | {name: typed}
    answer = person.post(f"{draft}subject/", page)
    assert answer.status_code == 422
    assert said in main_of(answer)
    shown = answer.content.decode()
    assert 'href="#id_subject_' in shown
    kept = {key: value for key, value in page.items() if key != name and value}
    for value in kept.values():
        assert f'value="{value}"' in shown
    if typed and "\x00" not in typed and "\u202e" not in typed:
        assert f'value="{typed}"' in shown


@pytest.mark.parametrize("name", ["registry_commune", "registry_commune.chosen", "copies", "la", "act", "hoi"])
@pytest.mark.parametrize("typed", ["\x00", "99999", "-5", "1e99", "٣", "x" * 5000, "{}", "a\u0301", "<b>"])
def test_no_value_in_any_field_breaks_a_page(person: Client, name: str, typed: str) -> None:  # noqa: F811
    draft = begin(person)
    for page in ("registration", "request"):
        answer = person.post(f"{draft}{page}/", EXTRACT_PAGES[page] | {name: typed})
        assert answer.status_code in (302, 422)
        assert person.get(f"{draft}{page}/").status_code == 200
    assert person.get(f"{draft}kiem-tra/").status_code == 200


@hypothesis_settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(posted=st.dictionaries(st.sampled_from([
    "members.0.full_name", "members.0.id_number", "members.49.full_name", "members.x.y", "members", "founder", "act",
    "hoi", "business_lines", "capital", "start_date_day", "start_date_month", "start_date_year", "delivery",
]), st.one_of(st.text(max_size=40), st.sampled_from(["family", "them:members", "bot:members.0", "bot:members.9"])),
    max_size=8))  # fmt: skip
def test_nothing_posted_to_any_page_breaks_the_form(person: Client, posted: dict[str, str]) -> None:  # noqa: F811
    draft = services.applications.unfinished(principal_of(person), HOUSEHOLD)
    address = f"/nop/{draft[0]}/" if draft else begin(person, HOUSEHOLD)
    for page in ("founder", "members", "business", "capital"):
        assert person.post(f"{address}{page}/", posted).status_code in (302, 422)
        assert person.get(f"{address}{page}/").status_code in (200, 302)
    assert person.get(f"{address}kiem-tra/").status_code == 200


def test_fields_nobody_asked_are_passed_over(person: Client) -> None:  # noqa: F811
    draft = begin(person)
    person.post(f"{draft}record/", {"record_kind": "birth", "admin": "1", "subject_name": "X", "__proto__": "y"})
    assert Draft.objects.get(id=draft.split("/")[2]).data == {"record_kind": "birth"}


def test_mixed_unicode_forms_become_one(person: Client) -> None:  # noqa: F811
    draft = begin(person)
    person.post(f"{draft}subject/", EXTRACT_PAGES["subject"] | {"subject_name": "Le\u0302 Ba\u0309o"})
    assert Draft.objects.get(id=draft.split("/")[2]).data["subject_name"] == "Lê Bảo"


def test_a_further_question_is_asked_before_it_is_called_wrong(person: Client) -> None:  # noqa: F811
    draft = begin(person)
    answer = person.post(f"{draft}delivery/", {"delivery": "post", "hoi": "delivery"})
    assert answer.headers["Location"] == f"{draft}delivery/"
    shown = person.get(f"{draft}delivery/").content.decode()
    assert "Địa chỉ nhận" in shown
    assert "Có điều cần sửa" not in shown
    again = person.post(f"{draft}delivery/", {"delivery": "post", "hoi": "delivery delivery_address"})
    assert again.status_code == 422
    back = person.post(
        f"{draft}delivery/", {"delivery": "online", "delivery_address": "Số 1", "hoi": "delivery delivery_address"}
    )
    assert back.status_code == 302
    assert "delivery_address" not in Draft.objects.get(id=draft.split("/")[2]).data


def test_rows_of_people_are_added_and_taken_out(person: Client) -> None:  # noqa: F811
    draft = begin(person, HOUSEHOLD)
    person.post(f"{draft}founder/", {"founder": "family"})
    first = {"members.0.full_name": "Trần Thị Mai", "members.0.id_number": "030086002468"}
    person.post(f"{draft}members/", first | {"act": "them:members"})
    shown = person.get(f"{draft}members/").content.decode()
    assert 'value="Trần Thị Mai"' in shown
    assert "members.1.full_name" in shown
    wrong = person.post(f"{draft}members/", first | {"members.1.full_name": "Lê Văn Tám"})
    assert wrong.status_code == 422
    assert 'href="#id_members-1-id_number"' in wrong.content.decode()
    person.post(f"{draft}members/", first | {"members.1.full_name": "Lê Văn Tám", "act": "bot:members.0"})
    assert Draft.objects.get(id=draft.split("/")[2]).data["members"] == [{"full_name": "Lê Văn Tám"}]


@pytest.mark.parametrize("typed", ["Cẩm Thượng", "cam thuong", "CAM THUONG", "10507", "phường cẩm thượng, tp"])
def test_a_commune_is_found_by_its_name(person: Client, typed: str) -> None:  # noqa: F811
    draft = begin(person)
    answer = person.post(f"{draft}registration/", {"registry_commune": typed})
    kept = Draft.objects.get(id=draft.split("/")[2]).data
    if answer.status_code == 302:
        assert kept["registry_commune"] == "10507"
    else:
        assert kept["registry_commune"] == typed  # in doubt: said so, and kept as typed


def test_a_name_that_means_several_places_offers_them(person: Client) -> None:  # noqa: F811
    draft = begin(person)
    answer = person.post(f"{draft}registration/", {"registry_commune": "Hồng"})
    assert answer.status_code == 422
    assert "Hãy chọn một nơi trong danh sách" in main_of(answer)
    offered = answer.context["questions"][0].candidates
    assert len(offered) > 1
    chosen = {
        "registry_commune": "Hồng", "registry_commune.was": "Hồng", "registry_commune.chosen": offered[1].value,
    }  # fmt: skip
    assert person.post(f"{draft}registration/", chosen).status_code == 302
    assert Draft.objects.get(id=draft.split("/")[2]).data["registry_commune"] == offered[1].value


def test_an_old_name_leads_to_what_the_commune_became(province: clock.ManualClock) -> None:  # noqa: F811
    from datetime import datetime

    province.set(datetime(2026, 10, 13, 9, 0, tzinfo=clock.LOCAL))
    found = services.places.named("Cẩm Thượng")
    assert [unit.name for unit in found] == ["Thành Đông"]


def test_two_tabs_and_a_double_click_give_one_case_and_one_receipt(person: Client) -> None:  # noqa: F811
    draft = begin(person)
    answer_all(person, draft)
    places = {person.post(f"{draft}kiem-tra/").headers["Location"] for _ in range(3)}
    assert len(places) == 1
    assert Case.objects.count() == 1
    for page in ("record", "giay-to", "noi-nop", "kiem-tra", ""):  # going back after handing in
        assert person.get(f"{draft}{page}/".replace("//", "/")).headers["Location"] in places
    assert person.post(f"{draft}record/", {"record_kind": "death"}).headers["Location"] in places


def test_what_is_missing_is_listed_with_the_way_there(person: Client) -> None:  # noqa: F811
    draft = begin(person)
    person.post(f"{draft}record/", EXTRACT_PAGES["record"])
    answer = person.post(f"{draft}kiem-tra/")
    assert answer.status_code == 422
    shown = answer.content.decode()
    for page in ("subject", "registration", "request", "applicant", "giay-to", "noi-nop"):
        assert f'href="{draft}{page}/?sua=1"' in shown
    assert Case.objects.count() == 0


def test_a_change_returns_to_the_check(person: Client) -> None:  # noqa: F811
    draft = begin(person)
    answer_all(person, draft)
    answer = person.post(f"{draft}request/?sua=1", EXTRACT_PAGES["request"] | {"copies": "3"})
    assert answer.headers["Location"] == f"{draft}kiem-tra/"
    told = main_of(person.get(f"{draft}kiem-tra/"))
    assert "24.000 ₫" in told
    assert "17:30 18/01/2021" in told
    assert "Giải quyết trong ngày" in told


def test_drafts_do_not_mix_and_belong_to_one_person(person: Client, stranger: Client) -> None:  # noqa: F811
    one, two = begin(person), begin(person)
    person.post(f"{one}record/", {"record_kind": "birth"})
    assert Draft.objects.get(id=two.split("/")[2]).data == {}
    for page in ("record", "giay-to", "noi-nop", "kiem-tra", "xoa"):
        assert stranger.get(f"{one}{page}/").status_code == 404
        assert stranger.post(f"{one}{page}/", {"record_kind": "death"}).status_code == 404
        assert Client().get(f"{one}{page}/").status_code == 302
    assert Draft.objects.get(id=one.split("/")[2]).data == {"record_kind": "birth"}


def test_a_draft_is_resumed_where_it_stopped_and_thrown_away_when_asked(person: Client) -> None:  # noqa: F811
    draft = begin(person)
    answer = person.post(f"{draft}record/", {"record_kind": "birth", "act": "luu"})
    assert answer.headers["Location"] == "/ho-so/"
    assert "Lưu lúc 09:00 18/01/2021" in main_of(person.get("/ho-so/"))
    assert person.get(draft).headers["Location"] == f"{draft}subject/"
    assert "Làm tiếp hồ sơ đó" in main_of(person.get(f"/thu-tuc/{EXTRACT}/nop/"))
    assert person.post(f"{draft}xoa/").status_code == 302
    assert person.get(draft).status_code == 404


def test_what_the_province_knows_of_the_applicant_is_filled_in(person: Client) -> None:  # noqa: F811
    hand_in(person)
    draft = begin(person)
    shown = person.get(f"{draft}applicant/").content.decode()
    assert 'value="0912000111"' in shown
    assert 'value="Lê Hoàng Sơn"' in shown  # from the earlier application
    assert "Đã điền sẵn" in shown
    assert "Gia Bảo" not in person.get(f"{draft}subject/").content.decode()  # of other people nothing is carried over


def test_where_to_hand_in_is_proposed_and_searched(person: Client) -> None:  # noqa: F811
    draft = begin(person)
    assert person.get(f"{draft}noi-nop/").context["choices"] == []
    person.post(f"{draft}registration/", EXTRACT_PAGES["registration"])
    names = [choice.label for choice in person.get(f"{draft}noi-nop/").context["choices"]]
    assert names[0] == "Ủy ban nhân dân phường Cẩm Thượng, thành phố Hải Dương"
    assert any("Phòng Tư pháp" in name for name in names)
    found = person.get(f"{draft}noi-nop/", {"tim": "gia loc"}).context["choices"]
    assert found
    assert all("Công an" not in choice.label for choice in found)


@pytest.mark.parametrize("typed", ["", "x", "\x00", "00000000-0000-0000-0000-000000000000", "police"])
def test_an_agency_that_is_not_competent_is_refused(person: Client, typed: str) -> None:  # noqa: F811
    draft = begin(person)
    person.post(f"{draft}registration/", EXTRACT_PAGES["registration"])
    police = organisation.units.search_units("Công an phường Cẩm Thượng", clock.today())[0]
    answer = person.post(f"{draft}noi-nop/", {"unit": str(police.id) if typed == "police" else typed})
    assert answer.status_code == 422
    assert Draft.objects.get(id=draft.split("/")[2]).unit_id is None


FILES = [
    ("rong.jpg", b"", "Tệp rỗng"),
    ("lua.jpg", b"MZ\x90\x00 not a picture", "Chỉ nhận tệp PDF, JPEG hoặc PNG"),
    ("trang.html", b"<!doctype html><script>alert(1)</script>", "Chỉ nhận tệp PDF"),
    ("to.pdf", b"%PDF-" + b"0" * (21 * 1024 * 1024), "Tệp lớn hơn 20 MB"),
]


@pytest.mark.parametrize(("name", "content", "said"), FILES)
def test_files_are_judged_by_content(person: Client, name: str, content: bytes, said: str) -> None:  # noqa: F811
    draft = begin(person)
    file = SimpleUploadedFile(name, content, "image/jpeg")
    answer = person.post(f"{draft}giay-to/", {"file:identity_scan": file, "act": "tiep"})
    assert answer.status_code == 422
    assert said in main_of(answer)
    assert Attachment.objects.count() == 0


def test_two_hundred_megabytes_are_never_stored(person: Client, tmp_path: Any, settings: Any) -> None:  # noqa: F811
    class Endless:
        """A file of 200 MB that lies nowhere."""

        name, content_type, size = "video.jpg", "image/jpeg", 200 * 1024 * 1024

        def __init__(self) -> None:
            self.left = self.size

        def read(self, count: int = -1) -> bytes:
            taken = min(self.left, count if count > 0 else self.left)
            self.left -= taken
            return b"\xff\xd8\xff" * (taken // 3) + b"\x00" * (taken % 3)

    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    draft = begin(person)
    answer = person.post(f"{draft}giay-to/", {"file:identity_scan": Endless(), "act": "tiep"})
    assert answer.status_code == 422
    assert "Tệp lớn hơn 20 MB" in main_of(answer)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("content", "said"), [
    (pdf("mật khẩu"), "có mật khẩu"), (b"%PDF-1.7 broken", "bị hỏng"), (b"\xff\xd8\xff\xe0 broken", "Ảnh"),
])  # fmt: skip
def test_what_the_check_finds_is_told_on_the_page(person: Client, content: bytes, said: str) -> None:  # noqa: F811
    draft = begin(person)
    person.post(f"{draft}giay-to/", {"file:identity_scan": SimpleUploadedFile("a.pdf", content), "act": "them"})
    services.files.check_waiting()
    shown = person.get(f"{draft}giay-to/")
    assert said in main_of(shown)
    assert person.post(f"{draft}giay-to/", {"act": "tiep"}).status_code == 422


def test_a_file_with_a_strange_name_is_kept_under_a_plain_one(person: Client) -> None:  # noqa: F811
    draft = begin(person)
    name = "../../etc/\u202egpj.exe" + "x" * 300 + ".jpg"
    person.post(f"{draft}giay-to/", {"file:identity_scan": picture(name), "act": "tiep"})
    kept = Attachment.objects.get()
    assert "/" not in kept.name
    assert "\u202e" not in kept.name
    assert len(kept.name) <= 200


def test_a_paper_is_taken_out_and_an_earlier_one_used_again(person: Client, stranger: Client) -> None:  # noqa: F811
    case = hand_in(person)
    services.files.check_waiting()
    earlier = Attachment.objects.get(case_id=case.id)
    draft = begin(person)
    assert f'value="dung-lai:{earlier.id}"' in person.get(f"{draft}giay-to/").content.decode()
    assert person.post(f"{draft}giay-to/", {"act": f"dung-lai:{earlier.id}"}).status_code == 302
    own = Attachment.objects.get(draft_id=draft.split("/")[2])
    assert own.original_id == earlier.original_id
    theirs = begin(stranger)
    assert stranger.post(f"{theirs}giay-to/", {"act": f"dung-lai:{earlier.id}"}).status_code == 404
    assert stranger.post(f"{theirs}giay-to/", {"act": f"bo:{own.id}"}).status_code == 404
    assert person.post(f"{draft}giay-to/", {"act": f"bo:{own.id}"}).status_code == 302
    assert "Đã nhận" not in main_of(person.get(f"{draft}giay-to/"))
    assert person.post(f"{draft}giay-to/", {"act": f"bo:{earlier.id}"}).status_code == 404  # handed in: it stays


@pytest.mark.parametrize("act", ["bo:", "bo:x", "dung-lai:\x00", "bo:" + "9" * 500])
def test_a_guessed_file_is_not_found(person: Client, act: str) -> None:  # noqa: F811
    draft = begin(person)
    assert person.post(f"{draft}giay-to/", {"act": act}).status_code == 404


def test_an_official_does_not_apply_with_the_office_account(province: clock.ManualClock) -> None:  # noqa: F811
    account = organisation.people.account_by_login("tiepnhan.xa")
    assert account is not None
    client = Client()
    session = client.session
    session["account"], session["epoch"] = str(account.id), 0
    session.save()
    answer = client.get(f"/thu-tuc/{EXTRACT}/nop/")
    assert answer.status_code == 422
    assert "tài khoản cán bộ" in main_of(answer)
