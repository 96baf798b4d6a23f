"""A small province with its procedures, people signed in, and the steps of an application as a browser sends them."""

from __future__ import annotations

import io
from typing import Any
from uuid import UUID

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from PIL import Image
from pypdf import PdfWriter

from tinhso.foundation.api import clock, packages
from tinhso.foundation.contracts import Actor
from tinhso.organisation import api as organisation
from tinhso.organisation.contracts import Principal, Role
from tinhso.services import api as services
from tinhso.services.contracts.case import Deed
from tinhso.services.models import Case, Draft, Task

TEST = Actor.system("test")
EXTRACT = "2.000635"
HOUSEHOLD = "1.001612"
PERSON, STRANGER = "0912000111", "0912000222"


@pytest.fixture
def province(db: None, moment: clock.ManualClock) -> clock.ManualClock:
    """The organisation, the four procedures and the demonstration's accounts, at 09:00 on 18 January 2021."""
    cache.clear()
    _fill()
    return moment


@pytest.fixture
def person(province: clock.ManualClock) -> Client:
    """Someone signed in with a phone number."""
    return signed_in(PERSON)


@pytest.fixture
def stranger(province: clock.ManualClock) -> Client:
    """Someone else, signed in."""
    return signed_in(STRANGER)


_rows: dict[str, list[tuple[Any, ...]]] = {}  # by table: what a filled province holds, kept for the tests after


def _fill() -> None:
    """Fill the province; from the second time on by putting back the rows of the first, which takes no time."""
    with transaction.atomic(), connection.cursor() as cursor:
        if _rows:
            for table, rows in _rows.items():
                marks = ", ".join(["%s"] * len(rows[0]))
                cursor.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)
            return
        organisation.load_organisation(actor=TEST)
        for folder in packages.folders("procedures"):
            packages.install(kind="procedures", folder=folder, actor=TEST)
        organisation.create_demo_accounts()
        for table in connection.introspection.table_names(cursor):
            if table.startswith("organisation_") or table == "foundation_installedpackage":
                cursor.execute(f"SELECT * FROM {table}")
                if found := cursor.fetchall():
                    _rows[table] = found


def signed_in(phone: str) -> Client:
    """Sign in by the one-time code that the demonstration shows; return the browser."""
    sent = organisation.sign_in.request_code(identifier=phone, address="203.0.113.7")
    done = organisation.sign_in.redeem_code(request_id=sent.request_id, code=sent.shown_code, address="203.0.113.7")  # type: ignore[union-attr]
    client = Client()
    session = client.session
    session["account"], session["epoch"] = str(done.account_id), done.epoch  # type: ignore[union-attr]
    session.save()
    return client


def principal_of(client: Client) -> Principal:
    """Return who a browser is signed in as."""
    return organisation.principal_for(UUID(client.session["account"]))


def begin(client: Client, procedure: str = EXTRACT) -> str:
    """Begin an application; return its address up to the page, "/nop/<draft>/"."""
    address: str = client.post(f"/thu-tuc/{procedure}/nop/").headers["Location"]
    return address.rsplit("/", 2)[0] + "/"


EXTRACT_PAGES: dict[str, dict[str, str]] = {
    "record": {"record_kind": "birth"},
    "subject": {
        "subject_name": "Lê Hoàng Gia Bảo", "subject_birth_date_day": "21", "subject_birth_date_month": "7",
        "subject_birth_date_year": "2018",
    },
    "registration": {"registry_commune": "Phường Cẩm Thượng, thành phố Hải Dương"},
    "request": {"copies": "2", "purpose": "Nhập học", "relation": "family"},
    "applicant": {
        "applicant_name": "Lê Hoàng Sơn", "applicant_id": "030086002468", "applicant_phone": "0912 000 111",
    },
    "delivery": {"delivery": "online"},
}  # fmt: skip


def answer_all(client: Client, draft: str) -> None:
    """Answer every page of the extract's form, hand in a picture and take the agency proposed."""
    for page, answers in EXTRACT_PAGES.items():
        response = client.post(f"{draft}{page}/", {**answers, "act": "tiep"})
        assert response.status_code == 302, (page, response.content.decode())
    response = client.post(f"{draft}giay-to/", {"file:identity_scan": picture(), "act": "tiep"})
    assert response.status_code == 302, response.content.decode()
    choices = client.get(f"{draft}noi-nop/").context["choices"]
    assert client.post(f"{draft}noi-nop/", {"unit": choices[0].value}).status_code == 302


def hand_in(client: Client) -> Case:
    """Apply for an extract from the first page to the receipt; return the case."""
    draft = begin(client)
    answer_all(client, draft)
    response = client.post(f"{draft}kiem-tra/")
    assert response.status_code == 302, response.content.decode()
    return case_of(draft)


def case_of(draft: str) -> Case:
    """Return the case a draft became."""
    found = Draft.objects.select_related("case").get(id=draft.split("/")[2]).case
    assert found is not None
    return found


def official(role: Role) -> Principal:
    """Return a demonstration official of the commune."""
    login = {Role.CLERK: "tiepnhan.xa", Role.OFFICER: "hotich.xa", Role.LEADER: "chutich.xa"}[role]
    account = organisation.people.account_by_login(login)
    assert account is not None
    return organisation.principal_for(account.id)


def decide(case: Case, deed: Deed, role: Role, **arguments: Any) -> None:
    """Let an official decide on the case's open task, at once."""
    services.files.check_waiting()
    who = official(role)
    for file in services.cases.files_of(case.id):
        services.files.open_file(principal=who, file_id=file.id)
    case.refresh_from_db()
    task = Task.objects.get(case_id=case.id, open=True)
    services.decisions.decide(
        principal=who, task_id=task.id, deed=deed, version=case.version, arguments=arguments, grace=0
    )


def picture(name: str = "can-cuoc.jpg", side: int = 400) -> SimpleUploadedFile:
    """A photograph of an identity paper."""
    out = io.BytesIO()
    Image.effect_noise((side, side), 40).convert("RGB").save(out, "JPEG")
    return SimpleUploadedFile(name, out.getvalue(), "image/jpeg")


def pdf(password: str = "") -> bytes:
    """A PDF of one page, locked where a password is given."""
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    if password:
        writer.encrypt(password)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
