"""The web process: Django under a WSGI server, with the installation's business clock."""

from __future__ import annotations

import os
import sys

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tinhso.site.settings")
application = get_wsgi_application()
# Every SQL statement lets go of the interpreter and waits to get it back, 5 ms by default while others compute: a
# writer would hold the database for its thirty statements all that time, and everyone behind it would wait.
sys.setswitchinterval(0.0002)

from tinhso.site import businesstime  # noqa: E402 - needs the apps

businesstime.install()
