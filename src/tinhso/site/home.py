"""Lead an official who signed in to where their work is."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from tinhso.organisation import api as organisation

_DESKS = (
    ("services.case.receive", "services:office:worklist"),
    ("services.case.process", "services:office:worklist"),
    ("services.case.sign", "services:office:worklist"),
    ("operations.leaders.view", "operations:screen"),
    ("services.calendar.edit", "services:office:calendar"),
    ("services.case.view", "services:office:worklist"),
)


@organisation.signed_in
def desk(request: HttpRequest) -> HttpResponse:
    """Go to the first desk that the official has a right to; others to their own cases."""
    principal = organisation.principal_of(request)
    for right, page in _DESKS:
        if organisation.may(principal, right):
            return redirect(page)
    return redirect("/ho-so/")
