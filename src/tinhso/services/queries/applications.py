"""Read what a person is filling in: the draft, first answers and earlier papers to use again, where it may go."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from tinhso.foundation.api import clock, workdays
from tinhso.foundation.contracts import UnknownYear
from tinhso.organisation import api as organisation
from tinhso.organisation.contracts import Principal, Unit
from tinhso.services.contracts.answers import NotFound, account_of
from tinhso.services.contracts.case import FileInfo, FileState
from tinhso.services.contracts.clock import Due, Received
from tinhso.services.contracts.deadline import Channel, Deadline
from tinhso.services.contracts.procedure import Competence, Component, FeeDecision, Procedure, Variant
from tinhso.services.models import Attachment, Case, Draft
from tinhso.services.rules import clock as rules_of_time
from tinhso.services.rules import procedure as rules

from . import procedures

_EARLIER = 20  # of a person's newest cases are looked through
_SPARE = 3  # earlier papers offered for a component


@dataclass(frozen=True, slots=True)
class DraftView:
    """An application being filled in. `case_id` is set once it was handed in."""

    id: UUID
    package_id: UUID
    procedure: Procedure
    unit: Unit | None
    data: Mapping[str, Any]
    files: tuple[FileInfo, ...]
    saved_at: datetime
    case_id: UUID | None


@dataclass(frozen=True, slots=True)
class Promise:
    """What an application would come to if it were handed in and found valid now. `due` None: the calendar ends."""

    variant: Variant
    fee: FeeDecision
    deadline: Deadline | None
    due: Due | None


def draft_of(principal: Principal, draft_id: UUID) -> DraftView:
    """Return a person's own draft; raise NotFound for anyone else's."""
    row = Draft.objects.filter(id=draft_id, account_id=account_of(principal)).first()
    if row is None or principal.account_id is None:
        raise NotFound
    unit = organisation.units.unit(row.unit_id) if row.unit_id else None
    procedure = procedures.of_package(row.package_id)
    return DraftView(row.id, row.package_id, procedure, unit, row.data, _files(row.id), row.saved_at, row.case_id)


def unfinished(principal: Principal, procedure: str) -> tuple[UUID, datetime] | None:
    """Return the newest unfinished application of a person for a procedure, and when it was saved."""
    if principal.account_id is None:
        return None
    rows = Draft.objects.filter(account_id=account_of(principal), procedure=procedure, case=None)
    return rows.order_by("-saved_at").values_list("id", "saved_at").first()


def first_answers(principal: Principal, procedure: Procedure) -> dict[str, Any]:
    """Return first answers to questions about the applicant: from the account, else from earlier applications.

    Only questions that name the same source (`prefill`) are answered by an earlier one: what was said of other people
    is not carried over.
    """
    if principal.account_id is None:
        return {}
    known: dict[str, Any] = _of_account(principal, principal.account_id)
    wanted = {field.prefill for field in procedure.fields.values() if field.prefill}
    if wanted - known.keys():
        known = _of_earlier_cases(principal.account_id, wanted) | known
    return {name: known[field.prefill] for name, field in procedure.fields.items() if field.prefill in known}


def earlier_papers(principal: Principal, components: Iterable[Component]) -> dict[str, list[FileInfo]]:
    """Return, by component, papers the person handed in before that may serve again: newest first, each once."""
    wanted = {component.id: component.media_types for component in components}
    if principal.account_id is None or not wanted:
        return {}
    rows = Attachment.objects.filter(
        account_id=account_of(principal), case_id__isnull=False, component__in=wanted, state=FileState.READY
    ).order_by("-uploaded_at")[: _EARLIER * _SPARE]
    found: dict[str, list[FileInfo]] = {}
    seen: set[UUID] = set()
    for row in rows:
        fits = not wanted[row.component] or row.media_type in wanted[row.component]
        if fits and row.original_id not in seen and len(found.get(row.component, ())) < _SPARE:
            seen.add(row.original_id)
            found.setdefault(row.component, []).append(_info(row))
    return found


def promise(procedure: Procedure, data: Mapping[str, Any], channel: Channel = Channel.ONLINE) -> Promise:
    """Reckon fee and due moment as if the application were handed in and found valid at this moment."""
    now = clock.business_now()
    variant = rules.variant_for(procedure, data)
    fee = procedures.bill(procedure, variant, channel, dict(data))
    try:
        deadline = rules.deadline_for(procedure, variant, channel, now.date())
    except rules.NotInForce:
        return Promise(variant, fee, None, None)
    try:
        due = rules_of_time.compute([Received(now)], deadline, workdays.calendar())
    except (UnknownYear, rules_of_time.NoLaw):
        return Promise(variant, fee, deadline, None)
    return Promise(variant, fee, deadline, due)


def competent(procedure: Procedure, unit: Unit, on: date | None = None) -> bool:
    """Say whether a unit decides on a procedure and lives on a day."""
    day = on or clock.today()
    return unit.valid_from <= day and (unit.valid_to is None or day <= unit.valid_to) and any(
        _matches(row, unit) for row in rules.competent(procedure, day)
    )  # fmt: skip


def search_competent(procedure: Procedure, words: str, limit: int = 20) -> list[Unit]:
    """Return the units by name that decide on a procedure today."""
    today = clock.today()
    found = organisation.units.search_units(words, today, limit=50)
    return [unit for unit in found if competent(procedure, unit, today)][:limit]


def suggested_units(procedure: Procedure, data: Mapping[str, Any]) -> list[Unit]:
    """Return the units that decide for the place the application speaks of, the usual one first."""
    today = clock.today()
    named = (data.get(name) for name, field in procedure.fields.items() if field.widget == "commune")
    codes = [code for code in named if isinstance(code, str)]
    place = next((unit for code in codes if (unit := organisation.units.by_code(code, today))), None)
    if place is None:
        return []
    found = (_serving(row, place, today) for row in rules.competent(procedure, today))
    return list({unit.id: unit for unit in found if unit is not None and competent(procedure, unit, today)}.values())


def _serving(row: Competence, place: Unit, on: date) -> Unit | None:
    if row.agency_kind != "people_committee":
        return organisation.units.agency_for(place.id, row.agency_kind, on)
    unit: Unit | None = place
    while unit is not None and unit.tier.value != row.tier:
        unit = organisation.units.unit(unit.parent_id, on) if unit.parent_id else None
    return unit


def _matches(row: Competence, unit: Unit) -> bool:
    return row.tier == unit.tier.value and row.agency_kind in (unit.sector, unit.kind.value)


def _of_account(principal: Principal, account_id: UUID) -> dict[str, Any]:
    phone, email = organisation.people.contact(account_id)
    local = "0" + phone.removeprefix("+84") if phone.startswith("+84") else phone
    values = {
        "account.name": principal.name,
        "account.phone": local,
        "account.email": email,
        "account.citizen_number": organisation.people.citizen_number(account_id),
    }
    return {source: value for source, value in values.items() if value}


def _of_earlier_cases(account_id: UUID, wanted: set[str]) -> dict[str, Any]:
    rows = Case.objects.filter(account_id=account_id).order_by("-submitted_at").values_list("package_id", "data")
    found: dict[str, Any] = {}
    for package_id, data in rows[:_EARLIER]:
        for name, field in procedures.of_package(package_id).fields.items():
            if field.prefill in wanted and data.get(name):
                found.setdefault(field.prefill, data[name])
    return found


def _files(draft_id: UUID) -> tuple[FileInfo, ...]:
    rows = Attachment.objects.filter(draft_id=draft_id, removed_at=None).order_by("uploaded_at", "id")
    return tuple(_info(row) for row in rows)


def _info(row: Attachment) -> FileInfo:
    return FileInfo(row.id, row.component, row.name, row.media_type, row.size, FileState(row.state), row.reason)


def unit_of(unit_id: UUID) -> Unit | None:
    """Return a unit as it is today."""
    return organisation.units.unit(unit_id, clock.today())


def supplement_days(procedure: Procedure) -> int:
    """Return within how many working days of reception a supplement may be asked for, by today's law."""
    today = clock.today()
    own = rules.supplement_for(procedure, today)
    return own.within_working_days if own else rules_of_time.law_on(today).supplement_working_days


def loose_files(principal: Principal, file_ids: Iterable[UUID]) -> list[FileInfo]:
    """Return those of a person's own files that were uploaded but belong to no case and no draft yet."""
    rows = Attachment.objects.filter(
        id__in=list(file_ids), account_id=account_of(principal), case=None, draft=None, removed_at=None
    )
    return [_info(row) for row in rows.order_by("uploaded_at", "id")] if principal.account_id else []
