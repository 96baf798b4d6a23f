"""Type in a dossier that came to the counter or by post; such a case never counts as online."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later
from django.views.decorators.http import require_http_methods, require_safe

from tinhso.design.api import Choice, FieldError
from tinhso.foundation.api import clock, randomness
from tinhso.organisation import api as organisation
from tinhso.organisation.api import principal_of, require
from tinhso.organisation.contracts import Principal, Unit
from tinhso.services import api as services
from tinhso.services.actions.files import MAX_BYTES
from tinhso.services.contracts.answers import Refusal
from tinhso.services.contracts.deadline import Channel
from tinhso.services.contracts.form import FormError
from tinhso.services.contracts.procedure import Component, ComponentKind, Delivery, Procedure
from tinhso.services.queries.procedures import Offer
from tinhso.services.rules import form

from . import form_drawing, papers, wording
from .limits import bounded
from .office_acts import as_task
from .office_frame import answering, show

RECEIVE = "services.case.receive"
CHANNELS = {Channel.COUNTER: later("Nộp tại quầy"), Channel.POST: later("Gửi qua bưu chính")}
DELIVERIES = {
    Delivery.COUNTER: later("Nhận tại nơi nộp"),
    Delivery.POST: later("Gửi qua bưu chính"),
    Delivery.ONLINE: later("Bản điện tử, xem bằng mã hồ sơ"),
}


@dataclass
class Sheet:
    """A dossier being typed in: what was answered, and what is wrong with it."""

    data: dict[str, Any] = field(default_factory=dict)
    errors: list[FormError] = field(default_factory=list)
    other: list[FieldError] = field(default_factory=list)
    channel: Channel = Channel.COUNTER
    delivery: Delivery = Delivery.COUNTER
    unit_id: UUID | None = None
    key: str = ""


@require(RECEIVE)
@require_safe
@answering
def choose(request: HttpRequest) -> HttpResponseBase:
    """List the procedures this official's desks receive."""
    principal = principal_of(request)
    offers = [offer for offer in services.procedures.offered() if _desks(principal, offer.procedure)]
    return show(request, "counter_choose", {"offers": offers})


@require(RECEIVE)
@require_http_methods(["GET", "HEAD", "POST"])
@bounded(MAX_BYTES)
@answering
def enter(request: HttpRequest, code: str) -> HttpResponseBase:
    """Take the whole form on one page: an official types from paper and knows the questions."""
    principal, offer = principal_of(request), services.procedures.offer(code)
    if offer is None:
        raise Http404
    desks = _desks(principal, offer.procedure)
    if not desks:
        raise Refusal(_("Đơn vị của bạn không nhận thủ tục này. Hãy hướng dẫn người dân đến đúng cơ quan."))
    if request.method != "POST":
        sheet = Sheet(unit_id=desks[0].id, key=randomness.token(12))
        return _draw(request, offer, desks, sheet)
    return _take(request, principal, offer, desks)


def _take(request: HttpRequest, principal: Principal, offer: Offer, desks: Sequence[Unit]) -> HttpResponseBase:
    procedure, sheet = offer.procedure, _read(request, offer.procedure, desks)
    drawn = set(request.POST.get("hoi", "").split())
    asked = {f.name for page in form.pages_for(procedure, sheet.data) for f in form.fields_for(page, sheet.data)}
    if any(form_drawing.change_rows(request.POST.get("act", ""), p.fields, sheet.data) for p in procedure.pages):
        sheet.errors = []
        return _draw(request, offer, desks, sheet)
    if not sheet.errors:
        sheet.errors = list(form.check(procedure, form.prune(procedure, sheet.data), on=clock.today()))
    fresh = asked - drawn
    if fresh and all(error.field.split(".")[0] in fresh for error in sheet.errors):
        sheet.errors = []
        return _draw(request, offer, desks, sheet, further=True)
    wanted = _papers(procedure, sheet)
    refused, kept = ([], []) if sheet.errors else papers.take_files(request, principal, wanted, draft_id=None)
    sheet.other += refused
    if sheet.errors or sheet.other or sheet.unit_id is None:
        return _draw(request, offer, desks, sheet, status=422)
    try:
        taken = services.submission.submit_case(
            principal=principal,
            application=services.submission.Application(
                package_id=offer.package_id, unit_id=sheet.unit_id, data=form.prune(procedure, sheet.data),
                files=tuple(file.id for file in kept), channel=sheet.channel, delivery=sheet.delivery,
                key=f"counter:{principal.account_id}:{sheet.key}"[:80] if sheet.key else None,
            ),
        )  # fmt: skip
    except Refusal as refusal:
        sheet.errors = list(refusal.fields)
        sheet.other += [] if refusal.fields else [FieldError("", refusal.message)]
        return _draw(request, offer, desks, sheet, status=422)
    messages.success(request, _("Đã nhận hồ sơ %(code)s. Hãy in giấy tiếp nhận cho người nộp.") % {"code": taken.code})
    return redirect("services:office:case", taken.case_id)


