"""Import the province's published list of procedures, and record what each is worth: the level its package proves."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from datetime import date

from tinhso.foundation.api import action, clock, facts, ids, journal, text
from tinhso.foundation.contracts import Actor, Subject
from tinhso.services.contracts.answers import Refusal
from tinhso.services.contracts.events import LevelsProved, PublishedListImported
from tinhso.services.models import PublishedProcedure, ServiceFact
from tinhso.services.queries import procedures

COLUMNS = ("code", "title", "field", "tier", "valid_from", "valid_to", "source", "certainty")


@action
def import_published(*, content: bytes, source: str, actor: Actor) -> int:
    """Import the list from CSV (columns of COLUMNS, UTF-8); rows already there stay; return how many are new.

    Raise Refusal naming the line where one cannot be read; then nothing is imported.
    """
    rows = [_row(number, row) for number, row in enumerate(_lines(content), start=2)]
    known = set(PublishedProcedure.objects.values_list("code", "valid_from"))
    new = [row for row in rows if (row.code, row.valid_from) not in known]
    PublishedProcedure.objects.bulk_create(new)
    if new:
        subject = Subject("services.published_list", ids.new())
        journal.append(PublishedListImported(rows=len(new), source=source), subject=subject, actor=actor)
        prove_levels(actor=actor)
    return len(new)


@action
def prove_levels(*, actor: Actor) -> int:
    """Record for each published procedure the level its package proves today; return how many changed.

    A procedure without a package counts as not proved: its level is unknown, and the denominator keeps it.
    """
    today = clock.today()
    offers = {offer.procedure.code: offer.procedure for offer in procedures.offered(today)}
    levels = {code: procedures.proof(procedure, today).level for code, procedure in offers.items()}
    known = {fact.subject_id: fact for fact in ServiceFact.objects.filter(current=True)}
    changed = [
        fact for row in PublishedProcedure.objects.all()
        if (fact := _fact(row, levels, today)) and _differs(fact, known.get(fact.subject_id))
    ]  # fmt: skip
    if changed:
        entry = journal.append(
            LevelsProved(changed=len(changed)), subject=Subject("services.published_list", ids.new()), actor=actor
        )
        for fact in changed:
            facts.record(fact, entry_id=entry, first=fact.subject_id not in known)
    return len(changed)


def _fact(row: PublishedProcedure, levels: Mapping[str, int], today: date) -> ServiceFact:
    return ServiceFact(
        id=ids.new(),
        subject_id=row.id,
        true_at=clock.business_now(),
        code=row.code,
        tier=row.tier,
        field=row.field,
        published=row.valid_from <= today and (row.valid_to is None or today <= row.valid_to),
        has_package=row.code in levels,
        level=levels.get(row.code),
    )


def _differs(new: ServiceFact, old: ServiceFact | None) -> bool:
    return old is None or any(
        getattr(new, name) != getattr(old, name) for name in ("published", "has_package", "level", "tier", "field")
    )


def _lines(content: bytes) -> csv.DictReader[str]:
    try:
        reader = csv.DictReader(io.StringIO(content.decode("utf-8-sig")))
    except UnicodeDecodeError as error:
        raise Refusal("Tệp không phải UTF-8. Hãy lưu lại dưới dạng CSV UTF-8.") from error
    missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
    if missing:
        raise Refusal(f"Thiếu cột: {', '.join(missing)}.")
    return reader


def _row(number: int, row: Mapping[str, str]) -> PublishedProcedure:
    try:
        title = text.clean(row["title"])
        return PublishedProcedure(
            id=ids.new(), code=row["code"].strip(), title=title, folded=text.fold(title)[:600],
            field=text.clean(row["field"]), tier=row["tier"], source=row["source"], certainty=row["certainty"],
            valid_from=date.fromisoformat(row["valid_from"]),
            valid_to=date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
        )  # fmt: skip
    except (ValueError, TypeError, AttributeError) as error:
        raise Refusal(f"Dòng {number}: {error}") from error
