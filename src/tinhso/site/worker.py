"""The worker process: rooms' duties in turns, until told to stop.

A duty is a small function that does a bounded piece of waiting work and says how much it did. It never blocks for long
and is safe to run twice; what it leaves undone is found again after a crash, because it is in a table.
"""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db import close_old_connections

log = logging.getLogger("tinhso.worker")


@dataclass(frozen=True)
class Duty:
    """`run()` returns how many pieces of work it did; it is called at least every `every` seconds."""

    name: str
    run: Callable[[], int]
    every: float = 1.0


class Worker:
    """Runs duties, each in its own rhythm; a duty that did something is called again at once."""

    def __init__(self, duties: Sequence[Duty]) -> None:
        self._duties = duties
        self._stop = threading.Event()

    def stop(self) -> None:
        self._stop.set()

    def round(self) -> int:
        """Call every duty once; return the work done. A failing duty is logged and the others go on."""
        return sum(self._call(duty) for duty in self._duties)

    def forever(self) -> None:
        """Work until stopped by SIGTERM or SIGINT."""
        signal.signal(signal.SIGTERM, lambda *_: self.stop())
        signal.signal(signal.SIGINT, lambda *_: self.stop())
        waited = {duty.name: duty.every for duty in self._duties}
        while not self._stop.is_set():
            busy = False
            for duty in self._duties:
                if waited[duty.name] >= duty.every:
                    waited[duty.name] = duty.every if (did := self._call(duty)) else 0.0
                    busy = busy or bool(did)
            pause = 0.05 if busy else 0.5
            self._stop.wait(pause)
            waited = {name: seconds + pause for name, seconds in waited.items()}
            close_old_connections()

    def _call(self, duty: Duty) -> int:
        try:
            return duty.run()
        except Exception:
            log.exception("duty %s failed; it will be tried again", duty.name)
            return 0
