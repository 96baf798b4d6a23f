"""What crosses the room's face: what an indicator is, and what was measured."""

from __future__ import annotations

from .definition import (
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
from .figure import Breakdown, FactRow, Figure, Freshness, Part, Period, Point, RowPage, Side
from .plan import All, Any, Column, ColumnKind, Condition, Plan, Scalar, Test, TestKind

__all__ = [
    "All",
    "Any",
    "Baseline",
    "Basis",
    "Breakdown",
    "Certainty",
    "Column",
    "ColumnKind",
    "Condition",
    "Definition",
    "Direction",
    "Example",
    "Expected",
    "FactRow",
    "Figure",
    "Freshness",
    "Measure",
    "Part",
    "Period",
    "Plan",
    "Point",
    "RowPage",
    "Scalar",
    "Side",
    "Target",
    "Test",
    "TestKind",
    "Title",
    "Unit",
    "Window",
    "WindowKind",
]
