"""The floors hold: what import-linter promises is checked, and its own contracts do catch what they are for."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LINTER = [str(Path(sys.executable).with_name("lint-imports")), "--no-logo"]


def test_the_import_contracts_are_kept() -> None:
    done = subprocess.run(LINTER, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-4000:]


HOUSE = {
    "house/__init__.py": "",
    "house/upper/__init__.py": "",
    "house/upper/api.py": "",
    "house/lower/__init__.py": "",
    "house/lower/api.py": "from . import inside",
    "house/lower/contracts/__init__.py": "",
    "house/lower/contracts/things.py": "",
    "house/lower/inside.py": "",
}
CONTRACTS = """
[importlinter]
root_package = house
contract_types =
    faces: tools.lint_contracts.FacesContract
    names: tools.lint_contracts.NamesContract
[importlinter:contract:1]
name = faces
type = faces
root = house
faces =
    api
    contracts
[importlinter:contract:2]
name = names
type = names
root = house
banned =
    helpers
"""


@pytest.mark.parametrize(
    ("file", "code", "kept"),
    [
        ("upper/deed.py", "from house.lower import api", True),
        ("upper/deed.py", "from house.lower.contracts import things", True),
        ("upper/deed.py", "from house.lower.contracts.things import __name__", True),
        ("upper/deed.py", "from house.upper import api", True),
        ("upper/deed.py", "from house.lower import inside", False),
        ("upper/deed.py", "import house.lower.inside", False),
        ("upper/deed.py", "def later():\n    from house.lower import inside", False),
        ("upper/migrations/first.py", "from house.lower import inside", True),
        ("upper/helpers.py", "", False),
        ("upper/deed/helpers.py", "", False),
    ],
)
def test_a_way_round_the_face_is_found(tmp_path: Path, file: str, code: str, kept: bool) -> None:
    for name, content in {**HOUSE, f"house/{file}": code}.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
        (path.parent / "__init__.py").touch()
    (tmp_path / ".importlinter").write_text(CONTRACTS)
    done = subprocess.run(
        [*LINTER, "--no-cache", "--config", ".importlinter"],
        cwd=tmp_path, env={"PYTHONPATH": f"{tmp_path}:{ROOT}"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode == 0) is kept, done.stdout
