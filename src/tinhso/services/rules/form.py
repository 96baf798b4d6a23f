"""Check answers against a procedure's form, and say in plain Vietnamese what to put right.

The form's JSON Schema is compiled once per package and kept; a whole application is checked in well under a
millisecond. Any JSON value at all may come in: the answer is a list of errors, never an exception.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from tinhso.foundation.contracts import text
from tinhso.services.contracts.procedure import FormError, FormField, FormPage, Procedure
from tinhso.services.rules.conditions import compiled, holds

MAX_DEPTH = 6
MAX_VALUES = 2_000
_MULTILINE = frozenset({"textarea", "lines"})
_RANK = {"unsafe": 0, "type": 1, "required": 2}
_OLDEST = date(1875, 1, 1)


def check(procedure: Procedure, data: Any, *, on: date) -> tuple[FormError, ...]:
    """Check a whole application as of a day; empty = right. At most one error a field, in the form's order."""
    refused = _refuse_shape(data)
    if refused:
        return refused
    order = {name: index for index, name in enumerate(procedure.fields)}
    found: dict[str, FormError] = {}
    for error in _errors(procedure, data, on):
        kept = found.get(error.field)
        if kept is None or _RANK.get(error.keyword, 9) < _RANK.get(kept.keyword, 9):
            found[error.field] = error
    return tuple(sorted(found.values(), key=lambda e: order.get(e.field.split(".")[0], len(order))))


def check_page(procedure: Procedure, page_id: str, data: Any, *, on: date) -> tuple[FormError, ...]:
    """Check one page's questions within the answers so far, and refuse fields the form does not have."""
    names = {field.name for page in procedure.pages if page.id == page_id for field in page.fields}
    fields = procedure.fields
    return tuple(
        error
        for error in check(procedure, data, on=on)
        if (top := error.field.split(".")[0]) in names or top not in fields
    )


def pages_for(procedure: Procedure, data: Mapping[str, Any]) -> tuple[FormPage, ...]:
    """List the pages to be asked, given the answers so far; a page left without questions is not shown."""
    return tuple(page for page in procedure.pages if holds(page.condition, data) and fields_for(page, data))


def fields_for(page: FormPage, data: Mapping[str, Any]) -> tuple[FormField, ...]:
    """List the questions of a page to be asked, given the answers so far."""
    return tuple(field for field in page.fields if holds(field.condition, data))


def prune(procedure: Procedure, data: Mapping[str, Any]) -> dict[str, Any]:
    """Drop answers to questions no longer asked (e.g. an address after delivery was changed to online)."""
    kept = dict(data)
    for page in procedure.pages:
        shown = holds(page.condition, kept)
        for field in page.fields:
            if field.name in kept and not (shown and holds(field.condition, kept)):
                del kept[field.name]
    return kept


def _errors(procedure: Procedure, data: dict[str, Any], on: date) -> Iterator[FormError]:
    fields = procedure.fields
    yield from _text_errors(data, fields)
    validator = compiled(procedure.form_schema)
    try:
        if not validator.is_valid(data):
            for error in validator.iter_errors(data):
                yield from _schema_errors(error, fields, data)
    except (ValueError, OverflowError):
        yield FormError("", "unsafe", "Có câu trả lời không đọc được. Hãy tải lại trang và nhập lại.")
        return
    for page in procedure.pages:
        shown = holds(page.condition, data)
        for field in page.fields:
            if field.name not in data:
                continue
            if not (shown and holds(field.condition, data)):
                sentence = f"“{field.title}” không áp dụng với lựa chọn của bạn. Hãy bỏ trống."
                yield FormError(field.name, "not_asked", sentence)
            elif field.format == "date":
                yield from _date_errors(field, data[field.name], on)


def _refuse_shape(data: Any) -> tuple[FormError, ...]:
    """Refuse what is no form at all: not an object, too deep, too many values, values JSON does not have."""
    if not isinstance(data, dict):
        return (FormError("", "type", "Hồ sơ phải là một biểu mẫu có tên từng trường."),)
    stack: list[tuple[Any, int]] = [(data, 1)]
    count = 0
    while stack:
        value, depth = stack.pop()
        count += 1
        if depth > MAX_DEPTH or count > MAX_VALUES:
            return (FormError("", "type", "Biểu mẫu có quá nhiều giá trị hoặc lồng nhau quá sâu."),)
        if isinstance(value, dict):
            if not all(isinstance(key, str) and _storable(key) for key in value):
                return (FormError("", "type", "Biểu mẫu có tên trường không đọc được."),)
            stack.extend((child, depth + 1) for child in value.values())
        elif isinstance(value, list):
            stack.extend((child, depth + 1) for child in value)
        elif isinstance(value, float) and not math.isfinite(value):
            return (FormError("", "type", "Biểu mẫu có con số không đọc được."),)
        elif not isinstance(value, (str, int, float, bool, type(None))):
            return (FormError("", "type", "Biểu mẫu có giá trị không đọc được."),)
    return ()


