"""Gather what the rules ask about a case before a deed, and say what may be done."""

from __future__ import annotations

from tinhso.foundation.api import clock, statements
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
    files = _files.all(case=case.id)
    opened = {str(ident) for (ident,) in _opened.all(case=case.id)}
    now = clock.business_now()
    titles = {c.id: c.title.vi for c in procedure.components if c.required and c.kind is ComponentKind.DOCUMENT}
    required = [
        (str(ident), titles[component])
        for ident, component, state in files
        if component in titles and state != FileState.REFUSED
    ]
    unreadable = {titles[c] for _, c, _ in files if c in titles} - {title for _, title in required}
    return Situation(
        status=CaseStatus(case.status),
        step=process.step_on(path_of(case, procedure), task.step),
        is_opinion=task.kind == OPINION_TASK,
        unopened_required=process.unopened(required, opened),
        unreadable_required=tuple(sorted(unreadable)),
        quarantined=any(state == FileState.QUARANTINED for _, _, state in files),
        fee_unpaid=bool(_owed.all(case=case.id)),
        opinions_waiting=bool(_asked.all(case=case.id, step=task.step, now=now)),
        reason=reason,
    )


_files = statements.Read(
    lambda case: Attachment.objects.filter(case_id=case, removed_at=None).values_list("id", "component", "state")
)
_opened = statements.Read(
    lambda case: AttachmentOpening.objects.filter(attachment__case_id=case).values_list("attachment_id")
)
_owed = statements.Read(
    lambda case: PaymentRow.objects.filter(case_id=case).exclude(state=PaymentState.SUCCEEDED).values_list("id")
)
_asked = statements.Read(
    lambda case, step, now: Task.objects.filter(
        case_id=case, open=True, kind=OPINION_TASK, step=step, step_due_at__gt=now
    ).values_list("id")
)


def path_of(case: Case, procedure: Procedure) -> tuple[Step, ...]:
    """Return the steps this case goes through."""
    variant = next(v for v in procedure.variants if v.id == case.variant)
    return rules.path_for(procedure, variant, case.data)
