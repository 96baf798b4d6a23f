"""Pages to sign in: a code for citizens, password and second factor for officials, a chooser in the demonstration."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from tinhso.design.api import FieldError

from ..actions import demo as demo_actions
from ..actions import second_factor
from ..actions import sign_in as deeds
from ..contracts import CodeSent, PasswordAccepted, Refused, SignedIn
from ..queries import people
from ..queries.installation import is_demo
from . import sessions
from .guard import public


@public
@require_http_methods(["GET", "POST"])
def citizen(request: HttpRequest) -> HttpResponse:
    """Ask for a phone number or e-mail address and send a code to it."""
    if request.method != "POST":
        sessions.remember_target(request)
        return render(request, "organisation/sign_in.html", {"demo": is_demo()})
    typed = request.POST.get("identifier", "")
    answer = deeds.request_code(identifier=typed, address=sessions.address_of(request))
    if isinstance(answer, CodeSent):
        sessions.keep_step(
            request, "code", request_id=str(answer.request_id), masked=answer.masked_destination,
            shown=answer.shown_code, identifier=typed,
        )  # fmt: skip
        return redirect("organisation:code")
    return _refused(request, "organisation/sign_in.html", answer, {"identifier": typed, "demo": is_demo()})


@public
@require_http_methods(["GET", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """Ask for the code that was sent, and sign in."""
    kept = sessions.step(request, "code")
    if kept is None:
        return redirect("organisation:sign-in")
    page = {"masked": kept["masked"], "shown": kept["shown"], "identifier": kept["identifier"]}
    if request.method != "POST":
        return render(request, "organisation/code.html", page)
    answer = deeds.redeem_code(
        request_id=UUID(kept["request_id"]),
        code=request.POST.get("code", "")[:40],
        address=sessions.address_of(request),
    )
    if isinstance(answer, Refused):
        return _refused(request, "organisation/code.html", answer, page)
    response = sessions.begin(request, answer)
    return redirect("organisation:profile") if answer.is_new and response["Location"] == "/" else response


@public
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def official(request: HttpRequest) -> HttpResponse:
    """Ask an official for login name and password."""
    if request.method != "POST":
        sessions.remember_target(request)
        return render(request, "organisation/official_sign_in.html", {"demo": is_demo()})
    login = request.POST.get("login", "")
    answer = deeds.check_password(
        login=login, password=request.POST.get("password", ""), address=sessions.address_of(request)
    )
    if isinstance(answer, PasswordAccepted):
        name = "enrol" if answer.needs_enrolment else "totp"
        sessions.keep_step(request, name, account_id=str(answer.account_id))
        return redirect(f"organisation:{name}")
    return _refused(request, "organisation/official_sign_in.html", answer, {"login": login, "demo": is_demo()})


@public
@require_http_methods(["GET", "POST"])
def totp(request: HttpRequest) -> HttpResponse:
    """Ask an official for the code of the second factor."""
    kept = sessions.step(request, "totp")
    if kept is None:
        return redirect("organisation:official-sign-in")
    account_id = UUID(kept["account_id"])
    if request.method != "POST":
        return render(request, "organisation/totp.html", {"shown": second_factor.shown_totp(account_id)})
    answer = deeds.confirm_totp(
        account_id=account_id, code=request.POST.get("code", "")[:40], address=sessions.address_of(request)
    )
    page = {"shown": second_factor.shown_totp(account_id)}
    return _enter_or_refuse(request, "organisation/totp.html", answer, page)


@public
@require_http_methods(["GET", "POST"])
def enrol(request: HttpRequest) -> HttpResponse:
    """Set up an official's second factor at the first sign-in."""
    kept = sessions.step(request, "enrol")
    account = people.account(UUID(kept["account_id"])) if kept else None
    if kept is None or account is None:
        return redirect("organisation:official-sign-in")
    if "secret" not in kept:
        offer = second_factor.offer_totp(login=account.login)
        sessions.keep_step(request, "enrol", account_id=str(account.id), secret=offer.secret, uri=offer.uri)
        kept = sessions.step(request, "enrol") or kept
    page = {"secret": kept["secret"], "uri": kept["uri"]}
    if request.method != "POST":
        return render(request, "organisation/enrol.html", page)
    answer = second_factor.enrol_totp(
        account_id=account.id, secret=kept["secret"], code=request.POST.get("code", "")[:40]
    )
    return _enter_or_refuse(request, "organisation/enrol.html", answer, page)


@public
@require_http_methods(["GET", "POST"])
def demo(request: HttpRequest) -> HttpResponse:
    """Choose a demonstration account and sign in as it; exists in the demonstration only."""
    if not is_demo():
        raise Http404
    if request.method == "POST":
        try:
            entered = demo_actions.enter_demo(account_id=UUID(request.POST.get("account", "")))
        except ValueError:
            entered = None
        if entered:
            return sessions.begin(request, entered)
        return redirect("organisation:demo")
    sessions.remember_target(request)
    accounts = demo_actions.demo_accounts()
    password = next((a.password for a in accounts if a.password), "")
    return render(request, "organisation/demo.html", {"accounts": accounts, "password": password})


def _enter_or_refuse(
    request: HttpRequest, template: str, answer: SignedIn | Refused, page: dict[str, Any]
) -> HttpResponse:
    return (
        sessions.begin(request, answer) if isinstance(answer, SignedIn) else _refused(request, template, answer, page)
    )


def _refused(request: HttpRequest, template: str, answer: Refused, page: dict[str, Any]) -> HttpResponse:
    """Show a page again with what went wrong and what was typed; 429 tells programs when to come back."""
    page |= {"errors": [FieldError(answer.field, answer.message)], "problem": answer.message, "field": answer.field}
    response = render(request, template, page, status=429 if answer.reason == "too_often" else 422)
    if answer.retry_at:
        response["Retry-After"] = answer.retry_at.strftime("%a, %d %b %Y %H:%M:%S GMT")
    return response
