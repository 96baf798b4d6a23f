"""Find procedures: what the province offers, and the package a case stands on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.conf import settings

from tinhso.foundation.api import clock, installation, packages, text, workdays
from tinhso.services.contracts.deadline import Channel
from tinhso.services.contracts.procedure import (
    Component,
    FeeDecision,
    FeeOverlay,
    LevelProof,
    PackageStatus,
    Procedure,
    Variant,
)
from tinhso.services.rules import example, fees, level
from tinhso.services.rules import procedure as rules

KIND = "procedures"
OVERLAY = "fees."  # an installation's own amounts are kept under this name and the procedure's code


@dataclass(frozen=True, slots=True)
class Offer:
    """A procedure that can be applied for, with the package behind it."""

    package_id: UUID
    procedure: Procedure


def offered(on: date | None = None) -> list[Offer]:
    """Return the procedures with a package in force on a day, in the order of the alphabet."""
    return sorted(_usable(on), key=lambda offer: _title_key(offer.procedure))


def offer(code: str, on: date | None = None) -> Offer | None:
    """Return the offer of a procedure by its code, or None."""
    return next((found for found in _usable(on) if found.procedure.code == code), None)


def _usable(on: date | None) -> list[Offer]:
    found = [Offer(ident, package) for ident, package in packages.newest(KIND, on or clock.today())]
    return [offer for offer in found if offer.procedure.status is not PackageStatus.DRAFT]


def search(words: str) -> list[Offer]:
    """Return the offers whose name, field or code holds all the words; marks on letters do not matter."""
    wanted = text.fold(words).split()
    return [found for found in offered() if all(word in _haystack(found.procedure) for word in wanted)]


def of_package(package_id: UUID) -> Procedure:
    """Return the procedure of an installed package."""
    procedure: Procedure = packages.load(package_id)
    return procedure


def overlay_for(procedure: Procedure) -> FeeOverlay | None:
    """Return the installation's own amounts; in the demonstration the package's invented ones."""
    own = installation.get(OVERLAY + procedure.code)
    if own is not None:
        return rules.load_overlay(own.encode())
    return procedure.demo_overlay if settings.TINHSO_DEMO else None


def papers(procedure: Procedure, data: dict[str, Any], channel: Channel) -> tuple[Component, ...]:
    """Return what the dossier must hold for these answers today."""
    variant = rules.variant_for(procedure, data)
    return rules.components_for(procedure, variant, channel, data, clock.today())


def competent_kinds(procedure: Procedure, on: date) -> list[tuple[str, str]]:
    """Return which kinds of agency decide on a day, with their tier, the usual one first."""
    return [(row.agency_kind, row.tier) for row in rules.competent(procedure, on)]


def bill(procedure: Procedure, variant: Variant, channel: Channel, data: dict[str, Any]) -> FeeDecision:
    """Return what is to be paid today for these answers."""
    overlay = overlay_for(procedure)
    return fees.fee_for(procedure, variant, channel, data, clock.today(), overlay=overlay)


def proof(procedure: Procedure, on: date | None = None) -> LevelProof:
    """Return the level the package proves on a day, by running its examples."""
    day = on or clock.today()
    known = all(
        fees.fee_known(procedure, variant, Channel.ONLINE, day, overlay=overlay_for(procedure))
        for variant in procedure.variants
    )
    return _proof(procedure, known, day)


@lru_cache(maxsize=256)
def _proof(procedure: Procedure, known: bool, day: date) -> LevelProof:
    return level.prove_level(procedure, known, example.run_examples(procedure, workdays.official()), day)


@lru_cache(maxsize=512)
def _title_key(procedure: Procedure) -> str:
    return text.sort_key(procedure.title.vi)


@lru_cache(maxsize=512)
def _haystack(procedure: Procedure) -> str:
    return text.fold(f"{procedure.title.vi} {procedure.field.vi} {procedure.code} {procedure.summary}")