def _read(request: HttpRequest, procedure: Procedure, desks: Sequence[Unit]) -> Sheet:
    sheet = Sheet(key=request.POST.get("lan", "")[:40])
    for page in procedure.pages:
        answers, doubts = form_drawing.read_page(procedure, page, request.POST)
        sheet.data |= answers
        sheet.errors += doubts
    sheet.data = form.prune(procedure, form_drawing.without_hidden(sheet.data))
    sheet.errors = [doubt for doubt in sheet.errors if doubt.field in sheet.data or doubt.field in request.POST]
    channel = request.POST.get("channel", "")
    sheet.channel = Channel.POST if channel == Channel.POST.value else Channel.COUNTER
    asked = request.POST.get("delivery-at-counter", "")
    said = sheet.data.get("delivery", asked)
    sheet.delivery = Delivery(said) if said in set(Delivery) else Delivery.COUNTER
    unit_id = as_task(request.POST.get("unit", ""))
    sheet.unit_id = unit_id if unit_id in {unit.id for unit in desks} else None
    if sheet.unit_id is None:
        sheet.other.append(FieldError("unit", _("Hãy chọn nơi nhận hồ sơ.")))
    return sheet


def _draw(
    request: HttpRequest, offer: Offer, desks: Sequence[Unit], sheet: Sheet, *, further: bool = False, status: int = 200
) -> HttpResponse:
    procedure = offer.procedure
    pages = []
    drawn: list[str] = []
    for page in form.pages_for(procedure, sheet.data):
        fields = form.fields_for(page, sheet.data)
        drawn += [f.name for f in fields]
        pages.append((page.title.vi, form_drawing.questions(fields, sheet.data, sheet.errors)))
    every = [f for page in procedure.pages for f in page.fields]
    values = {
        "procedure": procedure,
        "title": procedure.title.vi,
        "pages": pages,
        "drawn": " ".join(drawn),
        "further": further,
        "errors": [*form_drawing.linked(sheet.errors, every), *sheet.other],
        "channels": [Choice(way.value, str(label)) for way, label in CHANNELS.items()],
        "channel": sheet.channel.value,
        "deliveries": [] if "delivery" in procedure.fields else _deliveries(procedure),
        "delivery": sheet.delivery.value,
        "desks": [Choice(str(unit.id), unit.display_name) for unit in desks],
        "unit": str(sheet.unit_id or ""),
        "key": sheet.key or randomness.token(12),
        "papers": [{"row": row, "name": papers.control(row.id)} for row in _papers(procedure, sheet)],
        "accept": papers.ACCEPT,
        "fee": _fee(procedure, sheet) if sheet.data else "",
        "communes": services.places.all_names() if any(f.widget == "commune" for f in every) else (),
    }
    return show(request, "counter", values, status=status)


def _deliveries(procedure: Procedure) -> list[Choice]:
    return [Choice(way.value, str(label)) for way, label in DELIVERIES.items() if way in procedure.deliveries]


def _papers(procedure: Procedure, sheet: Sheet) -> list[Component]:
    wanted = services.procedures.papers(procedure, sheet.data, sheet.channel)
    return [row for row in wanted if row.kind is ComponentKind.DOCUMENT]


def _fee(procedure: Procedure, sheet: Sheet) -> str:
    promise = services.applications.promise(procedure, form.prune(procedure, sheet.data), sheet.channel)
    return wording.fee(promise.fee)


def _desks(principal: Principal, procedure: Procedure) -> list[Unit]:
    """The principal's own desks that receive dossiers and decide on this procedure today."""
    roles = organisation.rights.find(RECEIVE).roles
    found = organisation.units.units(principal.units_as(roles), clock.today())
    return [unit for unit in found.values() if services.applications.competent(procedure, unit)]
