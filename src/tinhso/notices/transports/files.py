"""Write messages to a file a line each (JSON), for another program to take or, in the demonstration, for nobody."""

from __future__ import annotations

import fcntl
import json
import os
from pathlib import Path
from types import TracebackType
from typing import Self

from django.conf import settings

from ..contracts import AdapterState, Channel
from .base import Outgoing, TryLater

_NAMES = {Channel.EMAIL: "Thư điện tử", Channel.SMS: "Tin nhắn SMS"}


class FileTransport:
    """Appends to `<data>/outbox/<channel>.jsonl`, readable by the installation's user only."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self.path = Path(settings.TINHSO_DATA) / "outbox" / f"{channel}.jsonl"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return

    def send(self, message: Outgoing) -> None:
        """Append the message and see it onto the disk."""
        line = {
            "id": str(message.id),
            "queued_at": message.queued_at.isoformat(),
            "to": message.destination,
            "title": message.title,
            "body": message.body,
        }
        try:
            self._append(json.dumps(line, ensure_ascii=False).encode() + b"\n")
        except OSError as error:
            raise TryLater(f"file: {type(error).__name__}") from error

    def check(self) -> AdapterState:
        """Say where messages go; a file sink always stands, as long as its folder can be written."""
        try:
            self._append(b"")
            working = True
        except OSError:
            working = False
        detail = f"ghi vào {self.path}" if working else f"không ghi được vào {self.path}: kiểm tra quyền và chỗ trống"
        return AdapterState(f"{_NAMES[self._channel]} (tệp)", False, None, working, detail)

    def _append(self, line: bytes) -> None:
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(self.path, os.O_CREAT | os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            end = os.fstat(descriptor).st_size
            try:
                written = os.write(descriptor, line)
                if written < len(line):
                    raise OSError("disk full")
                os.fsync(descriptor)
            except OSError:
                os.ftruncate(descriptor, end)  # no half line: the message will be written whole at the next try
                raise
        finally:
            os.close(descriptor)
