"""A real SMTP server on a free port, a standing clock, and an outbox of its own."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any, cast

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope

from tinhso.foundation.api import clock

MORNING = datetime(2021, 1, 18, 9, 0, tzinfo=clock.LOCAL)
PASSWORD = b"mat-khau-dung"


@dataclass
class Post:
    """What the server took, and what it answers; `port` is where it listens."""

    port: int
    letters: list[EmailMessage] = field(default_factory=list)
    envelopes: list[Envelope] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)  # to the next letters; 250 once these are used up
    recipients: dict[str, str] = field(default_factory=dict)  # refused addresses with their answers
    taken: Callable[[], None] = lambda: None

    async def handle_RCPT(self, server: Any, session: Any, envelope: Envelope, address: str, options: Any) -> str:
        if address in self.recipients:
            return self.recipients[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Envelope) -> str:
        answer = self.answers.pop(0) if self.answers else "250 OK"
        if answer.startswith("250"):
            self.envelopes.append(envelope)
            self.letters.append(cast(EmailMessage, message_from_bytes(cast(bytes, envelope.content), policy=default)))
            self.taken()
        return answer

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _authenticate(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
    return AuthResult(success=data.password == PASSWORD, handled=False)


@pytest.fixture
def post(settings: Any) -> Iterator[Post]:
    """A running server, which the settings name."""
    box = Post(free_port())
    controller = Controller(
        box, hostname="127.0.0.1", port=box.port, authenticator=_authenticate, auth_require_tls=False
    )
    controller.start()
    settings.TINHSO_SMTP_URL = box.url
    yield box
    controller.stop()


@pytest.fixture
def time() -> Iterator[clock.ManualClock]:
    with clock.using(clock.ManualClock(MORNING, datetime(2026, 11, 23, 2, 0, tzinfo=UTC))) as manual:
        yield manual


@pytest.fixture(autouse=True)
def data_folder(settings: Any, tmp_path: Path) -> Path:
    """Messages to files go to a folder of the test."""
    settings.TINHSO_DATA = tmp_path / "data"
    settings.TINHSO_SMTP_URL = ""
    return cast(Path, settings.TINHSO_DATA)
