"""In a real browser, under the site's strict security policy: nothing for axe to find, nothing wider than the screen,
and the officials' keyboard does what the help says."""

from __future__ import annotations

import mimetypes
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.test import RequestFactory
from playwright.sync_api import Page, Route

from tinhso.design.http.views import living_page

ROOT = Path(__file__).resolve().parents[3]
STATIC = ROOT / "src/tinhso/design/static"
AXE = (ROOT / "tests/vendor/axe.min.js").read_text()
POLICY = "default-src 'none'; style-src 'self'; script-src 'self'; font-src 'self'; img-src 'self'; form-action 'self'"
ADDRESS = "http://tinhso.test/design/"

pytestmark = pytest.mark.browser


def _answer(route: Route) -> None:
    """Answer from the view and the static files themselves, so that no server is needed."""
    url = urlsplit(route.request.url)
    if "/design/static/" in url.path or url.path.startswith("/static/"):
        path = STATIC / url.path.split("/static/", 1)[1]
        route.fulfill(body=path.read_bytes(), content_type=mimetypes.guess_type(path.name)[0] or "font/woff2")
        return
    html = living_page(RequestFactory().get(f"{url.path}?{url.query}")).content
    headers = {"content-type": "text/html; charset=utf-8", "content-security-policy": POLICY}
    route.fulfill(body=html, headers=headers)


@pytest.fixture
def living(page: Page) -> Page:
    page.route("**/*", _answer)
    return page


def _open(page: Page, query: str, width: int = 1280, scheme: str = "light") -> list[str]:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.goto(ADDRESS + query)
    page.evaluate("document.fonts.ready")
    return said


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("query", ["", "?view=office", "?view=wall"])
def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(
    living: Page, query: str, width: int, scheme: str
) -> None:
    said = _open(living, query, width, scheme)
    assert living.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert living.evaluate("document.fonts.check('16px \"Be Vietnam Pro\"', 'ệ')")
    living.evaluate(AXE)
    found = living.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    assert [(item["id"], [node["html"] for node in item["nodes"]]) for item in found] == []
    assert said == []


def _row(page: Page) -> str:
    return str(page.evaluate("document.activeElement.closest('[data-row]')?.dataset.row ?? ''"))


def test_j_and_k_walk_the_rows_and_stop_at_the_ends(living: Page) -> None:
    _open(living, "?view=office")
    walked = []
    for key in ["k", "j", "j", "k"]:
        living.keyboard.press(key)
        walked.append(_row(living))
    assert walked == ["h-0007", "h-0042", "h-0043", "h-0042"]
    living.keyboard.press("Enter")
    assert living.url.endswith("#h-0042")


def test_keys_find_filter_and_help_and_rest_while_one_types(living: Page) -> None:
    _open(living, "?view=office")
    living.keyboard.press("/")
    living.keyboard.type("j?t")
    assert living.evaluate("document.activeElement.matches('[data-filter]') && document.activeElement.value") == "j?t"
    living.keyboard.press("Control+k")
    assert living.evaluate("document.activeElement.matches('[data-search]')")
    living.keyboard.press("Escape")
    living.keyboard.press("?")
    assert living.get_by_role("dialog").get_by_text("Yêu cầu bổ sung").is_visible()
    assert living.get_by_role("dialog").get_by_text("Hoàn tác").is_visible()


def test_a_letter_presses_its_button_unless_letters_are_switched_off(living: Page) -> None:
    _open(living, "?view=office")
    living.keyboard.press("h")
    assert living.locator("details").first.evaluate("element => element.open")
    living.keyboard.press("?")
    living.get_by_label("Dùng phím một chữ trên máy này").uncheck()
    living.get_by_role("button", name="Đóng").click()
    living.keyboard.press("h")
    assert living.locator("details").first.evaluate("element => element.open")


def test_after_a_swap_the_keyboard_stands_where_it_stood(living: Page) -> None:
    _open(living, "?view=office")
    living.keyboard.press("j")
    living.keyboard.press("j")
    here = _row(living)
    living.evaluate(
        """id => {
          document.querySelectorAll(`[data-row="${id}"]`).forEach((row) => row.remove());
          document.dispatchEvent(new CustomEvent('htmx:afterSettle'));
        }""",
        here,
    )
    assert _row(living) not in ("", here)


def test_the_error_summary_leads_to_the_answer_without_a_script(living: Page) -> None:
    _open(living, "", 320)
    living.get_by_role("link", name="Tháng phải từ 1 đến 12").click()
    living.keyboard.press("Tab")
    assert living.evaluate("document.activeElement.id") in ("id_bad_birth_month", "id_bad_birth_year")
