"""Make procedure packages known to the foundation: how they are read, and how their examples prove them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from tinhso.foundation.api import packages, workdays
from tinhso.services.contracts.procedure import PackageError, Procedure
from tinhso.services.rules import example
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


KIND = packages.Kind("procedures", read, prove)
