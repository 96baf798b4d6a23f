"""Find the indicators that are installed."""

from __future__ import annotations

from datetime import date

from tinhso.foundation.api import clock, packages
from tinhso.indicators.contracts import Definition

KIND = "indicators"


class UnknownIndicator(LookupError):
    """No installed indicator of that name is valid on the day asked for."""


def definitions(on: date | None = None) -> dict[str, Definition]:
    """Return the indicators valid on a day (today), by id: one query."""
    found = packages.newest(KIND, on or clock.today())
    return {definition.id: definition for _, definition in found}


def definition(indicator: str, on: date | None = None) -> Definition:
    """Return an indicator as it is valid on a day; raise UnknownIndicator where it is not."""
    try:
        return definitions(on)[indicator]
    except KeyError:
        raise UnknownIndicator(indicator) from None
