"""积分年度: opened, sealed with its standings, and, rarely, reopened. Points do not cross the year (I7)."""

from datetime import date
from typing import Any

from django.db import connection, transaction

from jifen.audit import services as audit
from jifen.kernel import clock
from jifen.kernel.actors import Actor
from scoring import errors, locks, policies, year_errors
from scoring.models import Balance, Cause, Posting, RequestState, Year, YearRequest, YearSeal, YearState
from scoring.selectors.years import unposted_reviews
from scoring.services import lapses, seals
from scoring.sql import bounds
from scoring.sql import years as sql


@transaction.atomic
def open_year(number: int, by: Actor) -> Year:
    """The year ``number``, open for entries; a second call changes nothing."""
    year, fresh = Year.objects.get_or_create(number=number, defaults={"opened_at": clock.now()})
    if fresh:
        audit.record(by=by, action="year.open", subject=year, number=number)
    return year


@transaction.atomic
def set_close_day(*, year: Year, day: date, by: Actor) -> Year:
    """The day on which the year is sealed, once two people have approved it.

    Raises:
        CloseDayWrong: the year is not over then. YearSealedAlready.
    """
    held = locks.year(year.pk)
    if held.state == YearState.SEALED:
        raise year_errors.YearSealedAlready(year=held.number)
    if day.year <= held.number:
        raise year_errors.CloseDayWrong(year=held.number)
    held.closes_on = day
    held.save(update_fields=["closes_on"])
    audit.record(by=by, action="year.close_day", subject=held, number=held.number, day=day.isoformat())
    return held


@transaction.atomic
def seal(*, year: Year, by: Actor) -> YearSeal:
    """Expire what was not redeemed, fix the standings, seal the entries: what two people have approved.

    What a household owes is taken from the next year where its village's rules say so.

    Raises:
        YearNotOver, YearUnfinished (months not posted), YearHasHolds, YearSealedAlready, YearNotApproved.
    """
    held = locks.year(year.pk)
    _check(held)
    request = _approved(held, "close")
    _expire(held, by, kept=lapses.outliving(held))
    _carry_debts(held, by)
    made = seals.add(year=held, kind="close", by=by)
    held.state, held.sealed_at = YearState.SEALED, clock.now()
    held.save(update_fields=["state", "sealed_at"])
    _done(request, made)
    audit.record(by=by, action="year.seal", subject=held, number=held.number, entries=made.entries)
    return made


@transaction.atomic
def reopen(*, year: Year, by: Actor) -> YearSeal:
    """Open a sealed year again for the reason that two people agreed on; a seal that names the one before says so.

    Raises:
        YearNotSealed, YearNotApproved.
    """
    held = locks.year(year.pk)
    if held.state != YearState.SEALED:
        raise errors.YearNotSealed(year=held.number)
    request = _approved(held, "reopen")
    made = seals.add(year=held, kind="reopen", by=by)
    held.state, held.sealed_at = YearState.OPEN, None
    held.save(update_fields=["state", "sealed_at"])
    _done(request, made)
    audit.record(by=by, action="year.reopen", subject=held, number=held.number, reason=request.reason)
    return made


def _check(year: Year) -> None:
    if year.state == YearState.SEALED:
        raise year_errors.YearSealedAlready(year=year.number)
    if clock.today().year <= year.number:
        raise errors.YearNotOver(year=year.number)
    unposted = unposted_reviews(year.number)
    if unposted:
        raise errors.YearUnfinished(year=year.number, count=unposted)
    holds = Balance.objects.filter(year=year, held__gt=0).count()
    if holds:
        raise errors.YearHasHolds(year=year.number, count=holds)


def _approved(year: Year, kind: str) -> YearRequest:
    found = YearRequest.objects.select_for_update(of=("self",)).filter(
        year=year, kind=kind, state=RequestState.CONFIRMED
    )
    request = found.first()
    if request is None:
        raise year_errors.YearNotApproved(year=year.number, what="封账" if kind == "close" else "重开")
    return request


def _done(request: YearRequest, seal: YearSeal) -> None:
    request.state, request.seal, request.ended_at = RequestState.DONE, seal, clock.now()
    request.save(update_fields=["state", "seal", "ended_at"])


def _expire(year: Year, by: Actor, kept: list[tuple[int, int, date, Any]]) -> None:
    """可兑换积分清零: a posting for the town, an entry per household that had some left; ``kept`` outlive the year."""
    if not Balance.objects.filter(year=year, measure="redeemable", posted__gt=0).exists():
        return
    crosses = policies.on(date(year.number, 12, 31)).year.crosses
    word = "年终结转到下一年度" if crosses else "年终清零"
    posting = _posting(Cause.EXPIRY, f"{year.number}年度可兑换积分{word}", by)
    values: dict[str, Any] = {
        "posting": posting.pk,
        "year": year.pk,
        "day": date(year.number, 12, 31),
        "now": posting.posted_at,
    }
    with connection.cursor() as cursor:
        cursor.execute(sql.EXPIRE, values)
    if crosses:
        _carry(year, values, by, kept)
    if kept:
        lapses.keep(kept, year=year, following_year=open_year(number=year.number + 1, by=by), by=by)


def _carry(year: Year, values: dict[str, Any], by: Actor, kept: list[tuple[int, int, date, Any]]) -> None:
    """The same points, but those ``kept`` anyway, stand in the next year, where the town says that points cross it."""
    following = open_year(number=year.number + 1, by=by)
    posting = _posting(Cause.OPENING, f"{year.number}年度结转", by, document=f"{year.number}年度封账")
    with connection.cursor() as cursor:
        first = date(following.number, 1, 1)
        apart = {"accounts": [row[0] for row in kept], "points": [row[3] for row in kept]}
        cursor.execute(sql.CARRY, {**values, **apart, "carried": posting.pk, "next": following.pk, "first": first})


def _carry_debts(year: Year, by: Actor) -> None:
    day = date(year.number, 12, 31)
    with connection.cursor() as cursor:
        cursor.execute(bounds.CARRIES, {"day": day})
        [is_any] = cursor.fetchone() or (False,)
    if not is_any:
        return
    following = open_year(number=year.number + 1, by=by)
    posting = _posting(Cause.OPENING, f"{year.number}年度欠分结转", by, document=f"{year.number}年度封账")
    values: dict[str, Any] = {"carried": posting.pk, "year": year.pk, "next": following.pk, "day": day}
    with connection.cursor() as cursor:
        cursor.execute(bounds.CARRY_DEBTS, values | {"first": date(following.number, 1, 1), "now": posting.posted_at})


def _posting(cause: Cause, reason: str, by: Actor, document: str = "") -> Posting:
    return Posting.objects.create(cause=cause, reason=reason, document=document, posted_at=clock.now(), **by.columns())
