"""Take files from people: by their content, never by their name, and shut away until the worker has looked at them."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import BinaryIO, cast
from uuid import UUID

from tinhso.foundation.api import action, clock, ids, journal, statements, text, vault
from tinhso.foundation.contracts import Actor, Subject
from tinhso.organisation import api as organisation
from tinhso.organisation.contracts import Principal
from tinhso.services.contracts.answers import NotFound, Refusal, account_of
from tinhso.services.contracts.case import FileInfo, FileState
from tinhso.services.contracts.events import FileChecked, FileRemoved, FileUploaded
from tinhso.services.contracts.procedure import ComponentKind, FormError, Procedure
from tinhso.services.filecheck import RefusedFile, clean_image, look_at_pdf, media_type_of
from tinhso.services.models import Attachment, AttachmentOpening, Draft
from tinhso.services.queries import procedures
from tinhso.services.queries.cases import record_look

MAX_BYTES = 20 * 1024 * 1024
MAX_FILES = 40  # of one draft
TRIED_AGAIN_AFTER = timedelta(minutes=1)

log = logging.getLogger("tinhso.services")
_set_aside: dict[UUID, datetime] = {}  # files that could not be read just now, and until when they rest


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it comes in with an application, for a component of the dossier."""

    component: str
    name: str
    content: BinaryIO
    size: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """A file whose bytes are on disk and whose rows are not written yet."""

    component: str
    name: str
    media_type: str
    blob: vault.Staged


@action
def upload_file(
    *, principal: Principal, component: str, name: str, content: BinaryIO, size: int, draft_id: UUID | None = None
) -> FileInfo:
    """Keep a file for a component of the dossier; raise Refusal where it is empty, too large or of no known kind."""
    if principal.account_id is None:
        raise NotFound
    check_size(component, size)
    wanted = check_place(principal, draft_id, component) if draft_id is not None else ()
    kind = _kind_of(component, content, wanted)
    row = _row(principal, Waiting(component, name, kind, _stage(component, content)))
    row.draft_id = draft_id
    statements.insert(row)
    _tell_uploaded(principal, row)
    return info(row)


def receive(uploads: Sequence[Upload], procedure: Procedure) -> list[Waiting]:
    """Put files that come with an application on disk, before its transaction; refuse what is no such paper."""
    papers = {row.id: row for row in procedure.components if row.kind is ComponentKind.DOCUMENT}
    waiting: list[Waiting] = []
    try:
        for upload in uploads:
            paper = papers.get(upload.component)
            if paper is None:
                raise _refused(upload.component[:60], "Hồ sơ không có thành phần này. Hãy bỏ tệp này.")
            check_size(upload.component, upload.size)
            kind = _kind_of(upload.component, upload.content, paper.media_types)
            waiting.append(Waiting(upload.component, upload.name, kind, _stage(upload.component, upload.content)))
    except BaseException:
        give_up(waiting)
        raise
    return waiting


def give_up(waiting: Sequence[Waiting]) -> None:
    """Take files away whose application was not taken."""
    for file in waiting:
        vault.discard(file.blob)


def keep_with(principal: Principal, case_id: UUID, waiting: Sequence[Waiting]) -> None:
    """Write the rows of files handed in with a case. Runs in the caller's action."""
    for file in waiting:
        row = _row(principal, file)
        row.case_id = case_id
        statements.insert(row)
        _tell_uploaded(principal, row)


class _Bounded:
    """Content that refuses to be longer than a file may be, whatever was said of its size."""

    def __init__(self, component: str, content: BinaryIO) -> None:
        self._component, self._content, self._taken = component, content, 0

    def read(self, count: int) -> bytes:
        data = self._content.read(count)
        self._taken += len(data)
        check_size(self._component, max(1, self._taken))
        return data

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._content.tell()

    def seek(self, place: int) -> int:
        self._taken = place
        return self._content.seek(place)


def _stage(component: str, content: BinaryIO) -> vault.Staged:
    return vault.stage(cast(BinaryIO, _Bounded(component, content)))


