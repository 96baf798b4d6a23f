"""Upload files and hand in applications: in one call, or files first. The same key hands in once."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header
from ninja import Router

from tinhso.organisation.api import principal_of
from tinhso.services import api as services
from tinhso.services.contracts.answers import NotFound
from tinhso.services.contracts.case import FileInfo
from tinhso.services.rights import OWN_READ, OWN_WRITE

from . import shapes
from .bodies import MAX_KEY, MULTIPART, ApplicationIn, idempotency_key, open_form, read
from .marks import asks

router = Router(tags=["applications"])
RECEIVE = "services.case.receive"
_FILE_FORM = {
    "type": "object",
    "description": "One file; the part's name is the dossier component it is handed in for.",
    "minProperties": 1,
    "maxProperties": 1,
    "additionalProperties": {"type": "string", "format": "binary"},
}
_IN_ONE = {
    "type": "object",
    "description": "The application as JSON in the part `application`; files in parts named after their component.",
    "required": ["application"],
    "properties": {"application": {"type": "string", "contentMediaType": "application/json"}},
    "additionalProperties": {"type": "string", "format": "binary"},
}
_KEY = {
    "in": "header", "name": "Idempotency-Key", "required": False, "schema": {"type": "string", "maxLength": MAX_KEY},
    "description": "Sent again under the same key, an application is handed in once.",
}  # fmt: skip
_APPLICATION = ApplicationIn.model_json_schema(ref_template="#/components/schemas/{model}")
_APPLICATION.pop("$defs", None)


@router.post(
    "/files",
    response={201: shapes.File},
    url_name="files",
    openapi_extra={"requestBody": {"required": True, "content": {MULTIPART: {"schema": _FILE_FORM}}}},
)
@asks(OWN_WRITE, RECEIVE)
def upload(request: HttpRequest) -> HttpResponse:
    """Keep a file for an application to come. Its content says what it is; nobody opens it before it was looked at."""
    files = open_form(request)
    if len(files) != 1:
        raise BadRequest("Hãy gửi đúng một tệp, tên phần là mã thành phần hồ sơ.")
    component, file = files[0]
    kept = services.files.upload_file(
        principal=principal_of(request), component=component, name=file.name or "", content=file, size=file.size or 0
    )
    return shapes.say(shapes.File.model_validate(kept), 201)


@router.get("/files/{file_id}", url_name="file", response={200: bytes})
@asks(OWN_READ)
def content(request: HttpRequest, file_id: UUID) -> HttpResponseBase:
    """Give one's own file, once it was looked at."""
    return sent(request, file_id)


@router.delete("/files/{file_id}", url_name="file-remove", response={204: None})
@asks(OWN_READ, RECEIVE)
def remove(request: HttpRequest, file_id: UUID) -> HttpResponse:
    """Take a file away that was not handed in with a case."""
    services.files.remove_file(principal=principal_of(request), file_id=file_id)
    return HttpResponse(status=204)


@router.post(
    "/cases",
    response={201: shapes.Receipt},
    url_name="cases-submit",
    openapi_extra={
        "parameters": [_KEY],
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": _APPLICATION}, MULTIPART: {"schema": _IN_ONE}},
        },
    },
)
@asks(OWN_WRITE, RECEIVE)
def submit(request: HttpRequest) -> HttpResponse:
    """Hand in an application and get its code. With an Idempotency-Key, sending it again gives the same receipt."""
    files: list[tuple[str, Any]] = []
    if request.content_type == MULTIPART:
        files = open_form(request)
        wanted = ApplicationIn.model_validate_json(_part(request, files))
        files = [(name, file) for name, file in files if name != "application"]
    else:
        wanted = read(request, ApplicationIn)
    receipt = services.submission.hand_in(
        principal=principal_of(request),
        application=services.submission.Application(
            package_id=_package(wanted.procedure), unit_id=wanted.unit, data=wanted.data, files=tuple(wanted.files),
            channel=wanted.channel, delivery=wanted.delivery, key=idempotency_key(request),
        ),
        uploads=[services.files.Upload(name, file.name or "", file, file.size or 0) for name, file in files],
    )  # fmt: skip
    answer = shapes.say(shapes.Receipt.model_validate(receipt), 201)
    answer.headers["Location"] = f"{request.path.rstrip('/')}/{receipt.case_id}"
    return answer


def sent(request: HttpRequest, file_id: UUID) -> StreamingHttpResponse:
    """Stream a file to whoever may open it."""
    info: FileInfo
    info, chunks = services.files.open_file(principal=principal_of(request), file_id=file_id)
    return streamed(info.name, info.media_type, chunks)


def streamed(name: str, media_type: str, chunks: Any) -> StreamingHttpResponse:
    """Stream content as a download under its name."""
    answer = StreamingHttpResponse(chunks, content_type=media_type)
    answer.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return answer


def _part(request: HttpRequest, files: list[tuple[str, Any]]) -> bytes | str:
    """Return the application's JSON, sent as a field or as a file."""
    as_file = next((file for name, file in files if name == "application"), None)
    return as_file.read(200_000) if as_file is not None else request.POST.get("application", "")


def _package(code: str) -> UUID:
    found = services.procedures.offer(code)
    if found is None:
        raise NotFound("Không có thủ tục này.")
    return found.package_id
