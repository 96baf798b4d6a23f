"""Say which pages an application goes through, what is still missing, and what it will come to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from tinhso.design.api import SummaryRow
from tinhso.foundation.api import clock
from tinhso.services import api as services
from tinhso.services.contracts.case import FileInfo, FileState
from tinhso.services.contracts.deadline import Channel
from tinhso.services.contracts.procedure import Component, ComponentKind, Procedure
from tinhso.services.queries.applications import DraftView
from tinhso.services.rules import form
from tinhso.services.rules import procedure as rules

from . import form_drawing, wording

PAPERS, UNIT, CHECK = "giay-to", "noi-nop", "kiem-tra"


@dataclass(frozen=True, slots=True)
class Stage:
    """A page of the application."""

    key: str
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Missing:
    """Something to put right before handing in, and where."""

    said: str
    url: str


def stages(draft: DraftView) -> list[Stage]:
    """List the pages to go through, given the answers so far."""
    pages = [Stage(p.id, p.title.vi, page_url(draft, p.id)) for p in form.pages_for(draft.procedure, draft.data)]
    if wanted(draft.procedure, draft.data):
        pages.append(Stage(PAPERS, _("Giấy tờ kèm theo"), own_url("papers", draft)))
    pages.append(Stage(UNIT, _("Nơi nộp hồ sơ"), own_url("unit", draft)))
    pages.append(Stage(CHECK, _("Kiểm tra và nộp"), own_url("check", draft)))
    return pages


def place(draft: DraftView, key: str) -> tuple[Stage | None, int, int, Stage | None, Stage | None]:
    """Find a page: itself (None where it is not asked), its number, how many, the one before and the one after."""
    found = stages(draft)
    index = next((i for i, stage in enumerate(found) if stage.key == key), None)
    if index is None:
        return None, 0, len(found), None, None
    before = found[index - 1] if index else None
    after = found[index + 1] if index + 1 < len(found) else None
    return found[index], index + 1, len(found), before, after


def standing(draft: DraftView, key: str) -> dict[str, Any]:
    """Say for a page's frame where one stands: "Bước 2/4", and the way back."""
    stage, number, total, before, after = place(draft, key)
    back = before.url if before else reverse("services:procedure", args=[draft.procedure.code])
    return {
        "draft": draft, "stage": stage, "step": number, "steps": total, "back": back, "after": after,
        "procedure": draft.procedure,
    }  # fmt: skip


def page_url(draft: DraftView, page_id: str) -> str:
    """Give the address of a page of the form."""
    return reverse("services:page", args=[draft.id, page_id])


def own_url(name: str, draft: DraftView) -> str:
    """Give the address of one of the application's other pages."""
    return reverse(f"services:{name}", args=[draft.id])


def wanted(procedure: Procedure, data: Mapping[str, Any]) -> list[Component]:
    """List the papers to be handed in online, given the answers so far."""
    variant = rules.variant_for(procedure, data)
    rows = rules.components_for(procedure, variant, Channel.ONLINE, data, clock.today())
    return [row for row in rows if row.kind is ComponentKind.DOCUMENT]


def missing(draft: DraftView) -> list[Missing]:
    """List what stands in the way of handing in, a line a page, each with the way there."""
    procedure, data = draft.procedure, form.prune(draft.procedure, draft.data)
    page_of = {field.name: page.id for page in procedure.pages for field in page.fields}
    said: dict[str, list[str]] = {}
    for error in [*form.check(procedure, data, on=clock.today()), *form_drawing.doubts_about_places(procedure, data)]:
        said.setdefault(page_of.get(error.field.split(".")[0], procedure.pages[0].id), []).append(error.message)
    found = [
        Missing(_missing_words(page.title.vi, said[page.id]), page_url(draft, page.id) + "?sua=1")
        for page in procedure.pages
        if page.id in said
    ]
    given = {file.component for file in draft.files if file.state is not FileState.REFUSED}
    for row in wanted(procedure, data):
        if row.required and row.id not in given:
            words = _("Hãy tải lên: %(paper)s.") % {"paper": row.title.vi}
            found.append(Missing(words, own_url("papers", draft) + "?sua=1"))
    if draft.unit is None or not services.applications.competent(procedure, draft.unit):
        found.append(Missing(_("Hãy chọn nơi nộp hồ sơ."), own_url("unit", draft) + "?sua=1"))
    return found


def _missing_words(page: str, said: list[str]) -> str:
    if len(said) == 1:
        return said[0]
    return _("%(page)s: còn %(count)d câu cần trả lời") % {"page": page, "count": len(said)}


def summary(draft: DraftView) -> list[tuple[str, list[SummaryRow]]]:
    """List every answer under its page's title, with the way to change it."""
    groups = []
    for page in form.pages_for(draft.procedure, draft.data):
        url = page_url(draft, page.id) + "?sua=1"
        rows = [
            SummaryRow(field.title, form_drawing.shown(field, draft.data.get(field.name)), url)
            for field in form.fields_for(page, draft.data)
        ]
        groups.append((page.title.vi, rows))
    papers = wanted(draft.procedure, draft.data)
    if papers:
        url = own_url("papers", draft) + "?sua=1"
        rows = [SummaryRow(row.title.vi, _names(draft.files, row), url) for row in papers]
        groups.append((_("Giấy tờ kèm theo"), rows))
    unit = wording.agency(draft.unit) if draft.unit else ""
    groups.append((_("Nơi nộp"), [SummaryRow(_("Cơ quan nhận hồ sơ"), unit, own_url("unit", draft) + "?sua=1")]))
    return groups


def _names(files: tuple[FileInfo, ...], component: Component) -> str:
    mine = [file for file in files if file.component == component.id]
    return "\n".join(file.name for file in mine)
