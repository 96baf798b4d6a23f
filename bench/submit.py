"""Measure a whole application over HTTP: schema checked, 200 kB PDF in the vault, code, clock, fact, journal.

Run: python -m bench.submit [applications]. Targets: 150 a second, 8 ms of web CPU each, within 6 times a bare
two-row transaction served the same way.
"""

from __future__ import annotations

import json
import os
import sys
import time as machine

from bench import ground, load

CONNECTIONS = 16
BOUNDARY = "bench-7c1f"
SEED = """
import json, yaml
from datetime import timedelta
from pathlib import Path
from tinhso.foundation.api import clock, packages
from tinhso.foundation.contracts import Actor
from tinhso.organisation import api as organisation
from tinhso.organisation.contracts import Tier
from tinhso.organisation.models import Account
from tinhso.services import api as services
account = Account.objects.create(kind="citizen", name="Lê Hoàng Sơn", phone="+84912000111", created_at=clock.now())
token = organisation.tokens.issue_token(
    actor=Actor.system("bench"), account_id=account.id, label="bench", scopes=["services.own.write"],
    expires_at=clock.now() + timedelta(days=1))
folder = packages.ROOT / "procedures" / "2.000635" / "examples"
data = yaml.safe_load((folder / "online-2026.yml").read_text())["data"]
data = {k: str(v) if k.endswith(("_date", "_on")) else v for k, v in data.items()}
procedure = services.procedures.offer("2.000635").procedure
papers = services.procedures.papers(procedure, data, services.applications.Channel.ONLINE)
paper = next(p.id for p in papers if p.kind == "document" and p.required)
units = [str(u.id) for u in organisation.units.of_tier(Tier.COMMUNE)][:20]
print(json.dumps({"token": token, "data": data, "paper": paper, "units": units}))
"""


def applications(seed: dict[str, object], path: str = "/api/v1/cases"):  # type: ignore[no-untyped-def]
    """Return what writes the n-th application: in one request, with a PDF of 200 kB that no other one has."""
    filler = os.urandom(200_000 - 600)
    pdf = b"%PDF-1.7\n" + filler + b"\n%%EOF\n"
    units: list[str] = seed["units"]  # type: ignore[assignment]

    def write(number: int) -> bytes:
        body = {
            "procedure": "2.000635",
            "unit": units[number % len(units)],
            "data": {**seed["data"], "subject_name": f"Lê Gia Bảo {number}"},  # type: ignore[dict-item]
        }
        parts = [
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="application"\r\n'
            f"Content-Type: application/json\r\n\r\n{json.dumps(body)}\r\n".encode(),
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{seed["paper"]}"; filename="giay-to.pdf"\r\n'
            f"Content-Type: application/pdf\r\n\r\n".encode(),
            pdf, f"{os.getpid()} {number} {machine.time_ns()}\r\n--{BOUNDARY}--\r\n".encode(),
        ]  # fmt: skip
        content = b"".join(parts)
        head = (
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {seed['token']}\r\n"
            f"Idempotency-Key: {os.getpid()}-{number}-{machine.time_ns()}\r\n"
            f"Content-Type: multipart/form-data; boundary={BOUNDARY}\r\nContent-Length: {len(content)}\r\n\r\n"
        )
        return head.encode() + content

    return write


def main(count: int) -> int:
    """Measure; return 1 where a target is missed."""
    with ground.ground() as on:
        seed = on.python(SEED)
        disk = ground.fdatasync_ms(on.home)
        alone, _ = ground.bare_rate(on)
        with ground.served(on, "bench.bare:application") as server:
            ask = b"GET /pair HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
            load.closed(server.port, lambda _: ask, count=200, connections=CONNECTIONS).only(201)
            start, cpu = machine.perf_counter(), server.cpu()
            load.closed(server.port, lambda _: ask, count=2 * count, connections=CONNECTIONS).only(201)
            bare = 2 * count / (machine.perf_counter() - start)
            bare_cpu = 1000 * (server.cpu() - cpu) / (2 * count)
        with ground.served(on) as server:
            write = applications(seed)
            load.closed(server.port, write, count=100, connections=CONNECTIONS).only(201)
            start, cpu = machine.perf_counter(), server.cpu()
            told = load.closed(server.port, write, count=count, connections=CONNECTIONS).only(201)
            rate = count / (machine.perf_counter() - start)
            spent = 1000 * (server.cpu() - cpu) / count
        ground.rows("submit", [
            ("fdatasync, median", f"{disk:.2f} ms", ""),
            ("bare two-row transaction, one process", f"{alone:.0f}/s", ""),
            (f"the same served, {CONNECTIONS} connections", f"{bare:.0f}/s, {bare_cpu:.2f} ms", ""),
            ("applications", f"{rate:.0f}/s", "at least 150/s"),
            ("web CPU an application", f"{spent:.2f} ms", "at most 8 ms"),
            ("bare transactions an application", f"{bare / rate:.1f}", "at most 6"),
            ("p50, p95", f"{1000 * ground.quantile(told.seconds, 0.5):.0f}, "
             f"{1000 * ground.quantile(told.seconds, 0.95):.0f} ms", ""),
        ])  # fmt: skip
        return int(rate < 150 or spent > 8 or bare / rate > 6)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000))
