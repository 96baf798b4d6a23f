"""Say what is known of a case for measuring: a fact row with no personal data."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from tinhso.foundation.api import clock, ids, statements
from tinhso.services.contracts.case import CaseStatus
from tinhso.services.contracts.deadline import Channel
from tinhso.services.contracts.payment import COUNTER, Fate, Payment
from tinhso.services.models import Case, CaseEvent, CaseFact, PaymentRow

from .bills import payment_in
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
        code=case.code,
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


def earlier_case(applicant_key: str, procedure: str, before: datetime) -> UUID | None:
    """Return the same person's newest case of the same procedure in the 30 days before a moment."""
    since = before - RESUBMITTED_WITHIN
    row = _newest.first(applicant=applicant_key, procedure=procedure, since=since) if applicant_key else None
    return row[0] if row else None


_newest = statements.Read(
    lambda applicant, procedure, since: (
        Case.objects.filter(applicant_key=applicant, procedure=procedure, submitted_at__gte=since)
        .order_by("-submitted_at")
        .values_list("id")[:1]
    )
)


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
    bill = PaymentRow.objects.filter(case_id=case.id).first()
    if bill is not None and not _paid_online(payment_in(bill)):
        return False
    return not CaseEvent.objects.filter(case_id=case.id, kind="paper").exists()


def _paid_online(payment: Payment) -> bool:
    """Say whether the debt was settled on the network; cash at the counter is not."""
    return any(r.settles and r.fate is Fate.KEPT and r.transaction.gateway != COUNTER for r in payment.receipts)
