"""Handle money as whole đồng."""

from __future__ import annotations

Vnd = int  # đồng have no fraction; a float is never money
MOST: Vnd = 10**15 - 1  # more than anyone pays, and far from what a database's integer holds
_WRONG = "Số tiền phải là số nguyên, ví dụ 150.000"


def format_vnd(amount: Vnd) -> str:
    """Write an amount the Vietnamese way: 8000 → "8.000 ₫"."""
    return f"{amount:,}".replace(",", ".") + " ₫"


def parse_vnd(value: str) -> Vnd:
    """Read what a person types ("150.000", "150 000 ₫"); raise ValueError where it is not a whole amount."""
    digits = value.strip().removesuffix("₫").removesuffix("đ").strip()
    groups = digits.replace(" ", ".").replace("\u00a0", ".").split(".")
    if not all(g.isascii() and g.isdigit() for g in groups) or (
        len(groups) > 1 and any(len(g) != 3 for g in groups[1:])
    ):
        raise ValueError(_WRONG)
    if len("".join(groups).lstrip("0")) > len(str(MOST)):
        raise ValueError(_WRONG)
    return int("".join(groups))
