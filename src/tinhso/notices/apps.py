"""Register the room with Django."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "tinhso.notices"
    label = "notices"
    verbose_name = "Thông báo"
