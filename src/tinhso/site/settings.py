"""Settings of the site, from the environment; every default makes the one-machine install work.

TINHSO_HOME          folder of this installation (default ~/.tinhso); data and keys lie apart inside it
TINHSO_DATA          data directory (default HOME/data)
TINHSO_KEYS          key file (default HOME/keys.json); keep it on another medium than the data's backups
TINHSO_DATABASE_URL  postgresql://user@host/name; SQLite in the data directory where unset
TINHSO_DEMO          1: demonstration province with demo accounts, simulated payment and visible test messages
TINHSO_HOSTS         host names served, comma-separated
TINHSO_URL           public address, written into QR codes and messages
TINHSO_SMTP_URL      smtp://user:password@host:port; messages go to files in the data directory where unset
TINHSO_MAIL_FROM     sender of messages
TINHSO_SIGNERS       folder of PKCS#12 credentials (TINHSO_SIGNERS_PASSPHRASE opens them); a test authority where unset
TINHSO_TRUST         folder of PEM roots to believe
TINHSO_TIMESTAMPS    RFC 3161 time-stamp service, or "test"
TINHSO_GATEWAY_URL   address of the payment gateway, with TINHSO_GATEWAY_MERCHANT and TINHSO_GATEWAY_KEYS (id:secret,…)
TINHSO_UNDO_SECONDS  how long an official may undo a decision (default 10)
TINHSO_API_RATE      requests a minute of one API token in one web process (default 1200)
"""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import unquote, urlsplit

from tinhso.foundation.contracts import keys

HOME = Path(os.environ.get("TINHSO_HOME", Path.home() / ".tinhso")).resolve()
TINHSO_DATA = Path(os.environ.get("TINHSO_DATA", HOME / "data"))
TINHSO_KEYS = Path(os.environ.get("TINHSO_KEYS", HOME / "keys.json"))
TINHSO_DEMO = os.environ.get("TINHSO_DEMO", "") == "1"
TINHSO_URL = os.environ.get("TINHSO_URL", "http://127.0.0.1:8000").rstrip("/")
TINHSO_SMTP_URL = os.environ.get("TINHSO_SMTP_URL", "")
TINHSO_MAIL_FROM = os.environ.get("TINHSO_MAIL_FROM", "tinhso@localhost")
TINHSO_SIGNERS = os.environ.get("TINHSO_SIGNERS", "")
TINHSO_TRUST = os.environ.get("TINHSO_TRUST", "")
TINHSO_TIMESTAMPS = os.environ.get("TINHSO_TIMESTAMPS", "")
TINHSO_OFFICE_HOME = "/ban-lam-viec/"
TINHSO_GATEWAY_URL = os.environ.get("TINHSO_GATEWAY_URL", "")
TINHSO_GATEWAY_MERCHANT = os.environ.get("TINHSO_GATEWAY_MERCHANT", "")
TINHSO_GATEWAY_KEYS = os.environ.get("TINHSO_GATEWAY_KEYS", "")
TINHSO_UNDO_SECONDS = float(os.environ.get("TINHSO_UNDO_SECONDS", "10"))
TINHSO_API_RATE = int(os.environ.get("TINHSO_API_RATE", "1200"))
TINHSO_DATA.mkdir(parents=True, exist_ok=True)

keys.use(TINHSO_KEYS)
SECRET_KEY = keys.secret_key()
DEBUG = False
ALLOWED_HOSTS = os.environ.get("TINHSO_HOSTS", "127.0.0.1,localhost,[::1]").split(",")
_secure = TINHSO_URL.startswith("https://")

ROOMS = [
    "tinhso.foundation",
    "tinhso.design",
    "tinhso.organisation",
    "tinhso.indicators",
    "tinhso.notices",
    "tinhso.services",
    "tinhso.operations",
]
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    *ROOMS,
    "tinhso.site",
]
AUTH_USER_MODEL = "organisation.Account"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
LOGIN_URL = "/dang-nhap/"

MIDDLEWARE = [
    "tinhso.site.middleware.conditions",
    "tinhso.site.middleware.security_headers",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "tinhso.site.middleware.language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "tinhso.organisation.api.PrincipalMiddleware",
]
ROOT_URLCONF = "tinhso.site.urls"
WSGI_APPLICATION = "tinhso.site.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["django.templatetags.i18n", "django.templatetags.static"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "tinhso.site.context.installation",
            ],
        },
    }
]


def _database(url: str) -> dict[str, object]:
    if not url:
        return {
            "ENGINE": "tinhso.foundation.sqlite",
            "NAME": str(TINHSO_DATA / "tinhso.sqlite3"),
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                "timeout": 20,
                "transaction_mode": "IMMEDIATE",
                # FULL, not NORMAL: an acknowledged case must outlive a power cut.
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
                "PRAGMA cache_size=-16000; PRAGMA temp_store=MEMORY; PRAGMA mmap_size=268435456;"
                # An act touches some thirty pages: at the default of 1000 every thirtieth would wait for a checkpoint.
                "PRAGMA wal_autocheckpoint=8000;",
            },
        }
    parts = urlsplit(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "OPTIONS": {"pool": {"min_size": 1, "max_size": 16}},
    }


DATABASES = {"default": _database(os.environ.get("TINHSO_DATABASE_URL", ""))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
LOCALE_PATHS = [Path(__file__).parent / "locale"]
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

SESSION_COOKIE_NAME = "phien"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _secure
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "ma_chong_gia_mao"
CSRF_FAILURE_VIEW = "tinhso.site.errors.csrf"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = _secure
SECURE_HSTS_SECONDS = 31_536_000 if _secure else 0
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_000_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"tinhso": {"level": "INFO"}},
}
