"""Screens obey the content policy and speak both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import tinhso
from tools import messages

SOURCE = Path(tinhso.__file__).parent
TEMPLATES = [path for path in SOURCE.rglob("*.html") if "templates" in path.parts]
TAG = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", re.S)
FORBIDDEN = {
    "inline style": re.compile(r"<[^>]*\sstyle\s*=", re.I),
    "style element": re.compile(r"<style\b", re.I),
    "inline script": re.compile(r"<script\b(?![^>]*\ssrc\s*=)(?![^>]*type=\"application/json\")", re.I),
    "event attribute": re.compile(r"<[^>]*\son[a-z]+\s*=", re.I),
    "script address": re.compile(r"javascript:", re.I),
    "foreign address": re.compile(r"(?:src|href)\s*=\s*[\"']?(?:https?:)?//", re.I),
    "htmx evaluation": re.compile(r"\bhx-(?:on|vars|vals\s*=\s*[\"']js:)", re.I),
}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_template_needs_what_the_policy_forbids(what: str) -> None:
    found = [
        f"{path.relative_to(SOURCE)}: {match.group(0)[:60]}"
        for path in TEMPLATES
        for match in FORBIDDEN[what].finditer(TAG.sub("", path.read_text(encoding="utf-8")))
    ]
    assert found == []


@pytest.mark.parametrize("what", ["inline style", "inline script", "event attribute"])
def test_no_markup_in_code_needs_it_either(what: str) -> None:
    quoted = re.compile(r"<[a-z]+\b[^>\n]*>", re.I)
    found = [
        f"{path.relative_to(SOURCE)}: {tag[:60]}"
        for path in SOURCE.rglob("*.py")
        for tag in quoted.findall(path.read_text(encoding="utf-8"))
        if FORBIDDEN[what].search(tag)
    ]
    assert found == []


# --- languages

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")


def test_every_text_on_a_screen_has_its_english() -> None:
    missing = [message.text for message in messages.missing()]
    assert missing == [], f"{len(missing)} texts have no English: run `python -m tools.messages extract`"


def test_the_catalogue_holds_nothing_that_no_screen_says() -> None:
    assert {messages.key(entry) for entry in messages.catalogue()} - set(messages.extract()) == set()


def test_translations_keep_the_placeholders() -> None:
    wrong = []
    for entry in messages.catalogue():
        pairs = [(entry.msgid, entry.msgstr)]
        if entry.msgid_plural:
            pairs = [(entry.msgid_plural, entry.msgstr_plural.get(1, ""))]
        wrong += [
            text for text, english in pairs
            if english and sorted(PLACEHOLDER.findall(text)) != sorted(PLACEHOLDER.findall(english))
        ]  # fmt: skip
    assert wrong == []


def test_the_compiled_catalogue_is_the_written_one() -> None:
    import polib

    compiled = {
        messages.key(e): (e.msgstr, e.msgstr_plural) for e in polib.mofile(str(messages.CATALOGUE.with_suffix(".mo")))
    }
    written = {messages.key(e): (e.msgstr, e.msgstr_plural) for e in messages.catalogue() if e.translated()}
    assert compiled == written, "run `python -m tools.messages compile`"


def test_the_extractor_reads_every_way_a_text_is_written() -> None:
    template = (
        '{% translate "Một" %} {% translate "Hai" as two %} {{ _("Ba") }} {% translate "Mở" context "nút" %}'
        "{% blocktranslate %}Bốn {{ x }}{% endblocktranslate %}"
        "{% blocktranslate count n=n %}{{ n }} hồ sơ{% plural %}{{ n }} các hồ sơ{% endblocktranslate %}"
    )
    assert set(messages._in_template(template)) == {
        messages.Message("Một"),
        messages.Message("Hai"),
        messages.Message("Ba"),
        messages.Message("Mở", context="nút"),
        messages.Message("Bốn %(x)s"),
        messages.Message("%(n)s hồ sơ", plural="%(n)s các hồ sơ"),
    }
    code = 'a = _("Năm")\nb = later("Sáu")\nc = ngettext("%d tệp", "%d các tệp", 2)\nd = pgettext("nút", "Mở")'
    code += "\ne = _(variable)"
    assert set(messages._in_python(code)) == {
        messages.Message("Năm"),
        messages.Message("Sáu"),
        messages.Message("%d tệp", plural="%d các tệp"),
        messages.Message("Mở", context="nút"),
    }
