"""The pages let people in and out, show units in time, and refuse what names no right."""

from __future__ import annotations

from datetime import timedelta
from types import ModuleType
from uuid import uuid4

import pyotp
import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory, override_settings
from django.urls import URLPattern, reverse

from tinhso.foundation.api import clock, vault
from tinhso.organisation.api import (
    PrincipalMiddleware,
    create_demo_accounts,
    principal_of,
    public,
    require,
    rights,
    signed_in,
    units,
)
from tinhso.organisation.contracts import Principal, Role
from tinhso.organisation.http import guard
from tinhso.organisation.http import urls as room_urls
from tinhso.organisation.models import Account

from .factories import DAY, PASSWORD, commune, official

pytestmark = pytest.mark.usefixtures("province")
rights.declare("test.page.open", "Mở trang thử", (Role.LEADER,))


def sign_in_citizen(client: Client, phone: str = "0912345678", **get: str) -> HttpResponse:
    client.get(reverse("organisation:sign-in"), get)
    client.post(reverse("organisation:sign-in"), {"identifier": phone})
    code = client.session["sign_in_step"]["shown"]
    return client.post(reverse("organisation:code"), {"code": code})  # type: ignore[return-value]


def sign_in_official(client: Client, login: str, secret: str) -> HttpResponse:
    client.post(reverse("organisation:official-sign-in"), {"login": login, "password": PASSWORD})
    code = pyotp.TOTP(secret).at(clock.now())
    return client.post(reverse("organisation:totp"), {"code": code})  # type: ignore[return-value]


def test_a_citizen_signs_in_by_code_and_is_asked_for_a_name_the_first_time(client: Client) -> None:
    response = sign_in_citizen(client)
    assert response["Location"] == reverse("organisation:profile")
    page = client.get(reverse("organisation:profile")).content.decode()
    assert "Họ, chữ đệm và tên" in page
    saved = client.post(reverse("organisation:profile"), {"name": "Phạm Thu An", "citizen_number": ""}, follow=True)
    assert "Đã lưu thông tin" in saved.content.decode()


def test_the_page_asked_for_before_signing_in_is_shown_after(client: Client) -> None:
    asked = client.get(reverse("organisation:profile"))
    assert asked["Location"].startswith(reverse("organisation:sign-in") + "?tiep=")
    assert sign_in_citizen(client, tiep="/don-vi/?q=x")["Location"] == "/don-vi/?q=x"


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "http:///evil"])
def test_nobody_is_led_to_a_strangers_site_after_signing_in(client: Client, target: str) -> None:
    assert "evil" not in sign_in_citizen(client, tiep=target)["Location"]


def test_the_demonstration_shows_the_code_and_the_real_thing_does_not(client: Client) -> None:
    client.post(reverse("organisation:sign-in"), {"identifier": "0912345678"})
    assert client.session["sign_in_step"]["shown"] in client.get(reverse("organisation:code")).content.decode()
    with override_settings(TINHSO_DEMO=False):
        client.post(reverse("organisation:sign-in"), {"identifier": "0987654321"})
        assert "Tin nhắn thử" not in client.get(reverse("organisation:code")).content.decode()


def test_the_session_key_changes_on_signing_in_and_nothing_of_another_person_stays(client: Client) -> None:
    client.get(reverse("organisation:sign-in"), {"tiep": "/don-vi/"})
    before = client.session.session_key
    sign_in_citizen(client)
    first = client.session.session_key
    assert first != before
    session = client.session
    session["draft"] = "của người trước"
    session.save()
    sign_in_citizen(client, "0987654321")
    assert client.session.session_key != first
    assert "draft" not in client.session


def test_an_error_keeps_what_was_typed_and_says_what_to_do(client: Client) -> None:
    response = client.post(reverse("organisation:sign-in"), {"identifier": "12ab<script>"})
    page = response.content.decode()
    assert response.status_code == 422
    assert "10 chữ số" in page
    assert "12ab&lt;script&gt;" in page


def test_asking_too_often_answers_429_with_the_hour_to_come_back(client: Client) -> None:
    for _ in range(4):
        response = client.post(reverse("organisation:sign-in"), {"identifier": "0912345678"})
    assert response.status_code == 429
    assert response["Retry-After"]
    assert "Hãy thử lại sau" in response.content.decode()


def test_the_code_page_without_a_request_leads_back(client: Client) -> None:
    assert client.get(reverse("organisation:code"))["Location"] == reverse("organisation:sign-in")
    assert client.get(reverse("organisation:totp"))["Location"] == reverse("organisation:official-sign-in")
    assert client.get(reverse("organisation:enrol"))["Location"] == reverse("organisation:official-sign-in")


