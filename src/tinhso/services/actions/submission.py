"""Hand in an application: check everything, then case, files, bill, task, journal and fact in one transaction."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import IntegrityError

from tinhso.foundation.api import action, clock, ids, statements, text, vault
from tinhso.organisation import api as organisation
from tinhso.organisation.contracts import Principal, Unit
from tinhso.services.contracts.answers import NotFound, Refusal, account_of
from tinhso.services.contracts.case import CaseStatus, FileState
from tinhso.services.contracts.deadline import Channel
from tinhso.services.contracts.events import CaseSubmitted
from tinhso.services.contracts.procedure import ComponentKind, Delivery, FormError, Procedure, Step
from tinhso.services.models import Attachment, Case, CaseCodeCounter, Draft
from tinhso.services.queries import measure
from tinhso.services.queries.procedures import of_package
from tinhso.services.rules import form
from tinhso.services.rules import procedure as rules

from . import files, payments, story, tasks


@dataclass(frozen=True, slots=True)
class Application:
    """What is handed in. `files` are ids of uploaded attachments; `key` makes handing in twice the same as once."""

    package_id: UUID
    unit_id: UUID
    data: Mapping[str, Any]
    files: tuple[UUID, ...] = ()
    channel: Channel = Channel.ONLINE
    delivery: Delivery = Delivery.ONLINE
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the person gets at once: the case's id and code."""

    case_id: UUID
    code: str


@action
def submit_case(*, principal: Principal, application: Application) -> Receipt:
    """Create a case from a complete application; raise Refusal with every answer to put right.

    A person submits for themselves; an official with the right to receive types in what came to the counter or by
    post (such a case never counts as online). The same key gives the same receipt.
    """
    return kept_receipt(application.key) or _write(_check(principal, application))


def hand_in(*, principal: Principal, application: Application, uploads: Sequence[files.Upload] = ()) -> Receipt:
    """Submit an application and the files that come with it, all or nothing.

    It is checked, and the files' bytes go to disk, before the transaction: others wait for a few rows only. Sent twice
    at once under one key, both get the first one's receipt.
    """
    kept = kept_receipt(application.key)
    if kept is not None:
        return kept
    checked = _check(principal, application, [upload.component for upload in uploads])
    waiting = files.receive(uploads, checked.procedure) if uploads else []
    try:
        return _hand_in(checked=checked, waiting=waiting)
    except Refusal:  # what fails otherwise may have been kept: the vault's own sweep knows
        files.give_up(waiting)
        kept = kept_receipt(application.key)
        if kept is None:
            raise
        return kept


@action
def _hand_in(*, checked: _Checked, waiting: Sequence[files.Waiting]) -> Receipt:
    kept = kept_receipt(checked.application.key)
    if kept is None:
        return _write(checked, waiting)
    files.give_up(waiting)
    return kept


@dataclass(frozen=True, slots=True)
class _Checked:
    """An application that may be handed in as it is."""

    principal: Principal
    application: Application
    procedure: Procedure
    unit: Unit
    data: dict[str, Any]
    attachments: tuple[UUID, ...]
    typed_by: UUID | None


def _check(principal: Principal, application: Application, coming: Collection[str] = ()) -> _Checked:
    """Check a whole application; `coming` are the components of files that come with it. Reads only."""
    today = clock.today()
    procedure = of_package(application.package_id)
    unit = _competent_unit(procedure, application.unit_id, today)
    typed_by = _typist(principal, application.unit_id)
    if typed_by is None and application.channel is not Channel.ONLINE:  # else papers and fees could be talked away
        raise Refusal("Hồ sơ tự nộp là hồ sơ trực tuyến. Nộp giấy tại quầy hoặc qua bưu điện thì cán bộ nhập giúp bạn.")
    data = form.prune(procedure, dict(application.data))
    attachments = _attachments(principal, application.files)
    kinds = {row.id: row.media_types for row in procedure.components}
    given = {
        a.component
        for a in attachments
        if a.state != FileState.REFUSED and a.media_type in (kinds.get(a.component) or (a.media_type,))
    } | set(coming)
    _refuse_incomplete(procedure, application, data, given, today)
    return _Checked(principal, application, procedure, unit, data, tuple(a.id for a in attachments), typed_by)


