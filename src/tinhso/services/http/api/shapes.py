"""What programs get: shapes of their own, so that a contract may change inside without breaking anyone outside."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from pydantic import BaseModel, ConfigDict, Field


class Shape(BaseModel):
    """An answer, read from a contract's attributes."""

    model_config = ConfigDict(from_attributes=True)


class Status(Shape):
    """A national status of a case (1 to 10) and its words."""

    number: int = Field(validation_alias="value")
    label: str


class Unit(Shape):
    id: UUID
    code: str
    display_name: str
    tier: str
    kind: str


class Units(Shape):
    items: list[Unit]


class ProcedureLine(BaseModel):
    code: str
    title: str
    field: str
    summary: str
    level: int


class Procedures(BaseModel):
    items: list[ProcedureLine]


class Law(Shape):
    title: str
    cited_for: str
    certainty: str


class Component(Shape):
    id: str
    title: str
    kind: str
    required: bool
    media_types: list[str]
    variants: list[str]
    channels: list[str]
    hint: str
    source: str
    certainty: str


class Deadline(Shape):
    """A time allowed. `amount` in `unit`; empty `variants` and `channels` mean all."""

    amount: int
    unit: str
    cut_off: str | None
    variants: list[str]
    channels: list[str]
    source: str
    certainty: str


class Fee(Shape):
    """A fee in đồng. `amount` null: the package leaves it to the document named in `basis`; never zero for that."""

    title: str
    amount: int | None
    per: str
    basis: str
    variants: list[str]
    channels: list[str]
    source: str
    certainty: str


class ProcedureDetail(ProcedureLine):
    package: UUID
    version: int
    package_status: str
    valid_from: date | None
    valid_to: date | None
    legal_basis: list[Law]
    components: list[Component]
    deadlines: list[Deadline]
    fees: list[Fee]
    deliveries: list[str]
    form_schema: dict[str, Any] = Field(description="JSON Schema 2020-12 of the answers.")


class Degree(Shape):
    """How far a case is. Nothing of whose it is."""

    code: str
    procedure_title: str
    status: Status
    stage: int
    due_at: datetime | None


class Genuine(Shape):
    """A result that was given: kind, number, date, agency."""

    title: str
    number: str
    date: date
    agency: str
    signed_at: datetime


class File(Shape):
    """An uploaded file. `state`: quarantined until the worker has looked at it, then ready or refused."""

    id: UUID
    component: str
    name: str
    media_type: str
    size: int
    state: str
    reason: str
    opened: bool


class Receipt(Shape):
    """What is given at once for an application: the case's id and code."""

    case_id: UUID
    code: str


class Moment(Shape):
    at: datetime
    kind: str
    label: str
    detail: str
    unit: str


class Payment(Shape):
    """A case's bill in đồng."""

    reference: str
    amount: int
    state: str
    lines: list[tuple[str, int]]


class Result(Shape):
    id: UUID
    number: str
    date: date
    title: str
    verification: str
    signed_at: datetime


class Case(Shape):
    """A case, whole. `version` is also its ETag."""

    id: UUID
    code: str
    procedure: str
    procedure_title: str
    variant: str
    channel: str
    status: Status
    step: str
    unit_id: UUID
    unit: str
    applicant: str
    data: dict[str, Any]
    submitted_at: datetime
    received_at: datetime | None
    due_at: datetime | None
    finished_at: datetime | None
    version: int
    files: list[File]
    moments: list[Moment]
    payment: Payment | None
    results: list[Result]
    supplement_request: str


class CaseLine(Shape):
    id: UUID
    code: str
    title: str
    status: Status
    submitted_at: datetime = Field(validation_alias="at")
    due_at: datetime | None
    needs: str


class Cases(Shape):
    items: list[CaseLine]
    next: str | None


class Look(Shape):
    """Someone opened the data: when, from which unit, what."""

    at: datetime
    who: str
    unit: str
    what: str


class Looks(Shape):
    items: list[Look]


class PaymentStart(Shape):
    """Where to send the payer's browser."""

    url: str


class Way(Shape):
    """A deed the step allows; `obstacle` says what stands in its way now, "" nothing."""

    deed: str
    obstacle: str


class Desk(Shape):
    """What the asking official may do with a case now."""

    task: UUID
    kind: str
    step_title: str
    ways: list[Way]
    returns: list[tuple[str, str]]
    unopened: list[str]


class OfficeCase(Case):
    desk: Desk | None


class Task(Shape):
    """A line of the worklist. `version` goes into If-Match when deciding."""

    id: UUID
    case_id: UUID
    code: str
    procedure: str
    procedure_title: str
    applicant: str
    unit: str
    step_title: str
    kind: str
    status: Status
    submitted_at: datetime
    due_at: datetime | None
    version: int


class Worklist(Shape):
    items: list[Task] = Field(validation_alias="rows")
    next: str | None = None


class Decision(Shape):
    """A decision. `undo` is its id while it can be taken back; null where it took effect at once."""

    undo: UUID | None


class Moved(Shape):
    """How many due dates moved."""

    due_dates_moved: int


class Who(Shape):
    """Who a token or session acts as; `scopes` null means no limit beyond the account's own."""

    account_id: UUID
    name: str
    kind: str
    scopes: list[str] | None
    units: list[UUID]


def say(answer: BaseModel, status: int = 200) -> HttpResponse:
    """Write an answer as JSON: once, by the shape's own compiled serialiser."""
    return HttpResponse(answer.model_dump_json(by_alias=False), status=status, content_type="application/json")