def test_an_official_sets_up_the_second_factor_once_and_uses_it_from_then_on(
    client: Client, province: clock.ManualClock
) -> None:
    account = Account.objects.get(id=official(commune(), Role.CLERK))
    first = client.post(reverse("organisation:official-sign-in"), {"login": account.login, "password": PASSWORD})
    assert first["Location"] == reverse("organisation:enrol")
    page = client.get(reverse("organisation:enrol")).content.decode()
    secret = client.session["sign_in_step"]["secret"]
    assert secret in page
    wrong = client.post(reverse("organisation:enrol"), {"code": "abc"})
    assert wrong.status_code == 422
    assert secret in wrong.content.decode()
    client.post(reverse("organisation:enrol"), {"code": pyotp.TOTP(secret).at(clock.now())})
    assert client.session["account"] == str(account.id)
    province.advance(timedelta(seconds=30))
    other = Client()
    sign_in_official(other, account.login or "", secret)
    assert other.session["account"] == str(account.id)


def test_the_password_alone_opens_nothing(client: Client) -> None:
    account = Account.objects.get(id=official(commune(), Role.CLERK))
    Account.objects.filter(id=account.id).update(totp_sealed=vault.seal(pyotp.random_base32().encode()))
    client.post(reverse("organisation:official-sign-in"), {"login": account.login, "password": PASSWORD})
    assert client.get(reverse("organisation:profile")).status_code == 302
    assert client.post(reverse("organisation:totp"), {"code": "123"}).status_code == 422


def test_signing_out_ends_the_session_and_everywhere_ends_them_all(client: Client) -> None:
    other = Client()
    for browser in (client, other):
        sign_in_citizen(browser)
    assert client.get(reverse("organisation:sign-out")).status_code == 405
    client.post(reverse("organisation:sign-out"))
    assert client.get(reverse("organisation:profile")).status_code == 302
    assert other.get(reverse("organisation:profile")).status_code == 200
    sign_in_citizen(client)
    client.post(reverse("organisation:sign-out-everywhere"))
    assert other.get(reverse("organisation:profile")).status_code == 302


def test_the_chooser_enters_demo_accounts_only_and_exists_in_the_demonstration_only(client: Client) -> None:
    create_demo_accounts()
    page = client.get(reverse("organisation:demo")).content.decode()
    assert "Phạm Thu An (thử nghiệm)" in page
    chosen = Account.objects.get(login="tiepnhan.xa")
    client.post(reverse("organisation:demo"), {"account": str(chosen.id)})
    assert client.session["account"] == str(chosen.id)
    real, stranger = official(commune("10510"), Role.CLERK), Client()
    for value in (str(real), "x", "", str(uuid4())):
        stranger.post(reverse("organisation:demo"), {"account": value})
        assert "account" not in stranger.session
    with override_settings(TINHSO_DEMO=False):
        assert client.get(reverse("organisation:demo")).status_code == 404
        assert stranger.post(reverse("organisation:demo"), {"account": str(chosen.id)}).status_code == 404


def test_the_demonstration_shows_a_demo_officials_second_factor_and_nobody_elses(client: Client) -> None:
    create_demo_accounts()
    login = {"login": "tiepnhan.xa", "password": "thu-tinh-so-2021"}
    client.post(reverse("organisation:official-sign-in"), login)
    page = client.get(reverse("organisation:totp")).content.decode()
    assert "Mã thử" in page
    code = page.split('class="code">')[1][:6]
    client.post(reverse("organisation:totp"), {"code": code})
    assert "account" in client.session
    real = Account.objects.get(id=official(commune("10510"), Role.CLERK))
    Account.objects.filter(id=real.id).update(totp_sealed=vault.seal(pyotp.random_base32().encode()))
    other = Client()
    other.post(reverse("organisation:official-sign-in"), {"login": real.login, "password": PASSWORD})
    assert "Mã thử" not in other.get(reverse("organisation:totp")).content.decode()


def test_an_officials_profile_cannot_be_changed_by_the_official(client: Client) -> None:
    create_demo_accounts()
    chosen = Account.objects.get(login="tiepnhan.xa")
    client.post(reverse("organisation:demo"), {"account": str(chosen.id)})
    client.post(reverse("organisation:profile"), {"name": "Tên Khác"})
    assert Account.objects.get(id=chosen.id).name == chosen.name


def test_a_unit_page_tells_its_past_and_future(client: Client) -> None:
    page = client.get(reverse("organisation:unit", args=[commune("10528")])).content.decode()
    assert "Phường Trần Phú, thành phố Hải Dương" in page
    assert page.count("Một phần") == 2
    removed = client.get(reverse("organisation:unit", args=[commune("10522")]), {"ngay": "2026-11-23"}).content.decode()
    assert "Chưa rõ đơn vị nào" in removed
    assert "đến hết ngày 30/11/2024" in removed


