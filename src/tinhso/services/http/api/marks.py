"""Say of every endpoint which right it asks for; the same rights that tokens name as scopes and pages ask for."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Concatenate, ParamSpec

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase

from tinhso.organisation import api as organisation
from tinhso.organisation.contracts import Principal
from tinhso.services.rights import OWN_READ, OWN_WRITE

P = ParamSpec("P")
Endpoint = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def asks(*rights: str) -> Callable[[Endpoint[P]], Endpoint[P]]:
    """Let an endpoint be used with any of some rights; the first is the one it goes by."""

    def mark(endpoint: Endpoint[P]) -> Endpoint[P]:
        @functools.wraps(endpoint)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            principal = organisation.principal_of(request)
            if not any(holds(principal, right) for right in rights):
                raise PermissionDenied(rights[0])
            return endpoint(request, *args, **kwargs)

        guarded.__signature__ = inspect.signature(endpoint, eval_str=True)  # type: ignore[attr-defined]
        guarded.tinhso_right = rights[0]  # type: ignore[attr-defined]
        return guarded

    return mark


def open_to_all(endpoint: Endpoint[P]) -> Endpoint[P]:
    """Mark an endpoint that anyone may use."""
    endpoint.tinhso_right = "public"  # type: ignore[attr-defined]
    return endpoint


def holds(principal: Principal, right: str) -> bool:
    """Say whether a principal holds a right; those to one's own cases everyone holds whose token names them."""
    if right in (OWN_READ, OWN_WRITE):
        return not principal.is_anonymous and (principal.scopes is None or right in principal.scopes)
    return organisation.may(principal, right)
