"""Compile a condition into a plan, and decide plans over plain rows.

A condition is a JSON Schema 2020-12 fragment over a row of a fact. The subset: at row level `properties`, `required`,
`type: object`, `allOf`, `anyOf`, `not`; at value level `const`, `enum`, `type`, `minimum`, `maximum`,
`exclusiveMinimum`, `exclusiveMaximum`, `allOf`, `anyOf`, `not`. A row has every column, so `required` is always met.

The meaning is JSON Schema's, in two values, true or false. A value that is not known is null, and null is a value like
another: `const: true` is false of it, and `minimum: 3`, which speaks of numbers only, is true of it. Because the second
surprises, `null_problems` refuses a package whose condition would let an unknown value in without saying so.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any as Json
from uuid import UUID

from tinhso.indicators.contracts.plan import All, Any, Column, ColumnKind, Condition, Plan, Scalar, Test, TestKind

MAX_DEPTH = 12
_JOINS = {"allOf", "anyOf", "not"}
_ROW_WORDS = _JOINS | {"properties", "required", "type"}
_BOUNDS = {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"}
_VALUE_WORDS = _JOINS | _BOUNDS | {"const", "enum", "type"}
_JSON_TYPES = {
    ColumnKind.TEXT: {"string"},
    ColumnKind.DATE: {"string"},
    ColumnKind.MOMENT: {"string"},
    ColumnKind.IDENTITY: {"string"},
    ColumnKind.BOOLEAN: {"boolean"},
    ColumnKind.INTEGER: {"integer", "number"},
}
_OPPOSITE = {
    TestKind.IN: TestKind.NOT_IN,
    TestKind.NOT_IN: TestKind.IN,
    TestKind.KNOWN: TestKind.UNKNOWN,
    TestKind.UNKNOWN: TestKind.KNOWN,
}


class ConditionError(ValueError):
    """A condition cannot be used; the message says where and why, for the package's author."""


def read(schema: Json, columns: Mapping[str, Column]) -> Condition:
    """Compile a fragment into a condition over a fact's columns; raise ConditionError where it cannot be."""
    reading = _Reading(columns)
    holds = simplified(reading.row(schema, "", 0))
    silent = {n for n in reading.compared if columns[n].nullable and n not in reading.spoken}
    return Condition(holds, simplified(negated(holds)), frozenset(reading.named), frozenset(silent))


def null_problems(condition: Condition, *, decides_membership: bool) -> list[str]:
    """Return where an unknown value would slip in unsaid.

    A numerator may leave an unknown value open: such rows are counted as undecided. What decides whether a row belongs
    at all (`decides_membership`) must say it in any case.
    """
    slips = {test.column for test in tests(condition.holds) if test.when_unknown} & condition.silent
    wrong = condition.silent if decides_membership else slips
    return [f"cột “{name}” có thể chưa biết: hãy nói rõ bằng type hoặc null thì tính ra sao" for name in sorted(wrong)]


def holds(plan: Plan, row: Mapping[str, Scalar | None]) -> bool:
    """Decide a plan over one row."""
    if isinstance(plan, All):
        return all(holds(part, row) for part in plan.parts)
    if isinstance(plan, Any):
        return any(holds(part, row) for part in plan.parts)
    value = row[plan.column]
    if value is None:
        return plan.when_unknown
    return _known_holds(plan, value)


def negated(plan: Plan) -> Plan:
    """Return the exact opposite of a plan."""
    if isinstance(plan, All):
        return Any(tuple(negated(part) for part in plan.parts))
    if isinstance(plan, Any):
        return All(tuple(negated(part) for part in plan.parts))
    unknown = not plan.when_unknown
    if plan.kind is TestKind.AT_LEAST:
        return Test(plan.column, TestKind.AT_MOST, (int(plan.values[0]) - 1,), unknown)  # type: ignore[arg-type]
    if plan.kind is TestKind.AT_MOST:
        return Test(plan.column, TestKind.AT_LEAST, (int(plan.values[0]) + 1,), unknown)  # type: ignore[arg-type]
    return Test(plan.column, _OPPOSITE[plan.kind], plan.values, unknown)


