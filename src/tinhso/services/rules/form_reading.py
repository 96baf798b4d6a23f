"""Read form.json (JSON Schema 2020-12 with `x-` words for people) into pages and fields.

`x-steps` gives the pages in order; on a property `x-widget`, `x-hint`, `x-labels` (enum → words),
`x-messages` (violated keyword → Vietnamese sentence), `x-autocomplete`, `x-prefill`, `x-when` (asked only
when the data satisfy it) and `x-date` (past | future) say how it is asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import jsonschema_rs

from tinhso.services.contracts.procedure import FormField, FormPage, Option, PackageProblem, Title
from tinhso.services.rules.conditions import BadSchema, canonical, compiled

FILE = "form.json"
_WIDGETS = {
    "string": {
        "text", "textarea", "date", "radios", "select", "commune", "phone", "email", "citizen_number", "number",
    },
    "integer": {"number", "money", "select"},
    "boolean": {"checkbox"},
    "array": {"lines", "rows"},
}  # fmt: skip
_WORDS = {
    "x-widget", "x-hint", "x-labels", "x-messages", "x-autocomplete", "x-prefill", "x-when", "x-date",
    "title", "type", "format", "enum", "const", "default", "minLength", "maxLength", "pattern", "minimum",
    "maximum", "multipleOf", "items", "minItems", "maxItems", "uniqueItems", "properties", "required",
    "additionalProperties",
}  # fmt: skip
_ROOT = {
    "$schema", "$id", "title", "description", "type", "properties", "required", "additionalProperties",
    "allOf", "x-steps",
}  # fmt: skip
_FORMATS = {"", "date", "email"}


class _Reader:
    """Read one form, gathering problems rather than stopping at the first."""

    def __init__(self, schema: Mapping[str, Any]) -> None:
        self.schema = schema
        self.problems: list[PackageProblem] = []
        required = _strings(schema.get("required"))
        for rule in _dicts(schema.get("allOf")):
            then, other = rule.get("then"), rule.get("else")
            for branch in (then, other):
                if isinstance(branch, dict):
                    required |= _strings(branch.get("required"))
        self.required = required

    def say(self, where: str, message: str) -> None:
        self.problems.append(PackageProblem(f"{FILE}: {where}", message))

    def read(self) -> tuple[FormPage, ...]:
        for key in self.schema.keys() - _ROOT:
            self.say(key, "khóa không biết ở gốc biểu mẫu")
        if self.schema.get("type") != "object" or self.schema.get("additionalProperties") is not False:
            self.say("(gốc)", "phải có type: object và additionalProperties: false để từ chối trường lạ")
        properties = self.schema.get("properties")
        if not isinstance(properties, dict) or not properties:
            self.say("properties", "biểu mẫu phải hỏi ít nhất một điều")
            return ()
        fields = {name: self.field(name, spec, name in self.required) for name, spec in properties.items()}
        for name in self.required - fields.keys():
            self.say("required", f"trường “{name}” không có trong properties")
        pages = tuple(self.page(i, step, fields) for i, step in enumerate(_dicts(self.schema.get("x-steps"))))
        asked = [field.name for page in pages for field in page.fields]
        for name in fields.keys() - set(asked):
            self.say(f"properties.{name}", "trường không nằm trong trang nào của x-steps")
        for name in {name for name in asked if asked.count(name) > 1}:
            self.say("x-steps", f"trường “{name}” được hỏi ở hai trang")
        if len({page.id for page in pages}) != len(pages):
            self.say("x-steps", "hai trang trùng mã")
        return pages

    def page(self, index: int, step: Mapping[str, Any], fields: Mapping[str, FormField]) -> FormPage:
        where = f"x-steps[{index}]"
        title, ident = step.get("title"), step.get("id")
        if not (isinstance(ident, str) and ident):
            self.say(where, "thiếu mã trang (id)")
        if not (isinstance(title, dict) and isinstance(title.get("vi"), str) and isinstance(title.get("en"), str)):
            self.say(where, "tên trang phải có cả vi và en")
            title = {"vi": "", "en": ""}
        names = [name for name in _list(step.get("fields")) if isinstance(name, str)]
        if not names:
            self.say(where, "trang không hỏi gì")
        for name in names:
            if name not in fields:
                self.say(where, f"trường “{name}” không có trong properties")
        return FormPage(
            id=str(ident),
            title=Title(str(title["vi"]), str(title["en"])),
            hint=str(step.get("hint", "")),
            fields=tuple(fields[name] for name in names if name in fields),
            condition=self.condition(f"{where}.when", step.get("when")),
        )

    def field(self, name: str, spec: Any, required: bool, nested: bool = False) -> FormField:
        where = f"properties.{name}"
        if not isinstance(spec, dict):
            self.say(where, "phải là một lược đồ")
            spec = {}
        self.check_words(where, spec)
        kind = spec.get("type")
        if kind not in _WIDGETS:
            self.say(where, "type phải là string, integer, boolean hoặc array")
            kind = "string"
        widget = str(spec.get("x-widget", "text"))
        if widget not in _WIDGETS[kind]:
            self.say(where, f"ô nhập “{widget}” không dùng được cho type {kind}")
        self.check_bounds(where, spec, kind, nested)
        return FormField(
            name=name,
            type=kind,
            format=str(spec.get("format", "")),
            title=str(spec.get("title", "")),
            hint=str(spec.get("x-hint", "")),
            widget=widget,
            required=required,
            autocomplete=str(spec.get("x-autocomplete", "")),
            prefill=str(spec.get("x-prefill", "")),
            options=self.options(where, spec),
            minimum=_int(spec.get("minimum", spec.get("minItems"))),
            maximum=_int(spec.get("maximum", spec.get("maxItems"))),
            max_length=_int(spec.get("maxLength")),
            default=_scalar(spec.get("default")),
            condition=self.condition(f"{where}.x-when", spec.get("x-when")),
            date_limit=str(spec.get("x-date", "")),
            messages=tuple((str(k), str(v)) for k, v in _dict(spec.get("x-messages")).items()),
            children=self.children(where, spec) if kind == "array" else (),
        )

    def check_bounds(self, where: str, spec: Mapping[str, Any], kind: str, nested: bool) -> None:
        """Nothing without a bound: text, numbers and lists all say how much may come in."""
        if kind == "string" and not ("maxLength" in spec or "enum" in spec or spec.get("format") == "date"):
            self.say(where, "chuỗi phải có maxLength, enum hoặc format: date")
        if kind == "integer" and not ("minimum" in spec and "maximum" in spec):
            self.say(where, "số phải có minimum và maximum")
        if kind == "array" and ("maxItems" not in spec or nested):
            self.say(where, "danh sách phải có maxItems và không lồng trong danh sách khác")
        if not nested and not spec.get("title"):
            self.say(where, "thiếu title")

    def children(self, where: str, spec: Mapping[str, Any]) -> tuple[FormField, ...]:
        items = spec.get("items")
        if not isinstance(items, dict):
            self.say(where, "danh sách phải có items")
            return ()
        if items.get("type") != "object":
            return (self.field(f"{where.removeprefix('properties.')}[]", items, required=False, nested=True),)
        if items.get("additionalProperties") is not False:
            self.say(where, "items phải có additionalProperties: false")
        required = _strings(items.get("required"))
        columns = _dict(items.get("properties"))
        return tuple(self.field(name, child, name in required, nested=True) for name, child in columns.items())

    def options(self, where: str, spec: Mapping[str, Any]) -> tuple[Option, ...]:
        values, labels = _list(spec.get("enum")), _dict(spec.get("x-labels"))
        if {str(value) for value in values} != labels.keys():
            self.say(where, "x-labels phải đặt tên cho đúng các giá trị của enum")
        return tuple(Option(str(value), str(labels.get(str(value), value))) for value in values)

    def check_words(self, where: str, spec: Mapping[str, Any]) -> None:
        for key in spec.keys() - _WORDS:
            self.say(where, f"khóa “{key}” không dùng được ở đây")
        for keyword in _dict(spec.get("x-messages")).keys() - (_WORDS - {"title"}):
            self.say(where, f"x-messages nói về “{keyword}” là từ khóa không có")
        if spec.get("x-date", "past") not in ("past", "future"):
            self.say(where, "x-date phải là past hoặc future")
        if spec.get("format", "") not in _FORMATS:
            self.say(where, "format phải là date hoặc email")

    def condition(self, where: str, value: Any) -> str | None:
        if value is None:
            return None
        text = canonical(value)
        for problem in condition_problems(value):
            self.say(where, problem)
        return text


def read_form(schema: Any) -> tuple[str, tuple[FormPage, ...], tuple[PackageProblem, ...]]:
    """Read a form: its canonical schema, its pages, and the problems found (then the rest is not to be used)."""
    if not isinstance(schema, dict):
        return "", (), (PackageProblem(FILE, "biểu mẫu phải là một đối tượng JSON"),)
    try:
        jsonschema_rs.meta.validate({"$schema": "https://json-schema.org/draft/2020-12/schema", **schema})
        compiled(canonical(schema))
    except (BadSchema, ValueError, jsonschema_rs.ValidationError) as error:
        message = getattr(error, "message", None) or str(error)
        return "", (), (PackageProblem(FILE, f"không phải JSON Schema 2020-12 đúng: {message[:200]}"),)
    reader = _Reader(schema)
    pages = reader.read()
    return canonical(schema), pages, tuple(reader.problems)


def condition_problems(value: Any) -> Iterable[str]:
    """Say what is wrong with a condition; one that holds when the answer is missing is nearly always a slip."""
    try:
        compiled(canonical(value))
    except (BadSchema, ValueError) as error:
        yield f"điều kiện không phải JSON Schema đúng: {error}"
        return
    if isinstance(value, dict):
        for name in _dict(value.get("properties")).keys() - _strings(value.get("required")):
            yield f"điều kiện xét “{name}” nhưng không required nó: thiếu câu trả lời cũng sẽ đúng"


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [item for item in _list(value) if isinstance(item, dict)]


def _strings(value: Any) -> set[str]:
    return {item for item in _list(value) if isinstance(item, str)}


def _int(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _scalar(value: Any) -> str | int | bool | None:
    return value if isinstance(value, (str, int, bool)) else None
