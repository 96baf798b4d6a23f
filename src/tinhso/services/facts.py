"""Offer this room's facts to indicators."""

from __future__ import annotations

from tinhso.foundation.api import facts

from .models import CaseFact, ServiceFact

CASE = facts.Fact(
    name="services.case",
    table=CaseFact,
    columns=(
        "code", "procedure", "unit_id", "tier", "channel", "status", "typed_by_official", "wholly_online",
        "resubmitted", "late_supplement", "on_time", "submitted_on", "received_at", "due_at", "finished_at",
    ),
    title="Hồ sơ dịch vụ công",
)  # fmt: skip
SERVICE = facts.Fact(
    name="services.service",
    table=ServiceFact,
    columns=("code", "tier", "field", "published", "has_package", "level"),
    title="Thủ tục trong danh mục công bố",
)
