"""The officials' side: worklist, cases within sight, decisions, the counter, the calendar."""

from __future__ import annotations

from datetime import date
from typing import Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from ninja import Router
from ninja.errors import HttpError
from pydantic import BaseModel

from tinhso.foundation.api import clock
from tinhso.organisation.api import principal_of
from tinhso.services import api as services
from tinhso.services.contracts.desk import Desk
from tinhso.services.queries.worklist import Filter

from . import shapes
from .applications import RECEIVE, sent, streamed
from .bodies import DayIn, DecisionIn, NoteIn, PageSize, Word, cursor, position, read, version_asked
from .marks import asks

router = Router(tags=["office"])
VIEW = "services.case.view"
DECIDE = ("services.case.process", RECEIVE, "services.case.sign")


@router.get("/office/worklist", response=shapes.Worklist, url_name="office-worklist")
@asks(VIEW)
def worklist(
    request: HttpRequest,
    when: Literal["all", "today", "late", "soon", "waiting"] = "all",
    procedure: Word = "",
    kind: Word = "",
    q: Word = "",
    sort: Literal["due", "submitted"] = "due",
    after: Word = "",
    limit: PageSize = 100,
) -> HttpResponse:
    """List what one's units have to do, earliest due first; `after` takes the `next` of the page before."""
    wanted = Filter(when=when, procedure=procedure, kind=kind, words=q, sort=sort, after=position(after))
    page = services.worklist.worklist(principal_of(request), wanted, limit=limit)
    answer = shapes.Worklist.model_validate(page)
    answer.next = cursor(page.following)
    return shapes.say(answer)


@router.get("/office/cases/{case_id}", response=shapes.OfficeCase, url_name="office-case")
@asks(VIEW)
def case(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Show a case within sight, with what may be done with it. The look is recorded for the applicant to see."""
    principal = principal_of(request)
    found = services.cases.case_for_official(principal, case_id)
    services.cases.record_look(principal, case_id, "hồ sơ")
    desk = _desk(services.desk.work_on(principal, case_id))
    answer = shapes.say(shapes.OfficeCase(**shapes.Case.model_validate(found).__dict__, desk=desk))
    answer.headers["ETag"] = f'"{found.version}"'
    return answer


@router.get("/office/files/{file_id}", url_name="office-file", response={200: bytes})
@asks(VIEW)
def file(request: HttpRequest, file_id: UUID) -> HttpResponseBase:
    """Open a file of a case within sight; that it was opened is recorded."""
    return sent(request, file_id)


@router.get("/office/results/{result_id}", url_name="office-result", response={200: bytes})
@asks(VIEW)
def result(request: HttpRequest, result_id: UUID) -> HttpResponseBase:
    """Give a signed result of a case within sight as a PDF."""
    name, chunks = services.documents.result_file(principal=principal_of(request), result_id=result_id)
    return streamed(name, "application/pdf", chunks)


def _body(model: type[BaseModel]) -> dict[str, object]:
    schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
    schema.pop("$defs", None)
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


@router.post(
    "/office/tasks/{task_id}/decision",
    response={201: shapes.Decision},
    url_name="office-decide",
    openapi_extra={
        **_body(DecisionIn),
        "parameters": [
            {"in": "header", "name": "If-Match", "required": True, "description": "The case's ETag that was looked at.",
             "schema": {"type": "string", "pattern": '^"[0-9]{1,9}"$'}}
        ],
    },
)  # fmt: skip
@asks(*DECIDE)
def decide(request: HttpRequest, task_id: UUID) -> HttpResponse:
    """Decide on a task. If-Match names the case's version that was looked at: if it has changed since, 409."""
    version = version_asked(request)
    if version is None:
        raise HttpError(428, "Hãy gửi If-Match với ETag của hồ sơ đã xem.")
    said = read(request, DecisionIn)
    undo = services.decisions.decide(
        principal=principal_of(request), task_id=task_id, deed=said.deed, version=version, arguments=said.values()
    )
    return shapes.say(shapes.Decision(undo=undo), 201)


@router.delete("/office/decisions/{decision_id}", response={204: None}, url_name="office-undo")
@asks(*DECIDE)
def undo(request: HttpRequest, decision_id: UUID) -> HttpResponse:
    """Take one's own decision back while that is possible."""
    services.decisions.undo(principal=principal_of(request), decision_id=decision_id)
    return HttpResponse(status=204)


@router.post("/office/cases/{case_id}/counter-payment", response={204: None}, url_name="office-counter-payment")
@asks(RECEIVE)
def paid(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Record that the applicant paid in cash at the counter."""
    services.payments.take_at_counter(principal=principal_of(request), case_id=case_id)
    return HttpResponse(status=204)


@router.post(
    "/office/cases/{case_id}/counter-supplement",
    response={204: None},
    url_name="office-counter-supplement",
    openapi_extra=_body(NoteIn),
)
@asks(RECEIVE)
def completed(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Take in at the counter what completes a dossier."""
    note = read(request, NoteIn).note
    services.citizen.supplement_at_counter(principal=principal_of(request), case_id=case_id, note=note)
    return HttpResponse(status=204)


@router.put("/office/calendar/{day}", response=shapes.Moved, url_name="office-calendar", openapi_extra=_body(DayIn))
@asks("services.calendar.edit")
def calendar(request: HttpRequest, day: date) -> HttpResponse:
    """Make a day a day off, or a working day; due dates of cases under way follow and people are told."""
    said = read(request, DayIn)
    if abs(day.year - clock.today().year) > 2:
        raise HttpError(422, "Chỉ sửa được lịch trong hai năm quanh năm nay.")
    moved = services.upkeep.change_calendar(
        principal=principal_of(request), day=day, working=said.working, reason=said.reason, source=said.source
    )
    return shapes.say(shapes.Moved(due_dates_moved=moved))


def _desk(found: Desk | None) -> shapes.Desk | None:
    if found is None:
        return None
    return shapes.Desk(
        task=found.task.id, kind=found.task.kind, step_title=found.step_title,
        ways=[shapes.Way.model_validate(way) for way in found.ways], returns=list(found.returns),
        unopened=list(found.unopened),
    )  # fmt: skip
