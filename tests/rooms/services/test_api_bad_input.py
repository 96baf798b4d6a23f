"""What programs send wrong is said to them as a problem document, and nothing is half-written."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.rooms.services.citizens import pdf, province  # noqa: F401
from tests.rooms.services.programs import DATA, Program, application, citizen, hand_in, office, paper
from tinhso.services.actions.files import MAX_BYTES
from tinhso.services.models import Attachment, Case

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province")]


def problem(answer: Any, status: int) -> dict[str, Any]:
    """Insist on a problem document; return it."""
    assert answer.status_code == status, answer.content.decode()
    assert answer.headers["Content-Type"] == "application/problem+json"
    told: dict[str, Any] = answer.json()
    assert told["status"] == status
    assert told["title"]
    return told


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"subject_name": "x" * 5000}, "subject_name"),
        ({"subject_name": "Lê\x00Bảo"}, "subject_name"),
        ({"subject_name": "Lê \u202eoảB"}, "subject_name"),
        ({"subject_name": 7}, "subject_name"),
        ({"subject_birth_date": "2018-02-31"}, "subject_birth_date"),
        ({"copies": -1}, "copies"),
        ({"copies": 10**30}, "copies"),
        ({"copies": "2"}, "copies"),
        ({"nobody_asked": 1}, "nobody_asked"),
    ],
)
def test_wrong_answers_are_named(changes: dict[str, Any], field: str) -> None:
    told = problem(hand_in(citizen(), **changes), 422)
    assert field in {error["field"] for error in told["errors"]}
    assert Case.objects.count() == 0
    assert Attachment.objects.count() == 0


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400), (b"{", 422), (b"[]", 422), (b"null", 422), (b'"x"', 422), (b"\xff\xfe", 422),
        (b"[" * 100_000, 422), (b'{"procedure": NaN}', 422), (b" " * 3_000_000, 413),
    ],
)  # fmt: skip
def test_what_is_no_application_is_refused(body: bytes, status: int) -> None:
    problem(citizen().client.generic(
        "POST", "/api/v1/cases", body, content_type="application/json", headers=citizen().headers), status)  # fmt: skip


@pytest.mark.parametrize(
    "change",
    [
        {"procedure": "9.999999"}, {"unit": "x"}, {"unit": "00000000-0000-7000-8000-000000000000"}, {"files": ["x"]},
        {"files": ["00000000-0000-7000-8000-000000000000"]}, {"channel": "fax"}, {"channel": "counter"},
        {"data": []}, {"data": {"a": {"b": {"c": {"d": {"e": {"f": {"g": 1}}}}}}}}, {"more": 1}, {"procedure": "\x00"},
    ],
    ids=str,
)  # fmt: skip
def test_every_part_of_an_application_is_strict(change: dict[str, Any]) -> None:
    assert problem(
        citizen().post("/cases", application() | change), 404 if change == {"procedure": "9.999999"} else 422
    )
    assert Case.objects.count() == 0


@pytest.mark.parametrize(
    ("content", "component"),
    [
        (b"", "identity_scan"), (b"MZ\x90\x00", "identity_scan"), (b"<html>", "identity_scan"),
        (b"%PDF-1.7\n" + b"0" * (MAX_BYTES + 1), "identity_scan"), (None, "no_such_paper"),
    ],
    ids=["empty", "program", "page", "too large", "unknown paper"],
)  # fmt: skip
def test_files_are_what_they_say_and_belong_somewhere(content: bytes | None, component: str) -> None:
    parts = {"application": json.dumps(application()), component: paper(pdf() if content is None else content)}
    if content is None:
        parts["identity_scan"] = paper()
    told = problem(citizen().form("/cases", parts), 422)
    assert {error["field"] for error in told["errors"]} == {f"file:{component}"}
    assert Case.objects.count() == 0
    assert Attachment.objects.count() == 0


def test_a_required_paper_left_out_is_named() -> None:
    told = problem(citizen().post("/cases", application()), 422)
    assert [error["field"] for error in told["errors"]] == ["file:identity_scan"]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nothing-here", 404), ("GET", "/cases", 405), ("PATCH", "/own/cases", 405),
        ("GET", "/own/cases/not-an-id", 422), ("GET", "/own/cases?limit=1000", 422),
        ("GET", "/own/cases?after=???", 400), ("GET", "/procedures?q=%00", 400),
        ("GET", "/procedures/%00", 400), ("GET", "/case-degrees/%E2%80%AE", 422),
    ],
)  # fmt: skip
def test_addresses_and_methods_are_answered_as_problems(method: str, path: str, status: int) -> None:
    problem(citizen().send(method, path), status)


@pytest.mark.parametrize("key", ["x" * 201, "khóa"])
def test_a_strange_key_is_refused(key: str) -> None:
    problem(citizen().post("/cases", application(), **{"Idempotency-Key": key}), 400)


@pytest.mark.parametrize("tag", ["*", '"x"', 'W/"1"', "99999999999"])
def test_a_strange_tag_is_refused(tag: str) -> None:
    path = "/office/tasks/00000000-0000-7000-8000-000000000000/decision"
    problem(office("tiepnhan.xa").post(path, {"deed": "accept"}, **{"If-Match": tag}), 400)


def test_a_form_where_json_is_due_is_refused() -> None:
    program = citizen()
    problem(program.client.post("/api/v1/cases", "a=1", content_type="text/plain", headers=program.headers), 400)
    problem(Program().form("/files", {"identity_scan": paper()}), 401)


def test_lone_surrogates_are_refused() -> None:
    body = json.dumps(application(subject_name="\ud800"))
    assert problem(citizen().post("/cases", body), 422)
    assert DATA["subject_name"]
