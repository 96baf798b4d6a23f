"""Take cases through the real actions: who applies, who decides, and what a dossier holds."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from PIL import Image
from pypdf import PdfWriter

from tinhso.foundation.api import clock, journal, packages
from tinhso.foundation.contracts import Actor
from tinhso.organisation import api as organisation
from tinhso.organisation.contracts import Principal, Role, Unit
from tinhso.services import api as services
from tinhso.services.contracts.case import CaseStatus, Deed
from tinhso.services.contracts.deadline import Channel
from tinhso.services.contracts.procedure import ComponentKind, Delivery, Procedure
from tinhso.services.gateways.simulator import Behaviour
from tinhso.services.models import Attachment, Case, CaseFact, Task
from tinhso.services.queries import procedures as catalogue

SYSTEM = Actor.system("test")
EXTRACT, HOUSEHOLD, PERMIT, JOINT = "2.000635", "1.001612", "1.013225", "2.000986"
_EXAMPLES = {
    (EXTRACT, 2021): "online-2021-before-cut-off", (EXTRACT, 2026): "online-2026",
    (HOUSEHOLD, 2021): "individual-2021", (HOUSEHOLD, 2026): "family-2026",
    (PERMIT, 2021): "house-2021", (PERMIT, 2026): "works-2026",
    (JOINT, 2021): "ordinary-2021", (JOINT, 2026): "remote-2026",
}  # fmt: skip
_ROLES = {"receive": Role.CLERK, "return": Role.CLERK, "sign": Role.LEADER}
FIXED = "10507"  # the commune the demonstration lives in, under this code in 2021 and today


def fill() -> None:
    """Load the organisation and install the four procedures."""
    organisation.load_organisation(actor=SYSTEM)
    for folder in packages.folders("procedures"):
        packages.install(kind="procedures", folder=folder, actor=SYSTEM)


def picture(text: bytes = b"") -> bytes:
    """A small JPEG; `text` is appended, so that two need not be the same file."""
    target = io.BytesIO()
    Image.new("RGB", (64, 48), "#ddeeff").save(target, "JPEG")
    return target.getvalue() + text


def pdf(pages: int = 1) -> bytes:
    """A PDF of empty pages."""
    writer, target = PdfWriter(), io.BytesIO()
    for _ in range(pages):
        writer.add_blank_page(width=200, height=200)
    writer.write(target)
    return target.getvalue()


class Town:
    """The province seen by a test: every verb is one of the room's actions."""

    def __init__(self, time: clock.ManualClock) -> None:
        self.time = time
        self._hired: dict[tuple[UUID, Role, int], UUID] = {}

    # --- who ----------------------------------------------------------------------------------------------

    def citizen(self, number: int = 1) -> Principal:
        account = organisation.staffing.register_citizen(
            actor=SYSTEM, phone=f"09000{10_000 + number:05d}", name="Nguyễn Văn Thử"
        )
        return organisation.principal_for(account)

    def official(self, unit_id: UUID, role: Role, number: int = 1) -> Principal:
        """The `number`-th official of a role in a unit, hired when first asked for."""
        key = (unit_id, role, number)
        if key not in self._hired:
            account_id = organisation.staffing.create_official(
                actor=SYSTEM, login=f"cb.{unit_id.hex[-8:]}.{role.value}.{number}", name="Trần Thị Mẫu", password=None
            )
            account = organisation.people.account(account_id)
            assert account is not None
            assert account.person_id is not None
            post = next(p for p in organisation.people.posts_of(unit_id) if p.role is role)
            organisation.staffing.fill_post(
                actor=SYSTEM, post_id=post.id, person_id=account.person_id, valid_from=date(2020, 1, 1)
            )
            self._hired[key] = account_id
        return organisation.principal_for(self._hired[key])

    def commune(self, code: str = FIXED) -> Unit:
        found = organisation.units.by_code(code, clock.today())
        assert found is not None
        return found

    def unit_for(self, procedure: Procedure, commune: str = FIXED) -> Unit:
        """The usual agency for a procedure and a commune today."""
        place = self.commune(commune)
        for kind, tier in services.procedures.competent_kinds(procedure, clock.today()):
            for above in self._upward(place):
                agency = above if kind == above.kind.value else organisation.units.agency_for(above.id, kind)
                if agency is not None and agency.tier.value == tier:
                    return agency
        raise LookupError(procedure.code)

    def _upward(self, place: Unit) -> Iterator[Unit]:
        unit: Unit | None = place
        while unit is not None:
            yield unit
            unit = organisation.units.unit(unit.parent_id) if unit.parent_id else None

    # --- applying -----------------------------------------------------------------------------------------

    def offer(self, code: str) -> services.procedures.Offer:
        found = services.procedures.offer(code)
        assert found is not None
        return found

    def answers(self, code: str, **changed: Any) -> dict[str, Any]:
        """The answers of an example that fits the clock's year; None takes one away."""
        procedure = self.offer(code).procedure
        name = _EXAMPLES[code, 2026 if clock.today().year > 2024 else 2021]
        data = dict(next(e.data for e in procedure.examples if e.id == name)) | changed
        return {key: value for key, value in data.items() if value is not None}

    def upload(
        self, who: Principal, component: str, content: bytes | None = None, name: str = "giay-to.jpg", **more: Any
    ) -> UUID:
        body = picture() if content is None else content
        return services.files.upload_file(
            principal=who, component=component, name=name, content=io.BytesIO(body), size=len(body), **more
        ).id

    def papers(self, who: Principal, code: str, data: Mapping[str, Any]) -> tuple[UUID, ...]:
        """Upload what the dossier must hold."""
        wanted = services.procedures.papers(self.offer(code).procedure, dict(data), Channel.ONLINE)
        needed = [c for c in wanted if c.kind is ComponentKind.DOCUMENT and c.required]
        return tuple(
            self.upload(who, c.id, pdf() if "image/jpeg" not in (c.media_types or ("image/jpeg",)) else None)
            for c in needed
        )

    def application(
        self, code: str = EXTRACT, *, who: Principal | None = None, commune: str = FIXED, files: Any = None,
        channel: Channel = Channel.ONLINE, key: str | None = None, **changed: Any,
    ) -> services.submission.Application:  # fmt: skip
        offer = self.offer(code)
        data = self.answers(code, **changed)
        person = who or self.citizen()
        return services.submission.Application(
            package_id=offer.package_id, unit_id=self.unit_for(offer.procedure, commune).id, data=data,
            files=self.papers(person, code, data) if files is None else tuple(files), channel=channel,
            delivery=Delivery(data.get("delivery", "online")), key=key,
        )  # fmt: skip

    def apply(self, code: str = EXTRACT, *, who: Principal | None = None, **more: Any) -> Case:
        """Hand in a whole application and let the worker look at its files."""
        person = who or self.citizen()
        receipt = services.submission.submit_case(
            principal=person, application=self.application(code, who=person, **more)
        )
        services.files.check_waiting()
        return self.case(receipt.case_id)

    def case(self, case: Case | UUID) -> Case:
        return Case.objects.get(id=case if isinstance(case, UUID) else case.id)

    def owner(self, case: Case) -> Principal:
        assert case.account_id is not None
        return organisation.principal_for(case.account_id)

    # --- deciding -----------------------------------------------------------------------------------------

    def task(self, case: Case, kind: str | None = None) -> Task:
        rows = Task.objects.filter(case_id=case.id, open=True)
        rows = rows.filter(kind=kind) if kind else rows.filter(opinion="")
        return rows.get()

    def holder(self, task: Task, number: int = 1) -> Principal:
        return self.official(task.unit_id, _ROLES.get(task.kind, Role.OFFICER), number)

    def open_files(self, case: Case, who: Principal) -> None:
        for file in Attachment.objects.filter(case_id=case.id, state="ready"):
            services.files.open_file(principal=who, file_id=file.id)

    def do(
        self, case: Case, deed: Deed, *, task: Task | None = None, who: Principal | None = None, reason: str = "",
        grace: float = 0, version: int | None = None, look: bool = True, **arguments: Any,
    ) -> UUID | None:  # fmt: skip
        """Decide on a case's task as whoever holds it, after opening its files."""
        task = task or self.task(case)
        official = who or self.holder(task)
        if look:
            self.open_files(case, official)
        return services.decisions.decide(
            principal=official, task_id=task.id, deed=deed, grace=grace,
            version=self.case(case).version if version is None else version,
            arguments={"reason": reason, **arguments},
        )  # fmt: skip

    def accept(self, case: Case, **more: Any) -> Case:
        self.do(case, Deed.ACCEPT, **more)
        return self.case(case)

    def finish(self, case: Case) -> Case:
        """Take a case to its end by the shortest way, opinions given, fee paid."""
        deeds = {"receive": Deed.ACCEPT, "sign": Deed.SIGN, "return": Deed.HAND_OVER}
        self.settle(case)
        while self.case(case).status != CaseStatus.RETURNED:
            for asked in Task.objects.filter(case_id=case.id, open=True).exclude(opinion=""):
                self.do(case, Deed.GIVE_OPINION, task=asked, reason="Đồng ý.")
            task = self.task(case)
            self.do(case, deeds.get(task.kind, Deed.FORWARD), task=task)
        return self.case(case)

    # --- money --------------------------------------------------------------------------------------------

    def pay(self, case: Case, behaviour: Behaviour = Behaviour.HONEST) -> Any:
        """Pay at the simulated gateway; return the notices it will send."""
        url = services.payments.start_payment(principal=self.owner(case), case_id=case.id)
        gateway = services.gateway_simulator()
        token = gateway.open(url.partition("?")[2])
        assert isinstance(token, str)
        return gateway.pay(token, behaviour).deliveries

    def tell(self, delivery: Any) -> bool:
        return services.payments.take_notification(body=delivery.body, headers=delivery.headers)

    def settle(self, case: Case) -> None:
        bill = services.cases.bill_of(case.id)
        if bill is not None and bill.open:
            for delivery in self.pay(case):
                self.tell(delivery)

    # --- what is known ------------------------------------------------------------------------------------

    def fact(self, case: Case) -> CaseFact:
        return CaseFact.objects.get(subject_id=case.id, current=True)

    def said(self, case: Case) -> list[str]:
        """The journal's events about a case, in order, without the room's name."""
        return [e.event.removeprefix("services.") for e in self.entries() if e.subject.id == case.id]

    def entries(self, event: str = "") -> list[journal.Entry]:
        """The journal's entries, all or those of one event of this room."""
        journal.seal()
        return [e for e in journal.read(limit=100_000) if event in ("", e.event.removeprefix("services."))]

    def list_of(self, who: Principal) -> list[str]:
        return [row.code for row in services.worklist.worklist(who).rows]

    def later(self, *, days: int = 0, hours: float = 0) -> datetime:
        self.time.advance(timedelta(days=days, hours=hours))
        return self.time.business


def published(code: str) -> Procedure:
    """The procedure of a code as offered today."""
    found = catalogue.offer(code)
    assert found is not None
    return found.procedure
