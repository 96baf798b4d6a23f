"""The foundation's face: time, identity, chance, the journal, facts, the vault, packages, PDF documents.

Each name is a module with a few verbs, used as `clock.now()`, `journal.append(...)`, `vault.put(...)`.
Pure code asks `foundation.contracts` instead, which needs no Django.
"""

from . import (
    clock,
    facts,
    ids,
    installation,
    journal,
    keys,
    money,
    packages,
    pdf,
    randomness,
    reactions,
    statements,
    text,
    vault,
    workdays,
)
from .actions import action
from .models import FactVersion, Identified

__all__ = [
    "FactVersion",
    "Identified",
    "action",
    "clock",
    "facts",
    "ids",
    "installation",
    "journal",
    "keys",
    "money",
    "packages",
    "pdf",
    "randomness",
    "reactions",
    "statements",
    "text",
    "vault",
    "workdays",
]
