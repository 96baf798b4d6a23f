"""Say in plain Vietnamese what a ledger, a breach and the time left mean.

The sentences are gettext message ids; pages pass Django's `gettext` as `translate`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from tinhso.services.contracts.clock import (
    Breach,
    BreachKind,
    CountUnit,
    LedgerLine,
    LedgerRule,
    Remaining,
)

Translate = Callable[[str], str]


def gettext_noop(message: str) -> str:
    """Mark a message for translation without translating it."""
    return message


_LINES = {
    LedgerRule.STARTED: gettext_noop("Tiếp nhận hồ sơ hợp lệ lúc %(start)s."),
    LedgerRule.STARTED_AFTER_CUT_OFF: gettext_noop("%(start)s là sau giờ chốt trong ngày, nên tính như %(end)s."),
    LedgerRule.STARTED_AFTER_HOURS: gettext_noop("%(start)s là ngoài giờ làm việc, nên tính như %(end)s."),
    LedgerRule.STARTED_ON_DAY_OFF: gettext_noop("%(start)s là vào ngày nghỉ, nên tính như %(end)s."),
    LedgerRule.COUNTED: gettext_noop("Từ %(start)s đến hết %(end)s: tính %(counted)s."),
    LedgerRule.SAME_DAY: gettext_noop("Giải quyết trong ngày: hạn là %(end)s."),
    LedgerRule.VOIDED: gettext_noop(
        "Từ %(start)s đến hết %(end)s: %(lost)s không tính nữa, vì thời hạn tính lại từ đầu sau khi bổ sung."
    ),
    LedgerRule.PAUSED_FOR_SUPPLEMENT: gettext_noop("Từ %(start)s đến %(end)s: chờ bạn bổ sung hồ sơ, không tính."),
    LedgerRule.PAUSED: gettext_noop("Từ %(start)s đến %(end)s: tạm dừng (%(note)s), không tính."),
    LedgerRule.REAPPOINTED: gettext_noop("Ngày %(start)s cơ quan xin lỗi và hẹn lại đến %(end)s."),
    LedgerRule.MOVED_ON: gettext_noop("Thời hạn kết thúc vào ngày nghỉ, chuyển sang %(end)s."),
}
_COUNTS = (LedgerRule.COUNTED, LedgerRule.VOIDED)
_OPEN = gettext_noop("nay")
_SKIPPED = gettext_noop("Không tính ngày nghỉ: %(days)s.")
_SKIPPED_MOVING_ON = gettext_noop("Ngày nghỉ: %(days)s.")
_WEEKENDS = gettext_noop("Không tính %(days)d ngày thứ Bảy, Chủ nhật.")
_WORKED = gettext_noop("Có tính ngày làm bù: %(days)s.")
_UNITS = {
    CountUnit.WORKING_DAY: gettext_noop("%(count)d ngày làm việc"),
    CountUnit.CALENDAR_DAY: gettext_noop("%(count)d ngày"),
}
_HOURS = gettext_noop("%(hours)d giờ làm việc")
_HOURS_MINUTES = gettext_noop("%(hours)d giờ %(minutes)d phút làm việc")
_MINUTES = gettext_noop("%(minutes)d phút làm việc")
_BREACHES = {
    BreachKind.SUPPLEMENT_TOO_OFTEN: gettext_noop(
        "Ngày %(at)s yêu cầu bổ sung thêm một lần, trong khi luật chỉ cho phép %(limit)s lần: thời hạn không đổi."
    ),
    BreachKind.SUPPLEMENT_TOO_LATE: gettext_noop(
        "Ngày %(at)s mới yêu cầu bổ sung, muộn hơn ngày cuối cùng được phép là %(limit)s: thời hạn không đổi."
    ),
    BreachKind.SUPPLEMENT_AFTER_DUE: gettext_noop(
        "Ngày %(at)s yêu cầu bổ sung khi hồ sơ đã quá hạn (%(limit)s): hồ sơ vẫn tính là trễ hạn."
    ),
    BreachKind.SUSPENDED_AFTER_DUE: gettext_noop(
        "Ngày %(at)s tạm dừng khi hồ sơ đã quá hạn (%(limit)s): hồ sơ vẫn tính là trễ hạn."
    ),
    BreachKind.REAPPOINTED_TOO_OFTEN: gettext_noop(
        "Ngày %(at)s hẹn lại thêm một lần, trong khi luật chỉ cho phép %(limit)s lần: vẫn xét trễ hạn theo hạn cũ."
    ),
    BreachKind.REAPPOINTED_TOO_LATE: gettext_noop(
        "Ngày %(at)s hẹn lại, thư xin lỗi muộn hơn hạn cuối là %(limit)s: vẫn xét trễ hạn theo hạn cũ."
    ),
    BreachKind.REAPPOINTED_WITHOUT_APOLOGY: gettext_noop(
        "Ngày %(at)s hẹn lại mà không có thư xin lỗi: vẫn xét trễ hạn theo hạn cũ."
    ),
    BreachKind.REAPPOINTED_NOT_LATER: gettext_noop(
        "Ngày %(at)s hẹn lại nhưng ngày hẹn không muộn hơn hạn đang có (%(limit)s): thời hạn không đổi."
    ),
    BreachKind.RECEIVED_AGAIN: gettext_noop("Ngày %(at)s tiếp nhận lại lần nữa: thời hạn vẫn tính từ lần đầu."),
}
_PAUSED = gettext_noop("đang tạm dừng")
_DAYS_LEFT = gettext_noop("còn %(amount)s")
_DAYS_OVER = gettext_noop("quá hạn %(amount)s")


def _same(message: str) -> str:
    return message


def explain(line: LedgerLine, translate: Translate = _same) -> str:
    """Say a line of the ledger in one or more plain sentences: what counted, and which days did not and why."""
    whole_days = line.rule in _COUNTS and line.unit is not CountUnit.WORKING_MINUTE
    show = _day if whole_days else _moment
    sentences = [
        translate(_LINES[line.rule])
        % {
            "start": show(line.start),
            "end": translate(_OPEN) if line.end is None else show(line.end),
            "counted": amount(line.counted, line.unit, translate),
            "lost": amount(line.lost, line.unit, translate),
            "note": line.note,
        }
    ]
    if line.skipped:
        days = ", ".join(f"{_day(off.day)} ({off.reason})" for off in line.skipped)
        moved = line.rule is LedgerRule.MOVED_ON
        sentences.append(translate(_SKIPPED_MOVING_ON if moved else _SKIPPED) % {"days": days})
    if line.weekend_days and line.rule is not LedgerRule.MOVED_ON:
        sentences.append(translate(_WEEKENDS) % {"days": line.weekend_days})
    if line.worked:
        days = ", ".join(f"{_day(worked.day)} ({worked.reason})" for worked in line.worked)
        sentences.append(translate(_WORKED) % {"days": days})
    return " ".join(sentences)


def explain_breach(breach: Breach, translate: Translate = _same) -> str:
    """Say which duty was missed, when, and what it does to the time allowed."""
    limit = breach.limit
    if isinstance(limit, datetime):
        shown = _moment(limit)
    elif isinstance(limit, date):
        shown = _day(limit)
    else:
        shown = str(limit)
    return translate(_BREACHES[breach.kind]) % {"at": _day(breach.at), "limit": shown}


def explain_remaining(left: Remaining, translate: Translate = _same) -> str:
    """Say how much time is left, e.g. "còn 1 ngày làm việc", in hours on the due day itself."""
    if left.paused:
        return translate(_PAUSED)
    unit, count = CountUnit.WORKING_DAY, left.working_days
    if not count:
        unit, count = CountUnit.WORKING_MINUTE, left.working_minutes
    return translate(_DAYS_OVER if left.late else _DAYS_LEFT) % {"amount": amount(count, unit, translate)}


def amount(count: int, unit: CountUnit, translate: Translate = _same) -> str:
    """Say an amount of time in its unit; working minutes as hours and minutes."""
    if unit is not CountUnit.WORKING_MINUTE:
        return translate(_UNITS[unit]) % {"count": count}
    hours, minutes = divmod(count, 60)
    if not hours:
        return translate(_MINUTES) % {"minutes": minutes}
    message = _HOURS_MINUTES if minutes else _HOURS
    return translate(message) % {"hours": hours, "minutes": minutes}


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def _moment(moment: datetime) -> str:
    return f"{moment:%H:%M %d/%m/%Y}"
