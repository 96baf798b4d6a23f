"""Run the simulated days: a queue of moments, each moment a real action under a clock of its own."""

from __future__ import annotations

import heapq
import itertools
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

from django.db import transaction
from PIL import Image

from tinhso.foundation.api import clock, randomness, workdays
from tinhso.organisation import api as organisation
from tinhso.organisation.contracts import Principal, Role, Tier, Unit
from tinhso.services import api as services
from tinhso.services.api import GatewayBehaviour
from tinhso.services.contracts.answers import Refusal
from tinhso.services.contracts.case import Deed
from tinhso.services.contracts.deadline import Channel
from tinhso.services.contracts.procedure import Component, ComponentKind, Delivery, Procedure
from tinhso.services.contracts.task import OpenTask

from .arrivals import Arrival, arrivals, person
from .paying import pay_through_simulator
from .staff import Staff

Moment = Callable[[], None]
_ROLE_OF = {"receive": Role.CLERK, "return": Role.CLERK, "sign": Role.LEADER}
_DEED_OF = {
    "receive": Deed.ACCEPT, "examine": Deed.FORWARD, "submit": Deed.FORWARD, "sign": Deed.SIGN,
    "return": Deed.HAND_OVER, "opinion": Deed.GIVE_OPINION,
}  # fmt: skip
# How many units take part, so that figures by unit have something to show; the first is the demo accounts' own.
_UNITS = 24
_NEARLY_UP = 0.93  # of the time allowed: when a dishonest desk asks for more
_TOGETHER = 10  # moments a transaction: others wait for the write lock meanwhile

PLANTS = ("typed", "resubmitted", "late_supplement")


@dataclass
class Summary:
    """What was played: how many deeds of each kind, and what was planted to game the figures."""

    steps: Counter[str] = field(default_factory=Counter)
    planted: dict[str, set[UUID]] = field(default_factory=lambda: {k: set() for k in PLANTS})
    refused: Counter[str] = field(default_factory=Counter)


