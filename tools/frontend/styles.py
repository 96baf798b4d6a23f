"""Join the style sheets into the few files that pages load, without comments and idle space.

python tools/frontend/styles.py           write static/design/{design,office,wall,living}.css
python tools/frontend/styles.py --check   say whether they are what the sources make
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOM = Path(__file__).resolve().parents[2] / "src/tinhso/design"
SHEETS = {
    "design.css": ("tokens", "base", "forms", "components", "print"),
    "office.css": ("office",),
    "wall.css": ("wall",),
    "living.css": ("living",),
}


def squeeze(css: str) -> str:
    """Take out comments and idle space; what the sheet says stays the same."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    css = re.sub(r"\s+", " ", css)
    css = re.sub(r"\s*([{};,])\s*", r"\1", css)
    return re.sub(r":\s+(?![^{}]*\{)", ":", css).replace(";}", "}").strip() + "\n"


def sheets() -> dict[str, str]:
    """Make every style sheet from its sources."""
    return {
        name: squeeze("".join((ROOM / "styles" / f"{part}.css").read_text() for part in parts))
        for name, parts in SHEETS.items()
    }


def main() -> None:
    """Write or check, as asked."""
    static = ROOM / "static/design"
    for name, css in sheets().items():
        if "--check" not in sys.argv:
            (static / name).write_text(css)
            print(f"{len(css):>7} {name}")
        elif (static / name).read_text() != css:
            sys.exit(f"{name} is not what its sources make: run python tools/frontend/styles.py")


if __name__ == "__main__":
    main()
