"""Stand before every page: who is asking, and may they. What is not marked is refused."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec, cast
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.http import urlencode

from ..contracts import Principal
from ..queries.principals import anonymous, principal_for_session
from ..rules import rights

PUBLIC = "public"
SIGNED_IN = "signed-in"
ACCOUNT_KEY, EPOCH_KEY = "account", "epoch"

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


class PrincipalMiddleware:
    """Give each request its principal, found only when it is asked for; refuse views that name no right."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.principal = SimpleLazyObject(lambda: _find(request))  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: object, kwargs: object
    ) -> HttpResponse | None:
        """Deny by default: a page that says nothing of its right is shown to nobody."""
        if right_of(view) is None:
            raise PermissionDenied(f"{getattr(view, '__qualname__', view)} names no right")
        return None


def right_of(view: Callable[..., Any]) -> str | None:
    """Return the right a view names: a right's name, "public", "signed-in", or None where it names none."""
    return getattr(view, "tinhso_right", None) or getattr(getattr(view, "view_class", None), "tinhso_right", None)


def principal_of(request: HttpRequest) -> Principal:
    """Return who is asking."""
    return cast(Principal, getattr(request, "principal", None) or anonymous())


def public(view: View[P]) -> View[P]:
    """Mark a view that everyone may open."""
    view.tinhso_right = PUBLIC  # type: ignore[attr-defined]
    return view


def signed_in(view: View[P]) -> View[P]:
    """Mark a view for anyone who signed in; others are led to sign in and back."""

    @functools.wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        return to_sign_in(request) if principal_of(request).is_anonymous else view(request, *args, **kwargs)

    guarded.tinhso_right = SIGNED_IN  # type: ignore[attr-defined]
    return guarded


def require(right: str) -> Callable[[View[P]], View[P]]:
    """Mark a view with the right it asks for, held in any unit; the object's own unit is checked by `visible`.

    Without an account one is led to sign in; without the right, refused (403).
    """

    def mark(view: View[P]) -> View[P]:
        @functools.wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            principal = principal_of(request)
            if principal.is_anonymous:
                return to_sign_in(request, official=True)
            if not rights.may(principal, right):
                raise PermissionDenied(right)
            return view(request, *args, **kwargs)

        guarded.tinhso_right = right  # type: ignore[attr-defined]
        return guarded

    return mark


def to_sign_in(request: HttpRequest, *, official: bool = False) -> HttpResponse:
    """Lead to the sign-in page, and back here afterwards when it was a page that was asked for."""
    target = reverse("organisation:official-sign-in" if official else "organisation:sign-in")
    if request.method == "GET":
        target += "?" + urlencode({"tiep": request.get_full_path()})
    return redirect(target)


def _find(request: HttpRequest) -> Principal:
    ident, epoch = request.session.get(ACCOUNT_KEY), request.session.get(EPOCH_KEY)
    if not ident or not isinstance(epoch, int):
        return anonymous()
    return principal_for_session(UUID(ident), epoch)
