"""A person's case: its story and due date, supplement, payment in every mood of the gateway, withdrawal, who looked."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.rooms.services.citizens import (  # noqa: F401
    begin,
    decide,
    hand_in,
    official,
    pdf,
    person,
    picture,
    principal_of,
    province,
    stranger,
)
from tests.rooms.services.test_http_citizen_portal import main_of, signed
from tinhso.foundation.api import clock
from tinhso.organisation.contracts import Role
from tinhso.services import api as services
from tinhso.services.contracts.case import CaseStatus, Deed
from tinhso.services.gateways.installed import simulator
from tinhso.services.models import Attachment, Case, GatewayDelivery, PaymentRow

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province")]


def test_a_case_shows_where_it_is_when_it_is_due_and_why(person: Client) -> None:  # noqa: F811
    case = hand_in(person)
    assert "Chờ cơ quan tiếp nhận" in main_of(person.get(f"/ho-so/{case.id}/"))
    decide(case, Deed.ACCEPT, Role.CLERK)
    told = main_of(person.get(f"/ho-so/{case.id}/"))
    for words in ("Đã tiếp nhận", "17:30 18/01/2021", "còn", "Vì sao là ngày này?", "Giải quyết trong ngày", "16.000"):
        assert words in told


def test_a_late_case_says_by_how_much(person: Client, province: clock.ManualClock) -> None:  # noqa: F811
    case = hand_in(person)
    decide(case, Deed.ACCEPT, Role.CLERK)
    province.advance(timedelta(days=2))
    assert "quá hạn 2 ngày làm việc" in main_of(person.get(f"/ho-so/{case.id}/"))


def test_a_case_belongs_to_one_person(person: Client, stranger: Client) -> None:  # noqa: F811
    case = hand_in(person)
    services.files.check_waiting()
    file = Attachment.objects.get(case_id=case.id)
    for page in ("", "da-nop/", "giay-tiep-nhan.pdf", "bo-sung/", "rut/", "ai-da-xem/", "nop-phi/", "da-tra/"):
        assert stranger.get(f"/ho-so/{case.id}/{page}").status_code == 404, page
        assert Client().get(f"/ho-so/{case.id}/{page}").status_code == 302, page
    for page in ("rut/", "danh-gia/", "nop-phi/", "bo-sung/"):
        assert stranger.post(f"/ho-so/{case.id}/{page}", {"grade": "1"}).status_code == 404, page
    assert stranger.get(f"/tep/{file.id}/xem/").status_code == 404
    assert person.get(f"/tep/{file.id}/xem/").status_code == 200
    case.refresh_from_db()
    assert case.status == CaseStatus.SUBMITTED


def test_a_case_page_asks_the_database_no_more_as_it_grows(
    person: Client,  # noqa: F811
    django_assert_max_num_queries: Any,
) -> None:
    case = hand_in(person)
    for _ in range(10):
        services.cases.record_look(official(Role.CLERK), case.id, "hồ sơ")
    person.get(f"/ho-so/{case.id}/")
    with django_assert_max_num_queries(16):
        person.get(f"/ho-so/{case.id}/")
    with django_assert_max_num_queries(8):
        person.get("/ho-so/")


def test_a_supplement_is_answered_with_changed_answers_papers_and_words(person: Client) -> None:  # noqa: F811
    case = hand_in(person)
    decide(case, Deed.ASK_SUPPLEMENT, Role.CLERK, reason="Ảnh mờ. Hãy chụp lại và sửa ngày sinh.")
    assert "Ảnh mờ" in main_of(person.get(f"/ho-so/{case.id}/"))
    assert "Cần bổ sung" in main_of(person.get("/ho-so/"))
    page = person.get(f"/ho-so/{case.id}/bo-sung/")
    posted = fields_of(page) | {"subject_birth_date_day": "22", "note": "Tôi đã sửa."}
    wrong = posted | {"subject_birth_date_month": "13", "file:identity_scan": picture("moi.jpg")}
    answer = person.post(f"/ho-so/{case.id}/bo-sung/", wrong)
    assert answer.status_code == 422
    assert "không có trong lịch" in main_of(answer)
    kept = answer.context["files"][0]
    again = person.post(f"/ho-so/{case.id}/bo-sung/", posted | {"kept": str(kept.id)})
    assert again.status_code == 302, main_of(again)
    case.refresh_from_db()
    assert case.data["subject_birth_date"] == "2018-07-22"
    assert case.status == CaseStatus.SUBMITTED
    assert Attachment.objects.filter(case_id=case.id).count() == 2
    assert person.get(f"/ho-so/{case.id}/bo-sung/").status_code == 302  # nothing more is asked
    assert person.post(f"/ho-so/{case.id}/bo-sung/", posted).status_code == 422


def fields_of(page: Any) -> dict[str, str]:
    """What a browser would send back of a supplement page, untouched."""
    sent: dict[str, str] = {}
    for _title, questions, _wrong in page.context["sections"]:
        for question in questions:
            value = question.field.value
            if hasattr(value, "year"):
                parts = {"day": value.day, "month": value.month, "year": value.year}
                sent |= {f"{question.field.name}_{part}": str(number) for part, number in parts.items()}
            else:
                sent[question.field.name] = str(value)
    return sent


@pytest.mark.parametrize(("file", "said"), [
    (SimpleUploadedFile("a.jpg", b""), "Tệp rỗng"), (SimpleUploadedFile("a.jpg", b"MZ"), "Chỉ nhận tệp PDF"),
])  # fmt: skip
def test_a_supplement_with_a_bad_file_keeps_the_rest(person: Client, file: SimpleUploadedFile, said: str) -> None:  # noqa: F811
    case = hand_in(person)
    decide(case, Deed.ASK_SUPPLEMENT, Role.CLERK, reason="Ảnh mờ.")
    posted = fields_of(person.get(f"/ho-so/{case.id}/bo-sung/")) | {"note": "Xin gửi\x00 lại", "kept": "x"}
    answer = person.post(f"/ho-so/{case.id}/bo-sung/", posted | {"file:identity_scan": file})
    assert answer.status_code == 422
    assert said in main_of(answer)
    assert "Xin gửi lại" in main_of(answer)


def test_an_empty_supplement_is_not_sent(person: Client) -> None:  # noqa: F811
    case = hand_in(person)
    decide(case, Deed.ASK_SUPPLEMENT, Role.CLERK, reason="Ảnh mờ.")
    posted = fields_of(person.get(f"/ho-so/{case.id}/bo-sung/"))
    answer = person.post(f"/ho-so/{case.id}/bo-sung/", posted)
    assert answer.status_code == 422
    assert "Hãy sửa thông tin, tải thêm giấy tờ hoặc ghi lời trả lời" in main_of(answer)


def test_a_case_is_withdrawn_after_asking_and_owes_nothing_more(person: Client) -> None:  # noqa: F811
    case = hand_in(person)
    assert "Rút hồ sơ này?" in main_of(person.get(f"/ho-so/{case.id}/rut/"))
    assert person.post(f"/ho-so/{case.id}/rut/").status_code == 302
    told = main_of(person.get(f"/ho-so/{case.id}/"))
    assert "Bạn đã rút hồ sơ" in told
    assert "Chưa nộp phí" not in told
    assert person.post(f"/ho-so/{case.id}/rut/").status_code == 422  # a second click
    assert person.post(f"/ho-so/{case.id}/nop-phi/").status_code == 422
    assert "không còn phải nộp" in main_of(person.get(f"/ho-so/{case.id}/nop-phi/"))


def test_a_result_is_downloaded_and_rated(person: Client) -> None:  # noqa: F811
    result = signed(person)
    told = main_of(person.get(f"/ho-so/{result.case_id}/"))
    assert result.number in told
    assert "Bạn có hài lòng" in told
    for grade in ("9", "", "\x00", "-1", "²"):
        person.post(f"/ho-so/{result.case_id}/danh-gia/", {"grade": grade})
        result.refresh_from_db()
        assert result.satisfaction is None
    person.post(f"/ho-so/{result.case_id}/danh-gia/", {"grade": "1"})
    result.refresh_from_db()
    assert result.satisfaction == 1
    assert person.get(f"/ho-so/{result.case_id}/danh-gia/").status_code == 405


def test_a_refused_case_says_why(person: Client) -> None:  # noqa: F811
    case = hand_in(person)
    decide(case, Deed.REFUSE, Role.CLERK, reason="Sổ hộ tịch không lưu tại phường này.")
    told = main_of(person.get(f"/ho-so/{case.id}/"))
    assert "Hồ sơ không được tiếp nhận" in told
    assert "Sổ hộ tịch không lưu tại phường này." in told


def test_the_person_sees_who_looked(person: Client) -> None:  # noqa: F811
    case = hand_in(person)
    assert "Chưa ai mở hồ sơ này" in main_of(person.get(f"/ho-so/{case.id}/ai-da-xem/"))
    services.cases.record_look(official(Role.CLERK), case.id, "hồ sơ")
    told = main_of(person.get(f"/ho-so/{case.id}/ai-da-xem/"))
    assert "09:00 18/01/2021" in told
    assert "Cẩm Thượng" in told


# ── money ───────────────────────────────────────────────────────────────────────────────────────────────


def go_to_gateway(person: Client, case: Case) -> str:  # noqa: F811
    """Start paying; return the path of the gateway's page."""
    start = person.post(f"/ho-so/{case.id}/nop-phi/")
    assert start.status_code == 302
    arrive = person.get(start.headers["Location"].removeprefix(settings.TINHSO_URL))
    assert arrive.status_code == 302
    return str(arrive.headers["Location"])


