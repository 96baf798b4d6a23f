"""Read a package's YAML within bounds: text, numbers, true/false, null, lists and mappings, and nothing that surprises.

Days and codes stay text. Aliases, tags and doubled keys are refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml

MAX_NODES = 20_000
MAX_DEPTH = 24


class UnreadableFile(ValueError):
    """The file cannot be read; the message says why, in a sentence for the package's author."""


class _Loader(yaml.SafeLoader):
    """The core types only: no dates, no yes/no, no octal numbers."""


_Loader.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("int", r"-?(?:0|[1-9][0-9]{0,15})", "-0123456789"),
    ("float", r"-?(?:0|[1-9][0-9]{0,15})\.[0-9]{1,9}", "-0123456789"),
    ("bool", r"(?:true|false)", "tf"),
    ("null", r"(?:~|null|)", ["~", "n", ""]),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(f"^{_pattern}$"), list(_first))


def read_yaml(content: bytes) -> Any:
    """Read YAML into JSON values; raise UnreadableFile with a clear sentence."""
    try:
        text = content.decode("utf-8")
        _refuse_tricks(text)
        root = yaml.compose(text, Loader=_Loader)
        if root is None:
            return None
        _refuse_doubles(root)
        return yaml.load(text, Loader=_Loader)  # noqa: S506 - a safe loader with fewer types
    except UnicodeDecodeError:
        raise UnreadableFile("tệp không phải chữ UTF-8") from None
    except RecursionError:
        raise UnreadableFile("lồng nhau quá sâu") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"dòng {mark.line + 1}: " if mark else ""
        raise UnreadableFile(f"{where}không đọc được YAML") from None


def _refuse_tricks(text: str) -> None:
    depth = 0
    for number, event in enumerate(yaml.parse(text, Loader=_Loader)):
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) or getattr(event, "tag", None):
            raise UnreadableFile(f"dòng {_line(event)}: không dùng neo (&), bí danh (*) và nhãn kiểu (!)")
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH or number > MAX_NODES:
            raise UnreadableFile(f"lồng nhau quá {MAX_DEPTH} tầng hoặc quá {MAX_NODES} mục")


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 0


def _refuse_doubles(root: yaml.Node) -> None:
    for node in _nodes(root):
        if not isinstance(node, yaml.MappingNode):
            continue
        seen: set[str] = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode) or key.value in seen:
                raise UnreadableFile(f"dòng {key.start_mark.line + 1}: khóa viết hai lần hoặc không phải chữ")
            seen.add(key.value)


def _nodes(root: yaml.Node) -> Iterator[yaml.Node]:
    waiting = [root]
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, yaml.MappingNode):
            waiting += [part for pair in node.value for part in pair]
        elif isinstance(node, yaml.SequenceNode):
            waiting += node.value
