"""The promise kept, whole: two services applied for on a phone, paid, completed; processed and signed by keyboard as a
commune and as the office of household businesses; the result checked; the leaders' figure moved and opened down to it.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.fixtures.site import Site
from tests.journeys.test_citizen_extract import SEED, fill_in, hand_in, onward, pay, photograph
from tests.journeys.test_citizen_extract import sign_in as sign_in_by_phone
from tests.journeys.test_office_extract import open_first, sign_in

pytestmark = pytest.mark.browser
__all__ = ["photograph"]  # a fixture
LISTED = """
from tinhso.foundation.api import packages
from tinhso.foundation.contracts import Actor
from tinhso.services import api as services
listed = packages.ROOT / "published" / "hai-duong" / "procedures.csv"
services.published.import_published(content=listed.read_bytes(), source=listed.name, actor=Actor.system("test"))
"""
HOUSEHOLD = {
    "applicant_name": "Lê Hoàng Sơn",
    "applicant_id": "030086002468",
    "business_name": "Bánh đậu xanh Ánh Dương",
    "business_lines": "Sản xuất bánh kẹo\nBán lẻ thực phẩm",
    "address_detail": "Số 5 đường Trần Hưng Đạo",
    "capital": "150.000.000",
}
# The district's office registered household businesses until the district tier ended; now the commune does.
DISTRICT = ("tiepnhan.kinhdoanh", "chuyenvien.kinhdoanh", "lanhdao.kinhdoanh")
COMMUNE = ("tiepnhan.xa", "hotich.xa", "chutich.xa")
BIRTHDAY = ("17", "9", "1992")


@pytest.fixture
def phone(browser: Browser) -> Iterator[BrowserContext]:
    """A phone: 320 px wide, touched, in Vietnamese."""
    context = browser.new_context(
        locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh", viewport={"width": 320, "height": 640}, has_touch=True
    )
    context.set_default_timeout(20_000)
    yield context
    context.close()


@dataclass
class Office:
    """Desks that stay signed in: a second factor's code is good once, as it should be."""

    browser: Browser
    site: Site
    desks: dict[str, Page] = field(default_factory=dict)

    def desk(self, login: str) -> Page:
        if login not in self.desks:
            self.desks[login] = self.screen()
            sign_in(self.desks[login], self.site, login)
        return self.desks[login]

    def leader(self) -> Page:
        """The province's leader, by the demonstration's own door."""
        if "leader" not in self.desks:
            page = self.desks["leader"] = self.screen()
            page.goto(f"{self.site.url}/dang-nhap/thu/")
            page.get_by_role("button", name=re.compile("Tạ Như Ý")).last.click()
            expect(page.get_by_role("heading", level=1)).to_be_visible()
        return self.desks["leader"]

    def screen(self) -> Page:
        screen = {"width": 1280, "height": 800}
        context = self.browser.new_context(locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh", viewport=screen)
        context.set_default_timeout(20_000)
        return context.new_page()

    def close(self) -> None:
        for page in self.desks.values():
            page.context.close()


@pytest.mark.parametrize(
    ("day", "ward", "start", "logins"),
    [("2021-01-18", "Cẩm Thượng", ("22", "2", "2021"), DISTRICT), ("", "Thành Đông", ("1", "3", "2027"), COMMUNE)],
    ids=["january 2021", "today"],
)
def test_two_services_go_from_a_phone_to_a_signed_result_and_the_leaders_figure(
    serve: Any,
    phone: BrowserContext,
    browser: Browser,
    photograph: Path,
    tmp_path: Path,
    *,
    day: str,
    ward: str,
    start: Any,
    logins: Any,
) -> None:
    with serve(filled_by=SEED.format(day=day) + LISTED, TINHSO_UNDO_SECONDS="0.5") as site, site.worker():
        office = Office(browser, site)
        before = wholly_online(office)
        page = phone.new_page()
        extract = apply_for_extract(page, site, photograph)
        household = apply_for_household(page, site, ward, start)
        process_extract(office, extract)
        process_household(office, page, household, logins)
        for code in (extract, household):
            accepted_by_pdfsig(result_of(page, site, code), tmp_path / "ket-qua.pdf")
        assert before == "—"
        assert wholly_online(office) == "100 %"
        opened_down_to(office, extract)
        office.close()


def apply_for_extract(page: Page, site: Site, photograph: Path) -> str:
    """Apply for a copy of an extract, and pay; return the case code."""
    page.goto(f"{site.url}/thu-tuc/2.000635/nop/")
    sign_in_by_phone(page, site.url)
    page.get_by_role("button", name="Bắt đầu").click()
    fill_in(page, sound_too=False)
    page.locator("input[type=file]").set_input_files(str(photograph))
    expect(page.locator("main")).to_contain_text("Đã nhận")
    onward(page)
    code = hand_in(page)
    pay(page, code)
    return code


def apply_for_household(page: Page, site: Site, ward: str, start: tuple[str, str, str]) -> str:
    """Apply for a household business alone, and pay; return the case code."""
    page.goto(f"{site.url}/thu-tuc/1.001612/nop/")
    page.get_by_role("button", name="Bắt đầu").click()
    page.locator("[name=founder][value=individual]").check()
    for _ in range(12):
        if page.get_by_role("button", name="Nộp hồ sơ").count():
            break
        fill_what_is_asked(page, ward, start)
        onward(page)
    code = hand_in_now(page)
    pay(page, code)
    return code


def fill_what_is_asked(page: Page, ward: str, start: tuple[str, str, str]) -> None:
    """Answer whatever this page asks of the household business."""
    for name, value in HOUSEHOLD.items():
        if page.locator(f"[name={name}]").count():
            page.locator(f"[name={name}]").fill(value)
    for name, parts in (("applicant_birth_date", BIRTHDAY), ("start_date", start)):
        if page.locator(f"[name={name}_day]").count():
            for part, typed in zip(("day", "month", "year"), parts, strict=True):
                page.locator(f"[name={name}_{part}]").fill(typed)
    if page.locator("[name=address_commune]").count():
        page.locator("[name=address_commune]").fill(ward)
    if page.locator("[name=delivery][value=online]").count():
        page.locator("[name=delivery][value=online]").check()


def hand_in_now(page: Page) -> str:
    page.get_by_role("button", name="Nộp hồ sơ").click()
    expect(page.locator(".confirmation-code")).to_be_visible()
    return page.locator(".confirmation-code").inner_text().strip()


def process_extract(office: Office, code: str) -> None:
    """Receive, draw up and sign as the commune's clerk, officer and chairman: a few keys each."""
    work(office, "tiepnhan.xa", code, "1t")
    work(office, "hotich.xa", code, "c")
    work(office, "chutich.xa", code, "s")


def process_household(office: Office, page: Page, code: str, logins: tuple[str, str, str]) -> None:
    """Ask for a supplement by keyboard; the person answers on the phone; then receive, examine, submit and sign."""
    clerk, officer, leader = logins
    desk = find(office, clerk, code)
    desk.keyboard.press("b")
    desk.locator("textarea:visible").first.fill("Ghi rõ số nhà trong địa chỉ trụ sở.")
    desk.get_by_role("button", name="Gửi yêu cầu bổ sung").click()
    expect(desk.locator(".undo")).to_contain_text("Yêu cầu bổ sung")
    answer_supplement(page, office.site, code)
    work(office, clerk, code, "t")
    work(office, officer, code, "c")
    work(office, officer, code, "c")
    work(office, leader, code, "s")


def answer_supplement(page: Page, site: Site, code: str) -> None:
    """Read what is asked on the phone, say it, send it."""
    open_my_case(page, site, code, until="Cần bổ sung")
    expect(page.locator("main")).to_contain_text("Ghi rõ số nhà trong địa chỉ trụ sở.")
    page.get_by_role("link", name=re.compile("bổ sung", re.IGNORECASE)).first.click()
    page.locator("main textarea").last.fill("Số nhà 5, ngõ 12.")
    page.locator("main button.btn-primary").last.click()
    expect(page.locator("#error-summary")).to_have_count(0)


def work(office: Office, login: str, code: str, keys: str) -> None:
    """Open the case at one's desk and press the keys; the decision is written down."""
    desk = find(office, login, code)
    for key in keys:
        desk.keyboard.press(key)
        if key == "1":
            expect(desk.locator("[data-mark-opened]").first).to_contain_text("đã mở")
    expect(desk.locator(".undo")).to_contain_text("Đã ghi")


def find(office: Office, login: str, code: str) -> Page:
    """Wait on one's own list until the case is there, and open it by keyboard."""
    desk = office.desk(login)
    for _ in range(120):
        desk.goto(f"{office.site.url}/can-bo/?xem=tat-ca&tim={code}")
        if desk.locator("[data-row-link]").count():
            open_first(desk)
            expect(desk.locator("#dossier-title")).to_contain_text(code)
            return desk
        desk.wait_for_timeout(250)
    raise AssertionError(f"{code} did not come to {login}")


def open_my_case(page: Page, site: Site, code: str, *, until: str) -> None:
    """Open a case from "my cases" once it says something."""
    for _ in range(120):
        page.goto(f"{site.url}/ho-so/")
        line = page.locator("main li").filter(has_text=code)
        if until in line.inner_text():
            line.get_by_role("link").first.click()
            return
        page.wait_for_timeout(250)
    raise AssertionError(f"“{until}” did not come")


def result_of(page: Page, site: Site, code: str) -> bytes:
    """Download the signed result as its owner."""
    for _ in range(120):
        open_my_case(page, site, code, until=code)
        link = page.locator("main a[href$='.pdf'][href*='ket-qua']")
        if link.count():
            return page.request.get(site.url + str(link.first.get_attribute("href"))).body()
        page.wait_for_timeout(250)
    raise AssertionError(f"no result for {code}")


def accepted_by_pdfsig(document: bytes, path: Path) -> None:
    path.write_bytes(document)
    checker = shutil.which("pdfsig")
    assert checker, "no pdfsig: apt-get install poppler-utils"
    told = subprocess.run([checker, str(path)], capture_output=True, text=True, check=False).stdout
    assert told.count("Signature is Valid.") == 2, told


def wholly_online(office: Office) -> str:
    """Read the share of cases wholly online from the leaders' screen."""
    page = office.leader()
    page.goto(f"{office.site.url}/dieu-hanh/")
    card = page.locator("main").get_by_text("Hồ sơ xử lý trực tuyến toàn trình").first
    shown = card.locator("xpath=ancestor::*[self::section or self::article or self::li or self::div][1]").inner_text()
    found = re.search(r"(\d+(?:,\d+)?\s%|—)", shown.replace("\u00a0", " "))
    assert found, shown
    return found[1]


def opened_down_to(office: Office, code: str) -> None:
    """Open the tile down to its cases, and find ours."""
    page = office.leader()
    page.goto(f"{office.site.url}/dieu-hanh/cases-wholly-online/dong/")
    expect(page.locator("main")).to_contain_text(code)
