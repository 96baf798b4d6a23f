"""Draw the deeds a desk may do, and read what an official typed for one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

from tinhso.design.api import Choice
from tinhso.foundation.contracts import text
from tinhso.services import api as services
from tinhso.services.contracts.case import CaseView, Deed
from tinhso.services.contracts.desk import Desk, Way
from tinhso.services.contracts.procedure import ComponentKind
from tinhso.services.rules import clock as rules_of_time

from . import office_words as words

MOST = 2_000  # characters of a reason: what people still read
SIMPLE = frozenset({Deed.ACCEPT, Deed.FORWARD, Deed.SIGN, Deed.HAND_OVER})
READ_BY_CITIZEN = frozenset({Deed.ASK_SUPPLEMENT, Deed.REFUSE, Deed.REAPPOINT, Deed.ROUTE})
_DANGER = frozenset({Deed.REFUSE})
_PARTS = ("day", "month", "year")
_LABELS = {
    Deed.ASK_SUPPLEMENT: later("Cần bổ sung gì, vì sao"),
    Deed.REFUSE: later("Lý do từ chối"),
    Deed.SEND_BACK: later("Cần làm lại gì"),
    Deed.REAPPOINT: later("Lý do chậm"),
    Deed.ROUTE: later("Lý do chuyển"),
    Deed.GIVE_OPINION: later("Nội dung ý kiến"),
    Deed.FORWARD: later("Ghi chú cho bước sau"),
}
_SENDS = {
    Deed.ASK_SUPPLEMENT: later("Gửi yêu cầu bổ sung"),
    Deed.REFUSE: later("Từ chối hồ sơ"),
    Deed.SEND_BACK: later("Trả lại"),
    Deed.REAPPOINT: later("Gửi thư xin lỗi và hẹn lại"),
    Deed.ROUTE: later("Chuyển hồ sơ"),
    Deed.GIVE_OPINION: later("Gửi ý kiến"),
}


@dataclass(frozen=True, slots=True)
class Typed:
    """What an official typed for a deed, kept as it was until the deed is done."""

    deed: Deed | None = None
    reason: str = ""
    sentences: tuple[int, ...] = ()
    components: tuple[str, ...] = ()
    day: dict[str, str] = field(default_factory=dict)
    unit: str = ""
    unit_words: str = ""
    step: str = ""


def read(posted: QueryDict) -> Typed:
    """Read the act form; an unknown deed is None."""
    try:
        deed = Deed(posted.get("deed", ""))
    except ValueError:
        deed = None
    count = len(words.SENTENCES.get(deed, ())) if deed else 0
    chosen = {int(n) for n in posted.getlist("cau") if n.isascii() and n.isdigit()}
    return Typed(
        deed=deed,
        reason=plain(posted.get("reason", "")),
        sentences=tuple(n for n in range(count) if n in chosen),
        components=tuple(posted.getlist("thanh-phan"))[:50],
        day={part: posted.get(f"ngay_{part}", "")[:4] for part in _PARTS},
        unit=posted.get("unit", "")[:40],
        unit_words=plain(posted.get("tim-co-quan", ""))[:100],
        step=posted.get("step", "")[:60],
    )


def reason_of(typed: Typed, titles: dict[str, str]) -> str:
    """Put together what the applicant will read: the papers named, the sentences chosen, the official's own words."""
    parts = []
    if typed.deed is Deed.ASK_SUPPLEMENT:
        named = [titles[ident] for ident in typed.components if ident in titles]
        if named:
            parts.append(_("Cần bổ sung: %(papers)s.") % {"papers": "; ".join(named)})
    sentences = words.SENTENCES.get(typed.deed, ()) if typed.deed else ()
    parts += [str(sentences[n]) for n in typed.sentences]
    return " ".join([*parts, typed.reason]).strip()