def _kind_of(component: str, content: BinaryIO, wanted: Sequence[str]) -> str:
    """Tell a file's kind by its content, and leave the content at its start."""
    kind = media_type_of(content.read(4096))
    content.seek(0)
    if kind is None:
        raise _refused(component, "Chỉ nhận tệp PDF, JPEG hoặc PNG. Hãy chụp ảnh hoặc lưu thành PDF rồi tải lại.")
    if wanted and kind not in wanted:
        raise _refused(component, f"Giấy tờ này phải là tệp {_named(wanted)}. Hãy chọn tệp khác.")
    return kind


def _row(principal: Principal, file: Waiting) -> Attachment:
    blob = vault.keep(file.blob)
    return Attachment(
        id=ids.new(), account_id=principal.account_id, component=file.component[:60], name=_plain_name(file.name),
        media_type=file.media_type, size=blob.size, original_id=blob.id, state=FileState.QUARANTINED,
        uploaded_at=clock.now(),
    )  # fmt: skip


def _tell_uploaded(principal: Principal, row: Attachment) -> None:
    journal.append(
        FileUploaded(component=row.component, size=row.size),
        subject=Subject("services.attachment", row.id),
        actor=principal.actor,
    )


@action
def reuse_file(*, principal: Principal, file_id: UUID, draft_id: UUID) -> FileInfo:
    """Put a paper handed in with an earlier case into a draft; the file itself is kept once."""
    rows = Attachment.objects.filter(id=file_id, account_id=account_of(principal), state=FileState.READY)
    row = rows.filter(case_id__isnull=False).first() if principal.account_id else None
    if row is None:
        raise NotFound
    wanted = check_place(principal, draft_id, row.component)
    if wanted and row.media_type not in wanted:
        raise _refused(row.component, f"Giấy tờ này phải là tệp {_named(wanted)}. Hãy chọn tệp khác.")
    same = Attachment.objects.filter(
        draft_id=draft_id, component=row.component, original_id=row.original_id, removed_at=None
    ).first()
    if same is not None:
        return info(same)
    kept = Attachment.objects.create(
        id=ids.new(), account_id=account_of(principal), draft_id=draft_id, component=row.component, name=row.name,
        media_type=row.media_type, size=row.size, original_id=row.original_id, cleaned_id=row.cleaned_id,
        state=row.state, uploaded_at=clock.now(),
    )  # fmt: skip
    _tell_uploaded(principal, kept)
    return info(kept)


@action
def remove_file(*, principal: Principal, file_id: UUID) -> None:
    """Take a file out of a draft; what was handed in with a case stays."""
    row = Attachment.objects.filter(id=file_id, account_id=account_of(principal), case=None, removed_at=None).first()
    if row is None:
        raise NotFound
    row.removed_at = clock.now()
    row.save(update_fields=["removed_at"])
    journal.append(
        FileRemoved(component=row.component),
        subject=Subject("services.attachment", row.id),
        actor=principal.actor,
    )


@action
def open_file(*, principal: Principal, file_id: UUID) -> tuple[FileInfo, Iterator[bytes]]:
    """Give a file's checked content to its owner, or to an official within sight of the case, whose look is noted."""
    row = Attachment.objects.filter(id=file_id, removed_at=None).first()
    if row is None or principal.account_id is None:
        raise NotFound
    own = row.account_id == principal.account_id
    if not own and not (row.case_id and principal.is_official and organisation.sees(principal, row.case_id)):
        raise NotFound
    if row.state != FileState.READY or row.cleaned_id is None:
        raise Refusal(row.reason or "Tệp đang được kiểm tra. Hãy thử lại sau vài giây.")
    if principal.is_official and row.case_id:
        AttachmentOpening.objects.get_or_create(
            attachment_id=row.id, account_id=account_of(principal), defaults={"at": clock.business_now()}
        )
        record_look(principal, row.case_id, "tệp đính kèm")
    return info(row, opened=True), vault.open(row.cleaned_id)


