"""Answer anyone who holds a code: how far a case is, and whether a result is genuine. Never whose it is."""

from __future__ import annotations

import hashlib

from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later
from django.views.decorators.http import require_http_methods, require_safe

from tinhso.design.api import FieldError, Milestone, Progress
from tinhso.organisation.api import public
from tinhso.services import api as services
from tinhso.services.contracts.case import CaseStatus
from tinhso.services.queries.cases import Degree

from . import wording
from .answering import answering, show
from .limits import bounded, oversized

TRIES, WINDOW = 30, 600  # look-ups from one address in so many seconds
MAX_RESULT = 30 * 1024 * 1024
_STAGES = (later("Đã nộp"), later("Đã tiếp nhận"), later("Đang xử lý"), later("Đã xong"))


@public
@require_safe
@answering
def look_up(request: HttpRequest) -> HttpResponse:
    """Say how far a case is, by its code. Codes are guessable, so little is said, and not too often."""
    code = request.GET.get("ma", "").strip()[:60]
    if not code:
        return show(request, "look_up", {"code": ""})
    if _too_often(request):
        return show(request, "too_often", {"minutes": WINDOW // 60}, status=429)
    degree = services.cases.degree_of(code)
    if degree is None:
        said = _("Không có hồ sơ nào mang mã này. Hãy xem lại mã trên giấy tiếp nhận, ví dụ H23.16-210115-0042.")
        errors = [FieldError("ma", said)]
        return show(request, "look_up", {"code": code, "errors": errors, "error": said}, status=404)
    values = {"code": degree.code, "degree": degree, "tone": wording.TONES[degree.status], "road": _road(degree)}
    return show(request, "look_up", values)


@public
@require_http_methods(["GET", "HEAD", "POST"])
@bounded(MAX_RESULT)
@answering
def verify(request: HttpRequest, code: str) -> HttpResponseBase:
    """Say which result a verification code stands for, and whether a file is that result to the last byte."""
    result = services.verification.genuine(code)
    if result is None:
        raise Http404
    values = {"result": result, "code": code}
    if request.method != "POST":
        return show(request, "verify", values)
    if _too_often(request):
        return show(request, "too_often", {"minutes": WINDOW // 60}, status=429)
    file = request.FILES.get("file")
    if file is None:
        said = _("Hãy chọn tệp PDF cần kiểm tra.")
        said = _("Tệp lớn hơn 30 MB nên không phải kết quả này.") if oversized(request) else said
        values |= {"errors": [FieldError("file", said)], "error": said}
        return show(request, "verify", values, status=422)
    values |= {"compared": services.verification.compare(code, file.read()), "name": file.name}
    return show(request, "verify", values)


def _road(degree: Degree) -> list[Milestone]:
    """Draw the stages a case goes through and how far it is."""
    over = degree.status.closed
    last = degree.status.label if over else str(_STAGES[3])
    names = [*(str(name) for name in _STAGES[:3]), last]
    states = [
        Progress.DONE if stage < degree.stage or over else Progress.CURRENT if stage == degree.stage else Progress.TODO
        for stage in range(1, 5)
    ]
    if degree.status in (CaseStatus.NOT_RECEIVED, CaseStatus.WITHDRAWN):
        return [Milestone(names[0], state=Progress.DONE), Milestone(last, state=Progress.DONE)]
    return [Milestone(name, state=state) for name, state in zip(names, states, strict=True)]


def _too_often(request: HttpRequest) -> bool:
    """Count look-ups from an address in this process; the window opens anew when it has passed."""
    address = request.META.get("REMOTE_ADDR", "")
    key = "look-up:" + hashlib.sha256(address.encode()).hexdigest()
    cache.add(key, 0, WINDOW)
    try:
        return cache.incr(key) > TRIES
    except ValueError:  # it ran out between the two
        return False
