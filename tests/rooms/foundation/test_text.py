"""Vietnamese text: one search form, dictionary order, and nothing that deceives a reader."""

from __future__ import annotations

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tinhso.foundation.contracts import text

LETTERS = "aăâbcdđeêghiklmnoôơpqrstuưvxyáàảãạấầẩẫậắằẳẵặéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ"
SYLLABLES = st.text(alphabet=LETTERS + "ĐÀẾỢ -'0123456789")
ANY = st.text()


@given(SYLLABLES | ANY)
@example("\u03d3")
@example("\u0130stanbul")
@example("Đ\u0301")
def test_folding_twice_changes_nothing(value: str) -> None:
    assert text.fold(text.fold(value)) == text.fold(value)


@given(SYLLABLES | ANY)
@example("Đường Trần Hưng Đạo")
def test_both_ways_of_writing_a_letter_are_found_alike(value: str) -> None:
    composed, split = unicodedata.normalize("NFC", value), unicodedata.normalize("NFD", value)
    assert text.fold(composed) == text.fold(split)
    assert text.sort_key(composed) == text.sort_key(split)


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("duong sat", "Đường sắt"),
        ("chuyen doi so", "Chuyển  đổi số"),
        ("uy ban nhan dan", "UỶ BAN\u00a0NHÂN DÂN"),
        ("nguyen", "Nguyễn"),
    ],
)
def test_search_without_diacritics_finds_the_name(typed: str, written: str) -> None:
    assert text.fold(written) == typed


@given(SYLLABLES)
def test_folded_vietnamese_is_plain_ascii(value: str) -> None:
    assert text.fold(value).isascii()


# Orders as a Vietnamese dictionary gives them: the letter decides first, then the tone.
ORDERS = [
    ["a", "à", "ả", "ã", "á", "ạ", "ă", "ằ", "ẳ", "ẵ", "ắ", "ặ", "â", "ầ", "ẩ", "ẫ", "ấ", "ậ", "b"],
    ["d", "đ", "e", "ê", "o", "ô", "ơ", "u", "ư", "y"],
    ["An", "Anh", "Ánh", "Ân", "Bình", "Dũng", "Đức", "Hà", "Hạ", "Oanh", "Ông"],
    ["ma", "mà", "mả", "mã", "má", "mạ", "mai", "măng", "mâm"],
    ["xã 2", "xã An", "xã An Bình", "xã Anh"],
    ["Cẩm Giàng", "Chí Linh", "Gia Lộc", "Kim Thành", "Kinh Môn", "Nam Sách", "Thanh Hà", "Thanh Miện", "Tứ Kỳ"],
]


@pytest.mark.parametrize("order", ORDERS, ids=lambda order: order[0])
def test_names_sort_as_in_a_dictionary(order: list[str]) -> None:
    assert sorted(set(order), key=text.sort_key) == order
    assert all(text.sort_key(a) < text.sort_key(b) for a, b in pairwise(order))


@given(SYLLABLES, SYLLABLES)
def test_different_texts_never_share_a_place(a: str, b: str) -> None:
    same = unicodedata.normalize("NFC", a) == unicodedata.normalize("NFC", b)
    assert (text.sort_key(a) == text.sort_key(b)) is same


DECEIVING = [
    "\x00", "\x07", "\x1b", "\x7f", "\x85", "\u061c", "\u200b", "\u200d", "\u200e", "\u200f", "\u2028", "\u202a",
    "\u202e", "\u2060", "\u2066", "\u2069", "\ufeff", "\ufff9", "\ufffe", "\ud800", "\U000e0041", "\U0001ffff",
]  # fmt: skip


@pytest.mark.parametrize("mark", DECEIVING, ids=lambda c: f"U+{ord(c):04X}")
def test_hidden_marks_are_refused_with_what_to_do(mark: str) -> None:
    with pytest.raises(text.UnsafeText, match="Hãy gõ lại"):
        text.clean(f"Nguyễn{mark} Văn An")


@given(SYLLABLES | st.text(st.characters(exclude_categories=("Cc", "Cf", "Cs", "Cn", "Zl", "Zp"))))
@example("Lê Thị\u0300 B")
def test_cleaned_text_is_composed_and_stays_as_it_is(value: str) -> None:
    cleaned = text.clean(value)
    assert unicodedata.is_normalized("NFC", cleaned)
    assert text.clean(cleaned) == cleaned
    assert cleaned == cleaned.strip()


def test_lines_keep_their_breaks_whatever_the_keyboard_sends() -> None:
    assert text.clean(" một\r\nhai\rba\n\tbốn \n") == "một\nhai\nba\n\tbốn"
