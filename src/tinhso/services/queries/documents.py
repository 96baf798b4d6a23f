"""Make official documents: results signed by the test or the installation's authority, and the official forms."""

from __future__ import annotations

from contextvars import ContextVar

on_demand: ContextVar[bool] = ContextVar("documents_on_demand", default=False)
