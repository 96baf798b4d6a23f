"""A condition means what JSON Schema says it means, and says itself what it makes of an unknown value."""

from __future__ import annotations

from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given, settings

from tinhso.indicators.contracts import Column, ColumnKind
from tinhso.indicators.contracts.plan import All
from tinhso.indicators.contracts.plan import Any as AnyOf
from tinhso.indicators.rules import plan

from .factories import as_json, case_rows, fragments

COLUMNS = {
    c.name: c
    for c in (
        *(Column(n, ColumnKind.TEXT, False) for n in ("procedure", "tier", "channel")),
        *(Column(n, ColumnKind.BOOLEAN, False) for n in ("typed_by_official", "wholly_online", "resubmitted")),
        *(Column(n, ColumnKind.MOMENT, True) for n in ("received_at", "due_at", "finished_at")),
        Column("late_supplement", ColumnKind.BOOLEAN, False),
        Column("unit_id", ColumnKind.IDENTITY, False),
        Column("status", ColumnKind.INTEGER, False),
        Column("level", ColumnKind.INTEGER, True),
        Column("on_time", ColumnKind.BOOLEAN, True),
        Column("submitted_on", ColumnKind.DATE, False),
    )
}


@settings(max_examples=600)
@given(fragments, case_rows)
def test_a_plan_decides_as_json_schema_does(fragment: Any, row: dict[str, Any]) -> None:
    condition = plan.read(fragment, COLUMNS)
    valid = jsonschema_rs.Draft202012Validator(fragment).is_valid(as_json(row))
    assert plan.holds(condition.holds, row) is valid
    assert plan.holds(condition.fails, row) is not valid


@settings(max_examples=300)
@given(fragments, case_rows)
def test_a_row_that_counts_is_never_undecided(fragment: Any, row: dict[str, Any]) -> None:
    condition = plan.read(fragment, COLUMNS)
    undecided = plan.holds(condition.undecided, row)
    assert not (undecided and plan.holds(condition.holds, row))
    if not any(row[name] is None for name in condition.silent):
        assert not undecided


@settings(max_examples=300)
@given(fragments)
def test_denying_twice_changes_nothing(fragment: Any) -> None:
    one = plan.read(fragment, COLUMNS).holds
    assert plan.negated(plan.negated(one)) == one
    assert plan.simplified(one) == one


@pytest.mark.parametrize(
    ("fragment", "silent"),
    [
        ({"properties": {"on_time": {"const": True}}}, {"on_time"}),
        ({"properties": {"on_time": {"type": "boolean", "const": True}}}, set()),
        ({"properties": {"on_time": {"enum": [True, None]}}}, set()),
        ({"properties": {"finished_at": {"type": "null"}}}, set()),
        ({"properties": {"status": {"minimum": 9}}}, set()),
    ],
)
def test_a_condition_knows_where_it_is_silent_about_the_unknown(fragment: Any, silent: set[str]) -> None:
    assert plan.read(fragment, COLUMNS).silent == silent


@pytest.mark.parametrize(
    ("fragment", "as_numerator", "as_denominator"),
    [
        ({"properties": {"level": {"minimum": 3}}}, True, True),  # null is no number, so "at least 3" lets it pass
        ({"not": {"properties": {"on_time": {"const": False}}}}, True, True),  # not false: true, or not known
        ({"properties": {"level": {"const": 4}}}, False, True),
        ({"properties": {"level": {"type": "integer", "minimum": 3}}}, False, False),
        ({"properties": {"on_time": {"enum": [True, None]}}}, False, False),
        ({"properties": {"status": {"minimum": 9}}}, False, False),
    ],
)
def test_an_unknown_value_never_slips_in_unsaid(fragment: Any, as_numerator: bool, as_denominator: bool) -> None:
    condition = plan.read(fragment, COLUMNS)
    assert bool(plan.null_problems(condition, decides_membership=False)) is as_numerator
    assert bool(plan.null_problems(condition, decides_membership=True)) is as_denominator


@pytest.mark.parametrize(
    ("fragment", "says"),
    [
        ({"properties": {"applicant": {"const": "A"}}}, "không có cột này"),
        ({"required": ["applicant"]}, "không có cột này"),
        ({"properties": {"procedure": {"pattern": "^2"}}}, "pattern"),
        ({"if": {}, "then": {}}, "if"),
        ({"$ref": "http://example.org/schema"}, "$ref"),
        ({"properties": {"procedure": {"const": 4}}}, "không hợp"),
        ({"properties": {"wholly_online": {"const": 1}}}, "không hợp"),
        ({"properties": {"status": {"const": True}}}, "không hợp"),
        ({"properties": {"status": {"const": 4.5}}}, "không hợp"),
        ({"properties": {"status": {"const": 10**30}}}, "không hợp"),
        ({"properties": {"status": {"type": "string"}}}, "type"),
        ({"properties": {"submitted_on": {"const": "31/01/2021"}}}, "không hợp"),
        ({"properties": {"submitted_on": {"minimum": 5}}}, "là số"),
        ({"properties": {"received_at": {"const": "2021-01-15T09:00:00+07:00"}}}, "thời điểm"),
        ({"properties": {"procedure": {"const": "a\0b"}}}, "không hợp"),
        ({"properties": {"status": {"minimum": "9"}}}, "một số"),
        ({"properties": {"status": {"minimum": float("nan")}}}, "một số"),
        ({"allOf": []}, "danh sách"),
        ({"properties": {"status": {"enum": []}}}, "danh sách"),
        ({"properties": ["status"]}, "ánh xạ"),
        ({"type": "array"}, "object"),
        (["status"], "mảnh"),
        (None, "mảnh"),
    ],
)
def test_what_cannot_be_compiled_is_refused_with_its_place(fragment: Any, says: str) -> None:
    with pytest.raises(plan.ConditionError, match=says.replace("$", r"\$")):
        plan.read(fragment, COLUMNS)


def test_a_bottomless_condition_is_refused() -> None:
    deep: Any = {}
    for _ in range(200):
        deep = {"not": deep}
    with pytest.raises(plan.ConditionError, match="tầng"):
        plan.read(deep, COLUMNS)


def test_constants_disappear() -> None:
    always = {"anyOf": [True, {"properties": {"status": {"const": 4}}}]}
    assert plan.read(always, COLUMNS).holds == All(())
    assert plan.read({"not": always}, COLUMNS).holds == AnyOf(())
