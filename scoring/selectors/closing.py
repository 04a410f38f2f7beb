"""What closing a year would do: what is sealed, what expires and for whom, what still stands in the way."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from jifen.kernel.points import ZERO
from scoring import policies
from scoring.models import Balance, Entry, Review, ReviewState, Year, YearRequest, YearSeal
from scoring.selectors.years import closing_seal
from scoring.sql import closing as sql


@dataclass(frozen=True, slots=True)
class VillageShare:
    """One village's part of the close; ``losers`` are households whose ``expiring`` points end; ``kept`` points
    outlive the year. ``ended``: what the closes until now have ended; ``returning``: what the next gives back of it.
    ``debtors`` begin the next year with ``debt_…`` points less than nothing (欠分结转); ``…_before``: as the closes
    until now have carried it, of a year that is open again."""

    village_id: int
    village: str
    households: int
    entries: int
    merit: Decimal
    expiring: Decimal
    losers: int
    kept: Decimal = ZERO
    ended: Decimal = ZERO
    ended_households: int = 0
    returning: Decimal = ZERO
    returned_households: int = 0
    debtors: int = 0
    debt_merit: Decimal = ZERO
    debt_redeemable: Decimal = ZERO
    debtors_before: int = 0
    debt_merit_before: Decimal = ZERO
    debt_redeemable_before: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Debtor:
    """A household that owes the next year ``merit`` and ``redeemable`` points, or owed them by a close until now."""

    village: str
    number: str
    head: str
    merit: Decimal
    redeemable: Decimal
    merit_before: Decimal = ZERO
    redeemable_before: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Loser:
    """A household with redeemable points left, or of which a close has ended some; see ``VillageShare``."""

    village: str
    number: str
    head: str
    merit: Decimal
    expiring: Decimal
    ended: Decimal = ZERO
    returning: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Closing:
    """The dry run of one year, or what its closes did; ``crosses``: what expires stands again in the next year."""

    year: int
    villages: list[VillageShare]
    late: int
    holds: int
    crosses: bool

    @property
    def entries(self) -> int:
        return sum(row.entries for row in self.villages)

    @property
    def households(self) -> int:
        return sum(row.households for row in self.villages)

    @property
    def merit(self) -> Decimal:
        return sum((row.merit for row in self.villages), ZERO)

    @property
    def expiring(self) -> Decimal:
        return sum((row.expiring for row in self.villages), ZERO)

    @property
    def losers(self) -> int:
        return sum(row.losers for row in self.villages)

    @property
    def kept(self) -> Decimal:
        return sum((row.kept for row in self.villages), ZERO)

    @property
    def ended(self) -> Decimal:
        return sum((row.ended for row in self.villages), ZERO)

    @property
    def ended_households(self) -> int:
        return sum(row.ended_households for row in self.villages)

    @property
    def returning(self) -> Decimal:
        return sum((row.returning for row in self.villages), ZERO)

    @property
    def returned_households(self) -> int:
        return sum(row.returned_households for row in self.villages)

    @property
    def debtors(self) -> int:
        return sum(row.debtors for row in self.villages)

    @property
    def debt_merit(self) -> Decimal:
        return sum((row.debt_merit for row in self.villages), ZERO)

    @property
    def debt_redeemable(self) -> Decimal:
        return sum((row.debt_redeemable for row in self.villages), ZERO)

    @property
    def debtors_before(self) -> int:
        return sum(row.debtors_before for row in self.villages)

    @property
    def debt_merit_before(self) -> Decimal:
        return sum((row.debt_merit_before for row in self.villages), ZERO)

    @property
    def debt_redeemable_before(self) -> Decimal:
        return sum((row.debt_redeemable_before for row in self.villages), ZERO)

    @property
    def carried(self) -> Decimal:
        """Points that stand again in the next year; what is owed there stands apart."""
        return self.expiring - self.returning if self.crosses else ZERO


def closing(year: Year) -> Closing:
    """What sealing ``year`` now would do; of a sealed one, what its seal did."""
    day, seal = date(year.number, 12, 31), closing_seal(year)
    values: dict[str, Any] = {"year": year.pk, "day": day, "seal": seal.pk if seal else None}
    with connection.cursor() as cursor:
        cursor.execute(sql.VILLAGES, values)
        villages = [VillageShare(*row) for row in cursor.fetchall()]
        cursor.execute(sql.LATE, {"number": year.number, "year": year.pk})
        [late] = cursor.fetchone() or (0,)
    return Closing(
        year=year.number,
        villages=villages,
        late=int(late),
        holds=Balance.objects.filter(year=year, held__gt=0).count(),
        crosses=policies.on(day).year.crosses,
    )


def losers(
    year: Year, limit: int | None = None, villages: Collection[int] | None = None, *, every: bool = False
) -> list[Loser]:
    """Households by what they would lose, or have lost in a sealed year, the most first; of ``villages`` or the whole
    town. ``every``: also those of which an earlier close has ended something, or the next gives something back.
    """
    seal = closing_seal(year)
    values: dict[str, Any] = {
        "year": year.pk,
        "seal": seal.pk if seal else None,
        "every": every,
        "day": date(year.number, 12, 31),
        "limit": limit,
        "villages": None if villages is None else sorted(villages),
    }
    with connection.cursor() as cursor:
        cursor.execute(sql.LOSERS, values)
        return [Loser(*row) for row in cursor.fetchall()]


def debtors(year: Year, limit: int | None = None) -> list[Debtor]:
    """Households whose debt the close carries into the next year, or carried of a sealed year, the most first.

    Of a year that is open again also those of whom nothing is carried any more.
    """
    seal, day = closing_seal(year), date(year.number, 12, 31)
    values: dict[str, Any] = {"year": year.pk, "seal": seal.pk if seal else None, "day": day, "limit": limit}
    with connection.cursor() as cursor:
        cursor.execute(sql.DEBTORS, values)
        return [Debtor(*row) for row in cursor.fetchall()]


def fingerprint(year: Year) -> str:
    """The hash that a seal over the year's present entries would have."""
    with connection.cursor() as cursor:
        cursor.execute(sql.FINGERPRINT, [year.pk])
        [found] = cursor.fetchone() or ("",)
    return str(found)


