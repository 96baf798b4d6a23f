"""The ways out: SMTP for e-mail, files for SMS and for e-mail where no server is set."""

from __future__ import annotations

from django.conf import settings

from ..contracts import AdapterState, Channel
from .base import NotAccepted, Outgoing, Transport, TryLater
from .files import FileTransport
from .smtp import SmtpTransport


def for_channel(channel: Channel) -> Transport:
    """Return the transport of a channel, as the settings say; to be used in a `with`."""
    if channel is Channel.EMAIL and settings.TINHSO_SMTP_URL:
        return SmtpTransport(settings.TINHSO_SMTP_URL)
    return FileTransport(channel)


def check_adapters() -> list[AdapterState]:
    """Ask each channel's adapter how it is."""
    return [for_channel(channel).check() for channel in Channel]


__all__ = ["NotAccepted", "Outgoing", "Transport", "TryLater", "check_adapters", "for_channel"]
