"""Make rows of the case fact, fragments of conditions and indicators to measure them by."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from hypothesis import strategies as st

from tinhso.foundation.api import FactVersion, clock, facts, ids
from tinhso.indicators.contracts import (
    Basis,
    Certainty,
    Definition,
    Direction,
    Measure,
    Title,
    Unit,
    Window,
    WindowKind,
)
from tinhso.indicators.queries.columns import columns_of
from tinhso.indicators.rules import plan

CASE = "services.case"
UNITS = tuple(UUID(int=n) for n in range(1, 6))
TIERS = ("province", "district", "commune")
DAY = date(2021, 1, 15)
RECORDED = datetime(2026, 11, 20, tzinfo=UTC)
ENTRY = UUID(int=77)
WINDOWS = (
    Window(WindowKind.WITHIN, "submitted_on"),
    Window(WindowKind.WITHIN, "received_at"),
    Window(WindowKind.WITHIN, "finished_at"),
    Window(WindowKind.OPEN, "received_at", "finished_at"),
    Window(WindowKind.OPEN, "submitted_on", "finished_at"),
    Window(WindowKind.STOCK),
)

days = st.dates(date(2020, 11, 20), date(2021, 3, 10))
# Midnight and the minutes round it are where a day is lost to another zone.
moments = st.builds(
    lambda day, hour, minute: datetime.combine(day, time(hour, minute), clock.LOCAL),
    days, st.sampled_from([0, 6, 7, 17, 23]), st.sampled_from([0, 1, 59]),
)  # fmt: skip
case_rows = st.fixed_dictionaries(
    {
        "procedure": st.sampled_from(["2.000635", "1.001612", "Đ'\"\\%_"]),
        "unit_id": st.sampled_from(UNITS),
        "tier": st.sampled_from(TIERS),
        "channel": st.sampled_from(["online", "counter", "post"]),
        "status": st.integers(1, 10),
        "typed_by_official": st.booleans(),
        "wholly_online": st.booleans(),
        "resubmitted": st.booleans(),
        "late_supplement": st.booleans(),
        "on_time": st.none() | st.booleans(),
        "submitted_on": days,
        "received_at": st.none() | moments,
        "due_at": st.none() | moments,
        "finished_at": st.none() | moments,
    }
)


def _joined(one: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    several = st.lists(one, min_size=1, max_size=3)
    return st.one_of(
        several.map(lambda parts: {"allOf": parts}),
        several.map(lambda parts: {"anyOf": parts}),
        one.map(lambda part: {"not": part}),
    )


def _values(plain: st.SearchStrategy[Any], json_type: str, *, bounds: bool = False) -> st.SearchStrategy[Any]:
    leaves = [
        plain.map(lambda v: {"const": v}),
        st.lists(st.none() | plain, min_size=1, max_size=3).map(lambda vs: {"enum": vs}),
        st.sampled_from([{"type": json_type}, {"type": "null"}, {"type": [json_type, "null"]}, {"const": None}]),
        st.booleans(),
    ]
    if bounds:
        words = st.sampled_from(["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"])
        limits = st.integers(-3, 13) | st.sampled_from([2.5, -0.5, 9.0, 10**15, -(10**15), 1e25, -1e25])
        leaves.append(st.dictionaries(words, limits, min_size=1, max_size=2))
    return st.recursive(st.one_of(leaves), _joined, max_leaves=3)


_moments_known = st.recursive(
    st.sampled_from([{"type": "string"}, {"type": "null"}, {"type": ["string", "null"]}, True]), _joined, max_leaves=2
)
_properties = {
    "procedure": _values(st.sampled_from(["2.000635", "Đ'\"\\%_", "không có"]), "string"),
    "unit_id": _values(st.sampled_from([str(u) for u in UNITS]), "string"),
    "status": _values(st.integers(0, 11), "integer", bounds=True),
    "wholly_online": _values(st.booleans(), "boolean"),
    "on_time": _values(st.booleans(), "boolean"),
    "submitted_on": _values(days.map(date.isoformat), "string"),
    "received_at": _moments_known,
    "finished_at": _moments_known,
}
service_rows = st.fixed_dictionaries(
    {
        "code": st.sampled_from(["1.000001", "2.000635"]),
        "tier": st.sampled_from(TIERS),
        "field": st.just("Hộ tịch"),
        "published": st.booleans(),
        "has_package": st.booleans(),
        "level": st.none() | st.integers(1, 4),
    }
)
levels = st.recursive(
    _values(st.integers(0, 5), "integer", bounds=True).map(lambda f: {"properties": {"level": f}}),
    _joined,
    max_leaves=4,
)
_leaf = st.one_of(
    *(fragment.map(lambda f, name=name: {"properties": {name: f}}) for name, fragment in _properties.items()),
    st.fixed_dictionaries({"properties": st.fixed_dictionaries({}, optional=_properties)}),
    st.sampled_from([{}, True, False, {"required": ["on_time"]}]),
)
fragments = st.recursive(_leaf, _joined, max_leaves=5)


def as_json(row: Mapping[str, Any]) -> dict[str, Any]:
    """The row as JSON Schema sees it."""
    return {
        name: v.isoformat() if isinstance(v, date) else str(v) if isinstance(v, UUID) else v for name, v in row.items()
    }


def store(*rows: Mapping[str, Any], fact: str = CASE) -> list[FactVersion]:
    """Keep rows as current fact versions, each of a subject of its own."""
    table = facts.find(fact).table
    made = [
        table(
            id=ids.new(), subject_id=ids.new(), true_at=datetime.combine(DAY, time(9), clock.LOCAL),
            recorded_at=RECORDED, entry_id=ENTRY, current=True, **row,
        )
        for row in rows
    ]  # fmt: skip
    return table._default_manager.bulk_create(made)


def case_row(**changes: Any) -> dict[str, Any]:
    """A plain case of a commune: submitted and received on DAY, under way."""
    return {
        "procedure": "2.000635", "unit_id": UNITS[0], "tier": "commune", "channel": "online", "status": 4,
        "typed_by_official": False, "wholly_online": True, "resubmitted": False, "late_supplement": False,
        "on_time": None, "submitted_on": DAY, "received_at": at(DAY), "due_at": at(DAY + timedelta(days=3)),
        "finished_at": None, **changes,
    }  # fmt: skip


def at(day: date, hour: int = 9) -> datetime:
    return datetime.combine(day, time(hour), clock.LOCAL)


def definition(
    numerator: Any = True,
    denominator: Any = True,
    window: Window = WINDOWS[0],
    *,
    unit: Unit = Unit.PERCENT,
    fact: str = CASE,
) -> Definition:
    """An indicator of one measure."""
    columns = columns_of(fact)
    assert columns is not None
    basis = Basis("Thử", "thử", "thử", Certainty.OWN)
    one = Measure(
        "one", Title("Thử", "Test"), window, plan.read(numerator, columns), plan.read(denominator, columns),
        "hồ sơ tính", "hồ sơ", basis,
    )  # fmt: skip
    return Definition(
        "test", 1, "live", Title("Thử", "Test"), "Thử", "Thử", unit, Direction.UP, fact, (one,), ("tier", "unit_id"),
        (), (), (basis,), (), date(2011, 1, 1), None,
    )  # fmt: skip
