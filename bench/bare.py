"""A bare Django application on the installation's own database: one view, one transaction, two rows.

What any framework's least write costs here under the same server; ours is held against it.
"""

from __future__ import annotations

from tinhso.site.verbs.start import setup

setup()

from django.core.handlers.wsgi import WSGIHandler  # noqa: E402 - needs the apps
from django.db import transaction  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.test.utils import override_settings  # noqa: E402
from django.urls import path  # noqa: E402

from tinhso.foundation.api import ids  # noqa: E402
from tinhso.foundation.models import Bookmark, Setting  # noqa: E402


def pair(request: HttpRequest) -> HttpResponse:
    """Write two rows."""
    name = ids.new().hex
    with transaction.atomic():
        Setting(name=name, value=1).save(force_insert=True)
        Bookmark(reader=name, seq=1).save(force_insert=True)
    return HttpResponse(b"{}", status=201)


urlpatterns = [path("pair", pair)]
_bare = override_settings(ROOT_URLCONF=__name__, MIDDLEWARE=[])
_bare.enable()
application = WSGIHandler()
