"""A person applies for a copy of an extract on a phone-sized browser, from signing in to having paid."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, Page, expect

pytestmark = pytest.mark.browser
AXE = Path(__file__).parents[1] / "vendor" / "axe.min.js"
SEED = """
from datetime import date
from tinhso.foundation.api import packages
from tinhso.foundation.contracts import Actor
from tinhso.organisation import api as organisation
from tinhso.site import businesstime
day = {day!r}
if day:
    businesstime.start_at(date.fromisoformat(day))
actor = Actor.system("test")
organisation.load_organisation(actor=actor)
for kind in packages.kinds():
    for folder in packages.folders(kind.name):
        packages.install(kind=kind.name, folder=folder, actor=actor)
organisation.create_demo_accounts()
"""


@pytest.fixture
def phone(browser: Any) -> Iterator[BrowserContext]:
    """A phone: 320 px wide, touched, in Vietnamese."""
    context = browser.new_context(
        locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh", viewport={"width": 320, "height": 640}, has_touch=True
    )
    context.set_default_timeout(15_000)
    yield context
    context.close()


@pytest.fixture
def photograph(tmp_path: Path) -> Path:
    """A large photograph, as a phone takes it."""
    out = io.BytesIO()
    Image.effect_noise((2600, 2000), 30).convert("RGB").save(out, "JPEG", quality=92)
    path = tmp_path / "căn cước.jpg"
    path.write_bytes(out.getvalue())
    return path


def sign_in(page: Page, url: str, number: str = "0912345678") -> None:
    """Sign in by the code that the demonstration shows, and come back to where one was."""
    page.get_by_label("Số điện thoại hoặc thư điện tử").fill(number)
    page.get_by_role("button", name="Gửi mã cho tôi").click()
    code = re.search(r"\b(\d{6})\b", page.locator("main").inner_text())
    assert code is not None
    page.locator("[name=code]").fill(code[1])
    page.locator("main button.btn-primary").click()


def onward(page: Page) -> None:
    """Press the page's way on, and see that nothing was called wrong."""
    page.get_by_role("button", name="Tiếp tục").last.click()
    expect(page.locator("#error-summary")).to_have_count(0)


def sound(page: Page) -> None:
    """See that a page fits a phone and that axe finds nothing."""
    page.wait_for_load_state("networkidle")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320, page.url
    page.evaluate(AXE.read_text())
    found = page.evaluate("axe.run().then((r) => r.violations.map((v) => v.id + ': ' + v.nodes[0].html))")
    assert found == [], page.url


def fill_in(page: Page, sound_too: bool) -> None:
    """Answer the six pages of the form."""
    look = sound if sound_too else lambda _page: None
    look(page)
    page.get_by_label("Khai sinh").check()
    onward(page)
    look(page)
    page.get_by_label("Họ, chữ đệm và tên của người được cấp bản sao").fill("Lê Hoàng Gia Bảo")
    for part, value in (("day", "21"), ("month", "7"), ("year", "2018")):
        page.locator(f"[name=subject_birth_date_{part}]").fill(value)
    onward(page)
    look(page)
    page.get_by_label("Nơi đã đăng ký hộ tịch").fill("cẩm thượng")
    onward(page)
    page.get_by_label("Dùng để làm gì").fill("Nhập học")
    page.get_by_label("Chính tôi").check()
    onward(page)
    expect(page.get_by_label("Số điện thoại")).to_have_value("0912345678")
    page.get_by_label("Họ, chữ đệm và tên của bạn").fill("Lê Hoàng Sơn")
    page.get_by_label("Số căn cước").fill("030086002468")
    onward(page)
    page.get_by_label("Bản điện tử có chữ ký số").check()
    onward(page)
    look(page)


@pytest.mark.parametrize("day", ["2021-01-18", ""], ids=["january 2021", "today"])
def test_an_extract_is_applied_for_on_a_phone_and_paid(
    serve: Any, phone: BrowserContext, photograph: Path, day: str
) -> None:
    with serve(filled_by=SEED.format(day=day)) as site, site.worker():
        page = phone.new_page()
        page.goto(site.url)
        sound(page)
        page.get_by_label("Tìm thủ tục").fill("trich luc khai sinh")
        page.get_by_role("button", name="Tìm").click()
        sound(page)
        page.get_by_role("link", name="Cấp bản sao Trích lục hộ tịch").click()
        sound(page)
        page.get_by_role("link", name="Bắt đầu nộp").click()
        sign_in(page, site.url)
        sound(page)
        page.get_by_role("button", name="Bắt đầu").click()
        fill_in(page, sound_too=not day)
        hand_in_papers(page, photograph)
        code = hand_in(page)
        pay(page, code)
        page.goto(site.url + "/tra-cuu/?ma=" + code)
        expect(page.locator("main")).to_contain_text("Mới đăng ký")
        expect(page.locator("main")).not_to_contain_text("Lê Hoàng")


