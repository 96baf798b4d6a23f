"""Who may do what through the API: the pages' own predicate, narrowed by a token's rights and units."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from tests.rooms.services.citizens import STRANGER, province  # noqa: F401
from tests.rooms.services.programs import OFFICE, Program, citizen, hand_in, office
from tinhso.foundation.api import clock, ids
from tinhso.organisation import api as organisation
from tinhso.organisation.contracts import Tier
from tinhso.services import api as services
from tinhso.services.models import Attachment, Task
from tinhso.services.rights import OWN_READ

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province")]


@pytest.fixture
def case(province: clock.ManualClock) -> str:  # noqa: F811
    """A case handed in at the demonstration's commune, its file looked at."""
    case_id: str = hand_in(citizen()).json()["case_id"]
    services.files.check_waiting()
    return case_id


def addresses(case: str) -> list[str]:
    file = Attachment.objects.get(case_id=case).id
    return [f"/own/cases/{case}", f"/own/cases/{case}/looks", f"/own/cases/{case}/receipt", f"/files/{file}"]


def test_nobody_else_meets_a_person_s_case(case: str) -> None:
    stranger = citizen(STRANGER)
    assert stranger.get("/own/cases").json()["items"] == []
    for address in addresses(case):
        assert stranger.get(address).status_code == 404, address
        assert Program().get(address).status_code == 401, address
    for act in ("withdrawal", "payment"):
        assert stranger.post(f"/own/cases/{case}/{act}").status_code == 404, act
    file = Attachment.objects.get(case_id=case).id
    assert stranger.send("DELETE", f"/files/{file}").status_code == 404


def test_a_unit_without_sight_meets_nothing(case: str) -> None:
    """A list, a page, a file and a decision are refused alike to a token of another unit."""
    other = next(u.id for u in organisation.units.of_tier(Tier.COMMUNE) if u.code == "10633")
    program = office("tiepnhan.xa", units=[other])
    task = Task.objects.get(case_id=case).id
    file = Attachment.objects.get(case_id=case).id
    listed = program.get("/office/worklist")
    assert listed.status_code == 403 or listed.json()["items"] == []
    for address in (f"/office/cases/{case}", f"/office/files/{file}"):
        assert program.get(address).status_code in (403, 404), address
    asked = program.post(f"/office/tasks/{task}/decision", {"deed": "accept"}, **{"If-Match": '"1"'})
    assert asked.status_code in (403, 404)


def test_an_official_of_another_agency_sees_neither_list_nor_case(case: str) -> None:
    program = office("tiepnhan.kinhdoanh")
    assert all(row["case_id"] != case for row in program.get("/office/worklist").json().get("items", []))
    assert program.get(f"/office/cases/{case}").status_code in (403, 404)


@pytest.mark.parametrize("scope", OFFICE)
def test_a_token_does_what_its_rights_name_and_no_more(case: str, scope: str) -> None:
    program = office("tiepnhan.xa", scopes=[scope])
    may_see = scope == "services.case.view"
    assert (program.get(f"/office/cases/{case}").status_code == 200) is may_see
    assert (program.get("/office/worklist").status_code == 200) is may_see
    paid = program.post(f"/office/cases/{case}/counter-payment").status_code
    assert (paid == 204) is (scope == "services.case.receive")


def test_a_reading_token_writes_nothing(case: str) -> None:
    reader = citizen(scopes=[OWN_READ])
    assert reader.get(f"/own/cases/{case}").status_code == 200
    assert hand_in(reader).status_code == 403
    assert reader.post(f"/own/cases/{case}/withdrawal").status_code == 403


def test_a_token_that_ran_out_or_was_made_up_opens_nothing(province: clock.ManualClock) -> None:  # noqa: F811
    program = citizen()
    assert program.get("/me").status_code == 200
    province.advance(timedelta(days=2))
    refused = program.get("/me")
    assert refused.status_code == 401
    assert refused.headers["WWW-Authenticate"].startswith("Bearer")
    assert Program("ts_" + "x" * 43).get("/me").status_code == 401


def test_only_the_calendar_s_keeper_changes_it(case: str) -> None:
    body = {"working": False, "reason": "Bão", "source": "Công điện thử"}
    assert office("tiepnhan.xa").send("PUT", "/office/calendar/2021-01-20", body).status_code == 403


@pytest.mark.parametrize("address", ["/own/cases/{}", "/office/cases/{}", "/files/{}", "/office/files/{}"])
def test_a_guessed_id_looks_like_any_other(case: str, address: str) -> None:
    made_up: UUID = ids.new()
    clerk, person = office("tiepnhan.xa"), citizen()
    program = clerk if address.startswith("/office") else person
    assert program.get(address.format(made_up)).status_code == 404
