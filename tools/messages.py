"""Keep the English of the screens: Vietnamese is written in the code and is the message's own id.

    python -m tools.messages extract   add what is new to the catalogue, drop what is gone
    python -m tools.messages compile   write the .mo that is served
    python -m tools.messages missing   list what has no English yet

Reads templates through Django's own reader and Python through its syntax tree, so gettext's tools are not needed.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "tinhso"
CATALOGUE = SOURCE / "site" / "locale" / "en" / "LC_MESSAGES" / "django.po"
SINGLE = {"_", "later", "gettext", "gettext_lazy", "gettext_noop"}
PLURAL = {"ngettext", "ngettext_lazy"}
WITH_CONTEXT = {"pgettext", "pgettext_lazy"}
_LITERAL = r"""(?:u?'(?:[^'\\]|\\.)*'|u?"(?:[^"\\]|\\.)*")"""
_CALL = re.compile(rf"\b(gettext|_|ngettext|pgettext|npgettext)\(\s*({_LITERAL}(?:\s*,\s*{_LITERAL})*)")


@dataclass(frozen=True, order=True)
class Message:
    """A text shown on screen: its Vietnamese, its plural and its context where it has them."""

    text: str
    plural: str = ""
    context: str = ""


def extract() -> dict[Message, list[str]]:
    """Return every message in the code with the files it stands in."""
    found: dict[Message, set[str]] = {}
    for path in sorted(SOURCE.rglob("*")):
        if path.suffix not in {".py", ".html", ".txt"} or "migrations" in path.parts or "packages" in path.parts:
            continue
        reader = _in_python if path.suffix == ".py" else _in_template
        for message in reader(path.read_text(encoding="utf-8")):
            found.setdefault(message, set()).add(path.relative_to(ROOT).as_posix())
    return {message: sorted(found[message]) for message in sorted(found)}


def _in_python(source: str) -> Iterator[Message]:
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        function = node.func
        name = function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")
        words = [a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
        if name in SINGLE and len(words) == 1 and len(node.args) == 1:
            yield Message(words[0])
        elif name in PLURAL and len(words) >= 2:
            yield Message(words[0], plural=words[1])
        elif name in WITH_CONTEXT and len(words) == 2:
            yield Message(words[1], context=words[0])


def _in_template(source: str) -> Iterator[Message]:
    from django.utils.translation.template import templatize

    for call, arguments in _CALL.findall(templatize(source)):
        words = [ast.literal_eval(word) for word in re.findall(_LITERAL, arguments)]
        if call == "ngettext":
            yield Message(words[0], plural=words[1])
        elif call == "pgettext":
            yield Message(words[1], context=words[0])
        elif call == "npgettext":
            yield Message(words[1], plural=words[2], context=words[0])
        else:
            yield Message(words[0])


def key(entry: polib.POEntry) -> Message:
    return Message(entry.msgid, entry.msgid_plural or "", entry.msgctxt or "")


def catalogue() -> polib.POFile:
    """Return the catalogue as it stands, or an empty one."""
    if CATALOGUE.exists():
        return polib.pofile(str(CATALOGUE), wrapwidth=110)
    empty = polib.POFile(wrapwidth=110)
    empty.metadata = {
        "Project-Id-Version": "tinhso",
        "Language": "en",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": "nplurals=2; plural=(n != 1);",
    }
    return empty


def missing() -> list[Message]:
    """Return the messages in the code that have no English."""
    done = {key(entry) for entry in catalogue() if entry.translated()}
    return [message for message in extract() if message not in done]


def update() -> int:
    """Bring the catalogue in line with the code; return how many messages it holds."""
    old = {key(entry): entry for entry in catalogue()}
    fresh = catalogue()
    fresh.clear()
    for message, places in extract().items():
        entry = old.get(message) or polib.POEntry(msgid=message.text)
        if message.plural and not entry.msgid_plural:
            entry.msgid_plural, entry.msgstr_plural = message.plural, {0: "", 1: ""}
        if message.context:
            entry.msgctxt = message.context
        entry.occurrences = [(place, "") for place in places]
        if "%(" in message.text and "python-format" not in entry.flags:
            entry.flags.append("python-format")
        fresh.append(entry)
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    fresh.save(str(CATALOGUE))
    return len(fresh)


def compile_catalogue() -> None:
    catalogue().save_as_mofile(str(CATALOGUE.with_suffix(".mo")))


def main(arguments: list[str]) -> int:
    verb = arguments[0] if arguments else ""
    if verb == "extract":
        print(f"{update()} messages, {len(missing())} without English")
    elif verb == "compile":
        compile_catalogue()
    elif verb == "missing":
        for message in missing():
            print(message.text)
    else:
        print(__doc__)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
