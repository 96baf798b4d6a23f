"""Read what people are known by: phone numbers, addresses, citizen numbers, tax codes."""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum

from tinhso.foundation.contracts import text

_PHONE = re.compile(r"0[35789][0-9]{8}")
_EMAIL = re.compile(r"[^@\s\"'<>(),;:\\]{1,64}@(?:[^@\s.\"'<>(),;:\\]{1,63}\.)+[^@\s.\"'<>(),;:\\]{2,63}")
_LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{2,39}")
_PROVINCES = range(1, 97)  # birth province codes 001–096 in a citizen number (from memory)
_TAX_WEIGHTS = (31, 29, 23, 19, 17, 13, 7, 5, 3)


def gettext_noop(message: str) -> str:
    """Mark a message for translation; whoever shows it translates it."""
    return message


class Channel(StrEnum):
    """How a one-time code reaches a person."""

    SMS = "sms"
    EMAIL = "email"


class NotReadable(ValueError):
    """What was typed is not what was asked for; the message says how to mend it."""


def phone(value: str) -> str:
    """Return a Vietnamese mobile number as "+84912345678"; raise NotReadable where it is none."""
    digits = re.sub(r"[\s.\-()]", "", text.clean(value))
    if digits.startswith("+84"):
        digits = "0" + digits[3:]
    elif digits.startswith("84") and len(digits) == 11:
        digits = "0" + digits[2:]
    if not (digits.isascii() and _PHONE.fullmatch(digits)):
        raise NotReadable(gettext_noop("Số điện thoại di động gồm 10 chữ số, ví dụ 0912 345 678."))
    return "+84" + digits[1:]


def local(number: str) -> str:
    """Write a phone number the way people here say it: "0912 345 678"."""
    digits = "0" + number.removeprefix("+84")
    return f"{digits[:4]} {digits[4:7]} {digits[7:]}" if number else ""


def email(value: str) -> str:
    """Return an e-mail address in lower case, NFC; raise NotReadable where it is none."""
    address = text.clean(value).lower()
    if len(address) > 254 or not _EMAIL.fullmatch(address):
        raise NotReadable(gettext_noop("Địa chỉ thư điện tử có dạng ten@nhacungcap.vn."))
    return address


def destination(value: str) -> tuple[Channel, str]:
    """Tell a phone number from an e-mail address and return it normalised; raise NotReadable where it is neither."""
    if not value.strip():
        raise NotReadable(gettext_noop("Hãy nhập số điện thoại hoặc địa chỉ thư điện tử."))
    if "@" in value:
        return Channel.EMAIL, email(value)
    try:
        return Channel.SMS, phone(value)
    except NotReadable:
        message = gettext_noop("Hãy nhập số điện thoại di động 10 chữ số hoặc địa chỉ thư điện tử, ví dụ 0912 345 678.")
        raise NotReadable(message) from None


def masked(value: str) -> str:
    """Hide the middle of a destination, so that its owner knows it and others learn little."""
    if "@" in value:
        name, _, host = value.partition("@")
        return f"{name[:2]}•••@{host}"
    local = "0" + value.removeprefix("+84")
    return f"{local[:3]}• ••• {local[-3:]}"


def login(value: str) -> str:
    """Return an official's login name in lower case; raise NotReadable where it cannot be one."""
    name = text.clean(value).lower()
    if not _LOGIN.fullmatch(name):
        raise NotReadable(gettext_noop("Tên đăng nhập gồm 3–40 chữ không dấu, chữ số, dấu chấm, gạch nối."))
    return name


def person_name(value: str) -> str:
    """Return a person's name, single-spaced; raise NotReadable where it is empty, too long or holds digits."""
    name = " ".join(text.clean(value).split())
    if not 2 <= len(name) <= 120:
        raise NotReadable(gettext_noop("Hãy nhập họ, chữ đệm và tên, từ 2 đến 120 ký tự."))
    if any(c.isdigit() or c in "<>{}[]|\\@#$%^*=+/" for c in name):
        raise NotReadable(gettext_noop("Họ tên chỉ gồm chữ cái và khoảng trắng."))
    return name


def password(value: str) -> str:
    """Return a password that may be set; raise NotReadable where it is too short, too long or too plain."""
    if not 10 <= len(value) <= 200:
        raise NotReadable(gettext_noop("Mật khẩu cần từ 10 đến 200 ký tự."))
    if len(set(value)) < 5:
        raise NotReadable(gettext_noop("Mật khẩu lặp lại quá ít ký tự. Hãy dùng vài từ ghép lại."))
    return unicodedata.normalize("NFC", value)


def citizen_number(value: str) -> str:
    """Return a 12-digit citizen number; raise NotReadable where it cannot be one.

    Digits 1–3 are the province of birth, 4 the century and sex, 5–6 the year (from memory). No check digit exists,
    so a number that passes is well formed, not proved.
    """
    digits = re.sub(r"[\s.]", "", text.clean(value))
    if not (digits.isascii() and digits.isdigit() and len(digits) == 12):
        raise NotReadable(gettext_noop("Số định danh cá nhân gồm 12 chữ số in trên thẻ căn cước."))
    if int(digits[:3]) not in _PROVINCES:
        raise NotReadable(gettext_noop("Ba chữ số đầu của số định danh không phải mã tỉnh. Hãy xem lại thẻ căn cước."))
    return digits


def tax_code(value: str) -> str:
    """Return a tax code of 10 digits or 10-3; raise NotReadable where its check digit is wrong.

    The tenth digit is 10 less the weighted sum of the first nine modulo 11 (from memory).
    """
    code = re.sub(r"\s", "", text.clean(value))
    main, dash, branch = code.partition("-")
    if not dash and len(code) == 13:
        main, branch = code[:10], code[10:]
    if not (main.isascii() and main.isdigit() and len(main) == 10):
        raise NotReadable(gettext_noop("Mã số thuế gồm 10 chữ số, hoặc 10 chữ số và 3 chữ số chi nhánh."))
    if branch and not (branch.isascii() and branch.isdigit() and len(branch) == 3):
        raise NotReadable(gettext_noop("Phần chi nhánh của mã số thuế gồm 3 chữ số."))
    if tax_check_digit(main[:9]) != int(main[9]):
        raise NotReadable(gettext_noop("Chữ số kiểm tra của mã số thuế không khớp. Hãy xem lại từng chữ số."))
    return f"{main}-{branch}" if branch else main


def tax_check_digit(nine: str) -> int:
    """Return the check digit of the first nine digits; 10 means that no such code is issued."""
    return 10 - sum(int(d) * w for d, w in zip(nine, _TAX_WEIGHTS, strict=True)) % 11
