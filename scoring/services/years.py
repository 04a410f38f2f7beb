"""积分年度: opened, sealed with its standings, and, rarely, reopened. Points do not cross the year (I7)."""

from datetime import date
from typing import Any

from django.db import connection, transaction

from jifen.audit import services as audit
from jifen.kernel import clock
from jifen.kernel.actors import Actor
from scoring import errors, locks, policies, year_errors
from scoring.models import Balance, Carry, Cause, RequestState, Year, YearRequest, YearSeal, YearState
from scoring.selectors.years import unposted_reviews
from scoring.services import lapses, seals
from scoring.sql import carried as sql


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

    What a household owes is taken from the next year where its village's rules say so. After a reopening the next year
    gets the difference to what an earlier close has carried into it.

    Raises:
        YearNotOver, YearUnfinished (months not posted), YearHasHolds, YearSealedAlready, YearNotApproved.
    """
    held = locks.year(year.pk)
    _check(held)
    request = _approved(held, "close")
    _end_points(held, by)
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


def _end_points(year: Year, by: Actor) -> None:
    """可兑换积分清零, and what outlives it or crosses into the next year.

    An entry for each household that has something left, or of which an earlier close took or carried something else.
    """
    kept = lapses.outliving(year)
    crosses = policies.on(date(year.number, 12, 31)).year.crosses
    word = "年终结转到下一年度" if crosses else "年终清零"
    _post(sql.EXPIRE, Cause.EXPIRY, f"{year.number}年度可兑换积分{word}", year, year, by)
    apart = {"accounts": [row[0] for row in kept], "points": [row[3] for row in kept], "crosses": crosses}
    if crosses or year.seals.exists():
        _carry(sql.CROSS, Carry.REST, year, by, **apart)
    due = lapses.to_keep(kept, year=year)
    if due:
        following = open_year(number=year.number + 1, by=by)
        lapses.keep(due, year=year, following_year=following, document=_paper(year), by=by)


def _carry_debts(year: Year, by: Actor) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql.HAS_DEBTS, {"day": date(year.number, 12, 31)})
        [is_any] = cursor.fetchone() or (False,)
    if is_any or year.seals.exists():
        _carry(sql.DEBTS, Carry.DEBT, year, by)


def _carry(statement: str, carry: Carry, year: Year, by: Actor, **values: Any) -> None:
    following = open_year(number=year.number + 1, by=by)
    values |= {"carries": year.pk, "carry": carry.value, "document": _paper(year)}
    _post(statement, Cause.OPENING, f"{year.number}年度{carry.label}", year, following, by, **values)


def _post(statement: str, cause: Cause, reason: str, year: Year, into: Year, by: Actor, **more: Any) -> None:
    """One posting of ``year``'s end for the town with its entries ``into`` a year; none where nothing is due."""
    last, is_next = date(year.number, 12, 31), into != year
    values: dict[str, Any] = {"cause": cause, "reason": reason, "document": "", "carries": None, "carry": ""}
    values |= {"now": clock.now(), "year": year.pk, "into": into.pk, "day": last}
    values |= {"realm": by.realm, "actor": by.id, "name": by.name}
    values |= {"month": 1, "happened_on": date(into.number, 1, 1)} if is_next else {"month": 12, "happened_on": last}
    with connection.cursor() as cursor:
        cursor.execute(statement, values | more)


def _paper(year: Year) -> str:
    return f"{year.number}年度封账"
