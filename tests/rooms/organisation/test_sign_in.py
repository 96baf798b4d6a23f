"""Citizens sign in by a code, officials by password and second factor; guessing is slow and tells nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pyotp
import pytest
from django.test import override_settings

from tinhso.foundation.api import clock, journal
from tinhso.organisation.api import people, second_factor, sign_in, staffing
from tinhso.organisation.contracts import AccountKind, CodeSent, PasswordAccepted, Refused, SignedIn, TotpOffer
from tinhso.organisation.models import Account, OneTimeCode

from .factories import PASSWORD, SYSTEM

PHONE, HERE = "0912 345 678", "203.0.113.5"
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("time")]


def ask(identifier: str = PHONE, address: str = HERE) -> CodeSent:
    sent = sign_in.request_code(identifier=identifier, address=address)
    assert isinstance(sent, CodeSent), sent
    return sent


def redeem(sent: CodeSent, code: str | None = None, address: str = HERE) -> SignedIn | Refused:
    return sign_in.redeem_code(request_id=sent.request_id, code=code or sent.shown_code, address=address)


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def enrolled(login: str = "can.bo") -> tuple[UUID, str]:
    account_id = staffing.create_official(actor=SYSTEM, login=login, name="Nguyễn Văn Thử", password=PASSWORD)
    offer: TotpOffer = second_factor.offer_totp(login=login)
    earlier = pyotp.TOTP(offer.secret).at(clock.now() - timedelta(seconds=30))
    answer = second_factor.enrol_totp(account_id=account_id, secret=offer.secret, code=earlier)
    assert isinstance(answer, SignedIn)
    return account_id, offer.secret


@pytest.mark.parametrize("identifier", [PHONE, "+84912345678", "Nguoi.Dan@ViDu.vn"])
def test_the_first_code_redeemed_makes_the_account_and_the_next_finds_it(identifier: str) -> None:
    first = redeem(ask(identifier))
    again = redeem(ask(identifier.replace(" ", "").lower()))
    assert isinstance(first, SignedIn)
    assert isinstance(again, SignedIn)
    assert (first.is_new, again.is_new) == (True, False)
    assert first.account_id == again.account_id
    account = people.account(first.account_id)
    assert account is not None
    assert account.kind is AccountKind.CITIZEN


def test_asking_for_a_code_makes_no_account_and_answers_alike_for_everyone() -> None:
    redeem(ask(PHONE))
    known, unknown = ask(PHONE), ask("0987654321")
    assert Account.objects.count() == 1
    assert (known.masked_destination, unknown.masked_destination) == ("091• ••• 678", "098• ••• 321")
    assert known.expires_at == unknown.expires_at


def test_the_code_travels_only_in_the_personal_payload_of_the_entry() -> None:
    sent = ask()
    journal.seal()
    entry = next(e for e in journal.read() if e.event == "organisation.CodeRequested")
    assert journal.personal(entry.id) == {"destination": "+84912345678", "code": sent.shown_code}
    assert sent.shown_code not in str(entry)
    row = OneTimeCode.objects.get()
    assert sent.shown_code not in str({k: v for k, v in row.__dict__.items() if k != "id"})


@override_settings(TINHSO_DEMO=False)
def test_outside_the_demonstration_the_code_is_shown_to_nobody() -> None:
    assert ask().shown_code == ""


def test_a_code_is_good_once() -> None:
    sent = ask()
    assert isinstance(redeem(sent), SignedIn)
    answer = redeem(sent)
    assert isinstance(answer, Refused)
    assert "mã mới" in answer.message


def test_a_code_is_good_for_ten_minutes(time: clock.ManualClock) -> None:
    late, in_time = ask(), ask("0987654321")
    time.advance(timedelta(minutes=9, seconds=59))
    assert isinstance(redeem(in_time), SignedIn)
    time.advance(timedelta(seconds=1))
    assert isinstance(redeem(late), Refused)


def test_the_fifth_wrong_try_ends_the_code_even_for_who_then_types_it_right() -> None:
    sent = ask()
    messages = [answer.message for _ in range(5) if isinstance(answer := redeem(sent, wrong(sent.shown_code)), Refused)]
    assert "còn 4 lần" in messages[0]
    assert "mã mới" in messages[4]
    assert isinstance(redeem(sent), Refused)


@pytest.mark.parametrize("typed", ["{0} {1}", " {0}-{1} ", "{0}{1}\n"])
def test_a_code_may_be_typed_with_spaces(typed: str) -> None:
    sent = ask()
    assert isinstance(redeem(sent, typed.format(sent.shown_code[:3], sent.shown_code[3:])), SignedIn)


@pytest.mark.parametrize("code", ["", "000000000000", "abc", "\x00", "１２３４５６", "'; DROP TABLE"])
def test_what_is_no_code_is_refused_calmly(code: str) -> None:
    assert isinstance(redeem(ask(), code or " "), Refused)


def test_the_code_of_one_request_does_not_open_another() -> None:
    mine, other = ask(), ask("0987654321")
    if mine.shown_code != other.shown_code:
        assert isinstance(redeem(other, mine.shown_code), Refused)


@pytest.mark.parametrize("identifier", ["", "   ", "0123", "a@b", "không phải số", "0912345678\x00", "x" * 5000])
def test_an_unreadable_destination_says_what_to_type(identifier: str) -> None:
    answer = sign_in.request_code(identifier=identifier, address=HERE)
    assert isinstance(answer, Refused)
    assert answer.field == "identifier"
    assert answer.message


def test_too_many_codes_to_one_number_must_wait_and_say_until_when(time: clock.ManualClock) -> None:
    for number in range(3):
        ask(address=f"203.0.113.{number}")
    answer = sign_in.request_code(identifier=PHONE, address="203.0.113.9")
    assert isinstance(answer, Refused)
    assert answer.retry_at == clock.now() + timedelta(minutes=1)
    assert "sau 1 phút" in answer.message
    ask("0987654321")
    time.advance(timedelta(minutes=1))
    ask()


def test_one_address_cannot_ask_for_codes_to_the_whole_province() -> None:
    answers = [sign_in.request_code(identifier=f"09{n:08d}", address=HERE) for n in range(32)]
    assert isinstance(answers[29], CodeSent)
    assert isinstance(answers[31], Refused)


def test_old_codes_and_counts_are_forgotten(time: clock.ManualClock) -> None:
    ask()
    time.advance(timedelta(days=2))
    assert sign_in.forget_old_codes() == 3
    assert not OneTimeCode.objects.exists()


def test_an_official_needs_password_and_second_factor() -> None:
    account_id, secret = enrolled()
    answer = sign_in.check_password(login="Can.Bo ", password=PASSWORD, address=HERE)
    assert answer == PasswordAccepted(account_id, needs_enrolment=False)
    code = pyotp.TOTP(secret).at(clock.now())
    done = sign_in.confirm_totp(account_id=account_id, code=code, address=HERE)
    assert isinstance(done, SignedIn)
    assert done.is_official


def test_a_second_factor_is_not_taken_twice() -> None:
    account_id, secret = enrolled()
    code = pyotp.TOTP(secret).at(clock.now())
    assert isinstance(sign_in.confirm_totp(account_id=account_id, code=code, address=HERE), SignedIn)
    assert isinstance(sign_in.confirm_totp(account_id=account_id, code=code, address=HERE), Refused)


@pytest.mark.parametrize(("steps", "accepted"), [(-2, False), (-1, False), (0, True), (1, True), (2, False)])
def test_one_step_of_drift_is_forgiven_but_never_a_step_before_the_last_used(steps: int, accepted: bool) -> None:
    account_id, secret = enrolled()  # proved with the code of the step before this one
    code = pyotp.TOTP(secret).at(clock.now() + timedelta(seconds=30 * steps))
    answer = sign_in.confirm_totp(account_id=account_id, code=code, address=HERE)
    assert isinstance(answer, SignedIn) is accepted


def test_the_second_factor_goes_by_machine_time_while_the_province_lives_in_2021(time: clock.ManualClock) -> None:
    assert clock.today().year == 2021
    account_id, secret = enrolled()
    real = pyotp.TOTP(secret).at(datetime(2026, 11, 23, 2, 0, tzinfo=UTC))
    assert isinstance(sign_in.confirm_totp(account_id=account_id, code=real, address=HERE), SignedIn)


def test_guessing_the_second_factor_must_wait_even_with_the_right_code() -> None:
    account_id, secret = enrolled()
    right = pyotp.TOTP(secret).at(clock.now())
    for _ in range(5):
        sign_in.confirm_totp(account_id=account_id, code=wrong(right), address=HERE)
    answer = sign_in.confirm_totp(account_id=account_id, code=right, address=HERE)
    assert isinstance(answer, Refused)
    assert answer.reason == "too_often"


def test_a_second_factor_cannot_be_replaced_by_who_knows_only_the_password() -> None:
    account_id, _ = enrolled()
    offer = second_factor.offer_totp(login="can.bo")
    code = pyotp.TOTP(offer.secret).at(clock.now())
    assert isinstance(second_factor.enrol_totp(account_id=account_id, secret=offer.secret, code=code), Refused)


def test_a_lost_second_factor_is_dropped_and_every_session_ends() -> None:
    account_id, _ = enrolled()
    staffing.reset_totp(actor=SYSTEM, account_id=account_id)
    answer = sign_in.check_password(login="can.bo", password=PASSWORD, address=HERE)
    assert answer == PasswordAccepted(account_id, needs_enrolment=True)
    assert Account.objects.get(id=account_id).epoch == 1


@pytest.mark.parametrize("login", ["can.bo", "khong.co", "", "Cán bộ", "a\x00b", "x" * 5000])
def test_a_wrong_password_and_an_unknown_name_are_answered_alike(login: str) -> None:
    enrolled()
    answer = sign_in.check_password(login=login, password="sai mat khau", address=HERE)
    assert isinstance(answer, Refused)
    assert answer.message == "Tên đăng nhập hoặc mật khẩu không đúng."


def test_passwords_may_be_typed_in_either_unicode_form() -> None:
    staffing.create_official(actor=SYSTEM, login="to.tien", name="Lê Thử", password="m\u1ead t khẩu đủ dài")
    typed = "m\u0061\u0323\u0302 t khẩu đủ dài"
    assert isinstance(sign_in.check_password(login="to.tien", password=typed, address=HERE), PasswordAccepted)


def test_guessing_passwords_is_slowed_where_it_happens_and_not_for_the_owner_elsewhere() -> None:
    account_id, _ = enrolled()
    for _ in range(6):
        answer = sign_in.check_password(login="can.bo", password="sai mat khau", address=HERE)
    assert isinstance(answer, Refused)
    assert answer.reason == "too_often"
    assert answer.retry_at
    elsewhere = sign_in.check_password(login="can.bo", password=PASSWORD, address="198.51.100.7")
    assert elsewhere == PasswordAccepted(account_id, needs_enrolment=False)


def test_an_official_cannot_be_entered_by_a_citizens_code() -> None:
    account_id, _ = enrolled()
    Account.objects.filter(id=account_id).update(phone="+84912345678")
    answer = redeem(ask())
    assert isinstance(answer, Refused)
    assert answer.reason == "closed"


@pytest.mark.parametrize("password", ["ngan", "a" * 30, "x" * 201])
def test_a_password_too_easy_or_too_long_is_not_set(password: str) -> None:
    with pytest.raises(ValueError, match="Mật khẩu"):
        staffing.create_official(actor=SYSTEM, login="can.bo", name="Lê Thử", password=password)


def test_one_login_name_is_one_official() -> None:
    enrolled()
    with pytest.raises(staffing.NotAllowed):
        staffing.create_official(actor=SYSTEM, login="CAN.BO", name="Lê Thử", password=PASSWORD)


def test_a_citizen_number_is_kept_sealed_shown_by_its_end_and_forgotten_by_nobody() -> None:
    who = redeem(ask())
    assert isinstance(who, SignedIn)
    number = "030090000001"
    assert staffing.set_profile(account_id=who.account_id, name="Phạm Thu An", citizen_number=number) == ()
    row = Account.objects.get()
    assert number.encode() not in bytes(row.citizen_number_sealed or b"")
    account = people.account(who.account_id)
    assert account is not None
    assert account.citizen_number_hint == "••••••••0001"
    assert not account.citizen_number_verified
    assert people.citizen_number(who.account_id) == number
    assert staffing.set_profile(account_id=who.account_id, name="Phạm Thu An") == ()
    assert people.citizen_number(who.account_id) == number


def test_what_cannot_be_read_in_a_profile_is_told_field_by_field_and_nothing_is_kept() -> None:
    who = redeem(ask())
    assert isinstance(who, SignedIn)
    problems = staffing.set_profile(account_id=who.account_id, name="1", citizen_number="12")
    assert {p.field for p in problems} == {"name", "citizen_number"}
    assert Account.objects.get().name == ""


def test_an_enterprise_is_acted_for_by_its_tax_code() -> None:
    who = redeem(ask())
    assert isinstance(who, SignedIn)
    for _ in range(2):
        staffing.link_enterprise(actor=SYSTEM, account_id=who.account_id, tax_code="0899999997", name="Công ty Ví Dụ")
    (firm,) = people.enterprises_of(who.account_id)
    assert (firm.tax_code, firm.name) == ("0899999997", "Công ty Ví Dụ")