def _write(checked: _Checked, waiting: Sequence[files.Waiting] = ()) -> Receipt:
    """Write a checked application: case, files, sight, bill, first task, journal and fact."""
    principal, procedure, unit = checked.principal, checked.procedure, checked.unit
    case = _create(checked)
    if checked.attachments:
        taken = Attachment.objects.filter(id__in=checked.attachments, case=None).update(case_id=case.id)
        if taken != len(checked.attachments):  # handed in with another case at the same moment
            raise Refusal("Có tệp vừa được nộp với một hồ sơ khác. Hãy tải lại tệp rồi nộp.")
    files.keep_with(principal, case.id, waiting)
    organisation.grant_access(object_id=case.id, unit_id=unit.id, reason="received", valid_from=case.submitted_at)
    story.happened(case, "submitted", by=principal.account_id, unit=unit.id)
    payments.open_bill(case, procedure)
    tasks.enter(case, procedure, _first_step(procedure, case))
    event = CaseSubmitted(
        code=case.code,
        procedure=case.procedure,
        unit_id=unit.id,
        channel=case.channel,
        typed_by_official=case.typed_by_id is not None,
    )
    story.tell(case, event, actor=principal.actor, first=True)
    return Receipt(case.id, case.code)


@action
def submit_draft(*, principal: Principal, draft_id: UUID) -> Receipt:
    """Hand in a draft: twice, from two tabs or by a double click, is the same as once."""
    draft = Draft.objects.select_for_update().filter(id=draft_id, account_id=account_of(principal)).first()
    if draft is None or principal.account_id is None:
        raise NotFound
    if draft.case_id is not None:
        return Receipt(draft.case_id, Case.objects.values_list("code", flat=True).get(id=draft.case_id))
    if draft.unit_id is None:
        raise Refusal("Hãy chọn nơi nộp hồ sơ.", [FormError("unit", "required", "Hãy chọn nơi nộp hồ sơ.")])
    handed = Attachment.objects.filter(draft_id=draft.id, removed_at=None).values_list("id", flat=True)
    application = Application(
        package_id=draft.package_id,
        unit_id=draft.unit_id,
        data=draft.data,
        files=tuple(handed),
        delivery=_delivery(draft),
        key=f"draft:{draft.id}",
    )
    receipt = submit_case(principal=principal, application=application)
    draft.case_id = receipt.case_id
    draft.save(update_fields=["case_id"])
    return receipt


def _delivery(draft: Draft) -> Delivery:
    """Deliver as the form says, where it asks; else as the draft does."""
    said = draft.data.get("delivery")
    return Delivery(said if isinstance(said, str) and said in set(Delivery) else draft.delivery)


def next_code(unit_id: UUID, day: date) -> str:
    """Give the next case code of an agency on a local day: `<agency>-YYMMDD-NNNN` (TT 01/2018 art. 19, read).

    Past 9999 the number simply grows to five digits.
    """
    agency = organisation.units.identifier(unit_id, day)
    if agency is None:
        raise Refusal("Cơ quan này chưa có mã định danh nên chưa nhận được hồ sơ. Hãy chọn nơi nộp khác.")
    holder = agency.unit_id  # an office may write under the code of the committee it belongs to
    number = statements.number_after(CaseCodeCounter, "last", unit=holder, day=day)
    return f"{agency.value}-{day:%y%m%d}-{number:04d}"


def kept_receipt(key: str | None) -> Receipt | None:
    """Return what was handed in under a key, or None."""
    row = _of_key.first(key=key) if key else None
    return Receipt(*row) if row else None


_of_key = statements.Read(lambda key: Case.objects.filter(idempotency_key=key).values_list("id", "code"))


