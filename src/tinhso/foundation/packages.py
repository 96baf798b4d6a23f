"""Install what is declared without code: folders of data with the examples that prove them.

A kind (procedures, indicators, …) is registered by the room that understands it, with a function that reads a package's
files into a contract or says what is wrong. An installed version never changes: what started under it ends under it.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID

from . import clock, ids, journal, statements
from .actions import action
from .contracts import Actor, Event, Subject
from .models import InstalledPackage

ROOT = Path(__file__).parent.parent / "packages"
MAX_FILE = 1_000_000  # bytes; a package is text
MAX_FILES = 500


class PackageProblem(Exception):
    """A package cannot be used; `problems` say where and why, one clear sentence each."""

    def __init__(self, where: str, problems: Sequence[str]) -> None:
        super().__init__(f"{where}: " + "; ".join(problems))
        self.where, self.problems = where, tuple(problems)


@dataclass(frozen=True)
class Header:
    """What every package says of itself."""

    name: str
    version: int
    status: str
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True)
class Kind:
    """A kind of package: `read(files)` returns (header, contract); `prove(contract)` what its examples disprove."""

    name: str
    read: Callable[[Mapping[str, bytes]], tuple[Header, Any]]
    prove: Callable[[Any], Sequence[str]]


@dataclass(frozen=True)
class PackageInstalled(Event):
    NAME = "foundation.PackageInstalled"
    kind: str
    package: str
    version: int
    digest: str


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Make a kind known (rooms do it in `apps.py`)."""
    _kinds[kind.name] = kind


def kinds() -> Sequence[Kind]:
    return tuple(_kinds.values())


def folders(kind: str, root: Path = ROOT) -> list[Path]:
    """Return the folders of one kind's packages, by name."""
    base = root / kind
    return sorted(p.parent for p in base.glob("*/package.yml")) if base.is_dir() else []


def files_of(folder: Path) -> dict[str, bytes]:
    """Read a package's files; refuse links that lead out and what is no package's kind, size or number of files."""
    found: dict[str, bytes] = {}
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        if any(part.startswith(".") for part in parts):
            continue
        if problem := _unfit(path, folder):
            raise PackageProblem(folder.name, [f"{'/'.join(parts)}: {problem}"])
        if path.is_dir():
            continue
        if len(found) == MAX_FILES:
            raise PackageProblem(folder.name, [f"nhiều hơn {MAX_FILES} tệp"])
        found["/".join(parts)] = path.read_bytes()
    return found


def _unfit(path: Path, folder: Path) -> str:
    if not path.resolve().is_relative_to(folder.resolve()):
        return "liên kết ra ngoài gói"
    if path.is_dir():
        return ""
    if not path.is_file():
        return "không phải là tệp"
    return f"lớn hơn {MAX_FILE} byte" if path.stat().st_size > MAX_FILE else ""


def check(kind: str, folder: Path) -> tuple[Header, Any]:
    """Read a package and run its examples; raise PackageProblem with all that is wrong."""
    return _proved(kind, folder.name, files_of(folder))


def _proved(kind: str, where: str, files: Mapping[str, bytes]) -> tuple[Header, Any]:
    header, contract = _kinds[kind].read(files)
    problems = _kinds[kind].prove(contract)
    if problems:
        raise PackageProblem(where, problems)
    return header, contract


@action
def install(*, kind: str, folder: Path, actor: Actor) -> InstalledPackage:
    """Check and install a package; installing the same again changes nothing, changing a version is refused."""
    files = files_of(folder)  # read once: what is proved is what is installed
    header, _ = _proved(kind, folder.name, files)
    digest = digest_of(files)
    kept = InstalledPackage.objects.filter(kind=kind, name=header.name, version=header.version).first()
    if kept is not None:
        if kept.digest != digest:
            raise PackageProblem(
                folder.name, [f"phiên bản {header.version} đã cài và không đổi được: hãy tăng số phiên bản"]
            )
        return kept
    row = InstalledPackage.objects.create(
        id=ids.new(), kind=kind, name=header.name, version=header.version, status=header.status,
        valid_from=header.valid_from, valid_to=header.valid_to, digest=digest,
        files={n: base64.b64encode(c).decode() for n, c in files.items()}, installed_at=clock.now(),
    )  # fmt: skip
    journal.append(
        PackageInstalled(kind=kind, package=header.name, version=header.version, digest=digest),
        subject=Subject("foundation.package", row.id),
        actor=actor,
    )
    return row


def digest_of(files: Mapping[str, bytes]) -> str:
    """Return the SHA-256 over the names and contents of a package's files."""
    digest = hashlib.sha256()
    for name in sorted(files):
        digest.update(f"{name}\0{len(files[name])}\0".encode() + files[name])
    return digest.hexdigest()


def newest(kind: str, on: date) -> list[tuple[UUID, Any]]:
    """Return the newest version of each package of a kind that is valid on a day: (id, contract), by name."""
    valid = {name: row_id for row_id, name, end in _begun.all(kind=kind, on=on) if end is None or end >= on}
    return [(row_id, load(row_id)) for row_id in valid.values()]


_begun = statements.Read(
    lambda kind, on: (
        InstalledPackage.objects.filter(kind=kind, valid_from__lte=on)
        .order_by("name", "version")
        .values_list("id", "name", "valid_to")
    )
)


@lru_cache(maxsize=512)
def load(package_id: Any) -> Any:
    """Return an installed package's contract (installed packages never change, so this is kept in memory)."""
    row = InstalledPackage.objects.get(id=package_id)
    _, contract = _kinds[row.kind].read(_decoded(row.files))
    return contract


def identity(kind: str, name: str, version: int) -> Any:
    """Return the id of an installed version."""
    return InstalledPackage.objects.values_list("id", flat=True).get(kind=kind, name=name, version=version)


def file(package_id: Any, name: str) -> bytes:
    """Return one file of an installed package."""
    return base64.b64decode(InstalledPackage.objects.get(id=package_id).files[name])


def _decoded(files: Mapping[str, str]) -> dict[str, bytes]:
    return {name: base64.b64decode(content) for name, content in files.items()}
