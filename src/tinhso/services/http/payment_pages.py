"""Pay what a case owes, now or later, by the gateway or by bank transfer; and hear what the gateway says."""

from __future__ import annotations

from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tinhso.design.api import FieldError
from tinhso.organisation.api import principal_of, public, signed_in
from tinhso.services import api as services
from tinhso.services.contracts.answers import NotFound, Refusal
from tinhso.services.contracts.payment import PaymentState

from .answering import answering, refused, show

MAX_NOTICE = 20_000  # bytes


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@answering
def pay(request: HttpRequest, case_id: UUID) -> HttpResponseBase:
    """Show what is owed and the ways to pay; lead to the gateway. Nothing here makes a debt paid: only money does."""
    principal = principal_of(request)
    case = services.cases.case_for_applicant(principal, case_id)
    errors: list[FieldError] = []
    if request.method == "POST":
        try:
            url = services.payments.start_payment(principal=principal, case_id=case_id)
            return _lead_to(request, url)
        except NotFound:
            raise
        except Refusal as refusal:
            errors = refused(refusal)
    values = {
        "case": case,
        "payment": case.payment,
        "payable": bool(case.payment and services.transfers.payable(case.payment.state) and not case.status.closed),
        "transfer": services.transfers.transfer_for(principal, case_id),
        "gateway": services.payments.online_ready(),
        "transfer_first": not services.payments.online_ready(),
        "errors": errors,
    }
    return show(request, "pay", values, status=422 if errors else 200)


@signed_in
@require_safe
@answering
def paid(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Receive the payer who comes back. The return itself proves nothing; the page says what is known."""
    case = services.cases.case_for_applicant(principal_of(request), case_id)
    state = case.payment.state if case.payment else None
    values = {
        "case": case,
        "payment": case.payment,
        "done": state is PaymentState.SUCCEEDED,
        "waiting": state is PaymentState.INITIATED,
        "back": state is PaymentState.REFUNDED,
    }
    return show(request, "paid", values)


@public
@csrf_exempt
@require_POST
def notice(request: HttpRequest) -> HttpResponse:
    """Take what the gateway tells. Believed or not is all it learns."""
    body = request.read(MAX_NOTICE + 1)
    if len(body) > MAX_NOTICE:
        return HttpResponse(status=413)
    headers = {"content-type": request.headers.get("Content-Type", "")}
    believed = services.payments.take_notification(body=body, headers=headers)
    return HttpResponse("ok" if believed else "refused", status=200 if believed else 400, content_type="text/plain")


def _lead_to(request: HttpRequest, url: str) -> HttpResponse:
    """Lead the payer on. A form may not end at another origin, so a page in between leads there at once."""
    if url.startswith(settings.TINHSO_URL + "/") or urlsplit(url).netloc == request.get_host():
        return redirect(url)
    return show(request, "leaving", {"url": url, "host": urlsplit(url).netloc})
