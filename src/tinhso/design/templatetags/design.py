"""Offer the components to templates: `{% load design %}`; docs/reference/design.md shows each with an example."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import template
from django.forms import BaseForm, BoundField
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tinhso.design import drawing, fields, formats, tables
from tinhso.design.contracts import Field, FieldError, FieldKind, Tile
from tinhso.design.icons import BRAND_MARK
from tinhso.design.icons import icon as draw_icon

register = template.Library()

register.filter("vnd", formats.vnd)
register.filter("number", formats.number)
register.filter("percent", formats.percent)
register.filter("vn_date", formats.vn_date)
register.filter("vn_time", formats.vn_time)
register.filter("vn_datetime", formats.vn_datetime)
register.filter("field_id", fields.field_id)

THEMES = ("light", "dark")


# ── the page ────────────────────────────────────────────────────────────────────────────────────────────


def _chosen_theme(context: Context) -> str:
    request = context.get("request")
    chosen = context.get("design_theme") or (request.COOKIES.get("theme", "") if request is not None else "")
    return chosen if chosen in THEMES else ""


@register.simple_tag(takes_context=True)
def theme_attribute(context: Context) -> SafeString:
    """Write the theme the reader chose on <html>; without a choice the device decides."""
    chosen = _chosen_theme(context)
    return format_html(' data-theme="{}"', chosen) if chosen else SafeString("")


@register.simple_tag
def brand_mark() -> SafeString:
    """Draw the province's mark."""
    return BRAND_MARK


@register.simple_tag
def icon(name: str) -> SafeString:
    """Draw one of the inline icons, hidden from screen readers."""
    return draw_icon(name)


@register.simple_tag
def kbd(keys: str) -> SafeString:
    """Write keys: "Ctrl K" becomes two key caps."""
    caps = [format_html("<kbd>{}</kbd>", key) for key in str(keys).split()]
    return SafeString(" ".join(caps))


@register.inclusion_tag("design/parts/preferences.html", takes_context=True)
def preferences(context: Context) -> dict[str, Any]:
    """Offer theme and language as plain buttons."""
    request = context.get("request")
    return {
        "theme": _chosen_theme(context),
        "language": get_language() or "vi",
        "next": request.get_full_path() if request is not None else "/",
    }


@register.inclusion_tag("design/parts/messages.html", takes_context=True)
def page_messages(context: Context) -> dict[str, Any]:
    """Show Django's messages as notices."""
    tones = {"success": "done", "warning": "attention", "error": "wrong"}
    found = context.get("messages") or ()
    return {"items": [(tones.get(message.level_tag, "info"), message) for message in found]}


@register.inclusion_tag("design/parts/key_help.html")
def key_help() -> dict[str, Any]:
    """Hold the dialog that `?` opens; the script adds the page's own keys."""
    return {}


@register.simple_tag
def page_title(text: str, errors: Any = None) -> str:
    """Say first in the title that something needs mending, so that a screen reader hears it at once."""
    return _("Có điều cần sửa: %(title)s") % {"title": text} if errors else str(text)


# ── forms ───────────────────────────────────────────────────────────────────────────────────────────────


def _draw(kind: str, values: dict[str, Any]) -> SafeString:
    return render_to_string(f"design/fields/{kind}.html", values)


@register.simple_tag
def text_field(name: str, label: str, value: Any = "", **more: Any) -> SafeString:
    """Ask for a line of text."""
    value = "" if value is None else value
    return _draw("text", fields.frame(name, label, {"type": "text", **more, "value": value}))


@register.simple_tag
def textarea_field(name: str, label: str, value: Any = "", rows: int = 4, **more: Any) -> SafeString:
    """Ask for several lines of text."""
    value = "" if value is None else value
    return _draw("textarea", fields.frame(name, label, {**more, "value": value, "rows": rows}))


@register.simple_tag
def select_field(
    name: str, label: str, choices: Iterable[Any], value: Any = "", blank: str | None = "", **more: Any
) -> SafeString:
    """Ask for one of many; for fewer than eight prefer radios. `blank=None` leaves the empty option out."""
    values = fields.frame(name, label, dict(more))
    values["options"] = fields.options(choices, values["id"], [value])
    values["blank"] = _("Chọn") if blank == "" else blank
    return _draw("select", values)


@register.simple_tag
def radios_field(name: str, label: str, choices: Iterable[Any], value: Any = "", **more: Any) -> SafeString:
    """Ask for one of a few, all in sight."""
    values = fields.frame(name, label, {**more, "control": "radio"})
    values["options"] = fields.options(choices, values["id"], [value])
    return _draw("choices", values)


@register.simple_tag
def checkboxes_field(name: str, label: str, choices: Iterable[Any], value: Any = (), **more: Any) -> SafeString:
    """Ask for any number of a few."""
    values = fields.frame(name, label, {**more, "control": "checkbox"})
    values["options"] = fields.options(choices, values["id"], fields.chosen_values(value))
    return _draw("choices", values)


