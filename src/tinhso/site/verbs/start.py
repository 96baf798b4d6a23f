"""Start Django in this process, with the installation's business clock."""

from __future__ import annotations

import django


def setup() -> None:
    django.setup()


def setup_with_clock() -> None:
    """Start Django and take the business time of the installation."""
    setup()
    from tinhso.site import businesstime

    businesstime.install()
