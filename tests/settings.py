"""Settings the tests run under: the site's own, in a folder of their own, with cheap password hashing.

Each process of a parallel run has its own folder below the run's, so that their vaults and databases stay apart.
The run's folder is made by the first process and removed by it (see conftest).
"""

import os
import tempfile

if "TINHSO_TEST_HOME" not in os.environ:
    os.environ["TINHSO_TEST_HOME"] = tempfile.mkdtemp(prefix="tinhso-test-")
_run = os.environ["TINHSO_TEST_HOME"]
os.environ["TINHSO_HOME"] = os.path.join(_run, os.environ.get("PYTEST_XDIST_WORKER", "main"))
os.environ.setdefault("TINHSO_DEMO", "1")

from tinhso.site.settings import *  # noqa: E402, F403
from tinhso.site.settings import DATABASES, HOME  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ALLOWED_HOSTS = ["*"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
_default = DATABASES["default"]
if _default["ENGINE"] == "tinhso.foundation.sqlite":
    # A real file, so that the write lock and WAL are what they are in service.
    _default["TEST"] = {"NAME": str(HOME / "test.sqlite3")}
    _default["OPTIONS"]["init_command"] = _default["OPTIONS"]["init_command"].replace("FULL", "OFF")
else:
    # No pool: a pool keeps connections open, and PostgreSQL neither copies nor drops a database in use.
    _default["OPTIONS"] = {}
    if template := os.environ.get("TINHSO_TEST_TEMPLATE"):
        _default["TEST"] = {"TEMPLATE": template}
