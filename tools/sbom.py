"""Write sbom.cdx.json: what is shipped, by name, version and hash (CycloneDX 1.6).

It is made from the lock and from the front end's manifest. `python -m tools.sbom` writes it; a house test says when
it is out of date. The same input gives the same file.
"""

from __future__ import annotations

import json
import re
import sys
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
LOCK = ROOT / "requirements" / "run.txt"
FRONT_END = ROOT / "tools" / "frontend" / "manifest.json"
TARGET = ROOT / "sbom.cdx.json"
_PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)")
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


def locked() -> list[tuple[str, str, list[str]]]:
    """Return (name, version, hashes of its releases) of every locked distribution."""
    found: list[tuple[str, str, list[str]]] = []
    for line in LOCK.read_text(encoding="utf-8").splitlines():
        if pin := _PIN.match(line):
            found.append((pin[1].lower(), pin[2], []))
        elif digest := _HASH.search(line):
            found[-1][2].append(digest[1])
    return found


def render() -> str:
    """Return the document."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = {re.split(r"[\[<>=~!; ]", name, maxsplit=1)[0].lower() for name in project["dependencies"]}
    components = [_python(name, version, digests, name in wanted) for name, version, digests in locked()]
    components += [_front_end(item) for item in _manifest()]
    root = f"pkg:pypi/{project['name']}@{project['version']}"
    document = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": root,
                "name": project["name"],
                "version": project["version"],
                "purl": root,
                "licenses": [{"license": {"id": project["license"]}}],
            }
        },
        "components": components,
    }
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def _python(name: str, version: str, digests: list[str], direct: bool) -> dict[str, Any]:
    purl = f"pkg:pypi/{name}@{version}"
    properties = [{"name": "tinhso:release:sha256", "value": digest} for digest in sorted(digests)]
    return {
        "type": "library",
        "bom-ref": purl,
        "name": name,
        "version": version,
        "purl": purl,
        "scope": "required",
        "properties": [{"name": "tinhso:direct", "value": str(direct).lower()}, *properties],
    }


def _manifest() -> list[dict[str, Any]]:
    content = json.loads(FRONT_END.read_text(encoding="utf-8"))
    packages = content.get("packages", content) if isinstance(content, dict) else content
    if isinstance(packages, dict):
        packages = [{"name": name, **item} for name, item in packages.items()]
    return sorted(filter(_ships, packages), key=lambda item: str(item["name"]))


def _ships(item: dict[str, Any]) -> bool:
    """Tell whether a package's files stand in the wheel; some serve the tests only."""
    targets = [*item.get("files", {}).values(), *item.get("fonts", {}).values()]
    return any(str(target).startswith("src/") for target in targets)


def _front_end(item: dict[str, Any]) -> dict[str, Any]:
    purl = f"pkg:npm/{str(item['name']).replace('@', '%40')}@{item['version']}"
    properties = [{"name": "tinhso:integrity", "value": item["integrity"]}] if "integrity" in item else []
    return {
        "type": "library",
        "bom-ref": purl,
        "name": item["name"],
        "version": item["version"],
        "purl": purl,
        "properties": properties,
    }


def main() -> int:
    TARGET.write_text(render(), encoding="utf-8")
    print(f"{TARGET.name}: {len(json.loads(render())['components'])} components")
    return 0


if __name__ == "__main__":
    sys.exit(main())
