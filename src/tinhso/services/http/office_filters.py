"""Write a worklist filter as an address and read it back; say where one goes next."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

from tinhso.foundation.api import text
from tinhso.organisation import api as organisation
from tinhso.organisation.contracts import Principal
from tinhso.services import api as services
from tinhso.services.contracts.case import TaskRow
from tinhso.services.queries.worklist import Filter

from . import office_words as words

VIEWS = {
    "hom-nay": ("today", later("Hôm nay")),
    "tre": ("late", later("Trễ")),
    "sap-den": ("soon", later("Sắp đến hạn")),
    "cho-dan": ("waiting", later("Chờ người dân")),
    "tat-ca": ("all", later("Tất cả")),
}
SLUGS = {view: slug for slug, (view, _label) in VIEWS.items()}
SORTS = {"han": ("due", later("Hạn gần nhất")), "nop": ("submitted", later("Nộp lâu nhất"))}
SORT_SLUGS = {sort: slug for slug, (sort, _label) in SORTS.items()}


def read(params: QueryDict) -> Filter:
    """Read a filter from an address; what makes no sense is passed over."""
    when = VIEWS.get(params.get("xem", ""), ("today", ""))[0]
    kind = params.get("buoc", "")
    return Filter(
        when=when,
        procedure=params.get("thu-tuc", "")[:20],
        kind=kind if kind in words.KINDS else "",
        words=_plain(params.get("tim", "")),
        sort=SORTS.get(params.get("sap", ""), ("due", ""))[0],
        after=_place(params.get("sau", "")),
    )


def written(wanted: Filter) -> str:
    """Write a filter as an address does; defaults are left out."""
    found = QueryDict(mutable=True)
    parts = {
        "xem": SLUGS[wanted.when] if wanted.when != "today" else "",
        "thu-tuc": wanted.procedure,
        "buoc": wanted.kind,
        "tim": wanted.words,
        "sap": SORT_SLUGS[wanted.sort] if wanted.sort != "due" else "",
        "sau": f"{wanted.after[0].isoformat()}~{wanted.after[1]}" if wanted.after else "",
    }
    found.update({name: value for name, value in parts.items() if value})
    return found.urlencode()


def list_url(wanted: Filter) -> str:
    """Give the address of a filtered list."""
    query = written(wanted)
    return reverse("services:office:worklist") + (f"?{query}" if query else "")


def case_url(case_id: UUID, wanted: Filter) -> str:
    """Give the address of a case beside its list."""
    query = written(wanted)
    return reverse("services:office:case", args=[case_id]) + (f"?{query}" if query else "")


def next_case(principal: Principal, wanted: Filter, row: TaskRow | None) -> str:
    """Give the address of the case after a line just done: the next of the list, else its first, else the list."""
    whole = replace(wanted, after=None)
    if row is not None:
        at = row.submitted_at if wanted.sort == "submitted" else row.due_at
        beyond = replace(whole, after=(at, row.id)) if at is not None else whole
        found = services.worklist.worklist(principal, beyond, limit=1).rows
        if found:
            return case_url(found[0].case_id, wanted)
    found = services.worklist.worklist(principal, whole, limit=1).rows
    return case_url(found[0].case_id, whole) if found else list_url(whole)


def commands(principal: Principal) -> list[tuple[Any, str]]:
    """List what Ctrl-K knows by name: the views, and of the counter and the calendar what the official may use."""
    known: list[tuple[Any, str]] = [(label, list_url(Filter(when=view))) for view, label in VIEWS.values()]
    if organisation.may(principal, "services.case.receive"):
        known.append((_("Nhập hồ sơ"), reverse("services:office:counter")))
    if organisation.may(principal, "services.calendar.edit"):
        known.append((_("Lịch làm việc"), reverse("services:office:calendar")))
    return known


def _place(typed: str) -> tuple[datetime, UUID] | None:
    moment, _tilde, ident = typed.partition("~")
    try:
        at = datetime.fromisoformat(moment)
        return (at, UUID(ident)) if at.tzinfo else None
    except ValueError:
        return None


def _plain(typed: str) -> str:
    try:
        return text.clean(typed[:100]).strip()
    except text.UnsafeText:
        return ""
