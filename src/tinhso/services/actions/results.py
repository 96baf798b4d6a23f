"""Number and sign what a case came to. The number is given before the signature, so nothing changes after it."""

from __future__ import annotations

from uuid import UUID

from django.db import connection

from tinhso.foundation.api import clock, ids, randomness
from tinhso.services.contracts.procedure import Procedure, Step
from tinhso.services.models import Case, NumberSeries, Result
from tinhso.services.rules import procedure as rules

from . import documents, tasks


def sign(case: Case, procedure: Procedure, step: Step, *, by: UUID, unit_id: UUID) -> str:
    """Reserve the number, make the document and sign it; return the number. Runs in the caller's transaction.

    Signed anew after a later agency sent the case back, the corrected document takes the place of the first: the code
    of the first proves nothing any more. While documents are made on demand (a simulation), the document is made and signed when first asked for.
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
    result.save(force_insert=True)
    if not documents.on_demand.get():
        documents.make(result)
    return number


def _next_number(unit_id: UUID, year: int, series: str) -> int:
    """Give the next number of an agency's series in a year: gap-free, because it commits with its document."""
    if connection.vendor == "postgresql":
        sql = """INSERT INTO services_numberseries (unit_id, year, series, last) VALUES (%s, %s, %s, 1)
                 ON CONFLICT (unit_id, year, series) DO UPDATE SET last = services_numberseries.last + 1
                 RETURNING last"""
        with connection.cursor() as cursor:
            cursor.execute(sql, [unit_id, year, series])
            return int(cursor.fetchone()[0])
    row, _ = NumberSeries.objects.get_or_create(unit_id=unit_id, year=year, series=series)
    row.last += 1
    row.save(update_fields=["last"])
    return row.last
