"""The level is proved by examples and blockers, and called by the words of its day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest

from tests.rooms.services.packages import PROCEDURES, procedure
from tinhso.foundation.calendar import load_calendars
from tinhso.services.contracts.procedure import BlockerKind, ComponentKind, ExampleOutcome
from tinhso.services.rules.example import run_examples
from tinhso.services.rules.level import VOCABULARIES, prove_level

JANUARY_2021 = date(2021, 1, 15)
CALENDAR = load_calendars()


def outcomes(code: str) -> tuple[ExampleOutcome, ...]:
    return run_examples(procedure(code), CALENDAR)


def test_the_extract_is_proved_at_level_four() -> None:
    proof = prove_level(procedure("2.000635"), True, outcomes("2.000635"), JANUARY_2021)
    assert (proof.level, proof.name.vi, proof.reasons, proof.blockers) == (4, "Mức độ 4", (), ())


def test_delivery_by_post_does_not_count_against_level_four() -> None:
    proc = procedure("2.000635")
    by_post = [e.id for e in proc.examples if e.delivery == "post" and e.channel == "online"]
    ran = {o.example: o for o in outcomes("2.000635")}
    assert all(ran[name].wholly_online for name in by_post)
    assert by_post


def test_a_fee_nobody_has_set_keeps_a_service_from_level_four() -> None:
    proc = procedure("1.001612")
    without = prove_level(proc, False, outcomes(proc.code), JANUARY_2021)
    assert without.level == 3
    assert [b.kind for b in without.blockers] == [BlockerKind.UNSET_FEE]
    assert prove_level(proc, True, outcomes(proc.code), JANUARY_2021).level == 4


def test_an_unknown_fee_blocks_even_when_the_package_did_not_think_of_it() -> None:
    proof = prove_level(procedure("2.000635"), False, outcomes("2.000635"), JANUARY_2021)
    assert proof.level == 3
    assert proof.blockers[0].kind is BlockerKind.UNSET_FEE


@pytest.mark.parametrize(
    ("code", "kind"),
    [("1.013225", BlockerKind.FIELD_VERIFICATION), ("2.000986", BlockerKind.ORIGINAL_TO_BE_SIGHTED)],
)
def test_a_declared_blocker_keeps_a_service_at_level_three(code: str, kind: BlockerKind) -> None:
    proof = prove_level(procedure(code), True, outcomes(code), JANUARY_2021)
    assert proof.level == 3
    assert [b.kind for b in proof.blockers] == [kind]
    assert any(proof.blockers[0].title.vi in reason for reason in proof.reasons)


def test_a_failing_example_or_a_variant_without_one_is_no_proof() -> None:
    proc = procedure("2.000635")
    ran = outcomes(proc.code)
    failed = (replace(ran[0], problems=("phí",)), *ran[1:])
    assert prove_level(proc, True, failed, JANUARY_2021).level == 3
    household = procedure("1.001612")
    only_individual = [o for o in outcomes(household.code) if o.variant == "individual"]
    proof = prove_level(household, True, only_individual, JANUARY_2021)
    assert proof.level == 3
    assert any("hộ gia đình" in reason for reason in proof.reasons)


def test_nothing_that_runs_leaves_forms_or_information() -> None:
    proc = procedure("2.000635")
    assert prove_level(proc, True, (), JANUARY_2021).level == 2
    bare = replace(proc, components=tuple(c for c in proc.components if c.kind is not ComponentKind.FORM))
    assert prove_level(bare, True, (), JANUARY_2021).level == 1


@pytest.mark.parametrize(
    ("on", "four", "three"),
    [
        (date(2022, 8, 14), "Mức độ 4", "Mức độ 3"),
        (date(2022, 8, 15), "Dịch vụ công trực tuyến toàn trình", "Dịch vụ công trực tuyến một phần"),
        (date(2026, 7, 1), "Dịch vụ công trực tuyến toàn trình", "Dịch vụ công trực tuyến một phần"),
    ],
)
def test_the_level_is_called_by_the_words_of_its_day(on: date, four: str, three: str) -> None:
    proc = procedure("2.000635")
    assert prove_level(proc, True, outcomes(proc.code), on).name.vi == four
    assert prove_level(proc, False, outcomes(proc.code), on).name.vi == three


def test_the_vocabularies_follow_one_another_without_a_gap() -> None:
    for before, after in pairwise(VOCABULARIES):
        assert before.validity.valid_to is not None
        assert after.validity.valid_from == before.validity.valid_to + timedelta(days=1)


@pytest.mark.parametrize("code", PROCEDURES)
def test_an_example_from_the_counter_never_proves_an_online_service(code: str) -> None:
    counter = {e.id for e in procedure(code).examples if e.channel != "online"}
    assert not [o for o in outcomes(code) if o.example in counter and o.wholly_online]
