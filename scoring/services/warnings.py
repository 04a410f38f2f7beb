"""清零提醒, written down: which village was warned when, of how many households and points."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.db import connection, transaction

from jifen.audit import services as audit
from jifen.kernel import clock
from jifen.kernel.actors import Actor
from jifen.kernel.points import ZERO
from scoring.models import ExpiryWarning, Year
from scoring.sql import expiry as sql

Wanted = tuple[int, int, date]
"""(village, days before, last day on which its households can exchange)."""


@transaction.atomic
def warn(*, year: Year, wanted: Iterable[Wanted], by: Actor) -> list[ExpiryWarning]:
    """The warnings that were not given yet, one for each village and number of days."""
    rows = [_row(year, *one) for one in wanted]
    left = _left(year, [row.village_id for row in rows])
    for row in rows:
        row.households, row.points = left.get(row.village_id, (0, ZERO))
    made = [row for row in rows if row.households]
    ExpiryWarning.objects.bulk_create(made, ignore_conflicts=True)
    if made:
        audit.record(by=by, action="year.warn", subject=year, number=year.number, villages=len(made))
    return made


def _row(year: Year, village: int, days: int, last_day: date) -> ExpiryWarning:
    return ExpiryWarning(year=year, village_id=village, days=days, last_day=last_day, warned_at=clock.now())


def _left(year: Year, villages: list[int]) -> dict[int, tuple[int, Decimal]]:
    with connection.cursor() as cursor:
        cursor.execute(sql.LEFT, {"year": year.pk, "day": date(year.number, 12, 31), "villages": villages})
        return {village: (count, points) for village, count, points in cursor.fetchall()}
