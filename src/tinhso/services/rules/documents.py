"""Write the data official documents are drawn from, and read the packages of official forms. No PDF is made here.

A template is drawn with `layout.typ` beside it. The number and date are data given before the personal signature, so
that nothing changes after it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from importlib.resources import files
from typing import Any

import jsonschema_rs

from tinhso.services.contracts.document import CaseLines, DocumentExample, DocumentTemplate, Draft, Party
from tinhso.services.contracts.procedure import (
    Certainty,
    Channel,
    Component,
    ComponentKind,
    Delivery,
    FeeDecision,
    PackageError,
    PackageProblem,
    Procedure,
)
from tinhso.services.rules import package_parts as parts
from tinhso.services.rules.form_input import show
from tinhso.services.rules.package_files import UnreadableFile, read_text, read_yaml, schema_sentence
from tinhso.services.rules.procedure import copies_of, digest_of, stages_for

CHANNEL_WORDS = {Channel.ONLINE: "Trực tuyến", Channel.COUNTER: "Trực tiếp", Channel.POST: "Qua bưu điện"}
DELIVERY_WORDS = {
    Delivery.ONLINE: "Bản điện tử có chữ ký số",
    Delivery.POST: "Gửi qua bưu điện",
    Delivery.COUNTER: "Nhận trực tiếp tại nơi nộp",
}


def template_files(source: str) -> dict[str, bytes]:
    """Give the files a template is drawn from: itself as main.typ, and the shared layout beside it."""
    return {"main.typ": source.encode(), "layout.typ": _layout()}


def document_data(draft: Draft, **own: Any) -> dict[str, Any]:
    """Write a document's data: what every document has, and what this one has of its own (see each form's README)."""
    return {
        "demo": draft.demo,
        "title": draft.title,
        "agency": {
            "parent": draft.letterhead.parent,
            "name": draft.letterhead.name,
            "place": draft.letterhead.place,
        },
        "number": draft.number,
        "date": date_parts(draft.on),
        "signature": {
            "authority": draft.signature.authority,
            "title": draft.signature.title,
            "name": draft.signature.name,
        },
        "recipients": list(draft.recipients),
        "verify": {"url": draft.verification.url, "qr": draft.verification.qr},
        "applicant": _party(draft.party),
        "case": _case(draft.case),
        **own,
    }


def result_data(
    procedure: Procedure,
    draft: Draft,
    data: Mapping[str, Any],
    *,
    places: Mapping[str, str],
    findings: Sequence[tuple[str, str]] = (),
    copy: int = 1,
) -> dict[str, Any]:
    """Write the data of a procedure's result.

    `places` gives the words for commune codes by field name; `findings` are lines the officer adds (from a
    register, conditions of a permit); `copy` says which of the copies this is.
    """
    shown = {
        name: places.get(name) or show(procedure.fields[name], value)
        for name, value in data.items()
        if name in procedure.fields
    }
    return document_data(
        draft,
        data=dict(data),
        shown=shown,
        findings=[{"label": label, "value": value} for label, value in findings],
        copies=copies_of(procedure, data),
        copy=copy,
        stages=[{"agency": s.agency_name, "result": s.result_title} for s in stages_for(procedure, draft.on)],
    )


def component_rows(components: Sequence[Component]) -> list[dict[str, Any]]:
    """List a dossier's papers for the receipt; notes are no papers."""
    return [
        {"title": row.title.vi, "originals": row.originals or "–", "copies": row.copies or "–"}
        for row in components
        if row.kind is not ComponentKind.NOTE
    ]


def fee_words(decision: FeeDecision) -> str:
    """Write a fee for a document: an amount, free, or not set and by whom."""
    if decision.amount is None:
        return f"chưa có mức ({decision.basis})"
    if decision.amount == 0:
        return "không thu"
    invented = " (mức minh họa của bản demo)" if decision.certainty is Certainty.INVENTED else ""
    return f"{decision.amount:,} đồng".replace(",", ".") + invented


def date_parts(day: date) -> dict[str, str]:
    """Write a date as documents do: days under 10 and months 1 and 2 with a leading zero (NĐ 30/2020, from memory)."""
    return {
        "day": f"{day.day:02d}",
        "month": f"{day.month:02d}" if day.month <= 2 else str(day.month),
        "year": str(day.year),
    }


def moment_words(at: datetime) -> str:
    """Write a local moment: "15:00 ngày 15/01/2021"."""
    local = at.astimezone(parts.LOCAL)
    return f"{local:%H:%M} ngày {local:%d/%m/%Y}"


def load_document(package_files: Mapping[str, bytes]) -> DocumentTemplate:
    """Read a form's package (package.yml, template.typ, examples/*.yml); raise PackageError with every problem."""
    problems: list[PackageProblem] = []
    values = {name: _value(name, package_files[name], problems) for name in package_files if name.endswith(".yml")}
    for name in {"package.yml", "template.typ"} - package_files.keys():
        problems.append(PackageProblem(name, "thiếu tệp này"))
    for name in package_files:
        if name not in ("package.yml", "template.typ", "README.md") and not name.startswith("examples/"):
            problems.append(PackageProblem(name, "tệp không thuộc gói văn bản"))
    source = ""
    try:
        source = read_text(package_files.get("template.typ", b""))
    except UnreadableFile as error:
        problems.append(PackageProblem("template.typ", str(error)))
    examples = tuple(
        DocumentExample(name.removeprefix("examples/").removesuffix(".yml"), value["data"], tuple(value["text"]))
        for name, value in sorted(values.items())
        if name.startswith("examples/") and value is not None
    )
    if not examples:
        problems.append(PackageProblem("examples", "gói phải có ví dụ chứng minh"))
    package = values.get("package.yml")
    if problems or package is None:
        raise PackageError(tuple(problems))
    return DocumentTemplate(
        id=package["id"],
        version=package["version"],
        digest=digest_of(package_files),
        status=package["status"],
        title=parts.title(package["title"]),
        form_number=package["form_number"],
        owner=package["owner"],
        validity=parts.validity(package),
        legal_basis=tuple(map(parts.legal_basis, package["legal_basis"])),
        source=source,
        examples=examples,
    )


def _value(name: str, content: bytes, problems: list[PackageProblem]) -> Any | None:
    try:
        value = read_yaml(content)
    except UnreadableFile as error:
        problems.append(PackageProblem(name, str(error)))
        return None
    kind = "document" if name == "package.yml" else "document_example"
    found = [schema_sentence(error) for error in _schema(kind).iter_errors(value)]
    problems += [PackageProblem(f"{name}: {p.path}".rstrip(": "), p.message) for p in found]
    return None if found else value


def _party(party: Party) -> dict[str, str]:
    return {"name": party.name, "address": party.address, "phone": party.phone, "email": party.email}


def _case(case: CaseLines) -> dict[str, str]:
    return {name: getattr(case, name) for name in CaseLines.__slots__}


@lru_cache(maxsize=2)
def _schema(kind: str) -> jsonschema_rs.Draft202012Validator:
    text = (files("tinhso.services") / "schemas" / "procedure.schema.json").read_text("utf-8")
    root = {**json.loads(text), "$ref": f"#/$defs/{kind}"}
    return jsonschema_rs.Draft202012Validator(root, validate_formats=True, offline=True)


@lru_cache(maxsize=1)
def _layout() -> bytes:
    return (files("tinhso") / "packages" / "documents" / "layout" / "layout.typ").read_bytes()
