"""Write tables fast: a worklist of a hundred rows must not cost more than its query."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.http import QueryDict
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from tinhso.design.contracts import Cell, Column, Row
from tinhso.design.icons import ICONS


def status_tag(word: str, tone: str) -> SafeString:
    """Write a status as icon, word and colour together."""
    name = str(tone)
    mark = ICONS.get(name, ICONS["neutral"])
    return format_html('<span class="tag tone-{}">{}<span>{}</span></span>', name, mark, word)


def with_query(query: QueryDict | None, **changes: str | int | None) -> str:
    """Make a link to this page with some parameters changed and the others kept; None drops one."""
    changed = query.copy() if query is not None else QueryDict(mutable=True)
    for name, value in changes.items():
        changed.pop(name, None)
        if value is not None:
            changed[name] = str(value)
    return "?" + changed.urlencode()


def page_links(query: QueryDict | None, page: int, pages: int, param: str) -> dict[str, Any]:
    """Prepare the links of a pagination: first, last, and those beside the page one is on."""
    near = sorted({1, pages, *range(max(1, page - 1), min(pages, page + 1) + 1)})
    links: list[dict[str, Any]] = []
    for index, number in enumerate(near):
        gap = index > 0 and number - near[index - 1] > 1
        links.append({"number": number, "url": with_query(query, **{param: number}), "gap": gap})
    return {
        "page": page,
        "pages": pages,
        "links": links,
        "before": with_query(query, **{param: page - 1}) if page > 1 else "",
        "after": with_query(query, **{param: page + 1}) if page < pages else "",
    }


def as_columns(columns: Iterable[Any]) -> list[Column]:
    """Read columns given as contracts, mappings or plain labels."""
    out = []
    for item in columns:
        if isinstance(item, Mapping):
            out.append(Column(**item))
        else:
            out.append(item if isinstance(item, Column) else Column(str(item)))
    return out


def headers(columns: Sequence[Column], query: QueryDict | None) -> list[dict[str, Any]]:
    """Prepare the header cells: where a click sorts to, and how the column is sorted now."""
    now = query.get("sort", "") if query is not None else ""
    out = []
    for column in columns:
        order = {column.sort: "ascending", f"-{column.sort}": "descending"}.get(now, "") if column.sort else ""
        url = ""
        if column.sort:
            turned = f"-{column.sort}" if order == "ascending" else column.sort
            url = with_query(query, sort=turned, page=None)
        out.append({"label": column.label, "numeric": column.numeric, "url": url, "order": order})
    return out


def _cell(value: Any, column: Column, keyed: bool) -> str:
    if isinstance(value, Mapping):
        value = Cell(**value)
    if isinstance(value, Cell):
        shown: Any = status_tag(value.text, value.tone) if value.tone else conditional_escape(value.text)
        if value.url:
            mark = mark_safe(" data-row-link") if keyed else ""
            shown = format_html('<a href="{}"{}>{}</a>', value.url, mark, shown)
    else:
        shown = conditional_escape("—" if value is None else value)
    kind = ' class="num"' if column.numeric else ' class="nowrap"' if column.nowrap else ""
    return f"<td{kind}>{shown}</td>"


def body(columns: Sequence[Column], rows: Iterable[Any], keyed: bool) -> SafeString:
    """Write the rows; with `keyed` each can be walked to by keyboard and found again by its id."""
    out = []
    for index, item in enumerate(rows):
        row = Row(**item) if isinstance(item, Mapping) else item
        if not isinstance(row, Row):
            row = Row(tuple(row))
        mark = format_html(' data-row="{}"', row.id or index) if keyed else ""
        late = ' class="late"' if row.late else ""
        cells = [_cell(value, column, keyed) for value, column in zip(row.cells, columns, strict=True)]
        out.append(f"<tr{late}{mark}>{''.join(cells)}</tr>\n")
    return mark_safe("".join(out))  # noqa: S308  every part was escaped above