def simplified(plan: Plan) -> Plan:
    """Return an equal plan without needless nesting; what is always (never) true becomes `All(())` (`Any(())`)."""
    if isinstance(plan, Test):
        return plan
    mine, other = (All, Any) if isinstance(plan, All) else (Any, All)
    parts: list[Plan] = []
    for part in map(simplified, plan.parts):
        if part == other(()):
            return part
        parts += part.parts if isinstance(part, mine) else (part,)
    return parts[0] if len(parts) == 1 else mine(tuple(parts))


def tests(plan: Plan) -> list[Test]:
    """Return every test of a plan."""
    return [plan] if isinstance(plan, Test) else [test for part in plan.parts for test in tests(part)]


def _known_holds(test: Test, value: Scalar) -> bool:
    match test.kind:
        case TestKind.IN:
            return value in test.values
        case TestKind.NOT_IN:
            return value not in test.values
        case TestKind.AT_LEAST:
            return int(value) >= int(test.values[0])  # type: ignore[arg-type]
        case TestKind.AT_MOST:
            return int(value) <= int(test.values[0])  # type: ignore[arg-type]
        case _:
            return test.kind is TestKind.KNOWN


def scalar(value: Json, kind: ColumnKind) -> Scalar:
    """Read a JSON value as a column of a kind holds it; raise ConditionError where it does not fit."""
    readers: dict[ColumnKind, Callable[[Json], Scalar | None]] = {
        ColumnKind.TEXT: lambda v: v if isinstance(v, str) and "\0" not in v else None,
        ColumnKind.BOOLEAN: lambda v: v if isinstance(v, bool) else None,
        ColumnKind.INTEGER: _whole,
        ColumnKind.DATE: lambda v: date.fromisoformat(v) if isinstance(v, str) and len(v) == 10 else None,
        ColumnKind.MOMENT: _moment,
        ColumnKind.IDENTITY: lambda v: UUID(v) if isinstance(v, str) else None,
    }
    try:
        found = readers[kind](value)
    except ValueError:
        found = None
    if found is None:
        raise ConditionError(f"giá trị {value!r} không hợp với cột kiểu {kind}")
    return found


def _whole(value: Json) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return int(value) if abs(value) < 2**63 and int(value) == value else None


def _moment(value: Json) -> datetime | None:
    found = datetime.fromisoformat(value) if isinstance(value, str) else None
    return found if found is not None and found.tzinfo is not None else None


