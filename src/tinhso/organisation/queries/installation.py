"""Know what this installation is."""

from __future__ import annotations

from django.conf import settings


def is_demo() -> bool:
    """Say whether this is the demonstration: the only place with demo accounts and with codes shown on screen."""
    return bool(getattr(settings, "TINHSO_DEMO", False))
