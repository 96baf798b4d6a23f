"""Draw officials' pages: one frame with who is signed in, where they may go, and what they can still take back."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any, Concatenate, ParamSpec

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from tinhso.foundation.api import clock
from tinhso.organisation import api as organisation
from tinhso.organisation.api import principal_of
from tinhso.organisation.contracts import Principal
from tinhso.services import api as services
from tinhso.services.contracts.answers import Conflict, NotFound, Refusal

from . import office_words as words
from .answering import province
from .office_filters import commands

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def answering(view: View[P]) -> View[P]:
    """Turn what an action refuses into a page: not found 404, changed meanwhile 409, refused 422."""

    @functools.wraps(view)
    def answered(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except NotFound as missing:
            raise Http404 from missing
        except Refusal as refused:
            status = 409 if isinstance(refused, Conflict) else 422
            return show(request, "refused", {"said": refused.message}, status=status)

    return answered


def show(request: HttpRequest, name: str, values: Mapping[str, Any] | None = None, status: int = 200) -> HttpResponse:
    """Draw one of the officials' pages."""
    return render(request, f"services/office/{name}.html", {**frame(request), **(values or {})}, status=status)


def frame(request: HttpRequest) -> dict[str, Any]:
    """Gather what every page's frame shows: two queries."""
    principal = principal_of(request)
    units = {seat.unit_id for seat in principal.seats}
    names = organisation.units.names(units)
    return {
        "province_name": province(),
        "who": principal.name,
        "where": " · ".join(sorted(names.values())[:2]),
        "may_view": organisation.may(principal, "services.case.view"),
        "may_receive": organisation.may(principal, "services.case.receive"),
        "may_edit_calendar": organisation.may(principal, "services.calendar.edit"),
        "commands": [label for label, _url in commands(principal)],
        **undo(principal),
    }


def undo(principal: Principal) -> dict[str, Any]:
    """Say what the official decided a moment ago and can still take back."""
    pending = services.desk.undoable(principal)
    if not pending:
        return {"undo": None}
    newest = pending[0]
    left = max(1, round((newest.effective_at - clock.now()).total_seconds()))
    return {
        "undo": {
            "deed": words.DEEDS[newest.deed],
            "code": words.short(newest.code),
            "newest": newest.id,
            "all": [one.id for one in pending],
            "others": len(pending) - 1,
            "seconds": left,
        }
    }
