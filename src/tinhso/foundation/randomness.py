"""Draw random values from an injected source, so that the same seed gives the same run."""

from __future__ import annotations

import base64
import random
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

T = TypeVar("T")
_source: ContextVar[random.Random] = ContextVar("tinhso_random", default=secrets.SystemRandom())  # noqa: B039


@contextmanager
def seeded(seed: int) -> Iterator[random.Random]:
    """Run a block on a seeded source. For simulation and tests only: it is predictable."""
    generator = random.Random(seed)  # noqa: S311
    token = _source.set(generator)
    try:
        yield generator
    finally:
        _source.reset(token)


def source() -> random.Random:
    """Return the source that values are drawn from here and now."""
    return _source.get()


def bytes_(count: int) -> bytes:
    return _source.get().getrandbits(8 * count).to_bytes(count, "big") if count else b""


def token(count: int = 16) -> str:
    """A URL-safe random text of `count` random bytes."""
    return base64.urlsafe_b64encode(bytes_(count)).rstrip(b"=").decode()


def digits(count: int) -> str:
    """A random decimal text, leading zeros kept."""
    return f"{_source.get().randrange(10**count):0{count}d}"


def choice(options: Sequence[T]) -> T:
    return _source.get().choice(options)
