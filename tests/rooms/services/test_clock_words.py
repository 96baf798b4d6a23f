"""What a citizen reads when a due date is opened to its ledger."""

from datetime import date, datetime, time

import pytest

from tinhso.foundation.calendar import LOCAL_ZONE, load_calendars
from tinhso.services.contracts.clock import (
    Breach,
    BreachKind,
    ClockEvent,
    CountUnit,
    LedgerRule,
    Reappointed,
    Received,
    Remaining,
    Resumed,
    SupplementAsked,
    Supplemented,
    Suspended,
)
from tinhso.services.contracts.deadline import Certainty, Deadline, DeadlineUnit, PausePolicy
from tinhso.services.rules.clock import amount, compute, explain, explain_breach, explain_remaining, words

CALENDAR = load_calendars()


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=LOCAL_ZONE)


def told(unit: str, count: int, *events: ClockEvent, cut_off: time | None = time(15, 0)) -> list[str]:
    deadline = Deadline(DeadlineUnit(unit), count, cut_off, PausePolicy.RESTART, "Luật", Certainty.INVENTED)
    return [explain(line) for line in compute(events, deadline, CALENDAR).ledger]


def test_over_tet_after_the_cut_off():
    assert told("working_day", 3, Received(at(2021, 2, 5, 16, 0))) == [
        "Tiếp nhận hồ sơ hợp lệ lúc 16:00 05/02/2021.",
        "16:00 05/02/2021 là sau giờ chốt trong ngày, nên tính như 07:30 08/02/2021.",
        "Từ 09/02/2021 đến hết 18/02/2021: tính 3 ngày làm việc. Không tính ngày nghỉ: 10/02/2021 (29 Tết), "
        "11/02/2021 (Giao thừa Tết Nguyên Đán), 12/02/2021 (Tết Nguyên Đán), 13/02/2021 (Mùng hai Tết Nguyên Đán), "
        "14/02/2021 (Mùng ba Tết Nguyên Đán), 15/02/2021 (Mùng bốn Tết Nguyên Đán), "
        "16/02/2021 (Mùng năm Tết Nguyên Đán).",
    ]


def test_weekends_and_a_worked_saturday():
    assert told("working_day", 6, Received(at(2024, 4, 25, 9, 0)))[-1] == (
        "Từ 26/04/2024 đến hết 07/05/2024: tính 6 ngày làm việc. "
        "Không tính ngày nghỉ: 29/04/2024 (Nghỉ hoán đổi, làm bù thứ Bảy 04/05/2024), 30/04/2024 (Ngày Chiến thắng), "
        "01/05/2024 (Ngày Quốc tế Lao động). Không tính 3 ngày thứ Bảy, Chủ nhật. "
        "Có tính ngày làm bù: 04/05/2024 (Làm bù cho ngày 29/04/2024)."
    )


def test_restart_pause_and_re_appointment():
    assert told(
        "working_day",
        3,
        Received(at(2021, 1, 4, 9, 0)),
        SupplementAsked(at(2021, 1, 5, 10, 0)),
        Supplemented(at(2021, 1, 9, 10, 0)),
        Suspended(at(2021, 1, 12, 8, 0), "chờ nộp thuế"),
        Resumed(at(2021, 1, 13, 8, 0)),
        Reappointed(at(2021, 1, 13, 9, 0), at(2021, 1, 18, 16, 0), at(2021, 1, 13, 9, 0)),
        Suspended(at(2021, 1, 14, 8, 0), "chờ ý kiến"),
    ) == [
        "Tiếp nhận hồ sơ hợp lệ lúc 09:00 04/01/2021.",
        "Từ 05/01/2021 đến hết 05/01/2021: 1 ngày làm việc không tính nữa, "
        "vì thời hạn tính lại từ đầu sau khi bổ sung.",
        "Từ 10:00 05/01/2021 đến 10:00 09/01/2021: chờ bạn bổ sung hồ sơ, không tính.",
        "10:00 09/01/2021 là vào ngày nghỉ, nên tính như 07:30 11/01/2021.",
        "Từ 12/01/2021 đến hết 12/01/2021: tính 1 ngày làm việc.",
        "Từ 08:00 12/01/2021 đến 08:00 13/01/2021: tạm dừng (chờ nộp thuế), không tính.",
        "Ngày 09:00 13/01/2021 cơ quan xin lỗi và hẹn lại đến 16:00 18/01/2021.",
        "Từ 14/01/2021 đến hết 14/01/2021: tính 1 ngày làm việc.",
        "Từ 08:00 14/01/2021 đến nay: tạm dừng (chờ ý kiến), không tính.",
    ]


