"""Accounts and how they are signed in to. Instants here are machine time."""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from tinhso.foundation.api import Identified

from ..contracts import AccountKind


class Account(Identified, AbstractBaseUser):
    """Someone who can sign in. A citizen by phone or e-mail, an official by login name.

    `epoch` rises when everything is signed out; `totp_last_step` keeps a code from being used twice.
    """

    kind = models.CharField(max_length=12, choices=[(k.value, k.name) for k in AccountKind])
    name = models.CharField(max_length=120, blank=True)
    login = models.CharField(max_length=40, unique=True, null=True)  # noqa: DJ001 - unique, absent for citizens
    phone = models.CharField(max_length=16, unique=True, null=True)  # noqa: DJ001
    email = models.CharField(max_length=254, unique=True, null=True)  # noqa: DJ001
    person = models.ForeignKey("organisation.Person", on_delete=models.PROTECT, null=True, related_name="+")
    citizen_number_sealed = models.BinaryField(null=True)
    citizen_number_blind = models.CharField(max_length=64, blank=True, db_index=True)
    citizen_number_verified = models.BooleanField(default=False)
    totp_sealed = models.BinaryField(null=True)
    totp_last_step = models.BigIntegerField(default=0)
    epoch = models.PositiveIntegerField(default=0)
    is_active = models.BooleanField(default=True)
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    USERNAME_FIELD = "login"
    EMAIL_FIELD = "email"
    objects = BaseUserManager()


class Enterprise(Identified):
    """An enterprise known by its tax code."""

    tax_code = models.CharField(max_length=14, unique=True)
    name = models.CharField(max_length=200)
    folded = models.CharField(max_length=200, db_index=True)


class EnterpriseMember(Identified):
    """An account that acts for an enterprise."""

    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=10, choices=[("owner", "OWNER"), ("staff", "STAFF")])
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)


class OneTimeCode(Identified):
    """A code on its way: kept as a keyed hash, its destination sealed; good for one use."""

    channel = models.CharField(max_length=5)
    destination_sealed = models.BinaryField()
    destination_blind = models.CharField(max_length=64, db_index=True)
    digest = models.CharField(max_length=64)
    tries = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    used_at = models.DateTimeField(null=True)


class AttemptCount(models.Model):
    """How often something was tried; the key is a keyed hash of scope and identifier or address."""

    key = models.CharField(primary_key=True, max_length=64)
    tries = models.PositiveIntegerField()
    window_start = models.DateTimeField(db_index=True)
    blocked_until = models.DateTimeField(null=True)
