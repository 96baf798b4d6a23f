"""Make this room's packages known to the foundation: how they are read, and how their examples prove them."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from pypdf import PdfReader

from tinhso.foundation.api import clock, packages, pdf, workdays
from tinhso.services.contracts.document import DocumentTemplate
from tinhso.services.contracts.procedure import PackageError, Procedure
from tinhso.services.rules import documents, example
from tinhso.services.rules import procedure as rules


def read(files: Mapping[str, bytes]) -> tuple[packages.Header, Procedure]:
    """Read a procedure package; raise PackageProblem with all that is wrong with it."""
    try:
        procedure = rules.load(files)
    except PackageError as error:
        raise packages.PackageProblem("thủ tục", [f"{p.path}: {p.message}" for p in error.problems]) from error
    valid = procedure.validity
    header = packages.Header(
        name=procedure.code,
        version=procedure.version,
        status=procedure.status.value,
        valid_from=valid.valid_from or date.min,
        valid_to=valid.valid_to,
    )
    return header, procedure


def prove(procedure: Procedure) -> Sequence[str]:
    """Run the examples; return what they disprove."""
    outcomes = example.run_examples(procedure, workdays.official())
    return [f"ví dụ {outcome.example}: {problem}" for outcome in outcomes for problem in outcome.problems]


def read_document(files: Mapping[str, bytes]) -> tuple[packages.Header, DocumentTemplate]:
    """Read an official form's package; raise PackageProblem with all that is wrong with it."""
    try:
        form = documents.load_document(files)
    except PackageError as error:
        raise packages.PackageProblem("mẫu văn bản", [f"{p.path}: {p.message}" for p in error.problems]) from error
    valid = form.validity
    return packages.Header(form.id, form.version, form.status, valid.valid_from or date.min, valid.valid_to), form


def prove_document(form: DocumentTemplate) -> Sequence[str]:
    """Draw the examples; return which texts cannot be read back from the document."""
    return [
        f"ví dụ {sample.id}: không đọc thấy “{words}”"
        for sample in form.examples
        for drawn in [_words_of(form, sample.data)]
        for words in sample.text
        if words not in drawn
    ]


def _words_of(form: DocumentTemplate, data: Mapping[str, Any]) -> str:
    files = documents.template_files(form.source)
    drawn = pdf.render(files.pop("main.typ"), data, files, when=datetime(2021, 1, 1, tzinfo=clock.LOCAL))
    pages = PdfReader(io.BytesIO(drawn)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


KINDS = (
    packages.Kind("procedures", read, prove),
    packages.Kind("documents", read_document, prove_document),
)
