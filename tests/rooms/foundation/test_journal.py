"""The journal: what happened is written with the change or not at all, keeps its bytes, and is read without gaps."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import Enum, StrEnum
from typing import Any, ClassVar
from uuid import UUID

import pytest
from django.db import connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from tests.rooms.foundation.said import CLERK, LampLit, LampPutOut, lamp, say
from tinhso.foundation import clock, journal, keys, randomness, vault
from tinhso.foundation.contracts import Actor, Event, Subject
from tinhso.foundation.models import JournalEntry, JournalPersonal

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=("Cs",))),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=10,
)


class Colour(StrEnum):
    RED = "red"


class Grade(Enum):
    GOOD = 3


@dataclass(frozen=True)
class Inner:
    a: int


# --- canonical bytes


@given(st.dictionaries(st.text(max_size=5), PLAIN, max_size=5))
def test_the_byte_form_does_not_depend_on_the_order_things_were_put_in(value: dict[str, Any]) -> None:
    turned = dict(reversed(list(value.items())))
    assert journal.canonical(value) == journal.canonical(turned)
    assert json.loads(journal.canonical(value)) == value


def test_the_byte_form_is_the_one_that_was_promised() -> None:
    value = {
        "when": datetime(2021, 1, 18, 9, 0, tzinfo=clock.LOCAL),
        "day": date(2021, 1, 18),
        "time": time(15),
        "tên": "Đường",
        "id": UUID(int=7),
        "colour": Colour.RED,
        "grade": Grade.GOOD,
        "inner": Inner(1),
        "set": frozenset({"b", "a"}),
        "row": ("x", 1),
        "about": Subject("tests.lamp", UUID(int=1)),
        "by": Actor.system("clock"),
    }
    assert journal.canonical(value).decode() == (
        '{"about":"tests.lamp/00000000-0000-0000-0000-000000000001","by":"system:clock","colour":"red",'
        '"day":"2021-01-18","grade":3,"id":"00000000-0000-0000-0000-000000000007","inner":{"a":1},"row":["x",1],'
        '"set":["a","b"],"time":"15:00:00","tên":"Đường","when":"2021-01-18T09:00:00+07:00"}'
    )


@pytest.mark.parametrize("value", [object(), 1j, b"bytes", float("nan"), float("inf"), Inner])
def test_what_has_no_byte_form_is_refused(value: object) -> None:
    with pytest.raises((TypeError, ValueError)):
        journal.canonical({"x": value})


# --- writing


@pytest.mark.django_db(transaction=True)
def test_an_entry_without_a_transaction_is_refused() -> None:
    with pytest.raises(RuntimeError, match="transaction"):
        journal.append(LampLit(), subject=lamp(), actor=CLERK)
    assert not JournalEntry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_was_never_said() -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        journal.append(LampLit(), subject=lamp(), actor=CLERK, personal={"name": "An"})
        raise ZeroDivisionError
    assert not JournalEntry.objects.exists()
    assert not JournalPersonal.objects.exists()
    say(LampLit(1))
    assert [e.seq for e in journal.read()] == [1]


@pytest.mark.django_db
def test_a_reader_gets_who_did_what_to_which_thing_and_when(moment: clock.ManualClock) -> None:
    subject, unit = lamp(), Actor.account(UUID(int=9))
    with transaction.atomic():
        journal.append(LampLit(4), subject=subject, actor=CLERK, on_behalf_of=unit)
    journal.seal()
    [entry] = journal.about(subject)
    assert (entry.event, entry.version, entry.subject, entry.data) == ("tests.LampLit", 1, subject, {"turn": 4})
    assert (entry.actor, entry.on_behalf_of) == (str(CLERK), str(unit))
    assert entry.true_at == moment.business_now()
    assert entry.recorded_at == moment.now()


@pytest.mark.django_db
def test_entries_of_one_moment_keep_the_order_they_were_said_in(moment: clock.ManualClock) -> None:
    subject = lamp()
    with transaction.atomic():
        for turn in range(50):
            journal.append(LampLit(turn), subject=subject, actor=CLERK)
    journal.seal()
    assert [entry.data["turn"] for entry in journal.about(subject)] == list(range(50))


@pytest.mark.django_db
def test_a_reader_asks_for_the_events_it_knows() -> None:
    for turn in range(3):
        say(LampLit(turn))
        say(LampPutOut(turn))
    assert {e.event for e in journal.read(events=frozenset({"tests.LampPutOut"}))} == {"tests.LampPutOut"}
    assert len(journal.read(limit=4)) == 4
    assert [e.seq for e in journal.read(after=4)] == [5, 6]


# --- proof


@pytest.mark.django_db
def test_an_untouched_journal_is_whole() -> None:
    for turn in range(3):
        say(LampLit(turn), personal={"phone": "0900000000"} if turn else None)
    assert journal.verify() == []


FORGERIES: dict[str, Callable[[JournalEntry], dict[str, Any]]] = {
    "body": lambda row: {"body": bytes(row.body).replace(b'"turn":1', b'"turn":2')},
    "salt": lambda row: {"salt": bytes(16)},
    "leaf": lambda row: {"leaf": bytes(32)},
    "personal_hash": lambda row: {"personal_hash": bytes(32)},
    "actor": lambda row: {"actor": "account:someone-else"},
    "on_behalf_of": lambda row: {"on_behalf_of": "account:someone-else"},
    "event": lambda row: {"event": "tests.LampPutOut"},
    "version": lambda row: {"version": 2},
    "subject_id": lambda row: {"subject_id": UUID(int=1)},
    "subject_kind": lambda row: {"subject_kind": "tests.torch"},
    "true_at": lambda row: {"true_at": datetime(2020, 1, 1, tzinfo=UTC)},
    "recorded_at": lambda row: {"recorded_at": datetime(2020, 1, 1, tzinfo=UTC)},
}


@pytest.mark.django_db
@pytest.mark.parametrize("column", FORGERIES)
def test_a_forged_column_is_found(column: str) -> None:
    say(LampLit(0))
    forged = say(LampLit(1), personal={"name": "An"})
    row = JournalEntry.objects.get(id=forged)
    JournalEntry.objects.filter(id=forged).update(**FORGERIES[column](row))
    assert journal.verify() == [forged]


@pytest.mark.django_db
@pytest.mark.parametrize("forgery", ["swapped", "damaged", "removed"])
def test_a_forged_personal_payload_is_found(forgery: str) -> None:
    say(LampLit(0), personal={"name": "Bình"})
    forged = say(LampLit(1), personal={"name": "An"})
    rows = JournalPersonal.objects.filter(entry_id=forged)
    if forgery == "removed":
        rows.delete()
    elif forgery == "damaged":
        rows.update(sealed=b"\0" * 40)
    else:
        rows.update(sealed=vault.seal(bytes(16) + b'{"name":"Chi"}'))
    assert journal.verify() == [forged]


@pytest.mark.django_db
def test_erasing_personal_data_keeps_the_proof() -> None:
    erased, kept = say(LampLit(1), personal={"name": "An"}), say(LampLit(2), personal={"name": "Bình"})
    leaf = bytes(JournalEntry.objects.get(id=erased).leaf)
    journal.erase_personal(erased)
    assert journal.personal(erased) is None
    assert journal.personal(kept) == {"name": "Bình"}
    assert journal.verify() == []
    assert bytes(JournalEntry.objects.get(id=erased).leaf) == leaf
    assert JournalPersonal.objects.get(entry_id=erased).erased_at is not None


@pytest.mark.django_db
def test_personal_data_stands_nowhere_readable() -> None:
    entry_id = say(LampLit(1), personal={"name": "Nguyễn Thị Kín"})
    row, hidden = JournalEntry.objects.get(id=entry_id), JournalPersonal.objects.get(entry_id=entry_id)
    assert "Kín".encode() not in bytes(row.body) + bytes(hidden.sealed or b"")
    assert journal.personal(entry_id) == {"name": "Nguyễn Thị Kín"}


@pytest.mark.django_db
def test_the_same_data_twice_leaves_different_hashes(chance: object) -> None:
    """Otherwise who knows the hash of an erased payload could guess it back."""
    first, second = (JournalEntry.objects.get(id=say(LampLit(1), personal={"name": "An"})) for _ in range(2))
    assert bytes(first.personal_hash) != bytes(second.personal_hash)
    assert bytes(first.leaf) != bytes(second.leaf)


@pytest.mark.django_db
def test_the_journal_stays_whole_when_keys_turn() -> None:
    entry_id = say(LampLit(1), personal={"name": "An"})
    keys.rotate()
    say(LampLit(2), personal={"name": "Bình"})
    vault.rewrap()
    assert journal.personal(entry_id) == {"name": "An"}
    assert journal.verify() == []


# --- sealing


@dataclass(frozen=True)
class Numbered(Event):
    NAME: ClassVar[str] = "tests.Numbered"
    thread: int = 0


class Held:
    """An action in a connection of its own that appends at once and commits when told."""

    def __init__(self, thread: int) -> None:
        self._appended, self._go = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, args=(thread,), daemon=True)
        self._thread.start()
        assert self._appended.wait(20)

    def _run(self, number: int) -> None:
        try:
            with transaction.atomic():
                journal.append(Numbered(number), subject=lamp(), actor=CLERK)
                self._appended.set()
                self._go.wait(20)
        finally:
            connection.close()

    def commit(self) -> None:
        self._go.set()
        self._thread.join(20)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_an_entry_that_commits_late_is_not_passed_by() -> None:
    late = Held(1)
    say(Numbered(2))
    seen = [entry.data["thread"] for entry in journal.read()]
    bookmark = journal.position()
    assert (seen, bookmark) == ([2], 1)
    late.commit()
    assert journal.seal() == 1
    assert [entry.data["thread"] for entry in journal.read(after=bookmark)] == [1]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_an_unsealed_entry_is_not_read_yet() -> None:
    with transaction.atomic():
        journal.append(LampLit(1), subject=lamp(), actor=CLERK)
    assert journal.read() == []
    assert journal.seal() == 1
    assert len(journal.read()) == 1


@pytest.mark.django_db(transaction=True)
def test_many_writers_and_sealers_leave_no_gap_and_no_double() -> None:
    def work(number: int) -> None:
        try:
            for _ in range(15):
                say(Numbered(number))
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    journal.seal()
    assert [entry.seq for entry in journal.read()] == list(range(1, 91))


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_one_sealer_at_a_time() -> None:
    """A second sealer gives way instead of numbering the same entries."""
    with transaction.atomic():
        journal.append(LampLit(1), subject=lamp(), actor=CLERK)
    entered, leave = threading.Event(), threading.Event()

    def first() -> None:
        try:
            with transaction.atomic():
                journal.seal()
                entered.set()
                leave.wait(20)
        finally:
            connection.close()

    thread = threading.Thread(target=first, daemon=True)
    thread.start()
    assert entered.wait(20)
    assert journal.seal() == 0
    leave.set()
    thread.join(20)
    assert [entry.seq for entry in journal.read()] == [1]


def test_randomness_of_the_run_reaches_the_salt() -> None:
    with randomness.seeded(5):
        first = randomness.bytes_(16)
    with randomness.seeded(5):
        assert randomness.bytes_(16) == first
