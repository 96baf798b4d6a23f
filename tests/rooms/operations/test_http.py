"""Leaders read figures that open, link by link, to the cases that make them."""

from __future__ import annotations

import csv
import html
import io
import re
from collections.abc import Callable
from datetime import date
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.rooms.indicators.factories import case_row, store
from tests.rooms.organisation.factories import official, person_of
from tinhso.foundation.api import clock, ids
from tinhso.foundation.contracts import Actor
from tinhso.foundation.models import InstalledPackage
from tinhso.organisation.api import access, people, staffing, units
from tinhso.organisation.contracts import Confidentiality, Grant, Role, Tier
from tinhso.organisation.queries import principals

from .conftest import DAY, client_of, root

Sign = Callable[[UUID, Role], Client]
PAGES = (
    "/dieu-hanh/",
    "/dieu-hanh/?che-do=tuong",
    "/dieu-hanh/on-time-rate/",
    "/dieu-hanh/on-time-rate/dong/",
    "/dieu-hanh/on-time-rate/bang.csv",
    "/dieu-hanh/on-time-rate/dong.csv",
)


def read(client: Client, address: str) -> str:
    """The page's text, tags and all, with entities resolved."""
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return html.unescape(answer.content.decode())


def table(client: Client, address: str) -> list[list[str]]:
    answer = client.get(address)
    assert answer.status_code == 200
    content = b"".join(answer.streaming_content).decode()
    assert content.startswith("\ufeff")
    return list(csv.reader(io.StringIO(content[1:])))


def door(page: str, label: str) -> str:
    """The address of the link that bears a label."""
    found = re.search(rf'<a [^>]*href="([^"]+)"[^>]*>{re.escape(label)}', page)
    assert found, label
    return found[1]


@pytest.mark.parametrize("address", PAGES)
def test_only_those_with_the_right_come_in(province: clock.ManualClock, signed_in: Sign, address: str) -> None:
    assert Client().get(address).status_code == 302
    commune = units.of_tier(Tier.COMMUNE, DAY)[0].id
    assert signed_in(commune, Role.CLERK).get(address).status_code == 403
    assert signed_in(root(), Role.PROVINCE_LEADER).get(address).status_code == 200


def test_the_screen_shows_the_three_promises_with_target_and_what_today_asks_for(
    leader: Client, cases: list[UUID], published: None
) -> None:
    page = read(leader, "/dieu-hanh/")
    for name, value in (
        ("Dịch vụ công mức độ 4", "25 %"),
        ("Hồ sơ xử lý trực tuyến toàn trình", "75 %"),
        ("Giải quyết hồ sơ đúng hạn", "50 %"),
    ):
        tile = page[page.index(f'tile-name">{name}') :]
        assert re.search(r'tile-value">([^<]+)<', tile)[1] == value  # type: ignore[index]
    assert "mục tiêu 80 %" in page
    assert "kỳ vọng hôm nay 1 %" in page  # 23 of 1820 days, from nought
    assert "hội nghị chuyển đổi số ngày 6/1/2021" in page


def test_three_denominators_stand_together_with_their_sources(leader: Client, cases: list[UUID]) -> None:
    page = read(leader, "/dieu-hanh/")
    for title, value, source in (
        ("Đúng hạn trên đã tiếp nhận", "50 %", "Nghị định 61/2018/NĐ-CP, điều 30 (đọc trong văn bản)"),
        ("100 % trừ phần trễ trên phải giải quyết", "75 %", "Gia Lai (nguồn thứ cấp)"),
        ("Đúng hạn trên đã giải quyết", "66,7 %", "báo cáo một cửa (nguồn thứ cấp)"),
    ):
        line = page[page.index(f">{title}<") :].split("</li>")[0]
        assert value in line
        assert source in line


def test_what_games_the_figures_stands_beside_them(leader: Client, cases: list[UUID]) -> None:
    page = read(leader, "/dieu-hanh/")
    for title in (
        "Hồ sơ nộp lại trong 30 ngày",
        "Yêu cầu bổ sung khi sắp hết hạn",
        "Hồ sơ “trực tuyến” do cán bộ nhập hộ",
    ):
        line = page[page.index(f">{title}<") :].split("</li>")[0]
        assert "25 %" in line
        rows = read(leader, door(page, title))
        assert title in rows


