"""Say what happened and what to do, on pages and in the API alike."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _


def problem(status: int, title: str, detail: str = "", **more: object) -> JsonResponse:
    """Return an RFC 9457 problem document; `more` are its own members, such as the fields to put right."""
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail, **more}
    return JsonResponse(body, status=status, content_type="application/problem+json")


def _answer(request: HttpRequest, status: int, title: str, detail: str = "") -> HttpResponse:
    if request.path.startswith("/api/"):
        return problem(status, title, detail)
    return render(request, f"{status if status in (400, 403, 404, 500, 503) else 400}.html",
                  {"title": title, "detail": detail}, status=status)  # fmt: skip


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _answer(request, 400, _("Yêu cầu không đọc được"))


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _answer(request, 403, _("Bạn không có quyền xem trang này"), str(exception or ""))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _answer(request, 404, _("Không có trang này"))


def server_error(request: HttpRequest) -> HttpResponse:
    return _answer(request, 500, _("Trang này đang hỏng"))


def csrf(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _answer(
        request, 403, _("Trang đã cũ"), _("Hãy quay lại, tải lại trang rồi gửi lại. Điều bạn đã lưu vẫn còn.")
    )


def too_large(request: HttpRequest) -> HttpResponse:
    return _answer(request, 413, _("Dữ liệu gửi lên quá lớn"), _("Hãy gửi từng tệp, mỗi tệp không quá 20 MB."))


def unavailable(request: HttpRequest, why: str) -> HttpResponse:
    """Answer 503: the store is full or the database is busy; nothing was half-written."""
    words = {
        "full": _("Kho lưu trữ đang đầy. Chưa có gì bị mất; hãy thử lại sau ít phút."),
        "busy": _("Hệ thống đang bận. Chưa có gì bị mất; hãy thử lại sau ít giây."),
    }
    response = _answer(request, 503, _("Tạm thời chưa phục vụ được"), words[why])
    response.headers["Retry-After"] = "120" if why == "full" else "5"
    return response
