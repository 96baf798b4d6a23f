"""Register the site."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "tinhso.site"
    label = "site"
