"""The face of the design room: the values its components take, and the id a field's control gets.

Templates use the rest through `{% load design %}`; docs/reference/design.md lists every tag.
"""

from __future__ import annotations

from tinhso.design.contracts import (
    Bar,
    Cell,
    Choice,
    Column,
    Field,
    FieldError,
    FieldKind,
    Milestone,
    Progress,
    Row,
    Shortcut,
    SummaryRow,
    Task,
    Tile,
    Tone,
)

__all__ = [
    "Bar",
    "Cell",
    "Choice",
    "Column",
    "Field",
    "FieldError",
    "FieldKind",
    "Milestone",
    "Progress",
    "Row",
    "Shortcut",
    "SummaryRow",
    "Task",
    "Tile",
    "Tone",
]
