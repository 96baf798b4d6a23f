"""Days of a province from a seed: the same seed the same days, no work on days off, and no gaming unseen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date

import pytest
from django.db import transaction

from tests.rooms.services import factories
from tinhso.foundation.api import clock, journal, workdays
from tinhso.organisation.api import people
from tinhso.services.actions import documents
from tinhso.services.models import Case, CaseEvent, CaseFact, DataLook, Result, Task
from tinhso.site.simulation import Simulation, Summary
from tinhso.site.simulation.exposure import exposed

BEFORE_TET = date(2021, 2, 4)  # Tết days off: Wednesday 10 to Tuesday 16 February 2021
_COLUMNS = (
    "procedure", "tier", "channel", "status", "typed_by_official", "wholly_online", "resubmitted", "late_supplement",
    "on_time", "submitted_on", "received_at", "due_at", "finished_at", "true_at",
)  # fmt: skip


def play(first: date, days: int, per_day: int, seed: int = 1, **more: bool) -> Summary:
    simulation = Simulation(first=first, days=days, per_day=per_day, seed=seed, **more)  # type: ignore[arg-type]
    assert len(list(simulation.run())) <= days
    return simulation.summary


def facts() -> list[tuple[object, ...]]:
    return sorted(CaseFact.objects.filter(current=True).values_list(*_COLUMNS), key=repr)


def played_alone(seed: int) -> tuple[Counter[str], list[tuple[object, ...]]]:
    """Play in a transaction that is taken back."""
    with transaction.atomic():
        summary = play(date(2021, 1, 18), 2, 10, seed, dishonest=True)
        found = facts()
        transaction.set_rollback(True)
    return summary.steps, found


@pytest.fixture(scope="module")
def dishonest(filled: None, django_db_blocker: object) -> Iterator[Summary]:
    """Twenty days over Tết with everything planted that games the figures."""
    with django_db_blocker.unblock(), transaction.atomic():  # type: ignore[attr-defined]
        yield play(BEFORE_TET, 20, 14, 3, dishonest=True)
        transaction.set_rollback(True)


def test_the_same_seed_gives_the_same_days_and_another_seed_others(filled: None, db: None) -> None:
    first, again, other = played_alone(5), played_alone(5), played_alone(6)
    assert first == again
    assert first[1] != other[1]
    assert first[0]["submitted"] > 10


def test_what_games_the_figures_is_exposed_whole(dishonest: Summary, db: None) -> None:
    found = exposed(dishonest)
    assert [line.what for line in found if not line.planted] == [], "every kind was planted"
    assert [(line.what, line.planted) for line in found] == [(line.what, line.found) for line in found]


def test_no_official_works_on_a_day_off_or_outside_office_hours(dishonest: Summary, db: None) -> None:
    calendar = workdays.calendar()
    moments = [
        *CaseEvent.objects.exclude(kind__in=("submitted", "supplemented", "withdrawn"))
        .exclude(kind__startswith="payment_").values_list("at", flat=True),
        *CaseEvent.objects.filter(case__typed_by__isnull=False, kind="submitted").values_list("at", flat=True),
        *DataLook.objects.values_list("at", flat=True),
    ]  # fmt: skip
    assert len(moments) > 300
    outside = [at.astimezone(clock.LOCAL) for at in moments if calendar.next_working_moment(at) != at]
    # the last minute of the day and of the morning belongs to both
    assert [at for at in outside if calendar.working_minutes_between(at.replace(hour=0, minute=0), at) % 240] == []
    tet = {date(2021, 2, d) for d in range(10, 17)}
    assert not {at.astimezone(clock.LOCAL).date() for at in moments} & tet
    assert {c.astimezone(clock.LOCAL).date() for c in Case.objects.values_list("submitted_at", flat=True)} & tet


def test_all_four_procedures_come_to_their_ends_and_nothing_stands_still(dishonest: Summary, db: None) -> None:
    done = Counter(Case.objects.filter(finished_at__isnull=False).values_list("procedure", flat=True))
    assert set(done) == {factories.EXTRACT, factories.HOUSEHOLD, factories.PERMIT, factories.JOINT}
    unfinished = Case.objects.filter(finished_at=None)
    without_task = [case for case in unfinished if not Task.objects.filter(case_id=case.id, open=True).exists()]
    assert without_task == []
    refused = set(dishonest.refused)
    assert not [m for m in refused if "Không thể" in m or "không giải quyết" in m], refused


def test_nobody_simulated_bears_a_real_officials_name(dishonest: Summary, db: None) -> None:
    hired = [a.name for a in people.officials() if a.login.startswith("mp.")]
    assert hired
    assert all(name.endswith("(mô phỏng)") for name in hired)


def test_results_are_made_on_demand_while_playing_and_at_once_afterwards(dishonest: Summary, db: None) -> None:
    assert Result.objects.exists()
    assert not Result.objects.exclude(blob=None).exists()
    assert documents.on_demand.get() is False, "playing leaves no trace in the process"


def test_the_journal_of_simulated_days_proves_itself(dishonest: Summary, db: None) -> None:
    journal.seal()
    assert journal.verify() == []
