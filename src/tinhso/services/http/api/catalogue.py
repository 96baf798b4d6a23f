"""What anyone may ask: procedures, who decides on them, how far a case is, whether a result is genuine."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from ninja import Router
from ninja.errors import Throttled

from tinhso.foundation.api import clock
from tinhso.services import api as services
from tinhso.services.contracts.answers import NotFound
from tinhso.services.contracts.procedure import Procedure
from tinhso.services.http.lookups import TRIES, WINDOW
from tinhso.services.queries.procedures import Offer

from . import shapes
from .bodies import Word
from .marks import open_to_all

router = Router(tags=["catalogue"], auth=None)


@router.get("/procedures", response=shapes.Procedures, url_name="procedures")
@open_to_all
def procedures(request: HttpRequest, q: Word = "") -> HttpResponse:
    """List the procedures that can be applied for; `q` searches by words, marks on letters do not matter."""
    offers = services.procedures.search(q) if q else services.procedures.offered()
    return shapes.say(shapes.Procedures(items=[shapes.ProcedureLine(**_line(offer)) for offer in offers]))


@router.get("/procedures/{code}", response=shapes.ProcedureDetail, url_name="procedure")
@open_to_all
def procedure(request: HttpRequest, code: Word) -> HttpResponse:
    """Say all a program needs to apply: the form's schema, the dossier, deadlines and fees with their sources."""
    offer = _offer(code)
    return shapes.say(shapes.ProcedureDetail(package=offer.package_id, **_line(offer), **_detail(offer.procedure)))


@router.get("/procedures/{code}/units", response=shapes.Units, url_name="procedure-units")
@open_to_all
def units(request: HttpRequest, code: Word, q: Word = "", commune: Word = "") -> HttpResponse:
    """List the units that decide: by words of their name, or those that serve a commune (its code)."""
    found = _offer(code).procedure
    if commune:
        field = next((name for name, f in found.fields.items() if f.widget == "commune"), "")
        rows = services.applications.suggested_units(found, {field: commune}) if field else []
    else:
        rows = services.applications.search_competent(found, q)
    return shapes.say(shapes.Units.model_validate({"items": rows}))


@router.get("/case-degrees/{code}", response=shapes.Degree, url_name="case-degree")
@open_to_all
def degree(request: HttpRequest, code: Word) -> HttpResponse:
    """Say how far a case is, by its code. Codes can be guessed: little is said, and not too often."""
    _slow_down(request)
    found = services.cases.degree_of(code)
    if found is None:
        raise NotFound("Không có hồ sơ nào mang mã này.")
    return shapes.say(shapes.Degree.model_validate(found))


@router.get("/results/{code}", response=shapes.Genuine, url_name="result-genuine")
@open_to_all
def genuine(request: HttpRequest, code: Word) -> HttpResponse:
    """Say which result a verification code stands for."""
    _slow_down(request)
    found = services.verification.genuine(code)
    if found is None:
        raise NotFound("Không có kết quả nào mang mã kiểm tra này.")
    return shapes.say(shapes.Genuine.model_validate(found))


def _offer(code: str) -> Offer:
    found = services.procedures.offer(code)
    if found is None:
        raise NotFound("Không có thủ tục này.")
    return found


def _line(offer: Offer) -> dict[str, Any]:
    found = offer.procedure
    level = services.procedures.proof(found).level
    return {
        "code": found.code, "title": found.title.vi, "field": found.field.vi, "summary": found.summary, "level": level,
    }  # fmt: skip


def _detail(found: Procedure) -> dict[str, Any]:
    today = clock.today()
    components = [c for c in found.components if c.validity.covers(today)]
    deadlines = [(row, row.deadline) for row in found.deadlines if row.validity.covers(today)]
    return {
        "version": found.version,
        "package_status": found.status.value,
        "valid_from": found.validity.valid_from,
        "valid_to": found.validity.valid_to,
        "legal_basis": [shapes.Law.model_validate(b) for b in found.legal_basis if b.validity.covers(today)],
        "components": [
            shapes.Component(
                id=c.id, title=c.title.vi, kind=c.kind, required=c.required, media_types=list(c.media_types),
                variants=list(c.variants), channels=list(c.channels), hint=c.hint, source=c.source,
                certainty=c.certainty,
            )
            for c in components
        ],
        "deadlines": [
            shapes.Deadline(
                amount=d.amount, unit=d.unit, cut_off=f"{d.cut_off:%H:%M}" if d.cut_off else None,
                variants=list(row.variants), channels=list(row.channels), source=d.source, certainty=d.certainty,
            )
            for row, d in deadlines
        ],
        "fees": [shapes.Fee.model_validate(fee) for fee in found.fees if fee.validity.covers(today)],
        "deliveries": [d.value for d in found.deliveries],
        "form_schema": json.loads(found.form_schema),
    }  # fmt: skip


def _slow_down(request: HttpRequest) -> None:
    """Count look-ups from an address together with the page's own."""
    key = "look-up:" + hashlib.sha256(request.META.get("REMOTE_ADDR", "").encode()).hexdigest()
    cache.add(key, 0, WINDOW)
    try:
        over = cache.incr(key) > TRIES
    except ValueError:  # the window closed between the two
        return
    if over:
        raise Throttled(wait=WINDOW)
