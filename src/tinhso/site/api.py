"""The REST API `/api/v1`: the rooms' endpoints under one description, one way in and one way of saying no.

In: `Authorization: Bearer <token>` (limited to rights and units), or the session of the same site. No: problem+json
(RFC 9457) for everything, also for what never reached an endpoint.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable, Iterator
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import BadRequest, PermissionDenied, RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed, JsonResponse
from django.urls import URLPattern, path
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, Throttled
from ninja.errors import ValidationError as ParameterError
from ninja.security import APIKeyCookie, HttpBearer
from pydantic import ValidationError

from tinhso.indicators.api import UnknownIndicator
from tinhso.organisation import api as organisation
from tinhso.organisation.contracts import Principal
from tinhso.services.contracts.answers import Conflict, NotFound, Refusal

from . import errors

VERSION = "1.0.0"
WINDOW = 60  # seconds in which a token's requests are counted
MULTIPART = "multipart/form-data"
View = Callable[..., HttpResponseBase]
ABOUT = (
    "What the pages of public services can do, for programs. Tokens are limited to rights (scopes) and units. "
    "Every error is a problem document (RFC 9457) with a sentence in Vietnamese that says what to do. "
    "Lists are read page by page: hand `next` back as `after`."
)


class Bearer(HttpBearer):
    """A token issued to a program."""

    def authenticate(self, request: HttpRequest, token: str) -> Principal | None:
        principal = organisation.principal_for_token(token)
        if principal.is_anonymous:
            return None
        _count(token)
        request.principal = principal  # type: ignore[attr-defined]
        return principal


class Session(APIKeyCookie):
    """The session of someone signed in on this site; what changes something needs the page's CSRF token too."""

    param_name = settings.SESSION_COOKIE_NAME

    def __call__(self, request: HttpRequest) -> Principal | None:
        if "Authorization" in request.headers or self.param_name not in request.COOKIES:
            return None
        if request.content_type == MULTIPART:  # its forgery check would read the files before their limit stands
            return None
        found: Principal | None = super().__call__(request)
        return found

    def authenticate(self, request: HttpRequest, key: str | None) -> Principal | None:
        principal = organisation.principal_of(request)
        return None if principal.is_anonymous else principal


api = NinjaAPI(
    title="Tỉnh Số", version=VERSION, description=ABOUT, auth=[Bearer(), Session()], docs_url=None, openapi_url=None,
    urls_namespace="api",
)  # fmt: skip
api.add_router("", "tinhso.services.http.api.router")
api.add_router("", "tinhso.site.api_indicators.router")


def _count(token: str) -> None:
    """Count a token's requests in this process; too many in a minute must wait."""
    key = "api:" + hashlib.sha256(token.encode()).hexdigest()
    cache.add(key, 0, WINDOW)
    try:
        over = cache.incr(key) > settings.TINHSO_API_RATE
    except ValueError:  # the window closed between the two
        return
    if over:
        raise Throttled(wait=WINDOW)


# --- saying no ----------------------------------------------------------------------------------------------------


def _refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    status = 404 if isinstance(refusal, NotFound) else 409 if isinstance(refusal, Conflict) else 422
    fields = [{"field": e.field, "keyword": e.keyword, "message": e.message} for e in refusal.fields]
    return errors.problem(status, _TITLES[status], refusal.message, errors=fields)


def _unreadable(request: HttpRequest, error: ParameterError | ValidationError) -> HttpResponse:
    listed = error.errors() if isinstance(error, ValidationError) else error.errors
    fields = [
        {
            "field": ".".join(str(part) for part in item["loc"])[:200],
            "keyword": item["type"],
            "message": str(item["msg"])[:300],
        }
        for item in listed[:50]
    ]
    return errors.problem(422, _TITLES[422], "Hãy sửa những mục dưới đây rồi gửi lại.", errors=fields)


def _http(request: HttpRequest, error: HttpError) -> HttpResponse:
    if isinstance(error.__cause__, RequestDataTooBig):
        return errors.too_large(request)
    answer = errors.problem(error.status_code, _TITLES.get(error.status_code, "Không làm được"), str(error))
    return answer


