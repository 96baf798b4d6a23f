"""Say what components take: frozen values, free of Django, that any room can fill.

Templates read them by name, so a mapping with the same keys does as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Tone(StrEnum):
    """What a status means; each tone has its own icon and colour, the word comes from the caller."""

    NEUTRAL = "neutral"  # not started, nothing to say yet
    INFO = "info"  # being worked on
    DONE = "done"
    ATTENTION = "attention"  # waits for the reader
    LATE = "late"  # the word says by how much
    STALE = "stale"  # the word says since when
    UNKNOWN = "unknown"  # a dash; the word says why


class Progress(StrEnum):
    """Where a step of a timeline stands."""

    DONE = "done"
    CURRENT = "current"
    TODO = "todo"
    LATE = "late"


class FieldKind(StrEnum):
    """Which control a `Field` is drawn as."""

    TEXT = "text"
    TEXTAREA = "textarea"
    SELECT = "select"
    RADIOS = "radios"
    CHECKBOX = "checkbox"
    CHECKBOXES = "checkboxes"
    DATE = "date"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class Choice:
    """One option of a select, of radios or of checkboxes."""

    value: str
    label: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """A question on a form, whatever its control; `{% field f %}` draws it.

    `value` is text; for checkboxes a collection of values; for a checkbox a bool; for a date a `date`, an ISO
    text or a mapping with `day`, `month`, `year` as they were typed.
    """

    kind: FieldKind
    name: str
    label: str
    value: Any = ""
    hint: str = ""
    error: str = ""
    choices: tuple[Choice, ...] = ()
    optional: bool = False
    autocomplete: str = ""
    inputmode: str = ""
    type: str = "text"
    width: str = ""
    accept: str = ""
    multiple: bool = False
    rows: int = 4
    maxlength: int | None = None
    error_parts: str = ""


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with an answer, and the name of its field ("" when it concerns the whole form).

    For a date, name the part to mend: `birth_day`.
    """

    field: str
    message: str


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """A question with its answer, and where to change it."""

    label: str
    value: str
    change_url: str = ""


@dataclass(frozen=True, slots=True)
class Task:
    """A line of a task list; without `url` it cannot be started yet."""

    label: str
    status: str
    tone: Tone = Tone.NEUTRAL
    url: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Milestone:
    """A moment in the life of a case; `when` is text already written for people."""

    title: str
    when: str = ""
    state: Progress = Progress.TODO
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; with `sort` its header sets `?sort=`; `nowrap` keeps codes and dates whole."""

    label: str
    sort: str = ""
    numeric: bool = False
    nowrap: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell with more than text: a link, or a status shown as a tag."""

    text: str
    url: str = ""
    tone: Tone | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: cells are text, `Cell` or None (a dash); `id` lets the keyboard find its place again."""

    cells: tuple[str | Cell | None, ...]
    id: str = ""
    late: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of a chart with its direct label; `value` None means not known, and is drawn hatched."""

    label: str
    value: float | None
    shown: str
    tone: Tone = Tone.INFO


@dataclass(frozen=True, slots=True)
class Tile:
    """A figure that opens to its records.

    `value`, `target` and `expected` are on the scale 0..`full` (100 for per cent); `shown` is the value written
    for people. `value` None draws a dash with `reason`, never 0. `stale_since` hatches the bar and says since when.
    """

    name: str
    value: float | None
    shown: str
    url: str
    target: float | None = None
    target_shown: str = ""
    expected: float | None = None
    expected_shown: str = ""
    full: float = 100.0
    trend: tuple[float | None, ...] = ()
    freshness: str = ""
    stale_since: str = ""
    reason: str = ""
    parts: str = ""
    tone: Tone = Tone.INFO


@dataclass(frozen=True, slots=True)
class Shortcut:
    """A key and what it does, for the help that `?` opens."""

    key: str
    label: str
