"""What is committed: nothing of a machine, one word for each thing, files and functions one can take in."""

from __future__ import annotations

import ast
import enum
import importlib
import inspect
import pkgutil
import re
import subprocess
from pathlib import Path

import pytest

import tinhso

ROOT = Path(__file__).resolve().parents[2]
SOURCE = Path(tinhso.__file__).parent
TEXT = {
    ".py",
    ".md",
    ".toml",
    ".yml",
    ".yaml",
    ".json",
    ".txt",
    ".html",
    ".css",
    ".js",
    ".cfg",
    ".sh",
    ".typ",
    ".csv",
    "",
}


def committed() -> list[Path]:
    """Return the files of the repository (in a copy without git: what stands in its folders)."""
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if done.returncode == 0:
        return [path for name in done.stdout.decode().split("\0") if name and (path := ROOT / name).is_file()]
    return [
        p
        for folder in ("src", "tests", "docs", "tools", "requirements")
        for p in (ROOT / folder).rglob("*")
        if p.is_file()
    ]


FOREIGN = {
    "a package registry": "|".join([r"\bpypi" + r"\.org", "files.python" + "hosted", "registry.npm" + "js"]),
    "a folder of one machine": r"(?<![\w.])/(?:work|home/\w+|root)/",
    "an index of one machine": "index" + r"-url\s*[=h]|find" + "-links",
}


@pytest.mark.parametrize("what", FOREIGN)
def test_no_committed_file_names_a_machine_or_a_registry(what: str) -> None:
    pattern = re.compile(FOREIGN[what])
    found = [
        f"{path.relative_to(ROOT)}: {match.group(0)}"
        for path in committed()
        if path.suffix in TEXT and path != Path(__file__) and "vendor" not in path.parts
        for match in pattern.finditer(path.read_text(encoding="utf-8", errors="replace"))
    ]
    assert found == []


def _python() -> list[Path]:
    return [path for path in SOURCE.rglob("*.py") if "migrations" not in path.parts]


def test_no_file_is_longer_than_can_be_taken_in() -> None:
    assert [str(p.relative_to(SOURCE)) for p in _python() if len(p.read_text().splitlines()) > 420] == []


def test_no_function_is_longer_than_a_screen() -> None:
    found = []
    for path in _python():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                docstring = node.body[0].end_lineno or 0 if ast.get_docstring(node) else node.lineno
                if (node.end_lineno or 0) - docstring > 45:
                    found.append(f"{path.relative_to(SOURCE)}: {node.name}")
    assert found == []


@pytest.mark.parametrize("room", sorted(p.parent.name for p in SOURCE.glob("*/api.py") if p.parent.name != "site"))
def test_a_face_says_what_it_offers(room: str) -> None:
    face = importlib.import_module(f"tinhso.{room}.api")
    assert face.__doc__
    assert sorted(face.__all__) == sorted(set(face.__all__))
    assert all(hasattr(face, name) for name in face.__all__)
    assert len(face.__all__) <= 30


# --- the glossary

GLOSSARY = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
ROWS = dict(re.findall(r"^\| `(\w+)` \| ([^|]+) \|", GLOSSARY, re.M))


def vocabularies() -> list[str]:
    """Return the closed vocabularies of the rooms' contracts: each enum stands for words of the law or of the work."""
    found = set()
    for module in pkgutil.walk_packages(tinhso.__path__, "tinhso."):
        if ".contracts" in module.name and not module.name.startswith("tinhso.design"):
            for name, value in vars(importlib.import_module(module.name)).items():
                if inspect.isclass(value) and issubclass(value, enum.Enum) and value.__module__.startswith("tinhso."):
                    found.add(name)
    return sorted(found)


@pytest.mark.parametrize("name", vocabularies())
def test_every_vocabulary_stands_in_the_glossary_with_its_vietnamese(name: str) -> None:
    assert name in ROWS, f"add a row for `{name}` to docs/glossary.md"
    assert ROWS[name].strip()


# --- what is delivered


def test_every_dependency_is_locked_by_hash() -> None:
    for name in ("run", "dev"):
        lines = (ROOT / "requirements" / f"{name}.txt").read_text().splitlines()
        pins = [number for number, line in enumerate(lines) if re.match(r"^[a-z0-9._-]+==", line)]
        assert len(pins) > 30
        assert all("--hash=sha256:" in lines[number + 1] for number in pins)


def test_the_lock_covers_what_the_project_asks_for() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    asked = {"run": project["project"]["dependencies"], "dev": project["dependency-groups"]["dev"]}
    for name, wanted in asked.items():
        locked = set(re.findall(r"^([a-z0-9._-]+)==", (ROOT / "requirements" / f"{name}.txt").read_text(), re.M))
        names = {re.split(r"[\[<>=~!; ]", item, maxsplit=1)[0].lower() for item in wanted}
        assert names - locked == set(), "run `make lock`"


def test_the_bill_of_materials_is_up_to_date() -> None:
    from tools import sbom

    assert sbom.TARGET.read_text(encoding="utf-8") == sbom.render(), "run `make sbom`"


def test_the_wheel_is_complete(tmp_path: Path) -> None:
    """What is committed under src is in the wheel: templates, packages, fonts, catalogues."""
    import sys
    import zipfile

    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    [wheel] = tmp_path.glob("*.whl")
    inside = set(zipfile.ZipFile(wheel).namelist())
    source = {str(path.relative_to(ROOT / "src")) for path in committed() if path.is_relative_to(ROOT / "src")}
    assert source - inside == set()