def hand_in_papers(page: Page, photograph: Path) -> None:
    """Choose the photograph; it is made smaller on the phone and sent at once, in pieces."""
    page.locator("input[type=file]").set_input_files(str(photograph))
    expect(page.locator("main")).to_contain_text("căn cước.jpg")
    expect(page.locator("main")).to_contain_text("Đã nhận")
    sent = re.search(r"căn cước\.jpg \((.*?)\)", page.locator("main").inner_text())
    assert sent is not None
    assert photograph.stat().st_size > 2_000_000
    sound(page)
    onward(page)


def hand_in(page: Page) -> str:
    """Take the agency proposed, check, hand in; return the case code from the confirmation."""
    expect(page.locator("main")).to_contain_text("Ủy ban nhân dân phường")
    sound(page)
    onward(page)
    expect(page.locator("main")).to_contain_text("8.000 ₫")
    sound(page)
    page.get_by_role("button", name="Nộp hồ sơ").dblclick()
    expect(page.locator(".confirmation-code")).to_be_visible()
    sound(page)
    expect(page.locator(".confirmation svg.qr")).to_be_visible()
    return page.locator(".confirmation-code").inner_text().strip()


def pay(page: Page, code: str) -> None:
    """Pay through the pretended gateway and wait until it has told us."""
    page.get_by_role("link", name="Nộp phí").click()
    sound(page)
    page.get_by_role("button", name="Trả bằng thẻ hoặc ví").click()
    sound(page)
    page.get_by_role("button", name="Trả tiền").click()
    expect(page.get_by_role("heading", name="Đã nộp phí")).to_be_visible(timeout=30_000)
    sound(page)
    page.get_by_role("link", name="Xem hồ sơ").last.click()
    expect(page.locator("main")).to_contain_text("Đã nộp phí, lệ phí")
    expect(page.locator("main")).to_contain_text(code)
    sound(page)


def test_an_application_is_made_without_javascript_and_with_the_keyboard_alone(
    serve: Any, browser: Any, tmp_path: Path
) -> None:
    with serve(filled_by=SEED.format(day="")) as site:
        context = browser.new_context(locale="vi-VN", java_script_enabled=False, viewport={"width": 320, "height": 640})
        context.set_default_timeout(15_000)
        page = context.new_page()
        paper = tmp_path / "giay.jpg"
        Image.effect_noise((300, 300), 30).convert("RGB").save(paper, "JPEG")
        page.goto(f"{site.url}/thu-tuc/2.000635/nop/")
        sign_in(page, site.url)
        press(page, "Bắt đầu")
        page.get_by_label("Khai sinh").focus()
        page.keyboard.press("Space")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Người được cấp bản sao")).to_be_visible()
        page.get_by_label("Họ, chữ đệm và tên của người được cấp bản sao").focus()
        for typed in ("Lê Hoàng Gia Bảo", "21", "7", "2018"):
            page.keyboard.type(typed)
            page.keyboard.press("Tab")
        page.keyboard.press("Enter")  # the focus stands on "Tiếp tục"
        expect(page.get_by_role("heading", name="Đăng ký ở đâu, khi nào")).to_be_visible()
        page.get_by_label("Nơi đã đăng ký hộ tịch").fill("Thành Đông")
        page.keyboard.press("Enter")
        page.get_by_label("Dùng để làm gì").fill("Nhập học")
        page.get_by_label("Chính tôi").focus()
        page.keyboard.press("Space")
        page.keyboard.press("Enter")
        page.get_by_label("Họ, chữ đệm và tên của bạn").fill("Lê Hoàng Sơn")
        page.get_by_label("Số căn cước").fill("030086002468")
        page.keyboard.press("Enter")
        page.get_by_label("Bản điện tử có chữ ký số").focus()
        page.keyboard.press("Space")
        page.keyboard.press("Enter")
        page.locator("input[type=file]").set_input_files(str(paper))
        press(page, "Tiếp tục")
        press(page, "Tiếp tục")
        press(page, "Nộp hồ sơ")
        expect(page.locator(".confirmation-code")).to_be_visible()
        context.close()


def press(page: Page, name: str) -> None:
    """Press a button by the keyboard."""
    page.get_by_role("button", name=name).last.focus()
    page.keyboard.press("Enter")
