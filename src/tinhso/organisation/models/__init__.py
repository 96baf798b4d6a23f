"""Tables of the organisation. Days include the last one; instants of access do not include the end."""

from .access import Access, ApiToken
from .accounts import Account, AttemptCount, Enterprise, EnterpriseMember, OneTimeCode
from .people import Delegation, Holding, Person, Post
from .units import Unit, UnitIdentifier, UnitSuccession, UnitVersion

__all__ = [
    "Access",
    "Account",
    "ApiToken",
    "AttemptCount",
    "Delegation",
    "Enterprise",
    "EnterpriseMember",
    "Holding",
    "OneTimeCode",
    "Person",
    "Post",
    "Unit",
    "UnitIdentifier",
    "UnitSuccession",
    "UnitVersion",
]
