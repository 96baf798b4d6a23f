"""What the site answers by itself, whatever the page."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address", ["/kiem-tra/%00/", "/tra-cuu/?ma=%00", "/thu-tuc/?tim=a%00b", "/api/v1/procedures?q=%00"]
)
def test_a_nul_in_an_address_is_a_bad_request_never_an_error(client: Client, address: str) -> None:
    assert client.get(address).status_code == 400


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("cookie", "accepted", "said"), [("", "en-US,en", "vi"), ("en", "vi", "en"), ("xx", "en", "vi")]
)
def test_vietnamese_is_spoken_unless_english_was_chosen(client: Client, cookie: str, accepted: str, said: str) -> None:
    if cookie:
        client.cookies["django_language"] = cookie
    answer: Any = client.get("/dang-nhap/", headers={"accept-language": accepted})
    assert answer.headers["Content-Language"] == said
