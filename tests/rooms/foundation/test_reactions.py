"""Reactions: each entry reaches each reader at least once, in order per subject; a poisoned one is parked in sight."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import transaction

from tests.rooms.foundation.said import LampLit, LampPutOut, lamp, say
from tinhso.foundation import clock, installation, journal, reactions
from tinhso.foundation.contracts import Actor, Subject
from tinhso.foundation.models import Bookmark, HeldEntry, Setting
from tinhso.foundation.reactions import PAUSES, Reaction

pytestmark = pytest.mark.django_db(transaction=True)


class Reader:
    """Takes lamps' turns; fails where it is told to."""

    def __init__(self, name: str = "tests.reader") -> None:
        self.name = name
        self.taken: list[tuple[Subject, int]] = []
        self.fails: Callable[[journal.Entry], bool] = lambda entry: False

    def run(self, entry: journal.Entry) -> None:
        if self.fails(entry):
            raise LookupError(entry.data["turn"])
        self.taken.append((entry.subject, entry.data["turn"]))

    def rows(self) -> list[Reaction]:
        return [Reaction(LampLit.NAME, self.name, self.run)]

    def of(self, subject: Subject) -> list[int]:
        return [turn for about, turn in self.taken if about == subject]


@pytest.fixture
def reader() -> Reader:
    return Reader()


def settle(reader: Reader, moment: clock.ManualClock, rounds: int = 12) -> None:
    """Let all pauses pass."""
    for _ in range(rounds):
        journal.seal()
        reactions.run_once(reader.rows())
        moment.advance(timedelta(seconds=max(PAUSES)))


def test_each_entry_is_taken_once_where_nothing_fails(reader: Reader) -> None:
    subject = lamp()
    for turn in range(5):
        say(LampLit(turn), subject)
        say(LampPutOut(turn), subject)
    assert reactions.run_once(reader.rows()) == 5
    assert reactions.run_once(reader.rows()) == 0
    assert reader.of(subject) == [0, 1, 2, 3, 4]


def test_small_batches_lose_nothing(reader: Reader) -> None:
    for turn in range(7):
        say(LampLit(turn))
        say(LampPutOut(turn))
    while reactions.run_once(reader.rows(), batch=2):
        pass
    assert [turn for _, turn in reader.taken] == list(range(7))


def test_each_reader_has_a_bookmark_of_its_own(reader: Reader, moment: clock.ManualClock) -> None:
    other = Reader("tests.other")
    other.fails = lambda entry: True
    say(LampLit(1))
    reactions.run_once([*reader.rows(), *other.rows()])
    assert len(reader.taken) == 1
    assert {h.reader for h in HeldEntry.objects.all()} == {"tests.other"}


def test_what_a_failing_reaction_wrote_is_undone(reader: Reader) -> None:
    def half(entry: journal.Entry) -> None:
        installation.put("half", entry.data["turn"])
        raise ValueError

    say(LampLit(1))
    reactions.run_once([Reaction(LampLit.NAME, "tests.half", half)])
    assert not Setting.objects.filter(name="half").exists()


def test_a_crash_between_deed_and_bookmark_is_taken_again(reader: Reader) -> None:
    """The reaction's writes and its bookmark commit together: a crash loses both or none."""
    subject = lamp()
    say(LampLit(1), subject)

    def crash(entry: journal.Entry) -> None:
        installation.put("done", entry.data["turn"])
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        reactions.run_once([Reaction(LampLit.NAME, reader.name, crash)])
    assert installation.get("done") is None
    assert Bookmark.objects.get(reader=reader.name).seq == 0
    reactions.run_once(reader.rows())
    assert reader.of(subject) == [1]


