"""Find units as they were on a day, what stood under them, what they came from and became."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from tinhso.foundation.api import clock, statements, text

from ..contracts import Certainty, Identifier, Part, Succession, Tier, Unit, UnitKind
from ..models import UnitIdentifier, UnitSuccession, UnitVersion

_MOST_FOUND = 50


def on_day(on: date) -> Q:
    """Return the condition that a dated row holds on a day (its last day included)."""
    return Q(valid_from__lte=on) & (Q(valid_to__isnull=True) | Q(valid_to__gte=on))


def unit(unit_id: UUID, on: date | None = None) -> Unit | None:
    """Return a unit as it was on a day, or as it last was before it; None where it did not live yet."""
    day = on or clock.today()
    row = _last.first(unit_id=unit_id, day=day)
    return _unit(row) if row else None


def by_code(code: str, on: date | None = None) -> Unit | None:
    """Return the territory that bears a code on a day. The same code named another unit on another day."""
    row = _rows().filter(on_day(on or clock.today()), code=code).first() if code else None
    return contract(row) if row else None


def by_key(key: str, on: date | None = None) -> Unit | None:
    """Return a unit by the key its data file gives it, as it was on a day."""
    row = _rows().filter(on_day(on or clock.today()), unit__key=key).first()
    return contract(row) if row else None


def units(unit_ids: Collection[UUID], on: date | None = None) -> dict[UUID, Unit]:
    """Return several units by id as they were on a day, or as they last were before it: one query."""
    rows = _rows().filter(unit_id__in=unit_ids, valid_from__lte=on or clock.today()).order_by("valid_from")
    return {row.unit_id: contract(row) for row in rows}


def names(unit_ids: Collection[UUID], on: date | None = None) -> dict[UUID, str]:
    """Return the shown names of several units, each with its district or province: one query."""
    rows = UnitVersion.objects.filter(unit_id__in=unit_ids, valid_from__lte=on or clock.today())
    return dict(rows.order_by("valid_from").values_list("unit_id", "display_name"))


def of_tier(tier: Tier, on: date | None = None, *, kind: UnitKind = UnitKind.PEOPLE_COMMITTEE) -> list[Unit]:
    """Return the units of a tier and kind on a day, in the order of their codes and names."""
    rows = _rows().filter(on_day(on or clock.today()), tier=tier.value, unit__kind=kind.value)
    return [contract(row) for row in rows.order_by("code", "folded")]


def of_kind(kind: UnitKind, on: date | None = None, *, sector: str = "") -> list[Unit]:
    """Return the units of a kind (and sector) on a day."""
    rows = _rows().filter(on_day(on or clock.today()), unit__kind=kind.value)
    rows = rows.filter(unit__sector=sector) if sector else rows
    return [contract(row) for row in rows.order_by("tier", "folded")]


def children(unit_id: UUID, on: date | None = None) -> list[Unit]:
    """Return the units that answer to a unit on a day."""
    rows = _rows().filter(on_day(on or clock.today()), parent_id=unit_id)
    return sorted((contract(row) for row in rows), key=lambda u: (u.kind, text.sort_key(u.name)))


def subtree(unit_id: UUID, on: date | None = None) -> frozenset[UUID]:
    """Return a unit and every unit below it on a day: one query."""
    return subtrees([unit_id], on).get(unit_id, frozenset())


def subtrees(unit_ids: Collection[UUID], on: date | None = None) -> dict[UUID, frozenset[UUID]]:
    """Return, for each of some units, itself and every unit below it on a day: one query for all."""
    if not unit_ids:
        return {}
    field = UnitVersion._meta.get_field("unit").target_field
    roots = [field.get_db_prep_value(i, connection) for i in unit_ids]
    day = UnitVersion._meta.get_field("valid_from").get_db_prep_value(on or clock.today(), connection)
    marks = ", ".join(["%s"] * len(roots))
    sql = f"""WITH RECURSIVE below(root, unit_id) AS (
            SELECT id, id FROM organisation_unit WHERE id IN ({marks})
            UNION
            SELECT b.root, v.unit_id FROM organisation_unitversion v JOIN below b ON v.parent_id = b.unit_id
            WHERE v.valid_from <= %s AND (v.valid_to IS NULL OR v.valid_to >= %s))
        SELECT root, unit_id FROM below"""  # noqa: S608 - only placeholders are put in
    found: dict[UUID, set[UUID]] = {}
    with connection.cursor() as cursor:
        cursor.execute(sql, [*roots, day, day])
        for root, below in cursor.fetchall():
            found.setdefault(_uuid(root), set()).add(_uuid(below))
    return {root: frozenset(members) for root, members in found.items()}


def agency_for(unit_id: UUID, sector: str, on: date | None = None) -> Unit | None:
    """Return the agency of a sector (or kind) that serves a unit's territory on a day: its own, else the nearest above.

    The police of a commune are its own; its social insurance is the district's, and since 2025 the city's. Asked from
    an office, the search begins at the territory which that office serves.
    """
    day = on or clock.today()
    served = _above.first(unit_id=unit_id, day=day)
    place = served[0] if served else None
    for _ in Tier:
        if place is None:
            return None
        row = _agency.first(place=place, sector=sector, day=day)
        if row is not None:
            return _unit(row)
        above = _above.first(unit_id=place, day=day)
        place = above[1] if above else None
    return None


def identifier(unit_id: UUID, on: date | None = None) -> Identifier | None:
    """Return the identifier code under which a unit writes on a day: its own, or that of the unit it answers to.

    An office of a people's committee receives at that committee's one-stop unit and shares its code.
    """
    day = on or clock.today()
    place: UUID | None = unit_id
    for _ in range(len(Tier) + 1):
        if place is None:
            return None
        row = _identifier.first(unit_id=place, day=day)
        if row is not None:
            value, holder, certainty, source = row
            return Identifier(value, holder, Certainty(certainty), source)
        above = UnitVersion.objects.filter(on_day(day), unit_id=place).values_list("parent_id", "territory_id").first()
        place = (above[0] or (above[1] if above[1] != place else None)) if above else None
    return None


def history(unit_id: UUID) -> list[Unit]:
    """Return every version of a unit, oldest first."""
    return [contract(row) for row in _rows().filter(unit_id=unit_id).order_by("valid_from")]


def successors(unit_id: UUID) -> list[Succession]:
    """Return what a unit became; one link without a unit where that is not known."""
    rows = list(UnitSuccession.objects.filter(from_unit_id=unit_id).order_by("effective", "id"))
    return _links(rows, [r.to_unit_id for r in rows])


def predecessors(unit_id: UUID) -> list[Succession]:
    """Return what a unit came from, in full or in part."""
    rows = list(UnitSuccession.objects.filter(to_unit_id=unit_id).order_by("effective", "id"))
    return _links(rows, [r.from_unit_id for r in rows])


def search_units(query: str, on: date | None = None, *, limit: int = 20) -> list[Unit]:
    """Return the units whose name or code holds every word of a query, typed with or without diacritics.

    A word matches where a word of the name begins: "hong" finds Hồng, not Phong. The closest names come first, then
    the higher tier. An empty query finds nothing.
    """
    words = text.fold(query[:200]).split()
    if not words:
        return []
    rows = _rows().filter(on_day(on or clock.today()))
    for word in words:
        rows = rows.filter(folded__contains=f" {word}")
    found = sorted(rows[:500], key=lambda row: (_rank(row, " ".join(words)), row.folded))
    return [contract(row) for row in found[: min(limit, _MOST_FOUND)]]


def contract(row: UnitVersion) -> Unit:
    """Return a version's row as others may hold it."""
    return Unit(
        id=row.unit_id, key=row.unit.key, kind=UnitKind(row.unit.kind), sector=row.unit.sector, code=row.code,
        kind_word=row.kind_word, name=row.name, full_name=row.full_name, display_name=row.display_name,
        tier=Tier(row.tier), parent_id=row.parent_id, territory_id=row.territory_id, valid_from=row.valid_from,
        valid_to=row.valid_to, source=row.source, certainty=Certainty(row.certainty), note=row.note,
    )  # fmt: skip


