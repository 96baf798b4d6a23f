"""New dates with an apology, the end of a case, odd input, and the law in time."""

import itertools
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest

from tests.rooms.services.clock_factories import (
    ASKED,
    BACK,
    CALENDAR,
    RECEIVED,
    THREE_DAYS,
    at,
    deadline,
    due,
    end_of,
    kinds,
    moved,
    rules,
)
from tinhso.services.contracts.clock import (
    BreachKind,
    ClockEvent,
    Finished,
    LedgerRule,
    NotReceived,
    Reappointed,
    Received,
    Resumed,
    Submitted,
    SupplementAsked,
    Suspended,
    Withdrawn,
)
from tinhso.services.contracts.deadline import Certainty, Deadline
from tinhso.services.rules.clock import CLOCK_LAWS, NoLaw, compute, law_on

# --- re-appointment ------------------------------------------------------------------------------------------


def test_a_re_appointment_in_time_moves_the_due_moment():
    result = due(THREE_DAYS, RECEIVED, moved(at(2021, 1, 6, 16, 0), at(2021, 1, 12, 10, 0)))
    assert result.breaches == ()
    assert result.at == result.promised == end_of(2021, 1, 12)
    assert result.original == end_of(2021, 1, 7)
    assert result.allowed == 6
    assert rules(result) == [LedgerRule.STARTED, LedgerRule.REAPPOINTED, LedgerRule.COUNTED]
    line = result.ledger[1]
    assert (line.start, line.end, line.counted) == (at(2021, 1, 6, 16, 0), at(2021, 1, 12, 10, 0), 0)
    assert line.source == law_on(date(2021, 1, 4)).source
    assert result.ledger[2].counted == 6


@pytest.mark.parametrize(
    ("allowed", "apology", "to", "kind", "limit"),
    [
        (THREE_DAYS, at(2021, 1, 7, 8, 0), at(2021, 1, 12, 17, 0), BreachKind.REAPPOINTED_TOO_LATE, date(2021, 1, 6)),
        (THREE_DAYS, at(2021, 1, 6, 23, 0), at(2021, 1, 12, 17, 0), None, None),
        (THREE_DAYS, at(2021, 1, 6, 9, 0), at(2021, 1, 7, 17, 0), BreachKind.REAPPOINTED_NOT_LATER, end_of(2021, 1, 7)),
        (THREE_DAYS, at(2021, 1, 6, 9, 0), at(2021, 1, 5, 17, 0), BreachKind.REAPPOINTED_NOT_LATER, end_of(2021, 1, 7)),
        # a day before Monday 25/1 is Sunday 24/1
        (deadline("calendar_day", 20), at(2021, 1, 24, 9, 0), at(2021, 1, 28, 9, 0), None, None),
        (
            deadline("calendar_day", 20),
            at(2021, 1, 25, 8, 0),
            at(2021, 1, 28, 9, 0),
            BreachKind.REAPPOINTED_TOO_LATE,
            date(2021, 1, 24),
        ),
        (
            deadline("calendar_day", 20),
            at(2021, 1, 20, 8, 0),
            at(2021, 1, 25, 9, 0),
            BreachKind.REAPPOINTED_NOT_LATER,
            end_of(2021, 1, 25),
        ),
        (
            deadline("month", 1),
            at(2021, 2, 4, 8, 0),
            at(2021, 2, 9, 9, 0),
            BreachKind.REAPPOINTED_TOO_LATE,
            date(2021, 2, 3),
        ),
        # same-day and hour deadlines have no days before expiry
        (deadline("same_day", 0), end_of(2021, 1, 4), at(2021, 1, 5, 9, 0), None, None),
        (
            deadline("same_day", 0),
            at(2021, 1, 4, 17, 31),
            at(2021, 1, 5, 9, 0),
            BreachKind.REAPPOINTED_TOO_LATE,
            end_of(2021, 1, 4),
        ),
        (deadline("hour", 4), at(2021, 1, 4, 15, 0), at(2021, 1, 4, 16, 0), None, None),
        (
            deadline("hour", 4),
            at(2021, 1, 4, 15, 1),
            at(2021, 1, 4, 16, 0),
            BreachKind.REAPPOINTED_TOO_LATE,
            at(2021, 1, 4, 15, 0),
        ),
        (
            deadline("hour", 4),
            at(2021, 1, 4, 14, 0),
            at(2021, 1, 4, 15, 0),
            BreachKind.REAPPOINTED_NOT_LATER,
            at(2021, 1, 4, 15, 0),
        ),
        (deadline("hour", 4), at(2021, 1, 4, 14, 0), at(2021, 1, 4, 15, 1), None, None),
    ],
)
def test_when_a_re_appointment_is_lawful(allowed: Deadline, apology: datetime, to: datetime, kind, limit):
    result = due(allowed, RECEIVED, Reappointed(at(2021, 1, 4, 9, 30), to, apology))
    assert kinds(result) == ([] if kind is None else [kind])
    plain = due(allowed, RECEIVED).at
    assert result.original == plain
    if kind is None:
        assert result.at > plain
    else:
        assert result.breaches[0].limit == limit
        assert result.at == plain
        assert result.promised == max(plain, to)


