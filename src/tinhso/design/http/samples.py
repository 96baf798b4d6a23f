"""Sample values for the living page: invented people and figures, said so on the page."""

from __future__ import annotations

from datetime import date
from typing import Any

from tinhso.design.contracts import (
    Bar,
    Cell,
    Choice,
    Column,
    FieldError,
    Milestone,
    Progress,
    Row,
    SummaryRow,
    Task,
    Tile,
    Tone,
)
from tinhso.design.icons import ICONS

COLOURS = (
    ("paper", "Giấy"),
    ("paper-2", "Giấy, nền phụ"),
    ("paper-3", "Giấy, rãnh"),
    ("ink", "Mực"),
    ("ink-2", "Mực nhạt"),
    ("line", "Đường kẻ"),
    ("line-strong", "Viền ô nhập"),
    ("lacquer", "Sơn son"),
    ("red", "Trễ, sai"),
    ("red-wash", "Trễ, nền"),
    ("gold", "Vàng, chú ý"),
    ("gold-ink", "Vàng, chữ"),
    ("gold-wash", "Vàng, nền"),
    ("jade", "Ngọc, xong"),
    ("jade-wash", "Ngọc, nền"),
    ("indigo", "Chàm, liên kết"),
    ("indigo-wash", "Chàm, nền"),
)

STATUSES = (
    ("Chưa làm", Tone.NEUTRAL),
    ("Đang xử lý", Tone.INFO),
    ("Đã xong", Tone.DONE),
    ("Chờ bạn bổ sung", Tone.ATTENTION),
    ("Trễ 2 ngày", Tone.LATE),
    ("Cũ từ 09:12", Tone.STALE),
    ("chưa có số liệu", Tone.UNKNOWN),
)

CHOICES = (
    Choice("online", "Nhận trên mạng", "Có ngay khi ký xong, tải về được nhiều lần."),
    Choice("post", "Nhận qua bưu điện"),
    Choice("counter", "Đến bộ phận một cửa"),
)

SUMMARY = (
    SummaryRow("Họ, chữ đệm và tên", "Nguyễn Thị Mẫu", "#sua-ten"),
    SummaryRow("Ngày sinh", "27/03/1990", "#sua-ngay-sinh"),
    SummaryRow("Nơi đăng ký", "UBND xã Hồng Phong, huyện Nam Sách", "#sua-noi"),
    SummaryRow("Số bản sao", "", "#sua-so"),
)

TASKS = (
    Task("Người được cấp bản sao", "Đã xong", Tone.DONE, "#viec-1"),
    Task("Giấy tờ gửi kèm", "Chờ bạn", Tone.ATTENTION, "#viec-2", "Ảnh chụp rõ bốn góc là đủ."),
    Task("Kiểm tra và nộp", "Chưa mở", Tone.NEUTRAL),
)

MILESTONES = (
    Milestone("Đã nhận", "09:12 15/01/2021", Progress.DONE),
    Milestone("Đang xử lý", "UBND xã", Progress.CURRENT, "Công chức tư pháp – hộ tịch đang tra sổ gốc."),
    Milestone("Trả kết quả", "18/01/2021", Progress.TODO, "Còn 1 ngày làm việc."),
)

LATE_MILESTONES = (
    Milestone("Đã nhận", "08:05 04/01/2021", Progress.DONE),
    Milestone("Ký và trả kết quả", "hạn 06/01/2021", Progress.LATE, "Trễ 2 ngày làm việc; đã gửi thư xin lỗi."),
)

COLUMNS = (
    Column("Mã hồ sơ", sort="code", nowrap=True),
    Column("Người nộp", sort="name"),
    Column("Hạn", sort="due", nowrap=True),
    Column("Lệ phí", sort="fee", numeric=True),
    Column("Tình trạng"),
)

