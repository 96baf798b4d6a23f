"""Queueing: once for each cause, and nothing readable of whom it goes to."""

from __future__ import annotations

import pytest

from tinhso.foundation.api import ids, journal
from tinhso.foundation.contracts import Subject
from tinhso.notices import api as notices
from tinhso.notices.contracts import BadMessage, Channel, MessageState
from tinhso.notices.models import OutboxMessage

from .factories import ACTOR, ADDRESS, CASE, PHONE, message, send

pytestmark = pytest.mark.django_db


def test_the_same_cause_is_queued_once() -> None:
    first = send(dedupe_key="services.CaseSubmitted/1/email")
    again = send(dedupe_key="services.CaseSubmitted/1/email", data={"case": "X", "procedure": "khác"})
    assert first == again
    assert OutboxMessage.objects.count() == 1


def test_queueing_is_in_the_journal_once_and_without_personal_data() -> None:
    subject = Subject("services.case", ids.new())
    for _ in range(2):
        notices.send(message=message(dedupe_key="k"), subject=subject, actor=ACTOR)
    journal.seal()
    (entry,) = journal.about(subject)
    assert entry.event == "notices.MessageQueued"
    assert ADDRESS not in str(entry)
    assert journal.personal(entry.id) is None


@pytest.mark.parametrize(("channel", "destination"), [(Channel.EMAIL, ADDRESS), (Channel.SMS, PHONE)])
def test_nothing_in_the_row_can_be_read_without_the_key(channel: Channel, destination: str) -> None:
    send(template="one_time_code", data={"code": "042917", "minutes": 10}, channel=channel, destination=destination)
    row = OutboxMessage.objects.values().get()
    stored = " ".join(bytes(v).hex() if isinstance(v, bytes | memoryview) else str(v) for v in row.values())
    for secret in (destination, "042917"):
        assert secret not in stored
        assert secret.encode().hex() not in stored


@pytest.mark.parametrize(
    "changes",
    [
        {"destination": "a@b.vn\r\nBcc: c@d.vn"},
        {"data": {"case": "H23\r\nBcc: c@d.vn", "procedure": "x"}},
        {"template": "no_such"},
        {"dedupe_key": ""},
        {"dedupe_key": "x" * 201},
    ],
)
def test_what_could_never_be_sent_is_not_queued(changes: dict[str, object]) -> None:
    with pytest.raises(BadMessage):
        send(**changes)
    assert not OutboxMessage.objects.exists()


def test_an_unknown_language_falls_back_to_vietnamese() -> None:
    send(language="fr")
    assert OutboxMessage.objects.get().language == "vi"


def test_the_text_is_shown_in_the_demonstration_only(settings) -> None:
    send(template="one_time_code", data={"code": "042917", "minutes": 10})
    settings.TINHSO_DEMO = True
    (shown,) = notices.recent_for_demo()
    assert "042917" in shown.body
    assert shown.destination == "n•••@example.vn"
    settings.TINHSO_DEMO = False
    assert notices.recent_for_demo() == []


def test_a_case_knows_what_became_of_its_messages() -> None:
    ident = send()
    (status,) = notices.about(CASE)
    assert (status.id, status.state, status.channel) == (ident, MessageState.WAITING, Channel.EMAIL)
    assert notices.about(Subject("services.case", ids.new())) == []
