"""Compare what was planted to game the figures with what the facts show of it."""

from __future__ import annotations

from dataclasses import dataclass

from tinhso.foundation.api import facts

from .play import Summary

_COLUMN = {
    "typed": ("Hồ sơ tại quầy gõ thành trực tuyến", "typed_by_official"),
    "resubmitted": ("Bắt nộp lại trong 30 ngày", "resubmitted"),
    "late_supplement": ("Yêu cầu bổ sung khi sắp hết hạn", "late_supplement"),
}


@dataclass(frozen=True, slots=True)
class Exposed:
    """One way of gaming: how many were planted, and how many of just those the facts show."""

    what: str
    planted: int
    found: int


def exposed(summary: Summary) -> list[Exposed]:
    """Return, for each way of gaming, how much of it the facts expose."""
    table = facts.find("services.case").table
    result = []
    for plant, cases in summary.planted.items():
        title, column = _COLUMN[plant]
        rows = table._default_manager.filter(subject_id__in=cases, current=True, **{column: True})
        result.append(Exposed(title, len(cases), rows.count()))
    return result
