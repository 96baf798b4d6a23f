"""Uploads in pieces: they go on after a break, belong to one person, and leave nothing behind."""

from __future__ import annotations

import base64
import os
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from tests.rooms.services.citizens import begin, pdf, person, province, stranger  # noqa: F401
from tinhso.foundation.api import clock
from tinhso.services.actions import uploads
from tinhso.services.models import Attachment

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province")]

TUS = {"HTTP_TUS_RESUMABLE": "1.0.0"}


def create(client: Client, draft: str, length: int, component: str = "identity_scan") -> Any:
    """Begin an upload as the script does."""
    told = {"filename": "giấy.pdf", "component": component, "draft": draft.split("/")[2]}
    metadata = ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in told.items())
    headers = {"HTTP_UPLOAD_LENGTH": str(length), "HTTP_UPLOAD_METADATA": metadata}
    return client.post("/tep/", data=b"", content_type="application/octet-stream", **TUS, **headers)


def send(client: Client, address: str, offset: object, piece: bytes) -> Any:
    """Send a piece."""
    return client.patch(
        address, data=piece, content_type="application/offset+octet-stream", HTTP_UPLOAD_OFFSET=str(offset), **TUS
    )


def test_a_file_comes_in_pieces_and_goes_on_after_a_break(person: Client) -> None:  # noqa: F811
    draft, file = begin(person), pdf()
    address = create(person, draft, len(file)).headers["Location"]
    assert send(person, address, 0, file[:100]).headers["Upload-Offset"] == "100"
    assert send(person, address, 0, file[:100]).status_code == 409  # the same piece twice
    there = person.head(address, **TUS)
    assert (there.headers["Upload-Offset"], there.headers["Upload-Length"]) == ("100", str(len(file)))
    assert send(person, address, 100, file[100:]).status_code == 204
    kept = Attachment.objects.get(draft_id=draft.split("/")[2])
    assert (kept.name, kept.size, kept.media_type) == ("giấy.pdf", len(file), "application/pdf")
    assert person.head(address, **TUS).status_code == 404


def test_a_piece_cut_off_by_a_crash_is_dropped(person: Client) -> None:  # noqa: F811
    draft, file = begin(person), pdf()
    address = create(person, draft, len(file)).headers["Location"]
    send(person, address, 0, file[:100])
    pieces = uploads._pieces(UUID(address.split("/")[2]))
    with pieces.open("ab") as torn:
        torn.write(b"\x00\x00\x10\x00half a piece")
    assert person.head(address, **TUS).headers["Upload-Offset"] == "100"
    assert send(person, address, 100, file[100:]).status_code == 204


def test_pieces_lie_sealed(person: Client) -> None:  # noqa: F811
    draft, file = begin(person), pdf()
    address = create(person, draft, len(file)).headers["Location"]
    send(person, address, 0, file[:200])
    assert b"%PDF" not in uploads._pieces(UUID(address.split("/")[2])).read_bytes()


def test_an_upload_belongs_to_whoever_began_it(person: Client, stranger: Client) -> None:  # noqa: F811
    draft, file = begin(person), pdf()
    address = create(person, draft, len(file)).headers["Location"]
    assert stranger.head(address, **TUS).status_code == 404
    assert send(stranger, address, 0, file).status_code == 404
    assert stranger.delete(address, **TUS).status_code == 404
    assert create(stranger, draft, 100).status_code == 404
    assert Client().head(address, **TUS).status_code == 302
    assert person.delete(address, **TUS).status_code == 204
    assert person.head(address, **TUS).status_code == 404


@pytest.mark.parametrize(
    ("length", "status"), [("0", 422), ("209715200", 422), ("-1", 400), ("x", 400), ("9" * 40, 400)]
)
def test_an_upload_of_a_senseless_length_is_refused(person: Client, length: str, status: int) -> None:  # noqa: F811
    assert create(person, begin(person), length).status_code == status  # type: ignore[arg-type]


@pytest.mark.parametrize("offset", ["x", "-1", "", "5", "9" * 30])
def test_a_senseless_offset_is_refused(person: Client, offset: str) -> None:  # noqa: F811
    address = create(person, begin(person), 100).headers["Location"]
    assert send(person, address, offset, b"x").status_code in (400, 409)


def test_more_than_was_announced_is_refused(person: Client) -> None:  # noqa: F811
    address = create(person, begin(person), 10).headers["Location"]
    assert send(person, address, 0, b"x" * 11).status_code == 422
    assert send(person, address, 0, b"x" * 10).status_code == 422  # whole, but no paper
    assert person.head(address, **TUS).status_code == 404


def test_only_a_component_of_the_dossier_is_taken(person: Client) -> None:  # noqa: F811
    assert create(person, begin(person), 100, component="declaration").status_code == 404
    assert create(person, begin(person), 100, component="\x00").status_code == 404


def test_one_person_cannot_fill_the_disk_with_beginnings(person: Client) -> None:  # noqa: F811
    draft = begin(person)
    answers = [create(person, draft, 100).status_code for _ in range(25)]
    assert answers.count(201) == 20
    assert set(answers[20:]) == {422}


def test_uploads_left_lying_are_swept_away(person: Client, province: clock.ManualClock) -> None:  # noqa: F811
    address = create(person, begin(person), 100).headers["Location"]
    note = uploads._note(UUID(address.split("/")[2]))
    past = clock.now().timestamp() - 2 * uploads.LIFE_SECONDS
    os.utime(note, (past, past))
    assert uploads.sweep() >= 1
    assert person.head(address, **TUS).status_code == 404


def test_the_server_says_what_it_can_do() -> None:
    answer = Client().options("/tep/kha-nang/")
    assert answer.headers["Tus-Version"] == "1.0.0"
    assert answer.headers["Tus-Max-Size"] == str(20 * 2**20)