def _unit(row: statements.Row) -> Unit:
    ident, key, kind, sector, code, kind_word, name, full, shown, tier, parent, territory, *rest = row
    begin, end, source, certainty, note = rest
    return Unit(
        ident, key, UnitKind(kind), sector, code, kind_word, name, full, shown, Tier(tier), parent, territory,
        begin, end, source, Certainty(certainty), note,
    )  # fmt: skip


_COLUMNS = (
    "unit_id", "unit__key", "unit__kind", "unit__sector", "code", "kind_word", "name", "full_name", "display_name",
    "tier", "parent_id", "territory_id", "valid_from", "valid_to", "source", "certainty", "note",
)  # fmt: skip
_last = statements.Read(
    lambda unit_id, day: (
        UnitVersion.objects.filter(unit_id=unit_id, valid_from__lte=day)
        .order_by("-valid_from")
        .values_list(*_COLUMNS)[:1]
    )
)
_above = statements.Read(
    lambda unit_id, day: UnitVersion.objects.filter(on_day(day), unit_id=unit_id).values_list(
        "territory_id", "parent_id"
    )[:1]
)
_agency = statements.Read(
    lambda place, sector, day: (
        UnitVersion.objects.filter(on_day(day), Q(unit__sector=sector) | Q(unit__kind=sector), territory_id=place)
        .order_by("id")
        .values_list(*_COLUMNS)[:1]
    )
)
_identifier = statements.Read(
    lambda unit_id, day: UnitIdentifier.objects.filter(on_day(day), unit_id=unit_id).values_list(
        "value", "unit_id", "certainty", "source"
    )[:1]
)


def _rows() -> QuerySet[UnitVersion]:
    return UnitVersion.objects.select_related("unit")


def _rank(row: UnitVersion, query: str) -> tuple[int, int]:
    name, full = text.fold(row.name), text.fold(row.full_name)
    if query in (row.code, name, full):
        close = 0
    elif full.startswith(query) or name.startswith(query):
        close = 1
    else:
        close = 2 if query in full else 3
    committee = 0 if row.unit.kind == UnitKind.PEOPLE_COMMITTEE.value else 1
    return close, committee * 10 + list(Tier).index(Tier(row.tier))


def _links(rows: Sequence[UnitSuccession], others: Iterable[UUID | None]) -> list[Succession]:
    wanted = list(others)
    known: dict[UUID, list[UnitVersion]] = {}
    for version in _rows().filter(unit_id__in=[o for o in wanted if o]).order_by("valid_from"):
        known.setdefault(version.unit_id, []).append(version)
    return [
        Succession(_nearest(known.get(other, ()) if other else (), row.effective), Part(row.part), row.effective,
                   row.source, Certainty(row.certainty))
        for row, other in zip(rows, wanted, strict=True)
    ]  # fmt: skip


def _nearest(versions: Sequence[UnitVersion], on: date) -> Unit | None:
    """Return the version at the change: the one that holds that day, else the last before it."""
    before = [v for v in versions if v.valid_from <= on]
    return contract(before[-1]) if before else None


def _uuid(value: object) -> UUID:
    return value if isinstance(value, UUID) else UUID(str(value))
