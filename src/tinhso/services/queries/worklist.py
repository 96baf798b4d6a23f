"""List what a unit has to do, by deadline, within the asking official's sight and rights."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q

from tinhso.foundation.api import clock, text
from tinhso.organisation import api as organisation
from tinhso.organisation.contracts import Principal
from tinhso.services.contracts.case import CaseStatus, TaskRow
from tinhso.services.contracts.task import OpenTask
from tinhso.services.models import Task
from tinhso.services.rules.process import OPINION_TASK

from .procedures import of_package

PAGE = 100
MOST_COUNTED = 2_000
VIEWS = ("today", "late", "soon", "waiting", "all")
RIGHTS = {
    "services.case.receive": ("receive", "return"),
    "services.case.process": ("examine", "submit", OPINION_TASK),
    "services.case.sign": ("sign",),
}
_PAUSED = (CaseStatus.SUPPLEMENT_ASKED, CaseStatus.FINANCIAL_DUTY)


@dataclass(frozen=True, slots=True)
class Filter:
    """What to list: `when` is all, today, late, soon or waiting (for the applicant); the rest narrows it.

    `sort` is due (earliest first) or submitted (longest waiting first); `after` is the last line seen in that order.
    """

    when: str = "all"
    procedure: str = ""
    kind: str = ""
    words: str = ""
    sort: str = "due"
    after: tuple[datetime, UUID] | None = None


@dataclass(frozen=True, slots=True)
class Worklist:
    """A page of tasks; `following` is where the next page starts."""

    rows: tuple[TaskRow, ...]
    following: tuple[datetime, UUID] | None


def worklist(principal: Principal, wanted: Filter | None = None, *, limit: int = PAGE) -> Worklist:
    """Return a page of open tasks the principal may do, earliest due first: each task once."""
    narrowed = wanted or Filter()
    mine = _mine(principal)
    if mine is None:
        return Worklist((), None)
    rows = Task.objects.filter(mine, _when(narrowed.when), open=True)
    rows = rows.filter(organisation.visible(principal, "case_id"))
    if narrowed.procedure:
        rows = rows.filter(case__procedure=narrowed.procedure)
    if narrowed.kind:
        rows = rows.filter(kind=narrowed.kind)
    if narrowed.words:
        rows = rows.filter(_words(narrowed.words))
    order = _ORDERS.get(narrowed.sort, "due_at")
    if narrowed.after:
        value, ident = narrowed.after
        rows = rows.filter(Q(**{f"{order}__gt": value}) | Q(**{order: value, "id__gt": ident}))
    found = list(rows.order_by(order, "id").values_list(*_COLUMNS)[: limit + 1])
    page = found[:limit]
    last = page[-1] if len(found) > limit else None
    return Worklist(_shown(page), (last[_COLUMNS.index(order)], last[0]) if last else None)


def counts(principal: Principal, most: int = MOST_COUNTED) -> dict[str, int]:
    """Return how many tasks wait in each view of the worklist: one query over open tasks, earliest due first.

    No more than `most` are looked at, so a full desk costs no more than a busy one; "all" at `most` means "or more".
    """
    mine = _mine(principal)
    if mine is None:
        return dict.fromkeys(VIEWS, 0)
    base = Task.objects.filter(mine, organisation.visible(principal, "case_id"), open=True)
    seen = base.order_by("due_at", "id").annotate(view_status=F("case__status"))[:most]
    return seen.aggregate(**{view: Count("id", filter=_when(view, "view_status")) for view in VIEWS})


def rows_of(principal: Principal, task_ids: Collection[UUID]) -> tuple[TaskRow, ...]:
    """Return those of some tasks that are open and the principal's to do, earliest due first."""
    mine = _mine(principal)
    if mine is None or not task_ids:
        return ()
    rows = Task.objects.filter(mine, organisation.visible(principal, "case_id"), id__in=task_ids, open=True)
    return _shown(list(rows.order_by("due_at", "id").values_list(*_COLUMNS)))


_ORDERS = {"due": "due_at", "submitted": "case__submitted_at"}
_COLUMNS = (
    "id", "case_id", "case__code", "case__procedure", "case__package_id", "case__applicant", "case__status",
    "case__submitted_at", "due_at", "unit_id", "step", "kind", "case__version",
)  # fmt: skip


def _mine(principal: Principal) -> Q | None:
    """The tasks of units where the principal holds the right the task needs."""
    condition: Q | None = None
    for right, kinds in RIGHTS.items():
        units = _seats(principal, right)
        if units:
            part = Q(unit_id__in=units, kind__in=kinds)
            condition = part if condition is None else condition | part
    return condition


def _seats(principal: Principal, right: str) -> frozenset[UUID]:
    """The principal's own desks with a right: a worklist is the work of one's unit, not of all below it."""
    if principal.scopes is not None and right not in principal.scopes:
        return frozenset()
    return principal.units_as(organisation.rights.find(right).roles)


def _when(view: str, status: str = "case__status") -> Q:
    now = clock.business_now()
    midnight = datetime.combine(now.date() + timedelta(days=1), datetime.min.time(), clock.LOCAL)
    paused = Q(**{f"{status}__in": _PAUSED})
    return {
        "late": ~paused & Q(due_at__lt=now),
        "today": ~paused & Q(due_at__lt=midnight),
        "soon": ~paused & Q(due_at__gte=midnight, due_at__lt=midnight + timedelta(days=2)),
        "waiting": paused,
    }.get(view, Q())


def _words(words: str) -> Q:
    """Search by code, or by the applicant's name as written."""
    plain = words.replace("\x00", "").strip()
    return Q(case__code__icontains=plain) | Q(case__applicant_folded__contains=text.fold(plain))


def _shown(rows: list[tuple[Any, ...]]) -> tuple[TaskRow, ...]:
    units = organisation.units.names({row[9] for row in rows})
    return tuple(_row(row, units) for row in rows)


def _row(row: tuple[object, ...], units: dict[UUID, str]) -> TaskRow:
    ident, case_id, code, procedure, package_id, applicant, status, submitted, due, unit, step, kind, version = row
    package = of_package(package_id)  # type: ignore[arg-type]
    title = next((s.title.vi for s in package.steps if s.id == step), str(step))
    return TaskRow(
        id=ident, case_id=case_id, code=code, procedure=procedure, procedure_title=package.title.vi,  # type: ignore[arg-type]
        applicant=applicant, unit=units.get(unit, ""), step_title=title, kind=kind, status=CaseStatus(status),  # type: ignore[arg-type,call-overload]
        submitted_at=submitted, due_at=due, assignee="", version=version,  # type: ignore[arg-type]
    )  # fmt: skip


def open_tasks(case_id: UUID) -> list[OpenTask]:
    """Return a case's open tasks, the step's own before opinions asked."""
    rows = Task.objects.filter(case_id=case_id, open=True).order_by("opened_at", "id")
    return [OpenTask(*row) for row in rows.values_list("id", "kind", "role", "unit_id", "case__version")]


def task_for(principal: Principal, case_id: UUID) -> OpenTask | None:
    """Return the open task of a case that the principal may do, or None."""
    mine = _mine(principal)
    if mine is None:
        return None
    rows = Task.objects.filter(mine, case_id=case_id, open=True).order_by("due_at", "id")
    row = rows.values_list("id", "kind", "role", "unit_id", "case__version").first()
    return OpenTask(*row) if row else None
