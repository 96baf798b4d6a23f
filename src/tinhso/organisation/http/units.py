"""Public pages of units: who they are on a day, what they came from, what they became."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from tinhso.design.api import SummaryRow
from tinhso.foundation.api import clock, text

from ..contracts import Certainty, Identifier, Part, Succession, Tier, Unit, UnitKind
from ..queries import people
from ..queries import units as find
from .guard import public

CERTAINTY = {
    Certainty.READ: gettext_lazy("đọc trong văn bản"),
    Certainty.SECONDARY: gettext_lazy("nguồn thứ cấp"),
    Certainty.COMPUTED: gettext_lazy("đối chiếu từ danh mục"),
    Certainty.MEMORY: gettext_lazy("theo trí nhớ, chưa đối chiếu"),
    Certainty.UNKNOWN: gettext_lazy("chưa rõ"),
    Certainty.INVENTED: gettext_lazy("số minh họa"),
}
KIND = {
    UnitKind.PEOPLE_COMMITTEE: gettext_lazy("Ủy ban nhân dân"),
    UnitKind.DEPARTMENT: gettext_lazy("Cơ quan chuyên môn cấp tỉnh"),
    UnitKind.DIVISION: gettext_lazy("Phòng, trung tâm chuyên môn"),
    UnitKind.AGENCY: gettext_lazy("Cơ quan khác"),
    UnitKind.PARTY_COMMITTEE: gettext_lazy("Cấp ủy Đảng"),
    UnitKind.FRONT: gettext_lazy("Mặt trận Tổ quốc"),
    UnitKind.UNION: gettext_lazy("Đoàn thể"),
    UnitKind.PRESS: gettext_lazy("Báo chí"),
}
TIER = {
    Tier.PROVINCE: gettext_lazy("Cấp tỉnh"),
    Tier.DISTRICT: gettext_lazy("Cấp huyện"),
    Tier.COMMUNE: gettext_lazy("Cấp xã"),
}
PART = {
    Part.FULL: (gettext_lazy("Toàn bộ"), "done"),
    Part.PARTIAL: (gettext_lazy("Một phần"), "info"),
    Part.UNKNOWN: (gettext_lazy("Chưa rõ phần nào"), "unknown"),
}


@public
@require_safe
def units(request: HttpRequest) -> HttpResponse:
    """List the units that live on a day, or find one by name or code."""
    day, problem = _day(request)
    query = _clean(request.GET.get("q", ""))[:200]
    page: dict[str, Any] = {"day": day, "query": query, "problem": problem}
    if query:
        return render(request, "organisation/units.html", page | {"found": find.search_units(query, day, limit=50)})
    communes = find.of_tier(Tier.COMMUNE, day)
    kinds = Counter(u.kind_word for u in communes)
    page |= {
        "provinces": find.of_tier(Tier.PROVINCE, day),
        "districts": find.of_tier(Tier.DISTRICT, day),
        "communes": communes,
        "kinds": [(words, count) for words, count in sorted(kinds.items())],
        "departments": find.of_tier(Tier.PROVINCE, day, kind=UnitKind.DEPARTMENT),
        "others": [
            unit
            for kind in (UnitKind.AGENCY, UnitKind.PARTY_COMMITTEE, UnitKind.FRONT, UnitKind.UNION, UnitKind.PRESS)
            for unit in find.of_tier(Tier.PROVINCE, day, kind=kind)
        ],
    }
    return render(request, "organisation/units.html", page)


@public
@require_safe
def unit(request: HttpRequest, unit_id: UUID) -> HttpResponse:
    """Show a unit as it was on a day, with its names in time, predecessors and successors."""
    day, problem = _day(request)
    versions = find.history(unit_id)
    if not versions:
        raise Http404
    shown = next((v for v in reversed(versions) if v.valid_from <= day), versions[0])
    living = shown.valid_from <= day and (shown.valid_to is None or day <= shown.valid_to)
    last = versions[-1].valid_to
    page = {
        "unit": shown,
        "day": day,
        "problem": problem,
        "living": living,
        "not_yet": day < versions[0].valid_from,
        "last_day": last,
        "rows": _summary(shown, day),
        "versions": [(v, CERTAINTY[v.certainty]) for v in reversed(versions)],
        "predecessors": [_link(s) for s in find.predecessors(unit_id)],
        "successors": [_link(s) for s in find.successors(unit_id)],
        "below": find.children(unit_id, day) if living else [],
    }
    return render(request, "organisation/unit.html", page)


def _summary(shown: Unit, day: date) -> list[SummaryRow]:
    above = find.unit(shown.parent_id, day) if shown.parent_id else None
    head = people.heads_of([shown.id], day).get(shown.id)
    identifier = find.identifier(shown.id, day)
    rows = [
        (_("Tên đầy đủ"), shown.formal_name),
        (_("Loại"), f"{KIND[shown.kind]} · {TIER[shown.tier]}"),
        (_("Mã đơn vị hành chính"), shown.code),
        (_("Mã định danh cơ quan"), _identifier(identifier, shown)),
        (_("Trực thuộc"), above.display_name if above else ""),
        (_("Người đứng đầu"), f"{head.person_name} – {head.title}" if head and head.person_name else ""),
        (_("Nguồn"), f"{shown.source} ({CERTAINTY[shown.certainty]})"),
        (_("Ghi chú"), shown.note),
    ]
    return [SummaryRow(label, value) for label, value in rows if value]


def _identifier(found: Identifier | None, shown: Unit) -> str:
    if found is None or found.unit_id != shown.id:
        return ""
    return f"{found.value} ({CERTAINTY[found.certainty]})"


def _link(link: Succession) -> dict[str, Any]:
    words, tone = PART[link.part]
    return {"link": link, "part": words, "tone": tone, "certainty": CERTAINTY[link.certainty]}


def _day(request: HttpRequest) -> tuple[date, str]:
    """Read the day as it is written here (15/01/2021) or in a link (2021-01-15); today where it is neither."""
    typed = request.GET.get("ngay", "").strip()
    if not typed:
        return clock.today(), ""
    day, _slash, rest = typed.partition("/")
    month, _slash, year = rest.partition("/")
    try:
        return date.fromisoformat(f"{year:0>4}-{month:0>2}-{day:0>2}" if rest else typed), ""
    except ValueError:
        return clock.today(), _("Ngày không đọc được nên trang này lấy ngày hôm nay. Hãy nhập ngày có thật.")


def _clean(value: str) -> str:
    try:
        return text.clean(value)
    except ValueError:
        return ""
