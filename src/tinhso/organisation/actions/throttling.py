"""Count tries at signing in and say who must wait."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from tinhso.foundation.api import clock, vault

from ..contracts import Refused
from ..models import AttemptCount
from ..rules.throttle import LIMITS, Count, Scope, counted

Watched = tuple[Scope, str]


def waiting(watched: Iterable[Watched]) -> Refused | None:
    """Return the refusal of whoever must still wait, with the moment to try again; None when nobody must. One query."""
    now = clock.now()
    rows = AttemptCount.objects.filter(key__in=[_key(*w) for w in watched], blocked_until__gt=now)
    until = max((row.blocked_until for row in rows if row.blocked_until), default=None)
    return too_often(until, now) if until else None


def too_often(until: datetime, now: datetime) -> Refused:
    """Say that someone tried too often, and when to try again."""
    minutes = max(1, -(-int((until - now).total_seconds()) // 60))
    local = until.astimezone(clock.LOCAL)
    message = _("Bạn đã thử quá nhiều lần. Hãy thử lại sau %(minutes)d phút (lúc %(time)s).") % {
        "minutes": minutes,
        "time": f"{local:%H:%M}",
    }
    return Refused("too_often", message, until)


def count(watched: Iterable[Watched]) -> None:
    """Count one more try. Must run in a transaction that is kept even though the try failed."""
    now = clock.now()
    for scope, value in watched:
        key = _key(scope, value)
        row = AttemptCount.objects.select_for_update().filter(key=key).first()
        before = Count(row.tries, row.window_start, row.blocked_until) if row else None
        after = counted(before, LIMITS[scope], now)
        AttemptCount.objects.update_or_create(
            key=key,
            defaults={
                "tries": after.tries,
                "window_start": after.window_start,
                "blocked_until": after.blocked_until,
            },
        )


def clear(watched: Iterable[Watched]) -> None:
    """Forget the tries of someone who succeeded."""
    AttemptCount.objects.filter(key__in=[_key(*w) for w in watched]).delete()


def forget(older_than: timedelta) -> int:
    """Delete counts that no longer hold anyone back; return how many."""
    limit = clock.now() - older_than
    rows = AttemptCount.objects.filter(window_start__lt=limit)
    return rows.exclude(blocked_until__gt=clock.now()).delete()[0]


def _key(scope: Scope, value: str) -> str:
    return vault.blind(f"attempt:{scope}:{value}")
