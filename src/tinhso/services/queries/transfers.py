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

ACCOUNT = "payments.account"  # the installation's setting: {"bank", "bank_name", "account", "holder"}
_INVENTED = {
    "bank": "970499",
    "bank_name": "Ngân hàng Ví Dụ (không có thật)",
    "account": "0000202100017",
    "holder": "TAI KHOAN MINH HOA",
}
_PAYABLE = (PaymentState.DUE, PaymentState.INITIATED, PaymentState.FAILED, PaymentState.EXPIRED)


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
    """Say whether a bill in this state can be paid now."""
    return state in _PAYABLE


def transfer_for(principal: Principal, case_id: UUID) -> Transfer | None:
    """Return how the applicant's own bill is paid by transfer; None where nothing is owed or no account is set."""
    row = PaymentRow.objects.filter(case_id=case_id, case__account_id=account_of(principal)).first()
    account = installation.get(ACCOUNT) or (_INVENTED if settings.TINHSO_DEMO else None)
    if row is None or principal.account_id is None or account is None or not payable(PaymentState(row.state)):
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
