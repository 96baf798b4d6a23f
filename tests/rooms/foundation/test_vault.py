"""The vault: what goes in comes out or is called damaged; the same content is kept once; a full disk keeps nothing."""

from __future__ import annotations

import io
import os
import resource
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from tests.rooms.foundation.said import LampLit, say
from tinhso.foundation import journal, keys, vault
from tinhso.foundation.contracts import BlobRef
from tinhso.foundation.models import Blob, JournalPersonal
from tinhso.foundation.vault import CHUNK

SIZES = st.sampled_from([0, 1, 15, 16, 17]) | st.builds(
    lambda chunks, off: max(0, chunks * CHUNK + off), st.integers(0, 4), st.integers(-17, 17)
)


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A data folder and a key file of each test's own."""
    monkeypatch.setattr(settings, "TINHSO_DATA", tmp_path / "data")
    before = keys.path()
    keys.use(tmp_path / "keys.json")
    yield
    keys.use(before)


def content(size: int, seed: int = 0) -> bytes:
    return bytes((i * 31 + i // CHUNK + seed) % 256 for i in range(min(size, 2 * CHUNK))).ljust(size, b"\x5a")


def file_of(ref: BlobRef) -> Path:
    return next(path for path in stored() if path.name == ref.id.hex)


def stored() -> list[Path]:
    return sorted(path for path in (Path(settings.TINHSO_DATA) / "vault").rglob("*") if path.is_file())


class Drip(io.RawIOBase):
    """A stream that gives less than it is asked for, as a network does."""

    def __init__(self, data: bytes, most: int) -> None:
        self._inner, self._most = io.BytesIO(data), most

    def read(self, size: int = -1) -> bytes:
        return self._inner.read(min(size, self._most) if size >= 0 else self._most)


class RoundTrip(TestCase):
    @given(SIZES, st.sampled_from(["bytes", "stream", "drip"]))
    @example(0, "stream")
    @example(CHUNK, "drip")
    def test_what_goes_in_comes_out(self, size: int, way: str) -> None:
        data = content(size)
        source = {"bytes": data, "stream": io.BytesIO(data), "drip": Drip(data, 40_001)}[way]
        ref = vault.put(source)  # type: ignore[arg-type]
        assert ref.size == size
        assert vault.read(ref.id) == data


@pytest.mark.django_db
def test_the_same_content_is_kept_once() -> None:
    first, again, other = vault.put(b"giay to"), vault.put(io.BytesIO(b"giay to")), vault.put(b"giay khac")
    assert first == again
    assert first.id != other.id
    assert len(stored()) == 2


@pytest.mark.django_db
def test_nothing_readable_lies_on_the_disk_and_the_index_does_not_tell_who_has_what() -> None:
    ref = vault.put(b"Nguyen Thi Kin " * 100)
    assert b"Nguyen Thi Kin" not in file_of(ref).read_bytes()
    assert Blob.objects.get(id=ref.id).address != ref.sha256


def _flip(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


SEALED = CHUNK + 16
DAMAGE = {
    "first byte": lambda d: _flip(d, 0),
    "middle byte": lambda d: _flip(d, SEALED + 5),
    "last byte": lambda d: _flip(d, len(d) - 1),
    "one byte short": lambda d: d[:-1],
    "last chunk gone": lambda d: d[: 2 * SEALED],
    "all gone": lambda d: b"",
    "swapped chunks": lambda d: d[SEALED : 2 * SEALED] + d[:SEALED] + d[2 * SEALED :],
    "doubled chunk": lambda d: d[:SEALED] + d,
    "trailing bytes": lambda d: d + b"x",
}


@pytest.mark.django_db
@pytest.mark.parametrize("damage", DAMAGE)
def test_a_changed_file_is_never_given_out_as_whole(damage: str) -> None:
    ref = vault.put(content(2 * CHUNK + 100))
    path = file_of(ref)
    path.write_bytes(DAMAGE[damage](path.read_bytes()))
    with pytest.raises(vault.Damaged):
        vault.read(ref.id)


@pytest.mark.django_db
def test_files_cannot_stand_in_for_each_other() -> None:
    a, b = vault.put(content(100, 1)), vault.put(content(100, 2))
    file_of(a).write_bytes(file_of(b).read_bytes())
    with pytest.raises(vault.Damaged):
        vault.read(a.id)


@pytest.mark.django_db
def test_a_lost_file_or_key_is_called_damaged() -> None:
    ref = vault.put(b"x")
    file_of(ref).unlink()
    with pytest.raises(vault.Damaged):
        vault.read(ref.id)
    with pytest.raises(vault.Damaged):
        vault.unseal(bytes(60))
    with pytest.raises(vault.Damaged):
        vault.unseal(b"short")


@given(st.binary(max_size=300))
def test_a_sealed_secret_opens_and_differs_each_time(secret: bytes) -> None:
    first, second = vault.seal(secret), vault.seal(secret)
    assert vault.unseal(first) == vault.unseal(second) == secret
    assert first != second


def test_blind_values_are_stable_here_and_different_elsewhere(tmp_path: Path) -> None:
    here = vault.blind("030012345678")
    assert vault.blind("030012345678") == here
    keys.rotate()
    assert vault.blind("030012345678") == here
    keys.use(tmp_path / "other.json")
    assert vault.blind("030012345678") != here


# --- rotation


@pytest.mark.django_db
def test_after_rotation_and_rewrapping_the_old_key_can_go() -> None:
    refs = [vault.put(content(n, n)) for n in (1, 100, CHUNK + 1)]
    entry = say(LampLit(1), personal={"name": "An"})
    gone = say(LampLit(2), personal={"name": "Bình"})
    journal.erase_personal(gone)
    old = keys.ring().current
    keys.rotate()
    with pytest.raises(ValueError, match="still"):
        vault.retire(old)
    while vault.rewrap(batch=2):
        pass
    vault.retire(old)
    assert old not in keys.ring().keys
    assert [len(vault.read(ref.id)) for ref in refs] == [1, 100, CHUNK + 1]
    assert journal.personal(entry) == {"name": "An"}
    assert journal.personal(gone) is None
    assert JournalPersonal.objects.get(entry_id=gone).sealed is None


@pytest.mark.django_db
def test_the_current_key_cannot_go() -> None:
    with pytest.raises(ValueError, match="current"):
        vault.retire(keys.ring().current)


@pytest.mark.django_db
def test_rewrapping_what_is_done_does_nothing() -> None:
    vault.put(b"x")
    say(LampLit(1), personal={"name": "An"})
    keys.rotate()
    assert vault.rewrap() == 2
    assert vault.rewrap() == 0


# --- space


@pytest.mark.django_db
def test_sweeping_removes_only_what_no_row_names() -> None:
    kept = vault.put(b"kept")
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        vault.put(b"rolled back")
        raise ZeroDivisionError
    stranger = Path(settings.TINHSO_DATA) / "vault" / "ab" / "lost+found"
    stranger.parent.mkdir(parents=True, exist_ok=True)
    stranger.write_bytes(b"not ours")
    assert vault.sweep() == 0, "young files may belong to a transaction still open"
    for path in stored():
        os.utime(path, (1, 1))
    assert vault.sweep() == 1
    assert vault.read(kept.id) == b"kept"
    assert stranger.exists()


@pytest.fixture
def small_disk() -> Iterator[int]:
    """Files of this process may grow to 100 kB and no more."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    yield 100_000
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    signal.signal(signal.SIGXFSZ, handler)


@pytest.mark.django_db
def test_a_full_disk_keeps_nothing(small_disk: int) -> None:
    with pytest.raises(vault.NoSpace):
        vault.put(content(small_disk + CHUNK))
    assert stored() == []
    assert not Blob.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("error", [ConnectionResetError("the phone hung up"), ValueError("bad part")])
def test_an_upload_that_breaks_off_leaves_nothing_and_is_not_called_a_full_disk(error: Exception) -> None:
    class Breaking(io.RawIOBase):
        sent = 0

        def read(self, size: int = -1) -> bytes:
            self.sent += 1
            if self.sent > 2:
                raise error
            return b"x" * size

    with pytest.raises(type(error)):
        vault.put(Breaking())  # type: ignore[arg-type]
    assert stored() == []
    assert not Blob.objects.exists()


@pytest.mark.django_db
def test_the_file_and_every_folder_it_stands_in_are_on_disk_before_the_row(monkeypatch: pytest.MonkeyPatch) -> None:
    flushed: list[Path] = []
    real = os.fsync

    def remember(descriptor: int) -> None:
        assert not Blob.objects.exists()
        flushed.append(Path(os.readlink(f"/proc/self/fd/{descriptor}")))
        real(descriptor)

    monkeypatch.setattr(os, "fsync", remember)
    path = file_of(vault.put(b"x"))
    assert {path, path.parent, path.parent.parent} <= set(flushed)
