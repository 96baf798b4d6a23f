"""The pages of the pretended payment gateway: another party's house, there only in the demonstration."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as later
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tinhso.design.api import Choice
from tinhso.organisation.api import public
from tinhso.services import api as services
from tinhso.services.gateways.orders import OrderStatus
from tinhso.services.gateways.simulator import Behaviour

from .answering import answering, show

MAX_QUESTION = 20_000  # bytes
BEHAVIOURS = (
    (Behaviour.HONEST, later("Bình thường"), later("Trả tiền và báo ngay")),
    (Behaviour.DELAY, later("Báo muộn"), later("Trả tiền, vài phút đến hơn một ngày sau mới báo")),
    (Behaviour.DOUBLE, later("Báo nhiều lần"), later("Trả một lần, báo ba lần")),
    (Behaviour.REORDER, later("Báo lộn thứ tự"), later("Báo thành công rồi mới báo lần hỏng trước đó")),
    (Behaviour.FORGET, later("Quên báo"), later("Trả tiền mà không báo gì")),
    (Behaviour.FORGE, later("Báo giả"), later("Không có tiền, người lạ gửi tin giả")),
    (Behaviour.FAIL, later("Thất bại"), later("Không trả được và báo như vậy")),
    (Behaviour.AMOUNT_CHANGED, later("Sai số tiền"), later("Trả một số tiền khác")),
    (Behaviour.LATE_SUCCESS, later("Thành công muộn"), later("Báo hỏng, hết hạn rồi mới lấy tiền")),
    (Behaviour.CHARGE_TWICE, later("Lấy tiền hai lần"), later("Hai giao dịch cho một lần trả")),
)


@public
@require_safe
@answering
def arrive(request: HttpRequest) -> HttpResponse:
    """Take in the payer whom our own page sent."""
    token = services.gateway_demo.open_order(query=request.META.get("QUERY_STRING", ""))
    return redirect("services:gateway-page", token)


@public
@require_http_methods(["GET", "HEAD", "POST"])
@answering
def page(request: HttpRequest, token: str) -> HttpResponseBase:
    """Show the gateway's page; pay or give up as the button says, and send the payer back."""
    state = services.gateway_demo.page_of(token)
    if request.method != "POST":
        choices = [Choice(kind.value, str(title), str(hint)) for kind, title, hint in BEHAVIOURS]
        values = {"state": state, "open": state.status is OrderStatus.OPEN, "choices": choices}
        return show(request, "gateway", values)
    if request.POST.get("act") == "huy":
        return redirect(_own(services.gateway_demo.cancel(token=token)))
    chosen = request.POST.get("behaviour", "")
    behaviour = Behaviour(chosen) if chosen in set(Behaviour) else Behaviour.HONEST
    return redirect(_own(services.gateway_demo.pay(token=token, behaviour=behaviour)))


@public
@csrf_exempt
@require_POST
@answering
def question(request: HttpRequest, path: str) -> HttpResponse:
    """Answer signed questions about money, as a gateway does."""
    body = request.read(MAX_QUESTION + 1)
    if len(body) > MAX_QUESTION:
        return HttpResponse(status=413)
    told = services.gateway_demo.answer(path=path, body=body)
    return HttpResponse(told.body, status=told.status, content_type="application/x-www-form-urlencoded")


def _own(url: str) -> str:
    """Send the payer nowhere but home: the address was signed by us, and is looked at all the same."""
    if not url.startswith(settings.TINHSO_URL + "/"):
        raise Http404
    return url
