"""What anyone may read: the first page, the catalogue, a procedure's page, look-up by code, verification."""

from __future__ import annotations

import re
from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse

from tests.rooms.services.citizens import EXTRACT, decide, hand_in, pdf, person, province, stranger  # noqa: F401
from tinhso.foundation.api import clock
from tinhso.organisation.contracts import Role
from tinhso.services.contracts.case import Deed
from tinhso.services.models import PaymentRow, Result

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province")]


def main_of(response: object) -> str:
    """The text between <main> and </main>, tags dropped."""
    found = re.search(r"<main.*?>(.*)</main>", response.content.decode(), re.DOTALL)  # type: ignore[attr-defined]
    assert found is not None
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", found[1]))


def test_every_service_is_within_three_clicks_of_the_first_page() -> None:
    client = Client()
    seen, found = set(), {"/"}
    for _ in range(3):
        pages, found = found - seen, set()
        for address in pages:
            seen.add(address)
            found |= set(re.findall(r'href="(/thu-tuc/[^"]*)"', client.get(address).content.decode()))
    assert {f"/thu-tuc/{code}/" for code in (EXTRACT, "1.001612", "1.013225", "2.000986")} <= seen | found


@pytest.mark.parametrize("words", ["khai sinh", "KHAI SINH", "trich luc", "ho tich khai sinh", "2.000635"])
def test_search_does_not_mind_marks_on_letters(words: str) -> None:
    page = Client().get("/thu-tuc/", {"tim": words}).content.decode()
    assert f"/thu-tuc/{EXTRACT}/" in page
    assert "/thu-tuc/1.013225/" not in page


def test_a_search_that_finds_nothing_says_what_to_do() -> None:
    page = Client().get("/thu-tuc/", {"tim": "<script>\x00" + "x" * 5000})
    assert page.status_code == 200
    assert "Không có thủ tục nào như vậy" in main_of(page)
    assert "<script>\x00" not in page.content.decode()


def test_the_procedure_page_says_fee_time_agency_and_level() -> None:
    told = main_of(Client().get(f"/thu-tuc/{EXTRACT}/"))
    for words in ("8.000 ₫ mỗi bản", "nộp sau 15:00 thì ngày làm việc tiếp theo", "Ủy ban nhân dân cấp xã",
                  "Phòng Tư pháp", "Mức độ 4", "Bắt đầu nộp", "Luật Hộ tịch 60/2014/QH13"):  # fmt: skip
        assert words in told


def test_agencies_and_words_follow_the_date(province: clock.ManualClock) -> None:  # noqa: F811
    province.set(datetime(2026, 10, 13, 9, 0, tzinfo=clock.LOCAL))
    told = main_of(Client().get(f"/thu-tuc/{EXTRACT}/"))
    assert "Phòng Tư pháp" not in told
    assert "toàn trình" in told
    assert "Thành phố Hải Phòng" in Client().get("/").content.decode()


def test_a_package_in_test_says_so_with_its_reason() -> None:
    told = main_of(Client().get("/thu-tuc/1.013225/"))
    assert "Gói thủ tục này còn ở mức thử" in told
    assert "Nghị định 217/2026" in told


def test_an_amount_nobody_set_is_never_zero(settings: object) -> None:
    settings.TINHSO_DEMO = False  # type: ignore[attr-defined]
    told = main_of(Client().get("/thu-tuc/1.013225/"))
    assert "Chưa có mức thu. Do Hội đồng nhân dân tỉnh quy định" in told
    assert "0 ₫" not in told


def test_an_invented_amount_is_marked() -> None:
    assert "Số minh họa" in main_of(Client().get("/thu-tuc/1.001612/"))


@pytest.mark.parametrize("code", ["9.999999", "x" * 3000, "%00", "..", "2.000635%E2%80%AE"])
def test_a_procedure_that_does_not_exist_is_not_found(code: str) -> None:
    assert Client().get(f"/thu-tuc/{code}/").status_code == 404


