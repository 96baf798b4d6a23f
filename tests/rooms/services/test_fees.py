"""Fees: an amount nobody has set is never 0, an installation fills only what the law leaves open."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rooms.services.packages import PROCEDURES, procedure
from tests.rooms.services.test_procedure import JSON
from tinhso.services.contracts.procedure import Certainty, Channel, FeeOverlay, OverlayFee, Validity
from tinhso.services.rules.documents import fee_words
from tinhso.services.rules.fees import MAX_COUNT, fee_for, fee_known
from tinhso.services.rules.procedure import variant_for

TODAY = date(2026, 10, 1)
HOUSEHOLD = "1.001612"


def decide(code: str, data: dict[str, object], channel: Channel = Channel.ONLINE, on: date = TODAY, **more: object):
    proc = procedure(code)
    return fee_for(proc, variant_for(proc, data), channel, data, on, **more)


def own(amount: int, *, start: date | None = None, channels: tuple[Channel, ...] = ()) -> FeeOverlay:
    row = OverlayFee(
        "registration_fee", amount, channels, "Nghị quyết ví dụ của HĐND", Validity(start, None), Certainty.READ
    )
    return FeeOverlay((row,))


@given(st.integers(1, 20), st.sampled_from(list(Channel)))
def test_the_extract_costs_eight_thousand_a_copy(copies: int, channel: Channel) -> None:
    decision = decide("2.000635", {"copies": copies}, channel)
    assert decision.amount == 8_000 * copies
    assert decision.certainty is Certainty.READ


def test_what_the_council_has_not_set_is_unknown_and_never_nothing() -> None:
    decision = decide(HOUSEHOLD, {})
    assert decision.amount is None
    assert "Hội đồng nhân dân" in decision.basis
    assert "chưa có mức" in fee_words(decision)


def test_free_by_law_is_zero_and_says_so() -> None:
    decision = decide("2.000986", {})
    assert decision.amount == 0
    assert fee_words(decision) == "không thu"


def test_the_installations_amount_fills_the_open_fee_with_its_document() -> None:
    decision = decide(HOUSEHOLD, {}, overlay=own(120_000))
    assert (decision.amount, decision.certainty) == (120_000, Certainty.READ)
    assert decision.basis == "Nghị quyết ví dụ của HĐND"
    assert decision.lines[0].refundable is False


def test_the_installations_amount_counts_only_in_its_time_and_channel() -> None:
    assert decide(HOUSEHOLD, {}, on=date(2026, 9, 30), overlay=own(1, start=TODAY)).amount is None
    assert decide(HOUSEHOLD, {}, Channel.POST, overlay=own(1, channels=(Channel.ONLINE,))).amount is None


def test_an_amount_set_by_law_cannot_be_changed_by_an_installation() -> None:
    row = replace(own(1).rows[0], fee_id="extract_fee")
    assert decide("2.000635", {"copies": 1}, overlay=FeeOverlay((row,))).amount == 8_000


def test_the_demos_amounts_are_marked_invented() -> None:
    decision = decide(HOUSEHOLD, {}, overlay=procedure(HOUSEHOLD).demo_overlay)
    assert (decision.amount, decision.certainty) == (50_000, Certainty.INVENTED)
    assert fee_words(decision) == "50.000 đồng (mức minh họa của bản demo)"
    assert fee_words(decide("2.000635", {"copies": 2})) == "16.000 đồng"


def test_a_day_without_any_rule_is_unknown_not_free() -> None:
    decision = decide("2.000635", {"copies": 1}, on=date(2010, 1, 1))
    assert (decision.amount, decision.certainty) == (None, Certainty.UNKNOWN)


def test_whether_the_fee_is_known_is_asked_before_anyone_applies() -> None:
    proc = procedure(HOUSEHOLD)
    for variant in proc.variants:
        assert not fee_known(proc, variant, Channel.ONLINE, TODAY)
        assert fee_known(proc, variant, Channel.ONLINE, TODAY, overlay=own(5))
    extract = procedure("2.000635")
    assert fee_known(extract, extract.variants[0], Channel.ONLINE, TODAY)
    assert not fee_known(extract, extract.variants[0], Channel.ONLINE, date(2010, 1, 1))


@pytest.mark.parametrize("code", PROCEDURES)
@given(data=st.dictionaries(st.sampled_from(["copies", "case", "founder", "relation"]), JSON), on=st.dates())
def test_any_answers_on_any_day_give_a_bill_that_adds_up(code: str, data: dict[str, object], on: date) -> None:
    decision = decide(code, data, on=on)
    amounts = [line.amount for line in decision.lines]
    if decision.amount is None:
        assert not amounts or None in amounts
    else:
        assert decision.amount == sum(a for a in amounts if a is not None) >= 0
    assert all(1 <= line.count <= MAX_COUNT for line in decision.lines)
    assert all(line.amount == line.unit_amount * line.count for line in decision.lines if line.unit_amount is not None)
