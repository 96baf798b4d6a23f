"""Make identities: UUIDv7 (RFC 9562), which sort by the time they were made."""

from __future__ import annotations

import threading
import uuid
from random import Random
from weakref import WeakKeyDictionary

from . import clock, randomness

_TICKS = 4_096_000  # a second, in 1/4096 ms
_JITTER = 2 * _TICKS  # a clock set back by more than two seconds is followed, not waited for
_lock = threading.Lock()
_last: WeakKeyDictionary[Random, int] = WeakKeyDictionary()


def new() -> uuid.UUID:
    """Return a new UUIDv7: milliseconds and 1/4096 ms of machine time (RFC 9562 method 3), then 62 random bits.

    Within a process each is greater than the one before, also when the clock stands still: ids sort as they were made.
    A seeded run counts for itself, so that the same seed gives the same ids.
    """
    source = randomness.source()
    now = int(clock.now().timestamp() * 1000 * 4096)
    with _lock:
        last = _last.get(source, 0)
        ticks = last + 1 if now <= last < now + _JITTER else now
        _last[source] = ticks
        tail = source.getrandbits(62)
    value = ((ticks >> 12) & ((1 << 48) - 1)) << 80
    value |= 0x7 << 76 | (ticks & 0xFFF) << 64
    value |= 0b10 << 62 | tail
    return uuid.UUID(int=value)
