"""Text can be read in both themes: every pair of tokens used together has a contrast of at least 4.5 to 1."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
STYLES = ROOT / "src/tinhso/design/styles"
TOKENS = (STYLES / "tokens.css").read_text()

SURFACES = ("paper", "paper-2")
TEXT_PAIRS = [
    *((text, surface) for text in ("ink", "ink-2", "red", "gold-ink", "jade", "indigo") for surface in SURFACES),
    *((text, f"{wash}-wash") for wash in ("red", "gold", "jade", "indigo") for text in ("ink", "indigo")),
    ("red", "red-wash"),
    ("gold-ink", "gold-wash"),
    ("jade", "jade-wash"),
    ("on-lacquer", "lacquer"),
    ("on-lacquer", "lacquer-deep"),
]
# Borders of controls and marks of figures must be seen, not read: 3 to 1 (WCAG 2.2, 1.4.11).
SHAPE_PAIRS = [("line-strong", "paper"), ("line-strong", "paper-2"), ("mark", "paper-3"), ("indigo", "paper-3")]


def _colours(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([a-z0-9-]+):\s*(#[0-9a-f]{6})", block))


BLOCKS = re.findall(r"(:root[^{]*)\{([^{}]*color-scheme[^{}]*)\}", TOKENS)
LIGHT, DARK_BY_DEVICE, DARK_CHOSEN = (_colours(body) for _, body in BLOCKS)


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_the_dark_theme_is_the_same_whether_the_device_or_the_reader_chose_it() -> None:
    assert DARK_BY_DEVICE == DARK_CHOSEN
    assert LIGHT.keys() == DARK_CHOSEN.keys()


@pytest.mark.parametrize("theme", [LIGHT, DARK_CHOSEN], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "surface"), TEXT_PAIRS)
def test_text_can_be_read(theme: dict[str, str], text: str, surface: str) -> None:
    assert contrast(theme[text], theme[surface]) >= 4.5


@pytest.mark.parametrize("theme", [LIGHT, DARK_CHOSEN], ids=["light", "dark"])
@pytest.mark.parametrize(("shape", "surface"), SHAPE_PAIRS)
def test_shapes_can_be_seen(theme: dict[str, str], shape: str, surface: str) -> None:
    assert contrast(theme[shape], theme[surface]) >= 3


def test_no_style_sheet_names_a_colour_outside_the_tokens() -> None:
    for path in STYLES.glob("*.css"):
        if path.stem in ("tokens", "print"):
            continue
        found = set(re.findall(r"#[0-9a-fA-F]{3,8}\b|rgba?\(|hsla?\(", path.read_text())) - {"#0008"}
        assert not found, f"{path.name}: {found}"


def test_every_token_used_is_defined() -> None:
    css = "".join(path.read_text() for path in STYLES.glob("*.css"))
    assert set(re.findall(r"var\(--([a-z0-9-]+)", css)) <= set(re.findall(r"--([a-z0-9-]+)\s*:", css))
