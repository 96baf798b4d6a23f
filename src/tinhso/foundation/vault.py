"""Keep files and secrets encrypted at rest.

A file is stored once per content, in chunks of 64 KiB under AES-256-GCM with a key of its own; that key is wrapped by
the installation's current key, whose id is stored beside it. A chunk's nonce is its number and the last chunk says so,
so that chunks cannot be swapped, dropped or cut off unseen. Who may read a file is decided by the object that owns it:
the vault is only asked by the owner's room.
"""

from __future__ import annotations

import errno
import hashlib
import hmac
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Q

from . import clock, ids, keys, statements
from .contracts import BlobRef
from .models import Blob

CHUNK = 64 * 1024
_TAG = 16
_SMALL = 1024 * 1024
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class Damaged(Exception):
    """Stored bytes do not open: they were changed, cut, or their key is gone."""


class NoSpace(Exception):
    """There is no room to store the file; nothing was kept."""


@dataclass(frozen=True, slots=True)
class Staged:
    """A file that is on disk but in no table yet: `keep` writes its row, else `sweep` takes it away in time."""

    id: UUID
    key: bytes
    size: int
    sha256: bytes
    stored: bool = False  # the same content was there already: nothing was written


def put(source: bytes | BinaryIO) -> BlobRef:
    """Store a file and return its reference; the same content is stored once. Raise NoSpace when the disk is full.

    The bytes are on disk before the row is written, so a committed reference always opens. What `source` raises while
    it is read passes through, and nothing is kept.
    """
    return keep(stage(source))


def stage(source: bytes | BinaryIO) -> Staged:
    """Write a file to disk, before the transaction that keeps it: writers then wait for rows only, not for its bytes.

    Raise NoSpace when the disk is full; what `source` raises passes through. Either way nothing stays.
    """
    known = _known(source)
    if known is not None:
        return known
    blob_id, key = ids.new(), os.urandom(32)
    target = _path(blob_id)
    try:
        size, digest = _write(target, _chunks(source), AESGCM(key))
    except BaseException as error:
        target.unlink(missing_ok=True)
        if isinstance(error, OSError) and error.errno in _FULL:
            raise NoSpace("Kho lưu trữ đang đầy.") from error
        raise
    return Staged(blob_id, key, size, digest)


def _known(source: bytes | BinaryIO) -> Staged | None:
    """Look a small file up by its content before writing it: hashing costs a tenth of what writing it durably does."""
    content = source if isinstance(source, bytes) else _peek(source)
    if content is None:
        return None
    digest = hashlib.sha256(content).digest()
    kept = _stored.first(address=_address(digest))
    return Staged(kept[0], b"", kept[1], digest, stored=True) if kept else None


def _peek(source: BinaryIO) -> bytes | None:
    """Return what a small file holds and leave it at its start; None where that cannot be done."""
    if not getattr(source, "seekable", bool)() or source.tell() != 0:  # a stream may know nothing but how to be read
        return None
    content = source.read(_SMALL + 1)
    source.seek(0)
    return content if len(content) <= _SMALL else None


def _address(digest: bytes) -> str:
    return hmac.new(keys.ring().blind, digest, hashlib.sha256).hexdigest()


def discard(staged: Staged) -> None:
    """Take a staged file away that was not kept."""
    if not staged.stored:
        _path(staged.id).unlink(missing_ok=True)


def keep(staged: Staged) -> BlobRef:
    """Write a staged file's row and return its reference; where the same content is stored already, that one's."""
    address = _address(staged.sha256)
    kept = _stored.first(address=address)
    if kept is None:
        key_id, wrapped = _wrap(staged.key)
        row = Blob(id=staged.id, address=address, sha256=staged.sha256.hex(), size=staged.size, key_id=key_id,
                   wrapped_key=wrapped, stored_at=clock.now())  # fmt: skip
        if statements.insert(row, unless_there=True):
            return BlobRef(row.id, row.size, row.sha256)
        kept = _stored.first(address=address)  # another writer stored the same content meanwhile
    discard(staged)
    return BlobRef(*kept)  # type: ignore[misc]


_stored = statements.Read(
    lambda address: Blob.objects.filter(address=address).values_list("id", "size", "sha256")
)  # fmt: skip


