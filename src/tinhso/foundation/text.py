"""Handle Vietnamese text: one normal form, folded search, right sorting, safe input."""

from __future__ import annotations

import re
import unicodedata

# Letters of the Vietnamese alphabet in dictionary order; tones sort after letters.
_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_TONES = {
    "": 0,
    "\u0300": 1,
    "\u0309": 2,
    "\u0303": 3,
    "\u0301": 4,
    "\u0323": 5,
}  # ngang huyền hỏi ngã sắc nặng
_ORDER = {letter: f"{index:02d}" for index, letter in enumerate(_ALPHABET, start=10)}
_LETTER_MARKS = {"\u0306", "\u0302", "\u031b"}  # breve, circumflex, horn make another letter
# Controls, direction marks, zero-width and other invisible characters that let a text pretend to be another,
# and what is no character at all.
_UNSAFE = re.compile(
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffb\ufdd0-\ufdef\U000e0000-\U000e007f"
    + "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000))
    + "]"
)
_SURROGATE = re.compile("[\ud800-\udfff]")


class UnsafeText(ValueError):
    """The text holds characters that cannot be stored or that deceive a reader."""


def clean(value: str) -> str:
    """Return `value` in NFC, outer spaces trimmed; refuse hidden characters (controls, directions, zero width)."""
    if _UNSAFE.search(value) or _SURROGATE.search(value):
        raise UnsafeText("Có ký tự ẩn không dùng được. Hãy gõ lại thay vì dán.")
    lines = value.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", lines).strip()


def fold(value: str) -> str:
    """Return `value` for search: lower case, no diacritics, đ as d, single spaces; a NUL is in no text we keep."""
    value = value.replace("\x00", "")
    plain = unicodedata.normalize("NFD", value.lower().replace("đ", "d"))
    stripped = "".join(c for c in plain if not unicodedata.combining(c))
    return " ".join(stripped.split())


def sort_key(value: str) -> str:
    """Return a string that sorts as a Vietnamese dictionary does: letters first, then tones, then the text itself."""
    letters: list[str] = []
    tones: list[str] = []
    for cluster in _clusters(unicodedata.normalize("NFD", value.lower())):
        base = unicodedata.normalize("NFC", cluster[0] + "".join(m for m in cluster[1:] if m in _LETTER_MARKS))
        letters.append(_ORDER.get(base, f"{'00' if base.isspace() else '01' if base.isdigit() else '02'}{base}"))
        tones.append(str(next((_TONES[m] for m in cluster[1:] if m in _TONES), 0)))
    return f"{''.join(letters)}\t{''.join(tones)}\t{unicodedata.normalize('NFC', value)}"


def _clusters(decomposed: str) -> list[str]:
    found: list[str] = []
    for char in decomposed:
        if found and unicodedata.combining(char):
            found[-1] += char
        else:
            found.append(char)
    return found
