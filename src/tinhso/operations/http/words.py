"""Say figures, sources, ages and columns in the words of the screen."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tinhso.design.api import Tone
from tinhso.foundation.api import clock
from tinhso.indicators.contracts import Certainty, Direction, Freshness, Part, Scalar, Side, Unit
from tinhso.operations.contracts import Overview, Split
from tinhso.operations.rules.periods import Span
from tinhso.services.contracts.case import CaseStatus
from tinhso.services.contracts.deadline import Channel

DASH = "—"
SPANS = {
    Span.THIRTY_DAYS: gettext_lazy("30 ngày qua"),
    Span.MONTH: gettext_lazy("Tháng này"),
    Span.QUARTER: gettext_lazy("Quý này"),
    Span.YEAR: gettext_lazy("Từ đầu năm"),
    Span.TWELVE_MONTHS: gettext_lazy("12 tháng qua"),
}
SPLITS = {
    Split.TIER: gettext_lazy("Theo cấp"),
    Split.UNIT: gettext_lazy("Theo đơn vị"),
    Split.HEAD: gettext_lazy("Theo người đứng đầu"),
    Split.MONTH: gettext_lazy("Theo tháng"),
}
LINE_NAMES = {
    Split.TIER: gettext_lazy("Cấp"),
    Split.UNIT: gettext_lazy("Đơn vị"),
    Split.HEAD: gettext_lazy("Người đứng đầu"),
    Split.MONTH: gettext_lazy("Tháng"),
}
TIERS = {
    "province": gettext_lazy("tỉnh"),
    "district": gettext_lazy("huyện"),
    "commune": gettext_lazy("xã"),
}
SIDES = {
    Side.ALL: gettext_lazy("Tất cả"),
    Side.COUNTED: gettext_lazy("Được tính"),
    Side.OTHERS: gettext_lazy("Không được tính"),
    Side.UNDECIDED: gettext_lazy("Chưa rõ"),
}
SIDE_WORDS = {Side.ALL: "tat-ca", Side.COUNTED: "duoc-tinh", Side.OTHERS: "khong-tinh", Side.UNDECIDED: "chua-ro"}
CERTAINTY = {
    Certainty.READ: gettext_lazy("đọc trong văn bản"),
    Certainty.SECONDARY: gettext_lazy("nguồn thứ cấp"),
    Certainty.MEMORY: gettext_lazy("theo trí nhớ, chưa đối chiếu"),
    Certainty.UNKNOWN: gettext_lazy("chưa rõ"),
    Certainty.OWN: gettext_lazy("định nghĩa của hệ thống"),
}
FACTS = {
    "services.case": gettext_lazy("Hồ sơ dịch vụ công"),
    "services.service": gettext_lazy("Thủ tục trong danh mục công bố"),
}
COLUMNS = {
    "procedure": gettext_lazy("Thủ tục"),
    "code": gettext_lazy("Mã"),
    "field": gettext_lazy("Lĩnh vực"),
    "unit_id": gettext_lazy("Đơn vị"),
    "tier": gettext_lazy("Cấp"),
    "channel": gettext_lazy("Kênh nộp"),
    "status": gettext_lazy("Tình trạng"),
    "typed_by_official": gettext_lazy("Cán bộ nhập hộ"),
    "wholly_online": gettext_lazy("Trực tuyến toàn trình"),
    "resubmitted": gettext_lazy("Nộp lại trong 30 ngày"),
    "late_supplement": gettext_lazy("Bổ sung sát hạn"),
    "on_time": gettext_lazy("Đúng hạn"),
    "submitted_on": gettext_lazy("Ngày nộp"),
    "received_at": gettext_lazy("Tiếp nhận"),
    "due_at": gettext_lazy("Hạn"),
    "finished_at": gettext_lazy("Xong"),
    "published": gettext_lazy("Trong danh mục"),
    "has_package": gettext_lazy("Có gói thủ tục"),
    "level": gettext_lazy("Mức độ chứng minh được"),
}
CHANNELS = {
    Channel.ONLINE: gettext_lazy("trên mạng"),
    Channel.COUNTER: gettext_lazy("tại quầy"),
    Channel.POST: gettext_lazy("qua bưu điện"),
}


def number(value: Decimal | int) -> str:
    """Write a number with a point between thousands and at most one decimal after a comma."""
    rounded = round(Decimal(value), 1)
    plain = f"{rounded:,.1f}".removesuffix(".0")
    return plain.translate(str.maketrans(",.", ".,"))


def shown(value: Decimal | None, unit: Unit) -> str:
    """Write a figure's value; a dash where there is none."""
    if value is None:
        return DASH
    return f"{number(value)} %" if unit is Unit.PERCENT else number(value)


