"""Documents come out as written, and a signature holds exactly as long as nothing changed."""

from __future__ import annotations

import io
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pypdf
import pytest
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tinhso.foundation.api import clock, ids, pdf
from tinhso.foundation.pdf import installed, timestamps

WHEN = datetime(2021, 1, 18, 9, 12, 33, tzinfo=clock.LOCAL)
AGENCY = "Ủy ban nhân dân xã Đường Lâm"
TEMPLATE = """
#import "signing.typ": signature-room
#let d = json(bytes(sys.inputs.data))
#set document(title: "Trích lục")
#set text(font: "Liberation Serif", lang: "vi", hyphenate: false)
#for line in d.lines [#par(line)]
#signature-room("personal", 60mm, 26mm)
#signature-room("agency", 60mm, 26mm)
"""
LETTERS = "aàảãáạăằẳẵắặâầẩẫấậbcdđeèẻẽéẹêềểễếệghiìỉĩíịklmnoòỏõóọôồổỗốộơờởỡớợpqrstuùủũúụưừửữứựvxyỳỷỹýỵ"
words = st.text(alphabet=LETTERS + LETTERS.upper(), min_size=1, max_size=12)


def document(*lines: str) -> bytes:
    return pdf.render(TEMPLATE, {"lines": lines or ("Họ và tên: Nguyễn Thị Hường",)}, when=WHEN)


def person() -> pdf.Signer:
    return pdf.signers().personal(person_id=UUID(int=7), name="Trần Văn Ước", agency=AGENCY)


def agency() -> pdf.Signer:
    return pdf.signers().agency(unit_id=UUID(int=8), name=AGENCY)


def signed_by(signer: pdf.Signer, content: bytes, **more: object) -> bytes:
    return pdf.sign(content, signer=signer, reason="Trả kết quả", location="Hải Dương", field=signer.kind.value, **more)


@pytest.fixture(scope="module")
def once() -> bytes:
    return signed_by(person(), document())


@pytest.fixture(scope="module")
def twice(once: bytes) -> bytes:
    return signed_by(agency(), once)


def ranges(content: bytes) -> list[int]:
    return [int(n) for n in re.findall(rb"/ByteRange \[(.+?)\]", content)[-1].split()]


def pdftotext(content: bytes) -> str:
    run = subprocess.run(["pdftotext", "-enc", "UTF-8", "-", "-"], input=content, capture_output=True, check=True)
    return run.stdout.decode()


def pdfsig(content: bytes, tmp_path: Path, *options: str) -> str:
    file = tmp_path / "signed.pdf"
    file.write_bytes(content)
    return subprocess.run(["pdfsig", *options, str(file)], capture_output=True, check=True, text=True).stdout


# Making


@given(st.lists(words, min_size=1, max_size=8))
@settings(max_examples=40, deadline=None)
def test_extracted_vietnamese_text_is_the_text_given(given_words: list[str]) -> None:
    line = " ".join(given_words)
    content = document(line)
    assert " ".join(pdftotext(content).split()) == line
    page = pypdf.PdfReader(io.BytesIO(content)).pages[0]
    assert " ".join(page.extract_text().split()) == line


def test_every_vietnamese_letter_survives() -> None:
    line = " ".join(LETTERS + LETTERS.upper()) + " 8.000 ₫ “–…”"
    assert "".join(pdftotext(document(line)).split()) == "".join(line.split())


def test_the_same_input_gives_the_same_bytes_in_another_process() -> None:
    script = (
        "import sys, datetime; sys.path[:0] = sys.argv[1:3]\n"
        "from tests import settings; import django; import os\n"
        "os.environ['DJANGO_SETTINGS_MODULE'] = 'tests.settings'; django.setup()\n"
        "from tests.rooms.foundation.test_pdf import document\n"
        "sys.stdout.buffer.write(document('Đỗ Thị Hường'))"
    )
    root = Path(__file__).parents[3]
    other = subprocess.run(
        [sys.executable, "-c", script, str(root), str(root / "src")], capture_output=True, check=True
    ).stdout
    assert other == document("Đỗ Thị Hường")


