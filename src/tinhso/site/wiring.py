"""Who reacts to what, on one page: (event, reader, reaction). Every reaction is idempotent.

And what the worker does in turns, and which adapters `tinhso check` asks.
"""

from __future__ import annotations

from tinhso.foundation.api import journal, reactions, vault

from tinhso.notices import api as notices
from tinhso.organisation import api as organisation
from tinhso.services import api as services

from . import messages, probes
from .worker import Duty

REACTIONS = (
    Reaction("organisation.CodeRequested", "notices.codes", messages.one_time_code),
    *(
        Reaction(f"services.{event}", "notices.cases", messages.about_case)
        for event in (
            "CaseSubmitted",
            "SupplementAsked",
            "CaseRefused",
            "CaseReappointed",
            "DueDateChanged",
            "ResultSigned",
        )
    ),
    Reaction("services.PaymentChanged", "notices.payments", messages.about_payment),
)
