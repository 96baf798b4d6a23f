"""Read an indicator's package, and prove it by its examples."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import date, tzinfo
from decimal import Decimal
from functools import lru_cache
from importlib.resources import files
from typing import Any

import jsonschema_rs

from tinhso.indicators.contracts.definition import (
    Baseline,
    Basis,
    Certainty,
    Definition,
    Direction,
    Example,
    Expected,
    Measure,
    Target,
    Title,
    Unit,
    Window,
    WindowKind,
)
from tinhso.indicators.contracts.figure import Period
from tinhso.indicators.contracts.plan import Column, ColumnKind, Condition, Scalar

from . import figure, plan
from .files import UnreadableFile, read_yaml

Columns = Callable[[str], Mapping[str, Column] | None]
_DATED = (ColumnKind.DATE, ColumnKind.MOMENT)
_BY_COLUMN = ("tier", "unit_id")


class DefinitionError(ValueError):
    """A package cannot be used; `problems` say where and why, all at once."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = tuple(problems)


def read(package: Mapping[str, bytes], columns_of: Columns) -> Definition:
    """Read a package from its files; `columns_of` gives a fact's columns, None where no room offers it.

    Raises DefinitionError with every problem found.
    """
    problems = [f"{name}: gói không có loại tệp này" for name in package if not _known(name)]
    if "package.yml" not in package:
        raise DefinitionError([*problems, "thiếu package.yml"])
    content = _checked(package["package.yml"], "package.yml", "package", problems)
    if content is None:
        raise DefinitionError(problems)
    columns = columns_of(content["fact"])
    if columns is None:
        raise DefinitionError([*problems, f"fact: không phòng nào cung cấp dữ kiện {content['fact']}"])
    measures = tuple(_measures(content, columns, problems))
    examples = tuple(_examples(package, columns, problems))
    problems += _promises(content, columns)
    if problems:
        raise DefinitionError(problems)
    return _build(content, measures, examples)


def disproved(definition: Definition, zone: tzinfo) -> list[str]:
    """Run the examples; return what they disprove."""
    found = [] if definition.examples else ["chưa có ví dụ nào chứng minh cách tính"]
    known = {measure.id for measure in definition.measures}
    shown: set[str] = set()
    for example in definition.examples:
        for expected in example.expected:
            if expected.measure not in known:
                found.append(f"{example.name}: không có phép đo {expected.measure}")
                continue
            shown.add(expected.measure)
            found += _compared(definition, example, expected, zone)
    found += [f"phép đo {name} chưa có ví dụ" for name in sorted(known - shown) if definition.examples]
    return found


def _compared(definition: Definition, example: Example, expected: Expected, zone: tzinfo) -> Iterator[str]:
    try:
        count = figure.count(definition.measure(expected.measure), example.rows, example.period, zone)
    except KeyError as error:
        yield f"{example.name}: các dòng thiếu cột {error.args[0]}"
        return
    value = figure.value_of(definition.unit, count.numerator, count.denominator)
    got = (count.numerator, count.denominator, count.undecided, value)
    if got != (expected.numerator, expected.denominator, expected.undecided, expected.value):
        yield (
            f"{example.name}, {expected.measure}: ra {count.numerator}/{count.denominator} "
            f"(chưa rõ {count.undecided}) = {value}, ví dụ nói {expected.numerator}/{expected.denominator} "
            f"(chưa rõ {expected.undecided}) = {expected.value}"
        )


def _known(name: str) -> bool:
    return name in ("package.yml", "README.md") or (name.startswith("examples/") and name.endswith(".yml"))


def _checked(content: bytes, name: str, shape: str, problems: list[str]) -> Any:
    try:
        value = read_yaml(content)
    except UnreadableFile as error:
        problems.append(f"{name}: {error}")
        return None
    errors = [
        f"{name} {'.'.join(map(str, e.instance_path))}: {str(e.message)[:200]}"
        for e in _validator(shape).iter_errors(value)
    ]
    problems += errors
    return None if errors else value


@lru_cache
def _validator(shape: str) -> jsonschema_rs.Draft202012Validator:
    schema = json.loads(files("tinhso.indicators").joinpath("schemas/indicator.schema.json").read_text("utf-8"))
    schema["$ref"] = f"#/$defs/{shape}"
    return jsonschema_rs.Draft202012Validator(schema, validate_formats=True)


def _measures(content: Any, columns: Mapping[str, Column], problems: list[str]) -> Iterator[Measure]:
    ids = [row["id"] for row in content["measures"]]
    problems += [f"measures: {name} viết hai lần" for name in sorted({i for i in ids if ids.count(i) > 1})]
    for row in content["measures"]:
        where = f"measures.{row['id']}"
        numerator = _condition(row.get("numerator", content["numerator"]), columns, f"{where}.numerator", problems)
        denominator = _condition(row["denominator"], columns, f"{where}.denominator", problems, belongs=True)
        window = _window(row["window"])
        problems += _window_problems(window, columns, where)
        if numerator is not None and denominator is not None:
            yield Measure(
                row["id"], Title(**row["title"]), window, numerator, denominator, row["numerator_words"],
                row["denominator_words"], _basis(row["basis"]),
            )  # fmt: skip


