"""Prepare a form's controls: ids, descriptions and choices, the same way for every kind."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.forms import (
    BaseForm,
    BoundField,
    CheckboxInput,
    PasswordInput,
    RadioSelect,
    Select,
    SelectMultiple,
    Textarea,
)
from django.forms.widgets import CheckboxSelectMultiple, FileInput
from django.utils.translation import gettext as _

from tinhso.design.contracts import Choice, Field, FieldError, FieldKind


def field_id(name: str) -> str:
    """Say which id the control of a field has, so that a message can link to it."""
    return "id_" + re.sub(r"[^A-Za-z0-9_-]", "-", str(name))


def frame(name: str, label: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """Prepare what all controls share: id, label, hint, error, and the ids that describe the control."""
    control = field_id(name)
    hint, error = values.get("hint", ""), values.get("error", "")
    described = [f"{control}-{part}" for part, text in (("hint", hint), ("error", error)) if text]
    return {
        **values,
        "name": name,
        "label": label,
        "id": control,
        "hint": hint,
        "error": error,
        "described_by": " ".join(described),
    }


def as_choices(choices: Iterable[Any]) -> list[Choice]:
    """Read choices given as contracts, mappings or (value, label) pairs."""
    out = []
    for item in choices:
        if isinstance(item, Mapping):
            out.append(Choice(str(item["value"]), str(item["label"]), str(item.get("hint", ""))))
        elif isinstance(item, (tuple, list)):
            out.append(Choice(str(item[0]), str(item[1])))
        else:
            out.append(item)
    return out


def options(choices: Iterable[Any], control: str, chosen: Iterable[Any]) -> list[dict[str, Any]]:
    """Prepare the options of a choice; the first keeps the field's own id, so that an error links to it."""
    picked = {str(value) for value in chosen}
    return [
        {
            "value": choice.value,
            "label": choice.label,
            "hint": choice.hint,
            "id": control if index == 0 else f"{control}-{index + 1}",
            "chosen": choice.value in picked,
        }
        for index, choice in enumerate(as_choices(choices))
    ]


def chosen_values(value: Any) -> list[Any]:
    """Read the value of checkboxes: a collection, one value, or nothing."""
    if value is None or value == "":
        return []
    return [value] if isinstance(value, str) else list(value)


def date_parts(name: str, value: Any, error: str, error_parts: str, birthday: bool) -> list[dict[str, Any]]:
    """Prepare the three inputs of a date from a date, an ISO text or what was typed."""
    if isinstance(value, date):
        typed: Mapping[str, Any] = {"day": value.day, "month": value.month, "year": value.year}
    elif isinstance(value, Mapping):
        typed = value
    else:
        match = re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})", str(value or ""))
        typed = dict(zip(("year", "month", "day"), match.groups(), strict=True)) if match else {}
    wrong = set(error_parts.split()) if error_parts else ({"day", "month", "year"} if error else set())
    labels = {"day": _("Ngày"), "month": _("Tháng"), "year": _("Năm")}
    return [
        {
            "name": f"{name}_{part}",
            "id": field_id(f"{name}_{part}"),
            "label": label,
            "value": typed.get(part, ""),
            "wrong": part in wrong,
            "long": part == "year",
            "autocomplete": f"bday-{part}" if birthday else "",
        }
        for part, label in labels.items()
    ]


def _kind_of(bound: BoundField) -> FieldKind:
    widget = bound.field.widget
    kinds: tuple[tuple[Any, FieldKind], ...] = (
        (CheckboxSelectMultiple, FieldKind.CHECKBOXES),
        (SelectMultiple, FieldKind.CHECKBOXES),
        (RadioSelect, FieldKind.RADIOS),
        (Select, FieldKind.SELECT),
        (CheckboxInput, FieldKind.CHECKBOX),
        (Textarea, FieldKind.TEXTAREA),
        (FileInput, FieldKind.FILE),
    )
    return next((kind for cls, kind in kinds if isinstance(widget, cls)), FieldKind.TEXT)


def from_bound(bound: BoundField) -> Field:
    """Turn a Django form's field into the value our controls draw; a password is never written back."""
    widget, attrs = bound.field.widget, bound.field.widget.attrs
    value = bound.value()
    if isinstance(widget, PasswordInput):
        value = ""
    choices = tuple(Choice(str(key), str(label)) for key, label in getattr(widget, "choices", ()))
    return Field(
        kind=_kind_of(bound),
        name=bound.html_name,
        label=str(bound.label),
        value="" if value is None else value,
        hint=str(bound.help_text),
        error=" ".join(str(message) for message in bound.errors),
        choices=choices,
        optional=not bound.field.required and not isinstance(widget, CheckboxInput),
        autocomplete=str(attrs.get("autocomplete", "")),
        inputmode=str(attrs.get("inputmode", "")),
        type=str(getattr(widget, "input_type", "text")),
        width=str(attrs.get("data-width", "")),
        accept=str(attrs.get("accept", "")),
        rows=int(attrs.get("rows", 4)),
        maxlength=int(attrs["maxlength"]) if "maxlength" in attrs else None,
    )


def form_errors(form: BaseForm) -> list[FieldError]:
    """List a Django form's errors as links to its fields; those of the whole form link nowhere."""
    return [
        FieldError("" if name == "__all__" else form.add_prefix(name), str(message))
        for name, messages in form.errors.items()
        for message in messages
    ]
