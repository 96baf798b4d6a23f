"""In a real browser: nothing for axe to find, nothing wider than the screen, rows walked by keyboard."""

from __future__ import annotations

import html
import mimetypes
import os
import re
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from django.contrib.staticfiles import finders
from django.http import HttpResponse
from django.test import Client
from playwright.sync_api import Page, Route

from tests.rooms.design.test_browser import AXE
from tests.rooms.indicators.factories import at, case_row, store

from .test_http import door

pytestmark = pytest.mark.browser
SITE = "http://localhost"  # a trustworthy origin, so that every header of the site counts
PAGES = (
    "/dieu-hanh/",
    "/dieu-hanh/?che-do=tuong",
    "/dieu-hanh/on-time-rate/?theo=don-vi",
    "/dieu-hanh/services-level-4/",
    "/dieu-hanh/on-time-rate/dong/",
)


class Screen:
    """The leader's browser. Pages are made beforehand: the browser's own thread of work has no database."""

    def __init__(self, page: Page, client: Client) -> None:
        self.page, self._client = page, client
        self._made: dict[str, HttpResponse] = {}
        page.route("**/*", self._answer)

    def make(self, address: str) -> str:
        """Make a page to be answered when it is asked for; return its text."""
        address = address.split("#", maxsplit=1)[0]
        self._made[address] = self._client.get(address)
        return html.unescape(self._made[address].content.decode())

    def open(self, address: str, width: int, scheme: str = "light") -> list[str]:
        """Open a page; return what the browser's console says of it."""
        said: list[str] = []
        self.make(address)
        self.page.on("console", lambda message: said.append(message.text))
        self.page.set_viewport_size({"width": width, "height": 900})
        self.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        self.page.goto(SITE + address)
        self.page.evaluate("document.fonts.ready")
        return said

    def _answer(self, route: Route) -> None:
        url = urlsplit(route.request.url)
        if url.path.startswith("/static/"):
            found = finders.find(url.path.removeprefix("/static/"))
            kind = mimetypes.guess_type(url.path)[0] or "font/woff2"
            route.fulfill(body=Path(str(found)).read_bytes(), content_type=kind)
            return
        made = self._made[f"{url.path}?{url.query}" if url.query else url.path]
        route.fulfill(status=made.status_code, body=made.content, headers=dict(made.headers.items()))


@pytest.fixture
def screen(page: Page, leader: Client, cases: list[UUID], published: None, communes: list[UUID]) -> Screen:
    """Five months of cases in seven communes."""
    months = [date(2020, month, 20) for month in (9, 10, 11, 12)]
    store(
        *(
            case_row(unit_id=communes[n % 7], submitted_on=day, received_at=at(day), finished_at=at(day), status=9,
                     on_time=(n * 7 + day.month) % 5 != 0, wholly_online=n % (14 - day.month) != 0)
            for day in months for n in range(20)
        )
    )  # fmt: skip
    return Screen(page, leader)


@pytest.mark.parametrize("address", PAGES)
def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(screen: Screen, address: str) -> None:
    for width, scheme in ((320, "light"), (1280, "dark")):
        said = screen.open(address, width, scheme)
        if folder := os.environ.get("TINHSO_SCREENSHOTS"):
            name = address.strip("/").replace("/", "-").replace("?", "-")
            screen.page.screenshot(path=f"{folder}/{name}-{width}-{scheme}.png", full_page=True)
        assert screen.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        screen.page.evaluate(AXE)
        found = screen.page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
        assert [(item["id"], [node["html"] for node in item["nodes"]]) for item in found] == []
        assert said == []


def test_by_keyboard_from_the_figure_to_the_cases_that_are_not_counted(screen: Screen) -> None:
    first = screen.make("/dieu-hanh/on-time-rate/?ky=12-thang")
    by_unit = screen.make(door(first, "Theo đơn vị"))
    rows = re.search(r'href="([^"]+)" data-row-link', by_unit)
    assert rows
    screen.make(door(screen.make(rows[1]), "Không được tính"))
    screen.open("/dieu-hanh/on-time-rate/?ky=12-thang", 1280)
    for key, leads_to in (("2", "**theo=don-vi**"), ("j", ""), ("Enter", "**/dong/**"), ("3", "**phan=khong-tinh**")):
        screen.page.keyboard.press(key)
        if leads_to:
            screen.page.wait_for_url(leads_to)
    assert screen.page.locator("tbody tr").count() >= 1
    assert screen.page.get_by_text("không được tính").count() >= 1
