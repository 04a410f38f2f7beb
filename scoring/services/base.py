"""基础分: what a rulebook, or else the town's policy once a year, gives every household that takes part."""

from datetime import date
from typing import Any

from django.db import connection, transaction

from jifen.audit import services as audit
from jifen.clocks.jobs import Next
from jifen.kernel import clock, locking
from jifen.kernel.actors import Actor
from scoring import locks, policies, year_errors
from scoring.services import base_grants
from scoring.sql import base as sql

GRANT = "base.grant"
ENTRIES_PER_GRANT = 2


def first_jobs(number: int) -> list[Next]:
    """A look on the first of each month of the year."""
    return [Next(GRANT, f"{number}-{month:02d}", clock.at(date(number, month, 1), 7)) for month in range(1, 13)]


@transaction.atomic
def grant_due(*, number: int, by: Actor) -> int:
    """Grant the year's base points to households that have none yet; returns how many. A second call grants none.

    Where a village's rulebook says what is granted (``base_grants``), that holds. Elsewhere who took part before the
    year gets ``per_year``, who joined in it ``at_joining``; nobody anything where the policy names no amount.

    Raises:
        YearNotOpen, YearSealed.
    """
    if clock.today().year < number:
        return 0
    locking.advisory("scoring.base")
    day = min(clock.today(), date(number, 12, 31))
    granted = base_grants.grant_due(day=day, by=by) + _by_policy(number, day, by)
    if granted:
        audit.record(by=by, action="year.grant_base", subject=None, number=number, households=granted)
    return granted


def _by_policy(number: int, day: date, by: Actor) -> int:
    rule = policies.on(clock.today()).year.base
    if rule is None:
        return 0
    values: dict[str, Any] = {
        "year": locks.open_year(number, year_errors.BASE),
        "first": date(number, 1, 1),
        "since": policies.base_since(day),
        "today": day,
        "apart": sorted(base_grants.villages(day)),
        "per_year": rule.per_year,
        "at_joining": rule.at_joining,
        "reason": f"{number}年度基础分",
        "now": clock.now(),
        "realm": by.realm,
        "actor": by.id,
        "name": by.name,
    }
    with connection.cursor() as cursor:
        cursor.execute(sql.GRANT, values)
        return int(cursor.rowcount) // ENTRIES_PER_GRANT