def _condition(
    schema: Any, columns: Mapping[str, Column], where: str, problems: list[str], *, belongs: bool = False
) -> Condition | None:
    try:
        condition = plan.read(schema, columns)
    except plan.ConditionError as error:
        problems.append(f"{where}: {error}")
        return None
    problems += [f"{where}: {p}" for p in plan.null_problems(condition, decides_membership=belongs)]
    return condition


def _window(row: Mapping[str, Any]) -> Window:
    if "within" in row:
        return Window(WindowKind.WITHIN, row["within"])
    if "open_from" in row:
        return Window(WindowKind.OPEN, row["open_from"], row["until"])
    return Window(WindowKind.STOCK)


def _window_problems(window: Window, columns: Mapping[str, Column], where: str) -> list[str]:
    named = [name for name in (window.column, window.until) if name]
    return [
        f"{where}.window: {name} không phải cột ngày giờ của dữ kiện"
        for name in named
        if name not in columns or columns[name].kind not in _DATED
    ]


def _promises(content: Any, columns: Mapping[str, Column]) -> list[str]:
    found = [
        f"breakdowns: dữ kiện không có cột {name}"
        for name in content["breakdowns"]
        if name in _BY_COLUMN and name not in columns
    ]
    if "head" in content["breakdowns"] and "unit_id" not in columns:
        found.append("breakdowns: dữ kiện không có đơn vị, nên không có người đứng đầu")
    for row in content.get("targets", ()):
        base = row.get("baseline")
        if base and row["due"] and base["on"] >= row["due"]:
            found.append(f"targets.{row['id']}: mốc đầu không trước hạn")
    return found


def _examples(package: Mapping[str, bytes], columns: Mapping[str, Column], problems: list[str]) -> Iterator[Example]:
    for name in sorted(package):
        if not name.startswith("examples/"):
            continue
        content = _checked(package[name], name, "example", problems)
        if content is None:
            continue
        try:
            yield _example(name.removeprefix("examples/").removesuffix(".yml"), content, columns)
        except ValueError as error:
            problems.append(f"{name}: {error}")


def _example(name: str, content: Any, columns: Mapping[str, Column]) -> Example:
    same = content.get("same_in_all_rows", {})
    period = Period(date.fromisoformat(content["period"]["first"]), date.fromisoformat(content["period"]["last"]))
    expected = tuple(
        Expected(
            measure, row["numerator"], row["denominator"], row.get("undecided", 0),
            None if row["value"] is None else Decimal(str(row["value"])),
        )
        for measure, row in content["expected"].items()
    )  # fmt: skip
    return Example(name, period, tuple(_row({**same, **row}, columns) for row in content["rows"]), expected)


def _row(values: Mapping[str, Any], columns: Mapping[str, Column]) -> dict[str, Scalar | None]:
    """Read an example's row; columns it leaves out are unknown where they may be, else absent."""
    row: dict[str, Scalar | None] = {name: None for name, column in columns.items() if column.nullable}
    for name, value in values.items():
        if name not in columns:
            raise plan.ConditionError(f"dữ kiện không có cột {name}")
        if value is None and not columns[name].nullable:
            raise plan.ConditionError(f"cột {name} luôn có giá trị")
        row[name] = None if value is None else plan.scalar(value, columns[name].kind)
    return row


def _build(content: Any, measures: tuple[Measure, ...], examples: tuple[Example, ...]) -> Definition:
    return Definition(
        id=content["id"],
        version=content["version"],
        status=content["status"],
        title=Title(**content["title"]),
        summary=content["summary"],
        owner=content["owner"],
        unit=Unit(content["unit"]),
        direction=Direction(content["direction"]),
        fact=content["fact"],
        measures=measures,
        breakdowns=tuple(content["breakdowns"]),
        watch=tuple(content.get("watch", ())),
        targets=tuple(map(_target, content.get("targets", ()))),
        legal_basis=tuple(map(_basis, content["legal_basis"])),
        examples=examples,
        valid_from=date.fromisoformat(content["valid_from"]),
        valid_to=_date(content["valid_to"]),
    )


def _target(row: Mapping[str, Any]) -> Target:
    base = row.get("baseline")
    return Target(
        id=row["id"],
        document=row["document"],
        issued=date.fromisoformat(row["issued"]),
        value=Decimal(str(row["value"])),
        due=_date(row["due"]),
        source=row["source"],
        certainty=Certainty(row["certainty"]),
        note=row.get("note", ""),
        baseline=Baseline(date.fromisoformat(base["on"]), Decimal(str(base["value"])), base["note"]) if base else None,
    )


def _basis(row: Mapping[str, str]) -> Basis:
    return Basis(row["title"], row["cited_for"], row["source"], Certainty(row["certainty"]))


def _date(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None
