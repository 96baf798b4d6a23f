"""Start Django in this process, with the installation's business clock."""

from __future__ import annotations


def setup() -> None:
    """Start Django. Imported late: the supervisor needs none of it."""
    import django

    django.setup()


def setup_with_clock() -> None:
    """Start Django and take the business time of the installation."""
    setup()
    from tinhso.site import businesstime

    businesstime.install()
