"""Register the room with Django."""

from django.apps import AppConfig


class OperationsConfig(AppConfig):
    name = "tinhso.operations"
    label = "operations"
    verbose_name = "Điều hành"
