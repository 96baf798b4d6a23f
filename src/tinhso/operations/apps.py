"""Register the room with Django: its rights."""

from django.apps import AppConfig


class OperationsConfig(AppConfig):
    name = "tinhso.operations"
    label = "operations"
    verbose_name = "Điều hành"

    def ready(self) -> None:
        from . import rights

        rights.declare()
