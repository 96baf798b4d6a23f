"""Check what a schema cannot say of a package: that its parts name each other rightly and its law is dated rightly."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from tinhso.services.contracts.deadline import DeadlineUnit
from tinhso.services.contracts.procedure import (
    Certainty,
    Channel,
    Deadline,
    PackageProblem,
    PackageStatus,
    Procedure,
    StepKind,
    Validity,
)
from tinhso.services.rules.form_reading import condition_problems

FILE = "package.yml"
PROVED = frozenset({Certainty.READ, Certainty.SECONDARY})


def row_problems(package: Mapping[str, Any]) -> Iterator[PackageProblem]:
    """Check rows before anything is built of them: dates, doubled ids, conditions."""
    for where, row in _rows(package, ""):
        start, end = row.get("valid_from"), row.get("valid_to")
        if isinstance(start, str) and isinstance(end, str) and start > end:
            yield _problem(where, f"valid_to {end} đứng trước valid_from {start}")
        if "condition" in row:
            for sentence in condition_problems(row["condition"]):
                yield _problem(f"{where}.condition", sentence)
        if row.get("unit") == "same_day" and row.get("amount") != 0:
            yield _problem(where, "hạn trong ngày (same_day) phải có amount: 0")
        if "unit" in row and row["unit"] != "same_day" and row.get("amount") == 0:
            yield _problem(where, "hạn phải lớn hơn 0; trong ngày thì viết unit: same_day")
    for key in ("variants", "components", "allowances", "process", "stages"):
        ids = [row["id"] for row in package.get(key, ())]
        for ident in sorted({ident for ident in ids if ids.count(ident) > 1}):
            yield _problem(key, f"mã “{ident}” dùng hai lần")


def procedure_problems(p: Procedure) -> Iterator[PackageProblem]:
    """Check a built procedure as a whole."""
    yield from _variant_problems(p)
    yield from _step_problems(p)
    yield from _stage_problems(p)
    yield from _dated_problems(p)
    yield from _fee_problems(p)
    yield from _field_problems(p)
    yield from _status_problems(p)
    if not any(example.channel is Channel.ONLINE for example in p.examples):
        yield PackageProblem("examples", "phải có ít nhất một ví dụ nộp trực tuyến")


def _variant_problems(p: Procedure) -> Iterator[PackageProblem]:
    for index, variant in enumerate(p.variants):
        last = index == len(p.variants) - 1
        if last and variant.condition is not None:
            yield _problem(
                f"variants[{index}]", "trường hợp cuối phải không có điều kiện, để mọi hồ sơ đều có trường hợp"
            )
        if not last and variant.condition is None:
            yield _problem(f"variants[{index}]", "chỉ trường hợp cuối được bỏ điều kiện")
    known = {variant.id for variant in p.variants}
    parts: tuple[tuple[str, Sequence[Any]], ...] = (
        ("components", p.components),
        ("deadlines", p.deadlines),
        ("fees", p.fees),
        ("blockers", p.blockers),
        ("process", p.steps),
        ("process.opinions", [o for s in p.steps for o in s.opinions]),
    )
    for key, rows in parts:
        for index, row in enumerate(rows):
            for name in sorted(set(row.variants) - known):
                yield _problem(f"{key}[{index}].variants", f"không có trường hợp “{name}”")


def _step_problems(p: Procedure) -> Iterator[PackageProblem]:
    order = {step.id: index for index, step in enumerate(p.steps)}
    stages = {stage.id for stage in p.stages}
    for index, step in enumerate(p.steps):
        where = f"process[{index}]"
        if step.next is not None and step.next not in order:
            yield _problem(where, f"bước tiếp theo “{step.next}” không có")
        elif step.next is not None and order[step.next] <= index:
            yield _problem(where, "bước tiếp theo phải đứng sau; muốn trả lại thì dùng returns_to")
        for name in step.returns_to:
            if order.get(name, len(order)) >= index:
                yield _problem(where, f"returns_to “{name}” phải là một bước đứng trước")
        if step.stage is not None and step.stage not in stages:
            yield _problem(where, f"không có chặng “{step.stage}”")
        if (step.kind is StepKind.OPINION) != bool(step.opinions):
            yield _problem(where, "bước lấy ý kiến (opinion) phải nêu opinions, bước khác thì không")
        if index and step.id not in {earlier.next for earlier in p.steps[:index]}:
            yield _problem(where, f"không bước nào dẫn tới “{step.id}”")
    first, last = p.steps[0], p.steps[-1]
    if first.kind is not StepKind.RECEIVE or first.condition or first.variants:
        yield _problem("process[0]", "bước đầu phải là tiếp nhận (receive), áp dụng cho mọi hồ sơ")
    if last.kind is not StepKind.RETURN or last.next is not None or last.condition or last.variants:
        yield _problem(f"process[{len(p.steps) - 1}]", "bước cuối phải là trả kết quả (return), cho mọi hồ sơ")
    if not any(step.kind is StepKind.SIGN for step in p.steps):
        yield _problem("process", "phải có bước ký (sign)")


def _stage_problems(p: Procedure) -> Iterator[PackageProblem]:
    seen: set[str] = set()
    for index, stage in enumerate(p.stages):
        for name in stage.after:
            if name not in seen:
                yield _problem(f"stages[{index}].after", f"chặng “{name}” phải đứng trước chặng này")
        seen.add(stage.id)
        if not any(step.stage == stage.id for step in p.steps):
            yield _problem(f"stages[{index}]", "chặng không có bước nào trong process")


def _dated_problems(p: Procedure) -> Iterator[PackageProblem]:
    for variant in p.variants:
        for channel in Channel:
            rows = [
                (index, row)
                for index, row in enumerate(p.deadlines)
                if (not row.variants or variant.id in row.variants) and (not row.channels or channel in row.channels)
            ]
            where = f"trường hợp “{variant.id}”, kênh {channel}"
            if not rows:
                yield _problem("deadlines", f"không có hạn cho {where}")
            for number, (_, row) in enumerate(rows):
                for index, other in rows[number + 1 :]:
                    if _overlap(row.validity, other.validity):
                        yield _problem(f"deadlines[{index}]", f"chồng thời gian với hạn khác cho {where}")
            for index, row in rows:
                hours = sum(s.hours for s in p.steps if not s.variants or variant.id in s.variants)
                allowed = working_hours(row.deadline)
                if not p.stages and hours > allowed:
                    yield _problem(
                        f"deadlines[{index}]", f"các bước cộng lại {hours} giờ, quá hạn {allowed} giờ ({where})"
                    )


def _fee_problems(p: Procedure) -> Iterator[PackageProblem]:
    for index, fee in enumerate(p.fees):
        counted = p.fields.get(fee.count_field or "")
        if fee.count_field and (counted is None or counted.type != "integer"):
            yield _problem(f"fees[{index}]", f"count_field “{fee.count_field}” không phải trường số của biểu mẫu")
        if fee.per == "copy" and not fee.count_field:
            yield _problem(f"fees[{index}]", "phí theo bản phải nêu count_field")
        for other in p.fees[:index]:
            apart = (set(fee.variants) and set(other.variants) and not set(fee.variants) & set(other.variants)) or (
                set(fee.channels) and set(other.channels) and not set(fee.channels) & set(other.channels)
            )
            if fee.id == other.id and not apart and _overlap(fee.validity, other.validity):
                yield _problem(f"fees[{index}]", f"phí “{fee.id}” có hai mức cùng lúc")
    open_fees = {fee.id for fee in p.fees if fee.amount is None}
    for index, row in enumerate(p.demo_overlay.rows if p.demo_overlay else ()):
        if row.fee_id not in open_fees:
            yield PackageProblem(f"demo.yml: fees[{index}]", f"“{row.fee_id}” không phải phí đang để trống của gói")
        if row.certainty is not Certainty.INVENTED:
            yield PackageProblem(f"demo.yml: fees[{index}]", "mức của bản demo phải ghi certainty: invented")


def _field_problems(p: Procedure) -> Iterator[PackageProblem]:
    copies = p.result.copies_field
    if copies and (copies not in p.fields or p.fields[copies].type != "integer"):
        yield _problem("result.copies_field", f"“{copies}” không phải trường số của biểu mẫu")
    if p.result.symbols[-1].condition is not None:
        yield _problem("result.symbols", "ký hiệu cuối phải không có điều kiện")
    for symbol in p.result.symbols:
        if "{number}" not in symbol.pattern:
            yield _problem("result.symbols", f"ký hiệu “{symbol.pattern}” phải có {{number}}")


def _status_problems(p: Procedure) -> Iterator[PackageProblem]:
    if p.status is not PackageStatus.LIVE:
        if not p.status_reason:
            yield _problem("status_reason", "gói chưa chính thức phải nói vì sao, để trang thủ tục nói lại")
        return
    rows: Iterable[tuple[str, Validity, Certainty]] = (
        *(("competence", c.validity, c.certainty) for c in p.competences),
        *(("deadlines", d.validity, d.deadline.certainty) for d in p.deadlines),
        *(("allowances", a.validity, a.deadline.certainty) for a in p.allowances),
        *(("supplement", s.validity, s.certainty) for s in p.supplement),
        *(("fees", f.validity, f.certainty) for f in p.fees),
        *(("stages", s.validity, s.deadline.certainty) for s in p.stages),
    )
    for key, validity, certainty in rows:
        if validity.valid_to is None and certainty not in PROVED:
            yield _problem(key, f"gói live mà luật đang áp dụng mới ở mức “{certainty}”: để status: test")


def working_hours(deadline: Deadline) -> int:
    """Give a deadline in working hours of an eight-hour day; calendar days at five working days a week."""
    days = {
        DeadlineUnit.SAME_DAY: 1,
        DeadlineUnit.WORKING_DAY: deadline.amount,
        DeadlineUnit.CALENDAR_DAY: max(1, deadline.amount * 5 // 7),
        DeadlineUnit.MONTH: deadline.amount * 20,
    }
    return deadline.amount if deadline.unit is DeadlineUnit.HOUR else days[deadline.unit] * 8


def _overlap(a: Validity, b: Validity) -> bool:
    starts = [v.valid_from for v in (a, b) if v.valid_from is not None]
    ends = [v.valid_to for v in (a, b) if v.valid_to is not None]
    return not starts or not ends or max(starts) <= min(ends)


def _rows(value: Any, where: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if isinstance(value, dict):
        yield where, value
        for key, child in value.items():
            if key != "condition":
                yield from _rows(child, f"{where}.{key}".lstrip("."))
    elif isinstance(value, list):
        for index, child in enumerate(value):
            yield from _rows(child, f"{where}[{index}]")


def _problem(where: str, message: str) -> PackageProblem:
    return PackageProblem(f"{FILE}: {where}".rstrip(": "), message)
