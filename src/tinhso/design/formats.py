"""Write values the way Vietnamese readers expect them: 8.000 ₫, 83,2 %, 06/01/2021, 15:00."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal

from django.utils import timezone

NOTHING = "—"
_NBSP = "\u00a0"  # a no-break space: an amount never parts from its sign at the end of a line


def number(value: float | Decimal | int | None, digits: int | None = None) -> str:
    """Write a number with a point between thousands and a decimal comma; None is a dash.

    Without `digits` a fraction is written to one place and a whole number without any.
    """
    if value is None or value == "":
        return NOTHING
    exact = Decimal(str(value))
    if digits is None:
        digits = 0 if exact == exact.to_integral_value() else 1
    sign = "−" if exact < 0 else ""
    return sign + f"{abs(exact):,.{digits}f}".translate(str.maketrans(",.", ".,"))


def vnd(amount: int | None) -> str:
    """Write an amount of đồng; None is a dash, because an amount not known is not 0."""
    return NOTHING if amount is None else f"{number(amount, 0)}{_NBSP}₫"


def percent(share: float | Decimal | None, digits: int = 1) -> str:
    """Write a share of 0..100 as per cent; None is a dash."""
    return NOTHING if share is None else f"{number(share, digits)}{_NBSP}%"


def _local(value: datetime) -> datetime:
    return timezone.localtime(value) if timezone.is_aware(value) else value


def vn_date(value: date | datetime | None) -> str:
    """Write a day as 06/01/2021; an aware time is first brought to the province's zone."""
    if value is None or value == "":
        return NOTHING
    if isinstance(value, datetime):
        value = _local(value)
    return f"{value.day:02}/{value.month:02}/{value.year:04}"


def vn_time(value: time | datetime | None) -> str:
    """Write an hour as 15:00."""
    if value is None or value == "":
        return NOTHING
    if isinstance(value, datetime):
        value = _local(value)
    return f"{value.hour:02}:{value.minute:02}"


def vn_datetime(value: datetime | None) -> str:
    """Write a moment as 15:00 06/01/2021, the order of Vietnamese forms."""
    if value is None or value == "":
        return NOTHING
    return f"{vn_time(value)} {vn_date(value)}"
