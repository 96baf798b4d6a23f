"""Files are what their bytes say, wait until the worker has looked, and are seen by whom they concern."""

from __future__ import annotations

import contextlib
import io
import re
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfWriter

from tests.rooms.services.factories import PERMIT, Town, pdf, picture
from tinhso.foundation.api import clock, journal, vault
from tinhso.organisation import api as organisation
from tinhso.organisation.contracts import Role
from tinhso.services import api as services
from tinhso.services import filecheck
from tinhso.services.actions import files
from tinhso.services.contracts.answers import NotFound, Refusal
from tinhso.services.contracts.case import Deed, FileInfo, FileState
from tinhso.services.filecheck import RefusedFile, clean_image, look_at_pdf
from tinhso.services.models import Attachment


def png(size: tuple[int, int] = (40, 30), mode: str = "RGB") -> bytes:
    target = io.BytesIO()
    Image.new(mode, size).save(target, "PNG")
    return target.getvalue()


def locked_pdf() -> bytes:
    writer, target = PdfWriter(), io.BytesIO()
    writer.add_blank_page(width=100, height=100)
    writer.encrypt("khoa")
    writer.write(target)
    return target.getvalue()


def archive() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as whole:
        whole.writestr("evil.exe", b"MZ evil")
    return target.getvalue()


def checked(town: Town, content: bytes, name: str = "a.jpg") -> FileInfo:
    """Upload, let the worker look, and return what became of it."""
    ident = town.upload(town.citizen(), "identity_scan", content, name)
    services.files.check_waiting()
    return files.info(Attachment.objects.get(id=ident))


def content_of(ident: Any, who: Any) -> bytes:
    return b"".join(services.files.open_file(principal=who, file_id=ident)[1])


@pytest.mark.parametrize(
    "content",
    [b"MZ\x90\x00", b"<html><script>", b"PK\x03\x04", b"GIF89a", b"\x00" * 100, b"%!PS-Adobe", b" %PDF-1.7",
     b"<svg xmlns='http://www.w3.org/2000/svg'/>"],
)  # fmt: skip
@pytest.mark.parametrize("name", ["don.pdf", "anh.jpg"])
def test_a_file_of_another_kind_is_refused_whatever_it_calls_itself(town: Town, content: bytes, name: str) -> None:
    with pytest.raises(Refusal, match="Chỉ nhận tệp PDF, JPEG hoặc PNG"):
        town.upload(town.citizen(), "identity_scan", content, name)
    assert not Attachment.objects.exists()


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [(pdf(), "anh.jpg", "application/pdf"), (picture(), "don.pdf", "image/jpeg"), (png(), "x", "image/png")],
)
def test_the_kind_is_read_from_the_content(town: Town, content: bytes, name: str, kind: str) -> None:
    assert checked(town, content, name).media_type == kind


def test_an_empty_file_and_one_too_large_are_refused_by_what_they_are_not_by_what_is_said(town: Town) -> None:
    who = town.citizen()
    with pytest.raises(Refusal, match="rỗng"):
        town.upload(who, "identity_scan", b"")
    huge = pdf() + b"\0" * files.MAX_BYTES
    with pytest.raises(Refusal, match="lớn hơn 20 MB"):
        town.upload(who, "identity_scan", huge)
    with pytest.raises(Refusal, match="lớn hơn 20 MB"):
        services.files.upload_file(
            principal=who, component="identity_scan", name="x.pdf", content=io.BytesIO(huge), size=10
        )
    assert not Attachment.objects.exists()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"%PDF-1.7\nbroken", "hỏng"),
        (pdf()[:-200], None),
        (locked_pdf(), "mật khẩu"),
        (pdf(301), "301 trang"),
        (pdf(0), "không có trang nào"),
        (picture()[: len(picture()) // 2], "hỏng"),
        (picture()[:30], "Chụp lại|chụp lại"),
        (png()[:40], "chụp lại"),
        (png((9000, 9000)), "quá lớn"),
        (png((60_000, 2_000)), "quá lớn"),
    ],
    ids=["broken pdf", "cut pdf", "locked pdf", "301 pages", "no page", "cut jpeg", "jpeg head", "cut png", "81 MP",
         "image bomb"],
)  # fmt: skip
def test_what_cannot_be_opened_is_refused_with_what_to_do(town: Town, content: bytes, said: str | None) -> None:
    found = checked(town, content)
    if said is None:  # readers mend a cut end
        assert found.state in (FileState.READY, FileState.REFUSED)
        return
    assert found.state is FileState.REFUSED
    assert re.search(said, found.reason)
    with pytest.raises(Refusal, match=re.escape(found.reason)):
        content_of(found.id, town.citizen())