def deliver(client: Client, within: timedelta | None = None) -> list[int]:
    """Bring the notices that wait to our own door, as the worker does over the network; return the answers."""
    rows = list(GatewayDelivery.objects.order_by("due_at"))
    chosen = [row for row in rows if within is None or row.due_at <= clock.now() + within]
    answers = []
    for row in chosen:
        path = row.url.removeprefix(settings.TINHSO_URL)
        answers.append(client.post(path, bytes(row.body), content_type=row.headers["content-type"]).status_code)
        row.delete()
    return answers


def test_paying_leads_to_the_gateway_and_back_and_is_believed_only_from_it(person: Client) -> None:  # noqa: F811
    case = hand_in(person)
    page = go_to_gateway(person, case)
    assert "16.000 ₫" in main_of(person.get(page))
    back = person.post(page, {"act": "tra", "behaviour": "honest"})
    assert back.headers["Location"] == f"{settings.TINHSO_URL}/ho-so/{case.id}/da-tra/"
    assert "Đang chờ xác nhận" in main_of(person.get(f"/ho-so/{case.id}/da-tra/"))  # the return proves nothing
    assert deliver(Client(enforce_csrf_checks=True)) == [200]
    assert "Đã nộp phí" in main_of(person.get(f"/ho-so/{case.id}/da-tra/"))
    assert person.post(f"/ho-so/{case.id}/nop-phi/").status_code == 422  # back after paying
    assert "đã nhận 16.000 ₫" in main_of(person.get(f"/ho-so/{case.id}/nop-phi/"))
    person.post(page, {"act": "tra", "behaviour": "honest"})  # paying on the old page again
    assert simulator().money_kept(PaymentRow.objects.get(case_id=case.id).reference) == 16_000


