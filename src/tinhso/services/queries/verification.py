"""Prove a result to anyone who holds its verification code: what it is and who gave it, nothing of whom it is about."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime

from tinhso.foundation.api import pdf
from tinhso.organisation import api as organisation
from tinhso.services.models import Result


@dataclass(frozen=True, slots=True)
class Genuine:
    """A result that was given: its kind, number, date, agency and time of signing."""

    title: str
    number: str
    date: date
    agency: str
    signed_at: datetime
    ready: bool  # the document exists, so that a file can be compared with it


@dataclass(frozen=True, slots=True)
class Compared:
    """A file held against the result: the same to the last byte, and what its signatures say."""

    same: bool
    signatures: tuple[pdf.Seen, ...]
    problems: tuple[str, ...]


def genuine(code: str) -> Genuine | None:
    """Return what a verification code stands for, or None."""
    row = Result.objects.filter(verification=code[:32]).first()
    if row is None:
        return None
    unit = organisation.units.unit(row.unit_id, row.date)
    agency = unit.formal_name if unit else ""
    return Genuine(row.title, row.number, row.date, agency, row.signed_at, row.blob_id is not None)


def compare(code: str, file: bytes) -> Compared | None:
    """Hold a file against the result of a verification code: every byte counts. None where there is none."""
    row = Result.objects.filter(verification=code[:32]).select_related("blob").first()
    if row is None or row.blob is None:
        return None
    same = hashlib.sha256(file).hexdigest() == row.blob.sha256
    seen = pdf.verify(file)
    return Compared(same, seen.signatures, seen.problems)
