"""Read what programs send: strictly, within bounds, and never as anything it did not say it was."""

from __future__ import annotations

import base64
import binascii
import hashlib
from datetime import date, datetime
from typing import Annotated, Any, TypeVar
from uuid import UUID

from django.core.exceptions import BadRequest
from django.http import HttpRequest
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StrictBool, StrictInt, StringConstraints

from tinhso.foundation.contracts import text
from tinhso.services.actions.files import MAX_BYTES
from tinhso.services.contracts.answers import Refusal
from tinhso.services.contracts.case import Deed
from tinhso.services.contracts.deadline import Channel
from tinhso.services.contracts.form import FormError
from tinhso.services.contracts.procedure import Delivery
from tinhso.services.http.limits import BoundedUpload, oversized

MAX_FILES = 40
MAX_KEY = 200
MULTIPART = "multipart/form-data"
B = TypeVar("B", bound=BaseModel)


def _plain(value: str) -> str:
    try:
        return text.clean(value)
    except text.UnsafeText as error:
        raise ValueError(str(error)) from None


Word = Annotated[str, StringConstraints(max_length=100), AfterValidator(_plain)]
Sentence = Annotated[str, StringConstraints(max_length=2000), AfterValidator(_plain)]
PageSize = Annotated[int, Field(ge=1, le=100)]


class Strict(BaseModel):
    """What a program sends: a field nobody knows is a mistake, and is said to be one."""

    model_config = ConfigDict(extra="forbid")


class ApplicationIn(Strict):
    """An application, whole. `files` were uploaded before."""

    procedure: Annotated[str, StringConstraints(max_length=20), AfterValidator(_plain)]
    unit: UUID = Field(description="The agency it is handed in to: an id from `/procedures/{code}/units`.")
    data: dict[str, Any] = Field(description="The answers, by the procedure's `form_schema`.")
    files: list[UUID] = Field(default=[], max_length=MAX_FILES)
    channel: Channel = Field(default=Channel.ONLINE, description="Officials typing in: `counter` or `post`.")
    delivery: Delivery = Delivery.ONLINE


class SupplementIn(Strict):
    """What completes a dossier: answers changed (null takes one away), files uploaded before, words."""

    changes: dict[str, Any] = Field(default={}, max_length=200)
    files: list[UUID] = Field(default=[], max_length=MAX_FILES)
    note: Sentence = ""


class NoteIn(Strict):
    """Words that go with an act."""

    note: Sentence = ""


class RatingIn(Strict):
    """How it was: 3 very satisfied, 2 satisfied, 1 not satisfied (TT 32/2017, read in the text)."""

    grade: Annotated[StrictInt, Field(ge=1, le=3)]


class ArgumentsIn(Strict):
    """What some deeds need: the reason given to people, a new date, another unit, an earlier step."""

    reason: Sentence = ""
    new_due: date | None = None
    unit: UUID | None = None
    step: Word = ""


class DecisionIn(Strict):
    """A decision on a task."""

    deed: Deed
    arguments: ArgumentsIn = ArgumentsIn()

    def values(self) -> dict[str, Any]:
        """Give the arguments that were given, as plain values."""
        return self.arguments.model_dump(mode="json", exclude_defaults=True)


class DayIn(Strict):
    """A sudden day off, or a working day: why, and by which document."""

    working: StrictBool
    reason: Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(_plain)]
    source: Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(_plain)]


def read(request: HttpRequest, kind: type[B]) -> B:
    """Read a JSON body."""
    if request.content_type != "application/json":
        raise BadRequest("Hãy gửi nội dung kiểu application/json.")
    return kind.model_validate_json(request.body)


def open_form(request: HttpRequest) -> list[tuple[str, Any]]:
    """Read a multipart body, keeping no more of a file than may be kept; return its files by component."""
    if request.content_type != MULTIPART:
        raise BadRequest("Hãy gửi nội dung kiểu multipart/form-data.")
    handler = BoundedUpload(request, MAX_BYTES)
    request.upload_handlers.insert(0, handler)
    request.bounded_upload = handler  # type: ignore[attr-defined]
    found = [(name, file) for name, files in request.FILES.lists() for file in files]
    for name in oversized(request):
        said = f"Tệp lớn hơn {MAX_BYTES // 2**20} MB."
        raise Refusal(said, [FormError(f"file:{name}", "file", said)])
    if len(found) > MAX_FILES:
        raise Refusal(f"Nhiều nhất {MAX_FILES} tệp một lần.")
    return found


def idempotency_key(request: HttpRequest) -> str | None:
    """Return the key under which handing in twice is once: bound to the account, so that no one meets another's."""
    given = request.headers.get("Idempotency-Key", "")
    if not given:
        return None
    if len(given) > MAX_KEY or not (given.isascii() and given.isprintable()):
        raise BadRequest(f"Idempotency-Key: nhiều nhất {MAX_KEY} ký tự ASCII.")
    account: UUID = request.principal.account_id  # type: ignore[attr-defined]
    return f"api:{account.hex}:{hashlib.sha256(given.encode()).hexdigest()[:40]}"


def cursor(after: tuple[datetime, UUID] | None) -> str | None:
    """Write where the next page starts, for programs to hand back unread."""
    if after is None:
        return None
    return base64.urlsafe_b64encode(f"{after[0].isoformat()}|{after[1].hex}".encode()).decode().rstrip("=")


def position(typed: str) -> tuple[datetime, UUID] | None:
    """Read a cursor; BadRequest where it is none of ours."""
    if not typed:
        return None
    try:
        said = base64.urlsafe_b64decode(typed + "=" * (-len(typed) % 4)).decode()
        moment, ident = said.split("|")
        at = datetime.fromisoformat(moment)
        if at.tzinfo is None:
            raise ValueError(moment)
        return at, UUID(ident)
    except (ValueError, binascii.Error):
        raise BadRequest("Tham số after không đọc được: hãy dùng giá trị next của trang trước.") from None


def version_asked(request: HttpRequest) -> int | None:
    """Read the case's version out of If-Match; None where none was sent."""
    typed = request.headers.get("If-Match", "").strip()
    if not typed:
        return None
    number = typed.removeprefix('"').removesuffix('"')
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        raise BadRequest("If-Match phải là giá trị ETag của hồ sơ.")
    return int(number)
