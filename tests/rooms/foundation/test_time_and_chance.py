"""Time, identity and chance come from one injected place, so that a run can be repeated."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from uuid import RFC_4122, UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinhso.foundation import clock, ids, randomness

MOMENTS = st.datetimes(datetime(1971, 1, 2), datetime(9000, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(MOMENTS)
def test_an_id_is_a_uuid_of_version_seven_and_tells_its_millisecond(at: datetime) -> None:
    with clock.using(clock.ManualClock(at, at)), randomness.seeded(1):
        made = ids.new()
    assert made.version == 7
    assert made.variant == RFC_4122
    assert made.int >> 80 == int(at.timestamp() * 1000)


def test_ids_sort_as_they_were_made_even_while_the_clock_stands(moment: clock.ManualClock) -> None:
    made = [ids.new() for _ in range(2000)]
    moment.advance(timedelta(milliseconds=1))
    made += [ids.new() for _ in range(2000)]
    assert made == sorted(made)
    assert len(set(made)) == 4000


def test_neighbouring_ids_do_not_follow_by_one(moment: clock.ManualClock) -> None:
    """Whoever holds one id cannot count on to the next."""
    made = [ids.new().int for _ in range(200)]
    assert min(b - a for a, b in pairwise(made)) > 1
    assert len({b - a for a, b in pairwise(made)}) > 190


def test_threads_never_get_the_same_id() -> None:
    def many(_: int) -> list[UUID]:
        return [ids.new() for _ in range(500)]

    with ThreadPoolExecutor(8) as pool:
        made = [ident for batch in pool.map(many, range(8)) for ident in batch]
    assert len(set(made)) == 4000


def test_the_same_seed_gives_the_same_run(moment: clock.ManualClock) -> None:
    def run(seed: int) -> list[object]:
        with randomness.seeded(seed):
            drawn = [randomness.token(), randomness.digits(6), randomness.choice("abcdef"), randomness.bytes_(5)]
            return [*drawn, *(ids.new() for _ in range(20))]

    assert run(7) == run(7)
    assert run(7) != run(8)


def test_outside_a_seeded_block_chance_is_the_machines() -> None:
    with randomness.seeded(1):
        pass
    assert {randomness.token() for _ in range(50)}.__len__() == 50


@given(st.integers(1, 9), st.integers())
def test_codes_keep_their_leading_zeros(length: int, seed: int) -> None:
    with randomness.seeded(seed):
        code = randomness.digits(length)
    assert len(code) == length
    assert code.isdecimal()


@given(st.integers(0, 64))
def test_as_many_bytes_as_asked(count: int) -> None:
    assert len(randomness.bytes_(count)) == count


def test_business_time_runs_beside_machine_time() -> None:
    start = datetime(2021, 1, 18, 8, tzinfo=clock.LOCAL)
    offset = start - datetime.now(UTC)
    with clock.using(clock.SystemClock(offset)):
        assert clock.today() == date(2021, 1, 18)
        assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)
        assert clock.business_now().utcoffset() == timedelta(hours=7)


def test_the_province_changes_its_day_at_its_own_midnight() -> None:
    with clock.using(clock.ManualClock(datetime(2021, 1, 17, 16, 59, 59, tzinfo=UTC))) as manual:
        assert clock.today() == date(2021, 1, 17)
        manual.advance(timedelta(seconds=1))  # type: ignore[attr-defined]
        assert clock.today() == date(2021, 1, 18)


def test_setting_business_time_back_never_turns_machine_time_back(moment: clock.ManualClock) -> None:
    before = moment.now()
    moment.set(moment.business - timedelta(days=10))
    assert moment.now() == before
    moment.set(moment.business + timedelta(days=3))
    assert moment.now() == before + timedelta(days=3)


def test_a_clock_for_one_block_ends_with_it(moment: clock.ManualClock) -> None:
    with pytest.raises(ZeroDivisionError), clock.using(clock.ManualClock(datetime(1999, 1, 1, tzinfo=UTC))):
        raise ZeroDivisionError
    assert clock.current() is moment


def test_seeding_does_not_touch_pythons_own_random() -> None:
    random.seed(3)
    expected = random.random()
    random.seed(3)
    with randomness.seeded(9):
        randomness.token(100)
    assert random.random() == expected
