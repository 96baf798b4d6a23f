"""Say how an action turns a person away: with a sentence that says what to do, never with half the work done."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from tinhso.organisation.contracts import Principal
from tinhso.services.contracts.form import FormError


class Refusal(Exception):
    """The action was not done; `message` says why and what to do, `fields` which answers to put right."""

    def __init__(self, message: str, fields: Sequence[FormError] = ()) -> None:
        super().__init__(message)
        self.message, self.fields = message, tuple(fields)


class Conflict(Refusal):
    """Someone else changed the case meanwhile: nothing was overwritten, look again."""


class NotFound(Refusal):
    """There is no such thing, or the asking person may not know of it: both look the same from outside."""

    def __init__(self, message: str = "Không tìm thấy.") -> None:
        super().__init__(message)


def account_of(principal: Principal) -> UUID:
    """Return the account that acts; raise NotFound for one who has not signed in: None would match rows."""
    if principal.account_id is None:
        raise NotFound
    return principal.account_id
