"""Fetch the front-end files that manifest.json names, prove they are the ones meant, and put them in the tree.

    python tools/frontend/vendor.py           fetch, verify, write, and record the sha256 of what was written
    python tools/frontend/vendor.py --check   prove offline that the tree holds exactly what was recorded

Fetching goes through the ordinary `npm` client; a package whose integrity differs from the manifest is refused.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
MANIFEST = Path(__file__).with_name("manifest.json")


def fetch(name: str, package: dict[str, Any], folder: Path) -> Path:
    """Download one package with npm and return its verified archive; exits when the integrity differs."""
    spec = f"{name}@{package['version']}"
    command = ["npm", "pack", spec, "--silent", "--pack-destination", str(folder)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=folder)
    archive = folder / done.stdout.strip().splitlines()[-1]
    kind, _, expected = package["integrity"].partition("-")
    found = base64.b64encode(hashlib.new(kind, archive.read_bytes()).digest()).decode()
    if found != expected:
        sys.exit(f"{spec}: integrity is {kind}-{found}, the manifest says {package['integrity']}. Nothing was written.")
    return archive


def unpack(archive: Path, package: dict[str, Any]) -> dict[str, bytes]:
    """Take the named files out of an archive, fonts made ready for the web; keys are paths in the tree."""
    from fonts import web_font

    out: dict[str, bytes] = {}
    with tarfile.open(archive) as bundle:

        def member(path: str) -> bytes:
            handle = bundle.extractfile(f"package/{path}")
            if handle is None:
                sys.exit(f"{archive.name} holds no file {path}")
            return handle.read()

        for source, target in package.get("fonts", {}).items():
            out[target] = web_font(member(source))
        for source, target in package.get("files", {}).items():
            out[target] = member(source)
    return out


def differences(manifest: dict[str, Any]) -> list[str]:
    """Say which files of the tree are missing or differ from what was recorded when they were fetched."""
    found = []
    for target, digest in manifest["sha256"].items():
        path = ROOT / target
        if not path.exists():
            found.append(f"{target} is missing")
        elif hashlib.sha256(path.read_bytes()).hexdigest() != digest:
            found.append(f"{target} was changed")
    return found


def main() -> None:
    """Fetch or check, as asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    manifest = json.loads(MANIFEST.read_text())
    if parser.parse_args().check:
        found = differences(manifest)
        sys.exit("\n".join(found) if found else 0)
    files: dict[str, bytes] = {}
    with tempfile.TemporaryDirectory() as folder:
        for name, package in manifest["packages"].items():
            files |= unpack(fetch(name, package, Path(folder)), package)
    for target, data in files.items():
        path = ROOT / target
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        print(f"{len(data):>8} {target}")
    manifest["sha256"] = {target: hashlib.sha256(data).hexdigest() for target, data in sorted(files.items())}
    MANIFEST.write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