@register.simple_tag
def checkbox_field(name: str, label: str, value: Any = False, **more: Any) -> SafeString:
    """Ask for a yes."""
    return _draw("checkbox", fields.frame(name, label, {**more, "chosen": bool(value)}))


@register.simple_tag
def date_field(
    name: str, label: str, value: Any = "", error_parts: str = "", birthday: bool = False, **more: Any
) -> SafeString:
    """Ask for a date one knows by heart, in three parts: quicker and surer than a calendar."""
    values = fields.frame(name, label, dict(more))
    values["parts"] = fields.date_parts(name, value, values["error"], error_parts, birthday)
    return _draw("date", values)


@register.simple_tag
def file_field(name: str, label: str, current: str = "", **more: Any) -> SafeString:
    """Ask for a file, and say which one is already held."""
    return _draw("file", fields.frame(name, label, {**more, "current": current}))


@register.simple_tag
def field(asked: Field) -> SafeString:
    """Draw a question whatever its kind: the door for forms made from a schema."""
    shared = {
        "value": asked.value,
        "hint": asked.hint,
        "error": asked.error,
        "optional": asked.optional,
    }
    name, label, kind = asked.name, asked.label, asked.kind
    if kind in (FieldKind.SELECT, FieldKind.RADIOS, FieldKind.CHECKBOXES):
        draw = {"select": select_field, "radios": radios_field, "checkboxes": checkboxes_field}[kind.value]
        return draw(name, label, asked.choices, **shared)
    if kind is FieldKind.CHECKBOX:
        return checkbox_field(name, label, **shared)
    if kind is FieldKind.DATE:
        birthday = asked.autocomplete == "bday"
        return date_field(name, label, error_parts=asked.error_parts, birthday=birthday, **shared)
    if kind is FieldKind.FILE:
        current = str(shared.pop("value") or "")
        return file_field(name, label, current=current, accept=asked.accept, multiple=asked.multiple, **shared)
    if kind is FieldKind.TEXTAREA:
        return textarea_field(name, label, rows=asked.rows, maxlength=asked.maxlength, **shared)
    return text_field(
        name,
        label,
        type=asked.type,
        autocomplete=asked.autocomplete,
        inputmode=asked.inputmode,
        width=asked.width,
        maxlength=asked.maxlength,
        **shared,
    )


@register.simple_tag
def form_field(bound: BoundField) -> SafeString:
    """Draw a Django form's field."""
    return field(fields.from_bound(bound))


@register.simple_block_tag
def fieldset(content: str, legend: str, hint: str = "", error: str = "", heading: bool = False) -> SafeString:
    """Group questions that belong together."""
    return render_to_string(
        "design/fields/fieldset.html",
        {"content": content, "legend": legend, "hint": hint, "error": error, "heading": heading},
    )


@register.inclusion_tag("design/parts/error_summary.html")
def error_summary(
    errors: Iterable[FieldError | Mapping[str, str]] = (), form: BaseForm | None = None
) -> dict[str, Any]:
    """List on top what needs mending, each linked to its question; nothing is drawn without errors."""
    return {"errors": [*(errors or ()), *(fields.form_errors(form) if form is not None else ())]}


@register.inclusion_tag("design/parts/button.html")
def button(text: str, kind: str = "primary", type: str = "submit", **more: Any) -> dict[str, Any]:
    """Offer an act; the text is a verb."""
    return {"text": text, "kind": kind, "type": type, **more}


@register.inclusion_tag("design/parts/link_button.html")
def link_button(text: str, url: str, kind: str = "primary", key: str = "") -> dict[str, Any]:
    """Offer to begin something that lives on another page."""
    return {"text": text, "url": url, "kind": kind, "key": key}


@register.inclusion_tag("design/parts/back_link.html")
def back_link(url: str, text: str = "") -> dict[str, Any]:
    """Lead one page back."""
    return {"url": url, "text": text or _("Quay lại")}


@register.inclusion_tag("design/parts/steps.html")
def steps(now: int, total: int, title: str = "") -> dict[str, Any]:
    """Say how far one has come, in words."""
    return {"now": now, "total": total, "title": title}


# ── how things stand ────────────────────────────────────────────────────────────────────────────────────


@register.simple_tag
def status(word: str, tone: str = "neutral") -> SafeString:
    """Show a status as icon, word and colour."""
    return tables.status_tag(word, tone)


@register.simple_block_tag
def notice(content: str, tone: str = "info", title: str = "", live: bool = False) -> SafeString:
    """Say something the reader should not miss."""
    name = "wrong" if str(tone) == "late" else str(tone)
    mark = draw_icon("note" if name == "info" else name)
    values = {"content": content, "tone": name, "title": title, "live": live, "mark": mark}
    return render_to_string("design/parts/notice.html", values)


@register.simple_block_tag
def confirmation(
    content: str, title: str, code: str = "", *, qr: str = "", code_label: str = "", level: int = 1
) -> SafeString:
    """Confirm what was done so that it can be photographed: the code large, its QR, what happens next."""
    drawn = drawing.qr_code(qr, _("Mã QR của %(code)s") % {"code": code}) if qr else ""
    values = {"content": content, "title": title, "code": code, "qr": drawn, "code_label": code_label, "level": level}
    return render_to_string("design/parts/confirmation.html", values)