def test_every_figure_opens_down_to_its_cases(leader: Client, cases: list[UUID], communes: list[UUID]) -> None:
    page = read(leader, "/dieu-hanh/")
    indicator = read(leader, door(page[page.index("Giải quyết hồ sơ đúng hạn") :], "mở ra hồ sơ"))
    by_unit = read(leader, door(indicator, "Theo đơn vị").split("#")[0])
    name = units.names([communes[0]], DAY)[communes[0]]
    rows = read(leader, door(by_unit, name))
    shown = [case for case in cases if str(case) in rows]
    assert shown == cases[:3]
    assert "Được tính 1" in rows
    assert "Chưa rõ 1" in rows
    late = read(leader, door(rows, "Không được tính 2"))
    assert [case for case in cases if str(case) in late] == cases[1:3]


def test_an_unknown_figure_is_a_dash_with_its_reason(leader: Client) -> None:
    page = read(leader, "/dieu-hanh/")
    assert page.count('tile-value"><span aria-hidden="true">—</span>') == 3
    assert "Chưa có hồ sơ tiếp nhận trong kỳ, nên chưa có gì để chia." in page
    assert "Chưa có thủ tục trong danh mục công bố" in page
    assert "0 %" not in re.sub(r"80 %|100 % trừ", "", page)


def test_without_indicators_the_screen_says_how_to_get_them(leader: Client) -> None:
    InstalledPackage.objects.filter(kind="indicators").delete()
    assert "tinhso packages install" in read(leader, "/dieu-hanh/")
    assert leader.get("/dieu-hanh/on-time-rate/").status_code == 404


def test_the_wall_refreshes_itself_and_carries_no_chrome(leader: Client, cases: list[UUID]) -> None:
    page = read(leader, "/dieu-hanh/?che-do=tuong")
    assert leader.get("/dieu-hanh/?che-do=tuong")["Refresh"] == "30"
    assert "<form" not in page
    assert page.count('class="tile ') == 3


def test_a_leader_of_a_commune_sees_its_own_commune_only(
    signed_in: Sign, cases: list[UUID], communes: list[UUID], published: None
) -> None:
    own = signed_in(communes[0], Role.LEADER)
    assert len(table(own, "/dieu-hanh/on-time-rate/dong.csv")) == 1 + 3
    page = read(own, "/dieu-hanh/")
    assert units.names([communes[0]], DAY)[communes[0]] in page
    assert "số của toàn tỉnh" in page  # the published list knows no communes
    for other in (f"don-vi={communes[1]}", f"rieng={communes[1]}", f"don-vi={root()}", f"don-vi={ids.new()}"):
        assert own.get(f"/dieu-hanh/?{other}").status_code == 403
        assert own.get(f"/dieu-hanh/on-time-rate/dong.csv?{other}").status_code == 403


def test_a_district_shows_all_below_it(leader: Client, cases: list[UUID], communes: list[UUID]) -> None:
    district = units.unit(communes[0], DAY).parent_id  # type: ignore[union-attr]
    other = next(u.id for u in units.of_tier(Tier.DISTRICT, DAY) if u.id != district)
    assert len(table(leader, f"/dieu-hanh/on-time-rate/dong.csv?don-vi={district}")) == 1 + 4
    assert len(table(leader, f"/dieu-hanh/on-time-rate/dong.csv?don-vi={other}")) == 1
    assert len(table(leader, "/dieu-hanh/on-time-rate/dong.csv?cap=district")) == 1
    assert len(table(leader, "/dieu-hanh/on-time-rate/dong.csv?cap=commune")) == 1 + 4


def test_a_case_is_a_door_only_for_those_who_may_see_it(
    leader: Client, signed_in: Sign, cases: list[UUID], communes: list[UUID]
) -> None:
    access.grant_all([Grant(cases[0], communes[0], "test", Confidentiality.INTERNAL, clock.business_now())])
    head = read(signed_in(communes[0], Role.LEADER), "/dieu-hanh/on-time-rate/dong/")
    assert f'href="/can-bo/ho-so/{cases[0]}/"' in head
    assert f'href="/can-bo/ho-so/{cases[1]}/"' not in head
    assert f"…{cases[1].hex[-8:]}" in head
    # The province's leader meets what any unit below sees, and each look is shown to the person.
    above = read(leader, "/dieu-hanh/on-time-rate/dong/")
    assert f'href="/can-bo/ho-so/{cases[0]}/"' in above
    assert f'href="/can-bo/ho-so/{cases[1]}/"' not in above


