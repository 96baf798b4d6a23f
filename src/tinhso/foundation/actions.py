"""Make a verb that writes: keyword-only, one transaction."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from django.db import transaction

P = ParamSpec("P")
R = TypeVar("R")


def action(function: Callable[P, R]) -> Callable[P, R]:
    """Run `function` in one transaction; inside another action it joins that one's."""
    kinds = {p.kind for p in inspect.signature(function).parameters.values()}
    if not kinds <= {inspect.Parameter.KEYWORD_ONLY}:
        raise TypeError(f"{function.__qualname__}: an action takes keywords only")

    @functools.wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        with transaction.atomic():
            return function(*args, **kwargs)

    run.tinhso_action = True  # type: ignore[attr-defined]
    return run
