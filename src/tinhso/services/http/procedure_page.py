"""Say on one page what a person needs to know of a procedure, in plain words with the source of each legal value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

from tinhso.design.api import Cell, Column, Tone
from tinhso.foundation.api import clock
from tinhso.foundation.contracts import money
from tinhso.services import api as services
from tinhso.services.contracts.deadline import Certainty, Channel
from tinhso.services.contracts.procedure import (
    Component,
    ComponentKind,
    DeadlineRow,
    Fee,
    FeePer,
    PackageStatus,
    Procedure,
    Variant,
)
from tinhso.services.queries.procedures import Offer
from tinhso.services.rules import procedure as rules

from . import wording

ROLES = {
    "clerk": later("công chức tiếp nhận"),
    "officer": later("công chức thụ lý"),
    "leader": later("người có thẩm quyền ký"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A service as a line of the catalogue."""

    code: str
    title: str
    summary: str
    field: str


@dataclass(frozen=True, slots=True)
class Paper:
    """A line of the dossier's list; `when` names the cases it is needed in."""

    title: str
    hint: str
    how: str
    when: str
    conditional: bool
    online: bool  # to be handed in as a file when applying here
    source: str
    mark: str


def entries(offers: Iterable[Offer]) -> list[Entry]:
    """Describe services for a list."""
    found = [offer.procedure for offer in offers]
    return [Entry(p.code, p.title.vi, p.summary, p.field.vi) for p in found]


def page_of(procedure: Procedure) -> dict[str, Any]:
    """Gather what the procedure's page shows today."""
    today = clock.today()
    proof = services.procedures.proof(procedure, today)
    return {
        "procedure": procedure,
        "test": procedure.status is PackageStatus.TEST,
        "proof": proof,
        "agencies": _agencies(procedure, today),
        "papers": [_paper(procedure, row) for row in procedure.components if _asked(row, today)],
        "notes": [row for row in procedure.components if row.kind is ComponentKind.NOTE and row.validity.covers(today)],
        "deadlines": _deadlines(procedure, today),
        "deadline_columns": (Column(_("Trường hợp")), Column(_("Cách nộp")), Column(_("Thời hạn"))),
        "deadline_sources": list(dict.fromkeys(
            _sourced(row.deadline.source, row.deadline.certainty) for row in procedure.deadlines
            if row.validity.covers(today)
        )),
        "notes_on_time": [row.note for row in procedure.deadlines if row.validity.covers(today) and row.note],
        "quickest": _quickest(procedure, today),
        "fees": _fees(procedure, today),
        "steps": [(step.title.vi, ROLES.get(step.role, step.role), step.hours) for step in procedure.steps],
        "stages": [(s.title.vi, s.agency_name, wording.deadline(s.deadline), s.result_title)
                   for s in rules.stages_for(procedure, today)],
        "basis": [(row, wording.certainty(row.certainty)) for row in procedure.legal_basis
                  if row.validity.covers(today)],
    }  # fmt: skip


def _agencies(procedure: Procedure, today: date) -> list[tuple[str, str]]:
    rows = rules.competent(procedure, today)
    return [(row.agency_name, _sourced(row.source, row.certainty)) for row in rows]


def _asked(row: Component, today: date) -> bool:
    return row.validity.covers(today) and row.kind is not ComponentKind.NOTE


def _paper(procedure: Procedure, row: Component) -> Paper:
    ways = {
        ComponentKind.FORM: _("Điền ngay khi nộp"),
        ComponentKind.PRESENT: _("Xuất trình rồi nhận lại"),
        ComponentKind.DOCUMENT: _("Tải lên bản chụp hoặc PDF"),
    }
    names = [v.title.vi for v in procedure.variants if v.id in row.variants]
    when = [", ".join(names)] if names else []
    if row.channels:
        when.append(_("khi nộp %(how)s") % {"how": wording.among([_lower(c) for c in row.channels])})
    if row.condition:
        when.append(_("tùy câu trả lời của bạn"))
    if not row.required:
        when.append(_("không bắt buộc"))
    return Paper(
        title=row.title.vi,
        hint=row.hint,
        how=ways[row.kind],
        when="; ".join(when),
        conditional=row.condition is not None,
        online=_by_file(row),
        source=row.source,
        mark=wording.certainty(row.certainty),
    )


def _by_file(row: Component) -> bool:
    return row.kind is ComponentKind.DOCUMENT and (not row.channels or Channel.ONLINE in row.channels)


def _lower(channel: Channel) -> str:
    name = str(wording.CHANNELS[channel])
    return name[:1].lower() + name[1:]


def _deadlines(procedure: Procedure, today: date) -> list[tuple[str | Cell, ...]]:
    return [
        (_variants(procedure, row.variants), _channels(row),
         _marked(wording.deadline(row.deadline), row.deadline.certainty))
        for row in procedure.deadlines
        if row.validity.covers(today)
    ]  # fmt: skip


def _quickest(procedure: Procedure, today: date) -> str:
    """Say in a few words how long it takes online, per variant where they differ."""
    found: dict[str, list[Variant]] = {}
    for variant in procedure.variants:
        try:
            allowed = rules.deadline_for(procedure, variant, Channel.ONLINE, today)
        except rules.NotInForce:
            continue
        found.setdefault(wording.deadline(allowed), []).append(variant)
    if len(found) < 2:
        return next(iter(found), _("chưa có quy định"))
    return "; ".join(f"{words} ({', '.join(v.title.vi for v in names)})" for words, names in found.items())


def _variants(procedure: Procedure, named: tuple[str, ...]) -> str:
    titles = [v.title.vi for v in procedure.variants if v.id in named]
    return ", ".join(titles) if titles else _("Mọi trường hợp")


def _channels(row: DeadlineRow) -> str:
    return ", ".join(str(wording.CHANNELS[c]) for c in row.channels) if row.channels else _("Mọi cách nộp")


def _fees(procedure: Procedure, today: date) -> list[Mapping[str, Any]]:
    overlay = services.procedures.overlay_for(procedure)
    lines: list[Mapping[str, Any]] = []
    for fee in (row for row in procedure.fees if row.validity.covers(today)):
        own = [r for r in overlay.rows if r.fee_id == fee.id and r.validity.covers(today)] if overlay else []
        if fee.amount is None and own:
            lines += [
                _fee_line(fee, row.amount, row.channels, row.document, row.certainty) for row in own
            ]  # fmt: skip
        else:
            lines.append(_fee_line(fee, fee.amount, fee.channels, fee.source, fee.certainty))
    return lines


def _fee_line(
    fee: Fee, amount: int | None, channels: tuple[Channel, ...], source: str, sure: Certainty
) -> Mapping[str, Any]:
    per = _("mỗi bản") if fee.per is FeePer.COPY else ""
    if amount is None:
        words = _("Chưa có mức thu. %(basis)s.") % {"basis": fee.basis}
    else:
        words = money.format_vnd(amount) if amount else _("Không thu")
    how = ", ".join(str(wording.CHANNELS[c]) for c in channels) if channels else ""
    return {
        "title": fee.title, "amount": words, "per": per if amount else "", "how": how, "basis": fee.basis,
        "source": source, "mark": wording.certainty(sure), "invented": sure is Certainty.INVENTED,
        "tone": Tone.ATTENTION,
    }  # fmt: skip


def _marked(words: str, sure: Certainty) -> str:
    mark = wording.certainty(sure)
    return f"{words} ({mark})" if mark else words


def _sourced(source: str, sure: Certainty) -> str:
    return _marked(source, sure)
