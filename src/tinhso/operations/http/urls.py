"""The pages of this room."""

from django.urls import path

from . import pages

app_name = "operations"
urlpatterns = [
    path("dieu-hanh/", pages.screen, name="screen"),
    path("dieu-hanh/<slug:name>/", pages.indicator, name="indicator"),
    path("dieu-hanh/<slug:name>/bang.csv", pages.lines_file, name="lines-file"),
    path("dieu-hanh/<slug:name>/dong/", pages.rows, name="rows"),
    path("dieu-hanh/<slug:name>/dong.csv", pages.rows_file, name="rows-file"),
]
