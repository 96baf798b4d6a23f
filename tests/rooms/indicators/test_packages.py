"""An indicator's package says what it counts and by which document, and its examples prove it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from tinhso.foundation.api import packages
from tinhso.indicators.api import expected_on
from tinhso.indicators.contracts import Certainty, Definition, WindowKind
from tinhso.indicators.package_kind import prove, read

FOLDERS = {folder.name: folder for folder in packages.folders("indicators")}
Files = dict[str, bytes]


def bundled(name: str) -> Definition:
    return read(packages.files_of(FOLDERS[name]))[1]


@pytest.fixture
def broken() -> Callable[..., list[str]]:
    """Change one thing in a good package and return what is said of it."""

    def change(old: str, new: str, *, name: str = "on-time-rate", file: str = "package.yml") -> list[str]:
        files: Files = packages.files_of(FOLDERS[name])
        assert old.encode() in files[file]
        files[file] = files[file].replace(old.encode(), new.encode())
        try:
            return list(prove(read(files)[1]))
        except packages.PackageProblem as problem:
            return list(problem.problems)

    return change


@pytest.mark.parametrize("name", sorted(FOLDERS))
def test_bundled_packages_are_proved_by_their_examples(name: str) -> None:
    header, _ = packages.check("indicators", FOLDERS[name])
    assert header.name == name


@pytest.mark.parametrize("name", sorted(FOLDERS))
def test_what_an_indicator_watches_is_there(name: str) -> None:
    assert set(bundled(name).watch) <= set(FOLDERS)


def test_on_time_has_three_named_denominators_each_with_its_document() -> None:
    measures = bundled("on-time-rate").measures
    assert [m.id for m in measures] == ["received", "to-do", "done"]
    assert measures[0].basis.certainty is Certainty.READ
    assert "61/2018" in measures[0].basis.title
    assert measures[1].window.kind is WindowKind.OPEN
    assert len({m.denominator_words for m in measures}) == 3


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("fact: services.case", "fact: services.dog", "không phòng nào"),
        ("{within: received_at}", "{within: procedure}", "không phải cột ngày giờ"),
        ("{within: received_at}", "{within: nowhere}", "không phải cột ngày giờ"),
        ("{enum: [7, 9, 10]}", "{pattern: x}", "pattern"),
        ("{enum: [true, null]}", "{not: {const: false}}", "chưa biết"),
        ("id: to-do", "id: done", "hai lần"),
        ("unit: percent", "unit: kilogram", "unit"),
        ("certainty: read", "certainty: sure", "certainty"),
        ("owner: ", "boss: ", "boss"),
        ("schema_version: 1", "schema_version: 1\nid: twice", "hai lần"),
        ("version: 1\nstatus", "version: &one 1\nstatus", "neo"),
        ("targets: []", "targets: !!python/object:os.system []", "nhãn kiểu"),
        ("targets: []", "targets: [", "không đọc được"),
        ("valid_from: 2018-06-21", "valid_from: 2018-02-31", "valid_from"),
        ("status: live", "status: live\nsql: DROP TABLE", "sql"),
    ],
)
def test_a_broken_package_is_refused_with_its_place(
    broken: Callable[..., list[str]], old: str, new: str, says: str
) -> None:
    assert says in "; ".join(broken(old, new))


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("received: {numerator: 1,", "received: {numerator: 2,", "ra 1/5"),
        ("value: 20}", "value: 21}", "= 20"),
        ("undecided: 1, ", "", "chưa rõ 1"),
        ("done: {numerator", "best: {numerator", "không có phép đo best"),
        ("  done: {numerator: 2, denominator: 3, value: 66.67}", "", "phép đo done chưa có ví dụ"),
        ("tier: district", "level: 4", "không có cột level"),
        ("tier: district", "tier: null", "luôn có giá trị"),
        ("first: 2021-01-01", "first: 2021-03-01", "cannot end"),
        ("on_time: true}", "on_time: maybe}", "không hợp"),
    ],
)
def test_an_example_that_disagrees_refuses_the_package(
    broken: Callable[..., list[str]], old: str, new: str, says: str
) -> None:
    assert says in "; ".join(broken(old, new, file="examples/three-denominators.yml"))


def test_a_package_without_examples_proves_nothing() -> None:
    files = {n: c for n, c in packages.files_of(FOLDERS["on-time-rate"]).items() if n == "package.yml"}
    assert prove(read(files)[1]) == ["chưa có ví dụ nào chứng minh cách tính"]


@pytest.mark.parametrize("content", [b"", b"- 1", b"\xff\xfe", b"a: " + b"[" * 60, b"a: *b", b"? [1]\n: 2"])
def test_any_bytes_are_refused_calmly(content: bytes) -> None:
    with pytest.raises(packages.PackageProblem):
        read({"package.yml": content})


def test_a_file_of_another_kind_is_refused() -> None:
    files = {**packages.files_of(FOLDERS["on-time-rate"]), "run.py": b"print()"}
    with pytest.raises(packages.PackageProblem, match=r"run\.py"):
        read(files)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2021, 1, 5), None),  # before the conference nothing was promised
        (date(2021, 1, 6), Decimal("0.00")),
        (date(2023, 7, 5), Decimal("40.00")),
        (date(2025, 12, 31), Decimal(80)),
        (date(2026, 11, 23), Decimal(80)),
    ],
)
def test_what_is_expected_today_lies_on_the_line_to_the_target(day: date, expected: Decimal | None) -> None:
    speech = bundled("services-level-4").targets[0]
    assert expected_on(speech, day) == expected


def test_a_target_counts_from_the_day_of_its_document() -> None:
    level = bundled("services-level-4")
    assert [t.id for t in level.targets_on(date(2021, 1, 5))] == ["qd-749"]
    assert [t.id for t in level.targets_on(date(2021, 1, 6))] == ["speech-2021", "qd-749"]
    assert [t.id for t in level.targets_on(date(2021, 4, 1))] == ["speech-2021", "qd-749", "nq-06"]
