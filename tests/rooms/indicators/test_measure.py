"""A figure is the sum of its rows, on either database, and equals what a plain reading of the definition gives."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import jsonschema_rs
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tinhso.foundation.api import FactVersion, clock, facts, ids, packages
from tinhso.foundation.contracts import Actor
from tinhso.indicators.api import UnknownIndicator, definitions, history, measure, rows
from tinhso.indicators.contracts import Breakdown, Definition, Period, Side, Unit, Window, WindowKind
from tinhso.indicators.rules import figure as plain

from .factories import (
    CASE,
    DAY,
    ENTRY,
    RECORDED,
    UNITS,
    WINDOWS,
    as_json,
    at,
    case_row,
    case_rows,
    definition,
    fragments,
    levels,
    service_rows,
    store,
)

pytestmark = pytest.mark.django_db
JANUARY = Period.month(2021, 1)
NO_PACKAGE = {
    "code": "1", "tier": "commune", "field": "Hộ tịch", "published": True, "has_package": False, "level": None,
}  # fmt: skip
ONLINE = {"properties": {"wholly_online": {"const": True}}}
IN_TIME = {"properties": {"on_time": {"const": True}}}


@pytest.fixture(autouse=True)
def march() -> Iterator[clock.ManualClock]:
    """12 March 2021, after every row of these tests."""
    with clock.using(clock.ManualClock(at(date(2021, 3, 12)), datetime(2026, 11, 23, tzinfo=UTC))) as manual:
        yield manual


def clear() -> None:
    facts.find(CASE).table._default_manager.all().delete()


def reference(asked: Definition, kept: list[dict[str, Any]], period: Period) -> plain.Count:
    return plain.count(asked.measure(), kept, period, clock.LOCAL)


@settings(max_examples=120)
@given(
    st.lists(case_rows, max_size=12), fragments, fragments, st.sampled_from(WINDOWS[:3]),
    st.tuples(st.integers(0, 60), st.integers(0, 40)),
)  # fmt: skip
def test_figure_rows_and_plain_reading_agree(
    kept: list[dict[str, Any]], numerator: Any, denominator: Any, window: Window, span: tuple[int, int]
) -> None:
    clear()
    store(*kept)
    first = date(2020, 12, 1) + timedelta(days=span[0])
    period = Period(first, first + timedelta(days=span[1]))
    asked = definition(numerator, denominator, window)
    figure = measure(asked, period)
    expected = reference(asked, kept, period)
    assert (figure.numerator, figure.denominator, figure.undecided) == (
        expected.numerator, expected.denominator, expected.undecided,
    )  # fmt: skip
    shown = rows(asked, period)
    assert shown.total == len(shown.rows) == figure.denominator
    assert sum(r.counted for r in shown.rows) == figure.numerator
    assert sum(r.undecided for r in shown.rows) == figure.undecided
    counts = jsonschema_rs.Draft202012Validator(numerator)
    belongs = jsonschema_rs.Draft202012Validator(denominator)
    for row in shown.rows:
        assert belongs.is_valid(as_json(row.values))
        assert counts.is_valid(as_json(row.values)) is row.counted
    for side, total in (
        (Side.COUNTED, figure.numerator),
        (Side.OTHERS, figure.denominator - figure.numerator),
        (Side.UNDECIDED, figure.undecided),
    ):
        assert rows(asked, period, side=side).total == total


@settings(max_examples=150)
@given(st.lists(service_rows, max_size=8), levels, levels)
@example([NO_PACKAGE], {"not": {"properties": {"level": {"minimum": 1e25}}}}, True)
def test_a_number_that_is_not_known_is_neither_more_nor_less_than_another(
    kept: list[dict[str, Any]], numerator: Any, denominator: Any
) -> None:
    table = facts.find("services.service").table
    table._default_manager.all().delete()
    store(*kept, fact="services.service")
    asked = definition(numerator, denominator, WINDOWS[-1], fact="services.service")
    now = Period(date(2021, 1, 1), clock.today())
    figure = measure(asked, now)
    expected = reference(asked, kept, now)
    assert (figure.numerator, figure.denominator, figure.undecided) == (
        expected.numerator, expected.denominator, expected.undecided,
    )  # fmt: skip
    belongs = jsonschema_rs.Draft202012Validator(denominator)
    assert figure.denominator == sum(belongs.is_valid(as_json(row)) for row in kept)


@settings(max_examples=60)
@given(st.lists(case_rows, max_size=15), fragments, st.sampled_from(WINDOWS), st.sampled_from(list(Breakdown)))
def test_parts_add_up_to_the_figure(
    kept: list[dict[str, Any]], numerator: Any, window: Window, split: Breakdown
) -> None:
    clear()
    store(*kept)
    asked = definition(numerator, True, window)
    now = Period(date(2021, 1, 1), clock.today())
    figure = measure(asked, now, breakdown=split)
    assert sum(p.numerator for p in figure.parts) == figure.numerator
    assert sum(p.denominator for p in figure.parts) == figure.denominator
    assert sum(p.undecided for p in figure.parts) == figure.undecided
    for part in figure.parts:
        mine = [row for row in kept if row[split.value] == part.key]
        assert reference(asked, mine, now).denominator == part.denominator


@settings(max_examples=40)
@given(st.lists(case_rows, max_size=15), fragments, st.sampled_from(WINDOWS[:3]))
def test_a_series_is_the_figure_of_each_month(kept: list[dict[str, Any]], numerator: Any, window: Window) -> None:
    clear()
    store(*kept)
    asked = definition(numerator, True, window)
    series = history(asked, date(2021, 2, 20), months=4)
    assert [p.period.first for p in series] == [
        date(2020, 11, 1),
        date(2020, 12, 1),
        date(2021, 1, 1),
        date(2021, 2, 1),
    ]
    assert series[-1].period.last == date(2021, 2, 20)
    for point in series:
        figure = measure(asked, point.period)
        assert (point.numerator, point.denominator, point.undecided) == (
            figure.numerator, figure.denominator, figure.undecided,
        )  # fmt: skip
        assert point.value == figure.value


versioned = st.lists(
    st.tuples(
        st.integers(0, 3), case_rows, st.integers(0, 6),  # subject, row, recorded (hours)
        st.dates(date(2020, 12, 20), date(2021, 3, 5)),  # true on
    ),
    max_size=14,
)  # fmt: skip


@settings(max_examples=80)
@given(versioned, fragments, st.sampled_from(WINDOWS), st.none() | st.integers(-1, 7), st.booleans())
def test_what_was_known_at_a_moment_is_the_newest_version_recorded_by_then(
    history_of: list[tuple], numerator: Any, window: Window, known: int | None, past: bool
) -> None:
    clear()
    subjects = [ids.new() for _ in range(4)]
    table = facts.find(CASE).table
    versions = [
        table(
            id=ids.new(), subject_id=subjects[s], true_at=at(true_on), recorded_at=RECORDED + timedelta(hours=h),
            entry_id=ENTRY, current=False, **row,
        )
        for s, row, h, true_on in sorted(history_of, key=lambda item: item[2])
    ]  # fmt: skip
    for newest in {v.subject_id: v for v in versions}.values():
        newest.current = True
    table._default_manager.bulk_create(versions)
    period = JANUARY if past else Period(date(2021, 1, 1), clock.today())
    as_known = None if known is None else RECORDED + timedelta(hours=known)
    figure = measure(definition(numerator, True, window), period, as_known=as_known)

    def speaks(version: FactVersion) -> bool:
        timely = window.kind is WindowKind.WITHIN or version.true_at.astimezone(clock.LOCAL).date() <= period.last
        return timely and (as_known is None or version.recorded_at <= as_known)

    state = {v.subject_id: v for v in versions if speaks(v)}  # in the order of recording: the last one stays
    kept = [{name: getattr(v, name) for name in facts.find(CASE).columns} for v in state.values()]
    expected = reference(definition(numerator, True, window), kept, period)
    assert (figure.numerator, figure.denominator, figure.undecided) == (
        expected.numerator, expected.denominator, expected.undecided,
    )  # fmt: skip


def test_a_case_decided_in_february_was_still_open_at_the_end_of_january() -> None:
    table = facts.find(CASE).table
    subject = ids.new()
    waiting = case_row(due_at=at(date(2021, 2, 3)))
    late = {**waiting, "on_time": False, "status": 9, "finished_at": at(date(2021, 2, 5))}
    for row, day, current in ((waiting, DAY, False), (late, date(2021, 2, 5), True)):
        table._default_manager.create(
            id=ids.new(), subject_id=subject, true_at=at(day), recorded_at=RECORDED + (day - DAY), entry_id=ENTRY,
            current=current, **row,
        )  # fmt: skip
    not_late = {"properties": {"on_time": {"enum": [True, None]}}}
    to_do = definition(not_late, True, Window(WindowKind.OPEN, "received_at", "finished_at"))
    series = history(to_do, date(2021, 3, 10), months=3)
    assert [(p.numerator, p.denominator) for p in series] == [(1, 1), (0, 1), (0, 0)]
    assert [measure(to_do, p.period).denominator for p in series] == [1, 1, 0]


def test_nothing_to_divide_by_gives_no_value_and_says_why() -> None:
    figure = measure(definition(ONLINE), JANUARY)
    assert (figure.value, figure.denominator, figure.completeness) == (None, 0, None)
    assert "chưa có hồ sơ" in figure.reason.lower()
    assert all(point.value is None for point in history(definition(ONLINE), DAY))


def test_a_number_of_nothing_is_unknown_too_but_a_number_of_something_may_be_nought() -> None:
    store(case_row(wholly_online=False))
    assert measure(definition(ONLINE, unit=Unit.COUNT), JANUARY).value == 0


def test_a_case_in_its_time_is_undecided_neither_on_time_nor_late() -> None:
    store(case_row(), case_row(on_time=True), case_row(on_time=False))
    figure = measure(definition(IN_TIME), JANUARY)
    assert (figure.numerator, figure.denominator, figure.undecided, figure.decided) == (1, 3, 1, 2)
    assert figure.value == Decimal("33.33")
    assert figure.completeness is not None
    assert round(figure.completeness, 2) == Decimal("66.67")


def test_units_and_tiers_limit_figure_and_rows_alike() -> None:
    store(
        *(
            case_row(unit_id=u, tier=t)
            for u, t in zip(UNITS, ("commune", "commune", "district", "commune", "province"), strict=True)
        )
    )
    asked = definition(ONLINE)
    assert measure(asked, JANUARY, units=UNITS[:2]).denominator == rows(asked, JANUARY, units=UNITS[:2]).total == 2
    assert measure(asked, JANUARY, tier="commune").denominator == rows(asked, JANUARY, tier="commune").total == 3
    assert measure(asked, JANUARY, units=()).denominator == 0


def test_a_figure_of_the_whole_province_says_that_it_has_no_units() -> None:
    asked = definition(
        {"properties": {"level": {"type": "integer", "const": 4}}}, window=WINDOWS[-1], fact="services.service"
    )
    figure = measure(asked, JANUARY, units=UNITS)
    assert figure.value is None
    assert "cả tỉnh" in figure.reason
    assert rows(asked, JANUARY, units=UNITS).total == 0


def test_pages_show_every_row_once() -> None:
    store(*(case_row() for _ in range(23)))
    asked = definition(ONLINE)
    seen = [row.subject_id for page in (1, 2, 3) for row in rows(asked, JANUARY, page=page, size=10).rows]
    assert len(seen) == len(set(seen)) == 23
    assert rows(asked, JANUARY, page=99, size=10).page == 3
    assert rows(asked, JANUARY, page=-1, size=10).page == 1


@pytest.mark.parametrize("count", [3, 300])
def test_questions_cost_the_same_whatever_the_number_of_units(count: int) -> None:
    store(*(case_row(unit_id=ids.new()) for _ in range(count)))
    asked = definition(ONLINE)
    with CaptureQueriesContext(connection) as asked_for:
        assert len(measure(asked, JANUARY, breakdown=Breakdown.UNIT).parts) == count
    assert len(asked_for) == 2  # the journal's position, the figure with its parts
    with CaptureQueriesContext(connection) as asked_for:
        rows(asked, JANUARY)
    assert len(asked_for) == 2
    for window in WINDOWS:
        with CaptureQueriesContext(connection) as asked_for:
            history(definition(ONLINE, window=window), clock.today())
        assert len(asked_for) == 1


def test_freshness_says_when_something_last_changed() -> None:
    store(case_row())
    fresh = measure(definition(ONLINE), JANUARY).freshness
    assert fresh.changed_at == RECORDED
    assert fresh.taken_at == clock.now()


def test_installed_indicators_are_measured_by_name() -> None:
    for folder in packages.folders("indicators"):
        packages.install(kind="indicators", folder=folder, actor=Actor.system("test"))
    store(case_row(), case_row(wholly_online=False))
    assert measure("cases-wholly-online", JANUARY).value == Decimal("50.00")
    assert measure("on-time-rate", JANUARY, measure_id="to-do").value == Decimal("100.00")
    assert set(definitions()) >= {"services-level-4", "cases-wholly-online", "on-time-rate"}
    with pytest.raises(UnknownIndicator):
        measure("on-time", JANUARY)
    with pytest.raises(KeyError):
        measure("on-time-rate", JANUARY, measure_id="best")