def check_waiting(limit: int = 20) -> int:
    """Look at files in quarantine; return how many were decided. One whose bytes cannot be read holds up no other."""
    now = clock.now()
    for file_id in [known for known, until in _set_aside.items() if until <= now]:
        del _set_aside[file_id]
    waiting = Attachment.objects.filter(state=FileState.QUARANTINED).exclude(id__in=list(_set_aside))
    return sum(_try(file_id) for file_id in waiting.order_by("uploaded_at").values_list("id", flat=True)[:limit])


def _try(file_id: UUID) -> int:
    try:
        return _check(file_id)
    except (vault.Damaged, vault.NoSpace, OSError):  # not the file's fault: it stays in quarantine for its operator
        log.exception("file %s could not be looked at; it will be tried again", file_id)
        _set_aside[file_id] = clock.now() + TRIED_AGAIN_AFTER
        return 0


def _check(file_id: UUID) -> int:
    row = Attachment.objects.get(id=file_id)
    state, reason = FileState.READY, ""
    clean: UUID | None = row.original_id
    try:
        with _opened(row.original_id) as file:
            if row.media_type == "application/pdf":
                look_at_pdf(file)
            else:
                clean = vault.put(clean_image(file)).id
    except RefusedFile as refused:
        state, reason, clean = FileState.REFUSED, str(refused), None
    _decide(file_id=file_id, state=state, reason=reason, clean=clean)
    return 1


@action
def _decide(*, file_id: UUID, state: FileState, reason: str, clean: UUID | None) -> None:
    done = Attachment.objects.filter(id=file_id, state=FileState.QUARANTINED).update(
        state=state, reason=reason[:200], cleaned_id=clean
    )
    if done:
        subject = Subject("services.attachment", file_id)
        journal.append(FileChecked(state=state.value), subject=subject, actor=Actor.system("services.files"))


@contextmanager
def _opened(blob_id: UUID) -> Iterator[BinaryIO]:
    yield io.BytesIO(vault.read(blob_id))


def check_size(component: str, size: int) -> None:
    """Refuse a file that is empty or too large, by its size in bytes."""
    if size > MAX_BYTES:
        raise _refused(component, f"Tệp lớn hơn {MAX_BYTES // 2**20} MB. Hãy chụp lại nhỏ hơn hoặc tách tệp.")
    if size <= 0:
        raise _refused(component, "Tệp rỗng (0 byte). Hãy chọn lại tệp.")


def check_place(principal: Principal, draft_id: UUID, component: str) -> tuple[str, ...]:
    """Refuse a file that a draft has no place for; return the media types the component takes (none named: any)."""
    draft = Draft.objects.filter(id=draft_id, account_id=account_of(principal), case=None).first()
    if draft is None or principal.account_id is None:
        raise NotFound
    rows = procedures.of_package(draft.package_id).components
    row = next((row for row in rows if row.id == component and row.kind is ComponentKind.DOCUMENT), None)
    if row is None:
        raise NotFound
    if Attachment.objects.filter(draft_id=draft_id, removed_at=None).count() >= MAX_FILES:
        raise Refusal(f"Hồ sơ đã có {MAX_FILES} tệp. Hãy gộp bớt tệp.")
    return row.media_types


def _named(media_types: Sequence[str]) -> str:
    names = {"application/pdf": "PDF", "image/jpeg": "JPEG", "image/png": "PNG"}
    return " hoặc ".join(names.get(kind, kind) for kind in media_types)


def _plain_name(name: str) -> str:
    try:
        cleaned = text.clean(name.replace("\\", "/").rpartition("/")[2])
    except text.UnsafeText:
        cleaned = ""
    return cleaned[-200:] or "tệp"


def _refused(component: str, message: str) -> Refusal:
    return Refusal(message, [FormError(f"file:{component}", "file", message)])


def info(row: Attachment, *, opened: bool = False) -> FileInfo:
    """Return an attachment as pages show it."""
    return FileInfo(row.id, row.component, row.name, row.media_type, row.size, FileState(row.state), row.reason, opened)
