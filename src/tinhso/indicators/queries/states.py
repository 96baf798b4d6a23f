"""Choose the fact versions that speak: what is known now, or was known at a moment, or held at a day's end."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from tinhso.foundation.api import FactVersion, clock, facts
from tinhso.indicators.contracts.definition import Window, WindowKind
from tinhso.indicators.contracts.figure import Period
from tinhso.indicators.contracts.plan import Column, ColumnKind


def versions(fact: str, window: Window, period: Period, as_known: datetime | None) -> QuerySet[FactVersion]:
    """Return one version of each subject: the newest recorded up to `as_known` (machine time; None: now).

    A row dated within the period is taken as it is known best. What stood open, or in stock, is taken as it stood when
    the period ended: only versions true by then count.
    """
    table = facts.find(fact).table._default_manager
    until = None
    if window.kind is not WindowKind.WITHIN and period.last < clock.today():
        until = day_start(period.last + timedelta(days=1))
    if until is None and as_known is None:
        return table.filter(current=True)
    limits = Q()
    if as_known is not None:
        limits &= Q(recorded_at__lte=as_known)
    if until is not None:
        limits &= Q(true_at__lt=until)
    newer = Q(recorded_at__gt=OuterRef("recorded_at")) | Q(recorded_at=OuterRef("recorded_at"), id__gt=OuterRef("id"))
    return table.filter(limits).exclude(Exists(table.filter(limits & newer, subject_id=OuterRef("subject_id"))))


def within(window: Window, period: Period, columns: dict[str, Column]) -> Q:
    """Return the condition that a row belongs to a period."""
    if window.kind is WindowKind.STOCK:
        return Q()
    begun = before(columns[window.column], period.last)
    if window.kind is WindowKind.WITHIN:
        return begun & since(columns[window.column], period.first)
    return begun & (Q(**{f"{window.until}__isnull": True}) | since(columns[window.until], period.first))


def since(column: Column, day: date) -> Q:
    """Return the condition that a column's day is `day` or later, in the province's zone."""
    return Q(**{f"{column.name}__gte": day_start(day) if column.kind is ColumnKind.MOMENT else day})


def before(column: Column, day: date) -> Q:
    """Return the condition that a column's day is `day` or earlier."""
    if column.kind is ColumnKind.MOMENT:
        return Q(**{f"{column.name}__lt": day_start(day + timedelta(days=1))})
    return Q(**{f"{column.name}__lte": day})


def day_start(day: date) -> datetime:
    """Return the first moment of a day in the province's zone."""
    return datetime.combine(day, time(0), clock.LOCAL)
