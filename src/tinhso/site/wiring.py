"""Who reacts to what, on one page: (event, reader, reaction). Every reaction is idempotent.

And what the worker does in turns.
"""

from __future__ import annotations

from tinhso.foundation.api import journal, reactions, vault
from tinhso.foundation.contracts import Actor
from tinhso.notices import api as notices
from tinhso.organisation import api as organisation
from tinhso.services import api as services

from . import messages
from .worker import Duty

_ABOUT_CASES = (
    "services.CaseSubmitted",
    "services.SupplementAsked",
    "services.CaseRefused",
    "services.CaseReappointed",
    "services.DueDateChanged",
    "services.ResultSigned",
)
REACTIONS = (
    reactions.Reaction("organisation.CodeRequested", "notices.codes", messages.one_time_code),
    *(reactions.Reaction(event, "notices.cases", messages.about_case) for event in _ABOUT_CASES),
    reactions.Reaction("services.PaymentChanged", "notices.payments", messages.about_payment),
)

DUTIES = (
    Duty("seal the journal", journal.seal, every=0.2),
    Duty("react", lambda: reactions.run_once(REACTIONS), every=0.5),
    Duty("carry out decisions", services.decisions.carry_out_due, every=0.5),
    Duty("look at files", services.files.check_waiting, every=0.5),
    Duty("send notices", notices.deliver, every=1),
    Duty("tend payments", services.payments.tend, every=5),
    Duty("deliver the simulated gateway's notices", services.gateway_demo.deliver_due, every=1),
    Duty("note late cases", services.upkeep.note_late, every=30),
    Duty("prove levels", lambda: services.published.prove_levels(actor=Actor.system("worker")), every=3600),
    Duty("forget old codes", organisation.sign_in.forget_old_codes, every=600),
    Duty("forget old messages", notices.forget, every=3600),
    Duty("sweep unfinished uploads", services.uploads.sweep, every=600),
    Duty("wrap keys anew", vault.rewrap, every=60),
    Duty("sweep the vault", vault.sweep, every=3600),
)
