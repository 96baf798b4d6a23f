"""Settings the tests run under: the site's own, in a folder of their own, with cheap password hashing."""

import os
import tempfile

os.environ.setdefault("TINHSO_HOME", tempfile.mkdtemp(prefix="tinhso-test-"))
os.environ.setdefault("TINHSO_DEMO", "1")

from tinhso.site.settings import *  # noqa: E402, F403
from tinhso.site.settings import DATABASES, HOME  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ALLOWED_HOSTS = ["*"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
if DATABASES["default"]["ENGINE"] == "tinhso.foundation.sqlite":
    # A real file, so that the write lock and WAL are what they are in service.
    DATABASES["default"]["TEST"] = {"NAME": str(HOME / "test.sqlite3")}
    DATABASES["default"]["OPTIONS"]["init_command"] = DATABASES["default"]["OPTIONS"]["init_command"].replace("FULL", "OFF")
