"""Begin and end a person's session; between the steps of signing in, keep what the next step needs."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme

from tinhso.foundation.api import clock

from ..contracts import SignedIn
from .guard import ACCOUNT_KEY, EPOCH_KEY

LIFE = 12 * 3600  # seconds without a request
_STEP_LIFE = 15 * 60  # seconds between the steps of signing in
_STEP = "sign_in_step"
_NEXT = "sign_in_next"


def begin(request: HttpRequest, who: SignedIn) -> HttpResponse:
    """Begin a session under a new key, and lead to the page that was asked for before signing in."""
    target = request.session.get(_NEXT, "")
    if request.session.get(ACCOUNT_KEY) not in (None, str(who.account_id)):
        request.session.flush()  # nothing of another person's session stays
    request.session.cycle_key()
    for key in (_STEP, _NEXT):
        request.session.pop(key, None)
    request.session[ACCOUNT_KEY], request.session[EPOCH_KEY] = str(who.account_id), who.epoch
    request.session.set_expiry(LIFE)
    rotate_token(request)
    return redirect(target or (_home(official=who.is_official)))


def end(request: HttpRequest) -> None:
    """End this session and forget everything in it."""
    request.session.flush()


def remember_target(request: HttpRequest) -> None:
    """Keep the page to return to, where the address bar names one of ours."""
    target = request.GET.get("tiep", "")
    if url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        request.session[_NEXT] = target


def keep_step(request: HttpRequest, name: str, **values: Any) -> None:
    """Keep what the next step of signing in needs."""
    request.session[_STEP] = {"name": name, "at": clock.now().timestamp(), **values}


def step(request: HttpRequest, name: str) -> dict[str, Any] | None:
    """Return what an earlier step kept, or None where there was none or it was long ago."""
    kept = request.session.get(_STEP)
    if not kept or kept["name"] != name or clock.now().timestamp() - kept["at"] > _STEP_LIFE:
        return None
    return dict(kept)


def address_of(request: HttpRequest) -> str:
    """Return the address a request comes from, for counting tries. The server in front must set REMOTE_ADDR."""
    return str(request.META.get("REMOTE_ADDR", ""))


def _home(*, official: bool) -> str:
    """Where to go when no page was asked for: the site names an official's first page, citizens start at the portal."""
    return str(getattr(settings, "TINHSO_OFFICE_HOME", "/")) if official else "/"
