"""Tables of the foundation: the journal, its readers, the vault's index, installed packages, the calendar's edits."""

from __future__ import annotations

from django.db import models

from . import ids


class Identified(models.Model):
    """A row known by a UUIDv7, never by a code."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)

    class Meta:
        abstract = True


class JournalEntry(Identified):
    """What happened, once and for good. `seq` is given when the entry is sealed; readers see sealed entries only."""

    seq = models.BigIntegerField(null=True, unique=True)
    event = models.CharField(max_length=80)
    version = models.PositiveSmallIntegerField()
    subject_kind = models.CharField(max_length=60)
    subject_id = models.UUIDField()
    actor = models.CharField(max_length=80)
    on_behalf_of = models.CharField(max_length=80, blank=True)
    true_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    body = models.BinaryField()
    salt = models.BinaryField(max_length=16)
    personal_hash = models.BinaryField(max_length=32, default=bytes)
    leaf = models.BinaryField(max_length=32)

    class Meta:
        indexes = (
            models.Index(fields=("subject_id", "seq"), name="journal_subject"),
            models.Index(fields=("id",), name="journal_unsealed", condition=models.Q(seq__isnull=True)),
        )


class JournalPersonal(models.Model):
    """The personal payload of an entry, sealed; it can be erased without breaking the entry's leaf."""

    entry = models.OneToOneField(JournalEntry, primary_key=True, on_delete=models.PROTECT, related_name="+")
    sealed = models.BinaryField(null=True)
    erased_at = models.DateTimeField(null=True)


class Bookmark(models.Model):
    """How far a reader has come in the journal."""

    reader = models.CharField(primary_key=True, max_length=80)
    seq = models.BigIntegerField(default=0)


class HeldEntry(models.Model):
    """An entry that a reader could not take: tried again later, then parked in sight while other subjects go on."""

    reader = models.CharField(max_length=80)
    entry = models.ForeignKey(JournalEntry, on_delete=models.PROTECT, related_name="+")
    subject_id = models.UUIDField()
    seq = models.BigIntegerField()
    tries = models.PositiveSmallIntegerField(default=0)
    retry_at = models.DateTimeField()
    parked_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=300)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("reader", "seq"), name="held_once"),)
        indexes = (models.Index(fields=("reader", "subject_id", "seq"), name="held_subject"),)


class Blob(Identified):
    """A file in the vault. `address` is a keyed hash of the content; `wrapped_key` opens it with the key `key_id`."""

    address = models.CharField(max_length=64, unique=True)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    key_id = models.CharField(max_length=32, db_index=True)
    wrapped_key = models.BinaryField(max_length=80)
    stored_at = models.DateTimeField()


class InstalledPackage(Identified):
    """A package as it was installed: immutable, so that what started under a version ends under it."""

    kind = models.CharField(max_length=40)
    name = models.CharField(max_length=80)
    version = models.PositiveIntegerField()
    status = models.CharField(max_length=10)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    digest = models.CharField(max_length=64)
    files = models.JSONField()
    installed_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("kind", "name", "version"), name="package_version"),)


class CalendarDay(Identified):
    """An edit of the official calendar: a sudden day off or a working day, with its decision. Later edits win."""

    day = models.DateField(db_index=True)
    working = models.BooleanField()
    reason = models.CharField(max_length=200)
    source = models.CharField(max_length=200)
    recorded_at = models.DateTimeField()


class FactVersion(Identified):
    """A version of one row of a fact: what was known about a subject, true from when, recorded when.

    Rooms subclass it with typed columns and no personal data. `entry_id` names the journal entry that recorded it;
    `current` marks the newest version of a subject.
    """

    subject_id = models.UUIDField()
    true_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    entry_id = models.UUIDField()
    current = models.BooleanField(default=True)

    class Meta:
        abstract = True


class Setting(models.Model):
    """A value of this installation, kept with its data (e.g. how far business time stands from machine time)."""

    name = models.CharField(primary_key=True, max_length=60)
    value = models.JSONField()
