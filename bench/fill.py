"""Fill an installation on SQLite with cases by the million, in the database itself: rows as the actions leave them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta

from django.db import connection, transaction

from tinhso.foundation.api import clock
from tinhso.foundation.contracts import Actor
from tinhso.organisation import api as organisation
from tinhso.organisation.contracts import Role, Tier, Unit
from tinhso.services import api as services
from tinhso.services.models import Task

SLICE = 100_000
SYSTEM = Actor.system("bench")
_ID = "'0190' || printf('%012x', n) || '70008000000000"
# One in twenty cases is open; the year's cases are spread evenly over the units and over its seconds.
ROWS = f"""
  WITH RECURSIVE number(n) AS (SELECT :first UNION ALL SELECT n + 1 FROM number WHERE n + 1 < :last),
  spread AS (
    SELECT number.n AS n, {_ID}00' AS id, {_ID}01' AS a, {_ID}02' AS b, {_ID}03' AS c, u.id AS unit, u.tier AS tier,
      number.n * 13 % 20 = 7 AS opened,
      strftime('%Y-%m-%d %H:%M:%f000', :start, '+' || (number.n * 31536000 / :cases) || ' seconds') AS at,
      strftime('%Y-%m-%d %H:%M:%f000', :start, '+' || (number.n * 31536000 / :cases + 172800) || ' seconds') AS due
    FROM number JOIN bench_unit u ON u.place = number.n % :units)
"""
CASE = """INSERT INTO services_case (id, code, package_id, procedure, variant, channel, delivery, data, applicant,
    applicant_folded, applicant_key, receiving_unit_id, unit_id, tier, confidentiality, late_supplement, status, step,
    submitted_at, received_at, original_due_at, due_at, finished_at, version) {rows}
  SELECT id, printf('B-%08d', n), :package, '2.000635', 'extract_copy', 'online', 'online',
    '{{"subject_name": "Lê Gia Bảo", "copies": 2}}', 'Lê Gia Bảo ' || n, 'le gia bao ' || n, n, unit, unit, tier, 1, 0,
    CASE WHEN opened THEN 4 ELSE 10 END, CASE WHEN opened THEN 'examine' ELSE 'return' END,
    at, at, due, due, CASE WHEN opened THEN NULL ELSE due END, 1 FROM spread"""
ACCESS = """INSERT INTO organisation_access (id, object_id, unit_id, reason, level, valid_from) {rows}
  SELECT a, id, unit, 'received', 1, at FROM spread"""
SUBMITTED = """INSERT INTO services_caseevent (id, case_id, kind, at, unit_id, note, data) {rows}
  SELECT b, id, 'submitted', at, unit, '', '{{}}' FROM spread"""
RECEIVED = """INSERT INTO services_caseevent (id, case_id, kind, at, unit_id, note, data) {rows}
  SELECT c, id, 'received', at, unit, '', '{{}}' FROM spread"""
TASK = """INSERT INTO services_task (id, case_id, step, kind, role, opinion, unit_id, open, opened_at, step_due_at,
    due_at, outcome, text) {rows}
  SELECT a, id, 'examine', 'examine', 'officer', '', unit, 1, at, due, due, '', '' FROM spread WHERE opened"""


def main(cases: int) -> None:
    """Fill in so many cases; print the token of an official, how many units there are, and a case on that desk."""
    units = [u for tier in (Tier.COMMUNE, Tier.DISTRICT) for u in organisation.units.of_tier(tier)][:247]
    token = _official(units[0])
    package = services.procedures.offer("2.000635")
    assert package is not None
    connection.ensure_connection()
    database = connection.connection
    database.execute("CREATE TEMP TABLE bench_unit (place INTEGER PRIMARY KEY, id TEXT, tier TEXT)")
    rows = [(number, unit.id.hex, unit.tier.value) for number, unit in enumerate(units)]
    database.executemany("INSERT INTO bench_unit VALUES (?, ?, ?)", rows)
    start = connection.ops.adapt_datetimefield_value(clock.business_now() - timedelta(days=365))
    for first in range(0, cases, SLICE):
        values = {
            "first": first, "last": min(first + SLICE, cases), "cases": cases, "units": len(units), "start": start,
            "package": package.package_id.hex,
        }  # fmt: skip
        with transaction.atomic():
            for statement in (CASE, ACCESS, SUBMITTED, RECEIVED, TASK):
                database.execute(statement.format(rows=ROWS), values)
    database.execute("ANALYZE")
    waiting = Task.objects.filter(unit_id=units[0].id, open=True).order_by("due_at")
    case = waiting.values_list("case_id", flat=True)[5]
    print(json.dumps({"token": token, "case": str(case), "units": len(units), "waiting": waiting.count()}))


def _official(unit: Unit) -> str:
    """Give a token for someone who receives and examines in a unit."""
    account = organisation.staffing.create_official(
        actor=SYSTEM, login="bench", name="Nguyễn Thị Đo", password="mot hai ba bon nam"
    )
    found = organisation.people.account(account)
    assert found is not None
    assert found.person_id is not None
    since = clock.today() - timedelta(days=400)
    for role in (Role.CLERK, Role.OFFICER):
        post = next(p for p in organisation.people.posts_of(unit.id) if p.role is role)
        organisation.staffing.fill_post(actor=SYSTEM, post_id=post.id, person_id=found.person_id, valid_from=since)
    scopes: Sequence[str] = ("services.case.view", "services.case.receive", "services.case.process")
    return organisation.tokens.issue_token(
        actor=SYSTEM, account_id=account, label="bench", scopes=scopes, expires_at=clock.now() + timedelta(days=1)
    )