class Simulation:
    """The days of a province from a seed. `run` yields after every simulated day, for a progress bar."""

    def __init__(
        self,
        *,
        first: date,
        days: int,
        per_day: int,
        seed: int,
        dishonest: bool = False,
        sign: bool = False,
        staffed_from: date | None = None,
        arriving_days: int | None = None,
    ) -> None:
        """`arriving_days` (all of them) says for how many days people apply; the others only see work go on."""
        self._first, self._days, self._per_day, self._seed = first, days, per_day, seed
        self._arriving_days = days if arriving_days is None else arriving_days
        self._dishonest, self._sign = dishonest, sign
        self._chance = random.Random(f"play:{seed}")  # noqa: S311 - a simulation
        self._calendar = workdays.calendar()
        self._queue: list[tuple[datetime, int, Moment]] = []
        self._order = itertools.count()
        self._staff = Staff(seed, staffed_from or first)
        self._slow: dict[UUID, float] = {}
        self._units: list[Unit] = []
        self._held: set[UUID] = set()
        self._clock = clock.PlayedClock(datetime.combine(first, time(0), clock.LOCAL))
        self.summary = Summary()

    def run(self) -> Any:
        """Play the days; yield each date when it is over. Cases still under way are left as they are."""
        end = datetime.combine(self._first + timedelta(days=self._days), time(0), clock.LOCAL)
        with clock.using(self._clock), randomness.seeded(self._seed), services.documents.making(at_once=self._sign):
            self._choose_units()
            coming = arrivals(
                self._first, days=self._arriving_days, per_day=self._per_day, seed=self._seed, calendar=self._calendar,
                zone=clock.LOCAL,
            )  # fmt: skip
            for arrival in coming:
                self._at(arrival.at, lambda a=arrival: self._apply(a))  # type: ignore[misc]
            day = self._first
            while self._queue and self._queue[0][0] < end:
                at = self._play_some(end)
                if at.date() > day:
                    services.upkeep.note_late()
                    yield day
                    day = at.date()
            yield day

    def _play_some(self, end: datetime) -> datetime:
        """Play a few moments in one transaction (a simulation need not outlive a power cut); return the last time."""
        at = self._queue[0][0]
        with transaction.atomic():
            for _ in range(_TOGETHER):
                if not self._queue or self._queue[0][0] >= end:
                    break
                at, _, moment = heapq.heappop(self._queue)
                self._clock.business = max(at, self._clock.business)
                try:
                    with transaction.atomic():
                        moment()
                except Refusal as refusal:
                    self.summary.refused[refusal.message] += 1
                    self._staff.forget()  # whoever was hired in this moment went with it
        return at

    def _choose_units(self) -> None:
        communes = organisation.units.of_tier(Tier.COMMUNE, self._first)
        step = max(1, len(communes) // _UNITS)
        self._units = communes[::step][:_UNITS]
        for index, unit in enumerate(self._units):
            self._slow[unit.id] = 3.0 if index % 7 == 5 else 1.0  # some offices are always behind

    def _at(self, when: datetime, moment: Moment) -> None:
        heapq.heappush(self._queue, (when, next(self._order), moment))

    def _in_office(self, hours: float, moment: Moment, unit_id: UUID | None = None) -> None:
        slow = self._slow.get(unit_id, 1.0) if unit_id else 1.0
        spread = self._chance.lognormvariate(0, 0.5)
        self._at(self._calendar.add_working_hours(self._clock.business_now(), hours * slow * spread), moment)

    # --- a case -----------------------------------------------------------------------------------------------

    def _apply(self, arrival: Arrival, *, resubmission: bool = False, typed: bool | None = None) -> None:
        offer = services.procedures.offer(arrival.procedure, clock.today())
        if offer is None:
            return
        unit = self._unit_for(offer.procedure)
        if unit is None or services.cases.is_known(self._key(arrival)):
            return
        if typed is None:
            typed = arrival.channel == "counter" or self._plants(0.10)
        if typed and self._closed(lambda: self._apply(arrival, resubmission=resubmission, typed=typed)):
            return
        who = self._staff.official(unit.id, Role.CLERK) if typed else self._staff.citizen(arrival.person)
        receipt = self._submit(offer, unit, who, arrival)
        if receipt is None:
            return
        self.summary.steps["submitted"] += 1
        if typed and arrival.channel == "online":
            self.summary.planted["typed"].add(receipt)
        if resubmission and not typed:
            self.summary.planted["resubmitted"].add(receipt)
        services.files.check_waiting()
        self._in_office(0.1, lambda: self._pay(receipt, who, typed, tries=0))
        self._in_office(0.8, lambda: self._receive(receipt, arrival), unit.id)

    def _submit(self, offer: services.procedures.Offer, unit: Unit, who: Principal, arrival: Arrival) -> UUID | None:
        procedure = offer.procedure
        data = self._answers(procedure, arrival.person)
        if data is None:
            return None
        channel = Channel.ONLINE if arrival.channel == "online" else Channel.COUNTER
        files = tuple(self._upload(who, paper) for paper in self._papers(procedure, data, channel))
        application = services.submission.Application(
            package_id=offer.package_id, unit_id=unit.id, data=data, files=files, channel=channel,
            delivery=Delivery(str(data.get("delivery", "online"))), key=self._key(arrival),
        )  # fmt: skip
        return services.submission.submit_case(principal=who, application=application).case_id

    def _key(self, arrival: Arrival) -> str:
        """Name an arrival, so that a run that was killed and starts again hands nothing in twice."""
        return f"sim:{self._seed}:{arrival.at:%Y%m%d%H%M%S}:{arrival.person}:{arrival.procedure}"

    def _answers(self, procedure: Procedure, number: int) -> dict[str, Any] | None:
        """Take an online example's answers and put the person's own in their place."""
        online = [e for e in procedure.examples if e.channel is Channel.ONLINE]
        fitting = [e for e in online if abs(e.received_at.year - clock.today().year) <= 1] or online
        if not fitting:
            return None
        data = fitting[number % len(fitting)].data
        made_up = person(number, self._seed)
        own = {
            "account.name": made_up.name, "account.phone": made_up.phone,
            "account.citizen_number": made_up.citizen_number,
        }  # fmt: skip
        for name, question in procedure.fields.items():
            if question.prefill in own and name in data:
                data[name] = own[question.prefill]
        return data

    def _papers(self, procedure: Procedure, data: dict[str, Any], channel: Channel) -> list[Component]:
        wanted = services.procedures.papers(procedure, data, channel)
        return [c for c in wanted if c.kind is ComponentKind.DOCUMENT and c.required]

    def _upload(self, who: Principal, paper: Component) -> UUID:
        photo = not paper.media_types or "image/jpeg" in paper.media_types
        content, name = (_picture(), "anh-chup.jpg") if photo else (_drawing(), "ban-ve.pdf")
        return services.files.upload_file(
            principal=who, component=paper.id, name=name, content=BytesIO(content), size=len(content)
        ).id

    def _pay(self, case_id: UUID, who: Principal, typed: bool, tries: int) -> None:
        bill = services.cases.bill_of(case_id)
        if bill is None or not bill.open:
            return
        if typed:
            services.payments.take_at_counter(principal=who, case_id=case_id)
            self.summary.steps["paid at the counter"] += 1
            return
        fails = self._chance.random() < 0.12 and tries < 3
        pay_through_simulator(who, case_id, GatewayBehaviour.FAIL if fails else GatewayBehaviour.HONEST)
        self.summary.steps["payment failed" if fails else "paid"] += 1
        if fails:
            self._in_office(1, lambda: self._pay(case_id, who, typed, tries + 1))

    def _receive(self, case_id: UUID, arrival: Arrival) -> None:
        """A dishonest office sends the person away to apply again, which starts a fresh clock."""
        if not self._plants(0.08):
            self._work(case_id)
            return
        task = services.worklist.open_tasks(case_id)[0]
        self._do(case_id, task, Deed.REFUSE, "Bạn nộp lại hồ sơ khác vào ngày mai.")
        again = replace(arrival, at=self._clock.business + timedelta(days=1), channel="online")
        self._at(again.at, lambda: self._apply(again, resubmission=True))

    def _work(self, case_id: UUID) -> None:
        """Let whoever has the next task do it."""
        tasks = services.worklist.open_tasks(case_id)
        if not tasks:
            return
        task = tasks[-1]  # opinions asked come before the step that waits for them
        if task.kind == "examine" and case_id not in self._held and self._plants(0.10):
            self._hold_until_late(case_id, task)
            return
        deed, words = self._decide(case_id, task.kind)
        self._do(case_id, task, deed, words)
        if deed is Deed.ASK_SUPPLEMENT:
            self._answer_later(case_id, task.unit_id)
        elif deed is not Deed.REFUSE:
            self._in_office(1.2, lambda: self._work(case_id), task.unit_id)

    def _do(self, case_id: UUID, task: OpenTask, deed: Deed, words: str) -> None:
        official = self._staff.official(task.unit_id, _ROLE_OF.get(task.kind, Role.OFFICER))
        self._open_files(official, case_id, task.kind)
        version = services.cases.version_of(case_id)
        services.decisions.decide(
            principal=official, task_id=task.id, deed=deed, version=version, arguments={"reason": words}, grace=0
        )
        self.summary.steps[deed.value] += 1

    def _hold_until_late(self, case_id: UUID, task: OpenTask) -> None:
        """A dishonest desk lets a case lie and asks for more when its time is nearly up."""
        self._held.add(case_id)
        due, received = services.cases.times_of(case_id)
        if due is None or received is None:
            return
        begin = self._calendar.next_working_moment(received)
        allowed = self._calendar.working_minutes_between(begin, due)
        nearly = self._calendar.add_working_minutes(begin, int(allowed * _NEARLY_UP))
        when = self._calendar.next_working_moment(max(nearly, self._clock.business + timedelta(minutes=1)))

        def ask() -> None:
            self._do(case_id, task, Deed.ASK_SUPPLEMENT, "Bổ sung thêm giấy tờ.")
            self.summary.planted["late_supplement"].add(case_id)
            self._answer_later(case_id, task.unit_id)

        self._at(when, ask)

    def _answer_later(self, case_id: UUID, unit_id: UUID) -> None:
        when = self._clock.business + timedelta(days=self._chance.expovariate(0.5) + 0.1)
        self._at(when, lambda: self._supplement(case_id, unit_id))

    def _decide(self, case_id: UUID, kind: str) -> tuple[Deed, str]:
        if kind == "receive" and not services.cases.was_supplemented(case_id):
            dice = self._chance.random()
            if dice < 0.09:
                return Deed.ASK_SUPPLEMENT, "Ảnh chụp giấy tờ bị mờ. Bạn chụp lại rõ bốn góc rồi gửi bổ sung."
            if dice < 0.11:
                return Deed.REFUSE, "Hồ sơ không thuộc thẩm quyền giải quyết của cơ quan này."
        return _DEED_OF[kind], "Đồng ý." if kind == "opinion" else ""

    def _open_files(self, official: Principal, case_id: UUID, kind: str) -> None:
        if kind != "receive":
            return
        for file in services.cases.files_of(case_id):
            if file.state == "ready":
                services.files.open_file(principal=official, file_id=file.id)

    def _supplement(self, case_id: UUID, unit_id: UUID) -> None:
        owner = services.cases.owner_of(case_id)
        if owner is None and self._closed(lambda: self._supplement(case_id, unit_id)):
            return
        if owner is None:  # the paper came to the counter, and so does what completes it
            clerk = self._staff.official(unit_id, Role.CLERK)
            services.citizen.supplement_at_counter(principal=clerk, case_id=case_id, note="Đã nộp bổ sung tại quầy.")
        else:
            who = organisation.principal_for(owner)
            services.citizen.answer_supplement(principal=who, case_id=case_id, changes={}, note="Tôi đã chụp lại.")
        self.summary.steps["supplemented"] += 1
        self._in_office(1, lambda: self._work(case_id), unit_id)

    def _unit_for(self, procedure: Procedure) -> Unit | None:
        """Choose a commune, and the agency competent for the procedure there today."""
        place: Unit | None = self._chance.choice(self._units)
        kinds = services.procedures.competent_kinds(procedure, clock.today())
        while place is not None:
            for kind, tier in kinds:
                own = kind == place.kind.value
                agency = place if own else organisation.units.agency_for(place.id, kind, clock.today())
                if agency is not None and agency.tier.value == tier:
                    return agency
            place = organisation.units.unit(place.parent_id) if place.parent_id else None
        return None

    def _closed(self, moment: Moment) -> bool:
        """Put off to the next working moment what an official does, if no office is open now."""
        now = self._clock.business
        opens = self._calendar.next_working_moment(now)
        if opens <= now:
            return False
        self._at(opens, moment)
        return True

    def _plants(self, share: float) -> bool:
        return self._dishonest and self._chance.random() < share


def _drawing() -> bytes:
    """A page that stands for a drawing."""
    target = BytesIO()
    Image.new("RGB", (320, 200), "#e8e6e1").save(target, "PDF")
    return target.getvalue()


def _picture() -> bytes:
    """A small picture that stands for a photographed paper."""
    target = BytesIO()
    Image.new("RGB", (320, 200), "#e8e6e1").save(target, "JPEG", quality=60)
    return target.getvalue()
