"""Guard every answer: headers that forbid what we never do, and calm words for conditions of our own."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import DataError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from tinhso.foundation.api import vault

from . import errors

Handler = Callable[[HttpRequest], HttpResponse]
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; manifest-src 'self'"
)


def security_headers(get_response: Handler) -> Handler:
    """Send the content policy with every page; pages with a person's data are never kept by a cache."""

    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
        if not request.path.startswith("/static/"):
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    return handle


def language(get_response: Handler) -> Handler:
    """Speak Vietnamese unless the reader chose otherwise: a phone set to English does not make a page English."""

    def handle(request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        code = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(code):
            request.LANGUAGE_CODE = code
            response = get_response(request)
        response.headers.setdefault("Content-Language", code)
        return response

    return handle


class Conditions:
    """Answer 503 with Retry-After where the machine, not the person, is the reason."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # A NUL can be in no text we keep; PostgreSQL refuses to look for one. Pages take queries as they come.
        if request.path.startswith("/api/"):
            if "\x00" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
                return errors.bad_request(request)
        elif "\x00" in request.path:
            return errors.not_found(request)
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, vault.NoSpace) or (isinstance(error, OperationalError) and _no_space(error)):
            return errors.unavailable(request, "full")
        if isinstance(error, OperationalError):
            return errors.unavailable(request, "busy")
        if isinstance(error, DataError):
            return errors.bad_request(request)
        if isinstance(error, RequestDataTooBig):
            return errors.too_large(request)
        return None


def _no_space(error: OperationalError) -> bool:
    return any(words in str(error).lower() for words in ("disk is full", "no space", "disk i/o"))


conditions = Conditions
