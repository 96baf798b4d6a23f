"""Decide on a task: recorded at once, carried out when it can no longer be undone."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import OperationalError

from tinhso.foundation.api import action, clock, ids, journal, statements, vault
from tinhso.foundation.contracts import Actor
from tinhso.organisation import api as organisation
from tinhso.organisation.contracts import Principal
from tinhso.services.contracts.answers import Conflict, NotFound, Refusal, account_of
from tinhso.services.contracts.case import Deed
from tinhso.services.contracts.events import DecisionFailed, DecisionRecorded, DecisionUndone
from tinhso.services.models import Case, PendingDecision, Task
from tinhso.services.queries.situations import situation
from tinhso.services.rules import process

from . import deeds, story

log = logging.getLogger("tinhso.services")
RIGHT_OF = {
    "receive": "services.case.receive",
    "sign": "services.case.sign",
    "return": "services.case.receive",
}  # every other kind of step needs the right to process


_UNEXPECTED = "Chưa thực hiện được; chi tiết đã ghi lại cho quản trị. Hồ sơ chưa thay đổi, hãy quyết định lại."


def right_for(kind: str) -> str:
    """Return the right that a task of a kind needs."""
    return RIGHT_OF.get(kind, "services.case.process")


@action
def decide(
    *,
    principal: Principal,
    task_id: UUID,
    deed: Deed,
    version: int,
    arguments: Mapping[str, Any] | None = None,
    grace: float | None = None,
) -> UUID | None:
    """Record a decision on a task; return its id while it can be undone, None where it took effect at once.

    `version` is the case's version the official looked at: if it has changed, Conflict. `grace` in seconds.
    """
    task = _task(principal, task_id)
    case = story.locked(task.case_id)
    if case is None:
        raise NotFound
    pending = _pending.first(case=case.id)
    if (pending is not None and pending[1] == "") or not task.open:
        raise Conflict("Hồ sơ vừa được người khác xử lý. Chưa có gì bị ghi đè; hãy mở lại hồ sơ để xem.")
    if case.version != version:
        raise Conflict("Hồ sơ đã thay đổi từ khi bạn mở. Hãy xem lại rồi quyết định.")
    values = {name: story.plain(said) if isinstance(said, str) else said for name, said in (arguments or {}).items()}
    obstacle = process.obstacle(deed, situation(case, task, str(values.get("reason", ""))))
    if obstacle:
        raise Refusal(obstacle)
    deeds.check_arguments(case, deed, values)
    wait = settings.TINHSO_UNDO_SECONDS if grace is None else grace
    if pending is not None:  # one that failed earlier and was shown
        PendingDecision.objects.filter(id=pending[0]).delete()
    if wait <= 0:
        deeds.do(case, task, deed, values, by=account_of(principal), unit_id=task.unit_id)
        return None
    return _record(principal, case, task, deed, values, wait)


@action
def undo(*, principal: Principal, decision_id: UUID) -> None:
    """Take a decision back while that is possible; afterwards say so."""
    pending = _waiting(decision_id)
    if pending is None or pending.by_id != principal.account_id or pending.effective_at <= clock.now():
        raise Refusal("Quyết định đã có hiệu lực nên không hoàn tác được nữa.")
    _reopen(pending, "")
    event = DecisionUndone(deed=pending.deed)
    journal.append(event, subject=story.subject(pending.case), actor=principal.actor)


def carry_out_due(limit: int = 100) -> int:
    """Carry out the decisions whose moment has come; return how many."""
    due = PendingDecision.objects.filter(effective_at__lte=clock.now(), failure="").order_by("effective_at")
    return sum(_carry_out(decision_id) for decision_id in due.values_list("id", flat=True)[:limit])


def _task(principal: Principal, task_id: UUID) -> Task:
    task = _one.model(Task, task=task_id)
    if task is None or not organisation.may(principal, right_for(task.kind), task.unit_id):
        raise NotFound
    if not organisation.sees(principal, task.case_id):
        raise NotFound
    return task


_one = statements.Read(lambda task: Task.objects.filter(id=task))
_pending = statements.Read(lambda case: PendingDecision.objects.filter(case_id=case).values_list("id", "failure"))


def _record(principal: Principal, case: Case, task: Task, deed: Deed, values: dict[str, Any], wait: float) -> UUID:
    now = clock.now()
    pending = PendingDecision.objects.create(
        id=ids.new(), case_id=case.id, task_id=task.id, deed=deed.value, arguments=values,
        by_id=account_of(principal), unit_id=task.unit_id, case_version=case.version + 1,
        decided_at=clock.business_now(), effective_at=now + timedelta(seconds=wait),
    )  # fmt: skip
    Task.objects.filter(id=task.id).update(open=False)
    story.save(case)
    journal.append(
        DecisionRecorded(deed=deed.value, effective_at=pending.effective_at),
        subject=story.subject(case),
        actor=principal.actor,
    )
    return pending.id


def _reopen(pending: PendingDecision, failure: str) -> None:
    Task.objects.filter(id=pending.task_id).update(open=True)
    story.save(pending.case)
    if failure:
        pending.failure = failure[:300]
        pending.save(update_fields=["failure"])
    else:
        pending.delete()


def _carry_out(decision_id: UUID) -> int:
    try:
        _do(decision_id=decision_id)
    except Refusal as refusal:
        log.warning("decision %s could not be carried out", decision_id)
        _give_back(decision_id=decision_id, why=refusal.message)
    except OperationalError:  # the database is busy or away: the next turn finds the decision as it was
        log.exception("decision %s waits for the database", decision_id)
        return 0
    except vault.NoSpace as full:
        _give_back(decision_id=decision_id, why=f"{full} Hãy báo quản trị rồi quyết định lại.")
    except Exception:  # one decision that cannot be carried out must not hold up all the others
        log.exception("decision %s could not be carried out", decision_id)
        _give_back(decision_id=decision_id, why=_UNEXPECTED)
    return 1


def _waiting(decision_id: UUID) -> PendingDecision | None:
    """Return a decision that still waits to take effect, its case locked first."""
    rows = PendingDecision.objects.filter(id=decision_id, failure="")
    case_id = rows.values_list("case_id", flat=True).first()
    if case_id is None or story.locked(case_id) is None:
        return None
    return rows.select_related("case", "task").first()


@action
def _do(*, decision_id: UUID) -> None:
    pending = _waiting(decision_id)
    if pending is None:
        return
    case, task, deed = pending.case, pending.task, Deed(pending.deed)
    obstacle = process.obstacle(deed, situation(case, task, str(pending.arguments.get("reason", ""))))
    if case.version != pending.case_version:
        obstacle = "Hồ sơ đã thay đổi trước khi quyết định có hiệu lực. Hãy xem lại rồi quyết định."
    if obstacle:
        raise Refusal(obstacle)
    pending.delete()
    deeds.do(
        case, task, deed, pending.arguments, by=pending.by_id, unit_id=pending.unit_id, at=pending.decided_at
    )  # fmt: skip


@action
def _give_back(*, decision_id: UUID, why: str) -> None:
    pending = _waiting(decision_id)
    if pending is None:
        return
    _reopen(pending, why)
    event = DecisionFailed(deed=pending.deed)
    journal.append(event, subject=story.subject(pending.case), actor=Actor.system("services"))
