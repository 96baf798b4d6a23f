"""Declare the rights this room asks for, and the roles that carry them."""

from __future__ import annotations

from tinhso.organisation import api as organisation
from tinhso.organisation.contracts import Role

OFFICIALS = (Role.CLERK, Role.OFFICER, Role.LEADER)
WATCHERS = (Role.SUPERVISOR, Role.AUDITOR, Role.PROVINCE_LEADER)
# To one's own cases a person needs no post; named as rights so that a token can be kept from either.
OWN_READ, OWN_WRITE = "services.own.read", "services.own.write"


def declare() -> None:
    """Declare them (called once, when the app is ready)."""
    organisation.rights.declare("services.case.view", "Xem hồ sơ", (*OFFICIALS, *WATCHERS))
    organisation.rights.declare("services.case.receive", "Tiếp nhận hồ sơ", (Role.CLERK, Role.OFFICER))
    organisation.rights.declare("services.case.process", "Thụ lý hồ sơ", (Role.OFFICER,))
    organisation.rights.declare("services.case.sign", "Ký kết quả", (Role.LEADER,))
    organisation.rights.declare("services.calendar.edit", "Sửa lịch làm việc", (Role.ADMIN,))
    organisation.rights.declare("services.list.import", "Nhập danh mục thủ tục công bố", (Role.ADMIN,))
    organisation.rights.declare(OWN_READ, "Xem hồ sơ của chính mình", ())
    organisation.rights.declare(OWN_WRITE, "Nộp và bổ sung hồ sơ của chính mình", ())