@register.simple_block_tag
def empty_state(content: str, title: str, act: str = "", url: str = "") -> SafeString:
    """Teach what will appear here, and the one act that makes it appear."""
    values = {"content": content, "title": title, "act": act, "url": url}
    return render_to_string("design/parts/empty_state.html", values)


@register.inclusion_tag("design/parts/progress.html")
def progress(done: int, total: int, label: str) -> dict[str, Any]:
    """Show how far long work has come."""
    return {"done": done, "total": total, "label": label}


@register.simple_tag
def qr(text: str, label: str = "") -> SafeString:
    """Draw a QR code."""
    return drawing.qr_code(text, label or _("Mã QR"))


# ── showing ─────────────────────────────────────────────────────────────────────────────────────────────


@register.inclusion_tag("design/parts/summary_list.html")
def summary_list(rows: Iterable[Any], caption: str = "") -> dict[str, Any]:
    """List questions with their answers and where to change each."""
    return {"rows": list(rows), "caption": caption}


@register.inclusion_tag("design/parts/task_list.html")
def task_list(tasks: Iterable[Any]) -> dict[str, Any]:
    """List what is to be done and how each part stands."""
    return {"tasks": list(tasks)}


@register.inclusion_tag("design/parts/timeline.html")
def timeline(milestones: Iterable[Any]) -> dict[str, Any]:
    """Show the life of a case, done, now and to come."""
    icons = {"done": "done", "current": "info", "todo": "neutral", "late": "late"}
    items = [
        (item, draw_icon(icons[str(item["state"] if isinstance(item, Mapping) else item.state)])) for item in milestones
    ]
    return {"items": items}


@register.inclusion_tag("design/parts/table.html", takes_context=True)
def table(
    context: Context,
    columns: Iterable[Any],
    rows: Sequence[Any],
    caption: str,
    *,
    export: str = "",
    keyed: bool = False,
    hide_caption: bool = False,
    empty: str = "",
) -> dict[str, Any]:
    """Show rows under a caption; headers of sortable columns are links."""
    request = context.get("request")
    query = request.GET if request is not None else None
    shape = tables.as_columns(columns)
    return {
        "headers": tables.headers(shape, query),
        "body": tables.body(shape, rows, keyed),
        "width": len(shape),
        "caption": caption,
        "export": export,
        "hide_caption": hide_caption,
        "empty": empty or _("Chưa có dòng nào."),
    }


@register.inclusion_tag("design/parts/pagination.html", takes_context=True)
def pagination(context: Context, page: int, pages: int, param: str = "page") -> dict[str, Any]:
    """Lead through pages; the other parameters of the address are kept."""
    request = context.get("request")
    query = request.GET if request is not None else None
    return tables.page_links(query, page, pages, param)


@register.simple_block_tag
def details(content: str, summary: str, open: bool = False, id: str = "", key: str = "") -> SafeString:
    """Fold away what only some readers need, such as the ledger of a due date."""
    values = {"content": content, "summary": summary, "open": open, "id": id, "key": key}
    return render_to_string("design/parts/details.html", values)


@register.inclusion_tag("design/parts/tile.html")
def tile(tile: Tile, level: int = 3) -> dict[str, Any]:
    """Show a figure with its marks, its trend, its age and the door to its records."""
    trend = ""
    known = [point for point in tile.trend if point is not None]
    if len(known) > 1:
        words = {"first": formats.number(known[0]), "last": formats.number(known[-1])}
        trend = drawing.sparkline(tile.trend, _("Xu hướng: từ %(first)s đến %(last)s") % words)
    drawn = drawing.bar(
        tile.value,
        tile.full,
        tile.tone,
        target=tile.target,
        expected=tile.expected,
        stale=bool(tile.stale_since),
    )
    return {"tile": tile, "bar": drawn, "trend": trend, "level": level}


@register.simple_block_tag(takes_context=True)
def figure(
    context: Context, content: str, title: str, columns: Iterable[Any], rows: Sequence[Any], *, note: str = ""
) -> SafeString:
    """Show a chart with the table of its numbers folded beneath it."""
    twin = render_to_string("design/parts/table.html", table(context, columns, rows, title, hide_caption=True))
    return render_to_string(
        "design/parts/figure.html", {"content": content, "title": title, "note": note, "twin": twin}
    )


@register.inclusion_tag("design/parts/bars.html")
def bars(bars: Sequence[Any], full: float | None = None, target: float | None = None) -> dict[str, Any]:
    """Draw horizontal bars from zero, each labelled directly."""
    known = [item.value for item in bars if item.value is not None]
    scale = full if full is not None else max([*known, target or 0, 0]) or 1.0
    return {"items": [(item, drawing.bar(item.value, scale, item.tone, target=target)) for item in bars]}
