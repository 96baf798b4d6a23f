"""Answer requests the same way on every page: what is refused, not found or changed meanwhile, said calmly."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, Concatenate, ParamSpec

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from tinhso.design.api import FieldError
from tinhso.foundation.api import clock
from tinhso.organisation import api as organisation
from tinhso.organisation.contracts import Tier
from tinhso.services.contracts.answers import Conflict, NotFound, Refusal
from tinhso.services.contracts.form import FormError

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
        except Conflict as changed:
            return show(request, "refused", {"said": changed.message, "changed": True}, status=409)
        except Refusal as refused:
            return show(request, "refused", {"said": refused.message}, status=422)

    return answered


def show(request: HttpRequest, name: str, values: Mapping[str, Any] | None = None, status: int = 200) -> HttpResponse:
    """Draw one of the citizens' pages."""
    page = {"province_name": province(), **(values or {})}
    return render(request, f"services/citizen/{name}.html", page, status=status)


def province() -> str:
    """Give the province's name as of today."""
    try:
        return _province(clock.today())
    except LookupError:  # nothing is loaded yet: ask again next time
        return "Tỉnh Số"


def refused(refusal: Refusal) -> list[FieldError]:
    """List what a refusal wants mended; at least its own sentence."""
    return as_errors(refusal.fields) or [FieldError("", refusal.message)]


def as_errors(errors: Sequence[FormError]) -> list[FieldError]:
    """Turn the form's errors into those that the summary links to their questions."""
    return [FieldError(error.field, error.message) for error in errors]


@lru_cache(maxsize=8)
def _province(day: date) -> str:
    found = organisation.units.of_tier(Tier.PROVINCE, day)
    if not found:
        raise LookupError("no province")
    return found[0].full_name
