"""Packages: proved before they are installed, immutable afterwards, and never a way out of their folder."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.rooms.foundation.said import CLERK
from tinhso.foundation import journal, packages
from tinhso.foundation.models import InstalledPackage


@dataclass(frozen=True)
class Greeting:
    words: str
    wrong: tuple[str, ...]


def _read(files: Mapping[str, bytes]) -> tuple[packages.Header, Greeting]:
    body: dict[str, Any] = yaml.safe_load(files["package.yml"])
    header = packages.Header(body["id"], body["version"], body["status"], body["valid_from"], body.get("valid_to"))
    return header, Greeting(body["words"], tuple(body.get("wrong", ())))


def _prove(greeting: Greeting) -> Sequence[str]:
    return greeting.wrong


@pytest.fixture(autouse=True)
def kind(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setattr(packages, "_kinds", {})
    packages.register(packages.Kind("greetings", _read, _prove))
    packages.load.cache_clear()
    yield "greetings"
    packages.load.cache_clear()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return written(tmp_path / "greetings" / "hello")


def written(folder: Path, **values: Any) -> Path:
    body = {"id": "hello", "version": 1, "status": "live", "valid_from": date(2021, 1, 1), "words": "Xin chào"} | values
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "package.yml").write_text(yaml.safe_dump(body, allow_unicode=True))
    return folder


def install(folder: Path) -> InstalledPackage:
    return packages.install(kind="greetings", folder=folder, actor=CLERK)


def in_force(on: date) -> list[str]:
    return [contract.words for _, contract in packages.newest("greetings", on)]


@pytest.mark.django_db
def test_an_installed_package_is_in_force_on_its_days(folder: Path) -> None:
    install(written(folder, valid_to=date(2021, 12, 31)))
    assert in_force(date(2020, 12, 31)) == []
    assert in_force(date(2021, 12, 31)) == ["Xin chào"]
    assert in_force(date(2022, 1, 1)) == []


@pytest.mark.django_db
def test_installing_the_same_again_changes_nothing(folder: Path) -> None:
    first, again = install(folder), install(folder)
    journal.seal()
    assert first.id == again.id
    assert InstalledPackage.objects.count() == 1
    assert [e.event for e in journal.read()] == ["foundation.PackageInstalled"]


@pytest.mark.django_db
def test_a_version_once_installed_cannot_be_changed(folder: Path) -> None:
    kept = install(folder)
    with pytest.raises(packages.PackageProblem, match="tăng số phiên bản"):
        install(written(folder, words="Tạm biệt"))
    (folder / "more.txt").write_text("x")
    with pytest.raises(packages.PackageProblem, match="tăng số phiên bản"):
        install(written(folder))
    assert packages.load(kept.id).words == "Xin chào"


@pytest.mark.django_db
def test_what_started_under_a_version_ends_under_it(folder: Path) -> None:
    old = install(folder)
    new = install(written(folder, version=2, words="Chào bạn"))
    assert in_force(date(2021, 1, 1)) == ["Chào bạn"]
    assert packages.load(old.id).words == "Xin chào"
    assert packages.identity("greetings", "hello", 1) == old.id
    assert packages.identity("greetings", "hello", 2) == new.id


@pytest.mark.django_db
def test_the_tenth_version_is_newer_than_the_ninth(folder: Path) -> None:
    for version in (9, 10, 2):
        install(written(folder, version=version, words=str(version)))
    assert in_force(date(2021, 1, 1)) == ["10"]


@pytest.mark.django_db
def test_a_disproved_example_stops_the_installation(folder: Path) -> None:
    with pytest.raises(packages.PackageProblem) as problem:
        install(written(folder, wrong=["ví dụ a: sai hạn", "ví dụ b: sai phí"]))
    assert problem.value.problems == ("ví dụ a: sai hạn", "ví dụ b: sai phí")
    assert not InstalledPackage.objects.exists()


@pytest.mark.django_db
def test_the_bytes_that_were_proved_are_the_bytes_installed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def prove_and_swap(greeting: Greeting) -> Sequence[str]:
        written(folder, words="Lời khác")
        return ()

    monkeypatch.setattr(packages, "_kinds", {"greetings": packages.Kind("greetings", _read, prove_and_swap)})
    assert packages.load(install(folder).id).words == "Xin chào"


@pytest.mark.django_db
def test_one_file_can_be_asked_for(folder: Path) -> None:
    (folder / "parts").mkdir()
    (folder / "parts" / "a.typ").write_bytes(b"= A")
    assert packages.file(install(folder).id, "parts/a.typ") == b"= A"


# --- folders that are no package


def refuses(folder: Path, *, match: str) -> None:
    with pytest.raises(packages.PackageProblem, match=match):
        packages.files_of(folder)


def test_links_that_lead_out_are_refused(folder: Path, tmp_path: Path) -> None:
    outside = tmp_path / "secret.txt"
    outside.write_text("secret")
    (folder / "a.txt").symlink_to(outside)
    refuses(folder, match="liên kết ra ngoài")


def test_linked_folders_that_lead_out_are_refused(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "secret.txt").write_text("secret")
    (folder / "parts").symlink_to(tmp_path / "elsewhere")
    refuses(folder, match="liên kết ra ngoài")


def test_a_link_to_nowhere_and_a_pipe_are_refused(folder: Path) -> None:
    (folder / "a.txt").symlink_to(folder / "missing.txt")
    refuses(folder, match=r"a\.txt")
    (folder / "a.txt").unlink()
    os.mkfifo(folder / "pipe")
    refuses(folder, match="pipe")


def test_a_file_too_large_is_refused(folder: Path) -> None:
    (folder / "big.txt").write_bytes(b"x" * (packages.MAX_FILE + 1))
    refuses(folder, match=r"big\.txt: lớn hơn")


def test_a_package_of_too_many_files_is_refused(folder: Path) -> None:
    for number in range(packages.MAX_FILES + 1):
        (folder / f"{number}.txt").write_text("")
    refuses(folder, match="nhiều hơn")


def test_hidden_files_are_left_out(folder: Path) -> None:
    (folder / ".git").mkdir()
    (folder / ".git" / "config").write_text("x")
    (folder / ".swp").write_text("x")
    assert set(packages.files_of(folder)) == {"package.yml"}


def test_the_digest_tells_names_and_contents_apart() -> None:
    digests = {
        packages.digest_of(files)
        for files in ({"a": b"bc"}, {"ab": b"c"}, {"a": b"b", "c": b""}, {"a": b"", "b": b"c"}, {"a": b"bd"})
    }
    assert len(digests) == 5


def test_kinds_and_folders_are_listed_by_name(folder: Path, tmp_path: Path) -> None:
    written(tmp_path / "greetings" / "bye", id="bye")
    (tmp_path / "greetings" / "empty").mkdir()
    assert [k.name for k in packages.kinds()] == ["greetings"]
    assert [f.name for f in packages.folders("greetings", tmp_path)] == ["bye", "hello"]
    assert packages.folders("nothing", tmp_path) == []
