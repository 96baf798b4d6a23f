"""Messages as other rooms would send them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from tinhso.foundation.api import ids
from tinhso.foundation.contracts import Actor, Subject
from tinhso.notices import api as notices
from tinhso.notices.contracts import Channel, Message

ACTOR = Actor.system("test")
CASE = Subject("services.case", ids.new())
ADDRESS = "nguyen.thi.huong@example.vn"
PHONE = "0912345678"
RECEIVED = {"case": "H23.16-210118-0042", "procedure": "Cấp bản sao trích lục hộ tịch"}


def message(**changes: Any) -> Message:
    values: dict[str, Any] = {
        "template": "case_received",
        "channel": Channel.EMAIL,
        "destination": ADDRESS,
        "data": RECEIVED,
        "dedupe_key": f"test/{ids.new()}",
        **changes,
    }
    return Message(**values)


def send(**changes: Any) -> UUID:
    return notices.send(message=message(**changes), subject=CASE, actor=ACTOR)