def _unknown(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    answer = errors.problem(401, _TITLES[401], "Hãy gửi Authorization: Bearer với mã truy cập còn hạn.")
    answer.headers["WWW-Authenticate"] = 'Bearer realm="tinhso"'
    return answer


def _too_often(request: HttpRequest, error: Throttled) -> HttpResponse:
    answer = errors.problem(429, _TITLES[429], "Hãy chờ rồi gửi tiếp.")
    answer.headers["Retry-After"] = str(error.wait or WINDOW)
    return answer


_TITLES = {
    400: "Yêu cầu không đọc được",
    401: "Chưa xác thực",
    403: "Không có quyền",
    404: "Không tìm thấy",
    405: "Không có cách gọi này",
    409: "Hồ sơ đã thay đổi",
    422: "Chưa đúng",
    428: "Thiếu điều kiện",
    429: "Quá nhiều yêu cầu",
}
_HANDLERS: dict[type[Exception], Callable[[HttpRequest, Any], HttpResponse]] = {
    Refusal: _refused,
    ParameterError: _unreadable,
    ValidationError: _unreadable,
    HttpError: _http,
    AuthenticationError: _unknown,
    Throttled: _too_often,
    BadRequest: lambda request, error: errors.problem(400, _TITLES[400], str(error)),
    PermissionDenied: lambda request, error: errors.problem(
        403, _TITLES[403], f"Mã truy cập hoặc tài khoản này không có quyền {error}."
    ),
    Http404: lambda request, error: errors.problem(404, _TITLES[404]),
    UnknownIndicator: lambda request, error: errors.problem(404, _TITLES[404], "Không có chỉ số này."),
}
for _kind, _handler in _HANDLERS.items():
    api.add_exception_handler(_kind, _handler)


# --- addresses ----------------------------------------------------------------------------------------------------


def _guarded(view: View, right: str) -> View:
    """Give a view the right it goes by, and say 405 as a problem too."""

    @functools.wraps(view)
    def answering(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        if isinstance(response, HttpResponseNotAllowed):
            told = errors.problem(405, _TITLES[405], f"Dùng: {response.headers['Allow']}.")
            told.headers["Allow"] = response.headers["Allow"]
            return told
        return response

    answering.csrf_exempt = True  # type: ignore[attr-defined]
    answering.tinhso_right = right  # type: ignore[attr-defined]
    return answering


def _patterns() -> Iterator[URLPattern]:
    for router in api._get_bound_routers():
        views = [view for view in router.path_operations.values() for _ in view.operations]
        for pattern, view in zip(router.urls_paths(router.prefix), views, strict=True):
            right = view.operations[0].view_func.tinhso_right  # type: ignore[attr-defined]
            pattern.callback = _guarded(pattern.callback, right)
            yield pattern


@functools.cache
def description() -> dict[str, Any]:
    """Return the API's description (OpenAPI 3.1), with the problem document every endpoint may answer with."""
    told: dict[str, Any] = dict(api.get_openapi_schema(path_prefix="api/v1/"))
    told["components"]["schemas"]["Problem"] = _PROBLEM
    for operations in told["paths"].values():
        for operation in operations.values():
            _finish(operation)
    return told


def _finish(operation: dict[str, Any]) -> None:
    """Name the problem document, and the true kind of what is sent as a file."""
    problem = {"schema": {"$ref": "#/components/schemas/Problem"}}
    operation["responses"]["default"] = {
        "description": "A problem: what happened and what to do",
        "content": {"application/problem+json": problem},
    }
    for answer in operation["responses"].values():
        content = answer.get("content", {})
        schema = content.get("application/json", {}).get("schema", {})
        if schema.get("format") == "binary" and schema.get("type") == "string":
            answer["content"] = {"*/*": {"schema": {}}}


_PROBLEM: dict[str, Any] = {
    "type": "object",
    "title": "Problem",
    "description": "A problem (RFC 9457): what happened and what to do; `errors` name the fields to put right.",
    "required": ["type", "title", "status"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "keyword", "message"],
                "properties": {key: {"type": "string"} for key in ("field", "keyword", "message")},
            },
        },
    },
}


@organisation.public
def openapi(request: HttpRequest) -> JsonResponse:
    """Give the API's description."""
    return JsonResponse(description(), json_dumps_params={"ensure_ascii": False})


app_name = "api"
urlpatterns = [path("openapi.json", openapi, name="openapi"), *_patterns()]
