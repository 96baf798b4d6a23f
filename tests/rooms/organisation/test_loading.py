"""The province's data says what the law and the lists say, and what is not known is said to be unknown."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinhso.foundation.api import journal, packages
from tinhso.foundation.contracts import Actor
from tinhso.organisation.actions.load import BUNDLED
from tinhso.organisation.api import load_organisation, units
from tinhso.organisation.contracts import Certainty, Part, Tier, UnitKind
from tinhso.organisation.rules import loading
from tinhso.organisation.rules.plan import DataProblem, Plan

JANUARY_2021, EARLY_2025, JULY_2025 = date(2021, 1, 15), date(2025, 1, 15), date(2025, 7, 1)


@pytest.fixture(scope="module")
def plan() -> Plan:
    return loading.read(packages.files_of(BUNDLED))


def living(plan: Plan, on: date, tier: Tier, kind: UnitKind = UnitKind.PEOPLE_COMMITTEE) -> list[str]:
    rows = [u for u in plan.units if u.tier is tier and u.kind is kind and u.valid_from <= on <= u.last]
    return [u.kind_word for u in rows]


def test_january_2021_has_twelve_districts_and_235_communes(plan: Plan) -> None:
    assert len(living(plan, JANUARY_2021, Tier.DISTRICT)) == 12
    assert Counter(living(plan, JANUARY_2021, Tier.COMMUNE)) == {"xã": 178, "phường": 47, "thị trấn": 10}


def test_december_2024_leaves_207_communes_and_says_that_28_went_nobody_knows_where(plan: Plan) -> None:
    assert Counter(living(plan, EARLY_2025, Tier.COMMUNE)) == {"xã": 151, "phường": 46, "thị trấn": 10}
    ended = {u.key for u in plan.units if u.tier is Tier.COMMUNE and u.valid_to == date(2024, 11, 30) and u.code}
    ended -= {u.key for u in plan.units if u.valid_from == date(2024, 12, 1)}
    assert len(ended) == 28
    links = {s.predecessor: s for s in plan.successions if s.predecessor in ended}
    assert set(links) == ended
    assert all(s.part is Part.UNKNOWN and not s.successor and s.certainty is Certainty.UNKNOWN for s in links.values())


def test_22_communes_changed_their_name_and_kept_their_code(plan: Plan) -> None:
    renamed = [u for u in plan.units if u.valid_from == date(2024, 12, 1) and u.code]
    before = {u.key: u for u in plan.units if u.valid_to == date(2024, 11, 30)}
    assert len(renamed) == 22
    assert all(before[u.key].code == u.code and before[u.key].full_name != u.full_name for u in renamed)


def test_july_2025_has_64_new_communes_each_under_an_old_code_and_no_district(plan: Plan) -> None:
    new = [u for u in plan.units if u.valid_from == JULY_2025 and u.tier is Tier.COMMUNE and u.code]
    old = {u.code: u.key for u in plan.units if u.valid_to == date(2025, 6, 30) and u.tier is Tier.COMMUNE}
    assert Counter(u.kind_word for u in new) == {"xã": 43, "phường": 21}
    assert not living(plan, JULY_2025, Tier.DISTRICT)
    assert all(u.code in old and old[u.code] != u.key for u in new)  # a code is not an identity


def test_every_commune_of_june_2025_went_somewhere_and_every_new_one_came_from_somewhere(plan: Plan) -> None:
    old = {u.key for u in plan.units if u.valid_to == date(2025, 6, 30) and u.tier is Tier.COMMUNE and u.code}
    new = {u.key for u in plan.units if u.valid_from == JULY_2025 and u.tier is Tier.COMMUNE and u.code}
    links = [s for s in plan.successions if s.successor in new]
    assert {s.predecessor for s in links} == old
    assert {s.successor for s in links} == new
    partial = Counter(s.predecessor for s in links if s.part is Part.PARTIAL)
    assert (len(partial), sum(partial.values())) == (35, 72)
    assert all(count >= 2 for count in partial.values())  # a part goes here, the rest elsewhere
    assert not {s.predecessor for s in links if s.part is Part.FULL} & set(partial)


def test_ten_departments_became_five_on_20_february_2025(plan: Plan) -> None:
    assert len(living(plan, JANUARY_2021, Tier.PROVINCE, UnitKind.DEPARTMENT)) == 17
    assert len(living(plan, date(2025, 2, 20), Tier.PROVINCE, UnitKind.DEPARTMENT)) == 12
    merged = [s for s in plan.successions if s.effective == date(2025, 2, 20)]
    assert (len({s.predecessor for s in merged}), len({s.successor for s in merged})) == (10, 5)


@given(st.dates(date(2019, 12, 1), date(2030, 1, 1)))
def test_on_any_day_a_unit_has_one_name_and_no_two_units_share_a_name_or_a_code(day: date) -> None:
    rows = [u for u in PLAN.units if u.valid_from <= day <= u.last]
    assert max(Counter(u.key for u in rows).values()) == 1
    assert max(Counter(u.display_name for u in rows).values()) == 1
    assert max(Counter(u.code for u in rows if u.code).values()) == 1
    alive = {u.key for u in rows}
    assert all(u.parent in alive for u in rows if u.parent)
    assert all(u.territory in alive for u in rows if u.territory)


PLAN = loading.read(packages.files_of(BUNDLED))


def test_seven_names_are_borne_by_more_than_one_commune_and_shown_apart(plan: Plan) -> None:
    rows = [u for u in plan.units if u.tier is Tier.COMMUNE and u.code and u.valid_from < JANUARY_2021]
    twice = {name: n for name, n in Counter(u.full_name for u in rows).items() if n > 1}
    assert len(twice) == 7
    assert twice["Xã Hồng Phong"] == 3


def test_invented_identifiers_say_so(plan: Plan) -> None:
    assert {i.certainty for i in plan.identifiers} == {Certainty.INVENTED}


@pytest.mark.parametrize(
    ("name", "old", "new", "complaint"),
    [
        ("territories-2021.csv", "hd-10507,10507", "hd-10507,10510", "code 10510: both"),
        ("territories-2021.csv", "commune,hd-288", "commune,hd-999", "hd-999 does not live"),
        ("territories-2025.csv", "2025-07-01", "2025-31-02", "line 2"),
        ("successions.csv", "hp-10507,full", "hp-00000,full", "hp-00000 does not live"),
        ("successions.csv", "hd-10522,,unknown", "hd-10522,,full", "no successor, yet part is full"),
        ("identifiers.csv", "hd-30,", "hd-31,", "no unit hd-31"),
        ("agencies.csv", "hd-so-tu-phap,department", "hd-so-tu-phap,circus", "line"),
        ("organisation.yml", "root: hd-30", "root: hd-77", "root hd-77"),
        ("organisation.yml", "files:", "fils:", "organisation.yml"),
    ],
)
def test_broken_data_is_refused_with_the_place_of_the_fault(name: str, old: str, new: str, complaint: str) -> None:
    files = packages.files_of(BUNDLED)
    assert old.encode() in files[name]
    files[name] = files[name].replace(old.encode(), new.encode())
    with pytest.raises(DataProblem, match=complaint):
        loading.read(files)


def test_a_folder_without_its_head_is_refused() -> None:
    with pytest.raises(DataProblem, match=r"organisation\.yml: missing"):
        loading.read({})


@pytest.mark.django_db
def test_loading_tells_how_far_it_is_writes_one_entry_and_loading_again_changes_nothing() -> None:
    seen: list[tuple[int, int]] = []
    before = journal.position()
    report = load_organisation(
        actor=Actor.system("test"), progress=lambda done, total, what: seen.append((done, total))
    )
    journal.seal()
    assert seen == [(n, 5) for n in range(1, 6)]
    assert (report.units, report.successions) == (len({u.key for u in PLAN.units}), len(PLAN.successions))
    assert [e.event for e in journal.read(after=before)] == ["organisation.OrganisationLoaded"]
    again = load_organisation(actor=Actor.system("test"))
    journal.seal()
    assert not again.anything
    assert len(journal.read(after=before)) == 1


@pytest.mark.django_db
def test_loading_grown_data_mends_what_differs_and_keeps_identities(tmp_path) -> None:  # type: ignore[no-untyped-def]
    load_organisation(actor=Actor.system("test"))
    was = units.by_code("10507", JANUARY_2021)
    for name, content in packages.files_of(BUNDLED).items():
        changed = content.replace("phường,Cẩm Thượng".encode(), "phường,Cẩm Thượng Mới".encode())
        (tmp_path / name).write_bytes(changed)
    report = load_organisation(actor=Actor.system("test"), folder=tmp_path)
    now = units.by_code("10507", JANUARY_2021)
    assert was is not None
    assert now is not None
    assert (report.units, report.versions, now.id) == (0, 0, was.id)
    assert now.display_name == "Phường Cẩm Thượng Mới, thành phố Hải Dương"
    assert report.changed >= 2  # the commune and its police


@pytest.mark.django_db
def test_broken_data_leaves_nothing_behind(tmp_path) -> None:  # type: ignore[no-untyped-def]
    for name, content in packages.files_of(BUNDLED).items():
        (tmp_path / name).write_bytes(content.replace(b"hp-10507,full", b"hp-1,full"))
    with pytest.raises(DataProblem):
        load_organisation(actor=Actor.system("test"), folder=tmp_path)
    assert units.of_tier(Tier.DISTRICT, JANUARY_2021) == []


@given(first=st.dates(date(2019, 12, 1), date(2026, 1, 1)), days=st.integers(0, 400))
def test_a_unit_that_begins_and_ends_does_so_on_the_day_its_neighbour_ends_or_begins(first: date, days: int) -> None:
    """Between two days the communes that ended are exactly those that no longer live: none slips through the seam."""
    last = first + timedelta(days=days)
    at = {d: {u.key for u in PLAN.units if u.valid_from <= d <= u.last} for d in (first, last)}
    ended = {u.key for u in PLAN.units if first <= u.last < last} - at[last]
    begun = {u.key for u in PLAN.units if first < u.valid_from <= last}
    assert at[last] == (at[first] | begun) - ended
