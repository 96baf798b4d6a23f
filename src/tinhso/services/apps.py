"""Register the room with Django."""

from django.apps import AppConfig


class ServicesConfig(AppConfig):
    name = "tinhso.services"
    label = "services"
    verbose_name = "Dịch vụ công"
