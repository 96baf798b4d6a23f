"""What every page may know of the installation."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from tinhso.foundation.api import clock


def installation(request: HttpRequest) -> dict[str, Any]:
    """Return whether this is the demonstration and what day it is in the province."""
    return {
        "demo": settings.TINHSO_DEMO,
        "today": clock.today(),
        "principal": getattr(request, "principal", None),
    }
