"""Read a folder that describes an organisation in time, and say everything that is wrong with it at once."""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, TypeVar

import yaml

from tinhso.foundation.contracts import text

from ..contracts import Certainty, Part, Tier, UnitKind
from . import derive
from .plan import DataProblem, IdentifierRow, Plan, Register, SuccessionRow, UnitRow

HEAD = "organisation.yml"
R = TypeVar("R")


def read(files: Mapping[str, bytes]) -> Plan:
    """Return the plan that a folder's files describe; raise DataProblem with all that is wrong."""
    if HEAD not in files:
        raise DataProblem([f"{HEAD}: missing"])
    try:
        head = yaml.safe_load(files[HEAD])
        parts = head["files"]
        problems: list[str] = []
        territories = _rows(files, parts["territories"], _territory, problems)
        listed = _rows(files, parts["agencies"], _agency, problems)
        successions = _rows(files, parts["successions"], _succession, problems)
        identifiers = _rows(files, parts["identifiers"], _identifier, problems)
        if problems:
            raise DataProblem(problems)
        register = Register.of([*territories, *listed])
        if problems := list(_lives(register)):
            raise DataProblem(problems)
        derived = derive.agencies(head["derived"], territories, register)
        units = derive.named([*territories, *listed, *derived], register)
        posts = derive.posts(head["posts"], units)
        name, version, root = str(head["id"]), int(head["version"]), str(head["root"])
    except (KeyError, TypeError, AttributeError, yaml.YAMLError, UnicodeDecodeError) as error:
        raise DataProblem([f"{HEAD}: {type(error).__name__} {error}"]) from error
    plan = Plan(name, version, root, tuple(units), tuple(successions), tuple(identifiers), tuple(posts))
    problems = list(check(plan))
    if problems:
        raise DataProblem(problems)
    return plan


def check(plan: Plan) -> Iterable[str]:
    """Yield what is wrong with a plan: overlapping lives, parents that do not live, links to nowhere, two of a code."""
    register = Register.of(plan.units)
    if plan.root not in register.by_key:
        yield f"root {plan.root}: no such unit"
    yield from _lives(register)
    yield from _links(plan, register)
    yield from _codes(plan, register)


def _lives(register: Register) -> Iterable[str]:
    for key, rows in register.by_key.items():
        ordered = sorted(rows, key=lambda r: r.valid_from)
        if len({(r.kind, r.sector) for r in rows}) > 1:
            yield f"{key}: changes kind or sector; make it another unit"
        for row in ordered:
            if row.last < row.valid_from:
                yield f"{key}: ends on {row.valid_to} before it begins on {row.valid_from}"
            for other in (row.parent, row.territory):
                if other and other != key and not register.covers(other, row.valid_from, row.last):
                    yield f"{key}: {other} does not live from {row.valid_from} to {row.valid_to}"
        for before, after in itertools.pairwise(ordered):
            if (after.valid_from - before.last).days != 1:
                yield f"{key}: {before.valid_to} and {after.valid_from} do not follow each other"


def _links(plan: Plan, register: Register) -> Iterable[str]:
    for link in plan.successions:
        if link.predecessor not in register.by_key:
            yield f"succession: no unit {link.predecessor}"
            continue
        last = max(r.last for r in register.by_key[link.predecessor])
        if (link.effective - last).days != 1:
            yield f"succession of {link.predecessor}: takes effect on {link.effective}, but it lives to {last}"
        if link.successor and register.at(link.successor, link.effective) is None:
            yield f"succession of {link.predecessor}: {link.successor} does not live on {link.effective}"
        if not link.successor and link.part is not Part.UNKNOWN:
            yield f"succession of {link.predecessor}: no successor, yet part is {link.part}"


def _codes(plan: Plan, register: Register) -> Iterable[str]:
    yield from _once((f"code {row.code}", row.valid_from, row.last, row.key) for row in plan.units if row.code)
    for row in plan.identifiers:
        if row.unit not in register.by_key:
            yield f"identifier {row.value}: no unit {row.unit}"
    yield from _once(
        (f"identifier {row.value}", row.valid_from, row.valid_to or date.max, row.unit) for row in plan.identifiers
    )
    yield from _once(
        (f"identifiers of {row.unit}", row.valid_from, row.valid_to or date.max, row.value) for row in plan.identifiers
    )


def _once(stretches: Iterable[tuple[str, date, date, str]]) -> Iterable[str]:
    latest: dict[str, tuple[date, str]] = {}
    for what, first, last, who in sorted(stretches):
        if what in latest and latest[what][0] >= first:
            yield f"{what}: both {latest[what][1]} and {who} on {first}"
        latest[what] = (last, who)


def _rows(
    files: Mapping[str, bytes], names: Iterable[str], parse: Callable[[Mapping[str, str]], R], problems: list[str]
) -> list[R]:
    found: list[R] = []
    for name in names:
        if name not in files:
            problems.append(f"{name}: missing")
            continue
        reader = csv.DictReader(io.StringIO(files[name].decode("utf-8"), newline=""))
        for number, row in enumerate(reader, start=2):
            try:
                found.append(parse({k: text.clean(v or "") for k, v in row.items() if k}))
            except (KeyError, ValueError) as error:
                problems.append(f"{name} line {number}: {error}")
    return found


def _day(value: str) -> date | None:
    return date.fromisoformat(value) if value else None


def _stretch(row: Mapping[str, str]) -> dict[str, Any]:
    return {
        "valid_from": date.fromisoformat(row["valid_from"]),
        "valid_to": _day(row["valid_to"]),
        "source": row["source"],
        "certainty": Certainty(row["certainty"]),
    }


def _territory(row: Mapping[str, str]) -> UnitRow:
    return UnitRow(
        key=row["key"], kind=UnitKind.PEOPLE_COMMITTEE, sector="", code=row["code"], kind_word=row["kind_word"],
        name=row["name"], tier=Tier(row["tier"]), parent=row["parent"], territory=row["key"], note=row["note"],
        **_stretch(row),
    )  # fmt: skip


def _agency(row: Mapping[str, str]) -> UnitRow:
    return UnitRow(
        key=row["key"], kind=UnitKind(row["kind"]), sector=row["sector"], code="", kind_word="", name=row["name"],
        tier=Tier(row["tier"]), parent=row["parent"], territory=row["territory"], note=row["note"], **_stretch(row),
    )  # fmt: skip


def _succession(row: Mapping[str, str]) -> SuccessionRow:
    return SuccessionRow(
        row["predecessor"], row["successor"], Part(row["part"]), date.fromisoformat(row["effective"]),
        row["source"], Certainty(row["certainty"]),
    )  # fmt: skip


def _identifier(row: Mapping[str, str]) -> IdentifierRow:
    return IdentifierRow(unit=row["unit"], value=row["identifier"], **_stretch(row))