@pytest.mark.parametrize(("behaviour", "shown"), [
    ("double", "Đã nộp phí"), ("reorder", "Đã nộp phí"), ("charge_twice", "Đã nộp phí"), ("fail", "Chưa trả được"),
    ("forge", "Đang chờ xác nhận"), ("amount_changed", "Đang chờ xác nhận"), ("forget", "Đang chờ xác nhận"),
    ("delay", "Đang chờ xác nhận"), ("late_success", "Chưa trả được"), ("\x00", "Đã nộp phí"),
])  # fmt: skip
def test_whatever_the_gateway_does_the_page_tells_the_truth(person: Client, behaviour: str, shown: str) -> None:  # noqa: F811
    case = hand_in(person)
    page = go_to_gateway(person, case)
    person.post(page, {"act": "tra", "behaviour": behaviour})
    deliver(person, within=timedelta(minutes=4))
    assert shown in main_of(person.get(f"/ho-so/{case.id}/da-tra/"))
    assert person.get(f"/ho-so/{case.id}/").status_code == 200
    assert person.get(f"/ho-so/{case.id}/nop-phi/").status_code == 200


def test_giving_up_at_the_gateway_costs_nothing_and_paying_later_is_fine(person: Client) -> None:  # noqa: F811
    case = hand_in(person)
    page = go_to_gateway(person, case)
    person.post(page, {"act": "huy"})
    deliver(person)
    assert "không mất tiền" in main_of(person.get(f"/ho-so/{case.id}/da-tra/"))
    again = go_to_gateway(person, case)
    assert again != page
    person.post(again, {"act": "tra"})
    deliver(person)
    assert "Đã nộp phí" in main_of(person.get(f"/ho-so/{case.id}/da-tra/"))