def test_a_unit_page_on_a_day_before_the_record_says_so(client: Client) -> None:
    page = client.get(reverse("organisation:unit", args=[commune()]), {"ngay": "2001-01-01"}).content.decode()
    assert "dữ liệu bắt đầu từ 01/12/2019" in page


def test_the_list_of_units_counts_them_on_the_day(client: Client) -> None:
    page = client.get(reverse("organisation:units")).content.decode()
    assert "235 đơn vị cấp xã (47 phường, 10 thị trấn, 178 xã)" in page
    today = client.get(reverse("organisation:units"), {"ngay": "2026-11-23"}).content.decode()
    assert "64 đơn vị cấp xã (21 phường, 43 xã)" in today
    assert "Cấp huyện" not in today


@pytest.mark.parametrize("typed", ["2025-01-15", "15/01/2025", "15/1/2025", " 15/01/2025 "])
def test_a_day_may_be_typed_as_it_is_written_here(client: Client, typed: str) -> None:
    assert "207 đơn vị cấp xã" in client.get(reverse("organisation:units"), {"ngay": typed}).content.decode()


@pytest.mark.parametrize(
    "query",
    [
        {"ngay": "2021-02-31"}, {"ngay": "hôm qua"},
        {"ngay": "31/02/2021"}, {"ngay": "1/1/1/1"}, {"ngay": "15/01/99999"},
        {"ngay": "0001-01-01"}, {"ngay": "9999-12-31"}, {"q": "\x00"},
        {"q": "x" * 5000}, {"q": "\u202ecam"}, {"q": "%' OR 1=1 --"}, {"q": "cam thuong"},
    ],
)  # fmt: skip
def test_whatever_is_asked_of_the_list_a_page_comes_back(client: Client, query: dict[str, str]) -> None:
    assert client.get(reverse("organisation:units"), query).status_code == 200
    assert client.get(reverse("organisation:unit", args=[commune()]), query).status_code == 200


def test_an_unknown_unit_is_not_found(client: Client) -> None:
    assert client.get(reverse("organisation:unit", args=[uuid4()])).status_code == 404


def test_every_page_of_the_room_names_its_right() -> None:
    assert isinstance(room_urls, ModuleType)
    patterns = [p for p in room_urls.urlpatterns if isinstance(p, URLPattern)]
    assert len(patterns) == 11
    assert all(guard.right_of(p.callback) for p in patterns)


def test_a_page_that_names_no_right_is_shown_to_nobody() -> None:
    middleware = PrincipalMiddleware(lambda request: HttpResponse())
    request = RequestFactory().get("/")
    with pytest.raises(PermissionDenied):
        middleware.process_view(request, lambda request: HttpResponse("bí mật"), (), {})
    assert middleware.process_view(request, public(lambda request: HttpResponse()), (), {}) is None


def test_a_right_is_asked_of_who_comes() -> None:
    @require("test.page.open")
    def page(request: HttpRequest) -> HttpResponse:
        return HttpResponse("mở")

    @signed_in
    def own(request: HttpRequest) -> HttpResponse:
        return HttpResponse("mở")

    leader, clerk = official(commune(), Role.LEADER), official(commune(), Role.CLERK)
    assert page(_from(leader)).content == "mở".encode()
    assert own(_from(clerk)).content == "mở".encode()
    with pytest.raises(PermissionDenied):
        page(_from(clerk))
    assert page(_from(None)).status_code == own(_from(None)).status_code == 302


def test_pages_that_do_not_ask_who_comes_ask_the_database_nothing(client: Client, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    with django_assert_num_queries(0):
        client.get(reverse("organisation:sign-in"))


def test_pages_hold_no_inline_style_or_script(client: Client) -> None:
    create_demo_accounts()
    pages = ["sign-in", "official-sign-in", "demo", "units"]
    texts = [client.get(reverse(f"organisation:{name}")).content.decode() for name in pages]
    texts.append(client.get(reverse("organisation:unit", args=[units.by_code("30", DAY).id])).content.decode())  # type: ignore[union-attr]
    for text in texts:
        assert " style=" not in text
        assert "<script>" not in text
        assert text.count("<h1") == 1


def _from(account_id) -> HttpRequest:  # type: ignore[no-untyped-def]
    from tinhso.organisation.api import principal_for

    request = RequestFactory().get("/x/")
    if account_id:
        request.principal = principal_for(account_id)  # type: ignore[attr-defined]
    assert isinstance(principal_of(request), Principal)
    return request