def open(blob_id: UUID) -> Iterator[bytes]:
    """Yield a file's content in chunks; raise Damaged at the first byte that is not what was stored."""
    row = Blob.objects.get(id=blob_id)
    cipher = AESGCM(_unwrap(row.key_id, bytes(row.wrapped_key)))
    total = max(1, -(-row.size // CHUNK))
    try:
        with _path(blob_id).open("rb") as file:
            for number in range(total):
                sealed = file.read(CHUNK + _TAG)
                yield cipher.decrypt(_nonce(number), sealed, b"last" if number == total - 1 else b"")
            if file.read(1):
                raise Damaged(f"{blob_id}: trailing bytes")
    except (InvalidTag, FileNotFoundError) as error:
        raise Damaged(str(blob_id)) from error


def read(blob_id: UUID) -> bytes:
    """Return a whole file."""
    return b"".join(open(blob_id))


def seal(value: bytes) -> bytes:
    """Encrypt a small secret under the current key: key id, nonce, sealed bytes."""
    ring = keys.ring()
    nonce = os.urandom(12)
    return bytes.fromhex(ring.current) + nonce + AESGCM(ring.keys[ring.current]).encrypt(nonce, value, b"seal")


def unseal(value: bytes) -> bytes:
    """Open what `seal` closed, under whichever key closed it."""
    try:
        key = keys.ring().keys[value[:8].hex()]
        return AESGCM(key).decrypt(value[8:20], value[20:], b"seal")
    except (InvalidTag, KeyError, ValueError) as error:
        raise Damaged("sealed value") from error


def blind(value: str) -> str:
    """Return a keyed hash for looking up a secret (a citizen number) without storing it readable."""
    return hmac.new(keys.ring().blind, value.encode(), hashlib.sha256).hexdigest()


def rewrap(batch: int = 500) -> int:
    """Close files' keys and sealed values under the current key after a rotation; return how many were done.

    Sealed values are found by their column's name: `sealed` or `…_sealed`. Call it until it returns 0.
    """
    current = keys.ring().current
    done = 0
    if len(keys.ring().keys) == 1:  # nothing can be under another key
        return 0
    for row in Blob.objects.exclude(key_id=current)[:batch]:
        key_id, wrapped = _wrap(_unwrap(row.key_id, bytes(row.wrapped_key)))
        done += Blob.objects.filter(id=row.id).update(key_id=key_id, wrapped_key=wrapped)
    for model, column in _sealed_columns():
        rows = model._default_manager.filter(~_under(column, current), **{f"{column}__isnull": False})
        for pk, old in rows.values_list("pk", column)[: max(0, batch - done)]:
            # Only where it still is what was read: a payload erased meanwhile must stay erased.
            unchanged = model._default_manager.filter(pk=pk, **{column: bytes(old)})
            done += unchanged.update(**{column: seal(unseal(bytes(old)))})
    return done


def retire(key_id: str) -> None:
    """Drop a key that closes nothing any more; raise ValueError while it is current or still needed."""
    if key_id == keys.ring().current:
        raise ValueError(f"{key_id} is the current key")
    needed = Blob.objects.filter(key_id=key_id).exists() or any(
        model._default_manager.filter(_under(column, key_id), **{f"{column}__isnull": False}).exists()
        for model, column in _sealed_columns()
    )
    if needed:
        raise ValueError(f"{key_id} still closes something: rewrap first")
    keys.drop(key_id)


def _sealed_columns() -> Iterator[tuple[type[models.Model], str]]:
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, models.BinaryField) and f"_{field.name}".endswith("_sealed"):
                yield model, field.name


def _under(column: str, key_id: str) -> Q:
    """Return the condition that a sealed value starts with a key's id (bytes compare as numbers do)."""
    low = bytes.fromhex(key_id)
    high = (int.from_bytes(low, "big") + 1).to_bytes(len(low) + 1, "big")[1:]
    return Q(**{f"{column}__gte": low}) & (Q(**{f"{column}__lt": high}) if any(high) else Q())


def sweep(older_than_seconds: float = 3600) -> int:
    """Delete stored files that no row names (a transaction that was rolled back); return how many."""
    removed = 0
    limit = clock.now().timestamp() - older_than_seconds
    for path in _root().glob("??/" + "?" * 32):
        try:
            known = Blob.objects.filter(id=UUID(path.name)).exists()
            if not known and path.stat().st_mtime < limit:
                path.unlink()
                removed += 1
        except (ValueError, FileNotFoundError):  # not one of ours, or gone meanwhile
            continue
    return removed


def _root() -> Path:
    return Path(settings.TINHSO_DATA) / "vault"


def _path(blob_id: UUID) -> Path:
    return _root() / blob_id.hex[-2:] / blob_id.hex


def _chunks(source: bytes | BinaryIO) -> Iterator[bytes]:
    if isinstance(source, bytes):
        yield from (source[i : i + CHUNK] for i in range(0, max(len(source), 1), CHUNK))
        return
    waiting = b""
    while read := source.read(CHUNK):  # a stream may give less than it is asked for
        waiting += read
        while len(waiting) >= CHUNK:
            yield waiting[:CHUNK]
            waiting = waiting[CHUNK:]
    if waiting:
        yield waiting


def _write(target: Path, chunks: Iterable[bytes], cipher: AESGCM) -> tuple[int, bytes]:
    digest, size, number = hashlib.sha256(), 0, 0
    made = not target.parent.exists()
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("xb") as file:
        waiting: bytes | None = None
        for chunk in chunks:
            if waiting is not None:
                file.write(cipher.encrypt(_nonce(number), waiting, b""))
                number += 1
            waiting = chunk
            digest.update(chunk)
            size += len(chunk)
        file.write(cipher.encrypt(_nonce(number), waiting or b"", b"last"))
        file.flush()
        os.fsync(file.fileno())
    for folder in (target.parent, *((_root(), _root().parent) if made else ())):
        keys.flush_folder(folder)
    return size, digest.digest()


def _nonce(number: int) -> bytes:
    return number.to_bytes(12, "big")


def _wrap(key: bytes) -> tuple[str, bytes]:
    ring = keys.ring()
    nonce = os.urandom(12)
    return ring.current, nonce + AESGCM(ring.keys[ring.current]).encrypt(nonce, key, b"wrap")


def _unwrap(key_id: str, wrapped: bytes) -> bytes:
    try:
        return AESGCM(keys.ring().keys[key_id]).decrypt(wrapped[:12], wrapped[12:], b"wrap")
    except (InvalidTag, KeyError) as error:
        raise Damaged(f"key {key_id}") from error


__all__ = [
    "BlobRef",
    "Damaged",
    "NoSpace",
    "Staged",
    "blind",
    "discard",
    "keep",
    "open",
    "put",
    "read",
    "retire",
    "rewrap",
    "seal",
    "stage",
    "sweep",
    "unseal",
]
