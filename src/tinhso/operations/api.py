"""The face of operations: the right its pages ask for, and the indicators on the leaders' screen."""

from __future__ import annotations

from .queries.overview import SCREEN, overviews
from .rights import VIEW

__all__ = ["SCREEN", "VIEW", "overviews"]
