"""Turn what people and programs send into the form's typed values, keeping what cannot be read for them to mend.

A page posts text: dates as 06/01/2021 or in three boxes ("birth_date.day", ".month", ".year"), money as
"150.000", rows as "members.0.full_name". What cannot be turned is left as it was typed, so that `form.check`
says what is wrong and the page shows it again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from tinhso.foundation.contracts import money, text
from tinhso.services.contracts.procedure import FormField, Procedure

MAX_ROWS = 50
_INT = re.compile(r"^-?[0-9]{1,15}$")
_DATE = re.compile(r"^([0-9]{1,2})[/.\- ]([0-9]{1,2})[/.\- ]([0-9]{4})$")
_ROW = re.compile(r"^([0-9]{1,3})\.([a-z][a-z0-9_]*)$")
_SPACES = re.compile(r"[ \u00a0]{2,}")
_TRUE = frozenset({"on", "true", "1", "có"})
_FALSE = frozenset({"off", "false", "0", "không"})
_DATE_PARTS = (".day", ".month", ".year")

Posted = Mapping[str, str | Sequence[str]]


def normalise_form(procedure: Procedure, posted: Posted, page_id: str | None = None) -> dict[str, Any]:
    """Read a posted page (or, without `page_id`, the whole form). Empty answers are left out.

    Names the page does not ask are kept as they came, for `form.check` to refuse.
    """
    values = {name: _one(value) for name, value in posted.items()}
    asked = [field for page in procedure.pages if page_id in (None, page.id) for field in page.fields]
    data: dict[str, Any] = {}
    used: set[str] = set()
    for field in asked:
        names, value = _read(field, values)
        used |= names
        if value is not None:
            data[field.name] = value
    data.update({name: value for name, value in values.items() if name not in used})
    return data


def normalise_json(procedure: Procedure, data: Any) -> Any:
    """Tidy what a program sends: NFC, outer spaces trimmed. Types are not guessed; any JSON value may come in."""
    fields = procedure.fields
    if not isinstance(data, dict):
        return data
    return {name: _tidied(value, fields[name]) if name in fields else value for name, value in data.items()}


def show(field: FormField, value: Any) -> str:
    """Write a value as a person would type it: dates 06/01/2021, money 150.000, choices by their label."""
    if field.options:
        return next((option.label for option in field.options if option.value == str(value)), str(value or ""))
    if isinstance(value, bool):
        return "Có" if value else "Không"
    if isinstance(value, int) and field.widget == "money":
        return money.format_vnd(value).removesuffix(" ₫")
    if isinstance(value, list):
        return "\n".join(str(item) for item in value)
    return _shown_date(str(value)) if field.format == "date" else str("" if value is None else value)


def _shown_date(value: str) -> str:
    try:
        return f"{date.fromisoformat(value):%d/%m/%Y}"
    except ValueError:
        return value


def _one(value: str | Sequence[str]) -> str:
    """A name sent several times counts once, the last (as HTML forms with a hidden default do)."""
    if isinstance(value, str):
        return value
    return str(value[-1]) if value else ""


def _read(field: FormField, values: Mapping[str, str]) -> tuple[set[str], Any]:
    """Give the names that belong to a question, and its value or None for no answer."""
    if field.widget == "rows":
        return _rows(field, values)
    if field.format == "date":
        parts = {field.name + part for part in _DATE_PARTS}
        boxes = [values.get(field.name + part, "").strip() for part in _DATE_PARTS]
        if any(boxes):
            return {field.name, *parts}, _date("/".join(boxes))
        return {field.name, *parts}, _scalar(field, values.get(field.name, ""))
    return {field.name}, _scalar(field, values.get(field.name, ""))


def _rows(field: FormField, values: Mapping[str, str]) -> tuple[set[str], Any]:
    columns = {child.name: child for child in field.children}
    used: set[str] = {field.name}
    rows: dict[int, dict[str, Any]] = {}
    for name, value in values.items():
        found = _ROW.match(name.removeprefix(f"{field.name}.")) if name.startswith(f"{field.name}.") else None
        if found is None or int(found[1]) >= MAX_ROWS or found[2] not in columns:
            continue
        used.add(name)
        typed = _scalar(columns[found[2]], value)
        if typed is not None:
            rows.setdefault(int(found[1]), {})[found[2]] = typed
    return used, [rows[index] for index in sorted(rows)] or None


def _scalar(field: FormField, typed: str) -> Any:
    value = _clean(typed, single_line=field.widget not in ("textarea", "lines"))
    if value == "":
        return None
    if field.widget == "lines":
        return [line for line in (_clean(part, single_line=True) for part in value.split("\n")) if line] or None
    if field.type == "boolean":
        return {**dict.fromkeys(_TRUE, True), **dict.fromkeys(_FALSE, False)}.get(value.lower(), value)
    if field.type == "integer":
        return _integer(value)
    if field.widget in ("phone", "citizen_number"):
        return value.replace(" ", "").replace(".", "")
    return _date(value) if field.format == "date" else value


def _clean(value: str, *, single_line: bool) -> str:
    """Normalise a text; one that holds hidden characters stays as it is, for the check to refuse."""
    try:
        cleaned = text.clean(value)
    except text.UnsafeText:
        return value
    return _SPACES.sub(" ", cleaned) if single_line else cleaned


def _date(value: str) -> str:
    """Read dd/mm/yyyy into ISO; what is no date (31/02/2021) stays as typed."""
    found = _DATE.match(value)
    if found is None:
        return value
    try:
        return date(int(found[3]), int(found[2]), int(found[1])).isoformat()
    except ValueError:
        return value


def _integer(value: str) -> int | str:
    if _INT.match(value):
        return int(value)
    sign, rest = (-1, value[1:]) if value.startswith("-") else (1, value)
    try:
        return sign * money.parse_vnd(rest)
    except ValueError:
        return value


def _tidied(value: Any, field: FormField) -> Any:
    if isinstance(value, str):
        return _clean(value, single_line=field.widget != "textarea")
    if isinstance(value, list):
        return [_tidied_item(item, field) for item in value]
    return value


def _tidied_item(item: Any, field: FormField) -> Any:
    if isinstance(item, str):
        return _clean(item, single_line=True)
    if isinstance(item, dict):
        columns = {child.name: child for child in field.children}
        return {
            name: _clean(value, single_line=True) if isinstance(value, str) and name in columns else value
            for name, value in item.items()
        }
    return item
