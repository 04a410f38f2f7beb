"""积分年度: opened, sealed with its standings, and, rarely, reopened. Points do not cross the year (I7)."""

from datetime import date
from typing import Any

from django.db import connection, transaction

from jifen.audit import services as audit
from jifen.kernel import clock
from jifen.kernel.actors import Actor
from scoring import errors, locks
from scoring.models import Balance, Cause, Posting, Year, YearSeal, YearState
from scoring.selectors.years import unposted_reviews
from scoring.services import seals
from scoring.sql import years as sql


@transaction.atomic
def open_year(number: int, by: Actor) -> Year:
    """The year ``number``, open for entries; a second call changes nothing."""
    year, fresh = Year.objects.get_or_create(number=number, defaults={"opened_at": clock.now()})
    if fresh:
        audit.record(by=by, action="year.open", subject=year, number=number)
    return year


@transaction.atomic
def seal(*, year: Year, by: Actor) -> YearSeal:
    """Expire what was not redeemed, fix the standings, seal the entries.

    Raises:
        YearNotOver, YearUnfinished (months not posted), YearHasHolds, YearSealed.
    """
    held = locks.year(year.pk)
    _check(held)
    now = clock.now()
    _expire(held, by)
    made = seals.add(year=held, kind="close", by=by)
    values: dict[str, Any] = {"seal": made.pk, "year": held.pk, "day": date(held.number, 12, 31)}
    with connection.cursor() as cursor:
        cursor.execute(sql.STANDINGS, values)
    held.state, held.sealed_at = YearState.SEALED, now
    held.save(update_fields=["state", "sealed_at"])
    audit.record(by=by, action="year.seal", subject=held, number=held.number, entries=made.entries)
    return made


@transaction.atomic
def reopen(*, year: Year, reason: str, by: Actor) -> YearSeal:
    """Open a sealed year again; a seal that names the one before says so.

    Raises:
        YearNotSealed, ReversalReasonMissing.
    """
    if not reason.strip():
        raise errors.ReversalReasonMissing
    held = locks.year(year.pk)
    if held.state != YearState.SEALED:
        raise errors.YearNotSealed(year=held.number)
    made = seals.add(year=held, kind="reopen", by=by)
    held.state, held.sealed_at = YearState.OPEN, None
    held.save(update_fields=["state", "sealed_at"])
    audit.record(by=by, action="year.reopen", subject=held, number=held.number, reason=reason.strip())
    return made


def _check(year: Year) -> None:
    if year.state == YearState.SEALED:
        raise errors.YearSealed(year=year.number)
    if clock.today().year <= year.number:
        raise errors.YearNotOver(year=year.number)
    unposted = unposted_reviews(year.number)
    if unposted:
        raise errors.YearUnfinished(year=year.number, count=unposted)
    holds = Balance.objects.filter(year=year, held__gt=0).count()
    if holds:
        raise errors.YearHasHolds(year=year.number, count=holds)


def _expire(year: Year, by: Actor) -> None:
    """可兑换积分清零: one posting for the town, an entry per household that had some left."""
    if not Balance.objects.filter(year=year, measure="redeemable", posted__gt=0).exists():
        return
    now = clock.now()
    posting = Posting.objects.create(
        cause=Cause.EXPIRY, reason=f"{year.number}年度可兑换积分年终清零", posted_at=now, **by.columns()
    )
    values: dict[str, Any] = {
        "posting": posting.pk,
        "year": year.pk,
        "day": date(year.number, 12, 31),
        "now": now,
    }
    with connection.cursor() as cursor:
        cursor.execute(sql.EXPIRE, values)
