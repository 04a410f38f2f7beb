"""台账: holds, captures, reversals, opening balances and base points. Entries are only ever added (I1)."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.db.models import Q

from jifen.audit import services as audit
from jifen.kernel import clock, locking
from jifen.kernel.actors import Actor
from jifen.kernel.points import plain
from scoring import errors, locks, year_errors
from scoring.models import Account, Cause, Entry, Measure, Posting, Year, YearState
from scoring.selectors.ledger import available, kept_base
from scoring.services import effects, seals
from scoring.sql import ledger as sql
from scoring.sql import posting as caps
from scoring.sql import reckoning as reckoning_sql
from scoring.year_errors import Use
from tenants.community.models import Household


@transaction.atomic
def hold(*, household: Household, points: Decimal) -> None:
    """Keep redeemable ``points`` of this year back for a redemption (I3).

    Raises:
        AmountInvalid. InsufficientPoints: more than is posted and not yet held. YearNotOpen, YearSealed.
        RedemptionBarred: a deed stopped the household's exchanges.
    """
    _check_amount(points)
    year = locks.open_year(clock.today().year, year_errors.EXCHANGE)
    values: dict[str, Any] = {"household": household.pk, "points": points, "year": year}
    with connection.cursor() as cursor:
        cursor.execute(sql.LOCK_BALANCE, values)
        effects.refuse_barred(household)
        cursor.execute(sql.HOLD, values | {"base": kept_base(household, clock.today().year)})
        if cursor.rowcount == 0:
            raise errors.InsufficientPoints(available=plain(available(household)), points=plain(points))


@transaction.atomic
def release_hold(*, household: Household, points: Decimal, year: int | None = None) -> None:
    """Give held points back, of ``year`` (the newest in which as much is held).

    Raises:
        HoldMissing: less is held.
    """
    _free(household, points, year)


@transaction.atomic
def capture(
    *, household: Household, points: Decimal, redemption_id: int, reason: str, by: Actor, year: int | None = None
) -> Posting:
    """Turn points held in ``year`` (the newest in which as much is held) into a redemption; merit stays (I4).

    Raises:
        HoldMissing: less is held.
    """
    year_id, account_id = _free(household, points, year)
    posting = _posting(Cause.REDEMPTION, reason, by, redemption_id=redemption_id)
    line = {"posting": posting, "account_id": account_id, "household": household, "year_id": year_id}
    Entry.objects.create(**line, **_dated(year_id), measure=Measure.REDEEMABLE, amount=-points, cause=Cause.REDEMPTION)
    audit.record(by=by, action="ledger.capture", subject=posting, village_id=household.village_id, points=str(points))
    return posting


@transaction.atomic
def reverse(
    *, posting: Posting, reason: str, by: Actor, concerns_year: int | None = None, goods_returned: bool = False
) -> Posting:
    """更正: entries that mirror the posting's, in its own year, or in the open year when that is sealed (I5, I7).

    What the posting had used of a cap is free again for later deeds; posted ones are not repriced.
    ``goods_returned``: the exchange itself takes a redemption back. Nobody else reverses one, nor what a year's end
    took or carried, nor what a deed brought beyond its points: that goes back with the deed.

    Raises:
        ReversalReasonMissing, AlreadyReversed, ReversalOfReversal, NotReversible, NoOpenYear.
    """
    if not reason.strip():
        raise errors.ReversalReasonMissing
    if posting.cause == Cause.ZEROING:
        raise errors.ZeroingFollows
    return _reverse(posting, reason, by, concerns_year, goods_returned)


def check_reversible(posting: Posting) -> None:
    """Whether ``reverse`` takes a posting of this kind; whether somebody was first is not asked.

    Raises:
        ReversalOfReversal, NotReversible, ZeroingFollows.
    """
    if posting.cause == Cause.ZEROING:
        raise errors.ZeroingFollows
    _check_kind(posting, goods_returned=False)


def _check_kind(held: Posting, *, goods_returned: bool) -> None:
    if held.cause == Cause.REVERSAL:
        raise errors.ReversalOfReversal
    if held.cause in (Cause.EXPIRY, Cause.LAPSE) or (held.cause == Cause.REDEMPTION and not goods_returned):
        raise errors.NotReversible(cause=held.get_cause_display())
    if held.carries_id is not None:
        raise errors.NotReversible(cause="年终结转")


def _reverse(posting: Posting, reason: str, by: Actor, concerns_year: int | None, goods_returned: bool) -> Posting:
    original_year = Year.objects.filter(entries__posting=posting).distinct().first()
    sealed = original_year is not None and locks.is_sealed(original_year)
    held = locks.posting(posting.pk)
    _check_kind(held, goods_returned=goods_returned)
    if held.reversed_at is not None:
        raise errors.AlreadyReversed
    reversal = _posting(Cause.REVERSAL, reason, by, reverses=held, redemption_id=held.redemption_id)
    if original_year is not None:
        year = locks.newest_open_year() if sealed else original_year
        concerns = concerns_year or (original_year.number if sealed else None)
        late = held.entries.exclude(concerns_year=None).values_list("concerns_year", flat=True)
        told = [number for number in {concerns, *late} if number]
        if told:
            locking.advisory("scoring.supplement")
        _mirror(held, reversal, year, concerns)
        seals.supplement(Year.objects.filter(number__in=told, state=YearState.SEALED).order_by("number"), by)
    Posting.objects.filter(pk=held.pk).update(reversed_at=clock.now())
    audit.record(by=by, action="ledger.reverse", subject=held, reversal=reversal.pk, concerns_year=concerns_year)
    if held.cause == Cause.DECLARATION:
        for follower in effects.take_back(posting=held, by=by):
            _reverse(follower, reason, by, concerns_year, goods_returned=False)
    return reversal


def _mirror(held: Posting, reversal: Posting, year: Year, concerns: int | None) -> None:
    values = {
        "posting": held.pk,
        "reversal": reversal.pk,
        "year": year.pk,
        "concerns": concerns,
        "month": _month(year.number),
        "now": clock.now(),
        "sign": -1,
    }
    with connection.cursor() as cursor:
        cursor.execute(sql.MIRROR, values)
        if held.cause == Cause.DECLARATION:
            cursor.execute(caps.GIVE_CAPS, values)
            cursor.execute(reckoning_sql.GIVE, values)


@transaction.atomic
def open_balance(
    *, household: Household, merit: Decimal, redeemable: Decimal, document: str, by: Actor, day: date | None = None
) -> Posting:
    """期初: what a household brought along when its town started in mid-year; ``document`` names the signed paper.

    Raises:
        DocumentMissing, AmountInvalid, YearNotOpen, YearSealed.
    """
    if not document.strip():
        raise errors.DocumentMissing
    if merit == 0 and redeemable == 0:
        raise errors.AmountInvalid
    posting = _posting(Cause.OPENING, "期初积分", by, document=document.strip()[:200])
    _grant(posting, household, merit, redeemable, day or clock.today(), year_errors.OPENING)
    audit.record(
        by=by, action="ledger.open_balance", subject=posting, village_id=household.village_id, merit=str(merit)
    )
    return posting


@transaction.atomic
def grant_base(*, household: Household, points: Decimal, reason: str, by: Actor, day: date | None = None) -> Posting:
    """基础分 at joining, once a year and household.

    Raises:
        BaseGranted, AmountInvalid, YearNotOpen, YearSealed.
    """
    _check_amount(points)
    on = day or clock.today()
    locking.advisory("scoring.base")
    granted = Q(cause=Cause.BASE_GRANT, household=household, year__number=on.year, posting__reversed_at=None)
    if Entry.objects.filter(granted).exists():
        raise errors.BaseGranted(household=household.number, year=on.year)
    posting = _posting(Cause.BASE_GRANT, reason, by)
    _grant(posting, household, points, points, on, year_errors.BASE)
    audit.record(
        by=by, action="ledger.grant_base", subject=posting, village_id=household.village_id, points=str(points)
    )
    return posting


def _grant(posting: Posting, household: Household, merit: Decimal, redeemable: Decimal, day: date, use: Use) -> None:
    year_id = locks.open_year(day.year, use)
    with connection.cursor() as cursor:
        cursor.execute(sql.ACCOUNT, {"household": household.pk})
    line = {
        "posting": posting,
        "account": Account.objects.get(household=household),
        "household": household,
        "year_id": year_id,
        "month": day.month,
        "happened_on": day,
        "cause": posting.cause,
        "posted_at": clock.now(),
    }
    amounts = {Measure.MERIT: merit, Measure.REDEEMABLE: redeemable}
    Entry.objects.bulk_create(
        Entry(**line, measure=measure, amount=amount) for measure, amount in amounts.items() if amount
    )


def _posting(cause: Cause, reason: str, by: Actor, **columns: Any) -> Posting:
    return Posting.objects.create(
        cause=cause, reason=reason.strip()[:300], posted_at=clock.now(), **by.columns(), **columns
    )


def _free(household: Household, points: Decimal, year: int | None) -> tuple[int, int]:
    """Lower the hold; (year, account) it was in."""
    _check_amount(points)
    with connection.cursor() as cursor:
        cursor.execute(sql.FREE, {"household": household.pk, "points": points, "year": year})
        row = cursor.fetchone()
    if row is None:
        raise errors.HoldMissing
    return int(row[0]), int(row[1])


def _dated(year_id: int) -> dict[str, Any]:
    number = Year.objects.values_list("number", flat=True).get(pk=year_id)
    return {"month": _month(number), "happened_on": clock.today(), "posted_at": clock.now()}


def _month(year: int) -> int:
    """The month of ``year`` in which something is posted today."""
    today = clock.today()
    if year == today.year:
        return today.month
    return 12 if year < today.year else 1


def _check_amount(points: Decimal) -> None:
    if points <= 0 or points * 100 % 1:
        raise errors.AmountInvalid