def test_three_hundred_pages_pass(town: Town) -> None:
    assert checked(town, pdf(300)).state is FileState.READY


@pytest.mark.parametrize("hidden", [archive(), b"<html><script>alert(1)</script>", b"\nMZ\x90 program"])
def test_an_image_is_drawn_anew_so_that_nothing_hides_behind_it(town: Town, hidden: bytes) -> None:
    found = checked(town, picture(hidden))
    drawn = content_of(found.id, town.citizen())
    assert hidden[:20] not in drawn
    with Image.open(io.BytesIO(drawn)) as image:
        assert (image.format, image.size) == ("JPEG", (64, 48))


def test_metadata_is_gone_and_the_image_stands_upright() -> None:
    photo, target = Image.new("RGB", (300, 200), "white"), io.BytesIO()
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "a camera that knows where it was"
    photo.save(target, "JPEG", exif=exif)
    with Image.open(io.BytesIO(clean_image(io.BytesIO(target.getvalue())))) as drawn:
        assert drawn.size == (200, 300)
        assert not drawn.getexif()


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "L", "1", "I;16"])
def test_every_kind_of_image_comes_out_as_one_that_any_reader_shows(mode: str) -> None:
    with Image.open(io.BytesIO(clean_image(io.BytesIO(png(mode=mode))))) as drawn:
        assert (drawn.format, drawn.mode) == ("JPEG", "RGB")


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\x\\don.pdf", "don.pdf"),
        ("don\x00.pdf", "tệp"),
        ("don\u202efdp.exe", "tệp"),
        ("", "tệp"),
        ("a" * 5000 + ".pdf", "a" * 196 + ".pdf"),
        ("Đơn xin cấp.pdf", "Đơn xin cấp.pdf"),
        ("Đo\u031bn.jpg", "Đơn.jpg"),
    ],
)
def test_a_files_name_is_only_a_label(town: Town, name: str, kept: str | None) -> None:
    found = checked(town, picture(), name)
    assert kept is None or found.name == kept
    assert len(found.name) <= 200


def test_one_poisoned_file_does_not_hold_up_the_others(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    who = town.citizen()
    first, second = town.upload(who, "identity_scan", pdf()), town.upload(who, "identity_scan", picture())

    def explode(*_: object, **__: object) -> None:
        raise AssertionError("a decoder's own bug")

    monkeypatch.setattr(filecheck, "PdfReader", explode)
    services.files.check_waiting()
    assert Attachment.objects.get(id=second).state == FileState.READY
    assert Attachment.objects.get(id=first).state == FileState.REFUSED


def test_a_file_whose_bytes_are_gone_waits_for_its_operator_and_for_nobody_else(town: Town) -> None:
    who = town.citizen()
    first, second = town.upload(who, "identity_scan", pdf(2)), town.upload(who, "identity_scan", picture(b"2"))
    lost = vault._path(Attachment.objects.get(id=first).original_id)
    Path(lost).rename(kept := Path(lost).with_suffix(".away"))
    services.files.check_waiting()
    assert Attachment.objects.get(id=second).state == FileState.READY
    assert Attachment.objects.get(id=first).state == FileState.QUARANTINED
    kept.rename(lost)
    town.time.advance(files.TRIED_AGAIN_AFTER)
    services.files.check_waiting()
    assert Attachment.objects.get(id=first).state == FileState.READY


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_mangled_file_is_taken_or_refused_and_never_breaks_the_worker(data: st.DataObject) -> None:
    whole = bytearray(data.draw(st.sampled_from([picture(), png(), pdf(3), locked_pdf()])))
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(8, len(whole) - 1))
        whole[place : place + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=6))
    look = look_at_pdf if whole.startswith(b"%PDF") else clean_image
    with contextlib.suppress(RefusedFile):
        look(io.BytesIO(bytes(whole)))


