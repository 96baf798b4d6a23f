"""Declare the right this room asks for, and the roles that carry it."""

from __future__ import annotations

from tinhso.organisation import api as organisation
from tinhso.organisation.contracts import Role

VIEW = "operations.leaders.view"


def declare() -> None:
    """Declare it (called once, when the app is ready)."""
    roles = (Role.LEADER, Role.SUPERVISOR, Role.PROVINCE_LEADER, Role.AUDITOR)
    organisation.rights.declare(VIEW, "Xem màn hình điều hành", roles)
