"""Take files in pieces, in the manner of tus 1.0 (core protocol and creation): create, ask how far, send on, stop."""

from __future__ import annotations

import base64
import binascii
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from tinhso.organisation.api import principal_of, public, signed_in
from tinhso.services import api as services
from tinhso.services.actions.files import MAX_BYTES
from tinhso.services.actions.uploads import MAX_PIECE
from tinhso.services.contracts.answers import Conflict, NotFound, Refusal

VERSION = "1.0.0"
_OFFSETS = "application/offset+octet-stream"


@signed_in
@require_http_methods(["POST"])
def create(request: HttpRequest) -> HttpResponse:
    """Begin an upload; its address comes back in Location."""
    try:
        length = _number(request, "Upload-Length")
        told = _metadata(request.headers.get("Upload-Metadata", ""))
        upload_id = services.uploads.begin(
            principal=principal_of(request),
            draft_id=UUID(told.get("draft", "")),
            component=told.get("component", ""),
            name=told.get("filename", ""),
            length=length,
        )
    except ValueError:
        return _plain("Không đọc được yêu cầu tải lên.", 400)
    except Refusal as refusal:
        return _refused(refusal)
    answer = _plain("", 201)
    answer.headers["Location"] = reverse("services:upload", args=[upload_id])
    return answer


@signed_in
@require_http_methods(["HEAD", "PATCH", "DELETE"])
def upload(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """Say how far an upload is, take its next piece, or stop it."""
    if request.headers.get("Tus-Resumable", VERSION) != VERSION:
        answer = _plain("", 412)
        answer.headers["Tus-Version"] = VERSION
        return answer
    principal = principal_of(request)
    try:
        if request.method == "DELETE":
            services.uploads.give_up(principal=principal, upload_id=upload_id)
            return _plain("", 204)
        if request.method == "HEAD":
            found = services.uploads.progress(principal=principal, upload_id=upload_id)
            answer = _plain("", 200)
            answer.headers["Upload-Length"] = str(found.length)
        else:
            if request.content_type != _OFFSETS:
                return _plain("Mảnh tệp phải gửi với kiểu " + _OFFSETS, 415)
            offset, piece = _number(request, "Upload-Offset"), request.read(MAX_PIECE + 1)
            found = services.uploads.take(principal=principal, upload_id=upload_id, offset=offset, piece=piece)
            answer = _plain("", 204)
    except ValueError:
        return _plain("Không đọc được yêu cầu tải lên.", 400)
    except Refusal as refusal:
        return _refused(refusal)
    answer.headers["Upload-Offset"] = str(found.offset)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@public
@require_http_methods(["OPTIONS"])
def abilities(request: HttpRequest) -> HttpResponse:
    """Say what this server can do."""
    answer = _plain("", 204)
    answer.headers["Tus-Version"] = VERSION
    answer.headers["Tus-Extension"] = "creation,termination"
    answer.headers["Tus-Max-Size"] = str(MAX_BYTES)
    return answer


def _refused(refusal: Refusal) -> HttpResponse:
    status = 404 if isinstance(refusal, NotFound) else 409 if isinstance(refusal, Conflict) else 422
    return _plain(refusal.message, status)


def _plain(words: str, status: int) -> HttpResponse:
    answer = HttpResponse(words, status=status, content_type="text/plain; charset=utf-8")
    answer.headers["Tus-Resumable"] = VERSION
    return answer


def _number(request: HttpRequest, header: str) -> int:
    """Read a header as a whole number of bytes; ValueError where it is none."""
    typed = request.headers.get(header, "")
    if not (typed.isascii() and typed.isdigit() and len(typed) <= 15):
        raise ValueError(header)
    return int(typed)


def _metadata(header: str) -> dict[str, str]:
    """Read `key base64,key base64`; ValueError where it is not that."""
    found: dict[str, str] = {}
    for pair in header.split(",")[:10]:
        key, _space, value = pair.strip().partition(" ")
        try:
            found[key] = base64.b64decode(value, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError) as error:
            raise ValueError(key) from error
    return found
