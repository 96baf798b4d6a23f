"""Show the design system, and keep a reader's choice of theme and language."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from tinhso.design.http import samples

View = TypeVar("View", bound=Callable[..., HttpResponse])


def _public(view: View) -> View:
    """Mark a view that everyone may open, as the house asks of every route; the room below cannot import the guard."""
    view.tinhso_right = "public"  # type: ignore[attr-defined]
    return view


_YEAR = 365 * 24 * 60 * 60
_PAGES = {"office": "design/living_office.html", "wall": "design/living_wall.html"}


@_public
@require_GET
def living_page(request: HttpRequest) -> HttpResponse:
    """Show every token and component in each state; `?theme=dark`, `?view=office` and `?view=wall` switch."""
    page = _PAGES.get(request.GET.get("view", ""), "design/living.html")
    theme = request.GET.get("theme", "")
    return render(request, page, {**samples.everything(), "design_theme": theme})


@_public
@csrf_exempt
@require_POST
def set_preferences(request: HttpRequest) -> HttpResponse:
    """Keep the theme (`light`, `dark`, `auto`) or language in a cookie and go back to where the reader was.

    Without a CSRF token on purpose: the choice harms nobody, and public pages stay free of a token cookie.
    """
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure()):
        target = "/"
    response = HttpResponseRedirect(target)
    theme = request.POST.get("theme", "")
    if theme in ("light", "dark"):
        response.set_cookie("theme", theme, max_age=_YEAR, samesite="Lax", secure=request.is_secure(), httponly=True)
    elif theme == "auto":
        response.delete_cookie("theme", samesite="Lax")
    language = request.POST.get("language", "")
    if language in dict(settings.LANGUAGES):
        name = settings.LANGUAGE_COOKIE_NAME
        response.set_cookie(name, language, max_age=_YEAR, samesite="Lax", secure=request.is_secure(), httponly=True)
    return response