def test_looking_twice_decides_once(town: Town) -> None:
    ident = town.upload(town.citizen(), "identity_scan")
    assert services.files.check_waiting() == 1
    assert services.files.check_waiting() == 0
    files._check(ident)
    journal.seal()
    said = [entry.event for entry in journal.read(limit=10_000)]
    assert said.count("services.FileChecked") == 1


# --- who sees a file -------------------------------------------------------------------------------------------


def test_a_file_is_open_to_its_owner_and_to_units_in_sight_of_the_case_and_to_nobody_else(town: Town) -> None:
    case = town.apply()
    file = services.cases.files_of(case.id)[0]
    assert content_of(file.id, town.owner(case))
    assert content_of(file.id, town.official(case.unit_id, Role.OFFICER))
    strangers = [
        town.citizen(2),
        town.official(town.commune("10606").id, Role.OFFICER),
        town.official(town.commune("10606").id, Role.LEADER),
    ]
    for stranger in strangers:
        with pytest.raises(NotFound):
            content_of(file.id, stranger)


def test_before_it_is_handed_in_a_file_is_its_owners_alone(town: Town) -> None:
    file = town.upload(town.citizen(), "identity_scan")
    services.files.check_waiting()
    with pytest.raises(NotFound):
        content_of(file, town.official(town.commune().id, Role.CLERK))
    services.files.remove_file(principal=town.citizen(), file_id=file)
    with pytest.raises(NotFound):
        content_of(file, town.citizen())


def test_an_agency_asked_for_an_opinion_sees_the_papers_from_then_on_and_not_before(town: Town) -> None:
    case = town.accept(town.apply(PERMIT))
    file = services.cases.files_of(case.id)[0]
    registry = organisation.units.agency_for(case.unit_id, "land_registry")
    assert registry
    with pytest.raises(NotFound):
        content_of(file.id, town.official(registry.id, Role.OFFICER))
    town.do(case, Deed.FORWARD)
    assert content_of(file.id, town.official(registry.id, Role.OFFICER))


def test_a_routed_case_is_seen_by_the_other_agency_only_after_it_was_routed(town: Town) -> None:
    case, other = town.apply(), town.commune("10606")
    file = services.cases.files_of(case.id)[0]
    with pytest.raises(NotFound):
        content_of(file.id, town.official(other.id, Role.CLERK))
    town.do(case, Deed.ROUTE, reason="Sổ ở xã khác.", unit=str(other.id))
    assert content_of(file.id, town.official(other.id, Role.CLERK))


def test_papers_of_an_earlier_case_serve_again_and_only_to_whom_they_belong(town: Town) -> None:
    case = town.apply()
    file = services.cases.files_of(case.id)[0]
    who = town.owner(case)
    draft = services.drafts.start_draft(principal=who, procedure="2.000635")
    again = services.files.reuse_file(principal=who, file_id=file.id, draft_id=draft)
    assert services.files.reuse_file(principal=who, file_id=file.id, draft_id=draft).id == again.id
    rows = Attachment.objects.filter(id__in=[file.id, again.id])
    assert rows.values("original_id").distinct().count() == 1
    other = town.citizen(2)
    theirs = services.drafts.start_draft(principal=other, procedure="2.000635")
    with pytest.raises(NotFound):
        services.files.reuse_file(principal=other, file_id=file.id, draft_id=theirs)
    assert clock.business_now() == datetime(2021, 1, 12, 9, tzinfo=clock.LOCAL)
