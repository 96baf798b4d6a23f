"""Let rooms react to what the journal says, at least once each, in order per subject.

Each reader keeps a bookmark. A reaction and its bookmark commit together. A failing entry is held and tried again
with growing pauses; later entries of that subject wait behind it while other subjects go on. After the last try
the subject is parked in sight and an alert is raised.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import OuterRef, Subquery

from . import clock, journal
from .contracts import Actor, Event, Subject
from .models import Bookmark, HeldEntry, JournalEntry

log = logging.getLogger("tinhso.reactions")
_WAITS = "chờ mục trước"
PAUSES = (1, 5, 30, 300)  # seconds before each next try; after these the subject is parked
RETRIES = 500  # held subjects a reader tries again in one turn


@dataclass(frozen=True)
class Reaction:
    """A row of the wiring: when `event` is read, `reader` runs `run(entry)`, which must be idempotent."""

    event: str
    reader: str
    run: Callable[[journal.Entry], None]


@dataclass(frozen=True)
class SubjectParked(Event):
    NAME = "foundation.SubjectParked"
    reader: str
    seq: int
    error: str


def run_once(rows: Sequence[Reaction], *, batch: int = 200) -> int:
    """Take every reader a step further; return how many entries were taken."""
    taken = 0
    for reader in sorted({row.reader for row in rows}):
        wanted = {row.event: row.run for row in rows if row.reader == reader}
        taken += _retry(reader, wanted) + _advance(reader, wanted, batch)
    return taken


def parked() -> list[HeldEntry]:
    """Return the parked entries, oldest first."""
    return list(HeldEntry.objects.filter(parked_at__isnull=False).order_by("seq"))


def release(reader: str, subject: Subject) -> None:
    """Try a parked subject again from its first held entry."""
    HeldEntry.objects.filter(reader=reader, subject_id=subject.id).update(parked_at=None, tries=0, retry_at=clock.now())


Wanted = dict[str, Callable[[journal.Entry], None]]


def _advance(reader: str, wanted: Wanted, batch: int) -> int:
    mark, _ = Bookmark.objects.get_or_create(reader=reader)
    top = journal.position()
    if mark.seq >= top:
        return 0
    entries = journal.read(after=mark.seq, limit=batch, events=frozenset(wanted))
    held = set(HeldEntry.objects.filter(reader=reader).values_list("subject_id", flat=True))
    for entry in entries:
        error = _WAITS if entry.subject.id in held else _take(reader, wanted[entry.event], entry)
        if error:
            _hold(reader, entry, error)
            held.add(entry.subject.id)
    # With a short batch everything up to `top` was seen; with a full one, only up to its last entry.
    seen = entries[-1].seq if len(entries) == batch else top
    Bookmark.objects.filter(reader=reader, seq__lt=seen).update(seq=seen)
    return len(entries)


def _take(reader: str, run: Callable[[journal.Entry], None], entry: journal.Entry) -> str:
    """Run one reaction in its own transaction; return what went wrong, or nothing."""
    try:
        with transaction.atomic():
            run(entry)
            Bookmark.objects.filter(reader=reader, seq__lt=entry.seq).update(seq=entry.seq)
    except Exception as error:  # whatever a reaction raises, the others go on
        log.exception("%s could not take entry %s (%s)", reader, entry.seq, entry.event)
        return type(error).__name__
    return ""


def _hold(reader: str, entry: journal.Entry, error: str) -> None:
    HeldEntry.objects.get_or_create(
        reader=reader,
        seq=entry.seq,
        defaults={
            "entry_id": entry.id,
            "subject_id": entry.subject.id,
            "retry_at": clock.now() + timedelta(seconds=PAUSES[0]),
            "error": error,
        },
    )


def _retry(reader: str, wanted: Wanted) -> int:
    """Try again the subjects whose first held entry is due, each from that entry on until one fails."""
    held = HeldEntry.objects.filter(reader=reader)
    first = held.filter(subject_id=OuterRef("subject_id")).order_by("seq").values("seq")[:1]
    due = held.filter(seq=Subquery(first), parked_at=None, retry_at__lte=clock.now()).order_by("seq")
    return sum(_take_chain(reader, wanted, subject) for subject in due.values_list("subject_id", flat=True)[:RETRIES])


def _take_chain(reader: str, wanted: Wanted, subject_id: UUID) -> int:
    done = 0
    chain = HeldEntry.objects.filter(reader=reader, subject_id=subject_id).select_related("entry").order_by("seq")
    for held in chain[:RETRIES]:
        if not _take_held(reader, wanted, held):
            break
        done += 1
    return done


def _take_held(reader: str, wanted: Wanted, held: HeldEntry) -> bool:
    entry = journal.entry_of(held.entry)
    run = wanted.get(entry.event)
    error = _take(reader, run, entry) if run else ""
    if not error:
        held.delete()
        return True
    held.error = error
    held.tries += 1
    with transaction.atomic():  # parked with its alert or not at all
        if held.tries >= len(PAUSES):
            _park(held)
        else:
            held.retry_at = clock.now() + timedelta(seconds=PAUSES[held.tries])
        held.save()
    return False


def _park(held: HeldEntry) -> None:
    held.parked_at = clock.now()
    row: JournalEntry = held.entry
    journal.append(
        SubjectParked(reader=held.reader, seq=held.seq, error=held.error),
        subject=Subject(row.subject_kind, row.subject_id),
        actor=Actor.system("reactions"),
    )
