"""Run a package's examples: the proof that it says what it means."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime

from tinhso.foundation.contracts import WorkCalendar
from tinhso.services.contracts.clock import ClockEvent, Received, Resumed, SupplementAsked, Supplemented, Suspended
from tinhso.services.contracts.procedure import (
    Channel,
    ComponentKind,
    Example,
    ExampleOutcome,
    FeeOverlay,
    Procedure,
    Variant,
)
from tinhso.services.rules import clock
from tinhso.services.rules.fees import fee_for
from tinhso.services.rules.form import check
from tinhso.services.rules.procedure import (
    competent,
    components_for,
    deadline_for,
    number_text,
    path_for,
    stages_for,
    supplement_for,
    variant_for,
)

ResultText = Callable[[Procedure, Example], str]
EXAMPLE_NUMBER = 42


def run_example(
    procedure: Procedure, example: Example, calendar: WorkCalendar, result_text: ResultText | None = None
) -> ExampleOutcome:
    """Run one example and compare with what it expects; every difference is a problem in words.

    `result_text` draws the result and reads its text back (it needs a PDF maker, so the caller brings it);
    without it the texts expected in the result are not checked.
    """
    data = example.data
    on = example.received_at.date()
    form_errors = check(procedure, data, on=on)
    variant = variant_for(procedure, data)
    overlay = procedure.demo_overlay if example.overlay else None
    problems = [f"biểu mẫu: {error.field}: {error.message}" for error in form_errors]
    problems += _decision_problems(procedure, example, variant, overlay)
    problems += _due_problems(procedure, example, variant, calendar)
    if result_text is not None and not problems:
        problems += _text_problems(example, result_text(procedure, example))
    return ExampleOutcome(
        example=example.id,
        variant=variant.id,
        wholly_online=_wholly_online(procedure, example, variant, overlay),
        problems=tuple(problems),
    )


def run_examples(
    procedure: Procedure, calendar: WorkCalendar, result_text: ResultText | None = None
) -> tuple[ExampleOutcome, ...]:
    """Run all examples of a package.

    Give the official years as bundled: a sudden day off recorded by one installation is no fault of the package.
    """
    return tuple(run_example(procedure, example, calendar, result_text) for example in procedure.examples)


def _decision_problems(
    procedure: Procedure, example: Example, variant: Variant, overlay: FeeOverlay | None
) -> Iterator[str]:
    want, data, on = example.expected, example.data, example.received_at.date()
    if not procedure.validity.covers(on):
        yield f"thủ tục chưa hoặc không còn áp dụng ngày {on:%d/%m/%Y}"
    yield from _differs("trường hợp", variant.id, want.variant)
    agencies = {(row.agency_kind, row.tier) for row in competent(procedure, on)}
    if (want.agency_kind, want.tier) not in agencies:
        yield f"cơ quan {want.agency_kind} cấp {want.tier} không có thẩm quyền ngày {on:%d/%m/%Y}"
    path = tuple(step.id for step in path_for(procedure, variant, data))
    yield from _differs("các bước", " → ".join(path), " → ".join(want.path))
    fee = fee_for(procedure, variant, example.channel, data, on, overlay=overlay).amount
    yield from _differs("phí", fee, want.fee)
    number = number_text(procedure, data, EXAMPLE_NUMBER, on.year)
    yield from _differs("số văn bản", number, want.number_text)


def _due_problems(procedure: Procedure, example: Example, variant: Variant, calendar: WorkCalendar) -> Iterator[str]:
    want, on = example.expected, example.received_at.date()
    try:
        deadline = deadline_for(procedure, variant, example.channel, on)
        if want.due_at is not None:
            law = clock.law_on(on)
            own = supplement_for(procedure, on)
            if own is not None:
                law = replace(law, supplement_working_days=own.within_working_days, supplements=own.times)
            due = clock.compute(_clock_events(example), deadline, calendar, law)
            yield from _differs("hạn trả", _words(due.at, want.due_at), _words(want.due_at, want.due_at))
        if want.stage_due:
            stages = stages_for(procedure, on)
            joint = clock.stage_dues(example.received_at, stages, calendar, overall=deadline)
            due_of = {stage.id: stage.due for stage in joint.stages}
            for name, at in want.stage_due:
                found = _words(due_of[name], at) if name in due_of else "không có chặng này"
                yield from _differs(f"hạn của chặng {name}", found, _words(at, at))
    except (LookupError, ValueError) as error:  # NotInForce, NoLaw, UnknownYear: the example cannot be timed
        yield f"không tính được hạn: {error}"


def _clock_events(example: Example) -> list[ClockEvent]:
    events: list[ClockEvent] = [Received(example.received_at)]
    for event in example.events:
        if event.kind == "supplement_requested":
            events.append(SupplementAsked(event.at))
        elif event.kind == "supplemented":
            events.append(Supplemented(event.at))
        elif event.kind == "finance_requested":
            events.append(Suspended(event.at, "nghĩa vụ tài chính"))
        elif event.kind == "finance_met":
            events.append(Resumed(event.at))
    return events


def _text_problems(example: Example, text: str) -> Iterator[str]:
    flat = " ".join(text.split())
    for fragment in (*example.expected.result_text, example.expected.number_text):
        if " ".join(fragment.split()) not in flat:
            yield f"không đọc thấy “{fragment}” trong kết quả"


def _wholly_online(procedure: Procedure, example: Example, variant: Variant, overlay: FeeOverlay | None) -> bool:
    """Submitted online, nothing to be shown in person, and the fee known so that it can be paid online.

    How the result is delivered does not count (TT 32/2017/TT-BTTTT art. 6, read in the text).
    """
    on = example.received_at.date()
    shown = [
        row
        for row in components_for(procedure, variant, example.channel, example.data, on)
        if row.kind is ComponentKind.PRESENT and row.required
    ]
    fee = fee_for(procedure, variant, example.channel, example.data, on, overlay=overlay)
    return example.channel is Channel.ONLINE and not shown and fee.amount is not None


def _differs(what: str, found: object, expected: object) -> Iterator[str]:
    if found != expected:
        yield f"{what}: ra “{_or_dash(found)}”, ví dụ viết “{_or_dash(expected)}”"


def _or_dash(value: object) -> str:
    return "chưa có" if value is None else str(value)


def _words(at: date, like: date) -> str:
    """Write a moment as finely as `like`: a day, or a day and an hour."""
    return f"{at:%H:%M %d/%m/%Y}" if isinstance(like, datetime) else f"{at:%d/%m/%Y}"
