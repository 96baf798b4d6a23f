"""Pages of one's own account: the profile, signing out."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tinhso.design.api import FieldError

from ..actions import people as staffing
from ..actions import sign_in as deeds
from ..queries import people
from . import sessions
from .guard import principal_of, public, signed_in


@public
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End this session."""
    sessions.end(request)
    return redirect("/")


@signed_in
@require_POST
def sign_out_everywhere(request: HttpRequest) -> HttpResponse:
    """End every session of this account, this one too."""
    principal = principal_of(request)
    if principal.account_id:
        deeds.sign_out_everywhere(account_id=principal.account_id, actor=principal.actor)
    sessions.end(request)
    return redirect("organisation:sign-in")


@signed_in
@require_http_methods(["GET", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Show and change one's own name and citizen number; officials' names are kept by whoever manages people."""
    principal = principal_of(request)
    account = people.account(principal.account_id) if principal.account_id else None
    if account is None:
        return redirect("organisation:sign-in")
    page = {"account": account, "name": account.name, "enterprises": people.enterprises_of(account.id)}
    if request.method != "POST" or principal.is_official:
        return render(request, "organisation/profile.html", page)
    name, number = request.POST.get("name", ""), request.POST.get("citizen_number", "")
    problems = staffing.set_profile(account_id=account.id, name=name, citizen_number=number)
    if not problems:
        messages.success(request, _("Đã lưu thông tin của bạn."))
        return redirect("organisation:profile")
    page |= {
        "name": name,
        "citizen_number": number,
        "errors": [FieldError(p.field, p.message) for p in problems],
        **{f"{p.field}_error": p.message for p in problems},
    }
    return render(request, "organisation/profile.html", page, status=422)
