"""The files pages load are the ones meant, few, small, and able to write Vietnamese."""

from __future__ import annotations

import base64
import gzip
import importlib.util
import io
import json
import tarfile
import unicodedata
from pathlib import Path
from types import ModuleType

import pytest
from fontTools.ttLib import TTFont

ROOT = Path(__file__).resolve().parents[3]
STATIC = ROOT / "src/tinhso/design/static/design"
VOWELS = "aăâeêioôơuưy"
TONES = ["", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323"]
LETTERS = {unicodedata.normalize("NFC", vowel + tone) for vowel in VOWELS for tone in TONES}
VIETNAMESE = LETTERS | {letter.upper() for letter in LETTERS} | set("đĐ₫")


def _tool(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"frontend_{name}", ROOT / f"tools/frontend/{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(params=["400", "600"])
def font(request: pytest.FixtureRequest) -> TTFont:
    return TTFont(STATIC / f"fonts/be-vietnam-pro-{request.param}.woff2")


def test_one_font_file_holds_every_vietnamese_letter_composed(font: TTFont) -> None:
    assert len(LETTERS) == 72
    assert not {letter for letter in VIETNAMESE if ord(letter) not in font.getBestCmap()}


def test_letters_typed_in_parts_are_drawn_too(font: TTFont) -> None:
    marks = {mark for letter in VIETNAMESE for mark in unicodedata.normalize("NFD", letter)}
    assert not {mark for mark in marks if ord(mark) not in font.getBestCmap()}
    features = {record.FeatureTag for record in font["GPOS"].table.FeatureList.FeatureRecord}
    assert {"mark", "mkmk", "kern"} <= features


def test_tabular_figures_have_one_width(font: TTFont) -> None:
    gsub = font["GSUB"].table
    record = next(item for item in gsub.FeatureList.FeatureRecord if item.FeatureTag == "tnum")
    lookup = gsub.LookupList.Lookup[record.Feature.LookupListIndex[0]]
    mapping = lookup.SubTable[0].mapping
    assert len(mapping) == 10
    assert len({font["hmtx"][glyph][0] for glyph in mapping.values()}) == 1


def test_files_from_elsewhere_are_what_the_manifest_recorded() -> None:
    vendor = _tool("vendor")
    manifest = json.loads(vendor.MANIFEST.read_text())
    assert vendor.differences(manifest) == []
    named = {
        target
        for package in manifest["packages"].values()
        for target in {**package.get("fonts", {}), **package.get("files", {})}.values()
    }
    assert named == set(manifest["sha256"])
    for package in manifest["packages"].values():
        assert len(base64.b64decode(package["integrity"].removeprefix("sha512-"))) == 64


def test_a_changed_or_missing_file_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    vendor = _tool("vendor")
    monkeypatch.setattr(vendor, "ROOT", tmp_path)
    (tmp_path / "a.js").write_text("other")
    assert vendor.differences({"sha256": {"a.js": "0" * 64, "b.js": "0" * 64}}) == [
        "a.js was changed",
        "b.js is missing",
    ]


def test_a_package_that_is_not_the_one_meant_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    vendor = _tool("vendor")
    archive = tmp_path / "thing-1.tgz"
    with tarfile.open(archive, "w:gz") as bundle:
        bundle.addfile(tarfile.TarInfo("package/x.js"), io.BytesIO())

    class Done:
        stdout = "thing-1.tgz\n"

    monkeypatch.setattr(vendor.subprocess, "run", lambda *_, **__: Done)
    with pytest.raises(SystemExit, match="Nothing was written"):
        vendor.fetch("thing", {"version": "1", "integrity": "sha512-" + "A" * 86 + "=="}, tmp_path)


def test_the_style_sheets_are_what_their_sources_make() -> None:
    for name, css in _tool("styles").sheets().items():
        assert (STATIC / name).read_text() == css, f"run python tools/frontend/styles.py ({name})"


def test_style_and_type_of_a_citizens_page_leave_most_of_100_kilobytes_to_its_words() -> None:
    fonts = sum(path.stat().st_size for path in STATIC.glob("fonts/*.woff2"))
    css = len(gzip.compress((STATIC / "design.css").read_bytes()))
    assert fonts + css < 45_000