def test_calendar_days_that_end_on_a_day_off():
    assert told("calendar_day", 20, Received(at(2021, 1, 4, 9, 0)))[1:] == [
        "Từ 05/01/2021 đến hết 24/01/2021: tính 20 ngày.",
        "Thời hạn kết thúc vào ngày nghỉ, chuyển sang 17:30 25/01/2021.",
    ]
    assert told("calendar_day", 26, Received(at(2021, 4, 4 + 1, 9, 0)))[-1] == (
        "Thời hạn kết thúc vào ngày nghỉ, chuyển sang 17:30 04/05/2021. "
        "Ngày nghỉ: 01/05/2021 (Ngày Quốc tế Lao động), 03/05/2021 (Ngày Quốc tế Lao động (nghỉ bù))."
    )


def test_same_day_and_hours():
    assert told("same_day", 0, Received(at(2021, 1, 4, 9, 0)))[-1] == "Giải quyết trong ngày: hạn là 17:30 04/01/2021."
    assert told("hour", 4, Received(at(2021, 1, 4, 18, 0)), cut_off=None)[1:] == [
        "18:00 04/01/2021 là ngoài giờ làm việc, nên tính như 07:30 05/01/2021.",
        "Từ 07:30 05/01/2021 đến hết 11:30 05/01/2021: tính 4 giờ làm việc.",
    ]


@pytest.mark.parametrize(
    ("kind", "limit", "expected"),
    [
        (
            BreachKind.SUPPLEMENT_TOO_LATE,
            date(2021, 1, 7),
            "Ngày 08/01/2021 mới yêu cầu bổ sung, muộn hơn ngày cuối cùng được phép là 07/01/2021: thời hạn không đổi.",
        ),
        (
            BreachKind.SUPPLEMENT_TOO_OFTEN,
            1,
            "Ngày 08/01/2021 yêu cầu bổ sung thêm một lần, trong khi luật chỉ cho phép 1 lần: thời hạn không đổi.",
        ),
        (
            BreachKind.SUPPLEMENT_AFTER_DUE,
            at(2021, 1, 7, 17, 30),
            "Ngày 08/01/2021 yêu cầu bổ sung khi hồ sơ đã quá hạn (17:30 07/01/2021): hồ sơ vẫn tính là trễ hạn.",
        ),
        (
            BreachKind.REAPPOINTED_WITHOUT_APOLOGY,
            None,
            "Ngày 08/01/2021 hẹn lại mà không có thư xin lỗi: vẫn xét trễ hạn theo hạn cũ.",
        ),
    ],
)
def test_breaches(kind: BreachKind, limit: date | int | None, expected: str):
    assert explain_breach(Breach(kind, at(2021, 1, 8, 9, 0), limit, "NĐ", Certainty.READ)) == expected


def test_two_worked_weekend_days():
    calendar = CALENDAR.with_sudden_working_day(date(2021, 1, 9), "bù").with_sudden_working_day(date(2021, 1, 10), "bù")
    deadline = Deadline(DeadlineUnit.WORKING_DAY, 6, None, PausePolicy.RESTART, "Luật", Certainty.INVENTED)
    line = compute([Received(at(2021, 1, 4, 9, 0))], deadline, calendar).ledger[-1]
    assert explain(line).endswith("Có tính ngày làm bù: 09/01/2021 (bù), 10/01/2021 (bù).")


