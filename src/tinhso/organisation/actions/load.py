"""Load an organisation from a folder of dated data."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

from django.db import models

from tinhso.foundation.api import action, journal, packages, text
from tinhso.foundation.contracts import Actor, Subject

from ..contracts import LoadReport, OrganisationLoaded, UnitKind
from ..models import Post, Unit, UnitIdentifier, UnitSuccession, UnitVersion
from ..rules import loading
from ..rules.plan import Plan, UnitRow

Progress = Callable[[int, int, str], None]
M = TypeVar("M", bound=models.Model)
BUNDLED = packages.ROOT / "organisations" / "hai-duong"
_BATCH = 400


def _silent(done: int, total: int, what: str) -> None:
    """Take progress that nobody watches."""


@action
def load_organisation(*, folder: Path = BUNDLED, actor: Actor, progress: Progress = _silent) -> LoadReport:
    """Load units, versions, successions, identifiers and posts from a folder, in one transaction.

    Loading again changes nothing; a folder that grew adds what is new and mends what differs. Nothing is deleted:
    a row that left the files is history that others may refer to. `progress(done, total, what)` is called after each
    of five steps. Raises `DataProblem` with everything that is wrong before anything is written.
    """
    plan = loading.read(packages.files_of(folder))
    steps = _Steps(progress)
    ids_by_key, new_units = _units(plan)
    steps.done("units")
    versions = _merge(UnitVersion, _versions(plan, ids_by_key), ("unit_id", "valid_from"))
    steps.done("versions")
    successions = _merge(UnitSuccession, _successions(plan, ids_by_key), ("from_unit_id", "to_unit_id", "effective"))
    steps.done("successions")
    identifiers = _merge(UnitIdentifier, _identifiers(plan, ids_by_key), ("unit_id", "valid_from"))
    steps.done("identifiers")
    posts = _merge(Post, _posts(plan, ids_by_key), ("unit_id", "title"))
    steps.done("posts")
    changed = sum(pair[1] for pair in (versions, successions, identifiers, posts))
    report = LoadReport(new_units, versions[0], successions[0], identifiers[0], posts[0], changed)
    if report.anything:
        event = OrganisationLoaded(f"{plan.name}@{plan.version}", new_units, versions[0], successions[0])
        journal.append(event, subject=Subject("organisation.unit", ids_by_key[plan.root]), actor=actor)
    return report


class _Steps:
    """Count the steps of a load for whoever watches."""

    total = 5

    def __init__(self, progress: Progress) -> None:
        self.progress, self.count = progress, 0

    def done(self, what: str) -> None:
        self.count += 1
        self.progress(self.count, self.total, what)


def _units(plan: Plan) -> tuple[dict[str, UUID], int]:
    known = dict(Unit.objects.values_list("key", "id"))
    kinds = {row.key: row for row in plan.units}
    fresh = [Unit(key=k, kind=r.kind.value, sector=r.sector) for k, r in kinds.items() if k not in known]
    Unit.objects.bulk_create(fresh, batch_size=_BATCH)
    return known | {unit.key: unit.id for unit in fresh}, len(fresh)


def _versions(plan: Plan, ids_by_key: dict[str, UUID]) -> Iterable[dict[str, Any]]:
    for row in plan.units:
        yield {
            "unit_id": ids_by_key[row.key],
            "code": row.code,
            "kind_word": row.kind_word,
            "name": row.name,
            "full_name": row.full_name,
            "display_name": row.display_name,
            "folded": " " + text.fold(f"{row.display_name} {row.code} {_also_called(row)}"),
            "tier": row.tier.value,
            "parent_id": ids_by_key.get(row.parent),
            "territory_id": ids_by_key.get(row.territory),
            "valid_from": row.valid_from,
            "valid_to": row.valid_to,
            "source": row.source,
            "certainty": row.certainty.value,
            "note": row.note,
        }


def _also_called(row: UnitRow) -> str:
    return "ubnd uy ban nhan dan" if row.kind is UnitKind.PEOPLE_COMMITTEE else ""


def _successions(plan: Plan, ids_by_key: dict[str, UUID]) -> Iterable[dict[str, Any]]:
    for row in plan.successions:
        yield {
            "from_unit_id": ids_by_key[row.predecessor],
            "to_unit_id": ids_by_key.get(row.successor),
            "part": row.part.value,
            "effective": row.effective,
            "source": row.source,
            "certainty": row.certainty.value,
        }


def _identifiers(plan: Plan, ids_by_key: dict[str, UUID]) -> Iterable[dict[str, Any]]:
    for row in plan.identifiers:
        yield {
            "unit_id": ids_by_key[row.unit],
            "value": row.value,
            "valid_from": row.valid_from,
            "valid_to": row.valid_to,
            "source": row.source,
            "certainty": row.certainty.value,
        }


def _posts(plan: Plan, ids_by_key: dict[str, UUID]) -> Iterable[dict[str, Any]]:
    for row in plan.posts:
        yield {
            "unit_id": ids_by_key[row.unit],
            "title": row.title,
            "role": row.role.value,
            "accountable_head": row.accountable_head,
        }


def _merge(model: type[M], wanted: Iterable[dict[str, Any]], key: Sequence[str]) -> tuple[int, int]:
    """Create the rows that are missing and mend those that differ; return how many of each."""
    manager = model._default_manager
    rows = list(wanted)
    names = list(rows[0]) if rows else []
    kept = {tuple(row[k] for k in key): row for row in manager.values("id", *names)}
    fresh, mended, touched = [], [], set[str]()
    for values in rows:
        old = kept.get(tuple(values[k] for k in key))
        if old is None:
            fresh.append(model(**values))
        elif differing := {n for n in names if old[n] != values[n]}:
            touched |= differing
            mended.append(model(id=old["id"], **values))
    if mended:  # first make room: a version that ends before another opens
        manager.bulk_update(mended, sorted(n.removesuffix("_id") for n in touched), batch_size=_BATCH)
    manager.bulk_create(fresh, batch_size=_BATCH)
    return len(fresh), len(mended)
