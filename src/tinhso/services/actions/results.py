"""Number and sign what a case came to. The number is given before the signature, so nothing changes after it."""

from __future__ import annotations

from uuid import UUID

from tinhso.foundation.api import clock, ids, randomness, statements
from tinhso.services.contracts.procedure import Procedure, Step
from tinhso.services.models import Case, NumberSeries, Result
from tinhso.services.rules import procedure as rules

from . import documents, tasks


def sign(case: Case, procedure: Procedure, step: Step, *, by: UUID, unit_id: UUID) -> str:
    """Reserve the number, make the document and sign it; return the number. Runs in the caller's transaction.

    Signed anew after a later agency sent the case back, the corrected document takes the place of the first: the code
    of the first proves nothing any more. While documents are made on demand (a simulation), each is made and signed
    when first asked for.
    """
    today = clock.today()
    stage = tasks.stage_of(procedure, step)
    series = rules.number_text(procedure, case.data, 0, today.year)
    number = rules.number_text(procedure, case.data, _next_number(unit_id, today.year, series), today.year)
    result = Result(
        id=ids.new(),
        case_id=case.id,
        stage=stage.id if stage else "",
        title=stage.result_title if stage else procedure.result.title.vi,
        number=number,
        date=today,
        unit_id=unit_id,
        signed_by_id=by,
        signed_at=clock.now(),
        verification=randomness.token(12),
    )
    Result.objects.filter(case_id=case.id, stage=result.stage).delete()
    statements.insert(result)
    if not documents.on_demand.get():
        documents.make(result)
    return number


def _next_number(unit_id: UUID, year: int, series: str) -> int:
    """Give the next number of an agency's series in a year: gap-free, because it commits with its document."""
    return statements.number_after(NumberSeries, "last", unit=unit_id, year=year, series=series)
