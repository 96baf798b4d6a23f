"""Keep an official's own filters, and note what was taken out of the worklist."""

from __future__ import annotations

from uuid import UUID

from tinhso.foundation.api import action, clock, ids, journal, text
from tinhso.foundation.contracts import Subject
from tinhso.organisation.contracts import Principal
from tinhso.services.contracts.answers import NotFound, Refusal, account_of
from tinhso.services.contracts.events import FilterDropped, FilterSaved, WorklistExported
from tinhso.services.contracts.form import FormError
from tinhso.services.models import SavedFilter
from tinhso.services.queries.desk import FILTER_PARTS
from tinhso.services.queries.worklist import Filter

MAX_FILTERS = 20  # of one account: more no longer helps to find one
MAX_NAME = 40


@action
def save_filter(*, principal: Principal, name: str, wanted: Filter) -> UUID:
    """Keep a filter under a name; the same name again replaces it."""
    if principal.account_id is None:
        raise NotFound
    named = _name(name)
    mine = SavedFilter.objects.filter(account_id=account_of(principal))
    row = mine.filter(name=named).first()
    if row is None and mine.count() >= MAX_FILTERS:
        raise _refused(f"Bạn đã lưu {MAX_FILTERS} bộ lọc. Hãy bỏ bớt một bộ lọc rồi lưu lại.")
    row = row or SavedFilter(id=ids.new(), account_id=account_of(principal), name=named)
    row.wanted = {part: getattr(wanted, part) for part in FILTER_PARTS}
    row.saved_at = clock.now()
    row.save()
    journal.append(FilterSaved(), subject=Subject("services.filter", row.id), actor=principal.actor)
    return row.id


@action
def drop_filter(*, principal: Principal, filter_id: UUID) -> None:
    """Forget a filter of one's own; one that is gone already is no error."""
    gone, _ = SavedFilter.objects.filter(id=filter_id, account_id=account_of(principal)).delete()
    if gone:
        journal.append(FilterDropped(), subject=Subject("services.filter", filter_id), actor=principal.actor)


@action
def note_export(*, principal: Principal, rows: int) -> None:
    """Note that a list with people's names left the system: who took it, and how many rows."""
    if principal.account_id is None:
        raise NotFound
    subject = Subject("organisation.account", principal.account_id)
    journal.append(WorklistExported(rows=rows), subject=subject, actor=principal.actor)


def _name(typed: str) -> str:
    try:
        named = " ".join(text.clean(typed).split())
    except text.UnsafeText:
        raise _refused("Tên có ký tự ẩn. Hãy gõ lại tên.") from None
    if not named:
        raise _refused("Hãy đặt tên cho bộ lọc.")
    if len(named) > MAX_NAME:
        raise _refused(f"Tên dài quá {MAX_NAME} ký tự. Hãy đặt tên ngắn hơn.")
    return named


def _refused(message: str) -> Refusal:
    return Refusal(message, [FormError("ten", "name", message)])
