"""Send e-mail over SMTP (RFC 5321), with TLS where the server offers it."""

from __future__ import annotations

import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import format_datetime
from types import TracebackType
from typing import Self
from urllib.parse import unquote, urlsplit

from django.conf import settings

from ..contracts import AdapterState
from .base import NotAccepted, Outgoing, TryLater

SECONDS = 20  # for each answer of the server
_SENDER = "khong-tra-loi"
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}


@dataclass(frozen=True, slots=True)
class Server:
    """Where and how to reach the server: `smtp://user:password@host:port`, `smtps://` for TLS from the first byte."""

    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)
    tls_at_once: bool = False

    @classmethod
    def parse(cls, url: str) -> Server:
        parts = urlsplit(url)
        if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
            raise ValueError("TINHSO_SMTP_URL: smtp://[user:password@]host[:port]")
        tls = parts.scheme == "smtps"
        return cls(
            parts.hostname,
            parts.port or (465 if tls else 587 if parts.username else 25),
            unquote(parts.username or ""),
            unquote(parts.password or ""),
            tls,
        )


class SmtpTransport:
    """Holds one connection while entered, and makes a new one after a failure."""

    def __init__(self, url: str) -> None:
        self._server = Server.parse(url)
        self._connection: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._connection is not None:
            with suppress(smtplib.SMTPException, OSError):  # what was taken stays taken
                self._connection.quit()
        self._drop()

    def send(self, message: Outgoing) -> None:
        """Hand one message over. Raise NotAccepted where the server refuses it for good, TryLater otherwise."""
        try:
            letter = written(message)
        except ValueError as error:
            raise NotAccepted(f"message: {type(error).__name__}") from error
        try:
            connection = self._connection or self._connect()
            connection.send_message(letter, to_addrs=[message.destination])
        except smtplib.SMTPRecipientsRefused as refusal:
            self._reset()
            code = max((code for code, _ in refusal.recipients.values()), default=0)
            raise _refusal(code) from refusal
        except smtplib.SMTPDataError as refusal:
            self._reset()
            raise _refusal(refusal.smtp_code) from refusal
        except smtplib.SMTPResponseException as refusal:  # about us or the server, not about this message
            self._drop()
            raise TryLater(f"SMTP {refusal.smtp_code}") from refusal
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            raise TryLater(f"SMTP: {type(error).__name__}") from error

    def check(self) -> AdapterState:
        """Connect, sign in and say goodbye, sending nothing."""
        where = f"{self._server.host}:{self._server.port}"
        try:
            self._connect().noop()
        except smtplib.SMTPAuthenticationError:
            return AdapterState("Thư điện tử (SMTP)", True, True, False, f"{where}: sai tên hoặc mật khẩu")
        except TryLater as error:
            return AdapterState("Thư điện tử (SMTP)", True, True, False, f"{where}: {error}")
        except smtplib.SMTPException as error:
            return AdapterState("Thư điện tử (SMTP)", True, True, False, f"{where}: {type(error).__name__}")
        except OSError as error:
            return AdapterState("Thư điện tử (SMTP)", True, False, False, f"{where}: {type(error).__name__}")
        finally:
            self.__exit__(None, None, None)
        return AdapterState("Thư điện tử (SMTP)", True, True, True, where)

    def _connect(self) -> smtplib.SMTP:
        server, context = self._server, ssl.create_default_context()
        if server.tls_at_once:
            connection: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=SECONDS, context=context)
        else:
            connection = smtplib.SMTP(server.host, server.port, timeout=SECONDS)
        try:
            self._sign_in(connection, context)
        except BaseException:
            connection.close()
            raise
        self._connection = connection
        return connection

    def _sign_in(self, connection: smtplib.SMTP, context: ssl.SSLContext) -> None:
        server, secure = self._server, self._server.tls_at_once
        connection.ehlo_or_helo_if_needed()
        if not secure and connection.has_extn("starttls"):
            connection.starttls(context=context)
            connection.ehlo()
            secure = True
        if not server.user:
            return
        if not secure and server.host not in _LOOPBACK:
            raise TryLater("SMTP: no TLS, the password was not sent")
        connection.login(server.user, server.password)

    def _reset(self) -> None:
        try:
            if self._connection is not None:
                self._connection.rset()
        except (smtplib.SMTPException, OSError):
            self._drop()

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _refusal(code: int) -> TryLater | NotAccepted:
    """Return what an SMTP reply code means for a message: 5yz is for good (RFC 5321, 4.2.1)."""
    return NotAccepted(f"SMTP {code}") if 500 <= code < 600 else TryLater(f"SMTP {code}")


def written(message: Outgoing) -> EmailMessage:
    """Return the message as mail, under the same Message-ID each time. Raise ValueError for what fits no header."""
    host = urlsplit(settings.TINHSO_URL).hostname or "localhost"
    domain = host if any(c.isalpha() for c in host) and ":" not in host else "localhost"
    letter = EmailMessage(policy=SMTP_POLICY)
    letter["From"] = getattr(settings, "TINHSO_MAIL_FROM", "") or Address("Tỉnh Số", _SENDER, domain)
    letter["To"] = Address(addr_spec=message.destination)
    letter["Subject"] = message.title
    letter["Date"] = format_datetime(message.queued_at)
    letter["Message-ID"] = f"<{message.id}@{domain}>"
    letter["Auto-Submitted"] = "auto-generated"
    letter["Content-Language"] = message.language
    letter.set_content(message.body)
    return letter
