"""Say what is known of a case for measuring: a fact row with no personal data."""

from __future__ import annotations

from datetime import datetime, timedelta

from tinhso.foundation.api import clock, ids
from tinhso.services.contracts.case import CaseStatus
from tinhso.services.contracts.deadline import Channel
from tinhso.services.contracts.payment import PaymentState
from tinhso.services.models import Case, CaseEvent, CaseFact, PaymentRow

from .dues import is_late, terms_of

RESUBMITTED_WITHIN = timedelta(days=30)


def case_fact(case: Case) -> CaseFact:
    """Build the newest fact version of a case."""
    now = clock.business_now()
    finished = case.finished_at
    late = is_late(case, now)
    return CaseFact(
        id=ids.new(),
        subject_id=case.id,
        true_at=now,
        procedure=case.procedure,
        unit_id=case.unit_id,
        tier=case.tier,
        channel=case.channel,
        status=case.status,
        typed_by_official=case.typed_by_id is not None,
        wholly_online=_wholly_online(case),
        resubmitted=case.resubmission_of_id is not None,
        late_supplement=case.late_supplement,
        on_time=not late if (finished or late) else None,
        submitted_on=case.submitted_at.astimezone(clock.LOCAL).date(),
        received_at=case.received_at,
        due_at=case.due_at,
        finished_at=finished,
    )


def earlier_case(applicant_key: str, procedure: str, before: datetime) -> Case | None:
    """Return the same person's newest case of the same procedure in the 30 days before a moment."""
    rows = Case.objects.filter(
        applicant_key=applicant_key,
        procedure=procedure,
        submitted_at__gte=before - RESUBMITTED_WITHIN,
    )
    return rows.order_by("-submitted_at").only("id").first() if applicant_key else None


def supplement_in_last_fifth(case: Case) -> bool:
    """Say whether a supplement was asked in the last fifth of the time allowed."""
    terms = terms_of(case)
    return terms is not None and terms.supplement_in_last_fifth()


def _wholly_online(case: Case) -> bool:
    """Submitted by the applicant, paid and processed on the network; an officer's typing is not online."""
    if case.channel != Channel.ONLINE or case.typed_by_id is not None:
        return False
    if case.status not in (CaseStatus.DONE, CaseStatus.RETURNED):
        return True
    unpaid_online = PaymentRow.objects.filter(case_id=case.id).exclude(state=PaymentState.SUCCEEDED).exists()
    on_paper = CaseEvent.objects.filter(case_id=case.id, kind="paper").exists()
    return not unpaid_online and not on_paper
