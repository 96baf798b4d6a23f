"""Say how a bill is paid by bank transfer: the account of this installation and the VietQR code of one debt."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.conf import settings

from tinhso.foundation.api import installation
from tinhso.foundation.contracts import money
from tinhso.organisation.contracts import Principal
from tinhso.services.contracts.answers import account_of
from tinhso.services.contracts.payment import PaymentState
from tinhso.services.models import PaymentRow
from tinhso.services.rules import vietqr

from .bills import payment_in

ACCOUNT = "payments.account"  # the installation's setting: {"bank", "bank_name", "account", "holder"}
_INVENTED = {
    "bank": "970499",
    "bank_name": "Ngân hàng Ví Dụ (không có thật)",
    "account": "0000202100017",
    "holder": "TAI KHOAN MINH HOA",
}
_SETTLED = (PaymentState.SUCCEEDED, PaymentState.REFUNDED)


@dataclass(frozen=True, slots=True)
class Transfer:
    """A bank transfer to make; `purpose` must be written as it is, money is matched by it. Amount in đồng."""

    bank_name: str
    account: str
    holder: str
    amount: money.Vnd
    purpose: str
    payload: str  # of the QR code
    invented: bool


def payable(state: PaymentState) -> bool:
    """Say whether a bill in this state can be paid while its case goes on: after a cancelled try, too."""
    return state not in _SETTLED


def transfer_for(principal: Principal, case_id: UUID) -> Transfer | None:
    """Return how the applicant's own bill is paid by transfer; None where nothing is owed or no account is set."""
    row = PaymentRow.objects.filter(case_id=case_id, case__account_id=account_of(principal)).first()
    account = installation.get(ACCOUNT) or (_INVENTED if settings.TINHSO_DEMO else None)
    if row is None or account is None or not payment_in(row).open:
        return None
    try:
        payload = vietqr.for_debt(
            bank=account["bank"], account=account["account"], amount=row.amount, bill=row.reference,
            purpose=row.reference,
        )  # fmt: skip
    except vietqr.VietQrError:  # the reference or the account cannot stand in a code: other roads remain
        return None
    return Transfer(
        account["bank_name"], account["account"], account["holder"], row.amount, row.reference, payload,
        invented=account is _INVENTED,
    )  # fmt: skip