def test_two_tabs_pay_one_attempt(person: Client) -> None:  # noqa: F811
    case = hand_in(person)
    assert go_to_gateway(person, case) == go_to_gateway(person, case)


def test_a_transfer_shows_the_code_and_what_to_write(person: Client) -> None:  # noqa: F811
    case = hand_in(person)
    told = main_of(person.get(f"/ho-so/{case.id}/nop-phi/"))
    reference = PaymentRow.objects.get(case_id=case.id).reference
    for words in ("VietQR", "16.000 ₫", reference, "Đừng chuyển tiền thật"):
        assert words in told
    assert 'class="qr"' in person.get(f"/ho-so/{case.id}/nop-phi/").content.decode()


@pytest.mark.parametrize("body", [b"", b"\x00", b"a=b", b"x" * 50_000, "số=tiền".encode(), b"amount=1&amount=2"])
def test_a_notice_that_is_not_the_gateways_is_refused(body: bytes) -> None:
    answer = Client().post("/thanh-toan/thong-bao/", body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code in (400, 413)
    assert Client().post("/thanh-toan/thong-bao/", body, content_type="application/json").status_code in (400, 413)
    assert Client().get("/thanh-toan/thong-bao/").status_code == 405


def test_the_pretended_gateway_refuses_what_we_did_not_sign() -> None:
    client = Client()
    assert client.get("/cong-thanh-toan-thu/pay", {"amount": "1"}).status_code == 422
    assert client.get("/cong-thanh-toan-thu/trang/khong-co/").status_code == 404
    assert client.post("/cong-thanh-toan-thu/query", b"x", content_type="text/plain").status_code == 403
    assert client.post("/cong-thanh-toan-thu/khac", b"x", content_type="text/plain").status_code == 404


def test_the_pretended_gateway_is_not_there_in_earnest(settings: Any) -> None:
    settings.TINHSO_DEMO = False
    client = Client()
    assert client.get("/cong-thanh-toan-thu/pay").status_code == 404
    assert client.get("/cong-thanh-toan-thu/trang/x/").status_code == 404
    assert client.post("/cong-thanh-toan-thu/query", b"x", content_type="text/plain").status_code == 404


def test_without_a_gateway_the_page_offers_the_other_roads(person: Client, settings: Any) -> None:  # noqa: F811
    case = hand_in(person)
    settings.TINHSO_DEMO = False
    told = main_of(person.get(f"/ho-so/{case.id}/nop-phi/"))
    assert "Trả bằng thẻ hoặc ví" not in told
    assert person.post(f"/ho-so/{case.id}/nop-phi/").status_code == 422


def test_my_cases_teach_when_empty(person: Client) -> None:  # noqa: F811
    assert "Bạn chưa nộp hồ sơ nào" in main_of(person.get("/ho-so/"))
    begin(person)
    assert "Đang làm dở" in main_of(person.get("/ho-so/"))


@pytest.mark.parametrize("address", ["/ho-so/x/", "/nop/x/record/", "/tep/x/", "/kiem-tra/%00/", "/ho-so/%C3%28/"])
def test_guessed_addresses_are_not_found(person: Client, address: str) -> None:  # noqa: F811
    assert person.get(address).status_code in (404, 405)


def test_a_pdf_paper_is_given_back_as_handed_in(person: Client) -> None:  # noqa: F811
    draft = begin(person)
    content = pdf()
    person.post(f"{draft}giay-to/", {"file:identity_scan": SimpleUploadedFile("cccd.pdf", content), "act": "them"})
    file = Attachment.objects.get()
    assert person.get(f"/tep/{file.id}/xem/").status_code == 422  # not looked at yet
    services.files.check_waiting()
    given = person.get(f"/tep/{file.id}/xem/")
    assert b"".join(given.streaming_content) == content  # type: ignore[attr-defined]
    assert given.headers["Content-Disposition"].startswith("attachment")
    assert principal_of(person).account_id is not None