def test_hours_are_re_appointed_to_the_minute():
    result = due(deadline("hour", 4), RECEIVED, moved(at(2021, 1, 4, 14, 0), at(2021, 1, 5, 9, 15)))
    assert result.at == at(2021, 1, 5, 9, 15)
    assert result.allowed == 240 + 150 + 105
    assert result.original == at(2021, 1, 4, 15, 0)
    assert result.ledger[-1].counted == result.allowed


def test_a_new_date_on_a_day_off_moves_on():
    saturday = due(THREE_DAYS, RECEIVED, moved(at(2021, 1, 5, 9, 0), at(2021, 1, 16, 9, 0)))
    assert saturday.at == end_of(2021, 1, 18)
    calendar_days = due(deadline("calendar_day", 20), RECEIVED, moved(at(2021, 1, 5, 9, 0), at(2021, 1, 30, 9, 0)))
    assert calendar_days.at == end_of(2021, 2, 1)
    assert calendar_days.allowed == sum(line.counted for line in calendar_days.ledger) == 28


def test_a_second_re_appointment_is_a_breach_and_lateness_is_judged_by_the_first():
    first = moved(at(2021, 1, 5, 9, 0), at(2021, 1, 12, 9, 0))
    second = moved(at(2021, 1, 11, 9, 0), at(2021, 1, 20, 9, 0))
    result = due(THREE_DAYS, RECEIVED, first, second)
    assert kinds(result) == [BreachKind.REAPPOINTED_TOO_OFTEN]
    assert result.breaches[0].limit == 1
    assert result.original == end_of(2021, 1, 7)
    assert result.at == end_of(2021, 1, 12)
    assert result.promised == at(2021, 1, 20, 9, 0)


def test_an_unlawful_first_re_appointment_uses_up_the_only_one():
    late = moved(at(2021, 1, 7, 9, 0), at(2021, 1, 12, 9, 0))
    assert kinds(due(THREE_DAYS, RECEIVED, late, late)) == [
        BreachKind.REAPPOINTED_TOO_LATE,
        BreachKind.REAPPOINTED_TOO_OFTEN,
    ]


def test_a_law_of_its_own_is_heard_for_the_original_too():
    law = replace(law_on(date(2021, 1, 4)), reappointments=2, same_day_cut_off=time(8, 0))
    same_day = deadline("same_day", 0, cut_off=None)  # received after 8:00: due on 5/1
    first = moved(at(2021, 1, 5, 9, 0), at(2021, 1, 7, 9, 0))
    second = moved(at(2021, 1, 6, 9, 0), at(2021, 1, 8, 9, 0))
    result = compute([RECEIVED, first, second], same_day, CALENDAR, law)
    assert (result.at, result.original) == (end_of(2021, 1, 8), end_of(2021, 1, 5))
    assert result.allowed == 3
    asked, back = SupplementAsked(at(2021, 1, 6, 10, 0)), BACK
    restarted = compute([RECEIVED, first, second, asked, back], same_day, CALENDAR, law)
    assert restarted.allowed == 3
    assert restarted.at == end_of(2021, 1, 19)  # 13/1 after 8:00 counts as 14/1, three days granted


def test_without_an_apology_nothing_moves():
    result = due(THREE_DAYS, RECEIVED, Reappointed(at(2021, 1, 5, 9, 0), at(2021, 1, 12, 9, 0), None))
    assert kinds(result) == [BreachKind.REAPPOINTED_WITHOUT_APOLOGY]
    assert result.breaches[0].limit is None
    assert (result.at, result.promised) == (end_of(2021, 1, 7), at(2021, 1, 12, 9, 0))


def test_a_re_appointment_before_reception_is_passed_over():
    early = moved(at(2021, 1, 3, 9, 0), at(2021, 1, 12, 9, 0))
    assert due(THREE_DAYS, early, RECEIVED) == due(THREE_DAYS, RECEIVED)


def test_a_pause_after_a_re_appointment_keeps_what_was_granted():
    result = due(
        THREE_DAYS,
        RECEIVED,
        moved(at(2021, 1, 5, 9, 0), at(2021, 1, 14, 9, 0)),  # five more working days
        Suspended(at(2021, 1, 11, 9, 0), "chờ nộp thuế"),  # five gone, three left
        Resumed(at(2021, 1, 18, 9, 0)),
    )
    assert result.breaches == ()
    assert result.at == end_of(2021, 1, 21)
    assert result.original == end_of(2021, 1, 7)
    assert result.allowed == sum(line.counted for line in result.ledger) == 8


