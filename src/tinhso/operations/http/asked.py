"""Read what an address asks for, and write addresses that keep it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, QueryDict
from django.urls import reverse

from tinhso.foundation.api import clock
from tinhso.indicators import api as indicators
from tinhso.indicators.contracts import Definition, Measure, Period, Side
from tinhso.operations.contracts import Line, Scope, Split
from tinhso.operations.queries.openings import splits
from tinhso.operations.queries.scopes import OutOfReach, scope_of
from tinhso.operations.rules.periods import period_of
from tinhso.organisation.api import principal_of

from . import words

_MOST_UNITS = 300


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose figures, of which period; `kept` are the parameters that every link goes on with."""

    scope: Scope
    period: Period
    span: str
    kept: tuple[tuple[str, str], ...]

    def link(self, page: str, *args: str, **more: str | Iterable[str]) -> str:
        """Return the address of a page that keeps the period and the scope; `more` replaces or adds parameters."""
        pairs = [(name, value) for name, value in self.kept if name not in more]
        for name, value in more.items():
            pairs += [(name, one) for one in ([value] if isinstance(value, str) else value) if one]
        address = reverse(f"operations:{page}", args=args)
        return f"{address}?{urlencode(pairs)}" if pairs else address

    def rows_of(self, definition: Definition, measure: Measure, line: Line) -> str:
        """Return the address of the rows of one line of an opened figure."""
        more: dict[str, str | Iterable[str]] = {"do": measure.id}
        if line.units:
            more |= {"rieng": [str(unit) for unit in line.units], "don-vi": ""}
        if line.tier:
            more["cap"] = line.tier
        if line.month:
            more["ky"] = line.month
        return self.link("rows", definition.id, **more)


def read(request: HttpRequest) -> Asked:
    """Read period and scope from an address; 403 for a unit out of reach, 404 for one that is no unit's id."""
    given = request.GET
    span, period = period_of(given.get("ky", ""), clock.today())
    below, only = _unit(given.get("don-vi", "")), [_known(one) for one in given.getlist("rieng")[:_MOST_UNITS]]
    try:
        scope = scope_of(principal_of(request), period.last, below=below, only=only, tier=given.get("cap", ""))
    except OutOfReach:
        raise PermissionDenied("unit out of reach") from None
    kept = [("ky", span)] + [(name, one) for name in ("don-vi", "rieng", "cap") for one in given.getlist(name) if one]
    return Asked(scope, period, span, tuple(kept[: _MOST_UNITS + 3]))


def definition_of(name: str, period: Period) -> Definition:
    """Return an installed indicator; 404 where there is none of that name."""
    try:
        return indicators.definition(name, period.last)
    except indicators.UnknownIndicator:
        raise Http404(name) from None


def measure_of(definition: Definition, given: QueryDict) -> Measure:
    """Return the named measure asked for; 404 where there is none."""
    try:
        return definition.measure(given.get("do", ""))
    except KeyError:
        raise Http404(given.get("do", "")) from None


def split_of(definition: Definition, given: QueryDict) -> Split:
    """Return how the figure is to be opened: as asked, or in the first way it can be."""
    offered = splits(definition)
    return next((split for split in offered if split == given.get("theo")), offered[0] if offered else Split.MONTH)


def side_of(given: QueryDict) -> Side:
    """Return which rows are asked for: all of them where nothing else is."""
    wanted = given.get("phan", "")
    return next((side for side, word in words.SIDE_WORDS.items() if word == wanted), Side.ALL)


def page_of(given: QueryDict) -> int:
    """Return the page asked for: the first where it is no number."""
    number = given.get("page", "")
    return int(number) if number.isascii() and number.isdigit() and len(number) < 8 else 1


def _unit(value: str) -> UUID | None:
    return _known(value) if value else None


def _known(value: str) -> UUID:
    try:
        return UUID(value)
    except ValueError:
        raise Http404("no unit") from None
