"""Print what a signed result costs in processor time: making it, signing it twice, checking it.

Run: python bench/sign.py [results]. The target is 150 ms of CPU a signed result, both signatures and check included.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time as machine
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import TypeVar
from uuid import UUID

T = TypeVar("T")
ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "src")]
os.environ.setdefault("TINHSO_HOME", tempfile.mkdtemp(prefix="tinhso-bench-"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django  # noqa: E402

django.setup()

from tinhso.foundation.api import clock, pdf  # noqa: E402

TARGET = 150.0
TEMPLATE = """
#import "signing.typ": signature-room
#let d = json(bytes(sys.inputs.data))
#set document(title: "Trích lục khai sinh", author: d.agency)
#set page(paper: "a4", margin: (left: 30mm, rest: 20mm))
#set text(font: "Liberation Serif", size: 13pt, lang: "vi", hyphenate: false)
#align(center)[*CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM*\\ *Độc lập - Tự do - Hạnh phúc*]
#align(center, text(size: 15pt, weight: "bold")[TRÍCH LỤC KHAI SINH (BẢN SAO)])
Số: #d.number
#for (label, value) in d.facts [#par[#label: *#value*]]
#image(bytes(d.qr), format: "svg", width: 24mm, alt: "Mã QR")
#signature-room("agency", 70mm, 26mm) #signature-room("personal", 70mm, 26mm)
"""
AGENCY = "Ủy ban nhân dân xã Đường Lâm"


def data(number: int) -> dict[str, object]:
    """Give the data of one result, different from every other's."""
    labels = ("Họ và tên", "Ngày sinh", "Giới tính", "Dân tộc", "Quốc tịch", "Nơi sinh", "Quê quán", "Cha", "Mẹ")
    return {
        "agency": AGENCY,
        "number": f"{number}/TLKS-BS",
        "facts": [[label, f"Nguyễn Thị Hường {number}"] for label in labels],
        "qr": pdf.qr_svg(f"https://example.vn/kiem-tra/{number}").decode(),
    }


class Meter:
    """Keeps processor milliseconds by what was done."""

    def __init__(self) -> None:
        self.spent: dict[str, list[float]] = {}

    def measure(self, what: str, run: Callable[[], T]) -> T:
        start = machine.process_time()
        result = run()
        self.spent.setdefault(what, []).append(1000 * (machine.process_time() - start))
        return result


def fdatasync_ms(tries: int = 50) -> float:
    """Give the machine's median fdatasync latency, which says how busy it was."""
    spent = []
    with tempfile.NamedTemporaryFile(dir=os.environ["TINHSO_HOME"]) as file:
        for _ in range(tries):
            file.write(b"x" * 4096)
            file.flush()
            start = machine.perf_counter()
            os.fdatasync(file.fileno())
            spent.append(1000 * (machine.perf_counter() - start))
    return median(spent)


def one(meter: Meter, number: int) -> bool:
    """Make, sign twice and check one result."""
    person = pdf.signers().personal(person_id=UUID(int=1), name="Trần Văn Ước", agency=AGENCY)
    agency = pdf.signers().agency(unit_id=UUID(int=2), name=AGENCY)
    content = data(number)
    document = meter.measure("render", lambda: pdf.render(TEMPLATE, content, when=clock.business_now()))
    rooms = meter.measure("places", lambda: pdf.places(TEMPLATE, content))
    for signer in (person, agency):
        given, field = document, signer.kind.value
        document = meter.measure(
            f"sign {field}",
            lambda given=given, field=field, signer=signer: pdf.sign(
                given, signer=signer, reason="Trả kết quả", location="Hải Dương", field=field, place=rooms[field]
            ),
        )
    return meter.measure("verify", lambda: pdf.verify(document)).ok


def main(results: int) -> int:
    """Measure so many results after a warm-up; give 1 when the median misses the target."""
    one(Meter(), 0)
    meter = Meter()
    sound = sum(one(meter, number) for number in range(1, results + 1))
    print(f"fdatasync {fdatasync_ms():.2f} ms (median)")
    for what, spent in meter.spent.items():
        print(f"{what:14} {median(spent):7.1f} ms CPU median, {max(spent):7.1f} worst")
    totals = [sum(parts) for parts in zip(*meter.spent.values(), strict=True)]
    print(f"{'signed result':14} {median(totals):7.1f} ms CPU median, {max(totals):7.1f} worst; target {TARGET:.0f}")
    print(f"{sound} of {results} sound")
    return int(median(totals) > TARGET or sound != results)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 50))
