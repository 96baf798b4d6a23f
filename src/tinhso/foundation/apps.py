"""Register the foundation with Django."""

from django.apps import AppConfig


class FoundationConfig(AppConfig):
    name = "tinhso.foundation"
    label = "foundation"
    verbose_name = "Nền móng"
