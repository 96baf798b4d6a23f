"""Answer what the agency asks to be completed: mend answers, add papers, write back. All on one page, saved at once."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tinhso.design.api import FieldError
from tinhso.organisation.api import principal_of, signed_in
from tinhso.services import api as services
from tinhso.services.actions.files import MAX_BYTES
from tinhso.services.contracts.answers import Refusal
from tinhso.services.contracts.case import CaseStatus, CaseView, FileInfo
from tinhso.services.contracts.form import FormError, FormField
from tinhso.services.contracts.procedure import Procedure
from tinhso.services.rules import form

from . import apply_plan, form_drawing, papers
from .answering import answering, refused, show
from .limits import bounded

MAX_NOTE = 2000


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@bounded(MAX_BYTES)
@answering
def supplement(request: HttpRequest, case_id: UUID) -> HttpResponseBase:
    """Show what is asked and take the answer; files once taken are kept while the rest is mended."""
    principal = principal_of(request)
    case = services.cases.case_for_applicant(principal, case_id)
    if case.status is not CaseStatus.SUPPLEMENT_ASKED:
        if request.method == "POST":
            raise Refusal(_("Hồ sơ này hiện không chờ bổ sung. Hãy xem tình trạng mới trong trang hồ sơ."))
        return redirect("services:case", case_id)
    procedure = services.procedures.of_package(case.package_id)
    if request.method != "POST":
        return _page(request, case, procedure, dict(case.data), files=[], note="", errors=[], form_errors=[])
    data, doubts = _read(request, procedure, case)
    wanted = apply_plan.wanted(procedure, form.prune(procedure, data))
    errors, fresh = papers.take_files(request, principal, wanted, draft_id=None)
    files = [*services.applications.loose_files(principal, _ids(request)), *fresh]
    note = request.POST.get("note", "")
    if len(note) > MAX_NOTE:
        errors.append(FieldError("note", _("Lời trả lời dài quá %(most)d ký tự.") % {"most": MAX_NOTE}))
    form_errors: list[FormError] = list(doubts)
    if not errors and not form_errors:
        changes = {name: value for name, value in data.items() if case.data.get(name) != value}
        gone = [name for name in case.data if name not in data]
        try:
            services.citizen.answer_supplement(
                principal=principal, case_id=case_id, changes={**changes, **dict.fromkeys(gone)},
                files=[file.id for file in files], note=form_drawing.without_hidden(note),
            )  # fmt: skip
        except Refusal as refusal:
            form_errors = list(refusal.fields)
            errors = [] if form_errors else refused(refusal)
        else:
            messages.success(request, _("Đã gửi phần bổ sung. Cơ quan sẽ xử lý tiếp hồ sơ của bạn."))
            return redirect("services:case", case_id)
    return _page(request, case, procedure, data, files=files, note=note, errors=errors, form_errors=form_errors)


def _read(request: HttpRequest, procedure: Procedure, case: CaseView) -> tuple[dict[str, Any], list[FormError]]:
    data: dict[str, Any] = dict(case.data)
    doubts: list[FormError] = []
    for page in form.pages_for(procedure, case.data):
        drawn = {field.name for field in form.fields_for(page, case.data)}
        answers, wrong = form_drawing.read_page(procedure, page, request.POST)
        doubts += wrong
        data = {name: value for name, value in data.items() if name not in drawn} | answers
    return form.prune(procedure, data), doubts


def _page(
    request: HttpRequest,
    case: CaseView,
    procedure: Procedure,
    data: dict[str, Any],
    *,
    files: list[FileInfo],
    note: str,
    errors: list[FieldError],
    form_errors: list[FormError],
) -> HttpResponse:
    shown = form_drawing.without_hidden(data)
    sections, all_fields = [], list[FormField]()
    for page in form.pages_for(procedure, data):
        fields = form.fields_for(page, data)
        names = {field.name for field in fields}
        all_fields += fields
        wrong = [error for error in form_errors if error.field.split(".")[0] in names]
        sections.append((page.title.vi, form_drawing.questions(fields, shown, wrong), bool(wrong)))
    wrong_files = {error.field: error.message for error in errors}
    values = {
        "case": case,
        "sections": sections,
        "papers": [
            {"component": row, "name": papers.control(row.id), "accept": ",".join(row.media_types) or papers.ACCEPT,
             "files": [file for file in files if file.component == row.id],
             "error": wrong_files.get(papers.control(row.id), "")}
            for row in apply_plan.wanted(procedure, data)
        ],
        "files": files,
        "note": form_drawing.without_hidden(note),
        "note_error": wrong_files.get("note", ""),
        "errors": [*errors, *form_drawing.linked(form_errors, all_fields)],
        "communes": services.places.all_names() if any(f.widget == "commune" for f in all_fields) else (),
        "limit": MAX_BYTES // 2**20,
    }  # fmt: skip
    return show(request, "supplement", values, status=422 if values["errors"] else 200)


def _ids(request: HttpRequest) -> list[UUID]:
    found = []
    for typed in request.POST.getlist("kept")[:60]:
        try:
            found.append(UUID(typed))
        except ValueError:
            continue
    return found
