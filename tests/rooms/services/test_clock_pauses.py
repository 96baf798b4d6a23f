"""What stops the clock, what starts it again, and what only pretends to."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from tests.rooms.services.clock_factories import (
    ASKED,
    BACK,
    CALENDAR,
    PAID,
    RECEIVED,
    THREE_DAYS,
    WAITING,
    at,
    deadline,
    due,
    end_of,
    kinds,
    rules,
)
from tinhso.services.contracts.clock import (
    BreachKind,
    LedgerRule,
    Received,
    Resumed,
    Submitted,
    SupplementAsked,
    Supplemented,
    Suspended,
)
from tinhso.services.contracts.deadline import Certainty
from tinhso.services.rules.clock import compute, law_on

# --- supplements ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("unit", "amount", "policy", "expected"),
    [
        ("working_day", 10, "restart", end_of(2021, 1, 27)),  # ten days from 14/1
        ("working_day", 10, "suspend", end_of(2021, 1, 25)),  # 5 and 6/1 gone, eight days from 14/1
        ("working_day", 10, "none", end_of(2021, 1, 18)),
        ("calendar_day", 20, "restart", end_of(2021, 2, 2)),
        ("calendar_day", 20, "suspend", end_of(2021, 2, 1)),  # 31/1 is a Sunday
        ("calendar_day", 20, "none", end_of(2021, 1, 25)),
        ("month", 1, "restart", end_of(2021, 2, 17)),  # 13/2 lies in Tết
        ("month", 1, "suspend", end_of(2021, 2, 17)),  # 31 days, 2 gone, 29 from 13/1: 11/2 lies in Tết
        ("hour", 24, "restart", at(2021, 1, 18, 9, 0)),
        ("hour", 24, "suspend", at(2021, 1, 14, 8, 0)),  # 6½ + 8 + 2½ = 17 hours gone, 7 from 9:00
    ],
)
def test_a_lawful_supplement(unit: str, amount: int, policy: str, expected: datetime):
    result = due(deadline(unit, amount, policy), RECEIVED, ASKED, BACK)
    assert result.breaches == ()
    assert result.at == expected


def test_a_restart_strikes_out_what_was_counted_and_shows_it():
    result = due(THREE_DAYS, RECEIVED, ASKED, BACK)
    assert rules(result) == [
        LedgerRule.STARTED,
        LedgerRule.VOIDED,
        LedgerRule.PAUSED_FOR_SUPPLEMENT,
        LedgerRule.COUNTED,
    ]
    _, voided, paused, counted = result.ledger
    assert (voided.counted, voided.lost) == (0, 2)
    assert (voided.start, voided.end) == (at(2021, 1, 5, 7, 30), end_of(2021, 1, 6))
    assert (paused.start, paused.end, paused.counted) == (ASKED.at, BACK.at, 0)
    assert paused.source == law_on(date(2021, 1, 4)).source
    assert counted.counted == result.allowed == 3


def test_papers_brought_after_the_cut_off_or_on_a_day_off_count_the_next_working_day():
    late = due(THREE_DAYS, RECEIVED, ASKED, Supplemented(at(2021, 1, 13, 15, 30)))
    assert late.at == end_of(2021, 1, 19)
    assert LedgerRule.STARTED_AFTER_CUT_OFF in rules(late)
    saturday = due(THREE_DAYS, RECEIVED, ASKED, Supplemented(at(2021, 1, 16, 9, 0)))
    assert saturday.at == end_of(2021, 1, 21)
    assert rules(saturday).count(LedgerRule.STARTED) == 1
    shifted = saturday.ledger[3]
    assert (shifted.rule, shifted.end) == (LedgerRule.STARTED_ON_DAY_OFF, at(2021, 1, 18, 7, 30))
    assert shifted.source == law_on(date(2021, 1, 4)).counting_source


def test_while_papers_are_awaited_the_clock_stands():
    result = due(THREE_DAYS, RECEIVED, ASKED)
    assert result.paused_since == ASKED.at
    assert result.at == end_of(2021, 1, 7)
    last = result.ledger[-1]
    assert (last.rule, last.start, last.end) == (LedgerRule.PAUSED_FOR_SUPPLEMENT, ASKED.at, None)
    assert last.source == law_on(date(2021, 1, 4)).source
    assert sum(line.counted for line in result.ledger) == 2


def test_asking_on_the_day_of_reception_costs_nothing_yet():
    result = due(deadline("working_day", 3, "suspend"), RECEIVED, SupplementAsked(at(2021, 1, 4, 10, 0)), BACK)
    assert result.at == end_of(2021, 1, 18)
    assert rules(result) == [LedgerRule.STARTED, LedgerRule.PAUSED_FOR_SUPPLEMENT, LedgerRule.COUNTED]


def test_a_last_day_cut_short_is_given_back():
    result = due(deadline("working_day", 3, "suspend"), RECEIVED, SupplementAsked(at(2021, 1, 7, 10, 0)), BACK)
    assert result.at == end_of(2021, 1, 14)
    assert [line.counted for line in result.ledger if line.counted] == [2, 1]


def test_asking_on_the_third_working_day_is_the_last_chance():
    ten = deadline("working_day", 10)
    assert kinds(due(ten, RECEIVED, SupplementAsked(at(2021, 1, 7, 20, 0)))) == []
    late = due(ten, RECEIVED, SupplementAsked(at(2021, 1, 8, 8, 0)), BACK)
    (breach,) = late.breaches
    assert (breach.kind, breach.limit) == (BreachKind.SUPPLEMENT_TOO_LATE, date(2021, 1, 7))
    assert breach.at == at(2021, 1, 8, 8, 0)
    assert (breach.source, breach.certainty) == ("Nghị định 61/2018/NĐ-CP, Điều 17, 19", Certainty.READ)
    assert late.at == due(ten, RECEIVED).at
    assert late.paused_since is None


def test_the_three_days_run_from_the_day_reception_counts_as():
    after_cut_off = Received(at(2021, 1, 4, 16, 0))
    assert kinds(due(deadline("working_day", 10), after_cut_off, SupplementAsked(at(2021, 1, 8, 8, 0)))) == []


def test_a_second_request_is_a_breach_and_changes_nothing():
    once = due(deadline("working_day", 10), RECEIVED, ASKED, BACK)
    twice = due(
        deadline("working_day", 10),
        RECEIVED,
        ASKED,
        BACK,
        SupplementAsked(at(2021, 1, 15, 9, 0)),
        Supplemented(at(2021, 1, 20, 9, 0)),
    )
    assert kinds(twice) == [BreachKind.SUPPLEMENT_TOO_OFTEN]
    assert twice.breaches[0].limit == 1
    assert (twice.at, twice.ledger) == (once.at, once.ledger)


def test_asking_when_it_is_already_late_does_not_make_it_less_late():
    one_day = deadline("working_day", 1)
    late = due(one_day, RECEIVED, SupplementAsked(at(2021, 1, 5, 17, 31)), BACK)
    assert kinds(late) == [BreachKind.SUPPLEMENT_AFTER_DUE]
    assert late.breaches[0].limit == end_of(2021, 1, 5)
    assert late.at == end_of(2021, 1, 5)
    assert kinds(due(one_day, RECEIVED, SupplementAsked(end_of(2021, 1, 5)), BACK)) == []


def test_a_request_before_reception_uses_up_the_one_allowed_but_moves_no_clock():
    before = SupplementAsked(at(2021, 1, 4, 8, 0))
    brought = Supplemented(at(2021, 1, 4, 8, 30))
    result = due(deadline("working_day", 10), before, brought, RECEIVED, ASKED, BACK)
    assert kinds(result) == [BreachKind.SUPPLEMENT_TOO_OFTEN]
    assert result.at == due(deadline("working_day", 10), RECEIVED).at
    assert result.paused_since is None


def test_before_reception_the_three_days_run_from_submission():
    submitted = Submitted(at(2021, 1, 4, 9, 0))
    received = Received(at(2021, 1, 20, 9, 0))
    in_time = due(THREE_DAYS, submitted, SupplementAsked(at(2021, 1, 7, 9, 0)), received)
    late = due(THREE_DAYS, submitted, SupplementAsked(at(2021, 1, 8, 9, 0)), received)
    assert kinds(in_time) == []
    assert kinds(late) == [BreachKind.SUPPLEMENT_TOO_LATE]
    assert in_time.at == late.at == end_of(2021, 1, 25)


def test_a_submission_told_after_reception_opens_no_new_window():
    result = due(
        deadline("working_day", 10), RECEIVED, Submitted(at(2021, 1, 8, 8, 0)), SupplementAsked(at(2021, 1, 8, 9, 0))
    )
    assert kinds(result) == [BreachKind.SUPPLEMENT_TOO_LATE]


def test_papers_nobody_asked_for_change_nothing():
    assert due(THREE_DAYS, RECEIVED, BACK) == due(THREE_DAYS, RECEIVED)


def test_with_policy_none_the_clock_runs_on_but_the_guard_holds():
    none = deadline("working_day", 10, "none")
    result = due(none, RECEIVED, ASKED, BACK, SupplementAsked(at(2021, 1, 14, 9, 0)))
    assert kinds(result) == [BreachKind.SUPPLEMENT_TOO_OFTEN]
    assert result.at == due(none, RECEIVED).at


def test_a_sector_law_may_allow_more():
    law = replace(law_on(date(2021, 1, 4)), supplements=2, supplement_working_days=5)
    events = [
        RECEIVED,
        SupplementAsked(at(2021, 1, 5, 9, 0)),
        Supplemented(at(2021, 1, 6, 9, 0)),
        SupplementAsked(at(2021, 1, 11, 9, 0)),
        Supplemented(at(2021, 1, 12, 9, 0)),
    ]
    result = compute(events, deadline("working_day", 10), CALENDAR, law)
    assert result.breaches == ()
    assert result.at == end_of(2021, 1, 26)
    assert [line.lost for line in result.ledger if line.rule is LedgerRule.VOIDED] == [1, 3]


# --- other pauses --------------------------------------------------------------------------------------------


def test_a_suspension_pauses_whatever_the_supplement_policy():
    for policy in ("restart", "suspend", "none"):
        result = due(deadline("working_day", 10, policy), RECEIVED, WAITING, PAID)
        assert result.at == end_of(2021, 1, 25)
        paused = result.ledger[2]
        assert (paused.rule, paused.note) == (LedgerRule.PAUSED, "chờ nộp thuế")
        assert (paused.start, paused.end) == (WAITING.at, PAID.at)


def test_pauses_add_up():
    result = due(
        deadline("working_day", 10),
        RECEIVED,
        Suspended(at(2021, 1, 6, 10, 0), "chờ nộp thuế"),  # two days gone
        Resumed(at(2021, 1, 13, 9, 0)),
        Suspended(at(2021, 1, 15, 10, 0), "chờ ý kiến"),  # two more
        Resumed(at(2021, 1, 20, 9, 0)),
    )
    assert result.at == end_of(2021, 1, 28)
    assert [line.counted for line in result.ledger if line.counted] == [2, 2, 6]


def test_a_month_once_begun_keeps_its_length():
    result = due(deadline("month", 1), RECEIVED, WAITING, Resumed(at(2021, 2, 3, 9, 0)))
    assert result.allowed == 31
    assert result.at == end_of(2021, 3, 4)  # 2 of 31 days gone, 29 from 3/2


def test_paused_hours_stand_in_the_ledger():
    result = due(deadline("hour", 24), RECEIVED, WAITING, PAID)
    assert [(line.rule, line.counted) for line in result.ledger] == [
        (LedgerRule.STARTED, 0),
        (LedgerRule.COUNTED, 17 * 60),
        (LedgerRule.PAUSED, 0),
        (LedgerRule.COUNTED, 7 * 60),
    ]
    at_once = due(deadline("hour", 24), RECEIVED, Suspended(RECEIVED.at, "chờ"), PAID)
    assert rules(at_once) == [LedgerRule.STARTED, LedgerRule.PAUSED, LedgerRule.COUNTED]
    at_the_end = due(deadline("hour", 4), RECEIVED, Suspended(at(2021, 1, 4, 15, 0), "chờ"), PAID)
    assert at_the_end.at == PAID.at
    assert [line.counted for line in at_the_end.ledger] == [0, 240, 0, 0]


def test_a_suspension_still_open():
    result = due(THREE_DAYS, RECEIVED, WAITING)
    assert result.paused_since == WAITING.at
    assert (result.ledger[-1].rule, result.ledger[-1].end, result.ledger[-1].note) == (
        LedgerRule.PAUSED,
        None,
        "chờ nộp thuế",
    )


def test_a_pause_begun_and_ended_on_one_day_changes_nothing():
    for unit, amount in (("working_day", 10), ("calendar_day", 10), ("month", 1)):
        plain = due(deadline(unit, amount), RECEIVED)
        paused = due(deadline(unit, amount), RECEIVED, WAITING, Resumed(at(2021, 1, 6, 14, 0)))
        assert paused.at == plain.at


def test_suspending_what_is_already_late_changes_nothing():
    result = due(THREE_DAYS, RECEIVED, Suspended(at(2021, 1, 8, 8, 0), "chờ"), PAID)
    assert kinds(result) == [BreachKind.SUSPENDED_AFTER_DUE]
    assert result.breaches[0].limit == end_of(2021, 1, 7)
    assert result.at == end_of(2021, 1, 7)
    assert kinds(due(THREE_DAYS, RECEIVED, Suspended(end_of(2021, 1, 7), "chờ"), PAID)) == []


def test_suspending_twice_is_suspending_once():
    again = Suspended(at(2021, 1, 8, 9, 0), "chờ nữa")
    assert due(THREE_DAYS, RECEIVED, WAITING, again, PAID) == due(THREE_DAYS, RECEIVED, WAITING, PAID)


def test_resuming_what_runs_and_pausing_what_has_not_begun_change_nothing():
    early = Suspended(at(2021, 1, 3, 9, 0), "chờ")
    assert due(THREE_DAYS, early, RECEIVED, Resumed(at(2021, 1, 5, 9, 0))) == due(THREE_DAYS, RECEIVED)


def test_two_pauses_at_once_last_until_both_are_over():
    ten = deadline("working_day", 10, "suspend")
    taxes = Suspended(at(2021, 1, 7, 9, 0), "chờ nộp thuế")
    papers_first = due(ten, RECEIVED, ASKED, taxes, Supplemented(at(2021, 1, 8, 9, 0)), PAID)
    taxes_first = due(ten, RECEIVED, ASKED, taxes, Resumed(at(2021, 1, 8, 9, 0)), BACK)
    assert papers_first.at == taxes_first.at == end_of(2021, 1, 25)
    assert papers_first.breaches == ()
    both_open = due(ten, RECEIVED, ASKED, taxes)
    assert both_open.paused_since == ASKED.at
    assert [line.end for line in both_open.ledger[-2:]] == [None, None]
    other_way = due(ten, RECEIVED, WAITING, SupplementAsked(at(2021, 1, 7, 9, 0)))
    assert other_way.paused_since == WAITING.at


def test_papers_may_be_asked_for_while_suspended_past_the_due_day():
    two = deadline("working_day", 2)
    result = due(
        two, RECEIVED, WAITING, SupplementAsked(at(2021, 1, 7, 9, 0)), Supplemented(at(2021, 1, 8, 9, 0)), PAID
    )
    assert result.breaches == ()
    assert result.at == end_of(2021, 1, 15)
    again = due(two, RECEIVED, ASKED, Suspended(at(2021, 1, 8, 9, 0), "chờ"), BACK, Resumed(at(2021, 1, 14, 9, 0)))
    assert again.breaches == ()
    assert again.at == end_of(2021, 1, 18)


def test_a_restart_under_a_suspension_starts_from_the_beginning_when_both_are_over():
    ten = deadline("working_day", 10)
    result = due(ten, RECEIVED, ASKED, Suspended(at(2021, 1, 7, 9, 0), "chờ"), Supplemented(at(2021, 1, 8, 9, 0)), PAID)
    assert result.at == end_of(2021, 1, 27)
    assert sum(line.counted for line in result.ledger) == 10


def test_a_month_paused_before_its_first_day_is_measured_anew():
    month = deadline("month", 1, "suspend")
    events = (
        Received(at(2021, 1, 28, 16, 0)),
        SupplementAsked(at(2021, 1, 28, 16, 30)),
        Supplemented(at(2021, 3, 1, 9, 0)),
    )
    result = due(month, *events)
    assert result.at == end_of(2021, 4, 1)
    assert result.allowed == 31