def arguments(typed: Typed, titles: dict[str, str]) -> dict[str, Any]:
    """Give the deed's arguments as the action takes them."""
    given: dict[str, Any] = {"reason": reason_of(typed, titles)}
    if typed.deed is Deed.REAPPOINT:
        given["new_due"] = _iso(typed.day)
    if typed.deed is Deed.ROUTE:
        given["unit"] = typed.unit
    if typed.deed is Deed.SEND_BACK and typed.step:
        given["step"] = typed.step
    return given


def titles_of(view: CaseView) -> dict[str, str]:
    """Name what a supplement may be asked for: the dossier's papers and its declaration."""
    procedure = services.procedures.of_package(view.package_id)
    kinds = (ComponentKind.DOCUMENT, ComponentKind.FORM)
    fitting = [c for c in procedure.components if c.kind in kinds and (not c.variants or view.variant in c.variants)]
    return {c.id: c.title.vi for c in fitting if not c.channels or view.channel in c.channels}


def acts(view: CaseView, desk: Desk, typed: Typed, said: str) -> list[dict[str, Any]]:
    """List the deeds to draw, the usual one first."""
    breaches = {deed: rules_of_time.explain_breach(breach, _) for deed, breach in desk.breaches}
    return [_act(way, view, desk, typed, said, breaches, first=n == 0) for n, way in enumerate(desk.ways)]


def plain(typed: str) -> str:
    """Take what was typed without what cannot be stored; at most so long that people still read it."""
    kept = "".join(c for c in typed[:MOST] if c.isprintable() or c == "\n")
    try:
        return text.clean(kept).strip()
    except text.UnsafeText:
        return ""


def _act(
    way: Way, view: CaseView, desk: Desk, typed: Typed, said: str, breaches: dict[Deed, str], *, first: bool
) -> dict[str, Any]:
    deed = way.deed
    now = typed.deed is deed
    mine = typed if now else Typed()
    return {
        "deed": deed.value,
        "label": words.DEEDS[deed],
        "key": words.KEYS[deed],
        "kind": "primary" if first else "danger" if deed in _DANGER else "secondary",
        "simple": deed in SIMPLE,
        "note": deed is Deed.FORWARD,
        "obstacle": way.obstacle,
        "breach": breaches.get(deed, ""),
        "open": now,
        "error": said if now else "",
        "reason": mine.reason,
        "reason_label": _LABELS.get(deed, ""),
        "send": _SENDS.get(deed, ""),
        "public": deed in READ_BY_CITIZEN,
        "sentences": [(n, s, n in mine.sentences) for n, s in enumerate(words.SENTENCES.get(deed, ()))],
        "components": [
            (ident, title, ident in mine.components) for ident, title in titles_of(view).items()
        ] if deed is Deed.ASK_SUPPLEMENT else [],
        "reappoint": deed is Deed.REAPPOINT,
        "day": mine.day,
        "units": _units(view, mine) if deed is Deed.ROUTE else None,
        "unit": mine.unit,
        "unit_words": mine.unit_words,
        "returns": [Choice(ident, title) for ident, title in desk.returns] if deed is Deed.SEND_BACK else [],
        "step": mine.step or (desk.returns[-1][0] if desk.returns else ""),
    }  # fmt: skip


def _units(view: CaseView, typed: Typed) -> list[Choice]:
    """Offer the agencies competent for the place, or those whose name was searched for."""
    procedure = services.procedures.of_package(view.package_id)
    if typed.unit_words:
        found: Sequence[Any] = services.applications.search_competent(procedure, typed.unit_words)
    else:
        found = services.applications.suggested_units(procedure, view.data)
    return [Choice(str(unit.id), unit.display_name) for unit in found if unit.id != view.unit_id]


def _iso(day: dict[str, str]) -> str:
    try:
        return date(int(day["year"]), int(day["month"]), int(day["day"])).isoformat()
    except (ValueError, KeyError, OverflowError):
        return ""


def as_task(value: str) -> UUID | None:
    """Read a task's id; None where it is none."""
    try:
        return UUID(value)
    except ValueError:
        return None