def test_order_of_keys_does_not_matter_and_data_do() -> None:
    template = '#set document(title: "x")\n#set text(font: "Liberation Serif")\n#sys.inputs.data'
    one = pdf.render(template, {"a": 1, "b": 2}, when=WHEN)
    assert one == pdf.render(template, {"b": 2, "a": 1}, when=WHEN)
    assert one != pdf.render(template, {"a": 1, "b": 3}, when=WHEN)


def test_a_document_says_that_it_is_archival_and_bears_the_date_given() -> None:
    reader = pypdf.PdfReader(io.BytesIO(document()))
    packet = reader.xmp_metadata.stream.get_data().decode()  # type: ignore[union-attr]
    assert re.search(r"pdfaid:part>2<", packet)
    assert re.search(r"pdfaid:conformance>B<", packet)
    assert reader.metadata is not None
    assert reader.metadata.creation_date == WHEN


def test_fonts_are_embedded() -> None:
    fonts = subprocess.run(["pdffonts", "-"], input=document(), capture_output=True, check=True).stdout.decode()
    assert all(line.split()[-5] == "yes" for line in fonts.splitlines()[2:])


@pytest.mark.parametrize("text", ["#import sys", "$x^2$", "*đậm*", "<nhãn>", "\\ ]#pagebreak()"])
def test_data_never_become_markup(text: str) -> None:
    assert "".join(pdftotext(document(text)).split()) == "".join(text.split())


def test_characters_that_cannot_be_printed_are_named() -> None:
    with pytest.raises(pdf.Unprintable) as refused:
        document("Nguyễn 漢 Văn")
    assert refused.value.characters == "漢"


@pytest.mark.parametrize(
    "template",
    ['#read("/etc/passwd")', '#read("../../../../etc/passwd")', '#import "@preview/cetz:0.3.1"', "#let (", "#d.none"],
)
def test_a_template_gets_at_nothing_but_its_own(template: str) -> None:
    with pytest.raises(pdf.TemplateProblem):
        pdf.render(template, {}, when=WHEN)


@pytest.mark.parametrize("name", ["../out.typ", "/tmp/out.typ", "a/../../out.typ"])
def test_assets_stay_in_the_templates_folder(name: str) -> None:
    with pytest.raises(pdf.TemplateProblem):
        pdf.render("x", {}, {name: b""}, when=WHEN)


def test_assets_stand_beside_the_template() -> None:
    code = pdf.qr_svg("https://example.vn/kiem-tra/ABC")
    template = (
        '#import "parts/words.typ": greet\n#set document(title: "x")\n'
        '#set text(font: "Liberation Serif")\n#greet #image("qr.svg", width: 3cm, alt: "QR")'
    )
    assets = {"parts/words.typ": "#let greet = [Xin chào]".encode(), "qr.svg": code}
    assert "Xin chào" in pdftotext(pdf.render(template, {}, assets, when=WHEN))


def test_codes_are_pictures() -> None:
    assert pdf.qr_svg("ABC").startswith(b"<svg")
    assert pdf.qr_png("ABC").startswith(b"\x89PNG")


# Signing


def test_a_signed_document_is_sound(once: bytes) -> None:
    found = pdf.verify(once)
    assert found.ok, found.problems
    (seen,) = found.signatures
    assert seen.covers_whole_document
    assert seen.trusted
    assert seen.test
    assert "Trần Văn Ước" in seen.signer


def test_two_signatures_stand_together(once: bytes, twice: bytes) -> None:
    found = pdf.verify(twice)
    assert found.ok, found.problems
    assert [(s.field, s.covers_whole_document) for s in found.signatures] == [("personal", False), ("agency", True)]
    assert twice.startswith(once)


def test_poppler_accepts_both_signatures(twice: bytes, tmp_path: Path) -> None:
    report = pdfsig(twice, tmp_path)
    assert report.count("Signature is Valid.") == 2
    assert "Total document signed" in report
    assert "ETSI.CAdES.detached" in report


