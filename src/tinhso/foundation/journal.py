"""Write down what happened, in the transaction in which it happens.

The journal is audit trail, outbox and live feed at once. An entry's leaf commits to a salted hash of its canonical
bytes and of its personal payload, so that the payload can be erased later and the entry still be proved.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime, time
from enum import Enum
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import connection, models, transaction

from . import clock, ids, randomness, statements, vault
from .contracts import Actor, Event, Subject
from .models import JournalEntry, JournalPersonal

_SEALER_LOCK = 7_415_390  # PostgreSQL advisory lock: one sealer at a time


@dataclasses.dataclass(frozen=True, slots=True)
class Entry:
    """A journal entry as readers get it; `data` are the event's fields as plain values."""

    id: UUID
    seq: int
    event: str
    version: int
    subject: Subject
    actor: str
    on_behalf_of: str
    true_at: datetime
    recorded_at: datetime
    data: Mapping[str, Any]


def canonical(value: Any) -> bytes:
    """Return the one byte form of plain values: sorted keys, no spaces, UTF-8."""
    return json.dumps(
        value, sort_keys=True, ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=_plain
    ).encode()


def append(
    event: Event,
    *,
    subject: Subject,
    actor: Actor,
    on_behalf_of: Actor | None = None,
    personal: Mapping[str, Any] | None = None,
    true_at: datetime | None = None,
) -> UUID:
    """Append an entry and return its id. Must run inside a transaction: an entry without its change is a lie."""
    if not connection.in_atomic_block:
        raise RuntimeError("journal.append outside a transaction")
    fields = {f.name: getattr(event, f.name) for f in dataclasses.fields(event)}
    true_at, recorded_at = true_at or clock.business_now(), clock.now()
    body = canonical(
        {
            "event": event.NAME,
            "version": event.VERSION,
            "subject": str(subject),
            "actor": str(actor),
            "on_behalf_of": str(on_behalf_of or ""),
            "true_at": true_at,
            "recorded_at": recorded_at,
            "data": fields,
        }
    )
    salt = randomness.bytes_(16)
    # The payload carries a salt of its own: once it is erased, nobody can guess it back from its hash.
    hidden = randomness.bytes_(16) + canonical(dict(personal)) if personal else b""
    personal_hash = hashlib.sha256(hidden).digest() if hidden else b""
    entry = JournalEntry(
        id=ids.new(),
        seq=_next_seq() if connection.vendor == "sqlite" else None,
        event=event.NAME,
        version=event.VERSION,
        subject_kind=subject.kind,
        subject_id=subject.id,
        actor=str(actor),
        on_behalf_of=str(on_behalf_of or ""),
        true_at=true_at,
        recorded_at=recorded_at,
        body=body,
        salt=salt,
        personal_hash=personal_hash,
        leaf=leaf_hash(body, salt, personal_hash),
    )
    statements.insert(entry)
    if hidden:
        JournalPersonal.objects.create(entry_id=entry.id, sealed=vault.seal(hidden))
    return entry.id


def leaf_hash(body: bytes, salt: bytes, personal_hash: bytes) -> bytes:
    """Return the entry's leaf (RFC 6962 leaf prefix over a salted hash)."""
    return hashlib.sha256(b"\x00" + hashlib.sha256(salt + body).digest() + personal_hash).digest()


def seal() -> int:
    """Number the committed entries that have no number yet; return how many.

    SQLite writes one transaction at a time, so entries are numbered as they are written. On PostgreSQL an entry can
    commit after a younger one; numbering after commit, by one sealer, keeps a reader's bookmark from passing it by.
    """
    if connection.vendor == "sqlite":
        return 0
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_SEALER_LOCK])
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(
            """UPDATE foundation_journalentry AS e SET seq = n.seq
               FROM (SELECT id, row_number() OVER (ORDER BY recorded_at, id)
                            + (SELECT coalesce(max(seq), 0) FROM foundation_journalentry) AS seq
                     FROM (SELECT id, recorded_at FROM foundation_journalentry WHERE seq IS NULL
                           ORDER BY recorded_at, id LIMIT 5000) AS waiting) AS n
               WHERE e.id = n.id"""
        )
        return int(cursor.rowcount)


