"""Turn what the journal says into messages to people."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from tinhso.foundation.api import journal
from tinhso.foundation.contracts import Actor
from tinhso.notices import api as notices
from tinhso.notices.contracts import Channel, Message, Value
from tinhso.organisation import api as organisation
from tinhso.services import api as services

_ACTOR = Actor.system("wiring")
_CODE_MINUTES = 10
_TEMPLATES = {
    "services.CaseSubmitted": "case_received",
    "services.SupplementAsked": "supplement_requested",
    "services.CaseRefused": "case_refused",
    "services.CaseReappointed": "reappointed",
    "services.DueDateChanged": "due_date_changed",
    "services.ResultSigned": "result_ready",
}
_WITH_DUE = {"reappointed", "due_date_changed"}


def one_time_code(entry: journal.Entry) -> None:
    """Send a one-time code to whoever asked for it; the journal forgets code and destination afterwards."""
    secret = journal.personal(entry.id)
    if not secret:
        return
    notices.send(
        message=Message(
            template="one_time_code",
            channel=Channel(str(entry.data["channel"])),
            destination=str(secret["destination"]),
            data={"code": str(secret["code"]), "minutes": _CODE_MINUTES},
            dedupe_key=f"code:{entry.subject.id}",
            useful_until=entry.recorded_at + timedelta(minutes=_CODE_MINUTES),
        ),
        subject=entry.subject,
        actor=_ACTOR,
    )
    journal.erase_personal(entry.id)


def about_case(entry: journal.Entry) -> None:
    """Tell an applicant what happened to their case (NĐ 61/2018: by e-mail or SMS; read in the text)."""
    brief = services.cases.brief_of(entry.subject.id)
    if brief is None or brief.account_id is None:
        return
    template = _TEMPLATES[entry.event]
    data: dict[str, Value] = {"case": brief.code, "procedure": brief.title}
    if template in _WITH_DUE:  # what was said then: a later change has a message of its own
        data["due"] = datetime.fromisoformat(str(entry.data["due_at"]))
    _send(entry, brief.account_id, template, data)


def about_payment(entry: journal.Entry) -> None:
    """Tell an applicant that their payment has come in."""
    brief = services.cases.brief_of(entry.subject.id)
    if brief is None or brief.account_id is None or entry.data["state"] != "succeeded":
        return
    data: dict[str, Value] = {"case": brief.code, "amount": int(str(entry.data["amount"]))}
    _send(entry, brief.account_id, "payment_received", data)


def _send(entry: journal.Entry, account_id: UUID, template: str, data: dict[str, Value]) -> None:
    """Write to the e-mail address where there is one, else to the phone."""
    phone, email = organisation.people.contact(account_id)
    if not (phone or email):
        return
    message = Message(
        template=template,
        channel=Channel.EMAIL if email else Channel.SMS,
        destination=email or phone,
        data=data,
        dedupe_key=f"{entry.id}:{template}",
    )
    notices.send(message=message, subject=entry.subject, actor=_ACTOR)
