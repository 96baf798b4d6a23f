"""Make identities: UUIDv7 (RFC 9562), which sort by the time they were made."""

from __future__ import annotations

import threading
import uuid

from . import clock, randomness


_lock = threading.Lock()
_last = 0


def new() -> uuid.UUID:
    """Return a new UUIDv7: milliseconds and 1/4096 ms of machine time (RFC 9562 method 3), then 62 random bits.

    Within a process each is greater than the one before, also when the clock stands still: ids sort as they were made.
    """
    global _last  # noqa: PLW0603 - the order of ids is a property of the process
    with _lock:
        _last = ticks = max(int(clock.now().timestamp() * 4_096_000), _last + 1)
    value = ((ticks >> 12) & ((1 << 48) - 1)) << 80
    value |= 0x7 << 76 | (ticks & 0xFFF) << 64
    value |= 0b10 << 62 | int.from_bytes(randomness.bytes_(8), "big") >> 2
    return uuid.UUID(int=value)