def read(*, after: int = 0, limit: int = 500, events: frozenset[str] | None = None) -> list[Entry]:
    """Return sealed entries numbered above `after`, in order."""
    rows = JournalEntry.objects.filter(seq__gt=after).order_by("seq")
    if events is not None:
        rows = rows.filter(event__in=events)
    return [entry_of(row) for row in rows[:limit]]


def about(subject: Subject) -> list[Entry]:
    """Return all sealed entries about one subject, oldest first."""
    rows = JournalEntry.objects.filter(subject_id=subject.id, subject_kind=subject.kind, seq__isnull=False)
    return [entry_of(row) for row in rows.order_by("seq")]


def personal(entry_id: UUID) -> Mapping[str, Any] | None:
    """Return an entry's personal payload, or None where it has none or it was erased."""
    sealed = JournalPersonal.objects.filter(entry_id=entry_id).values_list("sealed", flat=True).first()
    return json.loads(vault.unseal(bytes(sealed))[16:]) if sealed else None


def erase_personal(entry_id: UUID) -> None:
    """Erase an entry's personal payload for good; its leaf stays provable."""
    JournalPersonal.objects.filter(entry_id=entry_id).update(sealed=None, erased_at=clock.now())


def position() -> int:
    """Return the number of the newest sealed entry."""
    return JournalEntry.objects.aggregate(top=models.Max("seq"))["top"] or 0


def verify() -> list[UUID]:
    """Return the entries that no longer match their leaf: bytes, columns or personal payload (none: all is whole)."""
    found: list[UUID] = []
    rows = JournalEntry.objects.order_by("id").iterator(1000)
    while page := list(islice(rows, 1000)):
        hidden = JournalPersonal.objects.in_bulk([row.id for row in page if row.personal_hash])
        found += [row.id for row in page if not _whole(row, hidden.get(row.id))]
    return found


def _whole(row: JournalEntry, hidden: JournalPersonal | None) -> bool:
    personal_hash, body = bytes(row.personal_hash), bytes(row.body)
    if leaf_hash(body, bytes(row.salt), personal_hash) != bytes(row.leaf):
        return False
    return _says_the_same(row, body) and _payload_whole(hidden, personal_hash)


def _says_the_same(row: JournalEntry, body: bytes) -> bool:
    """Tell whether the columns readers search by still say what the proved bytes say."""
    said = json.loads(body)
    words = {"event": row.event, "version": row.version, "actor": row.actor, "on_behalf_of": row.on_behalf_of}
    words["subject"] = str(Subject(row.subject_kind, row.subject_id))
    times = {"true_at": row.true_at, "recorded_at": row.recorded_at}
    return all(said[k] == v for k, v in words.items()) and all(
        datetime.fromisoformat(said[k]) == v for k, v in times.items()
    )


def _payload_whole(hidden: JournalPersonal | None, personal_hash: bytes) -> bool:
    if not personal_hash:
        return True
    if hidden is None:  # erasing keeps the row and its date; a row that is gone was taken away
        return False
    if hidden.sealed is None:
        return hidden.erased_at is not None
    try:
        return hashlib.sha256(vault.unseal(bytes(hidden.sealed))).digest() == personal_hash
    except vault.Damaged:
        return False


def _next_seq() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(seq) FROM foundation_journalentry")
        return int(cursor.fetchone()[0] or 0) + 1


def entry_of(row: JournalEntry) -> Entry:
    """Return a row of the journal as readers get it."""
    return Entry(
        id=row.id,
        seq=row.seq or 0,
        event=row.event,
        version=row.version,
        subject=Subject(row.subject_kind, row.subject_id),
        actor=row.actor,
        on_behalf_of=row.on_behalf_of,
        true_at=row.true_at,
        recorded_at=row.recorded_at,
        data=json.loads(bytes(row.body))["data"],
    )


def _plain(value: Any) -> Any:
    if isinstance(value, UUID | Subject | Actor):
        return str(value)
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return dataclasses.asdict(value)
    if isinstance(value, frozenset | set):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} has no place in the journal")
