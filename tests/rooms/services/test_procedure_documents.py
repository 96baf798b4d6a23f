"""Official forms and results are good documents: every word can be read back, and what was given is not changed."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pypdf
import pytest

from tests.rooms.services.packages import PROCEDURES, draft_for, folder_files, procedure
from tinhso.foundation import pdf
from tinhso.services.contracts.procedure import Example, PackageError, Procedure
from tinhso.services.rules.documents import load_document, result_data, template_files

FORMS = ("receipt", "supplement_request", "refusal", "apology", "control_slip")
PLACES = {
    "registry_commune": "phường Cẩm Thượng, thành phố Hải Dương, tỉnh Hải Dương",
    "address_commune": "thị trấn Nam Sách, huyện Nam Sách, tỉnh Hải Dương",
    "site_commune": "phường Cẩm Thượng, thành phố Hải Dương, tỉnh Hải Dương",
    "residence_commune": "phường Cẩm Thượng, thành phố Hải Dương, tỉnh Hải Dương",
}


def beside() -> dict[str, bytes]:
    return {name: content for name, content in template_files("").items() if name != "main.typ"}


def draw(source: str, data: dict[str, object]) -> bytes:
    return pdf.render(source, data, beside(), when=datetime(2021, 1, 15, 8, 0, tzinfo=UTC))


def words(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages).split())


def result_pdf(proc: Procedure, example: Example) -> bytes:
    qr = pdf.qr_svg("https://tinhso.example/kt/7KQ2-M9XA").decode()
    data = result_data(
        proc,
        draft_for(proc, example, qr),
        example.data,
        places=PLACES,
        findings=[("Ghi chú của người thụ lý", "Đúng với sổ gốc")],
    )
    return draw(proc.result.source, data)


RESULTS = [(code, example) for code in PROCEDURES for example in procedure(code).examples]


@pytest.mark.parametrize(("code", "example"), RESULTS, ids=lambda value: getattr(value, "id", value))
def test_a_result_holds_the_number_the_date_and_every_answer_in_vietnamese(code: str, example: Example) -> None:
    proc = procedure(code)
    text = words(result_pdf(proc, example))
    for fragment in (*example.expected.result_text, f"Số: {example.expected.number_text}", "BẢN DEMO"):
        assert fragment in text
    day = example.received_at
    month = f"{day.month:02d}" if day.month <= 2 else f"{day.month}"
    assert f"ngày {day.day:02d} tháng {month} năm {day.year}" in text
    assert "Độc lập - Tự do - Hạnh phúc" in text
    assert "Ghi chú của người thụ lý: Đúng với sổ gốc" in text


@pytest.mark.parametrize("form", FORMS)
def test_an_official_form_reads_back_as_written(form: str) -> None:
    document = load_document(folder_files("documents", form))
    for example in document.examples:
        text = words(draw(document.source, dict(example.data)))
        for fragment in example.text:
            assert fragment in text


def test_every_vietnamese_letter_survives_the_way_into_the_file_and_back() -> None:
    document = load_document(folder_files("documents", "refusal"))
    letters = "aàảãáạ ăằẳẵắặ âầẩẫấậ đ eèẻẽéẹ êềểễếệ iìỉĩíị oòỏõóọ ôồổỗốộ ơờởỡớợ uùủũúụ ưừửữứự yỳỷỹýỵ"
    data = {**document.examples[0].data, "reason": f"{letters} {letters.upper()}"}
    text = words(draw(document.source, data))
    assert letters in text
    assert letters.upper() in text


def test_the_demo_mark_is_only_on_the_demo() -> None:
    document = load_document(folder_files("documents", "receipt"))
    data = {**document.examples[0].data, "demo": False}
    assert "BẢN DEMO" not in words(draw(document.source, data))


def test_the_same_values_give_the_same_document() -> None:
    proc = procedure("2.000635")
    example = proc.examples[0]
    assert result_pdf(proc, example) == result_pdf(proc, example)


@pytest.mark.parametrize("code", PROCEDURES)
def test_a_result_leaves_room_for_the_person_and_the_agency_to_sign(code: str) -> None:
    proc = procedure(code)
    data = result_data(proc, draft_for(proc, proc.examples[0], ""), proc.examples[0].data, places=PLACES)
    rooms = pdf.places(proc.result.source, data, beside())
    assert set(rooms) == {"agency", "personal"}
    assert rooms["agency"].right <= rooms["personal"].left
    assert all(room.height >= 60 for room in rooms.values())


def test_a_form_drawn_by_the_system_shows_no_empty_number_and_no_signature() -> None:
    document = load_document(folder_files("documents", "receipt"))
    data = {**document.examples[0].data, "number": "", "signature": {"authority": "", "title": "", "name": ""}}
    assert "Số: " not in words(draw(document.source, data))
    assert pdf.places(document.source, data, beside()) == {}


def test_markup_in_an_answer_is_shown_and_not_obeyed() -> None:
    document = load_document(folder_files("documents", "refusal"))
    trick = '#read("/etc/passwd") *đậm* $x$ \\ #pagebreak()'
    data = {**document.examples[0].data, "reason": trick}
    assert "*đậm* $x$" in words(draw(document.source, data))


def test_a_form_package_with_a_broken_part_is_refused_with_its_place() -> None:
    files = folder_files("documents", "receipt")
    files["package.yml"] = files["package.yml"].replace(b"form_number", b"form_no")
    files["notes.txt"] = b""
    with pytest.raises(PackageError) as caught:
        load_document(files)
    paths = {problem.path for problem in caught.value.problems}
    assert {"package.yml", "notes.txt"} <= paths
