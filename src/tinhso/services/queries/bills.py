"""Read and write the payment contract as a row keeps it."""

from __future__ import annotations

from pydantic import TypeAdapter

from tinhso.services.contracts.payment import Payment
from tinhso.services.models import PaymentRow

_codec: TypeAdapter[Payment] = TypeAdapter(Payment)


def payment_in(row: PaymentRow) -> Payment:
    """Return the payment a row holds."""
    return _codec.validate_python(row.body)


def body_of(payment: Payment) -> object:
    """Return a payment as a row keeps it."""
    return _codec.dump_python(payment, mode="json")
