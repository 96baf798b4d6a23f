"""Fill in an application page by page: saved at each step, resumed on any device."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from tinhso.foundation.api import action, clock, ids, journal
from tinhso.foundation.contracts import Subject
from tinhso.organisation.contracts import Principal
from tinhso.services.contracts.answers import NotFound, Refusal, account_of
from tinhso.services.contracts.events import DraftDiscarded, DraftSaved, DraftStarted
from tinhso.services.contracts.procedure import Delivery, FormError
from tinhso.services.models import Attachment, Case, Draft
from tinhso.services.queries import procedures
from tinhso.services.rules import form

MAX_DRAFTS = 50  # of one account; nobody needs more, and a script must not fill the table


@action
def start_draft(*, principal: Principal, procedure: str) -> UUID:
    """Begin an application under the package in force today; return the draft's id."""
    offer = procedures.offer(procedure)
    if offer is None or principal.account_id is None:
        raise NotFound
    if Draft.objects.filter(account_id=account_of(principal), case=None).count() >= MAX_DRAFTS:
        raise Refusal("Bạn có quá nhiều hồ sơ đang làm dở. Hãy nộp hoặc xóa bớt trong “Hồ sơ của tôi”.")
    now = clock.business_now()
    draft = Draft.objects.create(
        id=ids.new(), account_id=account_of(principal), package_id=offer.package_id, procedure=procedure,
        data={}, started_at=now, saved_at=now,
    )  # fmt: skip
    journal.append(DraftStarted(procedure=procedure), subject=_subject(draft.id), actor=principal.actor)
    return draft.id


@action
def save_page(*, principal: Principal, draft_id: UUID, page: str, answers: Mapping[str, Any]) -> tuple[FormError, ...]:
    """Keep one page's answers, right or wrong, and return what is to be put right on it.

    What was typed is never thrown away; only the whole, right form can be handed in.
    """
    draft = own_draft(principal, draft_id)
    procedure = procedures.of_package(draft.package_id)
    names = {f.name for p in procedure.pages if p.id == page for f in p.fields}
    kept = {name: value for name, value in draft.data.items() if name not in names}
    draft.data = {**kept, **answers}
    errors = form.check_page(procedure, page, draft.data, on=clock.today())
    if any(error.keyword == "unsafe" for error in errors):  # cannot be stored at all
        return errors
    draft.saved_at = clock.business_now()
    draft.save(update_fields=["data", "saved_at"])
    journal.append(DraftSaved(page=page), subject=_subject(draft.id), actor=principal.actor)
    return errors


@action
def choose_unit(*, principal: Principal, draft_id: UUID, unit_id: UUID, delivery: Delivery) -> None:
    """Say where the application goes and how the result shall come."""
    draft = own_draft(principal, draft_id)
    draft.unit_id, draft.delivery, draft.saved_at = unit_id, delivery.value, clock.business_now()
    draft.save(update_fields=["unit_id", "delivery", "saved_at"])
    journal.append(DraftSaved(page="unit"), subject=_subject(draft.id), actor=principal.actor)


@action
def discard_draft(*, principal: Principal, draft_id: UUID) -> None:
    """Throw an unfinished application away, with its answers and the sight of its files."""
    draft = own_draft(principal, draft_id)
    Attachment.objects.filter(draft_id=draft.id).update(draft=None, removed_at=clock.now())
    draft.delete()
    journal.append(DraftDiscarded(), subject=_subject(draft_id), actor=principal.actor)


def own_draft(principal: Principal, draft_id: UUID) -> Draft:
    """Return a person's own draft, locked; raise NotFound for anyone else's and for one handed in already."""
    rows = Draft.objects.select_for_update().filter(id=draft_id, account_id=account_of(principal))
    draft = rows.first() if principal.account_id else None
    if draft is None:
        raise NotFound
    if draft.case_id is not None:
        code = Case.objects.values_list("code", flat=True).get(id=draft.case_id)
        raise Refusal(f"Hồ sơ này đã nộp, mã {code}. Bạn có thể xem trong “Hồ sơ của tôi”.")
    return draft


def _subject(draft_id: UUID) -> Subject:
    return Subject("services.draft", draft_id)
