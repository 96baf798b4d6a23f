"""Turn a plan into the database's words: the one compilation that figures and their rows share."""

from __future__ import annotations

from django.db.models import Q

from tinhso.indicators.contracts.plan import All, Plan, Test, TestKind

# Every fact version has a subject, so these two are the constants, in words that every part of a query takes.
ALWAYS, NEVER = Q(subject_id__isnull=False), Q(subject_id__isnull=True)
_LARGEST = 2**63 - 1  # what a database's integers hold; a bound beyond it says no more


def condition(plan: Plan) -> Q:
    """Return a plan as a query condition that is never unknown where a filter decides."""
    if isinstance(plan, Test):
        return _test(plan)
    joined = ALWAYS if isinstance(plan, All) else NEVER
    for index, part in enumerate(plan.parts):
        one = condition(part)
        joined = one if index == 0 else joined & one if isinstance(plan, All) else joined | one
    return joined


def _test(test: Test) -> Q:
    missing = Q(**{f"{test.column}__isnull": True})
    match test.kind:
        case TestKind.UNKNOWN:
            return missing
        case TestKind.KNOWN:
            return ~missing
        case TestKind.NOT_IN:
            decided = ~Q(**{f"{test.column}__in": test.values})  # Django lets an empty column pass here
            return decided | missing if test.when_unknown else decided & ~missing
        case TestKind.IN:
            decided = Q(**{f"{test.column}__in": test.values})
        case _:
            decided = _bound(test)
    # Of an empty column these say "unknown" to the database, which a filter takes as no: there is no NOT above them.
    return decided | missing if test.when_unknown else decided


def _bound(test: Test) -> Q:
    limit = int(test.values[0])  # type: ignore[arg-type]
    at_least = test.kind is TestKind.AT_LEAST
    if abs(limit) > _LARGEST:
        return Q(**{f"{test.column}__isnull": False}) if (limit < 0) == at_least else NEVER
    return Q(**{f"{test.column}__{'gte' if at_least else 'lte'}": limit})
