"""Register the design system with Django."""

from __future__ import annotations

from django.apps import AppConfig


class DesignConfig(AppConfig):
    """The province's one design system: base templates, components, styles, fonts."""

    name = "tinhso.design"
    label = "design"
    verbose_name = "Hệ thiết kế"
