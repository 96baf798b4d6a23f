"""Make results as signed documents: drawn, signed by the person and by the agency, and kept in the vault."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import UUID

from django.conf import settings

from tinhso.foundation.api import action, clock, pdf, vault
from tinhso.organisation import api as organisation
from tinhso.organisation.contracts import Principal
from tinhso.services.contracts.answers import NotFound, Refusal
from tinhso.services.contracts.document import Draft
from tinhso.services.models import Case, Result
from tinhso.services.queries import papers, slips
from tinhso.services.queries.procedures import of_package
from tinhso.services.rules import documents as drawing

on_demand: ContextVar[bool] = ContextVar("documents_on_demand", default=False)


@contextmanager
def making(*, at_once: bool) -> Iterator[None]:
    """Run a block in which results' documents are made at once, or else when first asked for."""
    token = on_demand.set(not at_once)
    try:
        yield
    finally:
        on_demand.reset(token)


def make(result: Result) -> UUID:
    """Draw, sign twice and keep a result's document; return its file. Number and date stand already, and stay.

    Signatures: the competent person's, then the agency's (NĐ 30/2020, read in the text).
    """
    case = Case.objects.get(id=result.case_id)
    procedure = of_package(case.package_id)
    verify = f"{settings.TINHSO_URL}/kiem-tra/{result.verification}/"
    draft = papers.draft_for(
        case, title=result.title, unit_id=result.unit_id, on=result.date, number=result.number,
        by=result.signed_by_id, verify=verify,
    )  # fmt: skip
    places = papers.places_in(procedure, case.data, result.date)
    data = drawing.result_data(procedure, draft, case.data, places=places)
    files = drawing.template_files(procedure.result.source)
    source = files.pop("main.typ")
    try:
        document = pdf.render(source, data, files, when=clock.business_now())
        rooms = pdf.places(source, data, files)
    except pdf.Unprintable as error:
        raise Refusal(str(error)) from error
    blob = vault.put(_signed(document, rooms, result, draft))
    result.blob_id = blob.id
    result.save(update_fields=["blob_id"])
    return blob.id


@action
def result_file(*, principal: Principal, result_id: UUID) -> tuple[str, Iterator[bytes]]:
    """Give a result's signed document to its owner or to an official within sight: file name and content."""
    result = Result.objects.select_for_update(of=("self",)).select_related("case").filter(id=result_id).first()
    if result is None or not _may_read(principal, result.case):
        raise NotFound
    blob_id = result.blob_id or make(result)
    return f"{result.case.code}.pdf", vault.open(blob_id)


def receipt_file(*, principal: Principal, case_id: UUID) -> tuple[str, bytes]:
    """Give the receipt of a case to its owner or to an official within sight."""
    case = Case.objects.filter(id=case_id).first()
    if case is None or not _may_read(principal, case):
        raise NotFound
    return f"giay-tiep-nhan-{case.code}.pdf", papers.receipt_pdf(case)


def slip_file(*, principal: Principal, case_id: UUID, form: str) -> tuple[str, bytes]:
    """Give one of a case's forms (`queries.slips`): the control slip to officials only, letters also to the owner."""
    case = Case.objects.filter(id=case_id).first()
    if case is None or not _may_read(principal, case) or (form == slips.CONTROL_SLIP and not principal.is_official):
        raise NotFound
    return f"{slips.NAMES.get(form, form)}-{case.code}.pdf", slips.slip_pdf(case, form)


def _may_read(principal: Principal, case: Case) -> bool:
    if principal.account_id is None:
        return False
    return case.account_id == principal.account_id or (principal.is_official and organisation.sees(principal, case.id))


def _signed(document: bytes, rooms: dict[str, pdf.Place], result: Result, draft: Draft) -> bytes:
    if result.signed_by_id is None:
        raise Refusal("Kết quả phải do một người có thẩm quyền ký.")
    signers, location = pdf.signers(), draft.letterhead.place
    person = signers.personal(person_id=result.signed_by_id, name=draft.signature.name, agency=draft.letterhead.name)
    once = pdf.sign(
        document, signer=person, reason="Ký kết quả", location=location, field="personal", place=rooms.get("personal")
    )
    agency = signers.agency(unit_id=result.unit_id, name=draft.letterhead.name)
    return pdf.sign(
        once, signer=agency, reason="Ký ban hành", location=location, field="agency", place=rooms.get("agency")
    )
