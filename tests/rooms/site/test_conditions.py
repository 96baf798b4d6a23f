"""What the site answers by itself, whatever the page."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client


@pytest.mark.django_db
@pytest.mark.parametrize(("address", "status"), [("/kiem-tra/%00/", 404), ("/khong-co%00", 404), ("/api/v1/x%00", 400)])
def test_a_nul_in_an_address_is_never_an_error_of_ours(client: Client, address: str, status: int) -> None:
    assert client.get(address).status_code == status


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("cookie", "accepted", "said"), [("", "en-US,en", "vi"), ("en", "vi", "en"), ("xx", "en", "vi")]
)
def test_vietnamese_is_spoken_unless_english_was_chosen(client: Client, cookie: str, accepted: str, said: str) -> None:
    if cookie:
        client.cookies["django_language"] = cookie
    answer: Any = client.get("/dang-nhap/", headers={"accept-language": accepted})
    assert answer.headers["Content-Language"] == said
