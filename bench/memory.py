"""Measure what the whole install takes when idle (`tinhso run`, web and worker), and the portal's first page.

Run: python -m bench.memory. Targets: under 400 MB, first page at most 100 kB over the wire.
"""

from __future__ import annotations

import contextlib
import gzip
import re
import socket
import subprocess
import sys
import time as machine
import urllib.request
from pathlib import Path
from urllib.parse import urljoin

from bench import ground


def resident(pid: int) -> tuple[float, float]:
    """Return a process's resident and proportional memory in MB."""
    with contextlib.suppress(FileNotFoundError, PermissionError):
        words = Path(f"/proc/{pid}/smaps_rollup").read_text()
        found = {key: int(re.search(rf"^{key}:\s+(\d+)", words, re.M)[1]) / 1024 for key in ("Rss", "Pss")}  # type: ignore[index]
        return found["Rss"], found["Pss"]
    return 0.0, 0.0


def page_bytes(address: str) -> int:
    """Return what a first visit loads: the page and its own style, script and fonts, as a browser takes them."""

    def take(path: str) -> bytes:
        request = urllib.request.Request(address + path, headers={"Accept-Encoding": "gzip"})
        with urllib.request.urlopen(request, timeout=20) as answer:
            content = answer.read()
            sizes.append(len(content))
            return gzip.decompress(content) if answer.headers.get("Content-Encoding") == "gzip" else content

    sizes: list[int] = []
    page = take("/").decode()
    wanted = re.findall(r'(?:href|src)="(/static/[^"]+\.(?:css|js|woff2|svg|png|ico))"', page)
    for path in dict.fromkeys(wanted):
        content = take(path)
        if path.endswith(".css"):  # at most: a browser takes only the fonts whose letters stand on the page
            for font in dict.fromkeys(re.findall(r'url\(["\']?([^)"\']+\.woff2)', content.decode())):
                take(font if font.startswith("/") else urljoin(path, font))
    return sum(sizes)


def main() -> int:
    """Measure; return 1 where a target is missed."""
    with ground.ground() as on:
        disk = ground.fdatasync_ms(on.home)
        alone, _ = ground.bare_rate(on)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        command = [sys.executable, "-m", "tinhso.site.command", "run", "--port", str(port)]
        process = subprocess.Popen(command, env=dict(on.environment), stdout=subprocess.DEVNULL)
        try:
            address = f"http://127.0.0.1:{port}"
            for _ in range(300):
                with contextlib.suppress(OSError), urllib.request.urlopen(address, timeout=5):
                    break
                machine.sleep(0.2)
            size = page_bytes(address)
            machine.sleep(10)
            taken = [resident(pid) for pid in ground.family(process.pid)]
        finally:
            process.terminate()
            process.wait(20)
        rss, pss = (sum(column) for column in zip(*taken, strict=True))
        ground.rows(f"memory: {len(taken)} processes", [
            ("fdatasync, median", f"{disk:.2f} ms", ""),
            ("bare two-row transaction, one process", f"{alone:.0f}/s", ""),
            ("resident, summed", f"{rss:.0f} MB", ""),
            ("proportional (shared pages once)", f"{pss:.0f} MB", "under 400 MB"),
            ("portal's first page", f"{size / 1000:.0f} kB", "at most 100 kB"),
        ])  # fmt: skip
        return int(pss >= 400 or size > 100_000)


if __name__ == "__main__":
    sys.exit(main())
