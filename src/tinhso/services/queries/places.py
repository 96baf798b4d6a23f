"""Find the commune a person means: by code, by today's name, or by the name it bore before."""

from __future__ import annotations

from datetime import date

from tinhso.foundation.api import clock, text
from tinhso.organisation import api as organisation
from tinhso.organisation.contracts import Tier, Unit

_YEARS_BACK = 6
_MOST = 12


def commune(code: object) -> Unit | None:
    """Return today's commune that bears a code."""
    if not (isinstance(code, str) and len(code) == 5 and code.isascii() and code.isdigit()):
        return None
    unit = organisation.units.by_code(code, clock.today())
    return unit if unit is not None and unit.tier is Tier.COMMUNE else None


def named(typed: str) -> list[Unit]:
    """Return today's communes that what was typed may mean; one, when it leaves no doubt.

    Where today's names do not match, names of the years before are looked up, and lead to what those communes became.
    """
    wanted = text.fold(typed.replace(",", " ")[:200])
    if not wanted:
        return []
    exact = [unit for unit in _living(clock.today()) if wanted in _names(unit)]
    if exact:
        return exact[:_MOST]
    found = _search(typed, clock.today())
    return (found or _by_old_name(typed))[:_MOST]


def all_names() -> list[str]:
    """Return the shown names of today's communes, for the browser to complete."""
    return [unit.display_name for unit in _living(clock.today())]


def _search(typed: str, day: date) -> list[Unit]:
    found = organisation.units.search_units(typed.replace(",", " "), day, limit=50)
    communes = [unit for unit in found if unit.code and unit.tier is Tier.COMMUNE]
    own = [unit for unit in communes if text.fold(typed) in text.fold(unit.name)]  # not by its province's name alone
    return own or communes


def _by_old_name(typed: str) -> list[Unit]:
    today = clock.today()
    found: dict[object, Unit] = {}
    for back in range(_YEARS_BACK + 1):
        for old in _search(typed, date(today.year - back, 1, 1))[:_MOST]:
            for unit in _became(old, today):
                found.setdefault(unit.id, unit)
        if found:
            break
    return list(found.values())


def _became(old: Unit, today: date) -> list[Unit]:
    if old.valid_to is None or old.valid_to >= today:
        return [old]
    links = organisation.units.successors(old.id)
    return [link.other for link in links if link.other is not None and link.other.tier is Tier.COMMUNE]


def _names(unit: Unit) -> set[str]:
    shown = text.fold(unit.display_name.replace(",", " "))
    return {shown, text.fold(unit.full_name), text.fold(unit.name)}


def _living(day: date) -> list[Unit]:
    found = organisation.units.of_tier(Tier.COMMUNE, day)
    return sorted(found, key=lambda unit: text.sort_key(unit.name))
