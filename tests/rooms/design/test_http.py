"""The living page answers in every theme and density, and a reader's choices are kept without harm."""

from __future__ import annotations

import re
from http import HTTPStatus

import pytest
from django.http import HttpRequest
from django.template.loader import get_template
from django.test import RequestFactory

from tinhso.design.http.views import living_page, set_preferences

ERRORS = ["400", "403", "404", "413", "429", "500", "503"]


@pytest.mark.parametrize("query", ["", "theme=dark", "view=office", "view=wall", "view=nothing&theme=purple"])
def test_the_living_page_needs_no_inline_style_or_script(rf: RequestFactory, query: str) -> None:
    html = living_page(rf.get(f"/design/?{query}")).content.decode()
    assert html.count("<h1") == 1
    assert not re.search(r"\sstyle=", html)
    assert not re.search(r"\son[a-z]+=", html)
    assert not re.search(r"<script(?![^>]*\ssrc=)", html)
    assert ('data-theme="dark"' in html) == ("dark" in query or "wall" in query)
    assert "purple" not in html.split("<body")[0]


@pytest.mark.parametrize("code", ERRORS)
def test_an_error_page_says_what_to_do_and_draws_without_a_request(code: str) -> None:
    html = get_template(f"{code}.html").render()
    assert html.count("<h1") == 1
    assert "Bạn" in html
    assert "lỗi hệ thống" not in html.lower()


def _post(rf: RequestFactory, **data: str) -> HttpRequest:
    return rf.post("/design/preferences", data)


def test_a_theme_is_kept_and_the_reader_goes_back(rf: RequestFactory) -> None:
    response = set_preferences(_post(rf, theme="dark", next="/thu-tuc?q=khai"))
    assert (response.status_code, response["Location"]) == (HTTPStatus.FOUND, "/thu-tuc?q=khai")
    assert response.cookies["theme"].value == "dark"
    assert set_preferences(_post(rf, theme="auto")).cookies["theme"]["max-age"] == 0


def test_a_kept_theme_is_written_on_the_page(rf: RequestFactory) -> None:
    request = rf.get("/design/")
    request.COOKIES["theme"] = "light"
    assert 'data-theme="light"' in living_page(request).content.decode()
    request.COOKIES["theme"] = '"><script>'
    assert "data-theme" not in living_page(request).content.decode()


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "\\\\evil"])
def test_nobody_is_sent_elsewhere(rf: RequestFactory, target: str) -> None:
    assert set_preferences(_post(rf, theme="dark", next=target))["Location"] == "/"


def test_what_is_not_offered_is_not_kept(rf: RequestFactory) -> None:
    response = set_preferences(_post(rf, theme="purple", language="xx\r\nSet-Cookie: a=b"))
    assert not response.cookies
