"""Facts keep one current version a subject; the installation's own values stay with its data."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.db import connection, models, transaction

from tests.rooms.foundation.said import CLERK, LampLit, lamp, say
from tinhso.foundation import actions, clock, facts, installation, workdays
from tinhso.foundation.models import CalendarDay, FactVersion


class LampFact(FactVersion):
    """How bright a lamp burns."""

    brightness = models.IntegerField()

    class Meta:
        app_label = "tests"
        db_table = "tests_lamp_fact"


@pytest.fixture
def table(transactional_db: None) -> Iterator[None]:
    with connection.schema_editor() as editor:
        editor.create_model(LampFact)
    yield
    with connection.schema_editor() as editor:
        editor.delete_model(LampFact)


@pytest.mark.usefixtures("table")
def test_one_version_of_a_subject_is_current_and_the_older_stay(moment: clock.ManualClock) -> None:
    subject, other = lamp(), lamp()
    entry_id = say(LampLit(1), subject)
    for brightness in (1, 2, 3):
        with transaction.atomic():
            for about in (subject, other):
                version = LampFact(subject_id=about.id, true_at=clock.now(), brightness=brightness)
                facts.record(version, entry_id=entry_id, first=brightness == 1)
        moment.advance(timedelta(hours=1))
    rows = LampFact.objects.filter(subject_id=subject.id)
    assert [r.brightness for r in rows.filter(current=True)] == [3]
    assert [r.brightness for r in rows.order_by("recorded_at")] == [1, 2, 3]
    assert {r.entry_id for r in rows} == {entry_id}
    assert LampFact.objects.filter(current=True).count() == 2


@pytest.mark.usefixtures("table")
def test_a_fact_of_a_rolled_back_action_was_never_known() -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        facts.record(LampFact(subject_id=lamp().id, true_at=clock.now(), brightness=1), entry_id=say(LampLit()))
        raise ZeroDivisionError
    assert not LampFact.objects.exists()


def test_facts_are_found_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(facts, "_offered", {})
    fact = facts.Fact("tests.lamp", LampFact, ("brightness",), "Đèn")
    facts.offer(fact)
    assert facts.find("tests.lamp") is fact
    assert facts.offered() == (fact,)
    with pytest.raises(KeyError):
        facts.find("tests.torch")


@pytest.mark.django_db
def test_an_installations_value_is_kept_until_it_is_changed() -> None:
    assert installation.get("tests.word") is None
    assert installation.get("tests.word", "chưa có") == "chưa có"
    installation.put("tests.word", {"tên": ["Đường", 1]})
    installation.put("tests.other", 0)
    assert installation.get("tests.word") == {"tên": ["Đường", 1]}
    installation.put("tests.word", False)
    assert installation.get("tests.word", True) is False


@pytest.mark.django_db
def test_an_edit_of_the_calendar_is_in_force_at_once(moment: clock.ManualClock) -> None:
    day = date(2021, 3, 10)
    assert workdays.calendar().is_working(day)
    workdays.edit(day, working=False, reason="Bão", source="Công điện")
    assert not workdays.calendar().is_working(day)
    workdays.edit(day, working=True, reason="Bão tan", source="Công điện khác")
    assert workdays.calendar().is_working(day)


@pytest.mark.django_db
def test_another_edit_of_the_same_moment_is_another_calendar(moment: clock.ManualClock) -> None:
    """A calendar kept in memory belongs to the edits it was made from, not to their number and time."""
    workdays.edit(date(2021, 3, 10), working=False, reason="Bão", source="Công điện")
    assert not workdays.calendar().is_working(date(2021, 3, 10))
    CalendarDay.objects.all().delete()
    workdays.edit(date(2021, 3, 11), working=False, reason="Bão", source="Công điện")
    assert workdays.calendar().is_working(date(2021, 3, 10))
    assert not workdays.calendar().is_working(date(2021, 3, 11))


# --- actions


@pytest.mark.django_db(transaction=True)
def test_an_action_is_one_transaction() -> None:
    @actions.action
    def light(*, fail: bool) -> int:
        installation.put("tests.light", 1)
        if fail:
            raise ZeroDivisionError
        return 7

    with pytest.raises(ZeroDivisionError):
        light(fail=True)
    assert installation.get("tests.light") is None
    assert light(fail=False) == 7
    assert installation.get("tests.light") == 1


def test_an_action_takes_keywords_only() -> None:
    with pytest.raises(TypeError, match="keywords only"):

        @actions.action
        def wrong(subject: str) -> None: ...

    assert CLERK.id
