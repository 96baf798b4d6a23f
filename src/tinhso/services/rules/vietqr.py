"""Write and read VietQR codes: EMVCo merchant-presented QR with the account template of NAPAS (tag 38).

Source: NAPAS, "QR Format T&C v1.0 (Vietnam, September 2021)" and its published examples (secondary: read as excerpts).
Amounts are whole đồng. The reader is strict: what it accepts it can write again, character for character.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple, NoReturn

from tinhso.foundation.contracts import money

GUID = "A000000727"
MAX_ACCOUNT = 19
MAX_BILL = 25
MAX_PURPOSE = 25
_MAX_PAYLOAD = 512
_CURRENCY = "704"
_COUNTRY = "VN"


class _Span(NamedTuple):
    """A piece of the payload and the place (from 0) where it starts there."""

    text: str
    at: int


def gettext_noop(message: str) -> str:
    """Mark a text for translation and return it: this module knows no Django, the page translates."""
    return message


class Target(StrEnum):
    """Where the transfer goes: an account number or a card number (NAPAS service codes)."""

    ACCOUNT = "QRIBFTTA"
    CARD = "QRIBFTTC"


class Fault(StrEnum):
    """What is wrong with a code; the value is the message in Vietnamese, with named places for details."""

    EMPTY = gettext_noop("Mã VietQR trống. Hãy quét hoặc dán lại cả mã.")
    TOO_LONG = gettext_noop("Mã VietQR dài quá %(limit)s ký tự. Hãy xem có dán nhầm nội dung khác không.")
    NOT_ASCII = gettext_noop("Mã VietQR có ký tự không hợp lệ ở vị trí %(at)s. Hãy quét lại mã gốc.")
    CUT_SHORT = gettext_noop("Mã VietQR bị cắt ngang ở trường %(tag)s (vị trí %(at)s). Hãy quét lại cả mã.")
    BAD_TAG = gettext_noop("Vị trí %(at)s của mã VietQR phải là số hiệu trường hai chữ số. Hãy quét lại mã gốc.")
    BAD_LENGTH = gettext_noop("Độ dài trường %(tag)s (vị trí %(at)s) phải từ 01 đến 99. Hãy quét lại mã gốc.")
    DUPLICATE = gettext_noop("Mã VietQR ghi trường %(tag)s hai lần. Hãy dùng mã do cơ quan cấp.")
    MISSING = gettext_noop("Mã VietQR thiếu trường %(tag)s. Hãy quét lại mã gốc.")
    MISPLACED = gettext_noop("Trường %(tag)s của mã VietQR không đứng đúng chỗ. Hãy dùng mã do cơ quan cấp.")
    WRONG_CRC = gettext_noop("Mã VietQR sai mã kiểm tra: ghi %(found)s, tính ra %(expected)s. Hãy quét lại.")
    UNSUPPORTED = gettext_noop("Trường %(tag)s của mã VietQR không dùng được. Hãy dùng mã do cơ quan cấp.")
    BAD_BANK = gettext_noop("Mã ngân hàng phải gồm đúng 6 chữ số.")
    BAD_ACCOUNT = gettext_noop("Số tài khoản hoặc số thẻ phải gồm từ 1 đến 19 chữ cái không dấu và chữ số.")
    BAD_AMOUNT = gettext_noop("Số tiền phải là số nguyên từ 1 đến 9.999.999.999.999 đồng.")
    BAD_BILL = gettext_noop("Mã hóa đơn phải có từ 1 đến 25 ký tự không dấu.")
    BAD_PURPOSE = gettext_noop("Nội dung chuyển tiền phải có từ 1 đến 25 ký tự không dấu.")


class VietQrError(ValueError):
    """A code that cannot be read or written: `fault.value % details` is the message, translatable before filling in."""

    def __init__(self, fault: Fault, details: Mapping[str, str | int] | None = None) -> None:
        self.fault = fault
        self.details = dict(details or {})
        super().__init__(fault.value % self.details)


@dataclass(frozen=True, slots=True)
class VietQr:
    """A transfer as a code says it: bank (6-digit BIN), account or card, and what is to be paid.

    `dynamic` says the code is for one payment only. `amount` is in đồng, None where the payer types it. Raises
    VietQrError where a value cannot stand in a code.
    """

    bank: str
    account: str
    target: Target = Target.ACCOUNT
    dynamic: bool = False
    amount: money.Vnd | None = None
    bill: str | None = None
    purpose: str | None = None

    def __post_init__(self) -> None:
        _check(Fault.BAD_BANK, re.fullmatch(r"[0-9]{6}", self.bank))
        _check(Fault.BAD_ACCOUNT, re.fullmatch(rf"[0-9A-Za-z]{{1,{MAX_ACCOUNT}}}", self.account))
        if self.amount is not None:
            _check(Fault.BAD_AMOUNT, type(self.amount) is int and 1 <= self.amount <= 9_999_999_999_999)
        if self.bill is not None:
            _check(Fault.BAD_BILL, re.fullmatch(rf"[ -~]{{1,{MAX_BILL}}}", self.bill))
        if self.purpose is not None:
            _check(Fault.BAD_PURPOSE, re.fullmatch(rf"[ -~]{{1,{MAX_PURPOSE}}}", self.purpose))


def for_debt(
    *, bank: str, account: str, amount: money.Vnd, bill: str, purpose: str, target: Target = Target.ACCOUNT
) -> str:
    """Write the dynamic code for one debt: whole amount in đồng, bill number as given, purpose folded to fit.

    The bill number is what money is matched by, so it is refused rather than shortened (VietQrError).
    """
    words = fold_purpose(purpose) or None
    return build(VietQr(bank, account, target, dynamic=True, amount=amount, bill=bill, purpose=words))


def fold_purpose(value: str, limit: int = MAX_PURPOSE) -> str:
    """Write `value` as banks carry it: no diacritics, letters, digits, spaces, `-./`; cut at a word to `limit`."""
    plain = unicodedata.normalize("NFKD", value.replace("đ", "d").replace("Đ", "D"))
    kept = "".join(c for c in plain if not unicodedata.combining(c))
    words = re.sub(r"[^0-9A-Za-z./-]+", " ", kept).split()
    text = ""
    for word in words:
        longer = f"{text} {word}".lstrip()
        if len(longer) > limit:
            break
        text = longer
    return text or (words[0][:limit] if words else "")


def build(code: VietQr) -> str:
    """Write the payload of a code, checksum included."""
    beneficiary = _field("00", code.bank) + _field("01", code.account)
    account = _field("00", GUID) + _field("01", beneficiary) + _field("02", code.target.value)
    body = _field("00", "01") + _field("01", "12" if code.dynamic else "11") + _field("38", account)
    body += _field("53", _CURRENCY)
    if code.amount is not None:
        body += _field("54", str(code.amount))
    body += _field("58", _COUNTRY)
    extra = _field("01", code.bill) if code.bill else ""
    extra += _field("08", code.purpose) if code.purpose else ""
    if extra:
        body += _field("62", extra)
    body += "6304"
    return f"{body}{crc(body):04X}"


def parse(payload: str) -> VietQr:
    """Read a payload; raise VietQrError naming the first thing that is wrong.

    Refused are wrong lengths, a wrong checksum, a field given twice or out of place, and whatever we do not write
    ourselves (merchant names, tips, other languages): a code we misunderstand must not be paid.
    """
    _check_text(payload)
    fields = _read(_Span(payload, 0))
    _check_frame(fields)
    _check_crc(payload, fields["63"])
    _only(fields, "", ("00", "01", "38", "53", "54", "58", "62", "63"))
    _same(fields, "00", "01")
    _same(fields, "53", _CURRENCY)
    _same(fields, "58", _COUNTRY)
    dynamic = _need(fields, "01").text == "12"
    if not dynamic:
        _same(fields, "01", "11")
    bank, account, target = _read_account(_need(fields, "38"))
    amount = _read_amount(fields["54"].text) if "54" in fields else None
    bill, purpose = _read_extra(fields["62"]) if "62" in fields else (None, None)
    return VietQr(bank, account, target, dynamic, amount, bill, purpose)


def crc(text: str) -> int:
    """Compute CRC-16/CCITT-FALSE (polynomial 1021, start FFFF, nothing reflected) over ASCII text."""
    value = 0xFFFF
    for byte in text.encode("ascii"):
        value ^= byte << 8
        for _ in range(8):
            value = ((value << 1) ^ 0x1021 if value & 0x8000 else value << 1) & 0xFFFF
    return value


def _field(tag: str, value: str) -> str:
    return f"{tag}{len(value):02d}{value}"


def _read(span: _Span, parent: str = "") -> dict[str, _Span]:
    """Split a span into its fields in order; `parent` only serves the messages."""
    fields: dict[str, _Span] = {}
    text, at = span.text, 0
    while at < len(text):
        tag, length = text[at : at + 2], text[at + 2 : at + 4]
        where = span.at + at + 1
        if re.fullmatch(r"[0-9]{2}", tag) is None:
            _refuse(Fault.BAD_TAG, at=where)
        name = parent + tag
        if len(length) < 2:
            _refuse(Fault.CUT_SHORT, tag=name, at=where)
        if re.fullmatch(r"[0-9]{2}", length) is None or length == "00":
            _refuse(Fault.BAD_LENGTH, tag=name, at=where)
        end = at + 4 + int(length)
        if end > len(text):
            _refuse(Fault.CUT_SHORT, tag=name, at=where)
        if tag in fields:
            _refuse(Fault.DUPLICATE, tag=name)
        fields[tag] = _Span(text[at + 4 : end], span.at + at + 4)
        at = end
    return fields


def _read_account(span: _Span) -> tuple[str, str, Target]:
    outer = _read(span, "38.")
    _only(outer, "38.", ("00", "01", "02"))
    _same(outer, "00", GUID, "38.")
    inner = _read(_need(outer, "01", "38."), "38.01.")
    _only(inner, "38.01.", ("00", "01"))
    service = _need(outer, "02", "38.").text
    if service not in set(Target):
        _refuse(Fault.UNSUPPORTED, tag="38.02")
    return _need(inner, "00", "38.01.").text, _need(inner, "01", "38.01.").text, Target(service)


def _read_extra(span: _Span) -> tuple[str | None, str | None]:
    extra = _read(span, "62.")
    _only(extra, "62.", ("01", "08"))
    bill, purpose = extra.get("01"), extra.get("08")
    return bill.text if bill else None, purpose.text if purpose else None


def _read_amount(text: str) -> int:
    _check(Fault.BAD_AMOUNT, re.fullmatch(r"[1-9][0-9]{0,12}", text))
    return int(text)


def _check_text(payload: str) -> None:
    if not payload:
        _refuse(Fault.EMPTY)
    if len(payload) > _MAX_PAYLOAD:
        _refuse(Fault.TOO_LONG, limit=_MAX_PAYLOAD)
    for at, char in enumerate(payload, start=1):
        if not " " <= char <= "~":
            _refuse(Fault.NOT_ASCII, at=at)


def _check_frame(fields: Mapping[str, _Span]) -> None:
    """A code starts with its version, ends with its checksum and stands in order between."""
    tags = list(fields)
    for tag, place in (("00", 0), ("63", -1)):
        if tags[place] != tag:
            _refuse(Fault.MISPLACED if tag in fields else Fault.MISSING, tag=tag)
    _in_order(tags[:-1], "")


def _check_crc(payload: str, found: _Span) -> None:
    if len(found.text) != 4:
        _refuse(Fault.BAD_LENGTH, tag="63", at=found.at - 3)
    expected = f"{crc(payload[:-4]):04X}"
    if found.text != expected:
        _refuse(Fault.WRONG_CRC, found=found.text, expected=expected)


def _need(fields: Mapping[str, _Span], tag: str, parent: str = "") -> _Span:
    if tag not in fields:
        _refuse(Fault.MISSING, tag=parent + tag)
    return fields[tag]


def _same(fields: Mapping[str, _Span], tag: str, value: str, parent: str = "") -> None:
    if _need(fields, tag, parent).text != value:
        _refuse(Fault.UNSUPPORTED, tag=parent + tag)


def _only(fields: Mapping[str, _Span], parent: str, known: tuple[str, ...]) -> None:
    """Refuse fields we do not write, and sub-fields out of order."""
    for tag in fields:
        if tag not in known:
            _refuse(Fault.UNSUPPORTED, tag=parent + tag)
    if parent:
        _in_order(list(fields), parent)


def _in_order(tags: list[str], parent: str) -> None:
    for before, tag in pairwise(tags):
        if tag < before:
            _refuse(Fault.MISPLACED, tag=parent + tag)


def _check(fault: Fault, good: object) -> None:
    if not good:
        _refuse(fault)


def _refuse(fault: Fault, **details: str | int) -> NoReturn:
    raise VietQrError(fault, details)
