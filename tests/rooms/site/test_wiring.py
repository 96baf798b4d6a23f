"""What the journal says reaches people once, and the worker's duties may stop and start again anywhere."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.rooms.services.factories import HOUSEHOLD, JOINT, Town
from tinhso.foundation.api import journal, reactions, vault
from tinhso.foundation.models import Bookmark, JournalPersonal
from tinhso.notices.models import OutboxMessage as Message
from tinhso.organisation import api as organisation
from tinhso.organisation.contracts import Role
from tinhso.services import api as services
from tinhso.services.contracts.case import Deed
from tinhso.services.models import Case, CaseFact
from tinhso.site import wiring
from tinhso.site.worker import Duty, Worker

CLAIM = "Chụp lại giấy tờ."


def react() -> None:
    journal.seal()
    while reactions.run_once(wiring.REACTIONS):
        pass


def outbox() -> list[tuple[str, str]]:
    return sorted(Message.objects.values_list("template", "dedupe_key"))


def a_busy_week(town: Town) -> None:
    """Everything that people are told of happens once."""
    organisation.sign_in.request_code(identifier="0912345678", address="203.0.113.7")
    town.finish(town.apply())
    refused = town.apply(who=town.citizen(2))
    town.do(refused, Deed.REFUSE, reason="Không đúng nơi.")
    joint = town.accept(town.apply(JOINT, who=town.citizen(3)))
    town.do(joint, Deed.ASK_SUPPLEMENT, reason=CLAIM)
    services.citizen.answer_supplement(principal=town.owner(joint), case_id=joint.id, changes={}, note="Đây.")
    town.do(joint, Deed.REAPPOINT, reason="Chờ.", new_due="2021-03-10")
    town.accept(town.apply(HOUSEHOLD, who=town.citizen(4)))
    admin = town.official(organisation.units.by_key("hd-30").id, Role.ADMIN)  # type: ignore[union-attr]
    services.upkeep.change_calendar(
        principal=admin, day=date(2021, 1, 14), working=False, reason="Bão", source="Công điện thử nghiệm"
    )


def test_people_are_told_of_all_that_concerns_them_and_reading_twice_tells_nothing_twice(town: Town) -> None:
    a_busy_week(town)
    react()
    told = outbox()
    assert {template for template, _ in told} == {
        "one_time_code", "case_received", "supplement_requested", "case_refused", "reappointed", "due_date_changed",
        "result_ready", "payment_received",
    }  # fmt: skip
    Bookmark.objects.all().delete()
    react()
    assert outbox() == told
    assert not reactions.parked()


def test_each_row_of_the_wiring_is_idempotent_alone(town: Town) -> None:
    a_busy_week(town)
    journal.seal()
    entries = journal.read(limit=10_000)
    for row in wiring.REACTIONS:
        mine = [entry for entry in entries if entry.event == row.event]
        assert mine, f"nothing tried {row.event}"
        for entry in mine:
            row.run(entry)
        once = outbox()
        for entry in mine:
            row.run(entry)
        assert outbox() == once


def test_a_one_time_code_is_gone_from_the_journal_once_it_is_on_its_way(town: Town) -> None:
    organisation.sign_in.request_code(identifier="0912345678", address="203.0.113.7")
    journal.seal()
    entry = next(e for e in journal.read(limit=10_000) if e.event == "organisation.CodeRequested")
    assert journal.personal(entry.id)
    react()
    assert not journal.personal(entry.id)
    assert JournalPersonal.objects.get(entry_id=entry.id).erased_at is not None
    assert journal.verify() == [], "what was erased is still proved"
    assert Message.objects.filter(template="one_time_code").count() == 1


def test_a_message_says_the_date_that_was_set_not_the_one_that_stands_when_it_is_written(town: Town) -> None:
    case = town.accept(town.apply(HOUSEHOLD))
    town.later(days=3)  # the last day: too late, so lateness still goes by the old date
    town.do(case, Deed.REAPPOINT, reason="Chậm.", new_due="2021-01-20")
    react()
    message = Message.objects.get(template="reappointed")
    written = " ".join(
        vault.unseal(bytes(getattr(message, f.name))).decode()
        for f in Message._meta.concrete_fields
        if f.name.endswith("sealed") and getattr(message, f.name)
    )
    assert "2021-01-20" in written or "20/01/2021" in written


def test_a_case_typed_at_the_counter_has_nobody_to_write_to_and_parks_nothing(town: Town) -> None:
    clerk = town.official(town.commune().id, Role.CLERK)
    case = town.apply(who=clerk)
    services.payments.take_at_counter(principal=clerk, case_id=case.id)
    town.finish(case)
    react()
    assert outbox() == []
    assert not reactions.parked()


def test_every_duty_run_again_changes_nothing_more(town: Town) -> None:
    a_busy_week(town)
    town.do(case := town.apply(who=town.citizen(9)), Deed.ACCEPT, grace=10)
    town.upload(town.citizen(10), "identity_scan")
    town.time.advance(timedelta(minutes=1))
    network = ("deliver the simulated gateway's notices", "send notices")
    deeds = [duty for duty in wiring.DUTIES if duty.name not in network]
    for _ in range(4):
        for duty in deeds:
            duty.run()
    assert Case.objects.get(id=case.id).received_at is not None
    before = (outbox(), journal.position(), CaseFact.objects.count())
    for duty in deeds:
        assert duty.run() == 0, duty.name
    assert (outbox(), journal.position(), CaseFact.objects.count()) == before


def test_a_failing_duty_is_logged_and_the_others_go_on(caplog: pytest.LogCaptureFixture) -> None:
    done = []

    def fail() -> int:
        raise RuntimeError("broken")

    worker = Worker([Duty("first", fail), Duty("second", lambda: done.append(1) or 1)])
    assert worker.round() == 1
    assert done == [1]
    assert "first" in caplog.text


def test_messages_wait_in_the_journal_until_somebody_reads_it(town: Town) -> None:
    """A worker that was away tells later, what happened to the case in the order in which it happened."""
    case = town.finish(town.apply())
    town.later(days=2)
    react()
    mine = Message.objects.filter(subject_id=case.id).exclude(template="payment_received").order_by("id")
    assert [m.template for m in mine] == ["case_received", "result_ready"]
