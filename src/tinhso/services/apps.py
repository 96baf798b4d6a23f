"""Register the room with Django: its facts, its kind of package, its rights."""

from django.apps import AppConfig


class ServicesConfig(AppConfig):
    name = "tinhso.services"
    label = "services"
    verbose_name = "Dịch vụ công"

    def ready(self) -> None:
        from tinhso.foundation.api import facts, packages

        from . import package_kind, rights
        from .facts import CASE, SERVICE

        facts.offer(CASE)
        facts.offer(SERVICE)
        for kind in package_kind.KINDS:
            packages.register(kind)
        rights.declare()
