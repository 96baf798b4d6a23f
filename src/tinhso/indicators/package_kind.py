"""Make indicator packages known to the foundation: how they are read, and how their examples prove them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tinhso.foundation.api import clock, packages
from tinhso.indicators.contracts import Definition

from .queries.columns import columns_of
from .queries.definitions import KIND as NAME
from .rules import definition as rules


def read(files: Mapping[str, bytes]) -> tuple[packages.Header, Definition]:
    """Read an indicator package; raise PackageProblem with all that is wrong with it."""
    try:
        found = rules.read(files, columns_of)
    except rules.DefinitionError as error:
        raise packages.PackageProblem("chỉ tiêu", error.problems) from error
    return packages.Header(found.id, found.version, found.status, found.valid_from, found.valid_to), found


def prove(definition: Definition) -> Sequence[str]:
    """Run the examples; return what they disprove."""
    return rules.disproved(definition, clock.LOCAL)


KIND = packages.Kind(NAME, read, prove)