def test_poppler_trusts_the_test_authority_once_imported(twice: bytes, tmp_path: Path) -> None:
    store = tmp_path / "nss"
    store.mkdir()
    root = pdf.TestAuthority.beside_keys().root_file()
    subprocess.run(["certutil", "-N", "-d", f"sql:{store}", "--empty-password"], check=True)
    subprocess.run(["certutil", "-A", "-d", f"sql:{store}", "-n", "test", "-t", ",C,", "-i", str(root)], check=True)
    report = pdfsig(twice, tmp_path, "-nssdir", f"sql:{store}")
    assert report.count("Certificate is Trusted.") == 2


def test_signature_time_is_machine_time_and_shown_in_local_time(tmp_path: Path) -> None:
    machine = datetime(2026, 11, 24, 2, 3, 4, tzinfo=UTC)
    with clock.using(clock.ManualClock(business=WHEN, machine=machine)):
        content = signed_by(person(), document())
    assert pdf.verify(content).signatures[0].when == machine
    assert "24/11/2026 09:03:04 +07:00" in pdftotext(content)


def test_a_test_signature_says_so_in_sight_and_in_its_subject(once: bytes) -> None:
    assert "THỬ NGHIỆM" in " ".join(pdftotext(once).split())
    assert "không có giá trị pháp lý" in " ".join(pdftotext(once).split())
    assert "THỬ NGHIỆM" in person().certificate.subject.rfc4514_string()
    assert "THỬ NGHIỆM" in person().certificate.issuer.rfc4514_string()


def test_a_signature_stands_where_the_template_leaves_room() -> None:
    rooms = pdf.places(TEMPLATE, {"lines": ["x"]})
    content = signed_by(person(), document("x"), place=rooms["personal"])
    (widget,) = pypdf.PdfReader(io.BytesIO(content)).pages[0]["/Annots"]
    expected = rooms["personal"]
    assert [float(v) for v in widget.get_object()["/Rect"]] == pytest.approx(
        [expected.left, expected.bottom, expected.right, expected.top], abs=1
    )
    assert expected.width == pytest.approx(170.08, abs=0.1)


def test_long_names_shrink_into_the_stamp() -> None:
    signer = pdf.signers().agency(unit_id=UUID(int=9), name="Ủy ban nhân dân " + "thành phố Hải Dương " * 12)
    assert "24" in pdftotext(signed_by(signer, document("24")))
    assert pdf.verify(signed_by(signer, document())).ok


def test_an_invisible_signature_holds_too() -> None:
    assert pdf.verify(signed_by(person(), document(), visible=False)).ok


def test_a_field_is_signed_once(once: bytes) -> None:
    with pytest.raises(pdf.SigningRefused):
        signed_by(person(), once)


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"xin chao", b"\0" * 1000])
def test_what_is_no_document_is_not_signed(content: bytes) -> None:
    with pytest.raises(pdf.SigningRefused):
        signed_by(person(), content)


def test_credentials_are_made_once_and_kept_private() -> None:
    first, second = person(), person()
    assert first.certificate == second.certificate
    folder = pdf.TestAuthority.beside_keys().folder
    for file in folder.glob("*.json"):
        assert file.stat().st_mode & 0o077 == 0
        assert b"PRIVATE KEY" not in file.read_bytes()


# What the installation signs with


@pytest.fixture
def own_signers():
    yield pdf.use
    installed.use_settings()


def test_credentials_from_a_pkcs12_file(tmp_path, monkeypatch, own_signers) -> None:
    unit, source = ids.new(), agency()
    stored = pkcs12.serialize_key_and_certificates(
        b"unit", source.key, source.certificate, source.chain, BestAvailableEncryption(b"mat-khau")
    )
    (tmp_path / f"{unit}.p12").write_bytes(stored)
    own_signers(signers=pdf.FileSigners(tmp_path), trust=pdf.TestAuthority.beside_keys())
    with pytest.raises(pdf.NoSigner, match="mật khẩu"):
        pdf.signers().agency(unit_id=unit, name=AGENCY)
    monkeypatch.setenv("TINHSO_SIGNERS_PASSPHRASE", "mat-khau")
    assert pdf.verify(signed_by(pdf.signers().agency(unit_id=unit, name=AGENCY), document())).ok
    with pytest.raises(pdf.NoSigner, match=AGENCY):
        pdf.signers().agency(unit_id=ids.new(), name=AGENCY)