@dataclass(frozen=True, slots=True)
class Since:
    """What came into a reopened year: ``closed`` sealed all before it, ``last`` is the seal that the next hash follows;
    ``shown`` are the first of the ``entries`` that came."""

    closed: YearSeal
    last: YearSeal
    entries: int
    shown: list[Entry]

    @property
    def more(self) -> int:
        return self.entries - len(self.shown)


def since(year: Year, most: int = 8) -> Since | None:
    """None for a year that was never sealed. A seal is over the first of the year's entries, by id."""
    found = seals(year)
    closed = next((one for one in reversed(found) if one.kind == "close"), None)
    if closed is None:
        return None
    rows = Entry.objects.filter(year=year).select_related("household__head", "rule", "reverses__rule").order_by("pk")
    fresh = list(rows[closed.entries : closed.entries + most])
    return Since(closed=closed, last=found[-1], entries=rows.count() - closed.entries, shown=fresh)


def expired(year: Year) -> dict[str, Any]:
    """What ended with the year: ``points`` and of how many ``households``."""
    with connection.cursor() as cursor:
        cursor.execute(sql.EXPIRED, {"year": year.pk})
        points, households = cursor.fetchone() or (ZERO, 0)
    return {"points": points, "households": int(households)}


def households_ranked(seal: YearSeal) -> int:
    """How many households have a place in the sealed standings."""
    return seal.standings.count()


def unposted_sheets(year: Year) -> QuerySet[Review]:
    """Sheets of the year's months that are not posted, oldest first."""
    rows = Review.objects.filter(year=year).exclude(state=ReviewState.POSTED)
    return rows.select_related("village").order_by("month", "village__code")


def open_request(year: Year) -> YearRequest | None:
    """What somebody asked for the year and is not carried out yet."""
    return year.requests.filter(state__in=["proposed", "confirmed"]).first()


def request(pk: int) -> YearRequest:
    return YearRequest.objects.select_related("year").get(pk=pk)


def requests(year: Year) -> QuerySet[YearRequest]:
    """Newest first."""
    return year.requests.select_related("seal")


def seals(year: Year) -> list[YearSeal]:
    """The year's seals and supplements, oldest first."""
    return list(year.seals.order_by("pk"))
