"""VietQR: the codes NAPAS published, and the promise that what we read we can write again."""

from __future__ import annotations

import string
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinhso.services.rules.vietqr import (
    Fault,
    Target,
    VietQr,
    VietQrError,
    build,
    crc,
    fold_purpose,
    for_debt,
    parse,
)

ACCOUNT = "0011012345678"
CARD = "9704031101234567"
MALFORMED_STATIC = "00020101021138570010A00000072701270006970403011200110123456780208QRIBFTTA53037045802VN6304F4E5"
PUBLISHED = {
    "dynamic account": (
        "00020101021238570010A00000072701270006970403011300110123456780208QRIBFTTA530370454061800005802VN"
        "62340107NPS68690819thanh toan don hang63042E2E",
        VietQr("970403", ACCOUNT, Target.ACCOUNT, True, 180_000, "NPS6869", "thanh toan don hang"),
    ),
    "static card": (
        "00020101021138600010A00000072701300006970403011697040311012345670208QRIBFTTC53037045802VN63044F52",
        VietQr("970403", CARD, Target.CARD),
    ),
    "dynamic card": (
        "00020101021238600010A00000072701300006970403011697040311012345670208QRIBFTTC530370454061800005802VN"
        "62340107NPS68690819thanh toan don hang6304A203",
        VietQr("970403", CARD, Target.CARD, True, 180_000, "NPS6869", "thanh toan don hang"),
    ),
}
GOOD = PUBLISHED["dynamic account"][0]

banks = st.text(string.digits, min_size=6, max_size=6)
accounts = st.text(string.ascii_letters + string.digits, min_size=1, max_size=19)
amounts = st.integers(1, 9_999_999_999_999)
printable = st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=25)
codes = st.builds(
    VietQr,
    bank=banks,
    account=accounts,
    target=st.sampled_from(Target),
    dynamic=st.booleans(),
    amount=st.none() | amounts,
    bill=st.none() | printable,
    purpose=st.none() | printable,
)


def sealed(body: str) -> str:
    """Close a hand-made payload with its right checksum."""
    return f"{body}6304{crc(body + '6304'):04X}"


def test_the_checksum_is_the_one_in_the_catalogue_of_crcs() -> None:
    assert crc("123456789") == 0x29B1


@pytest.mark.parametrize("name", PUBLISHED)
def test_published_codes_are_read_and_written(name: str) -> None:
    payload, code = PUBLISHED[name]
    assert parse(payload) == code
    assert build(code) == payload


def test_the_published_static_account_has_a_right_checksum_and_a_wrong_length() -> None:
    assert f"{crc(MALFORMED_STATIC[:-4]):04X}" == MALFORMED_STATIC[-4:] == "F4E5"
    with pytest.raises(VietQrError) as refused:
        parse(MALFORMED_STATIC)
    assert refused.value.fault is Fault.BAD_TAG
    assert MALFORMED_STATIC[refused.value.details["at"] - 1] == "8"  # the digit the wrong length left over


@given(codes)
def test_what_is_written_reads_the_same(code: VietQr) -> None:
    assert parse(build(code)) == code


@given(codes, st.data())
def test_a_code_with_one_character_changed_is_never_read_as_another(code: VietQr, data: st.DataObject) -> None:
    payload = build(code)
    at = data.draw(st.integers(0, len(payload) - 1))
    other = data.draw(st.characters(min_codepoint=32, max_codepoint=126).filter(lambda c: c != payload[at]))
    with pytest.raises(VietQrError):
        parse(payload[:at] + other + payload[at + 1 :])


@given(codes, st.data())
def test_a_code_cut_short_is_refused(code: VietQr, data: st.DataObject) -> None:
    payload = build(code)
    with pytest.raises(VietQrError):
        parse(payload[: data.draw(st.integers(0, len(payload) - 1))])


@given(st.text(max_size=600) | st.text(string.digits + "AVN", max_size=200))
def test_any_text_is_read_or_refused_and_what_is_read_can_be_written_again(text: str) -> None:
    with suppress(VietQrError):
        assert build(parse(text)) == text


@given(st.data())
def test_a_rightly_sealed_text_of_any_fields_is_read_or_refused(data: st.DataObject) -> None:
    tags = st.sampled_from(["00", "01", "38", "53", "54", "58", "59", "62", "63"])
    values = st.sampled_from(["01", "11", "12", "704", "VN", "1000", "0010A000000727", "0107NPS6869"])
    fields = data.draw(st.lists(st.tuples(tags, values), max_size=9))
    payload = sealed("".join(f"{tag}{len(value):02d}{value}" for tag, value in fields))
    with suppress(VietQrError):
        assert build(parse(payload)) == payload


BODY = "0002010102123857" + GOOD[16 : 16 + 57]
TAIL = "5802VN"


