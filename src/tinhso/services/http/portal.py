"""Find a service: the first page, the catalogue, and each procedure's own page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later
from django.views.decorators.http import require_safe

from tinhso.foundation.api import clock, text
from tinhso.indicators import api as indicators
from tinhso.indicators.contracts import Figure, Period
from tinhso.organisation.api import principal_of, public
from tinhso.services import api as services

from . import procedure_page
from .answering import answering, show

PROMISE = "services-level-4"
LIFE_EVENTS = (
    (later("Gia đình, hộ tịch"), ("2.000986", "2.000635")),
    (later("Nhà đất"), ("1.013225",)),
    (later("Làm ăn"), ("1.001612",)),
)
_MOST_WORDS = 200


@dataclass(frozen=True, slots=True)
class LifeEvent:
    """A moment of life and the services it calls for."""

    title: str
    services: tuple[procedure_page.Entry, ...]


@public
@require_safe
@answering
def home(request: HttpRequest) -> HttpResponse:
    """Show the first page: search, life events, fields, look-up, and what the province promised."""
    entries = {entry.code: entry for entry in procedure_page.entries(services.procedures.offered())}
    events = [
        LifeEvent(str(title), tuple(entries[code] for code in codes if code in entries)) for title, codes in LIFE_EVENTS
    ]
    waiting = services.cases.my_cases(principal_of(request), limit=3) if not principal_of(request).is_anonymous else []
    values = {
        "events": [event for event in events if event.services],
        "fields": _fields(entries.values()),
        "promise": _promise(),
        "mine": [line for line in waiting if line.needs][:3],
        "signed_in": not principal_of(request).is_anonymous,
    }
    return show(request, "home", values)


@public
@require_safe
@answering
def catalogue(request: HttpRequest) -> HttpResponse:
    """List the services, all or those that hold the words searched for; marks on letters do not matter."""
    words = request.GET.get("tim", "")[:_MOST_WORDS]
    field = request.GET.get("linh-vuc", "")[:_MOST_WORDS]
    found = services.procedures.search(words) if words.strip() else services.procedures.offered()
    entries = procedure_page.entries(found)
    if field:
        entries = [entry for entry in entries if text.fold(entry.field) == text.fold(field)]
    groups = _fields(entries)
    return show(request, "catalogue", {"words": words, "field": field, "groups": groups, "count": len(entries)})


@public
@require_safe
@answering
def procedure(request: HttpRequest, code: str) -> HttpResponse:
    """Show all a person needs to know of one service."""
    offer = services.procedures.offer(code)
    if offer is None:
        raise Http404(_("Không có thủ tục này."))
    values = procedure_page.page_of(offer.procedure)
    return show(request, "procedure", {**values, "code": code, "title": offer.procedure.title.vi})


def _promise() -> tuple[Figure, Decimal | None] | None:
    """Measure what the province promised, with its target; None where the indicator is not installed."""
    today = clock.today()
    try:
        asked = indicators.definition(PROMISE)
    except indicators.UnknownIndicator:
        return None
    figure = indicators.measure(asked, Period(today.replace(month=1, day=1), today))
    return figure, asked.targets[0].value if asked.targets else None


def _fields(entries: Iterable[procedure_page.Entry]) -> list[tuple[str, list[procedure_page.Entry]]]:
    groups: dict[str, list[procedure_page.Entry]] = {}
    for entry in entries:
        groups.setdefault(entry.field, []).append(entry)
    return sorted(groups.items(), key=lambda group: text.sort_key(group[0]))
