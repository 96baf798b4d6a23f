"""Programs that use the API: a token, a small client, and an application as they send it."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.rooms.services.citizens import PERSON, TEST, pdf, principal_of, signed_in
from tinhso.foundation.api import clock
from tinhso.organisation import api as organisation
from tinhso.services.rights import OWN_READ, OWN_WRITE

API = "/api/v1"
OFFICE = ("services.case.view", "services.case.receive", "services.case.process", "services.case.sign")
DATA: dict[str, Any] = {
    "record_kind": "birth", "subject_name": "Lê Hoàng Gia Bảo", "subject_birth_date": "2018-07-21",
    "registry_commune": "10507", "copies": 2, "purpose": "Nhập học", "relation": "family",
    "applicant_name": "Lê Hoàng Sơn", "applicant_id": "030086002468", "applicant_phone": "0912000111",
    "delivery": "online",
}  # fmt: skip


class Program:
    """A program with a token (or none)."""

    def __init__(self, token: str = "") -> None:
        self.client = Client(raise_request_exception=False)
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(API + path, query, headers=self.headers)

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        content = body if isinstance(body, bytes | str) else json.dumps(body)
        return self.client.generic(
            method, API + path, content, content_type="application/json", headers=self.headers | headers
        )

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.send("POST", path, body, **headers)

    def form(self, path: str, parts: dict[str, Any], **headers: str) -> Any:
        return self.client.post(API + path, parts, headers=self.headers | headers)


def token_for(account_id: UUID, scopes: Collection[str], units: Collection[UUID] = ()) -> str:
    """Issue a token for a day."""
    return organisation.tokens.issue_token(
        actor=TEST, account_id=account_id, label="chương trình", scopes=scopes, units=units,
        expires_at=clock.now() + timedelta(days=1),
    )  # fmt: skip


def citizen(phone: str = PERSON, scopes: Collection[str] = (OWN_READ, OWN_WRITE)) -> Program:
    """A program that acts for a citizen."""
    account = principal_of(signed_in(phone)).account_id
    assert account is not None
    return Program(token_for(account, scopes))


def office(login: str, scopes: Collection[str] = OFFICE, units: Collection[UUID] = ()) -> Program:
    """A program that acts for a demonstration official."""
    account = organisation.people.account_by_login(login)
    assert account is not None
    return Program(token_for(account.id, scopes, units))


def commune() -> UUID:
    """The commune of the demonstration."""
    found = organisation.units.by_code("10507")
    assert found is not None
    return found.id


def application(**changes: Any) -> dict[str, Any]:
    """An application for an extract."""
    return {"procedure": "2.000635", "unit": str(commune()), "data": {**DATA, **changes}}


def paper(content: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile("can-cuoc.pdf", pdf() if content is None else content, "application/pdf")


def hand_in(program: Program, key: str = "", **changes: Any) -> Any:
    """Hand in an application and its paper in one request."""
    headers = {"Idempotency-Key": key} if key else {}
    parts = {"application": json.dumps(application(**changes)), "identity_scan": paper()}
    return program.form("/cases", parts, **headers)
