"""Decide whether data satisfy a condition: a JSON Schema fragment, a standard and closed language.

Validators are compiled once and kept. They never fetch anything, and patterns run on a linear engine, so
neither a package nor an answer can hang them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import jsonschema_rs


class BadSchema(ValueError):
    """The fragment is not a usable JSON Schema; the message says why."""


def canonical(schema: Mapping[str, Any] | bool) -> str:
    """Write a schema as canonical JSON text: the form conditions are kept in."""
    return json.dumps(schema, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


@lru_cache(maxsize=512)
def compiled(schema: str) -> jsonschema_rs.Draft202012Validator:
    """Compile canonical JSON text into a validator, once; raise BadSchema."""
    value = json.loads(schema)
    _refuse_references(value)
    try:
        return jsonschema_rs.Draft202012Validator(
            value,
            validate_formats=True,
            ignore_unknown_formats=False,
            retriever=_refuse_fetch,
            pattern_options=jsonschema_rs.RegexOptions(size_limit=1_000_000),
        )
    except (ValueError, jsonschema_rs.ValidationError, jsonschema_rs.ReferencingError) as error:
        raise BadSchema(str(error)[:300]) from None


def holds(condition: str | None, data: Mapping[str, Any]) -> bool:
    """Say whether `data` satisfy the condition; None always holds, data that are not JSON never do."""
    if condition is None:
        return True
    try:
        return compiled(condition).is_valid(data)
    except (ValueError, OverflowError, RecursionError):
        return False


def _refuse_references(value: Any) -> None:
    stack = [value]
    while stack:
        item = stack.pop()
        if isinstance(item, dict):
            for key in ("$ref", "$dynamicRef", "$recursiveRef"):
                if key in item:
                    raise BadSchema(f"không dùng {key}: viết thẳng lược đồ vào chỗ cần")
            stack.extend(item.values())
        elif isinstance(item, list):
            stack.extend(item)


def _refuse_fetch(uri: str) -> Any:
    raise ValueError(f"không tải lược đồ từ {uri}")
