"""Dividends: the pools of the rulebooks in force, the periods that can be parted, and the runs there were."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.core.cache import cache
from django.db import connection
from django.db.models import QuerySet

from jifen.kernel import clock
from jifen.kernel.permissions import grants_of
from scoring.models import JUDGING, Dividend, DividendLine, RulebookVersion
from scoring.permissions import ScoringPermission as May
from scoring.rules import periods
from scoring.rules.base import plain
from scoring.rules.spec_settings import Pool
from scoring.selectors.books import settings_of
from scoring.selectors.rulebooks import current, followed
from scoring.sql import dividends as sql
from tenants.community.models import Household, Village

EVERY = {"quarter": "每季", "halfyear": "每半年", "year": "每年"}
MOST_TERMS = 5
REMEMBERED = 300
FIRST_YEAR = 2000
_QUARTERS = "一二三四"


@dataclass(frozen=True, slots=True)
class Term:
    """A period that has ended; ``code`` as 2025, 2025H1, 2025Q3, both days included."""

    code: str
    label: str
    since: date
    until: date


def offered(_user: Any = None) -> bool:
    """Whether some rulebook in force names a pool, as it was within the last minutes: for menus."""
    key = f"scoring-pools-{clock.today()}"
    found: bool | None = cache.get(key)
    if found is None:
        with connection.cursor() as cursor:
            cursor.execute(sql.POOLED, {"states": list(JUDGING), "day": clock.today()})
            [found] = cursor.fetchone() or (False,)
        cache.set(key, found, REMEMBERED)
    return bool(found)


def version_for(village: Village | None) -> RulebookVersion | None:
    """The rulebook in force today: the village's, or the town's for the whole town."""
    return followed(village, clock.today()) if village else current(None, clock.today())


def pools_of(version: RulebookVersion | None) -> tuple[Pool, ...]:
    return settings_of(version).pools if version else ()


def terms(pool: Pool) -> list[Term]:
    """The last few that have ended, newest first."""
    found: list[Term] = []
    first = periods.start(pool.period, clock.today())
    while len(found) < MOST_TERMS and first.year > FIRST_YEAR:
        last = first - timedelta(days=1)
        first = periods.start(pool.period, last)
        found.append(Term(_code(pool.period, first), _label(pool.period, first), first, last))
    return found


def _code(period: str, first: date) -> str:
    place = {"quarter": f"Q{clock.quarter_of(first)}", "halfyear": f"H{1 if first.month < 7 else 2}"}
    return f"{first.year}{place.get(period, '')}"


def _label(period: str, first: date) -> str:
    half = "上半年" if first.month < 7 else "下半年"
    place = {"quarter": f"第{_QUARTERS[clock.quarter_of(first) - 1]}季度", "halfyear": half}
    return f"{first.year}年{place.get(period, '')}"


def points(village: Village | None, measure: str, term: Term) -> dict[int, Decimal]:
    """What households (id) earned in the period, those above nothing."""
    values: dict[str, Any] = {
        "village": village.pk if village else None, "measure": measure, "year": term.since.year,
        "first": term.since.month, "last": term.until.month,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(sql.POINTS, values)
        return dict(cursor.fetchall())


def unposted(village: Village | None, term: Term) -> list[str]:
    """Names of the villages whose months of the period are not all posted."""
    values = {"village": village.pk if village else None, "since": term.since, "until": term.until}
    with connection.cursor() as cursor:
        cursor.execute(sql.UNPOSTED, values)
        return [name for (name,) in cursor.fetchall()]


def standing(village: Village | None, pool: str) -> QuerySet[Dividend]:
    """The runs of a pool that were not voided, the last period first."""
    return Dividend.objects.filter(village=village, pool=pool, voided_at=None).order_by("-since")


def runs_for(user: Any, permission: May = May.READ_LEDGER) -> QuerySet[Dividend]:
    """Of the villages over which it is held; the town's own for who holds it over the town."""
    held = grants_of(user).scope(permission, "village")
    rows = Dividend.objects.select_related("village", "carried_from")
    return rows if held is None else rows.filter(village__in=held)


def lines(run: Dividend) -> QuerySet[DividendLine]:
    """Each household's share, by number."""
    return run.lines.select_related("household__head", "household__village").order_by(
        "household__village__code", "household__number"
    )


@dataclass(frozen=True, slots=True)
class Own:
    """A household's share and the sentence that says how it came about."""

    run: Dividend
    points: Decimal
    fen: int
    told: str


def own(household: Household) -> list[Own]:
    """What the household got of each standing run, newest first."""
    rows = DividendLine.objects.filter(household=household, dividend__voided_at=None).select_related("dividend")
    return [Own(row.dividend, row.points, row.fen, why(row)) for row in rows.order_by("-dividend_id")]


def why(line: DividendLine) -> str:
    """年终分红：100元 ÷ 3分，1分约33.3333元…；您家1分，分得33.34元"""
    return f"{line.dividend.told}；您家{plain(line.points)}分，分得{plain(Decimal(line.fen) / 100)}元"
