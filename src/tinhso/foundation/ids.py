"""Make identities: UUIDv7 (RFC 9562), which sort by the time they were made."""

from __future__ import annotations

import uuid

from . import clock, randomness


def new() -> uuid.UUID:
    """Return a new UUIDv7 of machine time (milliseconds) and 74 random bits."""
    milliseconds = int(clock.now().timestamp() * 1000)
    tail = int.from_bytes(randomness.bytes_(10), "big")
    value = (milliseconds & ((1 << 48) - 1)) << 80
    value |= 0x7 << 76 | ((tail >> 62) & 0xFFF) << 64
    value |= 0b10 << 62 | (tail & ((1 << 62) - 1))
    return uuid.UUID(int=value)
