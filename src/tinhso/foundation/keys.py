"""Hold the installation's keys: a file outside the data directory, so that a copy of the data alone opens nothing.

The file lists keys by id; the first is current, the others still open what they closed. Rotation adds a key in front
and rewraps; a key may be dropped once nothing names it. The site says where the file is (`use`).
"""

from __future__ import annotations

import base64
import fcntl
import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

_path: list[Path] = []


@dataclass(frozen=True)
class KeyRing:
    """Keys by id (32 bytes each), the current one's id, and the key of blind indexes, which never rotates."""

    current: str
    keys: dict[str, bytes]
    blind: bytes


def _fresh() -> tuple[str, bytes]:
    return secrets.token_hex(8), secrets.token_bytes(32)


def use(path: Path) -> None:
    """Say where the key file is; a new installation's file is made at first use."""
    _path[:] = [path]


def path() -> Path:
    """Return where the key file is."""
    return _path[0]


def ring() -> KeyRing:
    """Return the key ring as the file holds it now; make one on first use of a new installation.

    Asking the file each time costs microseconds and lets every process see another's rotation at once.
    """
    try:
        state = path().stat()
    except FileNotFoundError:
        ident, key = _fresh()
        _write_new(KeyRing(ident, {ident: key}, secrets.token_bytes(32)))
        state = path().stat()
    return _read(path(), state.st_ino, state.st_mtime_ns)


@lru_cache(maxsize=4)
def _read(where: Path, inode: int, changed: int) -> KeyRing:
    content = json.loads(where.read_text())
    keys = {item["id"]: base64.b64decode(item["key"]) for item in content["keys"]}
    return KeyRing(content["keys"][0]["id"], keys, base64.b64decode(content["blind"]))


def rotate() -> str:
    """Put a new current key in front and return its id; older keys stay for reading."""
    with _alone():
        old = ring()
        ident, key = _fresh()
        _replace(KeyRing(ident, {ident: key, **old.keys}, old.blind))
    return ident


def drop(key_id: str) -> None:
    """Forget a key that is not current. Nothing it closed opens again: ask `vault.retire`, which looks first."""
    with _alone():
        old = ring()
        if key_id == old.current:
            raise ValueError(f"{key_id} is the current key")
        _replace(KeyRing(old.current, {k: v for k, v in old.keys.items() if k != key_id}, old.blind))


def flush_folder(folder: Path) -> None:
    """Write a folder's entries to disk, so that a file made in it is still there after a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def secret_key() -> str:
    """Return Django's secret key, derived from the blind key so that there is one file of secrets to guard."""
    return hmac.new(ring().blind, b"django-secret-key", hashlib.sha256).hexdigest()


@contextmanager
def _alone() -> Iterator[None]:
    """Let one process at a time change the file: a key lost between two rotations would lose what it closed."""
    path().parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path().parent, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _write_new(value: KeyRing) -> None:
    """Make the file; when two processes start at once, the first one's stands."""
    temporary = _written(value)
    with suppress(FileExistsError):
        os.link(temporary, path())
    temporary.unlink()
    flush_folder(path().parent)


def _replace(value: KeyRing) -> None:
    os.replace(_written(value), path())
    flush_folder(path().parent)


def _written(value: KeyRing) -> Path:
    """Write a ring to a fresh file beside its place, for its owner's eyes only."""
    order = [value.current, *(k for k in value.keys if k != value.current)]
    content = {
        "keys": [{"id": k, "key": base64.b64encode(value.keys[k]).decode()} for k in order],
        "blind": base64.b64encode(value.blind).decode(),
    }
    path().parent.mkdir(parents=True, exist_ok=True)
    temporary = path().with_name(f".{path().name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
        file.write(json.dumps(content, indent=1))
        file.flush()
        os.fsync(file.fileno())
    return temporary
