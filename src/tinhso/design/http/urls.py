"""Addresses of the living page and of the reader's preferences; the site mounts them at /design/."""

from __future__ import annotations

from django.urls import path

from tinhso.design.http.views import living_page, set_preferences

urlpatterns = [
    path("", living_page, name="design"),
    path("preferences", set_preferences, name="design-preferences"),
]
