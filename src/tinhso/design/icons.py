"""Draw the handful of icons inline: 16 × 16, one stroke, in the colour of the text beside them."""

from __future__ import annotations

from django.utils.safestring import SafeString, mark_safe

_CIRCLE = '<circle cx="8" cy="8" r="6.25"/>'

_DRAWINGS = {
    "neutral": _CIRCLE,
    "info": _CIRCLE + '<path d="M8 4.5a3.5 3.5 0 0 1 0 7z" fill="currentColor" stroke="none"/>',
    "done": _CIRCLE + '<path d="m5 8.2 2.1 2.1L11 6.2"/>',
    "attention": '<path d="M8 1.5 14.5 8 8 14.5 1.5 8zM8 5v3.6M8 10.6v.6"/>',
    "late": _CIRCLE + '<path d="M8 4.4V8l2.6 1.6"/>',
    "stale": '<rect x="2" y="2" width="12" height="12" rx="1"/><path d="M2 8l6-6M2 14 14 2M8 14l6-6"/>',
    "unknown": '<path d="M3 8h10"/>',
    "wrong": _CIRCLE + '<path d="M8 4.6v4M8 10.9v.5"/>',
    "note": _CIRCLE + '<path d="M8 7.4v4M8 4.6v.5"/>',
    "check": '<path d="m3 8.4 3.4 3.4L13 4.6"/>',
    "back": '<path d="M10 3 5 8l5 5"/>',
    "forward": '<path d="m6 3 5 5-5 5"/>',
    "down": '<path d="m3 6 5 5 5-5"/>',
    "sort": '<path d="m5 6 3-3 3 3M5 10l3 3 3-3"/>',
    "ascending": '<path d="M8 13V3M4.5 6.5 8 3l3.5 3.5"/>',
    "descending": '<path d="M8 3v10M4.5 9.5 8 13l3.5-3.5"/>',
    "search": '<circle cx="7" cy="7" r="4.75"/><path d="m10.5 10.5 4 4"/>',
    "download": '<path d="M8 2v8M4.5 6.8 8 10.3l3.5-3.5M2.5 13.5h11"/>',
    "file": '<path d="M3.5 1.5h6l3 3v10h-9zM9.5 1.5v3h3"/>',
    "door": '<path d="M6 3H3v10h3M7 8h7M11 5l3 3-3 3"/>',
    "print": '<path d="M4.5 6V1.5h7V6M4.5 11.5h-3V6h13v5.5h-3M4.5 9.5h7v5h-7z"/>',
    "person": '<circle cx="8" cy="5" r="2.75"/><path d="M2.5 14.5c.4-3 2.6-4.6 5.5-4.6s5.1 1.6 5.5 4.6"/>',
    "close": '<path d="m3.5 3.5 9 9M12.5 3.5l-9 9"/>',
}

_FRAME = (
    '<svg class="icon" viewBox="0 0 16 16" width="16" height="16" fill="none" stroke="currentColor"'
    ' stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">'
)

# Only our own drawings above are marked safe.
ICONS: dict[str, SafeString] = {
    name: mark_safe(f"{_FRAME}{drawing}</svg>")  # noqa: S308
    for name, drawing in _DRAWINGS.items()
}

BRAND_MARK: SafeString = mark_safe(
    '<svg class="brand-mark" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true" focusable="false">'
    '<rect class="brand-seal" width="24" height="24" rx="3"/>'
    '<path class="brand-lines" d="M5 9h14M5 15h14M9 5v14M15 5v14" fill="none" stroke-width="2"/></svg>'
)


def icon(name: str) -> SafeString:
    """Draw an icon by name; a name that does not exist is a mistake in the template and raises KeyError."""
    return ICONS[str(name)]
