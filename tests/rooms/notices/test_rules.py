"""What may be sent to whom, what messages say, and how long a failed one is tried."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinhso.notices import rules, wording
from tinhso.notices.contracts import BadMessage, Channel

from .factories import message

SAMPLES = {
    "case": "H23.16-210118-0042", "procedure": "Đăng ký thành lập hộ kinh doanh", "code": "042917", "minutes": 10,
    "amount": 150_000, "due": datetime(2021, 1, 21, 10, 0, tzinfo=UTC), "until": date(2021, 1, 22),
    "reason": "nghỉ bù",
}  # fmt: skip


def sample(template: str, *, full: bool) -> dict[str, object]:
    needs = rules.TEMPLATES[template]
    return {name: SAMPLES[name] for name in needs.required | (needs.optional if full else frozenset())}


@pytest.mark.parametrize(
    "address",
    [
        "a@b.vn\r\nBcc: c@d.vn", "a@b.vn\n", "a@b.vn, c@d.vn", "A <a@b.vn>", "a b@c.vn", "a@b@c.vn", "a@", "@b.vn", "",
        "a@b.vn\0", "đường@b.vn", "a@-b.vn", ".a@b.vn", "a" * 250 + "@b.vn", "\u202ea@b.vn",
    ],
)  # fmt: skip
def test_an_address_that_is_not_exactly_one_is_refused(address: str) -> None:
    with pytest.raises(BadMessage):
        rules.destination(Channel.EMAIL, address)


@pytest.mark.parametrize(
    "number", ["0912 345 678", "0912345678\n", "+84912345678,0912", "12", "９" * 10, "tel:0912345678", ""]
)
def test_a_number_that_cannot_be_dialled_is_refused(number: str) -> None:
    with pytest.raises(BadMessage):
        rules.destination(Channel.SMS, number)


@pytest.mark.parametrize("address", ["a@b.vn", "nguyen.van+thu@mail.haiduong.gov.vn", "x@localhost"])
def test_plain_addresses_pass(address: str) -> None:
    assert rules.destination(Channel.EMAIL, address) == address


@given(st.text(max_size=40))
def test_no_address_with_a_line_break_or_a_second_one_ever_passes(value: str) -> None:
    try:
        kept = rules.destination(Channel.EMAIL, value)
    except BadMessage:
        return
    assert kept.isascii()
    assert kept.count("@") == 1
    assert not set(kept) & set("\r\n,;<> \t")


@pytest.mark.parametrize("value", ["H23\r\nBcc: x@y.vn", "H23\nX", "H23\u2028X", "H23\0", "\u202eH23", "x" * 301])
def test_data_that_could_begin_a_header_or_deceive_are_refused(value: str) -> None:
    with pytest.raises(BadMessage):
        rules.shown("case_received", {"case": value, "procedure": "x"})


@pytest.mark.parametrize("template", sorted(rules.TEMPLATES))
def test_a_template_refuses_missing_and_unknown_data(template: str) -> None:
    good = sample(template, full=True)
    for name in rules.TEMPLATES[template].required:
        with pytest.raises(BadMessage):
            rules.shown(template, {k: v for k, v in good.items() if k != name})  # type: ignore[misc]
    with pytest.raises(BadMessage):
        rules.shown(template, {**good, "citizen_number": "030201001234"})  # type: ignore[dict-item]


@pytest.mark.parametrize("template", sorted(rules.TEMPLATES))
@pytest.mark.parametrize("language", rules.LANGUAGES)
@pytest.mark.parametrize("full", [True, False])
def test_every_message_reads_whole_in_both_languages(template: str, language: str, full: bool) -> None:
    data = sample(template, full=full)
    letter = wording.write(message(template=template, data=data, language=language), site_url="https://example.vn")
    short = wording.write(
        message(template=template, data=data, language=language, channel=Channel.SMS), site_url="https://example.vn"
    )
    for text in (letter.title, letter.body, short.body):
        assert text.strip()
        assert "{" not in text
        assert "  \n" not in text
    assert "\n" not in letter.title + short.body
    assert len(short.body) <= 201  # three segments of 67 characters
    for value in rules.shown(template, data).values():  # type: ignore[arg-type]
        assert value in letter.title + letter.body


@pytest.mark.parametrize("template", sorted(rules.TEMPLATES))
@pytest.mark.parametrize("language", rules.LANGUAGES)
def test_a_text_message_holds_no_link(template: str, language: str) -> None:
    text = wording.write(
        message(template=template, data=sample(template, full=True), language=language, channel=Channel.SMS),
        site_url="https://example.vn",
    )
    assert "example.vn" not in text.body
    assert "://" not in text.body


def test_amounts_and_moments_are_written_the_vietnamese_way() -> None:
    body = wording.write(
        message(template="payment_due", data={**SAMPLES_OF_PAYMENT}), site_url="https://example.vn"
    ).body
    assert "150.000 ₫" in body
    assert "17:00 ngày 21/01/2021" in body


SAMPLES_OF_PAYMENT = {
    "case": "H23.16-210118-0042",
    "procedure": "Đăng ký",
    "amount": 150_000,
    "until": datetime(2021, 1, 21, 10, 0, tzinfo=UTC),
}


def test_values_are_never_read_as_template_code() -> None:
    tricky = "{{ site }} {% include 'x' %} <b>&"
    body = wording.write(message(data={"case": "H", "procedure": tricky}), site_url="https://example.vn").body
    assert tricky in body


def test_pauses_grow_and_end() -> None:
    pauses = []
    while (wait := rules.pause(len(pauses) + 1)) is not None:
        pauses.append(wait)
    assert pauses == sorted(pauses)
    assert timedelta(hours=12) < sum(pauses, timedelta()) < timedelta(days=2)


def test_a_masked_destination_keeps_what_its_owner_knows() -> None:
    assert rules.masked(Channel.SMS, "0912345678") == "•••••••678"
    assert rules.masked(Channel.EMAIL, "huong@example.vn") == "h•••@example.vn"
