"""Draw a package's questions with the design system's fields, and read what comes back from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.http import QueryDict

from tinhso.design.api import Choice, Field, FieldError, FieldKind
from tinhso.services import api as services
from tinhso.services.contracts.form import FormError, FormField, FormPage
from tinhso.services.contracts.procedure import Procedure
from tinhso.services.rules.form_input import MAX_ROWS, normalise_form, show

_KINDS = {
    "radios": FieldKind.RADIOS,
    "select": FieldKind.SELECT,
    "date": FieldKind.DATE,
    "checkbox": FieldKind.CHECKBOX,
    "textarea": FieldKind.TEXTAREA,
    "lines": FieldKind.TEXTAREA,
}
_PARTS = ("day", "month", "year")
_CHOSEN, _WAS = ".chosen", ".was"  # a commune picked from those a name may mean, and the name they were offered for


@dataclass(frozen=True, slots=True)
class Question:
    """A question to draw: a plain field, or a commune with what may be meant, or rows of fields."""

    kind: str  # field | commune | rows
    field: Field
    candidates: tuple[Choice, ...] = ()
    rows: tuple[tuple[Field, ...], ...] = ()

    @property
    def chosen(self) -> str:
        """Name the radios that pick one of the candidates."""
        return self.field.name + _CHOSEN


def questions(fields: Sequence[FormField], data: Mapping[str, Any], errors: Sequence[FormError]) -> list[Question]:
    """Draw the questions of a page with the answers so far and what is wrong with them."""
    wrong: dict[str, str] = {}
    for error in errors:
        wrong.setdefault(error.field, error.message)
    return [_question(field, data.get(field.name), wrong) for field in fields]


def linked(errors: Sequence[FormError], fields: Sequence[FormField]) -> list[FieldError]:
    """Name for each error the control to go to: a date's first box, the field that holds a list."""
    by_name = {field.name: field for field in fields}
    found: dict[tuple[str, str], FieldError] = {}
    for error in errors:
        top = error.field.split(".")[0]
        field = by_name.get(top)
        name = error.field
        if field is not None and field.format == "date":
            name = f"{top}_day"
        elif field is not None and field.widget != "rows":
            name = top
        elif field is not None and error.field == top:
            name = f"{top}.0.{field.children[0].name}" if field.children else top
        found.setdefault((name, error.message), FieldError(name, error.message))
    return list(found.values())


def read_page(procedure: Procedure, page: FormPage, posted: QueryDict) -> tuple[dict[str, Any], list[FormError]]:
    """Read a posted page into the form's values, with what is wrong about places. Names not asked are passed over."""
    asked = {field.name: field for field in page.fields}
    values: dict[str, str] = {}
    for name in posted:
        top = name.split(".")[0]
        if top in asked:
            values[name] = posted.get(name, "")
        elif name.rpartition("_")[2] in _PARTS and name.rpartition("_")[0] in asked:
            values[".".join((name.rpartition("_")[0], name.rpartition("_")[2]))] = posted.get(name, "")
    doubts = [
        doubt for field in asked.values() if field.widget == "commune" and (doubt := _read_commune(field, values))
    ]
    read = normalise_form(procedure, values, page.id)
    return {name: value for name, value in read.items() if name in asked}, doubts


def doubts_about_places(procedure: Procedure, data: Mapping[str, Any]) -> list[FormError]:
    """Say which answers name no commune of today."""
    fields = (field for field in procedure.fields.values() if field.widget == "commune" and field.name in data)
    return [_unknown(field) for field in fields if services.places.commune(data[field.name]) is None]


def shown(field: FormField, value: Any) -> str:
    """Write an answer for people."""
    if value is None:
        return ""
    if field.widget == "commune":
        unit = services.places.commune(value)
        return unit.display_name if unit else str(value)
    if field.widget == "rows" and isinstance(value, list):
        rows = [row for row in value if isinstance(row, dict)]
        return "\n".join(", ".join(show(c, row.get(c.name)) for c in field.children if row.get(c.name)) for row in rows)
    if field.widget == "money" and isinstance(value, int):
        return show(field, value) + " ₫"
    return show(field, value)


def without_hidden(value: Any) -> Any:
    """Drop what cannot be shown (NUL, direction marks) from answers that could not be kept, so they can be mended."""
    if isinstance(value, str):
        return "".join(c for c in value if c.isprintable() or c == "\n")
    if isinstance(value, list):
        return [without_hidden(item) for item in value]
    if isinstance(value, dict):
        return {key: without_hidden(item) for key, item in value.items()}
    return value


