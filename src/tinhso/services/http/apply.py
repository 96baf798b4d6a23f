"""Apply: begin, answer page by page, choose where to hand in, check, hand in. Each page works alone, saved at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tinhso.design.api import Choice, FieldError
from tinhso.organisation.api import principal_of, signed_in
from tinhso.organisation.contracts import Unit
from tinhso.services import api as services
from tinhso.services.contracts.answers import Refusal
from tinhso.services.contracts.form import FormError, FormPage
from tinhso.services.contracts.procedure import Delivery
from tinhso.services.queries.applications import DraftView
from tinhso.services.rules import form

from . import apply_plan, form_drawing, procedure_page, wording
from .answering import answering, refused, show

LATER = "luu"  # the button that saves and leaves


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@answering
def start(request: HttpRequest, code: str) -> HttpResponse:
    """Say what is needed, offer to go on with what was begun, and begin."""
    principal, offer = principal_of(request), services.procedures.offer(code)
    if offer is None:
        raise Http404
    if principal.is_official:
        raise Refusal(_("Bạn đang đăng nhập bằng tài khoản cán bộ. Hãy đăng nhập bằng số điện thoại của mình để nộp."))
    if request.method == "POST":
        draft_id = services.drafts.start_draft(principal=principal, procedure=code)
        return redirect("services:page", draft_id, offer.procedure.pages[0].id)
    begun = services.applications.unfinished(principal, code)
    values = {
        **procedure_page.page_of(offer.procedure), "code": code, "title": offer.procedure.title.vi,
        "begun": begun[0] if begun else None, "saved_at": begun[1] if begun else None,
    }  # fmt: skip
    return show(request, "start", values)


@signed_in
@answering
def resume(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Go on with a draft where it is not finished yet."""
    draft = services.applications.draft_of(principal_of(request), draft_id)
    if draft.case_id:
        return redirect("services:handed-in", draft.case_id)
    answered = draft.data.keys()
    for page in form.pages_for(draft.procedure, draft.data):
        if not answered & {field.name for field in page.fields}:
            return redirect("services:page", draft_id, page.id)
    return redirect("services:check", draft_id)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@answering
