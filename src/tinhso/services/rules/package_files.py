"""Read a package's files within bounds: what comes from outside must not hang, overflow or surprise.

YAML is read as a small core: text, whole numbers, true/false, null, lists and mappings. Dates, times and
codes stay text ("2.000635" is not a number, "15:00" is not 900), anchors, aliases and tags are refused,
and so are doubled keys.
"""

from __future__ import annotations

import json
import re
from typing import Any

import yaml

from tinhso.services.contracts.procedure import PackageProblem

MAX_FILE_BYTES = 256 * 1024
MAX_FILES = 64
MAX_DEPTH = 24
MAX_NODES = 20_000
_INT = re.compile(r"^-?(?:0|[1-9][0-9]{0,15})$")


class UnreadableFile(ValueError):
    """The file cannot be read; the message says why, in a sentence for the package's author."""


_Parser: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml where there, ten times as fast


class _CoreLoader(_Parser):  # type: ignore[misc]
    """A safe loader with the core types only and no doubled keys."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise UnreadableFile(f"dòng {key.start_mark.line + 1}: khóa phải là chữ")
            if key.value in seen:
                raise UnreadableFile(f"dòng {key.start_mark.line + 1}: khóa “{key.value}” viết hai lần")
            seen.add(key.value)
        return {str(key.value): self.construct_object(value, deep=True) for key, value in node.value}


def _construct_map(loader: _CoreLoader, node: yaml.MappingNode) -> dict[Any, Any]:
    return loader.construct_mapping(node, deep=True)


_CoreLoader.yaml_implicit_resolvers = {}
_CoreLoader.add_implicit_resolver("tag:yaml.org,2002:int", _INT, list("-0123456789"))
_CoreLoader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))
_CoreLoader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"^(?:~|null|)$"), ["~", "n", ""])
_CoreLoader.add_constructor("tag:yaml.org,2002:map", _construct_map)
_CoreLoader.add_constructor("tag:yaml.org,2002:int", lambda loader, node: int(node.value))


def read_yaml(content: bytes) -> Any:
    """Read YAML into JSON values; raise UnreadableFile with a clear sentence."""
    text = read_text(content)
    try:
        _refuse_tricks(text)
        loader = _CoreLoader(text)
        try:
            return loader.get_single_data()
        finally:
            loader.dispose()
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"dòng {mark.line + 1}: " if mark else ""
        raise UnreadableFile(
            f"{where}không đọc được YAML ({getattr(error, 'problem', None) or 'sai cú pháp'})"
        ) from None
    except RecursionError:
        raise UnreadableFile("lồng nhau quá sâu") from None


def read_json(content: bytes) -> Any:
    """Read JSON with the same bounds; raise UnreadableFile with a clear sentence."""
    text = read_text(content)
    try:
        value = json.loads(text, object_pairs_hook=_no_doubles, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        raise UnreadableFile(f"dòng {error.lineno}: không đọc được JSON ({error.msg})") from None
    except RecursionError:
        raise UnreadableFile("lồng nhau quá sâu") from None
    except UnreadableFile:
        raise
    except ValueError:
        raise UnreadableFile("có số quá dài") from None
    if depth_over(value, MAX_DEPTH):
        raise UnreadableFile(f"lồng nhau quá {MAX_DEPTH} tầng")
    return value


def read_text(content: bytes) -> str:
    """Decode UTF-8 within the size limit; raise UnreadableFile otherwise."""
    if len(content) > MAX_FILE_BYTES:
        raise UnreadableFile(f"tệp nặng {len(content)} byte, quá giới hạn {MAX_FILE_BYTES} byte")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        raise UnreadableFile("tệp không phải chữ UTF-8") from None


def depth_over(value: Any, limit: int, nodes: int = MAX_NODES) -> bool:
    """Say whether a JSON value nests deeper than `limit` or holds more than `nodes` values. Never recurses."""
    stack = [(value, 1)]
    seen = 0
    while stack:
        item, depth = stack.pop()
        seen += 1
        if depth > limit or seen > nodes:
            return True
        if isinstance(item, dict):
            stack.extend((child, depth + 1) for child in item.values())
        elif isinstance(item, list):
            stack.extend((child, depth + 1) for child in item)
    return False


def schema_sentence(error: Any) -> PackageProblem:
    """Turn a JSON Schema violation into a problem: the path in the file and a sentence."""
    path = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in error.instance_path)
    details = error.kind.as_dict() if hasattr(error.kind, "as_dict") else {}
    name = error.kind.name
    if name in ("additionalProperties", "unevaluatedProperties"):
        names = ", ".join(f"“{item}”" for item in details.get("unexpected", ()))
        return PackageProblem(path.lstrip("."), f"có khóa không biết {names}; bỏ đi hoặc sửa chính tả")
    if name == "required":
        return PackageProblem(path.lstrip("."), f"thiếu khóa “{details.get('property', '')}”")
    return PackageProblem(path.lstrip("."), f"không đúng: {str(error.message)[:200]}")


def _refuse_tricks(text: str) -> None:
    depth = 0
    for count, event in enumerate(yaml.parse(text, Loader=_Parser)):
        line = event.start_mark.line + 1 if event.start_mark else 0
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise UnreadableFile(f"dòng {line}: không dùng neo (&) và bí danh (*)")
        if getattr(event, "tag", None):
            raise UnreadableFile(f"dòng {line}: không dùng nhãn kiểu (!)")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MAX_DEPTH or count > MAX_NODES:
            raise UnreadableFile(f"dòng {line}: lồng nhau quá {MAX_DEPTH} tầng hoặc quá {MAX_NODES} mục")


def _no_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise UnreadableFile(f"khóa “{key}” viết hai lần")
        found[key] = value
    return found


def _no_constant(name: str) -> Any:
    raise UnreadableFile(f"{name} không phải là số trong JSON")
