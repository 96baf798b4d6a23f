"""The site as it is served: under its own server, with its own folder, to a real browser."""

from __future__ import annotations

import smtplib
import urllib.error
import urllib.request
from email.message import EmailMessage

import pytest
from playwright.sync_api import Page

from tests.fixtures.site import Site
from tests.fixtures.smtp import Mailbox


def test_pages_come_with_the_policy_and_are_not_kept(site: Site) -> None:
    with urllib.request.urlopen(site.url) as answer:
        assert answer.status == 200
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert "unsafe" not in answer.headers["Content-Security-Policy"]
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    with pytest.raises(urllib.error.HTTPError) as missing:
        urllib.request.urlopen(f"{site.url}/khong-co-trang-nay/")
    assert missing.value.code == 404


@pytest.mark.browser
def test_a_browser_shows_the_first_page_without_a_complaint(site: Site, page: Page) -> None:
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("requestfailed", lambda request: complaints.append(request.url))
    page.goto(site.url, wait_until="networkidle")
    assert page.locator("html").get_attribute("lang") == "vi"
    assert page.locator("h1").count() == 1
    assert complaints == []


def test_each_site_has_a_database_and_keys_of_its_own(site: Site) -> None:
    count = "from tinhso.foundation.models import Setting; print(Setting.objects.count())"
    assert site.script(count).strip() == "0"
    site.script("from tinhso.foundation.api import installation; installation.put('a', 1)")
    assert site.script(count).strip() == "1"
    assert (site.home / "keys.json").exists()


def test_the_mail_server_keeps_what_it_is_sent(mailbox: Mailbox) -> None:
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = "Hồ sơ đã nhận", "a@example.org", "b@example.org"
    message.set_content("Mã hồ sơ …")
    host, port = mailbox.url.removeprefix("smtp://").split(":")
    with smtplib.SMTP(host, int(port)) as client:
        client.send_message(message)
    [kept] = mailbox.to("b@example.org")
    assert kept["Subject"] == "Hồ sơ đã nhận"
    mailbox.answer = "451 later"
    with smtplib.SMTP(host, int(port)) as client, pytest.raises(smtplib.SMTPDataError):
        client.send_message(message)