ROWS = (
    Row(
        (
            Cell("H23.16-210113-0007", "#h-0007"),
            "Phạm Văn Thử",
            "15/01/2021",
            "100.000 ₫",
            Cell("Trễ 1 ngày", tone=Tone.LATE),
        ),
        "h-0007",
        late=True,
    ),
    Row(
        (
            Cell("H23.16-210115-0042", "#h-0042"),
            "Nguyễn Thị Mẫu",
            "15:00 hôm nay",
            "8.000 ₫",
            Cell("Đang xử lý", tone=Tone.INFO),
        ),
        "h-0042",
    ),
    Row(
        (
            Cell("H23.16-210115-0043", "#h-0043"),
            "Trần Đức Ví Dụ",
            "18/01/2021",
            "16.000 ₫",
            Cell("Chờ bổ sung", tone=Tone.ATTENTION),
        ),
        "h-0043",
    ),
    Row(
        (
            Cell("H23.16-210115-0044", "#h-0044"),
            "Đỗ Thị Giả Định",
            "18/01/2021",
            None,
            Cell("chưa định phí", tone=Tone.UNKNOWN),
        ),
        "h-0044",
    ),
)

TILES = (
    Tile(
        name="Dịch vụ công mức 4",
        value=83.2,
        shown="83,2 %",
        url="#o-1",
        target=80,
        target_shown="80 %",
        expected=71,
        expected_shown="71 %",
        trend=(52, 55, 61, 60, 66, 71, 74, 79, 83.2),
        freshness="cập nhật 5 giây trước",
        parts="tỉnh 91 · huyện 84 · xã 77",
        tone=Tone.DONE,
    ),
    Tile(
        name="Hồ sơ đúng hạn",
        value=64.5,
        shown="64,5 %",
        url="#o-2",
        target=95,
        target_shown="95 %",
        expected=90,
        expected_shown="90 %",
        trend=(91, 90, 88, None, 80, 74, 70, 64.5),
        freshness="cập nhật 5 giây trước",
        parts="127 hồ sơ trễ, lâu nhất 9 ngày",
        tone=Tone.LATE,
    ),
    Tile(
        name="Hồ sơ trên mạng",
        value=42,
        shown="42 %",
        url="#o-3",
        target=80,
        target_shown="80 %",
        trend=(30, 34, 38, 42),
        stale_since="07:30 hôm nay",
    ),
    Tile(
        name="Kinh tế số trong GRDP",
        value=None,
        shown="",
        url="#o-4",
        target=20,
        target_shown="20 %",
        reason="Chưa có nguồn số liệu chính thức.",
    ),
)

BARS = (
    Bar("Tỉnh", 91, "91 %", Tone.DONE),
    Bar("Huyện", 84, "84 %", Tone.DONE),
    Bar("Xã", 77, "77 %", Tone.LATE),
    Bar("Xã đảo", None, "chưa có báo cáo", Tone.UNKNOWN),
)

ERRORS = (
    FieldError("bad_name", "Nhập họ, chữ đệm và tên"),
    FieldError("bad_birth_month", "Tháng phải từ 1 đến 12"),
)


def everything() -> dict[str, Any]:
    """Gather the samples under the names the living page uses."""
    return {
        "colours": COLOURS,
        "statuses": STATUSES,
        "choices": CHOICES,
        "summary": SUMMARY,
        "tasks": TASKS,
        "milestones": MILESTONES,
        "late_milestones": LATE_MILESTONES,
        "columns": COLUMNS,
        "rows": ROWS,
        "no_rows": (),
        "tiles": TILES,
        "bars": BARS,
        "bar_columns": ("Cấp", Column("Tỷ lệ", numeric=True)),
        "bar_rows": tuple((bar.label, bar.shown) for bar in BARS),
        "errors": ERRORS,
        "birth": date(1990, 3, 27),
        "wrong_birth": {"day": "27", "month": "13", "year": "1990"},
        "chosen": ("online", "post"),
        "icons": tuple(ICONS),
    }
