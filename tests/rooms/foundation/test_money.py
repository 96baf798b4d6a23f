"""Money is whole đồng, written and read the Vietnamese way."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinhso.foundation.contracts import money

AMOUNTS = st.integers(min_value=0, max_value=money.MOST)


@given(AMOUNTS)
def test_what_is_written_reads_back(amount: int) -> None:
    assert money.parse_vnd(money.format_vnd(amount)) == amount
    assert money.parse_vnd(str(amount)) == amount
    assert money.parse_vnd(f" {amount:,} đ".replace(",", " ")) == amount


@pytest.mark.parametrize(
    ("amount", "shown"), [(0, "0 ₫"), (8000, "8.000 ₫"), (1_234_567, "1.234.567 ₫"), (-8000, "-8.000 ₫")]
)
def test_amounts_are_grouped_by_points(amount: int, shown: str) -> None:
    assert money.format_vnd(amount) == shown


@pytest.mark.parametrize(
    "typed", ["", " ", "₫", "-8000", "8,5", "8.5", "8.0000", "1.2.3", "mười", "8e3", "٨٠٠٠", "8.000.", "0x10", "9" * 16,
              "9" * 5000]
)  # fmt: skip
def test_what_is_no_amount_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(ValueError, match=r"ví dụ 150\.000"):
        money.parse_vnd(typed)