@pytest.mark.parametrize(
    ("payload", "fault"),
    [
        ("", Fault.EMPTY),
        ("0" * 513, Fault.TOO_LONG),
        ("000201é", Fault.NOT_ASCII),
        (GOOD[:-1] + "\x00", Fault.NOT_ASCII),
        (GOOD[:-4] + "2E2F", Fault.WRONG_CRC),
        (GOOD[:-4] + "2e2e", Fault.WRONG_CRC),
        (GOOD[:40], Fault.CUT_SHORT),
        (GOOD + "0", Fault.BAD_TAG),
        (GOOD + "00", Fault.CUT_SHORT),
        ("0000" + GOOD, Fault.BAD_LENGTH),
        ("00+2" + GOOD[4:], Fault.BAD_LENGTH),
        ("000201" + GOOD, Fault.DUPLICATE),
        (GOOD[6:], Fault.MISSING),
        (GOOD[6:12] + GOOD[:6] + GOOD[12:], Fault.MISPLACED),
        (BODY, Fault.MISSING),
        (sealed(BODY + TAIL), Fault.MISSING),
        (sealed(BODY + "5303704"), Fault.MISSING),
        (sealed("000201010212" + "5303704" + TAIL), Fault.MISSING),
        (sealed(BODY + TAIL + "5303704"), Fault.MISPLACED),
        (sealed(BODY + "5303840" + TAIL), Fault.UNSUPPORTED),
        (sealed(BODY + "5303704" + "5802US"), Fault.UNSUPPORTED),
        (sealed(BODY + "5303704" + TAIL + "5904SHOP"), Fault.UNSUPPORTED),
        (sealed(BODY.replace("010212", "010213") + "5303704" + TAIL), Fault.UNSUPPORTED),
        (sealed(BODY.replace("QRIBFTTA", "QRCASH00") + "5303704" + TAIL), Fault.UNSUPPORTED),
        (sealed(BODY.replace("A000000727", "A000000728") + "5303704" + TAIL), Fault.UNSUPPORTED),
        (sealed(BODY + "5303704" + "5401" + "0" + TAIL), Fault.BAD_AMOUNT),
        (sealed(BODY + "5303704" + "5404" + "0100" + TAIL), Fault.BAD_AMOUNT),
        (sealed(BODY + "5303704" + "5407" + "1000.00" + TAIL), Fault.BAD_AMOUNT),
        (sealed(BODY + "5303704" + "5402" + "-5" + TAIL), Fault.BAD_AMOUNT),
        (sealed(BODY + "5303704" + TAIL + "62060105ab"), Fault.CUT_SHORT),
        (sealed(BODY + "5303704" + TAIL + "62100801a0101b"), Fault.MISPLACED),
    ],
    ids=lambda value: value.name if isinstance(value, Fault) else "",
)
def test_a_bad_code_is_refused_with_the_fault_it_has(payload: str, fault: Fault) -> None:
    with pytest.raises(VietQrError) as refused:
        parse(payload)
    assert refused.value.fault is fault
    assert "%(" not in str(refused.value)


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"bank": "97040"}, Fault.BAD_BANK),
        ({"bank": "97040٣"}, Fault.BAD_BANK),
        ({"account": ""}, Fault.BAD_ACCOUNT),
        ({"account": "1" * 20}, Fault.BAD_ACCOUNT),
        ({"account": "12 34"}, Fault.BAD_ACCOUNT),
        ({"amount": 0}, Fault.BAD_AMOUNT),
        ({"amount": -8000}, Fault.BAD_AMOUNT),
        ({"amount": 10**13}, Fault.BAD_AMOUNT),
        ({"amount": True}, Fault.BAD_AMOUNT),
        ({"bill": "H" * 26}, Fault.BAD_BILL),
        ({"bill": "hóa đơn"}, Fault.BAD_BILL),
    ],
    ids=str,
)
def test_a_debt_that_does_not_fit_a_code_is_refused(changed: dict[str, object], fault: Fault) -> None:
    debt = {"bank": "970403", "account": ACCOUNT, "amount": 8000, "bill": "B1", "purpose": "Lệ phí"} | changed
    with pytest.raises(VietQrError) as refused:
        for_debt(**debt)  # type: ignore[arg-type]
    assert refused.value.fault is fault


def test_a_debt_carries_its_case_code_whole_and_its_purpose_folded() -> None:
    code = parse(
        for_debt(
            bank="970403",
            account=ACCOUNT,
            amount=8000,
            bill="000.00.16.H23-210115-0042",
            purpose="Lệ phí trích lục: Đặng Thị Ánh, xã Hồng Phong",
        )
    )
    assert (code.dynamic, code.amount, code.bill) == (True, 8000, "000.00.16.H23-210115-0042")
    assert code.purpose == "Le phi trich luc Dang Thi"


@given(st.text(max_size=80), st.integers(1, 25))
def test_a_folded_purpose_always_fits(text: str, limit: int) -> None:
    folded = fold_purpose(text, limit)
    assert len(folded) <= limit
    assert set(folded) <= set(string.ascii_letters + string.digits + " -./")
    assert fold_purpose(folded, limit) == folded
