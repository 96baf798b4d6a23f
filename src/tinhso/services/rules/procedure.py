"""Read a procedure's package, and say what holds for a case: who, which variant, by when, with what, by which steps."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Any

import jsonschema_rs

from tinhso.services.contracts.procedure import (
    Channel,
    Competence,
    Component,
    Deadline,
    Delivery,
    Example,
    FeeOverlay,
    PackageError,
    PackageProblem,
    PackageStatus,
    Procedure,
    Stage,
    Step,
    SupplementRule,
    Variant,
)
from tinhso.services.rules import package_parts as parts
from tinhso.services.rules.conditions import holds
from tinhso.services.rules.form_reading import read_form
from tinhso.services.rules.package_checks import PROVED, procedure_problems, row_problems
from tinhso.services.rules.package_files import (
    MAX_FILES,
    UnreadableFile,
    read_json,
    read_text,
    read_yaml,
    schema_sentence,
)

_NEEDED = ("package.yml", "form.json", "result.typ")


class NotInForce(LookupError):
    """The package holds no rule for that day, variant and channel; the message says which."""


def load(package_files: Mapping[str, bytes]) -> Procedure:
    """Read a package from its files (path inside the folder → bytes); raise PackageError with every problem found."""
    problems: list[PackageProblem] = list(_file_problems(package_files))
    if problems:
        raise PackageError(tuple(problems))
    package = _read(package_files, "package.yml", "package", problems)
    before = len(problems)
    form = _read(package_files, "form.json", None, problems)
    schema, pages, form_problems = read_form(form) if len(problems) == before else ("", (), ())
    problems += form_problems
    if package is not None:
        problems += row_problems(package)
    examples = _examples(package_files, problems)
    overlay: FeeOverlay | None = None
    if "demo.yml" in package_files:
        value = _read(package_files, "demo.yml", "overlay", problems)
        overlay = parts.overlay(value) if value is not None else None
    template = _template(package_files, problems)
    if problems or package is None:
        raise PackageError(tuple(problems))
    procedure = _build(package, template)
    procedure = replace(
        procedure,
        digest=digest_of(package_files),
        form_schema=schema,
        pages=pages,
        examples=examples,
        demo_overlay=overlay,
    )
    problems += procedure_problems(procedure)
    if problems:
        raise PackageError(tuple(problems))
    return procedure


@lru_cache(maxsize=128)
def load_overlay(content: bytes) -> FeeOverlay:
    """Read an installation's own amounts (same form as a package's demo.yml); raise PackageError."""
    problems: list[PackageProblem] = []
    value = _read({"fees.yml": content}, "fees.yml", "overlay", problems)
    if value is None:
        raise PackageError(tuple(problems))
    return parts.overlay(value)


def digest_of(package_files: Mapping[str, bytes]) -> str:
    """Give the SHA-256 over the names and contents of a package's files, hex."""
    digest = hashlib.sha256()
    for name in sorted(package_files):
        digest.update(f"{name}\0{len(package_files[name])}\0".encode() + package_files[name])
    return digest.hexdigest()


def competent(procedure: Procedure, on: date) -> tuple[Competence, ...]:
    """Say which kinds of agency decide on that day, first the usual one; empty when none did."""
    return tuple(row for row in procedure.competences if row.validity.covers(on))


def variant_for(procedure: Procedure, data: Mapping[str, Any]) -> Variant:
    """Give the first variant whose condition the data satisfy (the last has none, so there is always one)."""
    return next(variant for variant in procedure.variants if holds(variant.condition, data))


def deadline_for(procedure: Procedure, variant: Variant, channel: Channel, on: date) -> Deadline:
    """Give the time allowed for a variant through a channel, as in force on the day of reception; raise NotInForce."""
    for row in procedure.deadlines:
        if row.validity.covers(on) and _in_scope(row.variants, row.channels, variant, channel):
            return row.deadline
    raise NotInForce(f"{procedure.code}: không có hạn cho “{variant.id}”, kênh {channel}, ngày {on:%d/%m/%Y}")


def supplement_for(procedure: Procedure, on: date) -> SupplementRule | None:
    """Give the sector law's own rule for asking supplements on that day; None = the general law's."""
    return next((row for row in procedure.supplement if row.validity.covers(on)), None)


def components_for(
    procedure: Procedure, variant: Variant, channel: Channel, data: Mapping[str, Any], on: date
) -> tuple[Component, ...]:
    """List what the dossier must hold for these answers, in the package's order (notes and papers shown included)."""
    return tuple(
        row
        for row in procedure.components
        if row.validity.covers(on)
        and _in_scope(row.variants, row.channels, variant, channel)
        and holds(row.condition, data)
    )


def path_for(procedure: Procedure, variant: Variant, data: Mapping[str, Any]) -> tuple[Step, ...]:
    """List the steps this case goes through when nothing is sent back, with only the opinions it needs."""
    by_id = {step.id: step for step in procedure.steps}
    found: list[Step] = []
    step: Step | None = procedure.steps[0]
    while step is not None:
        if (not step.variants or variant.id in step.variants) and holds(step.condition, data):
            wanted = tuple(o for o in step.opinions if not o.variants or variant.id in o.variants)
            found.append(replace(step, opinions=wanted))
        step = by_id[step.next] if step.next is not None else None
    return tuple(found)


def stages_for(procedure: Procedure, on: date) -> tuple[Stage, ...]:
    """List the agencies' stages of a joint procedure on that day; empty for a procedure of one agency."""
    return tuple(stage for stage in procedure.stages if stage.validity.covers(on))


