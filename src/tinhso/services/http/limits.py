"""Take no more of an upload than may be kept: what is larger is read past and never stored, not even for a moment."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec

from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt, csrf_protect

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


class BoundedUpload(FileUploadHandler):
    """Skip each file that grows past `limit` bytes and remember its field in `too_large`."""

    def __init__(self, request: HttpRequest, limit: int) -> None:
        super().__init__(request)
        self.limit = limit
        self.taken = 0
        self.too_large: set[str] = set()

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.taken = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.taken += len(raw_data)
        if self.taken > self.limit:
            self.too_large.add(self.field_name or "")
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None


def bounded(limit: int) -> Callable[[View[P]], View[P]]:
    """Let a view take files of at most `limit` bytes each; `oversized(request)` names the fields that held more.

    The handler must stand before anything reads the form, so the check against forged requests comes after it.
    """

    def mark(view: View[P]) -> View[P]:
        protected = csrf_protect(view)

        @functools.wraps(view)
        def taking(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            handler = BoundedUpload(request, limit)
            request.upload_handlers.insert(0, handler)
            request.bounded_upload = handler  # type: ignore[attr-defined]
            answer: HttpResponseBase = protected(request, *args, **kwargs)
            return answer

        exempt: View[P] = csrf_exempt(taking)
        return exempt

    return mark


def oversized(request: HttpRequest) -> set[str]:
    """Name the fields whose files were larger than the limit."""
    _ = request.FILES  # the form is read when it is first asked for
    handler = getattr(request, "bounded_upload", None)
    return handler.too_large if handler is not None else set()
