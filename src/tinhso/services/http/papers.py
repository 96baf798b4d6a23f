"""Hand in the papers of an application: from the phone's camera, from a file, or again from an earlier case."""

from __future__ import annotations

from typing import Any, BinaryIO, cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later
from django.views.decorators.http import require_http_methods

from tinhso.design.api import FieldError
from tinhso.organisation.api import principal_of, signed_in
from tinhso.organisation.contracts import Principal
from tinhso.services import api as services
from tinhso.services.actions.files import MAX_BYTES
from tinhso.services.contracts.answers import NotFound, Refusal
from tinhso.services.contracts.case import FileInfo, FileState
from tinhso.services.contracts.procedure import Component
from tinhso.services.queries.applications import DraftView

from . import apply_plan, wording
from .answering import answering, show
from .limits import bounded, oversized

ACCEPT = "image/jpeg,image/png,application/pdf"
_STATES = {
    FileState.QUARANTINED: ("info", later("Đã nhận, đang kiểm tra")),
    FileState.READY: ("done", later("Đã nhận")),
    FileState.REFUSED: ("late", later("Không dùng được")),
}


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@bounded(MAX_BYTES)
@answering
def papers(request: HttpRequest, draft_id: UUID) -> HttpResponseBase:
    """Take the papers. Whatever button is pressed, files chosen are taken along, so none is lost."""
    principal = principal_of(request)
    draft = services.applications.draft_of(principal, draft_id)
    if draft.case_id:
        return redirect("services:handed-in", draft.case_id)
    wanted = apply_plan.wanted(draft.procedure, draft.data)
    if not wanted:
        return redirect("services:unit", draft_id)
    errors: list[FieldError] = []
    if request.method == "POST":
        errors = take_files(request, principal, wanted, draft_id=draft_id)[0]
        act = request.POST.get("act", "")
        done = _other_act(principal, draft_id, act)
        draft = services.applications.draft_of(principal, draft_id)
        if act == "tiep" and not errors:
            errors = _lacking(draft, wanted)
            if not errors:
                return _onward(request, draft)
        if act == "luu" and not errors:
            messages.success(request, _("Đã lưu. Bạn làm tiếp bất cứ lúc nào, trên bất cứ máy nào."))
            return redirect("services:mine")
        if not errors and (done or act != "tiep"):
            return redirect(apply_plan.own_url("papers", draft) + ("?sua=1" if "sua" in request.GET else ""))
    values = {
        **apply_plan.standing(draft, apply_plan.PAPERS),
        "items": _items(principal, draft, wanted, errors),
        "errors": errors,
        "limit": MAX_BYTES // 2**20,
    }
    return show(request, "papers", values, status=422 if errors else 200)


def take_files(
    request: HttpRequest, principal: Principal, wanted: list[Component], *, draft_id: UUID | None
) -> tuple[list[FieldError], list[FileInfo]]:
    """Take the files of a posted page, one control a component; return what was refused and what was kept."""
    errors, kept = [], []
    too_large = oversized(request)
    for row in wanted:
        name = control(row.id)
        if name in too_large:
            said = _("Tệp lớn hơn %(limit)d MB. Hãy chụp lại nhỏ hơn hoặc tách tệp.") % {"limit": MAX_BYTES // 2**20}
            errors.append(FieldError(name, f"{row.title.vi}: {said}"))
        for file in request.FILES.getlist(name):
            try:
                kept.append(
                    services.files.upload_file(
                        principal=principal, component=row.id, name=file.name or "", content=cast(BinaryIO, file),
                        size=file.size or 0, draft_id=draft_id,
                    )
                )  # fmt: skip
            except NotFound:
                raise
            except Refusal as refusal:
                errors.append(FieldError(name, f"{row.title.vi}: {refusal.message}"))
    return errors, kept


def control(component: str) -> str:
    """Name the file control of a component."""
    return f"file:{component}"


def _other_act(principal: Principal, draft_id: UUID, act: str) -> bool:
    verb, _colon, target = act.partition(":")
    if verb not in ("bo", "dung-lai"):
        return False
    try:
        file_id = UUID(target)
    except ValueError:
        raise NotFound from None
    if verb == "bo":
        services.files.remove_file(principal=principal, file_id=file_id)
    else:
        services.files.reuse_file(principal=principal, file_id=file_id, draft_id=draft_id)
    return True


def _lacking(draft: DraftView, wanted: list[Component]) -> list[FieldError]:
    given = {file.component for file in draft.files if file.state is not FileState.REFUSED}
    return [
        FieldError(control(row.id), _("Hãy tải lên: %(paper)s.") % {"paper": row.title.vi})
        for row in wanted
        if row.required and row.id not in given
    ]


def _onward(request: HttpRequest, draft: DraftView) -> HttpResponse:
    return redirect("services:check" if "sua" in request.GET else "services:unit", draft.id)


def _items(
    principal: Principal, draft: DraftView, wanted: list[Component], errors: list[FieldError]
) -> list[dict[str, Any]]:
    earlier = services.applications.earlier_papers(principal, wanted)
    held = {file.name for file in draft.files}
    wrong = {error.field: error.message for error in errors}
    return [
        {
            "component": row,
            "name": control(row.id),
            "accept": ",".join(row.media_types) or ACCEPT,
            "files": [_line(file) for file in draft.files if file.component == row.id],
            "earlier": [file for file in earlier.get(row.id, ()) if file.name not in held],
            "error": wrong.get(control(row.id), ""),
        }
        for row in wanted
    ]


def _line(file: FileInfo) -> dict[str, Any]:
    tone, word = _STATES[file.state]
    return {"file": file, "tone": tone, "word": word, "size": wording.size(file.size)}
