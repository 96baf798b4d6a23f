"""Turn what happened to a case into its due moment, and explain it. Pure: no database, no clock of its own.

Start at `compute` (due.py); what is lawful and what is not is decided in fold.py, how time is counted in stretch.py.
"""

from .due import compute
from .guards import last_fifth, lateness, may_ask_supplement, may_reappoint, remaining
from .joint import stage_dues, step_due
from .laws import CLOCK_LAWS, NoLaw, law_on
from .words import amount, explain, explain_breach, explain_remaining

__all__ = [
    "CLOCK_LAWS",
    "NoLaw",
    "amount",
    "compute",
    "explain",
    "explain_breach",
    "explain_remaining",
    "last_fifth",
    "lateness",
    "law_on",
    "may_ask_supplement",
    "may_reappoint",
    "remaining",
    "stage_dues",
    "step_due",
]
