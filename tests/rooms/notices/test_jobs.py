"""Delivery over a real SMTP server: what arrives, what is tried again, and what is never sent twice."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection

from tinhso.foundation.api import clock, journal
from tinhso.notices import api as notices
from tinhso.notices import rules
from tinhso.notices.contracts import Channel, MessageState
from tinhso.notices.models import OutboxMessage

from .conftest import PASSWORD, Post, free_port
from .factories import ACTOR, ADDRESS, CASE, PHONE, send

pytestmark = pytest.mark.django_db


def state() -> str:
    return OutboxMessage.objects.get().state


def test_a_letter_arrives_with_its_vietnamese_subject(post: Post) -> None:
    ident = send()
    assert notices.deliver() == 1
    (letter,) = post.letters
    assert letter["Subject"] == "Đã nhận hồ sơ H23.16-210118-0042"
    assert letter["To"] == ADDRESS
    assert str(ident) in letter["Message-ID"]
    assert letter["Auto-Submitted"] == "auto-generated"
    assert "Cấp bản sao trích lục hộ tịch" in letter.get_content()
    assert post.envelopes[0].rcpt_tos == [ADDRESS]
    assert state() == MessageState.SENT


def test_what_was_acknowledged_is_not_sent_again(post: Post, time: clock.ManualClock) -> None:
    send()
    notices.deliver()
    time.advance(timedelta(days=2))
    assert notices.deliver() == 0
    assert len(post.letters) == 1


def test_many_go_through_one_connection(post: Post) -> None:
    for number in range(5):
        send(destination=f"nguoi{number}@example.vn")
    assert notices.deliver(batch=3) == 3
    assert notices.deliver(batch=3) == 2
    assert len(post.letters) == 5
    assert len({envelope.rcpt_tos[0] for envelope in post.envelopes}) == 5


def test_a_temporary_refusal_is_tried_again_later(post: Post, time: clock.ManualClock) -> None:
    post.answers = ["451 come back later"]
    send()
    notices.deliver()
    assert state() == MessageState.FAILED
    assert notices.deliver() == 0
    time.advance(timedelta(seconds=rules.PAUSES[0]))
    notices.deliver()
    assert state() == MessageState.SENT
    assert len(post.letters) == 1


def test_a_server_that_is_away_is_asked_again(post: Post, time: clock.ManualClock, settings) -> None:
    settings.TINHSO_SMTP_URL = f"smtp://127.0.0.1:{free_port()}"
    send()
    notices.deliver()
    assert state() == MessageState.FAILED
    settings.TINHSO_SMTP_URL = post.url
    time.advance(timedelta(seconds=rules.PAUSES[0]))
    notices.deliver()
    assert state() == MessageState.SENT


def test_giving_up_is_seen_and_can_be_taken_back(post: Post, time: clock.ManualClock) -> None:
    post.answers = ["451 no"] * 50
    ident = send()
    tried = 0
    while state() != MessageState.GIVEN_UP:
        tried += notices.deliver()
        time.advance(timedelta(seconds=max(rules.PAUSES)))
    assert tried == len(rules.PAUSES) + 1
    assert [status.id for status in notices.given_up()] == [ident]
    journal.seal()
    (entry,) = [
        e for e in journal.about(CASE) if e.data.get("message_id") == str(ident) and e.event.endswith("GivenUp")
    ]
    assert entry.data["tries"] == tried
    assert ADDRESS not in str(entry)
    post.answers = []
    assert notices.try_again(message_id=ident, actor=ACTOR)
    notices.deliver()
    assert state() == MessageState.SENT
    assert not notices.try_again(message_id=ident, actor=ACTOR)


def test_an_address_refused_for_good_is_given_up_at_once_and_others_go_on(post: Post) -> None:
    post.recipients = {"khong.co@example.vn": "550 no such user"}
    send(destination="khong.co@example.vn")
    send()
    notices.deliver()
    assert [status.error for status in notices.given_up()] == ["SMTP 550"]
    assert [envelope.rcpt_tos for envelope in post.envelopes] == [[ADDRESS]]


def test_a_code_that_is_no_longer_valid_is_not_sent(post: Post, time: clock.ManualClock) -> None:
    send(
        template="one_time_code",
        data={"code": "042917", "minutes": 10},
        useful_until=clock.now() + timedelta(minutes=10),
    )
    time.advance(timedelta(minutes=10))
    notices.deliver()
    assert post.letters == []
    assert [status.error for status in notices.given_up()] == ["expired"]


def test_a_message_taken_by_one_worker_is_not_taken_by_another(post: Post) -> None:
    """A second worker that looks while the first is sending finds nothing to do."""
    send()
    seen: list[int] = []
    post.taken = lambda: seen.append(1)
    OutboxMessage.objects.update(next_try_at=clock.now() + rules.LEASE)
    assert notices.deliver() == 0
    assert seen == []


_WORKER = """
import sys, django
from django.conf import settings
sys.path[:0] = sys.argv[2:4]
settings.DATABASES["default"]["NAME"] = sys.argv[1]
django.setup()
from tinhso.notices import api as notices
notices.deliver()
"""


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_after_sending_sends_again_under_the_same_message_id(post: Post, settings) -> None:
    ident = send()
    root = Path(__file__).parents[3]
    started, worker = threading.Event(), []

    def kill() -> None:
        started.wait(20)
        os.kill(worker[0].pid, signal.SIGKILL)

    post.taken = kill
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "TINHSO_HOME": str(settings.HOME),
        "TINHSO_SMTP_URL": post.url,
        "PYTHONPATH": f"{root}:{root / 'src'}",
    }
    name = str(connection.settings_dict["NAME"])
    worker.append(
        subprocess.Popen([sys.executable, "-c", _WORKER, name, str(root), str(root / "src")], env=environment)
    )
    started.set()
    assert worker[0].wait(30) == -signal.SIGKILL
    post.taken = lambda: None
    assert len(post.letters) == 1
    assert state() == MessageState.WAITING
    assert notices.deliver() == 0  # still leased to the worker that died
    later = clock.now() + rules.LEASE + timedelta(seconds=1)
    with clock.using(clock.ManualClock(business=later, machine=later)):
        assert notices.deliver() == 1
        assert state() == MessageState.SENT
        assert notices.deliver() == 0
    first, second = post.letters
    assert first["Message-ID"] == second["Message-ID"]
    assert str(ident) in second["Message-ID"]


# Files


def test_text_messages_go_to_a_private_file(data_folder: Path) -> None:
    send(channel=Channel.SMS, destination=PHONE, template="one_time_code", data={"code": "042917", "minutes": 10})
    send(channel=Channel.SMS, destination=PHONE)
    notices.deliver()
    file = data_folder / "outbox" / "sms.jsonl"
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    assert [line["to"] for line in lines] == [PHONE, PHONE]
    assert "042917" in lines[0]["body"]
    assert "H23.16-210118-0042" in lines[1]["body"]
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700


def test_mail_goes_to_a_file_where_no_server_is_set(data_folder: Path) -> None:
    send()
    notices.deliver()
    assert json.loads((data_folder / "outbox" / "email.jsonl").read_text())["title"].startswith("Đã nhận hồ sơ")
    assert state() == MessageState.SENT


def test_a_file_that_cannot_be_written_is_tried_again(data_folder: Path) -> None:
    data_folder.mkdir(parents=True)
    (data_folder / "outbox").write_text("in the way")
    send(channel=Channel.SMS, destination=PHONE)
    notices.deliver()
    assert state() == MessageState.FAILED


# Forgetting


def test_settled_messages_are_emptied_after_a_month(post: Post, time: clock.ManualClock) -> None:
    send()
    notices.deliver()
    assert notices.forget() == 0
    time.advance(timedelta(days=31))
    send()
    assert notices.forget() == 1
    assert notices.forget() == 0
    old, new = OutboxMessage.objects.order_by("queued_at")
    assert not bytes(old.destination_sealed)
    assert not bytes(old.content_sealed)
    assert bytes(new.destination_sealed)


# Adapters


def test_adapters_say_how_they_are(post: Post, settings) -> None:
    mail, texts = notices.check_adapters()
    assert (mail.is_set, mail.reachable, mail.working) == (True, True, True)
    assert (texts.is_set, texts.reachable, texts.working) == (False, None, True)
    settings.TINHSO_SMTP_URL = f"smtp://127.0.0.1:{free_port()}"
    assert notices.check_adapters()[0].reachable is False


def test_a_wrong_password_is_told(post: Post, settings) -> None:
    settings.TINHSO_SMTP_URL = f"smtp://tinh:{PASSWORD.decode()}@127.0.0.1:{post.port}"
    assert notices.check_adapters()[0].working
    settings.TINHSO_SMTP_URL = f"smtp://tinh:sai@127.0.0.1:{post.port}"
    mail = notices.check_adapters()[0]
    assert (mail.reachable, mail.working) == (True, False)
    assert "mật khẩu" in mail.detail
    send()
    notices.deliver()
    assert state() == MessageState.FAILED  # ours to mend, so the message waits
