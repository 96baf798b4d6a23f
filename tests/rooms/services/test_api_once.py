"""An application sent many times at once is handed in once, on either database, and its files are kept once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from tests.rooms.services.citizens import province  # noqa: F401
from tests.rooms.services.programs import citizen, hand_in
from tinhso.foundation.api import clock
from tinhso.services.models import Attachment, Case

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 6


def test_one_key_sent_many_times_at_once_is_one_case(province: clock.ManualClock) -> None:  # noqa: F811
    program = citizen()

    def send(number: int) -> tuple[int, str]:
        try:
            with clock.using(province):
                answer = hand_in(program, "the-same", subject_name=f"Lê Gia Bảo {number % 2}")
                return answer.status_code, answer.json().get("code", answer.content.decode())
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        told = list(pool.map(send, range(AT_ONCE)))
    assert {status for status, _ in told} == {201}, told
    assert len({code for _, code in told}) == 1
    assert Case.objects.count() == 1
    assert Attachment.objects.count() == 1


def test_many_at_once_each_get_a_code_of_their_own(province: clock.ManualClock) -> None:  # noqa: F811
    program = citizen()

    def send(number: int) -> str:
        try:
            with clock.using(province):
                return str(hand_in(program, f"k-{number}").json()["code"])
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        codes = sorted(pool.map(send, range(2 * AT_ONCE)))
    numbers = [int(code.rpartition("-")[2]) for code in codes]
    assert numbers == list(range(1, 2 * AT_ONCE + 1))
