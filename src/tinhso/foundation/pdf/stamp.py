"""Draw the visible part of a signature."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pyhanko.pdf_utils.content import ResourceType
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.layout import BoxConstraints
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.stamp import BaseStamp, BaseStampStyle

from .. import clock
from .compose import draw, own_template
from .credentials import Signer, SignerKind

_NAME = "/Stamp"


@dataclass(frozen=True)
class Stamp(BaseStampStyle):
    """Says who signed, for which agency and when; a test signature says that it is one."""

    signer: Signer | None = field(default=None)
    when: datetime | None = field(default=None)

    def __init__(self, signer: Signer, when: datetime) -> None:
        super().__init__()
        object.__setattr__(self, "signer", signer)
        object.__setattr__(self, "when", when)

    def create_stamp(self, writer: BasePdfFileWriter, box: BoxConstraints, text_params: dict[str, Any]) -> _Drawing:
        assert self.signer is not None
        assert self.when is not None
        data = {
            "kind": self.signer.kind,
            "lines": _lines(self.signer, self.when),
            "test": self.signer.test,
            "width": box.width,
            "height": box.height,
        }
        return _Drawing(writer, self, box, draw(own_template("stamp.typ"), data, when=self.when))


class _Drawing(BaseStamp):
    """A drawn page as the appearance of a field."""

    def __init__(self, writer: BasePdfFileWriter, style: Stamp, box: BoxConstraints, page: bytes) -> None:
        super().__init__(writer=writer, style=style, box=box)
        self._page = page

    def render(self) -> bytes:
        drawing = self._ensure_writer.import_page_as_xobject(PdfFileReader(io.BytesIO(self._page)))
        self.set_resource(ResourceType.XOBJECT, pdf_name(_NAME), drawing)
        return f"q {_NAME} Do Q".encode()


def _lines(signer: Signer, when: datetime) -> list[str]:
    local = when.astimezone(clock.LOCAL)
    agency = [] if signer.kind is SignerKind.AGENCY else [f"Cơ quan: {signer.agency}"]
    # NĐ 30/2020 annex I asks for date, hour, minute, second and Viet Nam's zone after ISO 8601 (from memory).
    return [f"Ký bởi: {signer.name}", *agency, f"Thời gian ký: {local:%d/%m/%Y %H:%M:%S} +07:00"]
