"""Register the room with Django: its kind of package."""

from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    name = "tinhso.indicators"
    label = "indicators"
    verbose_name = "Chỉ tiêu"

    def ready(self) -> None:
        from tinhso.foundation.api import packages

        from . import package_kind

        packages.register(package_kind.KIND)