@dataclass
class _Reading:
    """What is learnt while a condition is read: columns named, compared, and those whose unknown value is spoken of."""

    columns: Mapping[str, Column]
    named: set[str] = field(default_factory=set)
    compared: set[str] = field(default_factory=set)
    spoken: set[str] = field(default_factory=set)

    def row(self, schema: Json, path: str, depth: int) -> Plan:
        def read_row(item: Json, where: str) -> Plan:
            return self.row(item, where, depth + 1)

        constant = self._opened(schema, _ROW_WORDS, path, depth)
        if constant is not None:
            return constant
        if schema.get("type", "object") != "object":
            raise ConditionError(f"{path or 'gốc'}: một dòng luôn là object")
        for name in _texts(schema.get("required", []), path):
            self._column(name, path)
        properties = schema.get("properties", {})
        if not isinstance(properties, dict):
            raise ConditionError(f"{path}properties: phải là ánh xạ tên cột → điều kiện")
        parts = [
            self.value(self._column(name, path), item, f"{path}{name}.", depth + 1) for name, item in properties.items()
        ]
        return All((*parts, *_joined(schema, path, read_row)))

    def value(self, column: Column, schema: Json, path: str, depth: int) -> Plan:
        def read_value(item: Json, where: str) -> Plan:
            return self.value(column, item, where, depth + 1)

        constant = self._opened(schema, _VALUE_WORDS, path, depth)
        if constant is not None:
            return constant
        parts: list[Plan] = []
        if "type" in schema:
            parts.append(self._type(column, schema["type"], path))
        if "const" in schema:
            parts.append(self._among(column, [schema["const"]]))
        if "enum" in schema:
            if not isinstance(schema["enum"], list) or not schema["enum"]:
                raise ConditionError(f"{path}enum: phải là danh sách có giá trị")
            parts.append(self._among(column, schema["enum"]))
        parts += [self._bound(column, word, schema[word], path) for word in sorted(_BOUNDS & set(schema))]
        return All((*parts, *_joined(schema, path, read_value)))

    def _opened(self, schema: Json, words: set[str], path: str, depth: int) -> Plan | None:
        """Check a fragment's shape; return its plan where it is the constant true or false."""
        if depth > MAX_DEPTH:
            raise ConditionError(f"{path}: lồng nhau quá {MAX_DEPTH} tầng")
        if isinstance(schema, bool):
            return All(()) if schema else Any(())
        if not isinstance(schema, dict):
            raise ConditionError(f"{path or 'gốc'}: điều kiện phải là một mảnh JSON Schema")
        unknown = sorted(set(map(str, schema)) - words)
        if unknown:
            raise ConditionError(f"{path or 'gốc'}: không dùng được từ khóa {', '.join(unknown)}")
        return None

    def _column(self, name: str, path: str) -> Column:
        if name not in self.columns:
            raise ConditionError(f"{path}{name}: dữ kiện không có cột này")
        self.named.add(name)
        return self.columns[name]

    def _type(self, column: Column, given: Json, path: str) -> Plan:
        names = set(_texts([given] if isinstance(given, str) else given, path))
        fitting = _JSON_TYPES[column.kind]
        if not names or names - fitting - {"null"}:
            raise ConditionError(f"{path}type: cột này là {' hoặc '.join(sorted(fitting))}, hoặc null")
        self.spoken.add(column.name)
        if "null" in names:
            return All(()) if names & fitting else Test(column.name, TestKind.UNKNOWN, when_unknown=True)
        return Test(column.name, TestKind.KNOWN)

    def _among(self, column: Column, values: Sequence[Json]) -> Plan:
        if None in values:
            self.spoken.add(column.name)
        self.compared.add(column.name)
        if column.kind is ColumnKind.MOMENT and any(v is not None for v in values):
            raise ConditionError(f"{column.name}: không so bằng với một thời điểm; chỉ hỏi đã biết hay chưa")
        known = tuple(scalar(v, column.kind) for v in values if v is not None)
        if not known:
            return Test(column.name, TestKind.UNKNOWN, when_unknown=True)
        return Test(column.name, TestKind.IN, known, None in values)

    def _bound(self, column: Column, word: str, limit: Json, path: str) -> Plan:
        if column.kind is not ColumnKind.INTEGER:
            raise ConditionError(f"{path}{word}: chỉ so lớn nhỏ được với cột là số")
        if isinstance(limit, bool) or not isinstance(limit, int | float) or not math.isfinite(limit):
            raise ConditionError(f"{path}{word}: phải là một số")
        self.compared.add(column.name)
        kind, whole = {
            "minimum": (TestKind.AT_LEAST, math.ceil(limit)),
            "exclusiveMinimum": (TestKind.AT_LEAST, math.floor(limit) + 1),
            "maximum": (TestKind.AT_MOST, math.floor(limit)),
            "exclusiveMaximum": (TestKind.AT_MOST, math.ceil(limit) - 1),
        }[word]
        return Test(column.name, kind, (whole,), when_unknown=True)


def _joined(schema: Mapping[str, Json], path: str, read_part: Callable[[Json, str], Plan]) -> list[Plan]:
    parts: list[Plan] = []
    for word, join in (("allOf", All), ("anyOf", Any)):
        if word in schema:
            items = schema[word]
            if not isinstance(items, list) or not items:
                raise ConditionError(f"{path}{word}: phải là danh sách có điều kiện")
            parts.append(join(tuple(read_part(item, f"{path}{word}[{i}].") for i, item in enumerate(items))))
    if "not" in schema:
        parts.append(negated(read_part(schema["not"], f"{path}not.")))
    return parts


def _texts(value: Json, path: str) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise ConditionError(f"{path or 'gốc'}: phải là danh sách tên")
    return value