def page(request: HttpRequest, draft_id: UUID, page_id: str) -> HttpResponse:
    """Ask one page's questions; keep what is answered, right or wrong."""
    draft = services.applications.draft_of(principal_of(request), draft_id)
    if draft.case_id:
        return redirect("services:handed-in", draft.case_id)
    asked = next((found for found in draft.procedure.pages if found.id == page_id), None)
    if asked is None:
        raise Http404
    if apply_plan.place(draft, page_id)[0] is None:  # answers have changed: this page is no longer asked
        return redirect("services:check", draft_id)
    if request.method == "POST":
        return _take_page(request, draft, asked)
    first = services.applications.first_answers(principal_of(request), draft.procedure)
    empty = not draft.data.keys() & {field.name for field in asked.fields}
    given = {name: value for name, value in first.items() if empty and name in {f.name for f in asked.fields}}
    return _show_page(request, draft, asked, {**draft.data, **given}, prefilled=bool(given))


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@answering
def unit(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Choose where to hand in: the agencies competent today, first those of the place the answers name."""
    principal = principal_of(request)
    draft = services.applications.draft_of(principal, draft_id)
    if draft.case_id:
        return redirect("services:handed-in", draft.case_id)
    words = request.GET.get("tim", "")[:200]
    errors: list[FieldError] = []
    if request.method == "POST":
        chosen = _uuid(request.POST.get("unit", ""))
        found = services.applications.unit_of(chosen) if chosen else None
        if found is not None and services.applications.competent(draft.procedure, found):
            said = draft.data.get("delivery")
            delivery = Delivery(said) if isinstance(said, str) and said in set(Delivery) else Delivery.ONLINE
            services.drafts.choose_unit(principal=principal, draft_id=draft_id, unit_id=found.id, delivery=delivery)
            return redirect("services:check", draft_id)
        errors = [FieldError("unit", _("Hãy chọn cơ quan nhận hồ sơ."))]
    choices = _units(draft, words)
    preset = draft.unit.id if draft.unit else (choices[0].id if choices and not words else "")
    values = {
        **apply_plan.standing(draft, apply_plan.UNIT),
        "words": words,
        "choices": [Choice(str(found.id), wording.agency(found)) for found in choices],
        "chosen": str(preset),
        "errors": errors,
        "error": errors[0].message if errors else "",
    }
    return show(request, "unit", values, status=422 if errors else 200)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@answering
def check(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Show all answers, the fee and the due date; hand in. Handing in twice gives the same receipt."""
    principal = principal_of(request)
    errors: list[FieldError] = []
    draft = services.applications.draft_of(principal, draft_id)
    missing = [] if draft.case_id else apply_plan.missing(draft)
    if draft.case_id or (request.method == "POST" and not missing):
        try:
            receipt = services.submission.submit_draft(principal=principal, draft_id=draft_id)
            return redirect("services:handed-in", receipt.case_id)
        except Refusal as refusal:
            errors = refused(refusal)
    promise = services.applications.promise(draft.procedure, form.prune(draft.procedure, draft.data))
    values = {
        **apply_plan.standing(draft, apply_plan.CHECK),
        "groups": apply_plan.summary(draft),
        "missing": missing,
        "errors": errors,
        "promise": promise,
        "fee": wording.fee(promise.fee),
        "fee_mark": wording.certainty(promise.fee.certainty) if promise.fee.amount else "",
        "allowed": wording.deadline(promise.deadline) if promise.deadline else "",
        "ledger": wording.ledger(promise.due) if promise.due else [],
    }
    return show(request, "check", values, status=422 if errors or (missing and request.method == "POST") else 200)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@answering
def discard(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Throw a draft away, after asking once: it cannot come back."""
    principal = principal_of(request)
    draft = services.applications.draft_of(principal, draft_id)
    if draft.case_id:
        return redirect("services:handed-in", draft.case_id)
    if request.method == "POST":
        services.drafts.discard_draft(principal=principal, draft_id=draft_id)
        messages.success(request, _("Đã xóa hồ sơ làm dở."))
        return redirect("services:mine")
    return show(request, "discard", {"draft": draft, "title": draft.procedure.title.vi})


def _take_page(request: HttpRequest, draft: DraftView, asked: FormPage) -> HttpResponse:
    answers, doubts = form_drawing.read_page(draft.procedure, asked, request.POST)
    names = {field.name for field in asked.fields}
    kept = {name: value for name, value in draft.data.items() if name not in names}
    whole = form.prune(draft.procedure, {**kept, **answers})
    answers = {name: value for name, value in answers.items() if name in whole}
    rows = form_drawing.change_rows(request.POST.get("act", ""), asked.fields, answers)
    errors = services.drafts.save_page(
        principal=principal_of(request), draft_id=draft.id, page=asked.id, answers=answers
    )
    unsafe = any(error.keyword == "unsafe" for error in errors)
    here = apply_plan.page_url(draft, asked.id) + ("?sua=1" if "sua" in request.GET else "")
    if not unsafe and request.POST.get("act") == LATER:
        messages.success(request, _("Đã lưu. Bạn làm tiếp bất cứ lúc nào, trên bất cứ máy nào."))
        return redirect("services:mine")
    if rows and not unsafe:
        return redirect(here)
    drawn = set(request.POST.get("hoi", "").split())
    fresh = {f.name for f in form.fields_for(asked, {**kept, **answers})} - drawn if drawn else set()
    doubted = {doubt.field for doubt in doubts}
    told = [*doubts, *(e for e in errors if e.field.split(".")[0] not in fresh | doubted)]
    if told:
        return _show_page(request, draft, asked, {**kept, **form_drawing.without_hidden(answers)}, errors=told)
    if fresh & {error.field.split(".")[0] for error in errors}:
        return redirect(here)  # an answer has raised a further question: ask it before going on
    if "sua" in request.GET:
        return redirect("services:check", draft.id)
    after = apply_plan.place(services.applications.draft_of(principal_of(request), draft.id), asked.id)[4]
    return redirect(after.url if after else apply_plan.own_url("check", draft))


def _show_page(
    request: HttpRequest,
    draft: DraftView,
    asked: FormPage,
    data: Mapping[str, Any],
    *,
    errors: Sequence[FormError] = (),
    prefilled: bool = False,
) -> HttpResponse:
    fields = form.fields_for(asked, data)
    values = {
        **apply_plan.standing(draft, asked.id),
        "page": asked,
        "questions": form_drawing.questions(fields, data, errors),
        "drawn": " ".join(field.name for field in fields),
        "errors": form_drawing.linked(errors, fields),
        "prefilled": prefilled,
        "has_rows": any(field.widget == "rows" for field in fields),
        "communes": services.places.all_names() if any(f.widget == "commune" for f in fields) else (),
    }
    return show(request, "page", values, status=422 if errors else 200)


def _units(draft: DraftView, words: str) -> list[Unit]:
    if words.strip():
        return services.applications.search_competent(draft.procedure, words)
    found = services.applications.suggested_units(draft.procedure, draft.data)
    if draft.unit and services.applications.competent(draft.procedure, draft.unit) and draft.unit not in found:
        found = [draft.unit, *found]
    return found


def _uuid(value: str) -> UUID | None:
    try:
        return UUID(value)
    except ValueError:
        return None
