"""Decide what is to be paid: the fees in force, filled from the installation's own amounts where left open.

An amount nobody has set is None, never 0: many procedures that national records show as "0" are in truth
set by the province's People's Council (DOMAIN 8, read).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from tinhso.services.contracts.procedure import (
    Certainty,
    Channel,
    Fee,
    FeeDecision,
    FeeLine,
    FeeOverlay,
    FeePer,
    OverlayFee,
    Procedure,
    Variant,
)
from tinhso.services.rules.conditions import holds

_WORST = (Certainty.INVENTED, Certainty.UNKNOWN, Certainty.MEMORY, Certainty.SECONDARY, Certainty.READ)
MAX_COUNT = 1_000


def fee_for(
    procedure: Procedure,
    variant: Variant,
    channel: Channel,
    data: Mapping[str, Any],
    on: date,
    *,
    overlay: FeeOverlay | None = None,
) -> FeeDecision:
    """Decide the fee in VND for these answers on the day of reception.

    `amount` is None when any line is not set, or when the package holds no fee rule for that day (unknown is
    not free); 0 only where the law says free. `certainty` is the weakest of the lines'.
    """
    rows = [fee for fee in procedure.fees if _applies(fee, variant, channel, data, on)]
    if not rows:
        return FeeDecision(None, (), "Gói thủ tục không có quy định phí cho ngày này", Certainty.UNKNOWN)
    lines = tuple(_line(fee, _filled(fee, channel, on, overlay), data) for fee in rows)
    amounts = [line.amount for line in lines if line.amount is not None]
    return FeeDecision(
        amount=sum(amounts) if len(amounts) == len(lines) else None,
        lines=lines,
        basis="; ".join(dict.fromkeys(line.basis for line in lines)),
        certainty=min((line.certainty for line in lines), key=_WORST.index),
    )


def fee_known(
    procedure: Procedure, variant: Variant, channel: Channel, on: date, *, overlay: FeeOverlay | None = None
) -> bool:
    """Say whether every fee that could fall due for this variant and channel on that day has an amount."""
    rows = [
        fee
        for fee in procedure.fees
        if fee.validity.covers(on)
        and (not fee.variants or variant.id in fee.variants)
        and (not fee.channels or channel in fee.channels)
    ]
    return bool(rows) and all(fee.amount is not None or _filled(fee, channel, on, overlay) is not None for fee in rows)


def _applies(fee: Fee, variant: Variant, channel: Channel, data: Mapping[str, Any], on: date) -> bool:
    return (
        fee.validity.covers(on)
        and (not fee.variants or variant.id in fee.variants)
        and (not fee.channels or channel in fee.channels)
        and holds(fee.condition, data)
    )


def _filled(fee: Fee, channel: Channel, on: date, overlay: FeeOverlay | None) -> OverlayFee | None:
    """Find the installation's own amount; it may fill an open fee, never change one the law sets."""
    if fee.amount is not None or overlay is None:
        return None
    return next(
        (
            row
            for row in overlay.rows
            if row.fee_id == fee.id and row.validity.covers(on) and (not row.channels or channel in row.channels)
        ),
        None,
    )


def _line(fee: Fee, own: OverlayFee | None, data: Mapping[str, Any]) -> FeeLine:
    count = _count(fee, data)
    unit = own.amount if own else fee.amount
    return FeeLine(
        fee_id=fee.id,
        title=fee.title,
        unit_amount=unit,
        count=count,
        amount=None if unit is None else unit * count,
        refundable=fee.refundable,
        basis=own.document if own else fee.basis,
        source=own.document if own else fee.source,
        certainty=own.certainty if own else fee.certainty,
    )


def _count(fee: Fee, data: Mapping[str, Any]) -> int:
    if fee.per is FeePer.CASE:
        return 1
    value = data.get(fee.count_field or "")
    if isinstance(value, bool) or not isinstance(value, int):
        return 1  # nothing answered yet: the price of one
    return min(max(value, 1), MAX_COUNT)
