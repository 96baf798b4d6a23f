"""Every page and every address of the API names its right or says that it is public."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from tinhso.organisation.api import rights

OPEN = {"public", "signed-in"}


def routes(resolver: URLResolver, above: str = "") -> Iterator[tuple[str, Any]]:
    for entry in resolver.url_patterns:
        path = above + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from routes(entry, path)
        elif isinstance(entry, URLPattern):
            yield path, entry.callback


@pytest.fixture(scope="module")
def all_routes() -> list[tuple[str, Any]]:
    return list(routes(get_resolver()))


def right_of(view: Any) -> str | None:
    return getattr(view, "tinhso_right", None) or getattr(getattr(view, "view_class", None), "tinhso_right", None)


def test_every_route_names_its_right(all_routes: list[tuple[str, Any]]) -> None:
    assert len(all_routes) > 10
    assert [path for path, view in all_routes if right_of(view) is None] == []


def test_every_right_a_route_names_is_declared(all_routes: list[tuple[str, Any]]) -> None:
    declared = {right.name for right in rights.declared()}
    asked = {right_of(view): path for path, view in all_routes}
    assert {right: path for right, path in asked.items() if right not in OPEN | declared} == {}


def test_every_route_has_a_name(all_routes: list[tuple[str, Any]]) -> None:
    """Templates refer to pages by name; an address without one is linked to by hand."""

    def patterns(resolver: URLResolver) -> Iterator[URLPattern]:
        for entry in resolver.url_patterns:
            yield from patterns(entry) if isinstance(entry, URLResolver) else [entry]

    assert [str(p.pattern) for p in patterns(get_resolver()) if not p.name] == []
