"""Say on officials' pages how things stand: what kind of work, how much time is left, and sentences used every day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later
from django.utils.translation import ngettext

from tinhso.design.api import Tone
from tinhso.foundation.api import clock
from tinhso.foundation.contracts import UnknownYear, WorkCalendar
from tinhso.services.contracts.case import Deed, FileState
from tinhso.services.contracts.clock import CountUnit
from tinhso.services.contracts.desk import StepLine
from tinhso.services.contracts.payment import PaymentState
from tinhso.services.rules import clock as rules_of_time

KINDS = {
    "receive": later("Tiếp nhận"),
    "examine": later("Thụ lý"),
    "opinion": later("Cho ý kiến"),
    "submit": later("Trình"),
    "sign": later("Ký"),
    "return": later("Trả kết quả"),
}
DEEDS = {
    Deed.ACCEPT: later("Tiếp nhận"),
    Deed.ASK_SUPPLEMENT: later("Yêu cầu bổ sung"),
    Deed.REFUSE: later("Từ chối"),
    Deed.FORWARD: later("Chuyển bước sau"),
    Deed.SEND_BACK: later("Trả lại bước trước"),
    Deed.GIVE_OPINION: later("Gửi ý kiến"),
    Deed.SIGN: later("Ký và trả kết quả"),
    Deed.REAPPOINT: later("Xin lỗi và hẹn lại"),
    Deed.ROUTE: later("Chuyển cơ quan có thẩm quyền"),
    Deed.HAND_OVER: later("Trao kết quả"),
}
KEYS = {
    Deed.ACCEPT: "t",
    Deed.ASK_SUPPLEMENT: "b",
    Deed.REFUSE: "x",
    Deed.FORWARD: "c",
    Deed.ROUTE: "c",  # never beside FORWARD
    Deed.SIGN: "s",
    Deed.SEND_BACK: "l",
    Deed.GIVE_OPINION: "y",
    Deed.REAPPOINT: "h",
    Deed.HAND_OVER: "g",
}
SENTENCES = {
    Deed.ASK_SUPPLEMENT: (
        later("Ảnh chụp bị mờ. Bạn chụp lại rõ bốn góc, đủ ánh sáng."),
        later("Giấy tờ đã hết hạn. Bạn gửi bản còn hiệu lực."),
        later("Thông tin trong tờ khai khác với giấy tờ gửi kèm. Bạn sửa lại cho khớp."),
    ),
    Deed.REFUSE: (
        later("Việc này không thuộc thẩm quyền của cơ quan này."),
        later("Hồ sơ trùng với một hồ sơ bạn đã nộp."),
        later("Không tìm thấy thông tin trong sổ gốc đang lưu giữ."),
    ),
    Deed.SEND_BACK: (
        later("Dự thảo sai thông tin so với tờ khai."),
        later("Thiếu giấy tờ kiểm tra trong hồ sơ."),
    ),
    Deed.REAPPOINT: (later("Cần thêm thời gian đối chiếu sổ gốc."), later("Chờ kết quả từ cơ quan phối hợp.")),
    Deed.ROUTE: (later("Nơi này mới có thẩm quyền giải quyết."),),
    Deed.GIVE_OPINION: (later("Đồng ý."), later("Không có ý kiến khác.")),
}
LETTERS = {
    "supplement_request": later("Phiếu yêu cầu bổ sung"),
    "refusal": later("Phiếu từ chối"),
    "apology": later("Phiếu xin lỗi và hẹn lại"),
}
FILE_STATES = {
    FileState.QUARANTINED: later("đang kiểm tra"),
    FileState.READY: later("sẵn sàng"),
    FileState.REFUSED: later("không dùng được"),
}
PAYMENTS = {
    PaymentState.DUE: (later("Chưa nộp"), Tone.ATTENTION),
    PaymentState.INITIATED: (later("Đang thanh toán"), Tone.INFO),
    PaymentState.SUCCEEDED: (later("Đã nộp"), Tone.DONE),
    PaymentState.FAILED: (later("Thanh toán không thành công"), Tone.ATTENTION),
    PaymentState.CANCELLED: (later("Không còn phải nộp"), Tone.STALE),
    PaymentState.EXPIRED: (later("Lần thanh toán hết hạn"), Tone.ATTENTION),
    PaymentState.REFUNDED: (later("Đã hoàn tiền"), Tone.STALE),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """How a due moment stands: the word, its tone, and whether it has gone by."""

    word: str
    tone: Tone
    late: bool = False


def standing(due_at: datetime | None, *, paused: bool, now: datetime, calendar: WorkCalendar) -> Standing:
    """Say how a due moment stands, short enough for a line of the list; lateness in working time."""
    if paused:
        return Standing(_("chờ người dân"), Tone.ATTENTION)
    if due_at is None:
        return Standing("—", Tone.NEUTRAL)
    due = due_at.astimezone(clock.LOCAL)
    if due < now:
        return Standing(_("trễ %(time)s") % {"time": _gone(due, now, calendar)}, Tone.LATE, late=True)
    if due.date() == now.date():
        return Standing(_("%(hour)s hôm nay") % {"hour": f"{due:%H:%M}"}, Tone.ATTENTION)
    if due.date() == now.date() + timedelta(days=1):
        return Standing(_("%(hour)s mai") % {"hour": f"{due:%H:%M}"}, Tone.INFO)
    return Standing(f"{due:%d/%m}" if due.year == now.year else f"{due:%d/%m/%Y}", Tone.NEUTRAL)


def _gone(due: datetime, now: datetime, calendar: WorkCalendar) -> str:
    try:
        days = calendar.working_days_between(due.date(), now.date())
        minutes = calendar.working_minutes_between(due, now)
    except UnknownYear:
        days, minutes = (now.date() - due.date()).days, 0
    if days > 0:
        return ngettext("%(days)d ngày", "%(days)d ngày", days) % {"days": days}
    return span(minutes)


def span(minutes: int) -> str:
    """Say an amount of working time in hours and minutes."""
    hours, rest = divmod(max(minutes, 0), 60)
    if hours and rest:
        return _("%(hours)d g %(minutes)02d ph") % {"hours": hours, "minutes": rest}
    return _("%(hours)d giờ") % {"hours": hours} if hours else _("%(minutes)d phút") % {"minutes": rest}


def timeliness(line: StepLine) -> tuple[str, Tone]:
    """Say whether a step kept its time."""
    if line.over:
        return _("quá %(time)s") % {"time": span(line.over)}, Tone.LATE
    if line.ended is None:
        return _("đang làm"), Tone.INFO
    return (_("đúng hạn"), Tone.DONE) if line.allowed else ("", Tone.NEUTRAL)


def working_minutes(minutes: int) -> str:
    """Say working minutes as the clock's own words do."""
    return rules_of_time.amount(minutes, CountUnit.WORKING_MINUTE, _)


def short(code: str) -> str:
    """Give the last part of a case code: what people say aloud."""
    return code.rpartition("-")[2]
