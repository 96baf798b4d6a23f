"""Send HTTP requests over kept connections: as fast as answers come, or at a set pace whatever comes back."""

from __future__ import annotations

import asyncio
import time as machine
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class Told:
    """What came back: seconds each took, and the statuses."""

    seconds: list[float] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)
    last: bytes = b""

    def take(self, status: int, seconds: float, body: bytes) -> None:
        self.seconds.append(seconds)
        self.statuses[status] = self.statuses.get(status, 0) + 1
        self.last = body

    def only(self, status: int) -> Told:
        """Insist that everything answered so."""
        if set(self.statuses) != {status}:
            raise RuntimeError(f"statuses {self.statuses}; last answer {self.last[:500]!r}")
        return self


class Line:
    """A kept connection."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._pair: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, request: bytes) -> tuple[int, bytes]:
        if self._pair is None:
            self._pair = await asyncio.open_connection("127.0.0.1", self._port)
        reader, writer = self._pair
        writer.write(request)
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        status = int(head[9:12])
        if b"content-length:" in head:
            return status, await reader.readexactly(int(head.split(b"content-length:")[1].split(b"\r\n")[0]))
        body = b""
        while True:  # chunked
            size = int((await reader.readline()).strip(), 16)
            piece = await reader.readexactly(size + 2)
            body += piece[:-2]
            if not size:
                return status, body


def closed(port: int, requests: Callable[[int], bytes], *, count: int, connections: int) -> Told:
    """Send `count` requests over so many connections, each as soon as its last was answered."""
    told = Told()
    numbers = iter(range(count))

    async def work() -> None:
        line = Line(port)
        for number in numbers:
            request = requests(number)
            start = machine.perf_counter()
            status, body = await line.ask(request)
            told.take(status, machine.perf_counter() - start, body)

    async def everyone() -> None:
        await asyncio.gather(*(work() for _ in range(connections)))

    asyncio.run(everyone())
    return told


def paced(port: int, requests: Callable[[int], bytes], *, rate: float, seconds: float, connections: int = 64) -> Told:
    """Send requests at a set pace (open loop); time counts from when each should have left."""
    told = Told()

    async def everyone() -> None:
        free: asyncio.Queue[Line] = asyncio.Queue()
        for _ in range(connections):
            free.put_nowait(Line(port))
        begin = machine.perf_counter() + 0.1

        async def one(number: int) -> None:
            due = begin + number / rate
            await asyncio.sleep(max(0.0, due - machine.perf_counter()))
            line = await free.get()
            status, body = await line.ask(requests(number))
            told.take(status, machine.perf_counter() - due, body)
            free.put_nowait(line)

        await asyncio.gather(*(one(number) for number in range(int(rate * seconds))))

    asyncio.run(everyone())
    return told


def get(path: str, token: str) -> bytes:
    """Write a GET request."""
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n\r\n".encode()
