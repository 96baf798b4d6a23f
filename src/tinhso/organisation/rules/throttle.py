"""Decide when someone has tried too often, and how long they wait. Slower, never locked for good."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Scope(StrEnum):
    """What is counted."""

    CODE_TO = "code_to"  # codes sent to one destination
    CODE_FROM = "code_from"  # codes asked for from one address
    REDEEM_FROM = "redeem_from"  # wrong codes from one address
    LOGIN_HERE = "login_here"  # wrong passwords for one login name from one address
    LOGIN_ANYWHERE = "login_anywhere"  # wrong passwords for one login name from everywhere
    LOGIN_FROM = "login_from"  # wrong passwords from one address
    TOTP_FOR = "totp_for"  # wrong second factors for one account


@dataclass(frozen=True, slots=True)
class Limit:
    """So many tries are free within a window; each one beyond waits twice as long, up to a most."""

    free: int
    window: timedelta
    first_wait: timedelta
    most: timedelta


@dataclass(frozen=True, slots=True)
class Count:
    """Tries counted since the window opened."""

    tries: int
    window_start: datetime
    blocked_until: datetime | None


LIMITS = {
    Scope.CODE_TO: Limit(3, timedelta(minutes=15), timedelta(minutes=1), timedelta(minutes=15)),
    Scope.CODE_FROM: Limit(30, timedelta(hours=1), timedelta(minutes=1), timedelta(minutes=15)),
    Scope.REDEEM_FROM: Limit(30, timedelta(hours=1), timedelta(minutes=1), timedelta(minutes=15)),
    Scope.LOGIN_HERE: Limit(5, timedelta(minutes=30), timedelta(minutes=1), timedelta(minutes=15)),
    # Wide, so that a stranger elsewhere cannot keep an official out by guessing.
    Scope.LOGIN_ANYWHERE: Limit(100, timedelta(hours=1), timedelta(minutes=1), timedelta(minutes=5)),
    # An office shares one address: generous, yet far below what guessing needs.
    Scope.LOGIN_FROM: Limit(60, timedelta(minutes=30), timedelta(minutes=1), timedelta(minutes=15)),
    Scope.TOTP_FOR: Limit(5, timedelta(minutes=30), timedelta(minutes=1), timedelta(minutes=15)),
}


def wait_until(count: Count | None, now: datetime) -> datetime | None:
    """Return until when the next try must wait, or None when it may go ahead."""
    if count is None or count.blocked_until is None or count.blocked_until <= now:
        return None
    return count.blocked_until


def counted(count: Count | None, limit: Limit, now: datetime) -> Count:
    """Return the count after one more try at `now`; the window opens anew once it has passed unblocked."""
    if count is None or (now - count.window_start >= limit.window and wait_until(count, now) is None):
        count = Count(0, now, None)
    tries = count.tries + 1
    over = tries - limit.free
    if over < 0:
        return Count(tries, count.window_start, None)
    wait = min(limit.first_wait * 2 ** min(over, 16), limit.most)
    return Count(tries, count.window_start, now + wait)
