"""The face of public services: what other rooms, the site and this room's own pages may call.

A person fills in a draft and submits it (or a program submits at once); officials decide on tasks; money is taken once;
results are signed. Every verb takes the acting `principal` and answers with contracts or raises `Refusal`.
"""

from __future__ import annotations

from .actions import (
    citizen,
    decisions,
    documents,
    drafts,
    files,
    filters,
    gateway_demo,
    payments,
    published,
    submission,
    upkeep,
    uploads,
)
from .gateways.installed import simulator as gateway_simulator
from .gateways.simulator import Behaviour as GatewayBehaviour
from .queries import applications, cases, desk, dues, places, procedures, transfers, verification, worklist

__all__ = [
    "GatewayBehaviour",
    "applications",
    "cases",
    "citizen",
    "decisions",
    "desk",
    "documents",
    "drafts",
    "dues",
    "files",
    "filters",
    "gateway_demo",
    "gateway_simulator",
    "payments",
    "places",
    "procedures",
    "published",
    "submission",
    "transfers",
    "upkeep",
    "uploads",
    "verification",
    "worklist",
]
