"""What each verb of the command does."""

from .adapters import check
from .packages import packages
from .run import prepare, run, worker
from .simulation import simulate
from .users import django, user

__all__ = ["check", "django", "packages", "prepare", "run", "simulate", "user", "worker"]
