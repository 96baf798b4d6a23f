"""Officials at their browsers: signed in, reading and pressing what the pages offer."""

from __future__ import annotations

import re
from html import unescape
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.test import Client

from tests.rooms.services.factories import Town
from tinhso.organisation.contracts import Principal, Role
from tinhso.organisation.models import Account
from tinhso.services.contracts.case import Deed
from tinhso.services.models import Case, Task

LIST = "/can-bo/"


def at_desk(who: Principal) -> Client:
    """Give an official a browser."""
    client, session_of = Client(), Account.objects.get(id=who.account_id)
    session = client.session
    session["account"], session["epoch"] = str(session_of.id), session_of.epoch
    session.save()
    return client


def clerk(town: Town, case: Case, number: int = 1) -> Client:
    """A clerk of the agency that has the case."""
    return at_desk(town.official(case.unit_id, Role.CLERK, number))


def page(answer: HttpResponse) -> str:
    """The text of a page as read, without its marks."""
    body = getattr(answer, "content", b"") or b"".join(getattr(answer, "streaming_content", ()))
    words = re.sub(r"<[^>]+>", " ", body.decode())
    return re.sub(r"\s+", " ", unescape(words))


def dossier(case: Case, query: str = "") -> str:
    return f"/can-bo/ho-so/{case.id}/" + (f"?{query}" if query else "")


def decide(client: Client, case: Case, deed: Deed, task: Task, **typed: Any) -> Any:
    """Send the act form as the page would."""
    version = typed.pop("version", None) or Case.objects.get(id=case.id).version
    return client.post(
        f"/can-bo/viec/{task.id}/quyet-dinh/", {"deed": deed.value, "version": version, **typed}
    )  # fmt: skip


def look_at_papers(client: Client, case: Case) -> None:
    """Open each paper that the dossier's page links to."""
    shown = client.get(dossier(case)).content.decode()
    for ident in set(re.findall(r"/can-bo/tep/([0-9a-f-]{36})/", shown)):
        answer = client.get(f"/can-bo/tep/{UUID(ident)}/")
        assert answer.status_code == 200
        b"".join(answer.streaming_content)  # type: ignore[attr-defined]
