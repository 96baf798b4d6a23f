"""Work out what a folder leaves to rules: agencies beside each territory, names shown, posts of each unit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from ..contracts import Certainty, Role, Tier, UnitKind
from .plan import DataProblem, PostRow, Register, UnitRow, matches, overlap


def agencies(rules: Sequence[Mapping[str, Any]], territories: Sequence[UnitRow], register: Register) -> list[UnitRow]:
    """Return the agencies that stand beside territories by rule, and enter them in the register.

    Later rules may answer to agencies of earlier ones (a commune's police to the district's).
    """
    made: list[UnitRow] = []
    for rule in rules:
        for place in territories:
            if place.tier.value == rule["of"] and place.kind_word in rule.get("kind_words", [place.kind_word]):
                made.extend(_beside(rule, place, register))
    return made


def _beside(rule: Mapping[str, Any], place: UnitRow, register: Register) -> Iterator[UnitRow]:
    life = overlap(place.valid_from, place.valid_to, rule.get("valid_from"), rule.get("valid_to"))
    for under in rule["under"]:
        bounds = {} if under == "territory" else under
        stretch = life and overlap(*life, bounds.get("valid_from"), bounds.get("valid_to"))
        if not stretch:
            continue
        row = UnitRow(
            key=f"{place.key}:{rule['sector']}",
            kind=UnitKind(rule["kind"]),
            sector=rule["sector"],
            code="",
            kind_word="",
            name=rule["name"].format(unit=place.in_sentence, name=place.name),
            tier=place.tier,
            parent=_superior(under, place, stretch[0], register),
            territory=place.key,
            valid_from=stretch[0],
            valid_to=stretch[1],
            source=rule["source"],
            certainty=Certainty(rule["certainty"]),
        )
        register.add(row)
        yield row


def _superior(under: Any, place: UnitRow, on: date, register: Register) -> str:
    if under == "territory":
        return place.key
    found = register.agency(under["sector"], Tier(under["tier"]), place.key, on)
    if found is None:
        raise DataProblem([f"{place.key}: no {under['sector']} at {under['tier']} on {on}"])
    return found.key


def named(rows: Iterable[UnitRow], register: Register) -> list[UnitRow]:
    """Return the rows with the name that is shown: always with the district or province it stands in."""
    return [replace(row, display_name=_display_name(row, register)) for row in rows]


def _display_name(row: UnitRow, register: Register) -> str:
    place = row.parent if row.kind is UnitKind.PEOPLE_COMMITTEE else row.territory
    if row.kind is not UnitKind.PEOPLE_COMMITTEE:
        served = register.at(row.territory, row.valid_from)
        if served is not None and served.name in row.name:
            place = served.parent
    if not place:
        return row.full_name
    names = {r.in_sentence for r in register.during(place, row.valid_from, row.last)}
    if len(names) != 1:
        raise DataProblem([f"{row.key}: {place} has {len(names)} names from {row.valid_from} to {row.valid_to}"])
    return f"{row.full_name}, {names.pop()}"


def posts(rules: Sequence[Mapping[str, Any]], rows: Iterable[UnitRow]) -> list[PostRow]:
    """Return each unit's posts: those of the first rule that matches its kind and tier."""
    made: list[PostRow] = []
    seen: set[str] = set()
    for row in rows:
        if row.key in seen:
            continue
        seen.add(row.key)
        rule = next((r for r in rules if matches(r, kind=row.kind.value, tier=row.tier.value, sector=row.sector)), None)
        for post in rule["posts"] if rule else ():
            made.append(PostRow(row.key, post["title"], Role(post["role"]), bool(post.get("head", False))))
    return made
