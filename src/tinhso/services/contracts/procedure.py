"""Say what a procedure is: everything a page, the clock, the till and an official's desk need to know of it.

A procedure is read from a package (data, no code) by `tinhso.services.rules.procedure.load`. Conditions
are JSON Schema fragments that the form's data must satisfy; they are kept as canonical JSON text, so that
every contract here is hashable and can be cached.

Legal values are dated (`valid_from` first day in force, `valid_to` last day in force, None = still) and
carry their source and how certain it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from tinhso.services.contracts.basis import LegalBasis, Title, Validity
from tinhso.services.contracts.deadline import Certainty, Channel, Deadline
from tinhso.services.contracts.fee import (
    Fee,
    FeeDecision,
    FeeLine,
    FeeOverlay,
    FeePer,
    OverlayFee,
)
from tinhso.services.contracts.form import FormError, FormField, FormPage, Option
from tinhso.services.contracts.proof import (
    Blocker,
    BlockerKind,
    Delivery,
    Example,
    ExampleEvent,
    ExampleOutcome,
    Expected,
    LevelProof,
    PackageError,
    PackageProblem,
)

__all__ = [
    "Allowance",
    "Blocker",
    "BlockerKind",
    "Certainty",
    "Channel",
    "Competence",
    "Component",
    "ComponentKind",
    "Deadline",
    "DeadlineRow",
    "Delivery",
    "Example",
    "ExampleEvent",
    "ExampleOutcome",
    "Expected",
    "Fee",
    "FeeDecision",
    "FeeLine",
    "FeeOverlay",
    "FeePer",
    "FormError",
    "FormField",
    "FormPage",
    "LegalBasis",
    "LevelProof",
    "Opinion",
    "Option",
    "OverlayFee",
    "PackageError",
    "PackageProblem",
    "PackageStatus",
    "Procedure",
    "ResultSymbol",
    "ResultTemplate",
    "Stage",
    "Step",
    "StepKind",
    "SupplementRule",
    "Title",
    "Validity",
    "Variant",
]


class PackageStatus(StrEnum):
    """How far a package may be trusted: `test` says on its page that its law is not proved yet."""

    DRAFT = "draft"
    TEST = "test"
    LIVE = "live"


class ComponentKind(StrEnum):
    """What a line of the dossier's list really is; national records mix all four (DOMAIN 8, read)."""

    DOCUMENT = "document"  # a file or paper handed in
    FORM = "form"  # the declaration, filled in here
    NOTE = "note"  # a remark, nothing to hand in
    PRESENT = "present"  # shown and given back


class StepKind(StrEnum):
    """What is done in a step of the approved internal process."""

    RECEIVE = "receive"
    EXAMINE = "examine"
    OPINION = "opinion"
    SUBMIT = "submit"
    SIGN = "sign"
    RETURN = "return"


@dataclass(frozen=True, slots=True)
class Competence:
    """Who decides: a kind of agency at a tier (province | district | commune), in time."""

    agency_kind: str
    agency_name: str
    tier: str
    validity: Validity
    source: str
    certainty: Certainty


@dataclass(frozen=True, slots=True)
class Variant:
    """A case of the procedure; the first variant whose condition the data satisfy is taken."""

    id: str
    title: Title
    condition: str | None


@dataclass(frozen=True, slots=True)
class Component:
    """A line of the dossier's list. `variants`/`channels` empty = all; media types are MIME names."""

    id: str
    title: Title
    kind: ComponentKind
    required: bool
    originals: int
    copies: int
    media_types: tuple[str, ...]
    variants: tuple[str, ...]
    channels: tuple[Channel, ...]
    condition: str | None
    hint: str
    validity: Validity
    source: str
    certainty: Certainty


@dataclass(frozen=True, slots=True)
class DeadlineRow:
    """A deadline of a variant on some channels, in time. Empty tuples = all."""

    deadline: Deadline
    variants: tuple[str, ...]
    channels: tuple[Channel, ...]
    validity: Validity
    note: str


@dataclass(frozen=True, slots=True)
class Allowance:
    """Extra time the law gives when something happens on the way, e.g. another agency asks for more."""

    id: str
    title: str
    deadline: Deadline
    validity: Validity


@dataclass(frozen=True, slots=True)
class SupplementRule:
    """How soon after reception, in working days, and how often supplements may be asked for."""

    within_working_days: int
    times: int
    validity: Validity
    source: str
    certainty: Certainty


@dataclass(frozen=True, slots=True)
class Opinion:
    """Another agency asked in a step, in parallel with the step's other opinions; working hours."""

    id: str
    agency_kind: str
    agency_name: str
    title: str
    hours: int
    variants: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the internal process: who (role at the agency in charge) and in how many working hours.

    `next` is the step after it, None after the last. A step whose condition the data do not satisfy is
    passed over. `returns_to` names earlier steps the work may be sent back to.
    """

    id: str
    title: Title
    kind: StepKind
    role: str
    hours: int
    stage: str | None
    opinions: tuple[Opinion, ...]
    returns_to: tuple[str, ...]
    next: str | None
    variants: tuple[str, ...]
    condition: str | None


@dataclass(frozen=True, slots=True)
class Stage:
    """One agency's part of a joint procedure, with its own deadline. `after` empty = starts at once."""

    id: str
    title: Title
    agency_kind: str
    agency_name: str
    deadline: Deadline
    after: tuple[str, ...]
    result_title: str
    validity: Validity


@dataclass(frozen=True, slots=True)
class ResultSymbol:
    """The pattern of the result's number, e.g. "{number}/TLKS-BS"; may hold {number} and {year}."""

    pattern: str
    condition: str | None


@dataclass(frozen=True, slots=True)
class ResultTemplate:
    """The typst source of the result. It needs the layout library beside it (see `files`)."""

    id: str
    title: Title
    symbols: tuple[ResultSymbol, ...]
    copies_field: str | None
    source: str  # typst markup


@dataclass(frozen=True, slots=True, eq=False)
class Procedure:
    """A procedure, whole. Two are equal when their packages hold the same bytes (`digest`)."""

    code: str
    version: int  # 1, 2, …: an installed version never changes
    digest: str  # SHA-256 of the package's files, hex
    status: PackageStatus
    status_reason: str  # why it is not live, in Vietnamese; "" when live
    title: Title
    field: Title
    summary: str
    owner: str
    validity: Validity
    legal_basis: tuple[LegalBasis, ...]
    competences: tuple[Competence, ...]
    variants: tuple[Variant, ...]
    components: tuple[Component, ...]
    deadlines: tuple[DeadlineRow, ...]
    allowances: tuple[Allowance, ...]
    supplement: tuple[SupplementRule, ...]
    fees: tuple[Fee, ...]
    blockers: tuple[Blocker, ...]
    steps: tuple[Step, ...]
    stages: tuple[Stage, ...]
    result: ResultTemplate
    deliveries: tuple[Delivery, ...]
    form_schema: str  # JSON Schema 2020-12, canonical JSON
    pages: tuple[FormPage, ...]
    examples: tuple[Example, ...]
    demo_overlay: FeeOverlay | None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Procedure) and self.digest == other.digest

    def __hash__(self) -> int:
        return hash(self.digest)

    @property
    def fields(self) -> Mapping[str, FormField]:
        """Give every question by name, in the order asked."""
        return {field.name: field for page in self.pages for field in page.fields}