def test_looking_up_tells_the_degree_and_nothing_of_the_person(person: Client) -> None:  # noqa: F811
    case = hand_in(person)
    for typed in (case.code, case.code.lower(), f"  {case.code} "):
        told = main_of(Client().get("/tra-cuu/", {"ma": typed}))
        assert "Mới đăng ký" in told
        for private in ("Lê Hoàng", "Gia Bảo", "030086002468", "0912", str(case.id)):
            assert private not in told


@pytest.mark.parametrize("typed", ["H23.16-210115-9999", "'; DROP TABLE", "\x00", "x" * 5000, "\u202eH23"])
def test_looking_up_what_is_not_there_is_calm(typed: str) -> None:
    answer = Client().get("/tra-cuu/", {"ma": typed})
    assert answer.status_code == 404
    assert "Không có hồ sơ nào mang mã này" in main_of(answer)


def test_guessing_codes_is_stopped() -> None:
    client = Client(REMOTE_ADDR="198.51.100.9")
    answers = [client.get("/tra-cuu/", {"ma": f"H23.16-210115-{n:04d}"}).status_code for n in range(40)]
    assert answers[:30] == [404] * 30
    assert set(answers[30:]) == {429}
    assert Client(REMOTE_ADDR="198.51.100.10").get("/tra-cuu/", {"ma": "x"}).status_code == 404


def signed(person: Client) -> Result:  # noqa: F811
    """Carry an extract to its signed result."""
    case = hand_in(person)
    PaymentRow.objects.filter(case_id=case.id).update(state="succeeded")
    decide(case, Deed.ACCEPT, Role.CLERK)
    decide(case, Deed.FORWARD, Role.OFFICER)
    decide(case, Deed.SIGN, Role.LEADER)
    return Result.objects.get(case_id=case.id)


def test_a_result_is_verified_by_its_code_and_by_every_byte(person: Client, stranger: Client) -> None:  # noqa: F811
    result = signed(person)
    address = reverse("services:verify", args=[result.verification])
    told = main_of(Client().get(address))
    assert result.number in told
    assert "phường Cẩm Thượng" in told
    assert "Gia Bảo" not in told
    file = b"".join(person.get(f"/ho-so/{result.case_id}/ket-qua/{result.id}.pdf").streaming_content)  # type: ignore[attr-defined]
    assert stranger.get(f"/ho-so/{result.case_id}/ket-qua/{result.id}.pdf").status_code == 404
    assert "bản gốc" in main_of(_held(address, file))
    assert "giống bản gốc đến từng byte" in main_of(_held(address, file))
    flipped = file[:500] + bytes([file[500] ^ 1]) + file[501:]
    assert "không phải bản gốc" in main_of(_held(address, flipped))
    assert "không phải bản gốc" in main_of(_held(address, pdf()))
    assert "không phải bản gốc" in main_of(_held(address, b"\x00not a pdf"))


def _held(address: str, file: bytes) -> object:
    from django.core.files.uploadedfile import SimpleUploadedFile

    return Client().post(address, {"file": SimpleUploadedFile("ket-qua.pdf", file, "application/pdf")})


def test_guessing_verification_codes_gives_nothing() -> None:
    assert Client().get("/kiem-tra/AAAAAAAAAAAAAAAA/").status_code == 404
    assert Client().post("/kiem-tra/AAAAAAAAAAAAAAAA/").status_code == 404


def test_the_first_page_is_light_and_asks_the_database_little(
    django_assert_max_num_queries: object,
) -> None:
    Client().get("/")  # packages are read once a process
    with django_assert_max_num_queries(2):  # type: ignore[operator]
        first = Client().get("/")
    assert len(first.content) < 20_000
    with django_assert_max_num_queries(2):  # type: ignore[operator]
        Client().get("/thu-tuc/")
    with django_assert_max_num_queries(6):  # type: ignore[operator]
        Client().get(f"/thu-tuc/{EXTRACT}/")
