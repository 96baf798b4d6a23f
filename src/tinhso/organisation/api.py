"""The organisation's face: units in time, people and posts, signing in, and who may see and do what.

Reads and writes of one subject stand together in a module with a few verbs: `units.by_code("10507", day)`,
`people.heads_of(ids)`, `staffing.fill_post(...)`, `sign_in.request_code(...)`, `rights.declare("room.thing.verb", …)`.
What rooms need at every request stands beside them by name.
"""

from __future__ import annotations

from .actions import access, second_factor, sign_in, tokens
from .actions import people as staffing
from .actions.access import grant_access, revoke_access
from .actions.demo import create_demo_accounts, demo_accounts
from .actions.load import load_organisation
from .http.guard import PrincipalMiddleware, principal_of, public, require, signed_in
from .queries import people, units
from .queries.principals import principal_for, principal_for_token
from .queries.sight import seen_among, sees, visible
from .rules import rights
from .rules.rights import may

__all__ = [
    "PrincipalMiddleware",
    "access",
    "create_demo_accounts",
    "demo_accounts",
    "grant_access",
    "load_organisation",
    "may",
    "people",
    "principal_for",
    "principal_for_token",
    "principal_of",
    "public",
    "require",
    "revoke_access",
    "rights",
    "second_factor",
    "seen_among",
    "sees",
    "sign_in",
    "signed_in",
    "staffing",
    "tokens",
    "units",
    "visible",
]