def test_a_restart_after_a_re_appointment_keeps_what_was_granted():
    result = due(THREE_DAYS, RECEIVED, moved(at(2021, 1, 5, 9, 0), at(2021, 1, 14, 9, 0)), ASKED, BACK)
    assert result.at == end_of(2021, 1, 25)
    assert result.allowed == sum(line.counted for line in result.ledger) == 8
    assert result.original == end_of(2021, 1, 18)
    hours = due(deadline("hour", 4), RECEIVED, moved(at(2021, 1, 4, 10, 0), at(2021, 1, 8, 15, 0)), ASKED, BACK)
    assert hours.allowed == 4 * 60 + 4 * 480
    same_day = due(deadline("same_day", 0), RECEIVED, moved(at(2021, 1, 4, 10, 0), at(2021, 1, 8, 15, 0)), ASKED, BACK)
    assert same_day.at == end_of(2021, 1, 19)


# --- the case's end, and odd input ---------------------------------------------------------------------------


@pytest.mark.parametrize("end", [Finished, Withdrawn])
def test_what_comes_after_the_end_is_passed_over(end: type[Finished | Withdrawn]):
    ended = due(THREE_DAYS, RECEIVED, end(at(2021, 1, 5, 9, 0)), ASKED, BACK)
    assert ended == due(THREE_DAYS, RECEIVED)


def test_receiving_again_does_not_start_the_clock_again():
    again = due(THREE_DAYS, RECEIVED, Received(at(2021, 1, 6, 9, 0)))
    assert kinds(again) == [BreachKind.RECEIVED_AGAIN]
    assert again.breaches[0].limit is None
    assert again.at == end_of(2021, 1, 7)


def test_events_may_come_in_any_order():
    events = [RECEIVED, ASKED, BACK, Finished(at(2021, 1, 15, 9, 0))]
    assert compute(reversed(events), THREE_DAYS, CALENDAR) == compute(events, THREE_DAYS, CALENDAR)


@pytest.mark.parametrize("events", [[Submitted(at(2021, 1, 4, 9, 0))], [Finished(at(2021, 1, 4, 9, 0)), RECEIVED]])
def test_without_reception_there_is_no_due_moment(events: list[ClockEvent]):
    with pytest.raises(NotReceived, match=r"^no valid dossier has been received yet$"):
        compute(events, THREE_DAYS, CALENDAR)


def test_a_case_without_a_story_has_no_due_moment():
    with pytest.raises(NotReceived, match=r"^nothing has happened to the case yet$"):
        compute([], THREE_DAYS, CALENDAR)


def test_a_moment_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="no time zone"):
        due(THREE_DAYS, Received(datetime(2021, 1, 4, 9, 0)))  # noqa: DTZ001


# --- the law -------------------------------------------------------------------------------------------------


def test_the_laws_follow_each_other_without_gap():
    for earlier, later in itertools.pairwise(CLOCK_LAWS):
        assert earlier.valid_to is not None
        assert later.valid_from == earlier.valid_to + timedelta(1)
    assert CLOCK_LAWS[-1].valid_to is None


@pytest.mark.parametrize(
    ("day", "source", "certainty"),
    [
        (date(2018, 6, 21), "Nghị định 61/2018/NĐ-CP", Certainty.READ),
        (date(2025, 6, 30), "Nghị định 61/2018/NĐ-CP", Certainty.READ),
        (date(2025, 7, 1), "Nghị định 118/2025/NĐ-CP", Certainty.UNKNOWN),
        (date(2026, 11, 24), "Nghị định 118/2025/NĐ-CP", Certainty.UNKNOWN),
    ],
)
def test_the_law_of_a_day(day: date, source: str, certainty: Certainty):
    law = law_on(day)
    assert law.source.startswith(source)
    assert law.certainty is certainty
    assert (law.supplement_working_days, law.supplements, law.reappointments, law.apology_days_before) == (3, 1, 1, 1)
    assert law.same_day_cut_off == time(15, 0)
    assert law.counting_source == "Bộ luật Dân sự 91/2015/QH13, Điều 147, 148"
    assert law.counting_certainty is Certainty.MEMORY


def test_before_the_first_law_nothing_is_guessed():
    with pytest.raises(
        NoLaw, match=r"^no law of the clock is known for 2018-06-20; the first row starts on 2018-06-21$"
    ):
        law_on(date(2018, 6, 20))


def test_a_case_keeps_the_law_of_the_day_it_was_received():
    received = Received(at(2025, 6, 30, 9, 0))
    late = SupplementAsked(at(2025, 7, 8, 9, 0))
    assert due(deadline("working_day", 10), received, late).breaches[0].source.startswith("Nghị định 61/2018")
    submitted = Submitted(at(2025, 6, 30, 9, 0))
    new = due(deadline("working_day", 10), submitted, Received(at(2025, 7, 1, 9, 0)), late)
    assert new.breaches[0].source == "Nghị định 118/2025/NĐ-CP"
