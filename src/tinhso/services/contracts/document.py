"""Say what an official document is drawn from: its template, letterhead, signature and the way to verify it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from tinhso.services.contracts.basis import LegalBasis, Title, Validity


@dataclass(frozen=True, slots=True)
class Letterhead:
    """The agency as its documents name it. `parent` is "" for an agency that names none; `place` goes by the date."""

    parent: str
    name: str
    place: str


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signs: "TM. Ủy ban nhân dân" or "" (authority), "Chủ tịch" (title), and the name."""

    authority: str
    title: str
    name: str


@dataclass(frozen=True, slots=True)
class Verification:
    """Where anyone can check the document: a short address and its QR code as SVG ("" = none shown)."""

    url: str
    qr: str


@dataclass(frozen=True, slots=True)
class Party:
    """The person the document speaks to; what is "" is shown as a dash."""

    name: str
    address: str
    phone: str
    email: str


@dataclass(frozen=True, slots=True)
class CaseLines:
    """A case in the words of a document: times and fee are written out, e.g. "15:00 ngày 15/01/2021"."""

    code: str
    procedure: str
    channel: str
    received: str
    due: str
    allowed: str
    delivery: str
    fee: str


@dataclass(frozen=True, slots=True)
class Draft:
    """What every document has. `number` and `on` are given before signing and stay as given."""

    title: str
    letterhead: Letterhead
    number: str
    on: date
    signature: Signature
    recipients: tuple[str, ...]
    verification: Verification
    party: Party
    case: CaseLines
    demo: bool


@dataclass(frozen=True, slots=True)
class DocumentExample:
    """Data a template is drawn from, and texts that must then be read in the document."""

    id: str
    data: Mapping[str, Any]
    text: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DocumentTemplate:
    """An official form: its number in the circular, its typst source and the examples that prove it."""

    id: str
    version: int
    digest: str
    status: str
    title: Title
    form_number: str
    owner: str
    validity: Validity
    legal_basis: tuple[LegalBasis, ...]
    source: str
    examples: tuple[DocumentExample, ...]
