"""The web process: Django under a WSGI server, with the installation's business clock."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tinhso.site.settings")
application = get_wsgi_application()

from tinhso.site import businesstime  # noqa: E402 - needs the apps

businesstime.install()