def test_trust_comes_from_a_folder_of_roots(once: bytes, tmp_path: Path) -> None:
    store = pdf.PemFolder(tmp_path)
    assert not pdf.verify(once, trust=store).ok
    (tmp_path / "root.pem").write_bytes(pdf.TestAuthority.beside_keys().root_file().read_bytes())
    assert pdf.verify(once, trust=store).ok


def test_another_authority_of_the_same_name_is_not_trusted(tmp_path: Path) -> None:
    stranger = pdf.TestAuthority(tmp_path).agency(unit_id=UUID(int=8), name=AGENCY)
    found = pdf.verify(signed_by(stranger, document()))
    assert not found.ok
    assert found.signatures[0].intact
    assert not found.signatures[0].trusted


def test_a_time_stamp_bears_the_time(own_signers, tmp_path: Path) -> None:
    authority = pdf.TestAuthority.beside_keys()
    own_signers(
        signers=authority, trust=authority, timestamps=lambda: timestamps.TestTimeStamper(authority.timestamps())
    )
    content = signed_by(agency(), signed_by(person(), document()))
    found = pdf.verify(content)
    assert found.ok, found.problems
    assert all(seen.stamped for seen in found.signatures)
    assert pdfsig(content, tmp_path).count("Signature is Valid.") == 2


# Checking


@given(st.data())
@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_flipped_byte_is_caught(once: bytes, data: st.DataObject) -> None:
    """Also in the gap that holds the signature itself, which no signature covers."""
    start, length, second, rest = ranges(once)
    position = data.draw(
        st.one_of(
            st.integers(start, start + length - 1),
            st.integers(length, second - 1),
            st.integers(second, second + rest - 1),
        )
    )
    changed = bytearray(once)
    changed[position] ^= 1 << data.draw(st.integers(0, 7))
    found = pdf.verify(bytes(changed))
    assert not found.ok
    assert found.problems


@given(st.data())
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_byte_flipped_under_either_of_two_signatures_is_caught(twice: bytes, data: st.DataObject) -> None:
    changed = bytearray(twice)
    changed[data.draw(st.integers(0, len(twice) - 1))] ^= 0x01
    assert not pdf.verify(bytes(changed)).ok


def test_a_later_unsigned_change_is_reported(once: bytes) -> None:
    writer = pypdf.PdfWriter(io.BytesIO(once), incremental=True)
    writer.add_blank_page(200, 200)
    target = io.BytesIO()
    writer.write(target)
    assert target.getvalue().startswith(once)
    found = pdf.verify(target.getvalue())
    assert not found.ok
    assert any("thêm vào sau chữ ký" in problem for problem in found.problems)


def test_a_change_between_two_signatures_is_reported(once: bytes) -> None:
    writer = pypdf.PdfWriter(io.BytesIO(once), incremental=True)
    writer.add_blank_page(200, 200)
    target = io.BytesIO()
    writer.write(target)
    found = pdf.verify(signed_by(agency(), target.getvalue()))
    assert not found.ok
    assert any("bị sửa giữa" in problem for problem in found.problems)


def test_bytes_after_the_end_are_reported(once: bytes) -> None:
    assert not pdf.verify(once + b"\n% more").ok


def test_an_unsigned_document_is_not_sound() -> None:
    assert pdf.verify(document()).problems == ("Văn bản chưa được ký số.",)


@given(st.one_of(st.binary(max_size=400), st.integers(0, 57_000)))
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nothing_brought_here_breaks_the_check(once: bytes, what: bytes | int) -> None:
    found = pdf.verify(what if isinstance(what, bytes) else once[:what])
    assert not found.ok
    assert found.problems