def test_amounts_within_a_sentence_are_translated():
    english = {"%(count)d ngày làm việc": "%(count)d working day(s)"}
    deadline = Deadline(DeadlineUnit.WORKING_DAY, 3, None, PausePolicy.RESTART, "Luật", Certainty.INVENTED)
    events: list[ClockEvent] = [
        Received(at(2021, 1, 4, 9, 0)),
        SupplementAsked(at(2021, 1, 5, 9, 0)),
        Supplemented(at(2021, 1, 6, 9, 0)),
    ]
    lines = compute(events, deadline, CALENDAR).ledger
    told_lines = [explain(line, lambda message: english.get(message, message)) for line in lines]
    assert "1 working day(s) không tính nữa" in told_lines[1]
    assert "tính 3 working day(s)." in told_lines[3]


def test_every_rule_and_every_breach_has_its_sentence():
    for kind in BreachKind:
        sentence = explain_breach(Breach(kind, at(2021, 1, 8, 9, 0), at(2021, 1, 7, 17, 30), "NĐ", Certainty.READ))
        assert "08/01/2021" in sentence
        assert "%" not in sentence
    assert set(words._LINES) == set(LedgerRule)


@pytest.mark.parametrize(
    ("left", "expected"),
    [
        (Remaining(paused=False, late=False, working_days=1, working_minutes=600), "còn 1 ngày làm việc"),
        (Remaining(paused=False, late=False, working_days=0, working_minutes=150), "còn 2 giờ 30 phút làm việc"),
        (Remaining(paused=False, late=False, working_days=0, working_minutes=60), "còn 1 giờ làm việc"),
        (Remaining(paused=False, late=False, working_days=0, working_minutes=59), "còn 59 phút làm việc"),
        (Remaining(paused=False, late=True, working_days=2, working_minutes=600), "quá hạn 2 ngày làm việc"),
        (Remaining(paused=False, late=True, working_days=0, working_minutes=0), "quá hạn 0 phút làm việc"),
        (Remaining(paused=True, late=False, working_days=3, working_minutes=600), "đang tạm dừng"),
    ],
)
def test_what_is_left(left: Remaining, expected: str):
    assert explain_remaining(left) == expected


@pytest.mark.parametrize(
    ("count", "unit", "expected"),
    [
        (3, CountUnit.WORKING_DAY, "3 ngày làm việc"),
        (3, CountUnit.CALENDAR_DAY, "3 ngày"),
        (135, CountUnit.WORKING_MINUTE, "2 giờ 15 phút làm việc"),
    ],
)
def test_amounts(count: int, unit: CountUnit, expected: str):
    assert amount(count, unit) == expected


def test_sentences_can_be_translated_whole():
    heard: list[str] = []

    def translate(message: str) -> str:
        heard.append(message)
        return message.replace("%(", "«%(").replace(")s", ")s»").replace(")d", ")d»")

    deadline = Deadline(DeadlineUnit.WORKING_DAY, 6, None, PausePolicy.RESTART, "Luật", Certainty.INVENTED)
    events = [Received(at(2024, 4, 25, 9, 0)), SupplementAsked(at(2024, 5, 8, 9, 0))]
    due = compute(events, deadline, CALENDAR)
    for line in due.ledger:
        assert "«" in explain(line, translate)
    assert "«08/05/2024»" in explain_breach(due.breaches[0], translate)
    assert explain_remaining(Remaining(paused=False, late=False, working_days=1, working_minutes=0), translate) == (
        "còn ««1» ngày làm việc»"
    )
    paused = Remaining(paused=True, late=False, working_days=1, working_minutes=0)
    assert explain_remaining(paused, str.upper) == "ĐANG TẠM DỪNG"
    open_pause = compute([events[0], Suspended(at(2024, 4, 26, 9, 0), "chờ")], deadline, CALENDAR).ledger[-1]
    assert "NAY" in explain(open_pause, lambda message: "NAY" if message == "nay" else message)
    assert all("%" in message for message in heard)
