"""Gather what official documents say of a case, and draw the official forms (receipt, supplement, refusal, …)."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache
from uuid import UUID

from django.conf import settings

from tinhso.foundation.api import clock, packages, pdf
from tinhso.organisation import api as organisation
from tinhso.organisation.contracts import Unit, UnitKind
from tinhso.services.contracts.case import CaseStatus
from tinhso.services.contracts.deadline import Channel, Deadline, DeadlineUnit
from tinhso.services.contracts.document import (
    CaseLines,
    DocumentTemplate,
    Draft,
    Letterhead,
    Party,
    Signature,
    Verification,
)
from tinhso.services.contracts.procedure import Delivery, Procedure, Variant
from tinhso.services.models import Case
from tinhso.services.rules import documents as drawing
from tinhso.services.rules import procedure as rules

from .procedures import bill, of_package

_NOBODY = Signature("", "", "")


def draft_for(case: Case, *, title: str, unit_id: UUID, on: date, number: str, by: UUID | None, verify: str) -> Draft:
    """Gather what every document of a case has. `verify` is the address anyone checks it at."""
    procedure = of_package(case.package_id)
    unit = organisation.units.unit(unit_id, on)
    if unit is None:
        raise LookupError(f"unit {unit_id} is not known on {on}")
    return Draft(
        title=title,
        letterhead=_letterhead(unit, on),
        number=number,
        on=on,
        signature=_signature(by, unit, on) if by else _NOBODY,
        recipients=("Như trên", "Lưu: hồ sơ"),
        verification=Verification(verify.partition("://")[2], pdf.qr_svg(verify).decode() if verify else ""),
        party=_party(case, procedure),
        case=_lines(case, procedure),
        demo=settings.TINHSO_DEMO,
    )


def receipt_pdf(case: Case) -> bytes:
    """Draw the receipt and appointment (form 01); before reception it says when the dossier was handed in."""
    procedure = of_package(case.package_id)
    variant = variant_of(case, procedure)
    papers = rules.components_for(
        procedure, variant, Channel(case.channel), case.data, case.submitted_at.astimezone(clock.LOCAL).date()
    )
    return form_pdf(case, "receipt", components=drawing.component_rows(papers))


def variant_of(case: Case, procedure: Procedure) -> Variant:
    """Return the variant a case was found to be when it was handed in."""
    return next(v for v in procedure.variants if v.id == case.variant)


def places_in(procedure: Procedure, data: dict[str, object], on: date) -> dict[str, str]:
    """Give the words for commune codes among the answers."""
    found = {}
    for name, field in procedure.fields.items():
        if field.widget == "commune" and name in data:
            unit = organisation.units.by_code(str(data[name]), on)
            found[name] = unit.display_name if unit else str(data[name])
    return found


def form_pdf(case: Case, form: str, **own: object) -> bytes:
    """Draw one of the official forms of a case; `own` is what this form has beyond every document."""
    template = _template(form)
    today = clock.today()
    look_up = f"{settings.TINHSO_URL}/tra-cuu/?ma={case.code}"
    draft = draft_for(case, title=template.title.vi, unit_id=case.unit_id, on=today, number="", by=None, verify=look_up)
    data = drawing.document_data(draft, **own)
    files = drawing.template_files(template.source)
    source = files.pop("main.typ")
    return pdf.render(source, data, files, when=clock.business_now())


@lru_cache(maxsize=16)
def _template(form: str) -> DocumentTemplate:
    return drawing.load_document(packages.files_of(packages.ROOT / "documents" / form))


def _letterhead(unit: Unit, on: date) -> Letterhead:
    if unit.kind is UnitKind.PEOPLE_COMMITTEE:
        return Letterhead("", unit.formal_name, unit.name)
    territory = organisation.units.unit(unit.territory_id, on) if unit.territory_id else None
    return Letterhead(
        territory.formal_name if territory else "", unit.full_name, territory.name if territory else unit.name
    )


def _signature(by: UUID, unit: Unit, on: date) -> Signature:
    """Name who signs by the post held in the unit: a people's committee signs as a body (TM., NĐ 30/2020, read)."""
    account = organisation.people.account(by)
    posts = organisation.people.posts_of(unit.id, on)
    post = next((p for p in posts if account and p.person_id == account.person_id), None)
    authority = "TM. Ủy ban nhân dân" if unit.kind is UnitKind.PEOPLE_COMMITTEE else ""
    return Signature(authority, post.title if post else "", account.name if account else "")


def _party(case: Case, procedure: Procedure) -> Party:
    answers = {f.prefill: str(case.data.get(name, "")) for name, f in procedure.fields.items() if f.prefill}
    return Party(
        case.applicant,
        answers.get("account.address", ""),
        answers.get("account.phone", ""),
        answers.get("account.email", ""),
    )


def _lines(case: Case, procedure: Procedure) -> CaseLines:
    variant, channel = variant_of(case, procedure), Channel(case.channel)
    day = (case.received_at or case.submitted_at).astimezone(clock.LOCAL).date()
    deadline = rules.deadline_for(procedure, variant, channel, day)
    return CaseLines(
        code=case.code,
        procedure=procedure.title.vi,
        channel=drawing.CHANNEL_WORDS[channel],
        received=drawing.moment_words(case.received_at or case.submitted_at),
        due=_due_words(case.due_at, CaseStatus(case.status)),
        allowed=deadline_words(deadline),
        delivery=drawing.DELIVERY_WORDS[Delivery(case.delivery)],
        fee=drawing.fee_words(bill(procedure, variant, channel, case.data)),
    )


_UNITS = {
    DeadlineUnit.HOUR: "giờ làm việc",
    DeadlineUnit.WORKING_DAY: "ngày làm việc",
    DeadlineUnit.CALENDAR_DAY: "ngày",
    DeadlineUnit.MONTH: "tháng",
}


def deadline_words(deadline: Deadline) -> str:
    """Say how long a procedure may take, in the law's own units."""
    if deadline.unit is DeadlineUnit.SAME_DAY:
        after = f"; nhận sau {deadline.cut_off:%H:%M} thì ngày làm việc tiếp theo" if deadline.cut_off else ""
        return f"trong ngày làm việc{after}"
    return f"{deadline.amount} {_UNITS[deadline.unit]}"


def _due_words(due_at: datetime | None, status: CaseStatus) -> str:
    if due_at is None:
        return "sẽ báo khi hồ sơ được tiếp nhận" if not status.closed else "—"
    return drawing.moment_words(due_at)
