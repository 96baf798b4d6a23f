"""The working calendar: the year's days off and worked weekends; a sudden change moves due dates, and says how many."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from tinhso.design.api import Choice, FieldError
from tinhso.foundation.api import clock, workdays
from tinhso.foundation.contracts import DayOff, WorkCalendar, WorkingWeekendDay
from tinhso.organisation.api import principal_of, require
from tinhso.services import api as services

from . import wording
from .office_acts import plain
from .office_frame import answering, show

OFF, WORKED = "nghi", "lam"
_PARTS = ("day", "month", "year")
_FIELDS = {"day": "ngay_day", "reason": "ly-do", "source": "quyet-dinh"}
_WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật")


@require("services.calendar.edit")
@require_http_methods(["GET", "HEAD", "POST"])
@answering
def calendar(request: HttpRequest) -> HttpResponseBase:
    """List a year and take a sudden day off, or a working day, with the decision that ordered it."""
    known = workdays.calendar()
    years = [year.year for year in known.years]
    year = _year(request.GET.get("nam", ""), years)
    values: dict[str, Any] = {"typed": {}, "errors": [], "kind": OFF}
    if request.method == "POST":
        typed = {part: request.POST.get(f"ngay_{part}", "")[:4] for part in _PARTS}
        kind = WORKED if request.POST.get("loai") == WORKED else OFF
        reason, source = plain(request.POST.get("ly-do", ""))[:200], plain(request.POST.get("quyet-dinh", ""))[:200]
        day, errors = _check(known, typed, kind, reason, source)
        if day is not None and not errors:
            moved = services.upkeep.change_calendar(
                principal=principal_of(request), day=day, working=kind == WORKED, reason=reason, source=source
            )
            said = ngettext("%(count)d hồ sơ đổi ngày hẹn trả.", "%(count)d hồ sơ đổi ngày hẹn trả.", moved)
            tail = said % {"count": moved} if moved else _("Không hồ sơ nào đổi ngày hẹn trả.")
            messages.success(request, _("Đã ghi ngày %(day)s.") % {"day": f"{day:%d/%m/%Y}"} + " " + tail)
            return redirect(reverse("services:office:calendar") + f"?nam={day.year}")
        values = {"typed": typed, "errors": errors, "kind": kind, "reason": reason, "source": source}
    values |= {"year": year, "years": years, "entries": _entries(known, year), "kinds": _kinds()}
    wrong = {error.field: error.message for error in values["errors"]}
    values |= {f"{name}_error": wrong.get(field, "") for name, field in _FIELDS.items()}
    return show(request, "calendar", values, status=422 if values["errors"] else 200)


def _check(
    known: WorkCalendar, typed: dict[str, str], kind: str, reason: str, source: str
) -> tuple[date | None, list[FieldError]]:
    errors, day = [], None
    try:
        day = date(int(typed["year"]), int(typed["month"]), int(typed["day"]))
    except (ValueError, OverflowError):
        errors.append(FieldError("ngay_day", _("Ngày này không có trong lịch. Viết như 15 01 2021.")))
    if day is not None and not known.knows(day):
        errors.append(FieldError("ngay_day", _("Chưa có lịch của năm này.")))
    elif day is not None and known.is_working(day) == (kind == WORKED):
        said = _("Ngày này đã là ngày làm việc.") if kind == WORKED else _("Ngày này đã là ngày nghỉ.")
        errors.append(FieldError("ngay_day", said))
    if not reason:
        errors.append(FieldError("ly-do", _("Hãy ghi lý do: người dân sẽ đọc lý do này trong cách tính ngày hẹn.")))
    if not source:
        errors.append(FieldError("quyet-dinh", _("Hãy ghi số, ngày của văn bản quyết định.")))
    return day, errors


def _year(typed: str, years: list[int]) -> int:
    chosen = int(typed) if typed.isascii() and typed.isdigit() and len(typed) == 4 else clock.today().year
    return chosen if chosen in years else years[-1]


def _kinds() -> list[Choice]:
    return [Choice(OFF, _("Nghỉ đột xuất")), Choice(WORKED, _("Làm việc (làm bù, hoãn nghỉ)"))]


def _entries(known: WorkCalendar, year: int) -> list[dict[str, Any]]:
    first, last = date(year, 1, 1), date(year, 12, 31)
    found: list[tuple[date, bool, DayOff | WorkingWeekendDay]] = [
        *((e.day, False, e) for e in known.days_off_between(first, last)),
        *((e.day, True, e) for e in known.worked_weekends_between(first, last)),
    ]
    return [
        {
            "day": day,
            "weekday": _(_WEEKDAYS[day.weekday()]),
            "working": working,
            "reason": entry.reason,
            "source": entry.source,
            "certainty": wording.certainty(entry.certainty),
        }
        for day, working, entry in sorted(found, key=lambda item: item[0])
    ]