def _storable(value: str) -> bool:
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _text_errors(data: Mapping[str, Any], fields: Mapping[str, FormField]) -> Iterator[FormError]:
    stack: list[tuple[str, Any]] = list(data.items())
    while stack:
        path, value = stack.pop()
        if isinstance(value, dict):
            stack.extend((f"{path}.{key}", child) for key, child in value.items())
        elif isinstance(value, list):
            stack.extend((f"{path}.{index}", child) for index, child in enumerate(value))
        elif isinstance(value, str):
            field = fields.get(path.split(".")[0])
            try:
                text.clean(value)
            except text.UnsafeText as error:
                yield FormError(path, "unsafe", str(error))
                continue
            if field is not None and field.widget not in _MULTILINE and ("\n" in value or "\t" in value):
                yield FormError(path, "unsafe", "Viết trên một dòng, không xuống dòng.")


def _schema_errors(error: Any, fields: Mapping[str, FormField], data: Mapping[str, Any]) -> Iterator[FormError]:
    keyword = error.kind.name
    path = [str(part) for part in error.instance_path]
    details = error.kind.as_dict()
    if keyword in ("additionalProperties", "unevaluatedProperties"):
        for name in details.get("unexpected", ()):
            sentence = f"Biểu mẫu không có trường “{str(name)[:60]}”. Hãy bỏ trường này."
            yield FormError(".".join([*path, str(name)])[:200], "unknown", sentence)
        return
    if keyword == "required":
        path.append(str(details.get("property", "")))
    field = _field_at(fields, path)
    if field is None:
        yield FormError(".".join(path), keyword, "Câu trả lời không đúng với biểu mẫu.")
        return
    yield FormError(".".join(path), keyword, field.message(keyword) or _sentence(field, keyword, error.instance))


def _field_at(fields: Mapping[str, FormField], path: list[str]) -> FormField | None:
    """Find the question a path speaks of: itself, the column of a row, or the item of a list."""
    field = fields.get(path[0]) if path else None
    if field is None or len(path) == 1:
        return field
    if len(path) > 2:
        return next((child for child in field.children if child.name == path[2]), field)
    return field.children[0] if field.widget == "lines" and field.children else field


def _sentence(field: FormField, keyword: str, value: Any) -> str:
    """Write the sentence for a violated keyword when the package has none of its own."""
    name = f"“{field.title}”" if field.title else "Mục này"
    if keyword == "type" and field.format != "date":
        kinds = {"integer": "một số nguyên, ví dụ 150000", "boolean": "có hoặc không", "array": "một danh sách"}
        return f"{name} phải là {kinds.get(field.type, 'chữ')}."
    if keyword in ("format", "type"):
        shown = value if isinstance(value, str) and len(value) <= 20 else ""
        if field.format == "date":
            return f"{name}: ngày {shown} không có trong lịch. Viết như 06/01/2021.".replace("  ", " ")
        return f"{name} chưa đúng cách viết, ví dụ ten@thudientu.vn."
    sentences = {
        "required": f"Hãy trả lời {name}.",
        "minLength": f"Hãy trả lời {name}.",
        "maxLength": f"{name} dài quá {field.max_length} ký tự. Hãy viết ngắn lại.",
        "minimum": f"{name} phải từ {_number(field.minimum)} trở lên.",
        "maximum": f"{name} không được quá {_number(field.maximum)}.",
        "enum": f"{name}: hãy chọn một trong các lựa chọn.",
        "const": f"Hãy đánh dấu {name} để tiếp tục.",
        "pattern": f"{name} chưa đúng cách viết.",
        "minItems": f"{name} cần ít nhất {field.minimum} mục.",
        "maxItems": f"{name} không được quá {field.maximum} mục.",
        "uniqueItems": f"{name} có mục bị lặp.",
        "multipleOf": f"{name} chưa đúng bội số quy định.",
    }
    return sentences.get(keyword, f"{name} chưa đúng.")


def _date_errors(field: FormField, value: Any, on: date) -> Iterator[FormError]:
    try:
        day = date.fromisoformat(value) if isinstance(value, str) and len(value) == 10 else None
    except ValueError:
        return  # the schema's own format has said so
    if day is None:
        return
    if day < _OLDEST:
        yield FormError(field.name, "date_old", f"“{field.title}”: năm {day.year} quá xa. Hãy kiểm tra lại năm.")
    elif field.date_limit == "past" and day > on:
        said = field.message("x-date") or f"“{field.title}” không được sau hôm nay ({on:%d/%m/%Y})."
        yield FormError(field.name, "x-date", said)
    elif field.date_limit == "future" and day < on:
        said = field.message("x-date") or f"“{field.title}” không được trước hôm nay ({on:%d/%m/%Y})."
        yield FormError(field.name, "x-date", said)


def _number(value: int | None) -> str:
    return "…" if value is None else f"{value:,}".replace(",", ".")
