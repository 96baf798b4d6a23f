"""What programs can do: apply, follow, complete, pay, take back; and officials: list, look, decide, undo."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from tests.rooms.services.citizens import province, signed_in  # noqa: F401
from tests.rooms.services.programs import API, Program, application, citizen, commune, hand_in, office, paper
from tinhso.foundation.api import clock
from tinhso.services import api as services
from tinhso.services.models import Attachment, Case, DataLook
from tinhso.site.api import description

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province")]


def test_anyone_finds_a_procedure_and_who_decides_on_it() -> None:
    anyone = Program()
    assert [p["code"] for p in anyone.get("/procedures", q="trich luc ho tich").json()["items"]] == ["2.000635"]
    told = anyone.get("/procedures/2.000635").json()
    assert told["form_schema"]["properties"]["subject_name"]
    assert told["fees"][0]["amount"] == 8000
    units = anyone.get("/procedures/2.000635/units", commune="10507").json()["items"]
    assert str(commune()) in {unit["id"] for unit in units}


def test_an_application_with_its_file_is_one_request() -> None:
    program = citizen()
    answer = hand_in(program)
    assert answer.status_code == 201, answer.content.decode()
    case = Case.objects.get(id=answer.json()["case_id"])
    assert case.code == answer.json()["code"]
    assert Attachment.objects.get(case=case).component == "identity_scan"
    assert services.cases.degree_of(case.code) is not None


def test_files_can_be_sent_first() -> None:
    program = citizen()
    kept = program.form("/files", {"identity_scan": paper()})
    assert kept.status_code == 201, kept.content.decode()
    answer = program.post("/cases", application() | {"files": [kept.json()["id"]]})
    assert answer.status_code == 201, answer.content.decode()
    services.files.check_waiting()
    assert program.get(f"/files/{kept.json()['id']}").status_code == 200


def test_the_same_key_hands_in_once() -> None:
    program = citizen()
    first, again = hand_in(program, "k-1"), hand_in(program, "k-1")
    assert first.json() == again.json()
    assert hand_in(program, "k-2").json() != first.json()
    assert Case.objects.count() == 2


def test_keys_of_two_people_do_not_meet() -> None:
    assert hand_in(citizen(), "k").json() != hand_in(citizen("0912000222"), "k").json()


def test_own_cases_come_page_by_page() -> None:
    program = citizen()
    handed = [hand_in(program).json()["case_id"] for _ in range(3)]
    first = program.get("/own/cases", limit=2).json()
    rest = program.get("/own/cases", limit=2, after=first["next"]).json()
    assert [line["id"] for line in first["items"] + rest["items"]] == handed[::-1]
    assert rest["next"] is None


def test_a_case_goes_from_the_desk_to_its_owner_and_back() -> None:
    program, clerk = citizen(), office("tiepnhan.xa")
    case_id = hand_in(program).json()["case_id"]
    services.files.check_waiting()
    line = next(row for row in clerk.get("/office/worklist").json()["items"] if row["case_id"] == case_id)
    shown = clerk.get(f"/office/cases/{case_id}")
    assert shown.json()["desk"]["task"] == line["id"]
    decision = f"/office/tasks/{line['id']}/decision"
    tag = shown.headers["ETag"]
    assert clerk.post(decision, {"deed": "accept"}, **{"If-Match": tag}).status_code == 422  # a paper nobody opened
    file = shown.json()["files"][0]["id"]
    assert clerk.get(f"/office/files/{file}").status_code == 200
    asked = clerk.post(decision, {"deed": "ask_supplement", "arguments": {"reason": "Ảnh mờ."}}, **{"If-Match": tag})
    assert asked.status_code == 201
    assert clerk.send("DELETE", f"/office/decisions/{asked.json()['undo']}").status_code == 204
    assert clerk.post(decision, {"deed": "accept"}, **{"If-Match": tag}).status_code == 409  # looked at before that
    assert clerk.post(decision, {"deed": "accept"}).status_code == 428
    looks = program.get(f"/own/cases/{case_id}/looks").json()["items"]
    assert {look["what"] for look in looks} == {"hồ sơ", "tệp đính kèm"}


def test_the_receipt_and_the_withdrawal() -> None:
    program = citizen()
    case_id = hand_in(program).json()["case_id"]
    receipt = program.get(f"/own/cases/{case_id}/receipt")
    assert b"".join(receipt.streaming_content).startswith(b"%PDF")
    assert program.post(f"/own/cases/{case_id}/payment").json()["url"]
    assert program.post(f"/own/cases/{case_id}/withdrawal").status_code == 204
    assert program.post(f"/own/cases/{case_id}/withdrawal").status_code == 422
    assert program.get(f"/own/cases/{case_id}").json()["status"]["number"] == 7


def test_a_session_of_the_same_site_may_read_but_not_write_without_its_token() -> None:
    browser = signed_in("0912000111")
    assert browser.get(f"{API}/own/cases").status_code == 200
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = browser.cookies
    refused = strict.post(f"{API}/cases", json.dumps(application()), content_type="application/json")
    assert refused.status_code == 403
    assert refused.headers["Content-Type"] == "application/problem+json"


def test_the_look_up_says_no_name_and_slows_down(province: clock.ManualClock) -> None:  # noqa: F811
    code = hand_in(citizen()).json()["code"]
    anyone = Program()
    told = anyone.get(f"/case-degrees/{code}")
    assert told.json()["stage"] == 1
    assert "Sơn" not in told.content.decode()
    answers = [anyone.get("/case-degrees/H23.16-210118-9999") for _ in range(40)]
    assert {answer.status_code for answer in answers} == {404, 429}
    assert answers[-1].headers["Retry-After"]


def test_the_description_is_openapi_3_1_and_names_every_problem() -> None:
    told = Program().get("/openapi.json").json()
    assert told["openapi"] == "3.1.0"
    operations = [op for path in told["paths"].values() for op in path.values()]
    assert all("application/problem+json" in op["responses"]["default"]["content"] for op in operations)
    assert told == json.loads(json.dumps(description()))


def test_a_look_is_recorded_for_each_case_opened() -> None:
    case_id = hand_in(citizen()).json()["case_id"]
    office("tiepnhan.xa").get(f"/office/cases/{case_id}")
    assert DataLook.objects.filter(case_id=case_id).count() == 1
