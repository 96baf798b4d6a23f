"""Tables of public services, by subject."""

from .case import Case, CaseCodeCounter, CaseEvent, DataLook, PendingDecision, Task
from .draft import Attachment, AttachmentOpening, Draft
from .fact import CaseFact, ServiceFact
from .filter import SavedFilter
from .money import GatewayDelivery, GatewayOrder, PaymentRow
from .procedure import PublishedProcedure
from .result import NumberSeries, Result

__all__ = [
    "Attachment",
    "AttachmentOpening",
    "Case",
    "CaseCodeCounter",
    "CaseEvent",
    "CaseFact",
    "DataLook",
    "Draft",
    "GatewayDelivery",
    "GatewayOrder",
    "NumberSeries",
    "PaymentRow",
    "PendingDecision",
    "PublishedProcedure",
    "Result",
    "SavedFilter",
    "ServiceFact",
    "Task",
]