def test_a_failing_reaction_is_tried_again_later(reader: Reader, moment: clock.ManualClock) -> None:
    subject, broken = lamp(), True
    reader.fails = lambda entry: broken
    say(LampLit(1), subject)
    reactions.run_once(reader.rows())
    broken = False
    reactions.run_once(reader.rows())
    assert reader.of(subject) == [], "not before its pause is over"
    moment.advance(timedelta(seconds=PAUSES[0]))
    reactions.run_once(reader.rows())
    assert reader.of(subject) == [1]
    assert not HeldEntry.objects.exists()


def test_later_entries_of_a_held_subject_wait_and_keep_their_order(reader: Reader, moment: clock.ManualClock) -> None:
    poor, other, broken = lamp(), lamp(), True
    reader.fails = lambda entry: broken and entry.subject == poor and entry.data["turn"] == 0
    for turn in range(4):
        say(LampLit(turn), poor)
        say(LampLit(turn), other)
    reactions.run_once(reader.rows())
    assert reader.of(other) == [0, 1, 2, 3]
    assert reader.of(poor) == []
    broken = False
    settle(reader, moment, 3)
    assert reader.of(poor) == [0, 1, 2, 3]


def test_a_poisoned_subject_is_parked_with_an_alert_and_the_others_go_on(
    reader: Reader, moment: clock.ManualClock
) -> None:
    poor, other = lamp(), lamp()
    reader.fails = lambda entry: entry.subject == poor
    say(LampLit(1), poor)
    settle(reader, moment)
    [held] = reactions.parked()
    assert (held.subject_id, held.reader, held.error) == (poor.id, reader.name, "LookupError")
    assert held.tries == len(PAUSES)
    alerts = [e for e in journal.about(poor) if e.event == "foundation.SubjectParked"]
    assert [e.data["reader"] for e in alerts] == [reader.name]
    say(LampLit(2), other)
    say(LampLit(2), poor)
    settle(reader, moment, 3)
    assert reader.of(other) == [2]
    assert reader.of(poor) == []


def test_a_released_subject_goes_on_from_its_first_held_entry(reader: Reader, moment: clock.ManualClock) -> None:
    poor, broken = lamp(), True
    reader.fails = lambda entry: broken
    for turn in range(3):
        say(LampLit(turn), poor)
    settle(reader, moment)
    assert reactions.parked()
    broken = False
    reactions.release(reader.name, poor)
    settle(reader, moment, 3)
    assert reader.of(poor) == [0, 1, 2]
    assert not HeldEntry.objects.exists()


def test_a_long_queue_behind_parked_subjects_does_not_starve_the_rest(
    reader: Reader, moment: clock.ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reactions, "RETRIES", 5)
    poor, later, broken = lamp(), lamp(), True
    reader.fails = lambda entry: entry.subject == poor or broken
    for turn in range(8):
        say(LampLit(turn), poor)
    settle(reader, moment)
    say(LampLit(99), later)
    reactions.run_once(reader.rows())
    broken = False
    settle(reader, moment, 2)
    assert reader.of(later) == [99]


def test_an_event_nobody_reads_any_more_does_not_hold_its_subject(reader: Reader, moment: clock.ManualClock) -> None:
    reader.fails = lambda entry: True
    say(LampLit(1))
    reactions.run_once(reader.rows())
    moment.advance(timedelta(seconds=PAUSES[0]))
    reactions.run_once([Reaction(LampPutOut.NAME, reader.name, reader.run)])
    assert not HeldEntry.objects.exists()


def test_a_reaction_may_speak_itself(reader: Reader) -> None:
    subject = lamp()

    def answer(entry: journal.Entry) -> None:
        with transaction.atomic():
            journal.append(LampPutOut(entry.data["turn"]), subject=entry.subject, actor=Actor.system("tests.answer"))

    say(LampLit(6), subject)
    reactions.run_once([Reaction(LampLit.NAME, "tests.answer", answer)])
    journal.seal()
    assert [(e.event, e.data["turn"]) for e in journal.about(subject)] == [(LampLit.NAME, 6), (LampPutOut.NAME, 6)]
