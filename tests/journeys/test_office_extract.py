"""By keyboard alone: a clerk receives an extract, an officer draws it up, a leader signs it; the result verifies."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.fixtures.site import Site
from tests.journeys.test_citizen_extract import SEED

pytestmark = pytest.mark.browser
ROOT = Path(__file__).resolve().parents[2]
AXE = (ROOT / "tests" / "vendor" / "axe.min.js").read_text()
PASSWORD = "thu-tinh-so-2021"  # the demonstration's
CASES = """
import sys
sys.path.insert(0, {root!r})
from tests.rooms.services.factories import Town
town = Town(None)
case = town.apply()
town.settle(case)
print(case.code)
"""


@pytest.fixture
def desk(browser: Any) -> Iterator[BrowserContext]:
    """An office screen."""
    context = browser.new_context(
        locale="vi-VN",
        timezone_id="Asia/Ho_Chi_Minh",
        viewport={"width": 1280, "height": 800},
        reduced_motion="reduce",
    )
    context.set_default_timeout(20_000)
    yield context
    context.close()


def tab_to(page: Page, selector: str) -> None:
    """Walk with the Tab key to a control."""
    for _ in range(80):
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{selector} cannot be reached by Tab on {page.url}")


def sign_in(page: Page, site: Site, login: str, to: str = "/can-bo/%3Fxem=tat-ca") -> None:
    """Sign in with password and second factor, which the demonstration shows."""
    page.goto(f"{site.url}/dang-nhap/can-bo/?tiep={to}")
    tab_to(page, "[name=login]")
    page.keyboard.type(login)
    tab_to(page, "[name=password]")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    code = page.locator("main .code").first.inner_text()
    tab_to(page, "[name=code]")
    page.keyboard.type(code)
    page.keyboard.press("Enter")
    expect(page.locator("body.office h1")).to_be_attached()


def open_first(page: Page) -> None:
    """Go to the first line and open it."""
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator("#dossier-title")).to_be_visible()


def sound(page: Page) -> None:
    """See that nothing is wider than the screen and that axe finds nothing, small and large, light and dark."""
    size = page.viewport_size
    for width, scheme in ((320, "light"), (900, "dark"), (1280, "light"), (1280, "dark")):
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, (page.url, width)
        page.evaluate(AXE)
        found = page.evaluate(
            "axe.run(document, {resultTypes: ['violations']})"
            ".then((r) => r.violations.map((v) => v.id + ': ' + v.nodes.map((n) => n.html).join(' | ')))"
        )
        assert found == [], (page.url, width, scheme)
    if size:
        page.set_viewport_size(size)
    page.emulate_media(color_scheme="light")


def until(page: Page, site: Site, words: str) -> None:
    """Look again until the worker has carried the decision out."""
    for _ in range(60):
        page.goto(f"{site.url}/can-bo/?xem=tat-ca")
        if words in page.locator("main").inner_text():
            return
        page.wait_for_timeout(250)
    raise AssertionError(f"{words} did not come")


@pytest.mark.parametrize("day", ["2021-01-18", ""], ids=["january 2021", "today"])
def test_an_extract_goes_from_the_counter_to_a_signed_result_by_keyboard(
    serve: Any, desk: BrowserContext, tmp_path: Path, day: str
) -> None:
    with serve(filled_by=SEED.format(day=day), TINHSO_UNDO_SECONDS="3") as site:
        code = site.script(CASES.format(root=str(ROOT))).split()[-1]
        said: list[str] = []
        page = desk.new_page()
        page.on("pageerror", lambda error: said.append(str(error)))
        with site.worker():
            receive(page, site, code, thorough=not day)
            forward(page, site, code)
            sign(page, site, code, tmp_path)
        assert said == []


def receive(page: Page, site: Site, code: str, *, thorough: bool) -> None:
    """Look at the paper, receive; take it back once; receive again: two keys."""
    sign_in(page, site, "tiepnhan.xa")
    if thorough:
        sound(page)
    open_first(page)
    page.keyboard.press("t")
    expect(page.get_by_role("alert")).to_contain_text("Chưa mở giấy tờ bắt buộc")
    if thorough:
        sound(page)
    page.keyboard.press("1")
    expect(page.locator("[data-mark-opened]")).to_contain_text("đã mở")
    page.keyboard.press("t")
    expect(page.locator(".undo")).to_contain_text(f"Đã ghi: Tiếp nhận {code[-4:]}.")
    page.keyboard.press("z")
    expect(page.locator("main")).to_contain_text("Đã hoàn tác")
    page.keyboard.press("d")
    page.keyboard.press("t")
    expect(page.locator(".undo")).to_contain_text("Đã ghi")
    if thorough:
        sound(page)
    page.context.clear_cookies()


def forward(page: Page, site: Site, code: str) -> None:
    sign_in(page, site, "hotich.xa")
    until(page, site, "Thụ lý")
    page.keyboard.press("/")
    page.keyboard.type(code[-4:])
    page.keyboard.press("Enter")
    page.wait_for_url(f"**tim={code[-4:]}**")
    open_first(page)
    page.keyboard.press("c")
    expect(page.locator(".undo")).to_contain_text("Đã ghi: Chuyển bước sau")
    page.context.clear_cookies()


def sign(page: Page, site: Site, code: str, folder: Path) -> None:
    sign_in(page, site, "chutich.xa")
    until(page, site, "Ký")
    open_first(page)
    page.keyboard.press("s")
    expect(page.locator(".undo")).to_contain_text("Đã ghi: Ký và trả kết quả")
    link = page.locator("a[href*='/can-bo/ket-qua/']")
    for _ in range(60):
        page.keyboard.press("Control+k")
        page.keyboard.type(code)
        page.keyboard.press("Enter")
        expect(page.locator("#dossier-title")).to_contain_text(code)
        if link.count():
            break
        page.wait_for_timeout(250)
    signed = folder / "ket-qua.pdf"
    signed.write_bytes(page.request.get(site.url + str(link.first.get_attribute("href"))).body())
    checker = shutil.which("pdfsig")
    assert checker, "no pdfsig: apt-get install poppler-utils"
    told = subprocess.run([checker, str(signed)], capture_output=True, text=True, check=False).stdout
    assert told.count("Signature is Valid.") == 2, told


def test_the_other_pages_are_sound(serve: Any, desk: BrowserContext) -> None:
    with serve(filled_by=SEED.format(day="2021-01-18"), TINHSO_UNDO_SECONDS="0") as site:
        code = site.script(CASES.format(root=str(ROOT)) + "town.apply()\n").split()[-1]
        page = desk.new_page()
        sign_in(page, site, "tiepnhan.xa")
        for path in ("/can-bo/?xem=tre", "/can-bo/nhap-ho-so/", "/can-bo/nhap-ho-so/2.000635/", "/can-bo/?tim=khongco"):
            page.goto(site.url + path)
            sound(page)
        page.goto(f"{site.url}/can-bo/tim/?q={code}")
        for key in ("b", "x", "c"):
            page.keyboard.press(key)
            sound(page)
            page.evaluate("document.activeElement.blur()")
        page.goto(f"{site.url}/can-bo/?xem=tat-ca")
        page.keyboard.press("j")
        page.keyboard.press("m")
        page.keyboard.press("j")
        page.keyboard.press("m")
        tab_to(page, "button[form=nhieu]")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_contain_text("Tiếp nhận")
        sound(page)
        page.context.clear_cookies()
        sign_in(page, site, "quantri", "/can-bo/lich-lam-viec/")
        sound(page)


def test_without_javascript_a_case_is_opened_and_decided(serve: Any, browser: Any) -> None:
    with serve(filled_by=SEED.format(day="2021-01-18"), TINHSO_UNDO_SECONDS="0") as site:
        code = site.script(CASES.format(root=str(ROOT))).split()[-1]
        context = browser.new_context(locale="vi-VN", java_script_enabled=False)
        page = context.new_page()
        page.goto(f"{site.url}/dang-nhap/can-bo/?tiep=/can-bo/")
        page.locator("[name=login]").fill("tiepnhan.xa")
        page.locator("[name=password]").fill(PASSWORD)
        page.locator("main button.btn-primary").click()
        page.locator("[name=code]").fill(page.locator("main .code").first.inner_text())
        page.locator("main button.btn-primary").click()
        page.locator("[data-row-link]").first.click()
        expect(page.locator("#dossier-title")).to_contain_text(code)
        page.locator(".act summary", has_text="Yêu cầu bổ sung").click()
        page.get_by_label("Ảnh chụp giấy tờ tùy thân", exact=True).check()
        page.get_by_role("button", name="Gửi yêu cầu bổ sung").click()
        expect(page.locator("main")).to_contain_text("Đã ghi: Yêu cầu bổ sung")
        context.close()