def by_tier(parts: tuple[Part, ...]) -> str:
    """Write a headline's tiers on one line: "tỉnh 91 · huyện 84 · xã 77"."""
    known = [(TIERS[str(part.key)], part.value) for part in parts if part.key in TIERS]
    return " · ".join(f"{name} {DASH if value is None else number(value)}" for name, value in known)


def tone(overview: Overview) -> Tone:
    """Say how a headline stands: reached, behind what today asks for, or on its way."""
    value, target = overview.headline.figure.value, overview.target
    if value is None:
        return Tone.UNKNOWN
    if target is None:
        return Tone.INFO
    better = overview.definition.direction is Direction.UP
    if (value >= target.value) if better else (value <= target.value):
        return Tone.DONE
    expected = overview.expected
    behind = expected is not None and ((value < expected) if better else (value > expected))
    return Tone.LATE if behind else Tone.INFO


def age(moment: datetime) -> str:
    """Say how long ago something was: seconds, minutes, hours, then the day."""
    passed = max(clock.now() - moment, timedelta())
    if passed < timedelta(minutes=1):
        return _("%(n)d giây trước") % {"n": passed.seconds}
    if passed < timedelta(hours=1):
        return _("%(n)d phút trước") % {"n": passed.seconds // 60}
    if passed < timedelta(days=1):
        return _("%(n)d giờ trước") % {"n": passed.seconds // 3600}
    return f"{moment.astimezone(clock.LOCAL):%d/%m/%Y}"


def freshness(fresh: Freshness) -> str:
    """Say when something of a figure last changed."""
    return _("thay đổi cuối %(age)s") % {"age": age(fresh.changed_at)} if fresh.changed_at else _("chưa có dữ liệu")


def position(fresh: Freshness) -> str:
    """Say up to where in the journal a figure speaks, and when it was taken."""
    taken = fresh.taken_at.astimezone(clock.LOCAL)
    return _("Tính lúc %(at)s theo mọi việc đã ghi tới mục %(n)s của nhật ký; %(changed)s.") % {
        "at": f"{taken:%H:%M:%S %d/%m/%Y}", "n": number(fresh.position), "changed": freshness(fresh),
    }  # fmt: skip


def column(name: str) -> str:
    """Name a fact's column; one without words keeps its own name."""
    return str(COLUMNS.get(name, name))


def cell(name: str, value: Scalar | None, known: Mapping[Scalar, str]) -> str:
    """Write a value of a fact's column, by its name where `known` has one; a dash where there is no value."""
    if value is None:
        return DASH
    if isinstance(value, bool):
        return _("có") if value else _("không")
    if name == "status" and isinstance(value, int):
        return CaseStatus(value).label if value in set(CaseStatus) else str(value)
    if name == "channel" and value in set(Channel):
        return str(CHANNELS[Channel(str(value))])
    if name == "tier" and value in TIERS:
        return str(TIERS[str(value)])
    return _plain(value, known)


def _plain(value: Scalar, known: Mapping[Scalar, str]) -> str:
    if isinstance(value, datetime):
        return f"{value.astimezone(clock.LOCAL):%H:%M %d/%m/%Y}"
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    return known.get(value, "…" + value.hex[-6:] if isinstance(value, UUID) else str(value))
