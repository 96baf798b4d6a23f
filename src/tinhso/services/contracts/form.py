"""Say what a form is: pages, each asking one thing, their fields, and what may be wrong with an answer."""

from __future__ import annotations

from dataclasses import dataclass

from tinhso.services.contracts.basis import Title


@dataclass(frozen=True, slots=True)
class Option:
    """A choice of a field: the value stored and the words shown."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class FormField:
    """A question. `children` are the columns of a widget "rows" or the single item of "lines".

    `type` is string | integer | boolean | array; `format` is "date" or "". A field whose condition the
    data do not satisfy is not asked. `prefill` names where a first answer may come from ("account.name").
    """

    name: str
    type: str
    format: str
    title: str
    hint: str
    widget: str
    required: bool
    autocomplete: str
    prefill: str
    options: tuple[Option, ...]
    minimum: int | None
    maximum: int | None
    max_length: int | None
    default: str | int | bool | None
    condition: str | None
    date_limit: str  # "past" = not after today, "future" = not before today, "" = any
    messages: tuple[tuple[str, str], ...]
    children: tuple[FormField, ...]

    def message(self, keyword: str) -> str | None:
        """Give the Vietnamese sentence for a violated keyword, or None if the package has none."""
        return next((text for key, text in self.messages if key == keyword), None)


@dataclass(frozen=True, slots=True)
class FormPage:
    """One page, one thing asked. Not shown when its condition is not satisfied."""

    id: str
    title: Title
    hint: str
    fields: tuple[FormField, ...]
    condition: str | None


@dataclass(frozen=True, slots=True)
class FormError:
    """What is wrong with one field: its name as in the form ("members.0.name"), and a sentence for people."""

    field: str
    keyword: str
    message: str
