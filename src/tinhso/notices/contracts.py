"""What crosses the face of notices: a message to a person, what became of it, and the state of an adapter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from tinhso.foundation.contracts import Event, Subject

Value = str | int | date | datetime


class Channel(StrEnum):
    EMAIL = "email"
    SMS = "sms"


class MessageState(StrEnum):
    """`failed` is tried again later; `given_up` is not, and is shown to those who look after the installation."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    GIVEN_UP = "given_up"


class BadMessage(ValueError):
    """The message cannot be sent as it is: its destination, its data or its template; the text says which."""


@dataclass(frozen=True, slots=True)
class Message:
    """A message to one person.

    `destination` is an e-mail address or a phone number, and personal. `data` fill the template: amounts as whole
    đồng, moments as dates or aware datetimes, anything else as text. `dedupe_key` names the cause, without personal
    data: a second message of the same key is not queued. After `useful_until` (machine time) it is not sent any more.
    """

    template: str
    channel: Channel
    destination: str
    data: Mapping[str, Value]
    dedupe_key: str
    language: str = "vi"
    useful_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class MessageStatus:
    """What became of a message; nothing of its content or destination."""

    id: UUID
    template: str
    channel: Channel
    state: MessageState
    tries: int
    queued_at: datetime
    sent_at: datetime | None
    subject: Subject
    error: str


@dataclass(frozen=True, slots=True)
class ShownMessage:
    """A message as the demonstration shows it on screen."""

    id: UUID
    channel: Channel
    destination: str
    title: str
    body: str
    queued_at: datetime
    state: MessageState


@dataclass(frozen=True, slots=True)
class AdapterState:
    """Whether an adapter is set, reachable and working (None: nothing to ask), with a sentence for the operator."""

    name: str
    is_set: bool
    reachable: bool | None
    working: bool | None
    detail: str


@dataclass(frozen=True)
class MessageQueued(Event):
    """A message waits to be sent."""

    NAME: ClassVar[str] = "notices.MessageQueued"
    message_id: UUID
    template: str
    channel: str


@dataclass(frozen=True)
class MessageGivenUp(Event):
    """A message will not arrive: somebody must reach the person in another way."""

    NAME: ClassVar[str] = "notices.MessageGivenUp"
    message_id: UUID
    template: str
    channel: str
    tries: int
    error: str
