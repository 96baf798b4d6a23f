"""Put legal values into plain words: how long, how much, how sure."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

from tinhso.foundation.contracts import money
from tinhso.organisation.contracts import Unit, UnitKind
from tinhso.services.contracts.case import CaseStatus
from tinhso.services.contracts.clock import Due, Remaining
from tinhso.services.contracts.deadline import Certainty, Channel, Deadline, DeadlineUnit
from tinhso.services.contracts.fee import FeeDecision
from tinhso.services.rules import clock as rules_of_time

CHANNELS = {
    Channel.ONLINE: later("Trực tuyến"),
    Channel.COUNTER: later("Tại quầy"),
    Channel.POST: later("Qua bưu chính"),
}
TIERS = {"province": later("cấp tỉnh"), "district": later("cấp huyện"), "commune": later("cấp xã")}
_CERTAINTY = {
    Certainty.SECONDARY: later("theo nguồn thứ cấp"),
    Certainty.MEMORY: later("ghi theo trí nhớ, chưa đối chiếu văn bản"),
    Certainty.UNKNOWN: later("chưa có văn bản để đối chiếu"),
    Certainty.INVENTED: later("số minh họa của bản demo, không có thật"),
}
_UNITS = {
    DeadlineUnit.HOUR: later("giờ làm việc"),
    DeadlineUnit.WORKING_DAY: later("ngày làm việc"),
    DeadlineUnit.CALENDAR_DAY: later("ngày"),
    DeadlineUnit.MONTH: later("tháng"),
}
TONES = {
    CaseStatus.SUBMITTED: "info",
    CaseStatus.RECEIVED: "info",
    CaseStatus.NOT_RECEIVED: "stale",
    CaseStatus.IN_PROGRESS: "info",
    CaseStatus.SUPPLEMENT_ASKED: "attention",
    CaseStatus.FINANCIAL_DUTY: "attention",
    CaseStatus.WITHDRAWN: "stale",
    CaseStatus.STOPPED: "stale",
    CaseStatus.DONE: "done",
    CaseStatus.RETURNED: "done",
}


def certainty(value: Certainty) -> str:
    """Say how sure a legal value is; "" for one read in the text, which needs no mark."""
    return str(_CERTAINTY.get(value, ""))


def deadline(value: Deadline) -> str:
    """Say a time allowed, e.g. "3 ngày làm việc"."""
    if value.unit is not DeadlineUnit.SAME_DAY:
        return f"{value.amount} {_UNITS[value.unit]}"
    if value.cut_off is None:
        return _("trong ngày làm việc")
    return _("trong ngày làm việc; nộp sau %(hour)s thì ngày làm việc tiếp theo") % {"hour": f"{value.cut_off:%H:%M}"}


def fee(decision: FeeDecision) -> str:
    """Say what is to be paid; what nobody has set is never 0."""
    if decision.amount is None:
        return _("Chưa có mức thu: %(basis)s") % {"basis": decision.basis}
    return money.format_vnd(decision.amount) if decision.amount else _("Không thu phí, lệ phí")


def ledger(due: Due) -> list[str]:
    """Explain a due moment line by line, then the duties missed."""
    told = [rules_of_time.explain(line, _) for line in due.ledger]
    return told + [rules_of_time.explain_breach(breach, _) for breach in due.breaches]


def remaining(left: Remaining) -> str:
    """Say how much time is left or gone by."""
    return rules_of_time.explain_remaining(left, _)


def size(count: int) -> str:
    """Say a file's size in bytes for people: "1,2 MB"."""
    if count < 1024 * 1024:
        return f"{max(1, round(count / 1024))} kB"
    return f"{count / 1024 / 1024:.1f} MB".replace(".", ",")


def agency(unit: Unit) -> str:
    """Name an agency as people know it: a people's committee by its place."""
    if unit.kind is UnitKind.PEOPLE_COMMITTEE:
        return _("Ủy ban nhân dân %(place)s") % {"place": unit.display_name[:1].lower() + unit.display_name[1:]}
    return unit.display_name


def among(names: Sequence[str]) -> str:
    """Write several names as one phrase: "a, b hoặc c"."""
    if len(names) < 2:
        return "".join(names)
    return _("%(first)s hoặc %(last)s") % {"first": ", ".join(names[:-1]), "last": names[-1]}
