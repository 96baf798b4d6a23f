"""The face of notices: queue a message to a person, deliver what waits, say what became of it."""

from .actions import send, try_again
from .jobs import deliver, forget
from .queries import about, given_up, recent_for_demo
from .transports import check_adapters

__all__ = [
    "about",
    "check_adapters",
    "deliver",
    "forget",
    "given_up",
    "recent_for_demo",
    "send",
    "try_again",
]
