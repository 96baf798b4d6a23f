"""Which address is which room's page."""

from __future__ import annotations

from django.urls import include, path

from . import home

urlpatterns = [
    path("api/v1/", include("tinhso.site.api")),
    path("ban-lam-viec/", home.desk, name="desk"),
    path("design/", include("tinhso.design.http.urls")),
    path("", include("tinhso.organisation.http.urls")),
    path("", include("tinhso.services.http.urls")),
    path("", include("tinhso.operations.http.urls")),
]

handler400 = "tinhso.site.errors.bad_request"
handler403 = "tinhso.site.errors.forbidden"
handler404 = "tinhso.site.errors.not_found"
handler500 = "tinhso.site.errors.server_error"
