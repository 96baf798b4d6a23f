"""The demonstration's accounts exist in the demonstration only, under January 2021 and under today."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.test import override_settings

from tinhso.foundation.api import clock
from tinhso.organisation.api import create_demo_accounts, demo_accounts, principal_for
from tinhso.organisation.contracts import AccountKind, Role

pytestmark = pytest.mark.usefixtures("province")


def test_in_january_2021_each_part_of_the_four_procedures_has_someone_to_play_it() -> None:
    made = {a.login or a.phone: a for a in create_demo_accounts()}
    assert made["tiepnhan.xa"].unit_name == "Phường Cẩm Thượng, thành phố Hải Dương"
    assert made["lanhdao.kinhdoanh"].unit_name.startswith("Phòng Tài chính – Kế hoạch")
    assert made["chuyenvien.xaydung"].unit_name.startswith("Phòng Quản lý đô thị")
    assert made["lanhdao.congan"].unit_name.startswith("Công an phường Cẩm Thượng")
    assert made["canbo.bhxh"].unit_name.startswith("Bảo hiểm xã hội")
    assert made["lanhdao.tinh"].unit_name == "Tỉnh Hải Dương"
    assert made["0900 000 002"].unit_name == "Công ty TNHH Ví Dụ (thử nghiệm)"
    assert all("thử nghiệm" in a.name for a in made.values())
    roles = {role for a in made.values() for role in Role if principal_for(a.account_id).units_as([role])}
    assert roles == set(Role)


def test_today_the_same_people_sit_in_the_two_tiers_that_are_left(province: clock.ManualClock) -> None:
    province.set(datetime(2026, 11, 23, 9, tzinfo=clock.LOCAL))
    made = {a.login: a for a in create_demo_accounts() if a.kind is AccountKind.OFFICIAL}
    assert made["chutich.xa"].unit_name == "Phường Thành Đông, thành phố Hải Phòng"
    assert made["lanhdao.kinhdoanh"].unit_name.startswith("Phòng Kinh tế, Hạ tầng và Đô thị phường Thành Đông")
    assert "lanhdao.xaydung" not in made  # one office leads both kinds of work now
    assert made["canbo.bhxh"].unit_name == "Bảo hiểm xã hội thành phố Hải Phòng"


def test_making_them_again_changes_nothing() -> None:
    first = create_demo_accounts()
    assert create_demo_accounts() == first == demo_accounts()


@override_settings(TINHSO_DEMO=False)
def test_outside_the_demonstration_there_are_none() -> None:
    with pytest.raises(PermissionDenied):
        create_demo_accounts()
    assert demo_accounts() == []
