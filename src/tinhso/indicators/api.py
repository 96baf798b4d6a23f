"""The indicators' face: what is measured, from the facts that rooms offer, by definitions that are packages.

    figure = measure("on-time-rate", Period(first, last), measure_id="received")
    figure.value, figure.reason          per cent, or None and why
    rows("on-time-rate", period, side=Side.OTHERS)        the rows that keep it from 100 %
    history("on-time-rate", until=clock.today())          a figure a month

Figure and rows come from one compiled plan: the rows of `Side.COUNTED` are exactly the numerator.
"""

from __future__ import annotations

from .queries.columns import columns_of
from .queries.definitions import UnknownIndicator, definition, definitions
from .queries.measure import history, measure, rows
from .rules.figure import expected_on, value_of

__all__ = [
    "UnknownIndicator",
    "columns_of",
    "definition",
    "definitions",
    "expected_on",
    "history",
    "measure",
    "rows",
    "value_of",
]
