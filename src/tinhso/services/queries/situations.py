"""Gather what the rules ask about a case before a deed, and say what may be done."""

from __future__ import annotations

from tinhso.foundation.api import clock
from tinhso.services.contracts.case import CaseStatus, FileState
from tinhso.services.contracts.payment import PaymentState
from tinhso.services.contracts.procedure import ComponentKind, Procedure, Step
from tinhso.services.models import Attachment, AttachmentOpening, Case, PaymentRow, Task
from tinhso.services.rules import procedure as rules
from tinhso.services.rules import process
from tinhso.services.rules.process import OPINION_TASK, Situation

from .procedures import of_package


def situation(case: Case, task: Task, reason: str = "") -> Situation:
    """Gather what the rules ask about a case before a deed: four queries."""
    procedure = of_package(case.package_id)
    files = list(Attachment.objects.filter(case_id=case.id, removed_at=None).values("id", "component", "state"))
    opened = set(AttachmentOpening.objects.filter(attachment__case_id=case.id).values_list("attachment_id", flat=True))
    titles = {c.id: c.title.vi for c in procedure.components if c.required and c.kind is ComponentKind.DOCUMENT}
    required = [
        (str(f["id"]), titles[f["component"]])
        for f in files
        if f["component"] in titles and f["state"] != FileState.REFUSED
    ]
    unreadable = {titles[f["component"]] for f in files if f["component"] in titles} - {title for _, title in required}
    return Situation(
        status=CaseStatus(case.status),
        step=process.step_on(path_of(case, procedure), task.step),
        is_opinion=task.kind == OPINION_TASK,
        unopened_required=process.unopened(required, {str(ident) for ident in opened}),
        unreadable_required=tuple(sorted(unreadable)),
        quarantined=any(f["state"] == FileState.QUARANTINED for f in files),
        fee_unpaid=PaymentRow.objects.filter(case_id=case.id).exclude(state=PaymentState.SUCCEEDED).exists(),
        opinions_waiting=Task.objects.filter(
            case_id=case.id, open=True, kind=OPINION_TASK, step=task.step, step_due_at__gt=clock.business_now()
        ).exists(),
        reason=reason,
    )


def path_of(case: Case, procedure: Procedure) -> tuple[Step, ...]:
    """Return the steps this case goes through."""
    variant = next(v for v in procedure.variants if v.id == case.variant)
    return rules.path_for(procedure, variant, case.data)
