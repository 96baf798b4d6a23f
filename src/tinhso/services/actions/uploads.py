"""Take a file in pieces, so that a broken connection costs one piece and not the whole file.

Pieces lie sealed in the data directory, each appended whole; a piece cut off by a crash is dropped when the upload goes
on. Whoever began an upload alone may go on with it. A finished one becomes an attachment; one left lying is swept away.
"""

from __future__ import annotations

import fcntl
import io
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from uuid import UUID

from django.conf import settings

from tinhso.foundation.api import clock, ids, vault
from tinhso.organisation.contracts import Principal
from tinhso.services.contracts.answers import Conflict, NotFound, Refusal
from tinhso.services.contracts.case import FileInfo

from . import files

MAX_PIECE = 1024 * 1024
MAX_OPEN = 20  # uploads of one account at a time
LIFE_SECONDS = 24 * 3600
_HEAD = 4  # bytes of a piece's length


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an upload is, in bytes; `file` once it is whole."""

    offset: int
    length: int
    file: FileInfo | None = None


def begin(*, principal: Principal, draft_id: UUID, component: str, name: str, length: int) -> UUID:
    """Begin an upload of `length` bytes for a component of a draft; return its id."""
    if principal.account_id is None:
        raise NotFound
    files.check_size(component, length)
    files.check_place(principal, draft_id, component)
    if sum(1 for note in _notes() if note["account"] == str(principal.account_id)) >= MAX_OPEN:
        raise Refusal("Bạn đang tải lên quá nhiều tệp cùng lúc. Hãy chờ các tệp trước xong.")
    upload_id = ids.new()
    note = {
        "account": str(principal.account_id), "draft": str(draft_id), "component": component, "name": name[:500],
        "length": length, "begun": clock.now().timestamp(),
    }  # fmt: skip
    with _room():
        _root().mkdir(parents=True, exist_ok=True, mode=0o700)
        _pieces(upload_id).touch(mode=0o600)
        _note(upload_id).write_text(json.dumps(note))
    return upload_id


def progress(*, principal: Principal, upload_id: UUID) -> Progress:
    """Say how far one's own upload is."""
    note = _own(principal, upload_id)
    with _locked(upload_id) as file:
        return Progress(_offset(file), note["length"])


def take(*, principal: Principal, upload_id: UUID, offset: int, piece: bytes) -> Progress:
    """Append a piece that begins at `offset`; raise Conflict where the upload stands elsewhere.

    The last piece makes the attachment; what is refused then is gone.
    """
    note = _own(principal, upload_id)
    with _locked(upload_id) as file:
        stands = _offset(file)
        if offset != stands:
            raise Conflict(f"Tệp đang ở byte {stands}.")
        if stands + len(piece) > note["length"] or len(piece) > MAX_PIECE:
            raise Refusal("Mảnh tệp dài hơn đã báo. Hãy chọn lại tệp.")
        _append(file, piece)
        stands += len(piece)
        if stands < note["length"]:
            return Progress(stands, note["length"])
        whole = io.BytesIO(b"".join(_read(file)))
    try:
        kept = files.upload_file(
            principal=principal, component=note["component"], name=note["name"], content=whole,
            size=note["length"], draft_id=UUID(note["draft"]),
        )  # fmt: skip
    except Refusal:
        _drop(upload_id)
        raise
    _drop(upload_id)
    return Progress(stands, note["length"], kept)


def give_up(*, principal: Principal, upload_id: UUID) -> None:
    """Stop one's own upload."""
    _own(principal, upload_id)
    _drop(upload_id)


def sweep() -> int:
    """Throw away uploads left lying for a day; return how many."""
    limit = clock.now().timestamp() - LIFE_SECONDS
    old = [path for path in _root().glob("*.json") if path.stat().st_mtime < limit] if _root().is_dir() else []
    for path in old:
        _drop(UUID(path.stem))
    return len(old)


def _own(principal: Principal, upload_id: UUID) -> dict[str, Any]:
    try:
        note: dict[str, Any] = json.loads(_note(upload_id).read_text())
    except (FileNotFoundError, ValueError):
        raise NotFound from None
    expired = note["begun"] + LIFE_SECONDS < clock.now().timestamp()
    if principal.account_id is None or note["account"] != str(principal.account_id) or expired:
        raise NotFound
    return note


def _notes() -> Iterator[dict[str, Any]]:
    limit = clock.now().timestamp() - LIFE_SECONDS
    for path in _root().glob("*.json") if _root().is_dir() else ():
        try:
            note: dict[str, Any] = json.loads(path.read_text())
        except (FileNotFoundError, ValueError):
            continue
        if note["begun"] >= limit:
            yield note


@contextmanager
def _locked(upload_id: UUID) -> Iterator[IO[bytes]]:
    """Hold an upload alone: the same piece sent twice at once must count once."""
    try:
        file = _pieces(upload_id).open("r+b")
    except FileNotFoundError:
        raise NotFound from None
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Conflict("Tệp này đang được gửi ở nơi khác.") from None
        yield file


def _offset(file: IO[bytes]) -> int:
    """Add up the whole pieces, and cut off one that a crash left half-written."""
    file.seek(0)
    total, end = 0, 0
    size = os.fstat(file.fileno()).st_size
    while end + _HEAD <= size:
        file.seek(end)
        sealed = int.from_bytes(file.read(_HEAD), "big")
        if end + _HEAD + sealed > size:
            break
        total += len(vault.unseal(file.read(sealed)))
        end += _HEAD + sealed
    if end < size:
        file.truncate(end)
    file.seek(end)
    return total


def _append(file: IO[bytes], piece: bytes) -> None:
    sealed = vault.seal(piece)
    with _room():
        file.write(len(sealed).to_bytes(_HEAD, "big") + sealed)
        file.flush()
        os.fsync(file.fileno())


def _read(file: IO[bytes]) -> Iterator[bytes]:
    file.seek(0)
    while head := file.read(_HEAD):
        yield vault.unseal(file.read(int.from_bytes(head, "big")))


@contextmanager
def _room() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise vault.NoSpace("Kho lưu trữ đang đầy.") from error


def _drop(upload_id: UUID) -> None:
    _note(upload_id).unlink(missing_ok=True)
    _pieces(upload_id).unlink(missing_ok=True)


def _root() -> Path:
    return Path(settings.TINHSO_DATA) / "uploads"


def _note(upload_id: UUID) -> Path:
    return _root() / f"{upload_id.hex}.json"


def _pieces(upload_id: UUID) -> Path:
    return _root() / f"{upload_id.hex}.part"
