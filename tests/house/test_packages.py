"""Every package that ships is proved by its own examples."""

from __future__ import annotations

import pytest

from tinhso.foundation.api import packages

SHIPPED = [(kind.name, folder) for kind in packages.kinds() for folder in packages.folders(kind.name)]


def test_packages_ship() -> None:
    assert {kind for kind, _ in SHIPPED} >= {"procedures", "indicators"}


@pytest.mark.parametrize(("kind", "folder"), SHIPPED, ids=lambda value: getattr(value, "name", value))
def test_a_packages_examples_hold(kind: str, folder: packages.Path) -> None:
    header, _ = packages.check(kind, folder)
    assert header.name == folder.name
