"""Draw figures as inline SVG without a style attribute: bars with marks, sparklines, QR codes.

Coordinates are plain numbers, never localised; colours come from classes in the style sheet.
"""

from __future__ import annotations

import io
from collections.abc import Sequence

import segno
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

WIDTH, HEIGHT = 200.0, 12.0
_TRACK_TOP, _TRACK_HEIGHT = 3.0, 6.0


def _n(value: float) -> str:
    """Write a coordinate: at most two places, always with a point."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _x(value: float, full: float) -> float:
    return 0.0 if full <= 0 else min(max(value / full, 0.0), 1.0) * WIDTH


def _hatch(until: float) -> str:
    """Draw slanting lines up to `until`: what is stale or not known is hatched, whatever its colour."""
    step, top, bottom = 5.0, _TRACK_TOP, _TRACK_TOP + _TRACK_HEIGHT
    lines, x = [], 0.0
    while x + 3 <= until:
        lines.append(f"M{_n(x)} {_n(bottom)}L{_n(x + 3)} {_n(top)}")
        x += step
    return f'<path class="bar-hatch" d="{"".join(lines)}" vector-effect="non-scaling-stroke"/>' if lines else ""


def bar(
    value: float | None,
    full: float,
    tone: str = "info",
    *,
    target: float | None = None,
    expected: float | None = None,
    stale: bool = False,
) -> SafeString:
    """Draw one thin bar from zero, with a solid mark at the target and a hollow one at what today should show."""
    parts = [f'<rect class="bar-track" x="0" y="{_n(_TRACK_TOP)}" width="200" height="{_n(_TRACK_HEIGHT)}"/>']
    if value is None:
        parts.append(_hatch(WIDTH))
    elif stale:
        parts.append(_hatch(_x(value, full)))
    else:
        reach = _n(_x(value, full))
        parts.append(
            f'<rect class="bar-value" x="0" y="{_n(_TRACK_TOP)}" width="{reach}" height="{_n(_TRACK_HEIGHT)}"/>'
        )
    for mark, name in ((expected, "bar-expected"), (target, "bar-target")):
        if mark is not None:
            x = _n(min(max(_x(mark, full), 0.75), WIDTH - 0.75))
            parts.append(f'<path class="{name}" d="M{x} 0V12" vector-effect="non-scaling-stroke"/>')
    return mark_safe(  # noqa: S308  numbers and our own class names; the tone is escaped
        f'<svg class="bar tone-{escape(tone)}" viewBox="0 0 200 12" preserveAspectRatio="none"'
        f' aria-hidden="true" focusable="false">{"".join(parts)}</svg>'
    )


def sparkline(points: Sequence[float | None], label: str = "") -> SafeString:
    """Draw a trend of at least two points on its own scale; a missing point is a gap, not a zero."""
    known = [point for point in points if point is not None]
    if len(known) < 2:
        return SafeString("")
    low, span = min(known), (max(known) - min(known)) or 1.0
    step = 92.0 / max(len(points) - 1, 1)
    path, pen, last = [], "M", (0.0, 0.0)
    for index, point in enumerate(points):
        if point is None:
            pen = "M"
            continue
        last = (2 + index * step, 22 - (point - low) / span * 20)
        path.append(f"{pen}{_n(last[0])} {_n(last[1])}")
        pen = "L"
    role = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
    return mark_safe(  # noqa: S308  numbers only; the label is escaped
        f'<svg class="spark" viewBox="0 0 96 24" width="96" height="24" {role} focusable="false">'
        f'<path class="spark-line" d="{"".join(path)}"/>'
        f'<circle class="spark-end" cx="{_n(last[0])}" cy="{_n(last[1])}" r="2"/></svg>'
    )


def qr_code(text: str, label: str) -> SafeString:
    """Draw a QR code (error correction M, with its quiet zone), black on white in every theme so that it scans."""
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        out, kind="svg", xmldecl=False, svgns=False, nl=False, omitsize=True, light="#fff", border=4, svgclass=None
    )
    drawing = out.getvalue().decode().replace("<svg", f'<svg class="qr" role="img" aria-label="{escape(label)}"', 1)
    return mark_safe(drawing)  # noqa: S308  made by segno from modules, not from the text
