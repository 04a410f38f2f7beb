"""积分到期: redeemable points with an end of their own lapse on the day after it; some outlive the year.

One due row stands for the next end of a town; a town without such points has none.
"""

from datetime import date, timedelta
from typing import Any

from django.db import connection, transaction

from jifen.audit import services as audit
from jifen.clocks import services as clocks
from jifen.clocks.jobs import Next
from jifen.kernel import clock, locking
from jifen.kernel.actors import Actor
from jifen.kernel.tenancy import require_town
from scoring import locks
from scoring.models import Carry, Cause, Posting, Year
from scoring.sql import lapses as sql

LAPSE = "points.lapse"
HOUR = 4
FOR_EVER = date(9999, 12, 31)
"""The last day of points that are kept."""
Kept = tuple[int, int, date, Any]
"""(account, household, last day, points)"""


@transaction.atomic
def run(*, day: date, by: Actor) -> int:
    """What ended before ``day`` and is not spent lapses; returns of how many households. A second run takes nothing.

    What is held for an exchange stays.
    """
    locks.all_years()
    locking.advisory("scoring.lapse")
    values: dict[str, Any] = {"day": day, "now": clock.now()}
    with connection.cursor() as cursor:
        cursor.execute(sql.LOCK, values)
        [due] = cursor.fetchone() or (0,)
        if not due:
            return 0
        posting = Posting.objects.create(
            cause=Cause.LAPSE, reason="有效期满的可兑换积分", posted_at=values["now"], **by.columns()
        )
        cursor.execute(sql.LAPSE, values | {"posting": posting.pk})
        households = int(cursor.rowcount)
    audit.record(by=by, action="points.lapse", subject=posting, households=households)
    return households


def following(day: date) -> list[Next]:
    """The day after the next end from ``day`` on, if any points have one."""
    with connection.cursor() as cursor:
        cursor.execute(sql.NEXT, {"day": day})
        [end] = cursor.fetchone() or (None,)
    if end is None:
        return []
    over = end + timedelta(days=1)
    return [Next(LAPSE, f"{over}", clock.at(over, HOUR))]


def plan() -> None:
    """The next end stands on the calendar; called when points that end were posted."""
    for one in following(clock.today()):
        clocks.schedule(town=require_town(), kind=one.kind, period=one.period, due_at=one.due_at)


def outliving(year: Year) -> list[Kept]:
    """What the year's end leaves."""
    with connection.cursor() as cursor:
        cursor.execute(sql.KEPT, {"year": year.pk, "day": date(year.number, 12, 31)})
        return [row for row in cursor.fetchall() if row[3] > 0]


def to_keep(kept: list[Kept], *, year: Year) -> list[Kept]:
    """``kept``, less what the earlier closes of ``year`` have carried of it."""
    columns = zip(("accounts", "households", "ends", "points"), _columns(kept), strict=True)
    with connection.cursor() as cursor:
        cursor.execute(sql.TO_KEEP, dict(columns) | {"year": year.pk})
        return list(cursor.fetchall())


def keep(kept: list[Kept], *, year: Year, following_year: Year, document: str, by: Actor) -> None:
    """They stand in the next year, one posting for each last day."""
    now = clock.now()
    postings = {
        end: Posting.objects.create(
            cause=Cause.OPENING, carries=year, carry=Carry.KEPT, reason=f"{year.number}年度结转（{_word(end)}）",
            document=document, posted_at=now, **by.columns(),
        ).pk
        for end in sorted({row[2] for row in kept})
    }  # fmt: skip
    accounts, households, ends, points = _columns(kept)
    values: dict[str, Any] = {"accounts": accounts, "households": households, "ends": ends, "points": points}
    values |= {"postings": [postings[end] for end in ends], "next": following_year.pk, "now": now}
    with connection.cursor() as cursor:
        cursor.execute(sql.KEEP, values | {"first": date(following_year.number, 1, 1)})
    plan()


def _columns(kept: list[Kept]) -> list[list[Any]]:
    return [list(column) for column in zip(*kept, strict=True)] if kept else [[], [], [], []]


def _word(end: date) -> str:
    return "长期保留" if end == FOR_EVER else f"有效到{end.year}年{end.month}月{end.day}日"