def number_text(procedure: Procedure, data: Mapping[str, Any], number: int, year: int) -> str:
    """Write the result's number and symbol, e.g. 42 → "42/TLKS-BS" (two digits at least, NĐ 30/2020, from memory)."""
    pattern = next(s.pattern for s in procedure.result.symbols if holds(s.condition, data))
    return pattern.replace("{number}", f"{number:02d}").replace("{year}", str(year))


def copies_of(procedure: Procedure, data: Mapping[str, Any]) -> int:
    """Say how many copies of the result are asked for; 1 unless the form asks."""
    value = data.get(procedure.result.copies_field or "", 1)
    return value if isinstance(value, int) and value > 0 else 1


def unproved_on(procedure: Procedure, on: date) -> tuple[str, ...]:
    """List in Vietnamese the legal values in force that day which are not yet read in the text or a good source."""
    rows = (
        *(("Cơ quan giải quyết", c.validity, c.certainty, c.source) for c in procedure.competences),
        *(("Thời hạn", d.validity, d.deadline.certainty, d.deadline.source) for d in procedure.deadlines),
        *((s.title.vi, s.validity, s.deadline.certainty, s.deadline.source) for s in procedure.stages),
        *((f.title, f.validity, f.certainty, f.source) for f in procedure.fees),
        *(("Thành phần hồ sơ", c.validity, c.certainty, c.source) for c in procedure.components),
    )
    found = [f"{name}: {source}" for name, v, certainty, source in rows if v.covers(on) and certainty not in PROVED]
    return tuple(dict.fromkeys(found))


def _in_scope(variants: tuple[str, ...], channels: tuple[Channel, ...], variant: Variant, channel: Channel) -> bool:
    return (not variants or variant.id in variants) and (not channels or channel in channels)


def _file_problems(package_files: Mapping[str, bytes]) -> list[PackageProblem]:
    if len(package_files) > MAX_FILES:
        return [PackageProblem(".", f"gói có {len(package_files)} tệp, quá {MAX_FILES}")]
    found = [PackageProblem(name, "thiếu tệp này") for name in _NEEDED if name not in package_files]
    for name in sorted(package_files):
        folder, _, base = name.rpartition("/")
        example = folder == "examples" and base.endswith(".yml")
        if not example and name not in (*_NEEDED, "demo.yml", "README.md"):
            found.append(PackageProblem(name, "tệp không thuộc gói thủ tục"))
    if not any(name.startswith("examples/") for name in package_files):
        found.append(PackageProblem("examples", "gói phải có ví dụ chứng minh"))
    return found


def _read(
    package_files: Mapping[str, bytes], name: str, kind: str | None, problems: list[PackageProblem]
) -> Any | None:
    """Read one file and check it against its schema; None (and problems noted) when it cannot be used."""
    try:
        value = read_json(package_files[name]) if name.endswith(".json") else read_yaml(package_files[name])
    except UnreadableFile as error:
        problems.append(PackageProblem(name, str(error)))
        return None
    if kind is None:
        return value
    found = [schema_sentence(error) for error in _schema(kind).iter_errors(value)]
    problems += [PackageProblem(f"{name}: {p.path}".rstrip(": "), p.message) for p in found]
    return None if found else value


def _examples(package_files: Mapping[str, bytes], problems: list[PackageProblem]) -> tuple[Example, ...]:
    found: list[Example] = []
    for name in sorted(package_files):
        if name.startswith("examples/"):
            value = _read(package_files, name, "example", problems)
            if value is not None:
                try:
                    found.append(parts.example(name.removeprefix("examples/").removesuffix(".yml"), value))
                except ValueError as error:
                    problems.append(PackageProblem(name, f"ngày giờ không có trong lịch: {error}"))
    return tuple(found)


def _template(package_files: Mapping[str, bytes], problems: list[PackageProblem]) -> str:
    try:
        return read_text(package_files["result.typ"])
    except UnreadableFile as error:
        problems.append(PackageProblem("result.typ", str(error)))
        return ""


def _build(package: Mapping[str, Any], template: str) -> Procedure:
    return Procedure(
        code=package["id"],
        version=package["version"],
        digest="",
        status=PackageStatus(package["status"]),
        status_reason=package.get("status_reason", ""),
        title=parts.title(package["title"]),
        field=parts.title(package["field"]),
        summary=package["summary"],
        owner=package["owner"],
        validity=parts.validity(package),
        legal_basis=tuple(map(parts.legal_basis, package["legal_basis"])),
        competences=tuple(map(parts.competence, package["competence"])),
        variants=tuple(map(parts.variant, package["variants"])),
        components=tuple(map(parts.component, package["components"])),
        deadlines=tuple(map(parts.deadline_row, package["deadlines"])),
        allowances=tuple(map(parts.allowance, package.get("allowances", ()))),
        supplement=tuple(map(parts.supplement, package.get("supplement", ()))),
        fees=tuple(map(parts.fee, package["fees"])),
        blockers=tuple(map(parts.blocker, package["blockers"])),
        steps=tuple(map(parts.step, package["process"])),
        stages=tuple(map(parts.stage, package.get("stages", ()))),
        result=parts.result(package["result"], template),
        deliveries=tuple(map(Delivery, package["delivery"])),
        form_schema="",
        pages=(),
        examples=(),
        demo_overlay=None,
    )


@lru_cache(maxsize=4)
def _schema(kind: str) -> jsonschema_rs.Draft202012Validator:
    text = (files("tinhso.services") / "schemas" / "procedure.schema.json").read_text("utf-8")
    root = {**json.loads(text), "$ref": f"#/$defs/{kind}"}
    return jsonschema_rs.Draft202012Validator(root, validate_formats=True, offline=True)
