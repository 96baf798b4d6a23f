"""Pay through the bundled gateway simulator, as a person's browser would, and deliver what it says."""

from __future__ import annotations

from uuid import UUID

from tinhso.organisation.contracts import Principal
from tinhso.services import api as services
from tinhso.services.api import GatewayBehaviour


def pay_through_simulator(who: Principal, case_id: UUID, behaviour: GatewayBehaviour) -> None:
    """Open an attempt, pay it as the behaviour says, and hand over the notices that come at once."""
    url = services.payments.start_payment(principal=who, case_id=case_id)
    simulator = services.gateway_simulator()
    token = simulator.open(url.partition("?")[2])
    if isinstance(token, str):
        for delivery in simulator.pay(token, behaviour).deliveries:
            services.payments.take_notification(body=delivery.body, headers=delivery.headers)
