"""Import the province's published list of procedures, and record what each is worth: the level its package proves."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from tinhso.foundation.api import action, clock, facts, ids, journal, text
from tinhso.foundation.contracts import Actor, Subject
from tinhso.services.contracts.answers import Refusal
from tinhso.services.contracts.deadline import Certainty
from tinhso.services.contracts.events import LevelsProved, PublishedListImported
from tinhso.services.models import PublishedProcedure, ServiceFact
from tinhso.services.queries import procedures

COLUMNS = ("code", "title", "field", "tier", "valid_from", "valid_to", "source", "certainty")
_TIERS = ("province", "district", "commune")


@action
def import_published(*, content: bytes, source: str, actor: Actor) -> int:
    """Import the list from CSV (columns of COLUMNS, UTF-8); rows already there stay; return how many are new.

    Raise Refusal naming the line where one cannot be read; then nothing is imported.
    """
    rows = list(_rows(content))
    seen: dict[tuple[str, date], int] = {}
    for number, row in rows:
        first = seen.setdefault((row.code, row.valid_from), number)
        if first != number:
            raise Refusal(f"Dòng {number}: mã {row.code} từ ngày này đã có ở dòng {first}.")
    known = set(PublishedProcedure.objects.values_list("code", "valid_from"))
    new = [row for _, row in rows if (row.code, row.valid_from) not in known]
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


def _rows(content: bytes) -> Iterator[tuple[int, PublishedProcedure]]:
    """Yield each row with the number of its line; raise Refusal at the first that cannot be read."""
    try:
        reader = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
        missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
    except UnicodeDecodeError as error:
        raise Refusal("Tệp không phải UTF-8. Hãy lưu lại dưới dạng CSV UTF-8.") from error
    except csv.Error as error:
        raise Refusal("Tệp không phải CSV. Hãy lưu lại dưới dạng CSV UTF-8.") from error
    if missing:
        raise Refusal(f"Thiếu cột: {', '.join(missing)}.")
    while True:
        line = reader.line_num + 1  # where the row begins: a quoted value may run over several lines
        try:
            row = next(reader, None)
            if row is None:
                return
            yield line, _row(row)
        except csv.Error as error:
            raise Refusal(f"Dòng {line}: dấu nháy hoặc độ dài không đúng CSV.") from error
        except _Unreadable as error:
            raise Refusal(f"Dòng {line}: {error}") from error


class _Unreadable(ValueError):
    """A row cannot be read; the message says which column and why."""


def _row(row: Mapping[str | None, Any]) -> PublishedProcedure:
    if None in row:
        raise _Unreadable("thừa cột; giá trị có dấu phẩy phải đặt trong dấu nháy kép.")
    values = {name: _value(row, name) for name in COLUMNS}
    if values["tier"] not in _TIERS:
        raise _Unreadable(f"cột tier phải là một trong: {', '.join(_TIERS)}.")
    if values["certainty"] not in set(Certainty):
        raise _Unreadable(f"cột certainty phải là một trong: {', '.join(Certainty)}.")
    first = _day(values["valid_from"], "valid_from")
    last = _day(values["valid_to"], "valid_to") if values["valid_to"] else None
    if last is not None and last < first:
        raise _Unreadable("valid_to trước valid_from.")
    return PublishedProcedure(
        id=ids.new(), code=values["code"], title=values["title"], folded=text.fold(values["title"])[:600],
        field=values["field"], tier=values["tier"], source=values["source"], certainty=values["certainty"],
        valid_from=first, valid_to=last,
    )  # fmt: skip


def _value(row: Mapping[str | None, Any], name: str) -> str:
    try:
        value = text.clean(row[name] or "")
    except text.UnsafeText as error:
        raise _Unreadable(f"cột {name} có ký tự ẩn.") from error
    most = getattr(PublishedProcedure._meta.get_field(name), "max_length", None) or 10
    if len(value) > most:
        raise _Unreadable(f"cột {name} dài {len(value)} ký tự, quá {most}.")
    if not value and name != "valid_to":
        raise _Unreadable(f"cột {name} trống.")
    return value


def _day(value: str, name: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise _Unreadable(f"cột {name}: “{value}” không phải ngày dạng 2021-01-31.") from error
