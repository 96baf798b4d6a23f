"""Build a procedure's parts from the checked values of package.yml; no decision is made here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from tinhso.services.contracts.deadline import DeadlineUnit, PausePolicy
from tinhso.services.contracts.procedure import (
    Allowance,
    Blocker,
    BlockerKind,
    Certainty,
    Channel,
    Competence,
    Component,
    ComponentKind,
    Deadline,
    DeadlineRow,
    Delivery,
    Example,
    ExampleEvent,
    Expected,
    Fee,
    FeeOverlay,
    FeePer,
    LegalBasis,
    Opinion,
    OverlayFee,
    ResultSymbol,
    ResultTemplate,
    Stage,
    Step,
    StepKind,
    SupplementRule,
    Title,
    Validity,
    Variant,
)
from tinhso.services.rules.conditions import canonical

Row = Mapping[str, Any]
LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")
_MEDIA = ("application/pdf", "image/jpeg", "image/png")


def title(row: Row) -> Title:
    return Title(row["vi"], row["en"])


def validity(row: Row) -> Validity:
    return Validity(_day(row.get("valid_from")), _day(row.get("valid_to")))


def moment(value: str) -> datetime:
    """Read "2021-01-15 15:30" as local time; raise ValueError for a day that does not exist."""
    return datetime.fromisoformat(value).replace(tzinfo=LOCAL)


def day_or_moment(value: str) -> date:
    """Read "2021-01-15" as a day and "2021-01-15 15:30" as local time."""
    return date.fromisoformat(value) if len(value) == 10 else moment(value)


def legal_basis(row: Row) -> LegalBasis:
    return LegalBasis(row["title"], row["cited_for"], validity(row), Certainty(row["certainty"]))


def competence(row: Row) -> Competence:
    return Competence(
        agency_kind=row["agency_kind"],
        agency_name=row["agency_name"],
        tier=row["tier"],
        validity=validity(row),
        source=row["source"],
        certainty=Certainty(row["certainty"]),
    )


def variant(row: Row) -> Variant:
    return Variant(row["id"], title(row["title"]), condition(row))


def component(row: Row) -> Component:
    kind = ComponentKind(row["kind"])
    return Component(
        id=row["id"],
        title=title(row["title"]),
        kind=kind,
        required=row.get("required", False),
        originals=row.get("originals", 0),
        copies=row.get("copies", 0),
        media_types=tuple(row.get("media_types", _MEDIA if kind is ComponentKind.DOCUMENT else ())),
        variants=tuple(row.get("variants", ())),
        channels=channels(row),
        condition=condition(row),
        hint=row.get("hint", ""),
        validity=validity(row),
        source=row["source"],
        certainty=Certainty(row["certainty"]),
    )


def deadline(row: Row) -> Deadline:
    cut_off = row.get("cut_off")
    return Deadline(
        unit=DeadlineUnit(row["unit"]),
        amount=row["amount"],
        cut_off=time.fromisoformat(cut_off) if cut_off else None,
        on_supplement=PausePolicy(row["on_supplement"]),
        source=row["source"],
        certainty=Certainty(row["certainty"]),
    )


def deadline_row(row: Row) -> DeadlineRow:
    return DeadlineRow(deadline(row), tuple(row.get("variants", ())), channels(row), validity(row), row.get("note", ""))


def allowance(row: Row) -> Allowance:
    return Allowance(row["id"], row["title"], deadline(row), validity(row))


def supplement(row: Row) -> SupplementRule:
    return SupplementRule(
        row["within_working_days"], row["times"], validity(row), row["source"], Certainty(row["certainty"])
    )


def fee(row: Row) -> Fee:
    return Fee(
        id=row["id"],
        title=row["title"],
        amount=row["amount"],
        per=FeePer(row["per"]),
        count_field=row.get("count_field"),
        basis=row["basis"],
        refundable=row["refundable"],
        variants=tuple(row.get("variants", ())),
        channels=channels(row),
        condition=condition(row),
        validity=validity(row),
        source=row["source"],
        certainty=Certainty(row["certainty"]),
    )


def overlay(value: Row) -> FeeOverlay:
    return FeeOverlay(
        tuple(
            OverlayFee(
                fee_id=row["fee_id"],
                amount=row["amount"],
                channels=channels(row),
                document=row["document"],
                validity=validity(row),
                certainty=Certainty(row["certainty"]),
            )
            for row in value["fees"]
        )
    )


def blocker(row: Row) -> Blocker:
    return Blocker(
        kind=BlockerKind(row["kind"]),
        title=title(row["title"]),
        variants=tuple(row.get("variants", ())),
        validity=validity(row),
        source=row["source"],
        certainty=Certainty(row["certainty"]),
    )


def step(row: Row) -> Step:
    return Step(
        id=row["id"],
        title=title(row["title"]),
        kind=StepKind(row["kind"]),
        role=row["role"],
        hours=row["hours"],
        stage=row.get("stage"),
        opinions=tuple(
            Opinion(o["id"], o["agency_kind"], o["agency_name"], o["title"], o["hours"], tuple(o.get("variants", ())))
            for o in row.get("opinions", ())
        ),
        returns_to=tuple(row.get("returns_to", ())),
        next=row.get("next"),
        variants=tuple(row.get("variants", ())),
        condition=condition(row),
    )


def stage(row: Row) -> Stage:
    return Stage(
        id=row["id"],
        title=title(row["title"]),
        agency_kind=row["agency_kind"],
        agency_name=row["agency_name"],
        deadline=deadline(row),
        after=tuple(row.get("after", ())),
        result_title=row["result_title"],
        validity=validity(row),
    )


def result(row: Row, source: str) -> ResultTemplate:
    return ResultTemplate(
        id=row["id"],
        title=title(row["title"]),
        symbols=tuple(ResultSymbol(item["pattern"], condition(item)) for item in row["symbols"]),
        copies_field=row.get("copies_field"),
        source=source,
    )


def example(ident: str, row: Row) -> Example:
    want = row["expected"]
    due = want["due_at"]
    return Example(
        id=ident,
        title=row["title"],
        channel=Channel(row["channel"]),
        delivery=Delivery(row["delivery"]),
        overlay=row.get("overlay", False),
        received_at=moment(row["received_at"]),
        data_json=canonical(row["data"]),
        events=tuple(ExampleEvent(moment(item["at"]), item["kind"]) for item in row.get("events", ())),
        expected=Expected(
            variant=want["variant"],
            agency_kind=want["agency_kind"],
            tier=want["tier"],
            path=tuple(want["path"]),
            due_at=day_or_moment(due) if due else None,
            stage_due=tuple((name, day_or_moment(at)) for name, at in want.get("stage_due", {}).items()),
            fee=want["fee"],
            number_text=want["number_text"],
            result_text=tuple(want["result_text"]),
        ),
    )


def channels(row: Row) -> tuple[Channel, ...]:
    return tuple(Channel(name) for name in row.get("channels", ()))


def condition(row: Row) -> str | None:
    value = row.get("condition")
    return None if value is None else canonical(value)


def _day(value: str | None) -> date | None:
    return None if value is None else date.fromisoformat(value)