def change_rows(act: str, fields: Sequence[FormField], answers: dict[str, Any]) -> bool:
    """Add a row ("them:members") or take one out ("bot:members.1") as its button asks; say whether it was one."""
    verb, _, target = act.partition(":")
    name, _, index = target.partition(".")
    field = next((field for field in fields if field.name == name and field.widget == "rows"), None)
    if field is None or verb not in ("them", "bot"):
        return False
    rows = answers.get(name)
    rows = list(rows) if isinstance(rows, list) else []
    if verb == "them" and len(rows) < min(field.maximum or MAX_ROWS, MAX_ROWS):
        answers[name] = [*(rows or [{}]), {}]
    elif verb == "bot" and index.isascii() and index.isdigit() and int(index) < len(rows):
        del rows[int(index)]
        answers[name] = rows
    return True


def _question(field: FormField, value: Any, wrong: Mapping[str, str]) -> Question:
    error = wrong.get(field.name, "") or next(
        (message for name, message in wrong.items() if name.startswith(f"{field.name}.") and field.widget != "rows"), ""
    )
    if field.widget == "commune":
        return _commune(field, value, error)
    if field.widget == "rows":
        return _rows(field, value, wrong)
    return Question("field", _field(field, field.name, value, error))


def _field(field: FormField, name: str, value: Any, error: str) -> Field:
    if value is None:
        value = field.default
    kind = _KINDS.get(field.widget, FieldKind.TEXT)
    aside = field.hint.strip().lower() == "không bắt buộc"
    return Field(
        kind=kind,
        name=name,
        label=field.title,
        value=_typed(field, value),
        hint="" if aside else field.hint,
        error=error,
        choices=tuple(Choice(option.value, option.label) for option in field.options),
        optional=not field.required and field.widget != "checkbox",
        autocomplete=field.autocomplete,
        inputmode="numeric" if field.widget in ("number", "money") else "",
        type={"phone": "tel", "email": "email"}.get(field.widget, "text"),
        width=_width(field),
        rows=4,
    )


def _typed(field: FormField, value: Any) -> Any:
    """Give a value as the person would type it; what could not be read stays as it was typed."""
    if field.widget == "checkbox":
        return value is True
    if value is None:
        return ""
    if field.format == "date":
        return _boxes(str(value))
    if field.options:
        return str(value)
    return show(field, value)


def _boxes(value: str) -> Any:
    try:
        return date.fromisoformat(value)
    except ValueError:
        return dict(zip(_PARTS, [*value.split("/"), "", "", ""], strict=False))


def _width(field: FormField) -> str:
    if field.widget == "number":
        return "4"
    if field.widget in ("phone", "citizen_number", "money"):
        return "20"
    return "20" if field.max_length is not None and field.max_length <= 40 else ""


def _rows(field: FormField, value: Any, wrong: Mapping[str, str]) -> Question:
    rows = [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []
    drawn = tuple(
        tuple(
            _field(column, name := f"{field.name}.{index}.{column.name}", row.get(column.name), wrong.get(name, ""))
            for column in field.children
        )
        for index, row in enumerate(rows or [{}])
    )
    frame = Field(FieldKind.TEXT, field.name, field.title, hint=field.hint, error=wrong.get(field.name, ""))
    return Question("rows", frame, rows=drawn)


def _commune(field: FormField, value: Any, error: str) -> Question:
    drawn = _field(field, field.name, value, error)
    unit = services.places.commune(value)
    typed = unit.display_name if unit else str(value or "")
    may_mean = () if unit or not typed else services.places.named(typed)
    candidates = tuple(Choice(found.code, found.display_name) for found in may_mean)
    return Question("commune", replace(drawn, value=typed), candidates=candidates)


def _read_commune(field: FormField, values: dict[str, str]) -> FormError | None:
    """Put the code of the commune meant in place of its name; keep the name where it is in doubt, and say so."""
    typed = values.get(field.name, "").strip()
    chosen, was = values.pop(field.name + _CHOSEN, ""), values.pop(field.name + _WAS, "").strip()
    if chosen and typed == was and services.places.commune(chosen):
        values[field.name] = chosen
        return None
    if not typed or services.places.commune(typed):
        return None
    found = services.places.named(typed)
    if len(found) == 1:
        values[field.name] = found[0].code
        return None
    return _unknown(field, several=bool(found))


def _unknown(field: FormField, *, several: bool = False) -> FormError:
    if several:
        return FormError(field.name, "place", "Có nhiều nơi giống tên bạn viết. Hãy chọn một nơi trong danh sách.")
    said = "Không tìm thấy xã, phường này trong tỉnh. Hãy viết lại tên, ví dụ Cẩm Thượng."
    return FormError(field.name, "place", said)
