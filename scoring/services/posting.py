"""Post a settled month: one set-based statement between two cap statements, in one transaction (I10, I12)."""

from typing import Any

from django.db import connection, transaction

from jifen.audit import services as audit
from jifen.kernel import clock
from jifen.kernel.actors import Actor
from scoring import errors, locks
from scoring.models import Review, ReviewState
from scoring.sql import posting as sql


@transaction.atomic
def post_review(*, review: Review, by: Actor) -> int:
    """Turn the sheet's approved deeds into ledger entries; returns how many. A second run posts nothing.

    Raises:
        ReviewNotSettled: the town has not received or confirmed it. NoOpenYear.
    """
    sheet = locks.review(review.pk)
    if sheet.state == ReviewState.POSTED:
        return 0
    if sheet.state != ReviewState.SETTLED:
        raise errors.ReviewNotSettled
    locks.all_years()
    locks.newest_open_year()
    entries = _post(_values(sheet, by))
    sheet.state, sheet.posted_at = ReviewState.POSTED, clock.now()
    sheet.save(update_fields=["state", "posted_at"])
    audit.record(by=by, action="review.post", subject=sheet, village_id=sheet.village_id, entries=entries)
    return entries


def _values(sheet: Review, by: Actor) -> dict[str, Any]:
    return {
        "review": sheet.pk,
        "month": sheet.month,
        "now": clock.now(),
        "realm": by.realm,
        "actor": by.id,
        "name": by.name,
        "sign": 1,
    }


def _post(values: dict[str, Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql.LONGEST, values)
        [longest] = cursor.fetchone() or (0,)
        cursor.execute(sql.OPEN_ACCOUNTS, values)
        if longest:
            cursor.execute(sql.OPEN_CAPS, values)
            cursor.execute(sql.LOCK_CAPS, values)
        cursor.execute(sql.post(longest), values)
        entries = int(cursor.rowcount)
        if longest:
            cursor.execute(sql.TAKE_CAPS, values)
    return entries
