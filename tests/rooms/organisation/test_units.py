"""A unit is found by name, code and day; what it came from and became is told, or said to be unknown."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tinhso.organisation.api import units
from tinhso.organisation.contracts import Certainty, Part, Tier, UnitKind

from .factories import commune

OLD, NEW = date(2021, 1, 15), date(2026, 11, 23)
pytestmark = pytest.mark.usefixtures("province")


def test_the_same_code_names_another_unit_after_the_reform() -> None:
    old, new = units.by_code("10507", OLD), units.by_code("10507", NEW)
    assert old is not None
    assert new is not None
    assert (old.display_name, new.display_name) == (
        "Phường Cẩm Thượng, thành phố Hải Dương",
        "Phường Thành Đông, thành phố Hải Phòng",
    )
    assert old.id != new.id


def test_a_new_commune_names_all_it_came_from() -> None:
    origins = {s.other.name: s.part for s in units.predecessors(commune("10507", NEW)) if s.other}
    assert origins == dict.fromkeys(["Cẩm Thượng", "Bình Hàn", "Nguyễn Trãi", "An Thượng"], Part.FULL)


def test_a_split_commune_names_every_part() -> None:
    parts = units.successors(commune("10528"))
    assert {s.other.name for s in parts if s.other} == {"Lê Thanh Nghị", "Tân Hưng"}
    assert {s.part for s in parts} == {Part.PARTIAL}


def test_a_commune_removed_in_december_2024_says_that_its_successor_is_unknown() -> None:
    (link,) = units.successors(commune("10522"))
    assert (link.other, link.part, link.certainty) == (None, Part.UNKNOWN, Certainty.UNKNOWN)


def test_an_ended_unit_keeps_the_name_it_last_had() -> None:
    unit_id = commune("10621")
    names = {units.names([unit_id], day)[unit_id] for day in (OLD, date(2025, 1, 1), NEW)}
    assert names == {"Xã Thanh Quang, huyện Nam Sách", "Xã Quốc Tuấn, huyện Nam Sách"}
    assert units.unit(unit_id, date(2019, 1, 1)) is None


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("cam thuong", "Phường Cẩm Thượng, thành phố Hải Dương"),
        ("CẨM  Thượng", "Phường Cẩm Thượng, thành phố Hải Dương"),
        ("10507", "Phường Cẩm Thượng, thành phố Hải Dương"),
        ("hong phong ninh giang", "Xã Hồng Phong, huyện Ninh Giang"),
        ("ubnd gia loc", "Huyện Gia Lộc, tỉnh Hải Dương"),
        ("so tu phap", "Sở Tư pháp, tỉnh Hải Dương"),
        ("dong lac", "Phường Đồng Lạc, thành phố Chí Linh"),
    ],
)
def test_search_finds_what_people_type(typed: str, first: str) -> None:
    assert units.search_units(typed, OLD)[0].display_name == first


@pytest.mark.parametrize("typed", ["", "   ", "%", "không có đâu", "_____", "\U0001f600" * 300])
def test_search_for_nothing_finds_nothing(typed: str) -> None:
    assert units.search_units(typed, OLD) == []


def test_all_three_communes_of_one_name_are_found() -> None:
    found = [u.display_name for u in units.search_units("hong phong", OLD) if u.kind is UnitKind.PEOPLE_COMMITTEE]
    assert len(found) == len(set(found)) == 3


@pytest.mark.parametrize(
    ("sector", "day", "name"),
    [
        ("police", OLD, "Công an phường Cẩm Thượng, thành phố Hải Dương"),
        ("police", NEW, "Công an phường Thành Đông, thành phố Hải Phòng"),
        ("social_insurance", OLD, "Bảo hiểm xã hội thành phố Hải Dương, tỉnh Hải Dương"),
        ("social_insurance", NEW, "Bảo hiểm xã hội thành phố Hải Phòng"),
        ("finance_planning", OLD, "Phòng Tài chính – Kế hoạch thành phố Hải Dương, tỉnh Hải Dương"),
        ("economy", NEW, "Phòng Kinh tế, Hạ tầng và Đô thị phường Thành Đông, thành phố Hải Phòng"),
        ("infrastructure", OLD, "Phòng Quản lý đô thị thành phố Hải Dương, tỉnh Hải Dương"),
        ("land_registry", OLD, "Chi nhánh Văn phòng đăng ký đất đai thành phố Hải Dương, tỉnh Hải Dương"),
        ("justice", NEW, "Sở Tư pháp, thành phố Hải Phòng"),
        ("people_committee", OLD, "Phường Cẩm Thượng, thành phố Hải Dương"),
    ],
)
def test_a_commune_is_served_by_its_own_agency_or_the_nearest_above(sector: str, day: date, name: str) -> None:
    found = units.agency_for(commune("10507", day), sector, day)
    assert found is not None
    assert found.display_name == name


def test_an_office_finds_the_agencies_of_the_place_it_serves() -> None:
    office = units.agency_for(commune(), "finance_planning", OLD)
    assert office is not None
    insurance = units.agency_for(office.id, "social_insurance", OLD)
    assert insurance is not None
    assert insurance.display_name.startswith("Bảo hiểm xã hội thành phố Hải Dương")
    assert units.agency_for(commune(), "circus", OLD) is None


def test_the_districts_of_a_huyen_and_of_a_city_name_their_construction_office_differently() -> None:
    offices = {units.agency_for(commune(code), "infrastructure", OLD).name for code in ("10507", "11293")}  # type: ignore[union-attr]
    assert offices == {"Phòng Quản lý đô thị thành phố Hải Dương", "Phòng Kinh tế và Hạ tầng huyện Thanh Miện"}


def test_identifier_codes_change_form_with_the_rules_and_are_unique_on_a_day() -> None:
    unit_id = commune()
    forms = [units.identifier(unit_id, day) for day in (OLD, date(2022, 1, 1))]
    assert [f and f.value for f in forms] == ["000.01.21.H23", "H23.21.01"]
    police = units.agency_for(unit_id, "police", OLD)
    assert police is not None
    assert units.identifier(police.id, OLD) is None or units.identifier(police.id, OLD).unit_id != police.id  # type: ignore[union-attr]


def test_the_whole_province_stands_under_its_committee_in_one_query() -> None:
    top = units.by_code("30", OLD)
    assert top is not None
    with CaptureQueriesContext(
        connection,
    ) as queries:
        below = units.subtree(top.id, OLD)
    assert len(queries) == 1
    members = units.units(below, OLD).values()
    assert sum(u.tier is Tier.COMMUNE and u.kind is UnitKind.PEOPLE_COMMITTEE for u in members) == 235
    assert sum(u.kind is UnitKind.DEPARTMENT for u in members) == 17
    assert not any(u.sector in ("police", "social_insurance", "party") for u in members)  # they answer elsewhere
    assert units.subtree(top.id, NEW) == {top.id}


def test_names_of_many_units_cost_one_query() -> None:
    wanted = [u.id for u in units.of_tier(Tier.COMMUNE, OLD)]
    with CaptureQueriesContext(connection) as queries:
        assert len(units.names(wanted, OLD)) == 235
    assert len(queries) == 1


def test_before_the_record_begins_there_are_no_units() -> None:
    assert units.of_tier(Tier.PROVINCE, date(2000, 1, 1)) == []
    assert units.by_code("", OLD) is None
