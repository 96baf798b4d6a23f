"""Draw QR codes (ISO/IEC 18004) for receipts and documents."""

from __future__ import annotations

import io

import segno

_QUIET = 4  # modules of white around the code that the standard asks for


def qr_svg(text: str) -> bytes:
    """Return a QR code as SVG, one unit a module, quiet zone included, fit to stand inside a page."""
    target = io.BytesIO()
    _code(text).save(target, kind="svg", border=_QUIET, xmldecl=False, svgclass=None, lineclass=None, omitsize=True)
    return target.getvalue()


def qr_png(text: str, *, scale: int = 6) -> bytes:
    """Return a QR code as PNG, `scale` pixels a module."""
    target = io.BytesIO()
    _code(text).save(target, kind="png", border=_QUIET, scale=scale)
    return target.getvalue()


def _code(text: str) -> segno.QRCode:
    # Level M bears a stamp or a fold over 15 % of the code; a micro code is not read by every phone.
    return segno.make(text, error="m", micro=False)
