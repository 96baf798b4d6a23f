"""A person's own cases: list, detail, completing, paying, taking back, results. Nobody else's exist here."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from ninja import Router

from tinhso.organisation.api import principal_of
from tinhso.services import api as services
from tinhso.services.rights import OWN_READ, OWN_WRITE

from . import shapes
from .applications import streamed
from .bodies import PageSize, RatingIn, SupplementIn, Word, cursor, position, read
from .marks import asks

router = Router(tags=["own cases"])
PDF = "application/pdf"


@router.get("/me", response=shapes.Who, url_name="me")
@asks(OWN_READ, "services.case.view")
def me(request: HttpRequest) -> HttpResponse:
    """Say who this token or session acts as."""
    who = principal_of(request)
    return shapes.say(
        shapes.Who(
            account_id=who.account_id, name=who.name, kind=who.kind or "",  # type: ignore[arg-type]
            scopes=None if who.scopes is None else sorted(who.scopes), units=sorted({s.unit_id for s in who.seats}),
        )
    )  # fmt: skip


@router.get("/own/cases", response=shapes.Cases, url_name="own-cases")
@asks(OWN_READ)
def mine(request: HttpRequest, after: Word = "", limit: PageSize = 50) -> HttpResponse:
    """List one's own cases, newest first."""
    lines, following = services.cases.own_page(principal_of(request), after=position(after), limit=limit)
    items = [shapes.CaseLine.model_validate(line) for line in lines]
    return shapes.say(shapes.Cases(items=items, next=cursor(following)))


@router.get("/own/cases/{case_id}", response=shapes.Case, url_name="own-case")
@asks(OWN_READ)
def case(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Show one's own case."""
    found = services.cases.case_for_applicant(principal_of(request), case_id)
    answer = shapes.say(shapes.Case.model_validate(found))
    answer.headers["ETag"] = f'"{found.version}"'
    return answer


@router.get("/own/cases/{case_id}/looks", response=shapes.Looks, url_name="own-case-looks")
@asks(OWN_READ)
def looks(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Show who opened one's data."""
    return shapes.say(shapes.Looks.model_validate({"items": services.cases.looks(principal_of(request), case_id)}))


@router.get("/own/cases/{case_id}/receipt", url_name="own-case-receipt", response={200: bytes})
@asks(OWN_READ)
def receipt(request: HttpRequest, case_id: UUID) -> HttpResponseBase:
    """Give the receipt and appointment (form 01) as a PDF."""
    name, pdf = services.documents.receipt_file(principal=principal_of(request), case_id=case_id)
    return streamed(name, PDF, iter((pdf,)))


@router.get("/own/results/{result_id}", url_name="own-result", response={200: bytes})
@asks(OWN_READ)
def result(request: HttpRequest, result_id: UUID) -> HttpResponseBase:
    """Give a signed result as a PDF."""
    name, chunks = services.documents.result_file(principal=principal_of(request), result_id=result_id)
    return streamed(name, PDF, chunks)


@router.post("/own/cases/{case_id}/supplement", response={204: None}, url_name="own-case-supplement",
             openapi_extra={"requestBody": {"required": True, "content": {"application/json": {
                 "schema": SupplementIn.model_json_schema()}}}})  # fmt: skip
@asks(OWN_WRITE)
def supplement(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Answer a request for supplements."""
    said = read(request, SupplementIn)
    services.citizen.answer_supplement(
        principal=principal_of(request), case_id=case_id, changes=said.changes, files=said.files, note=said.note
    )
    return HttpResponse(status=204)


@router.post("/own/cases/{case_id}/withdrawal", response={204: None}, url_name="own-case-withdraw")
@asks(OWN_WRITE)
def withdraw(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Take a case back before it is done."""
    services.citizen.withdraw_case(principal=principal_of(request), case_id=case_id)
    return HttpResponse(status=204)


@router.post("/own/cases/{case_id}/payment", response={201: shapes.PaymentStart}, url_name="own-case-pay")
@asks(OWN_WRITE)
def pay(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Open an attempt at the payment gateway; send the payer's browser to the address returned."""
    url = services.payments.start_payment(principal=principal_of(request), case_id=case_id)
    return shapes.say(shapes.PaymentStart(url=url), 201)


@router.put("/own/cases/{case_id}/rating", response={204: None}, url_name="own-case-rate",
            openapi_extra={"requestBody": {"required": True, "content": {"application/json": {
                "schema": RatingIn.model_json_schema()}}}})  # fmt: skip
@asks(OWN_WRITE)
def rate(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Say how it was; the last word counts."""
    grade = read(request, RatingIn).grade
    services.citizen.rate_result(principal=principal_of(request), case_id=case_id, grade=grade)
    return HttpResponse(status=204)
