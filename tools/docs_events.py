"""Write docs/reference/events.md: every event the journal may hold, its fields and who reads it.

`python -m tools.docs_events` writes it; a house test says when it is out of date.
"""

from __future__ import annotations

import dataclasses
import importlib
import os
import pkgutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import get_type_hints

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "reference" / "events.md"
HEAD = """# Events

What the journal may hold, by room. An event is a frozen dataclass; its fields hold no personal data, which goes into an
entry's personal payload. Written by `python -m tools.docs_events`.
"""


def events() -> list[type]:
    """Return every event of the house, by name. Django must be set up."""
    import tinhso
    from tinhso.foundation.contracts import Event

    for module in pkgutil.walk_packages(tinhso.__path__, "tinhso."):
        if ".migrations" not in module.name and not module.name.startswith("tinhso.site"):
            importlib.import_module(module.name)
    return sorted(_below(Event), key=lambda event: str(event.NAME))


def _below(base: type) -> Iterator[type]:
    for event in base.__subclasses__():
        if event.__module__.startswith("tinhso."):
            yield event
        yield from _below(event)


def render() -> str:
    """Return the page."""
    from tinhso.site.wiring import REACTIONS

    lines, room = [HEAD], ""
    for event in events():
        name = str(event.NAME)  # type: ignore[attr-defined]
        if name.partition(".")[0] != room:
            room = name.partition(".")[0]
            lines.append(f"\n## {room}\n\n| event | version | fields | said when | read by |\n|---|---|---|---|---|")
        readers = sorted({row.reader for row in REACTIONS if row.event == name})
        cells = (f"`{name}`", str(event.VERSION), _fields(event), _said(event), ", ".join(readers))  # type: ignore[attr-defined]
        lines.append("| " + " | ".join(cell.replace("|", "\\|") or "–" for cell in cells) + " |")
    return "\n".join(lines) + "\n"


def _fields(event: type) -> str:
    hints = get_type_hints(event)
    return ", ".join(f"`{f.name}`: {_type(hints[f.name])}" for f in dataclasses.fields(event))


def _type(hint: object) -> str:
    return (
        hint.__name__
        if isinstance(hint, type) and not hasattr(hint, "__args__")
        else str(hint).replace("datetime.", "")
    )


def _said(event: type) -> str:
    doc = (event.__doc__ or "").strip()
    return "" if doc.startswith(f"{event.__name__}(") else " ".join(doc.split())


def main() -> int:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tinhso.site.settings")
    sys.path.insert(0, str(ROOT / "src"))
    django.setup()
    PAGE.write_text(render(), encoding="utf-8")
    print(f"{PAGE.relative_to(ROOT)}: {len(events())} events")
    return 0


if __name__ == "__main__":
    sys.exit(main())
