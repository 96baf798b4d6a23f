"""Decide what may be sent, what a template needs, and when a failed message is tried again. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from tinhso.foundation.contracts import money, text

from .contracts import BadMessage, Channel, Value

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")
LANGUAGES = ("vi", "en")
LONGEST_VALUE = 300  # characters; a message points to the page that has the rest

# Seconds before each next try; after the last one the message is given up. About nineteen hours in all.
PAUSES = (10, 30, 120, 600, 3_600, 14_400, 50_400)
# A message taken for sending is not taken by another worker before this; longer than sending can last.
LEASE = timedelta(seconds=150)

_LOCAL_PART = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
_DOMAIN = r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)*[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_EMAIL = re.compile(rf"{_LOCAL_PART}@{_DOMAIN}")
_PHONE = re.compile(r"\+?[0-9]{8,15}")


@dataclass(frozen=True, slots=True)
class Needs:
    """The data a template must be given, and those it may be given."""

    required: frozenset[str]
    optional: frozenset[str] = frozenset()


def _needs(*required: str, optional: tuple[str, ...] = ()) -> Needs:
    return Needs(frozenset(required), frozenset(optional))


TEMPLATES: Mapping[str, Needs] = {
    "one_time_code": _needs("code", "minutes"),
    "case_received": _needs("case", "procedure", optional=("due",)),
    "supplement_requested": _needs("case", "procedure", optional=("until",)),
    "case_refused": _needs("case", "procedure"),
    "payment_due": _needs("case", "procedure", "amount", optional=("until",)),
    "payment_received": _needs("case", "amount"),
    "result_ready": _needs("case", "procedure"),
    "reappointed": _needs("case", "procedure", "due"),
    "due_date_changed": _needs("case", "procedure", "due", optional=("reason",)),
}


def destination(channel: Channel, value: str) -> str:
    """Return a destination fit for its channel; raise BadMessage for anything that is not exactly one address."""
    pattern, longest = (_EMAIL, 254) if channel is Channel.EMAIL else (_PHONE, 16)
    if len(value) > longest or not pattern.fullmatch(value):
        raise BadMessage("Địa chỉ nhận tin không hợp lệ.")
    return value


def shown(template: str, data: Mapping[str, Value]) -> dict[str, str]:
    """Return a template's data as they are written in a message; raise BadMessage where some lack or are unknown."""
    needs = TEMPLATES.get(template)
    if needs is None:
        raise BadMessage(f"Không có mẫu tin nhắn “{template}”.")
    lacking, unknown = needs.required - set(data), set(data) - needs.required - needs.optional
    if lacking or unknown:
        raise BadMessage(f"Mẫu “{template}”: thiếu {sorted(lacking)}, thừa {sorted(unknown)}.")
    return {name: _written(name, value) for name, value in data.items()}


def _written(name: str, value: Value) -> str:
    if isinstance(value, datetime):
        return f"{value.astimezone(LOCAL):%H:%M ngày %d/%m/%Y}"
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, int):
        return money.format_vnd(value) if name == "amount" else str(value)
    try:
        cleaned = text.clean(value)
    except text.UnsafeText as error:
        raise BadMessage(f"{name}: {error}") from error
    # A line break could begin a header, or a paragraph that seems to be the agency's own words.
    if len(cleaned.splitlines()) > 1 or len(cleaned) > LONGEST_VALUE:
        raise BadMessage(f"{name}: chỉ một dòng, không quá {LONGEST_VALUE} ký tự.")
    return cleaned


def pause(tries: int) -> timedelta | None:
    """Return how long to wait after so many failed tries, or None when it is time to give up."""
    return timedelta(seconds=PAUSES[tries - 1]) if tries <= len(PAUSES) else None


def masked(channel: Channel, value: str) -> str:
    """Return a destination that its owner recognises and nobody else learns."""
    if channel is Channel.SMS:
        return "•" * max(len(value) - 3, 0) + value[-3:]
    local, _, domain = value.partition("@")
    return f"{local[:1]}•••@{domain}"
