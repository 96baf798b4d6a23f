"""Hold the installation's keys: a file outside the data directory, so that a copy of the data alone opens nothing.

The file lists keys by id; the first is current, the others still open what they closed. Rotation adds a key in front
and rewraps; a key may be dropped once nothing names it. The site says where the file is (`use`).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import secrets
from dataclasses import dataclass
from functools import cache
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
    ring.cache_clear()


def path() -> Path:
    """Return where the key file is."""
    return _path[0]


@cache
def ring() -> KeyRing:
    """Return the key ring; make one on first use of a new installation."""
    if not path().exists():
        ident, key = _fresh()
        _write(KeyRing(ident, {ident: key}, secrets.token_bytes(32)), new=True)
    content = json.loads(path().read_text())
    keys = {item["id"]: base64.b64decode(item["key"]) for item in content["keys"]}
    return KeyRing(content["keys"][0]["id"], keys, base64.b64decode(content["blind"]))


def rotate() -> str:
    """Put a new current key in front and return its id; older keys stay for reading."""
    old = ring()
    ident, key = _fresh()
    _write(KeyRing(ident, {ident: key, **old.keys}, old.blind), new=False)
    ring.cache_clear()
    return ident


def secret_key() -> str:
    """Return Django's secret key, derived from the blind key so that there is one file of secrets to guard."""
    return hmac.new(ring().blind, b"django-secret-key", hashlib.sha256).hexdigest()


def _write(value: KeyRing, *, new: bool) -> None:
    order = [value.current, *(k for k in value.keys if k != value.current)]
    content = {
        "keys": [{"id": k, "key": base64.b64encode(value.keys[k]).decode()} for k in order],
        "blind": base64.b64encode(value.blind).decode(),
    }
    target = path()
    target.parent.mkdir(parents=True, exist_ok=True)
    if new:  # two processes starting at once: the first one's file stands
        _exclusive(target, json.dumps(content, indent=1))
        return
    temporary = target.with_suffix(".new")
    temporary.unlink(missing_ok=True)
    _exclusive(temporary, json.dumps(content, indent=1))
    os.replace(temporary, target)


def _exclusive(target: Path, content: str) -> None:
    temporary = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(temporary, target)
    except FileExistsError:
        pass
    finally:
        temporary.unlink()
