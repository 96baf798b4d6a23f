"""The packages that ship, as the tests of procedures read them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import tinhso
from tinhso.services.contracts.document import CaseLines, Draft, Letterhead, Party, Signature, Verification
from tinhso.services.contracts.procedure import Example, Procedure
from tinhso.services.rules.procedure import load, number_text

ROOT = Path(tinhso.__file__).parent / "packages"
PROCEDURES = ("2.000635", "1.001612", "1.013225", "2.000986")


def folder_files(kind: str, name: str) -> dict[str, bytes]:
    folder = ROOT / kind / name
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@cache
def procedure(code: str) -> Procedure:
    return load(folder_files("procedures", code))


def draft_for(proc: Procedure, example: Example, qr: str) -> Draft:
    on = example.received_at.date()
    return Draft(
        title=proc.result.title.vi,
        letterhead=Letterhead("Ủy ban nhân dân thành phố Hải Dương", "Ủy ban nhân dân phường Cẩm Thượng", "Cẩm Thượng"),
        number=number_text(proc, example.data, 42, on.year),
        on=on,
        signature=Signature("TM. Ủy ban nhân dân", "Chủ tịch", "Vũ Thị Thanh Huyền"),
        recipients=("Người yêu cầu", "Lưu: VT"),
        verification=Verification("tinhso.example/kt/7KQ2-M9XA", qr),
        party=Party(example.data["applicant_name"], "", example.data["applicant_phone"], ""),
        case=CaseLines(
            code="H23.288.16-210115-0042",
            procedure=proc.title.vi,
            channel="Trực tuyến",
            received="09:12 ngày 15/01/2021",
            due="17:00 ngày 15/01/2021",
            allowed="trong ngày",
            delivery="Bản điện tử có chữ ký số",
            fee="8.000 đồng",
        ),
        demo=True,
    )