def test_units_of_one_accountable_head_are_one_line(leader: Client, cases: list[UUID], communes: list[UUID]) -> None:
    account = official(communes[0], Role.LEADER)
    person = person_of(account)
    for commune in communes[:2]:
        post = next(p for p in people.posts_of(commune) if p.accountable_head)
        if post.person_id != person:
            staffing.fill_post(
                actor=Actor.system("test"), post_id=post.id, person_id=person, valid_from=date(2020, 1, 1)
            )
    lines = table(leader, "/dieu-hanh/on-time-rate/bang.csv?theo=nguoi-dung-dau")
    assert len(lines) == 2
    assert lines[1][1:] == ["50.00", "2", "4", "1"]
    page = read(leader, "/dieu-hanh/on-time-rate/?theo=nguoi-dung-dau")
    rows = read(leader, door(page, lines[1][0]))
    assert all(str(case) in rows for case in cases)


def test_tables_sort_by_any_column_and_back(leader: Client, cases: list[UUID]) -> None:
    for sort, values in (
        ("gia-tri", ["33.33", "100.00"]),
        ("-gia-tri", ["100.00", "33.33"]),
        ("mau", ["100.00", "33.33"]),
    ):
        lines = table(leader, f"/dieu-hanh/on-time-rate/bang.csv?theo=don-vi&sort={sort}")
        assert [line[1] for line in lines[1:]] == values
    page = read(leader, "/dieu-hanh/on-time-rate/?theo=don-vi&sort=-gia-tri")
    assert 'aria-sort="descending"' in page
    assert re.search(r'href="/dieu-hanh/on-time-rate/bang\.csv\?[^"]*sort=-gia-tri"', page)


def test_months_open_to_their_own_rows(leader: Client, cases: list[UUID]) -> None:
    page = read(leader, "/dieu-hanh/on-time-rate/?theo=thang")
    rows = read(leader, door(page, "01/2021"))
    assert "Tháng 01/2021" in rows
    assert all(str(case) in rows for case in cases)
    before = read(leader, "/dieu-hanh/on-time-rate/dong/?ky=2020-12")
    assert "Không có dòng nào" in before


@pytest.mark.parametrize(
    "query",
    [
        "ky=2021-13",
        "ky=2999-01",
        "ky=%00",
        "sort=-bogus",
        "theo=nowhere",
        "phan=x",
        "page=-1",
        "page=²",
        "page=99999999",
        "cap=galaxy",
    ],
)
def test_what_cannot_be_read_is_answered_by_the_usual(leader: Client, cases: list[UUID], query: str) -> None:
    for address in ("/dieu-hanh/", "/dieu-hanh/on-time-rate/", "/dieu-hanh/on-time-rate/dong/"):
        assert leader.get(f"{address}?{query}").status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "/dieu-hanh/nothing/", "/dieu-hanh/nothing/dong/", "/dieu-hanh/on-time-rate/?do=best",
        "/dieu-hanh/?don-vi=abc", "/dieu-hanh/on-time-rate/dong/?rieng=%27",
    ],
)  # fmt: skip
def test_what_is_not_there_is_not_found(leader: Client, address: str) -> None:
    assert leader.get(address).status_code == 404


def test_files_run_nothing_in_a_spreadsheet(leader: Client, communes: list[UUID]) -> None:
    store(case_row(unit_id=communes[0], procedure="=1+1"))
    lines = table(leader, "/dieu-hanh/on-time-rate/dong.csv")
    assert lines[1][2] == "'=1+1"


def test_a_file_holds_every_row(leader: Client, communes: list[UUID]) -> None:
    store(*(case_row(unit_id=communes[0]) for _ in range(230)))
    assert len(table(leader, "/dieu-hanh/on-time-rate/dong.csv")) == 231
    page = read(leader, "/dieu-hanh/on-time-rate/dong/?page=3")
    assert page.count("data-row=") == 30


@pytest.mark.parametrize(
    ("address", "most"),
    [
        ("/dieu-hanh/", 40),
        ("/dieu-hanh/?che-do=tuong", 40),
        ("/dieu-hanh/on-time-rate/?theo=don-vi", 30),
        ("/dieu-hanh/on-time-rate/?theo=nguoi-dung-dau", 32),
        ("/dieu-hanh/on-time-rate/dong/", 20),
    ],
)
def test_pages_cost_the_same_whatever_the_number_of_units(
    leader: Client, communes: list[UUID], published: None, address: str, most: int
) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert leader.get(address).status_code == 200
        return len(asked)

    store(case_row(unit_id=communes[0]), case_row(unit_id=communes[1]))
    few = cost()
    store(*(case_row(unit_id=unit, on_time=True) for unit in communes))
    assert cost() == few <= most


def test_rights_end_with_the_post(province: clock.ManualClock) -> None:
    account = official(root(), Role.PROVINCE_LEADER, until=date(2021, 1, 28))
    assert principals.principal_for(account).seats == ()
    assert client_of(account).get("/dieu-hanh/").status_code == 403
