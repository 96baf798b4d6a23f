"""Sign and check the messages of the redirect gateway; both sides speak by this page.

A message is a flat set of text parameters. Canonical form: parameters sorted by name, each percent-encoded as UTF-8,
joined by `&`, after one line naming the purpose. The purpose is signed so that a start request can never be sent back
as a notice of payment. The signature is HMAC-SHA256 in hex under the key named `kid`.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from urllib.parse import quote, unquote_to_bytes

from .base import Refusal, Refused

MAX_BODY = 65_536
_STAMP = re.compile(r"[0-9]{8}T[0-9]{6}Z")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,31}")


class Purpose(StrEnum):
    """What a message is for."""

    START = "start"
    NOTIFY = "notify"
    QUERY = "query"
    QUERY_ANSWER = "query-answer"
    REFUND = "refund"
    REFUND_ANSWER = "refund-answer"


@dataclass(frozen=True, slots=True)
class Key:
    """A shared secret of at least 32 bytes and the id that names it on the wire."""

    id: str
    secret: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if re.fullmatch(r"[A-Za-z0-9._-]{1,32}", self.id) is None or len(self.secret) < 32:
            raise ValueError("a key needs an id of 1 to 32 plain characters and a secret of at least 32 bytes")


def seal(purpose: Purpose, params: Mapping[str, str], key: Key) -> str:
    """Give the signed message as a query string (also a form body)."""
    whole = {**params, "kid": key.id}
    return f"{_canonical(whole)}&sig={_signature(purpose, whole, key)}"


def unseal(purpose: Purpose, message: str | bytes, keys: Iterable[Key]) -> dict[str, str] | Refused:
    """Check a signed message and give its parameters; Refused says why not. Total: any input gives an answer."""
    params = _split(message)
    if isinstance(params, Refused):
        return params
    given, kid = params.pop("sig", ""), params.get("kid", "")
    key = next((k for k in keys if k.id == kid), None)
    if key is None:
        return Refused(Refusal.UNKNOWN_KEY)
    if not hmac.compare_digest(_signature(purpose, params, key).encode(), given.encode()):
        return Refused(Refusal.BAD_SIGNATURE)
    return params


def stamp(at: datetime) -> str:
    """Write a time for the wire, UTC to the second."""
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def read_stamp(value: str) -> datetime:
    """Read a time from the wire; ValueError where it is none."""
    if _STAMP.fullmatch(value) is None:
        raise ValueError("not a time")
    return datetime.strptime(value, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)


def read_amount(value: str) -> int:
    """Read đồng from the wire: plain digits, no sign, no leading zero; ValueError otherwise."""
    if re.fullmatch(r"0|[1-9][0-9]{0,11}", value) is None:
        raise ValueError("not an amount")
    return int(value)


def check_age(params: Mapping[str, str], now: datetime, window: timedelta, skew: timedelta) -> Refused | None:
    """Refuse a message whose `sent_at` lies further back than `window` or further ahead than `skew`."""
    try:
        sent = read_stamp(params.get("sent_at", ""))
    except ValueError:
        return Refused(Refusal.MALFORMED, "sent_at")
    if sent > now + skew:
        return Refused(Refusal.FROM_THE_FUTURE)
    return Refused(Refusal.STALE) if sent < now - window else None


def _canonical(params: Mapping[str, str]) -> str:
    return "&".join(f"{quote(k, safe='')}={quote(v, safe='')}" for k, v in sorted(params.items()))


def _signature(purpose: Purpose, params: Mapping[str, str], key: Key) -> str:
    text = f"{purpose.value}\n{_canonical(params)}"
    return hmac.new(key.secret, text.encode(), hashlib.sha256).hexdigest()


def _split(message: str | bytes) -> dict[str, str] | Refused:
    """Split strictly: each name once, plain names, UTF-8 values. What is read is what was signed."""
    if len(message) > MAX_BODY:
        return Refused(Refusal.TOO_LARGE)
    params: dict[str, str] = {}
    try:
        text = message.decode("ascii") if isinstance(message, bytes) else message
        for pair in text.split("&"):
            name, equals, value = pair.partition("=")
            if not equals or _NAME.fullmatch(name) is None or name in params:
                return Refused(Refusal.MALFORMED, "a parameter is misnamed or given twice")
            params[name] = unquote_to_bytes(value).decode("utf-8")
    except UnicodeError:
        return Refused(Refusal.MALFORMED, "not text")
    return params