def _competent_unit(procedure: Procedure, unit_id: UUID, today: date) -> Unit:
    unit = organisation.units.unit(unit_id, today)
    kinds = {(row.agency_kind, row.tier) for row in rules.competent(procedure, today)}
    gone = unit is not None and unit.valid_to is not None and unit.valid_to < today
    if unit is None or gone or not kinds & {(unit.sector, unit.tier.value), (unit.kind.value, unit.tier.value)}:
        message = "Cơ quan này không giải quyết thủ tục này. Hãy chọn nơi nộp khác."
        raise Refusal(message, [FormError("unit", "competence", message)])
    return unit


def _typist(principal: Principal, unit_id: UUID) -> UUID | None:
    if not principal.is_official:
        return None
    if not organisation.may(principal, "services.case.receive", unit_id):
        raise NotFound
    return principal.account_id


def _attachments(principal: Principal, wanted: Sequence[UUID]) -> list[Attachment]:
    found = list(
        Attachment.objects.filter(
            id__in=wanted, account_id=account_of(principal), case=None, removed_at=None
        )
    ) if wanted else []  # fmt: skip
    if len(found) != len(set(wanted)):
        raise Refusal("Có tệp không còn nữa. Hãy tải lại tệp rồi nộp.")
    return found


def _refuse_incomplete(
    procedure: Procedure,
    application: Application,
    data: dict[str, Any],
    given: Collection[str],
    today: date,
) -> None:
    errors = list(form.check(procedure, data, on=today))
    if not errors:
        variant = rules.variant_for(procedure, data)
        wanted = rules.components_for(procedure, variant, application.channel, data, today)
        errors += [
            FormError(f"file:{c.id}", "required", f"Hãy tải lên: {c.title.vi}.")
            for c in wanted
            if c.kind is ComponentKind.DOCUMENT and c.required and c.id not in given
            and application.channel is Channel.ONLINE
        ]  # fmt: skip
    if errors:
        raise Refusal("Hồ sơ chưa đủ. Hãy xem lại những mục dưới đây.", errors)


def _create(checked: _Checked) -> Case:
    principal, application, procedure = checked.principal, checked.application, checked.procedure
    unit, data, typed_by = checked.unit, checked.data, checked.typed_by
    now = clock.business_now()
    name, key = applicant_of(procedure, data, principal)
    earlier = measure.earlier_case(key, procedure.code, now)
    case = Case(
        id=ids.new(),
        code=next_code(unit.id, now.date()),
        package_id=application.package_id,
        procedure=procedure.code,
        variant=rules.variant_for(procedure, data).id,
        channel=application.channel.value,
        delivery=application.delivery.value,
        data=data,
        account_id=None if typed_by else principal.account_id,
        typed_by_id=typed_by,
        applicant=name,
        applicant_folded=text.fold(name),
        applicant_key=key,
        receiving_unit_id=unit.id,
        unit_id=unit.id,
        tier=unit.tier.value,
        status=CaseStatus.SUBMITTED,
        step=procedure.steps[0].id,
        resubmission_of_id=earlier,
        submitted_at=now,
        idempotency_key=application.key,
    )
    try:
        statements.insert(case)
    except IntegrityError as error:
        raise Refusal("Hồ sơ này đang được nộp ở một cửa sổ khác. Hãy xem trong “Hồ sơ của tôi”.") from error
    return case


def applicant_of(procedure: Procedure, data: Mapping[str, Any], principal: Principal) -> tuple[str, str]:
    """Give the applicant's name, and a keyed hash that tells the same person again without naming them."""
    by_source = {field.prefill: data.get(name) for name, field in procedure.fields.items() if field.prefill}
    name = str(by_source.get("account.name") or principal.name or "")[:200]
    number = by_source.get("account.citizen_number")
    if number:
        return name, vault.blind(f"citizen:{number}")
    phone = by_source.get("account.phone")
    if principal.is_official and phone:
        return name, vault.blind(f"phone:{phone}")
    return name, "" if principal.is_official else vault.blind(f"account:{principal.account_id}")


def _first_step(procedure: Procedure, case: Case) -> Step:
    variant = next(v for v in procedure.variants if v.id == case.variant)
    return rules.path_for(procedure, variant, case.data)[0]
