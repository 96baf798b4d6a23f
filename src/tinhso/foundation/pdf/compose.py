"""Turn a typst template and data into PDF/A-2b: the same input gives the same bytes, in any process.

The template sees its own folder only (itself, the assets given, and `signing.typ`), no network and no system fonts.
Data arrive as JSON in `sys.inputs.data`, so nothing in them can become markup.
"""

from __future__ import annotations

import atexit
import hashlib
import json
import os
import re
import shutil
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import Enum
from functools import cache
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import Any
from uuid import UUID

import typst

FONTS = Path(__file__).parent.parent / "fonts"
_STANDARD: typst.PDFStandard = "a-2b"
_OWN = Path(__file__).parent / "templates"
_MAIN = "main.typ"
_UNPRINTABLE = re.compile(r"the text `\"(.+?)\"` could not be displayed")
NO_ASSETS: Mapping[str, bytes] = MappingProxyType({})


class TemplateProblem(Exception):
    """The template does not compile with this data; the message says where and why."""


class Unprintable(TemplateProblem):
    """The data hold characters that the documents' font does not have; `characters` are they."""

    def __init__(self, characters: str) -> None:
        super().__init__(f"Không in được ký tự “{characters}”. Hãy bỏ hoặc thay các ký tự này.")
        self.characters = characters


@dataclass(frozen=True, slots=True)
class Place:
    """Room for a visible signature: page from 1, box in points from the page's lower left corner."""

    page: int
    left: float
    bottom: float
    right: float
    top: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.top - self.bottom


def render(
    template: str | bytes, data: Mapping[str, Any], assets: Mapping[str, bytes] = NO_ASSETS, *, when: datetime
) -> bytes:
    """Return the document as PDF/A-2b dated `when` (aware).

    `assets` are files beside the template by their relative names. Raise Unprintable for characters that no font
    here has, TemplateProblem for anything else that is wrong.
    """
    return _compile(_compiler(template, data, assets), when)


def places(template: str | bytes, data: Mapping[str, Any], assets: Mapping[str, bytes] = NO_ASSETS) -> dict[str, Place]:
    """Return the rooms for signatures that the template leaves (`signature-room` of signing.typ), by field name."""
    try:
        found = json.loads(_compiler(template, data, assets).query("<signature-room>", field="value"))
    except (typst.TypstError, RuntimeError) as error:
        raise _problem(error) from error
    return {row["name"]: _place(row) for row in found}


def draw(template: str, data: Mapping[str, Any], *, when: datetime) -> bytes:
    """Return an untagged page to be placed into another document, whose reading order is its own affair."""
    return _compile(_compiler(template, data, NO_ASSETS), when, tags=False)


@cache
def own_template(name: str) -> str:
    """Return one of the foundation's own templates."""
    return (_OWN / name).read_text(encoding="utf-8")


def _place(row: Mapping[str, Any]) -> Place:
    top = row["page_height"] - row["y"]
    return Place(row["page"], row["x"], top - row["height"], row["x"] + row["width"], top)


def _compile(compiler: typst.Compiler, when: datetime, *, tags: bool = True) -> bytes:
    # The binding takes whole seconds since 1970, which leaves no room for the machine's own zone.
    try:
        result = compiler.compile(
            format="pdf", pdf_standards=[_STANDARD], pdf_tags=tags, timestamp=int(when.timestamp())
        )
    except (typst.TypstError, RuntimeError) as error:
        raise _problem(error) from error
    if not isinstance(result, bytes):
        raise TemplateProblem("no document came out")
    return result


def _problem(error: Exception) -> TemplateProblem:
    detail = str(getattr(error, "diagnostic", "") or error)
    missing = "".join(dict.fromkeys("".join(_UNPRINTABLE.findall(detail))))
    return Unprintable(missing) if missing else TemplateProblem(detail)


def _compiler(template: str | bytes, data: Mapping[str, Any], assets: Mapping[str, bytes]) -> typst.Compiler:
    source = template.encode() if isinstance(template, str) else template
    files = {"signing.typ": own_template("signing.typ").encode(), **assets, _MAIN: source}
    folder = _workshop().folder(files)
    text = json.dumps(dict(data), ensure_ascii=False, sort_keys=True, allow_nan=False, default=_plain)
    return typst.Compiler(
        input=str(folder / _MAIN),
        root=str(folder),
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"data": text},
        package_path=str(folder),
        package_cache_path=str(folder),
    )


@cache
def _fonts() -> typst.Fonts:
    """Load the documents' fonts once a process."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])


class _Workshop:
    """A folder of this process where templates are laid out, each content once; the least used go when it is full."""

    _most = 256

    def __init__(self) -> None:
        self._root = Path(tempfile.mkdtemp(prefix="tinhso-pdf-"))
        atexit.register(self._leave, os.getpid())
        self._folders: OrderedDict[str, Path] = OrderedDict()
        self._lock = threading.Lock()

    def folder(self, files: Mapping[str, bytes]) -> Path:
        digest = hashlib.sha256()
        for name, content in sorted(files.items()):
            digest.update(f"{name}\0{len(content)}\0".encode() + content)
        with self._lock:
            folder = self._folders.pop(digest.hexdigest(), None)
            if folder is None or not (folder / _MAIN).exists():  # a cleaner of temporary files may have come by
                folder = self._root / digest.hexdigest()[:32]
                for name, content in files.items():
                    _write(folder, name, content)
            self._folders[digest.hexdigest()] = folder
            if len(self._folders) > self._most:
                shutil.rmtree(self._folders.popitem(last=False)[1], ignore_errors=True)
            return folder

    def _leave(self, owner: int) -> None:
        if os.getpid() == owner:  # a forked child leaves its parent's folder alone
            shutil.rmtree(self._root, ignore_errors=True)


@cache
def _workshop() -> _Workshop:
    return _Workshop()


def _write(folder: Path, name: str, content: bytes) -> None:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts:
        raise TemplateProblem(f"{name}: tên tệp ra ngoài thư mục của mẫu")
    # Packages of the typst universe would be fetched over the network at compile time.
    if name.endswith(".typ") and b"@preview" in content:
        raise TemplateProblem(f"{name}: mẫu không được dùng gói tải từ mạng (@preview)")
    target = folder / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)


def _plain(value: Any) -> Any:
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    raise TypeError(f"{type(value).__name__} cannot go into a document's data")
