"""Handle money as whole đồng."""

from __future__ import annotations

Vnd = int  # đồng have no fraction; a float is never money


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
        raise ValueError("Số tiền phải là số nguyên, ví dụ 150.000")
    return int("".join(groups))
