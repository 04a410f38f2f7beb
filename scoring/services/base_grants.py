"""基础分 as a rulebook's settings say: at joining, each month, quarter or year, by member type, for part of a period.

The sum for one household is ``scoring.rules.grants``; ``scoring.sql.base`` is its set-based twin. Here is what is due.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from django.db import connection

from jifen.kernel import clock
from jifen.kernel.actors import Actor
from scoring.rules import grants, periods
from scoring.rules.facts import PARTY_MEMBER
from scoring.rules.spec import BaseGrant, Settings
from scoring.sql import base as sql
from scoring.sql import bounds

ELDER, CHILD = "elder", "child"
"""Member types by age: 60 岁以上, 14 岁以下."""
ELDER_FROM, CHILD_BELOW = 60, 14
_TYPES = {
    "party": PARTY_MEMBER, "elder": ELDER, "child": CHILD, "elder_from": ELDER_FROM, "child_below": CHILD_BELOW,
    "anybody": grants.ANYBODY,
}  # fmt: skip


class _Due(NamedTuple):
    """One grant of one village; the columns of the statement's ``base``."""

    ids: int
    villages: int
    keys: str
    reasons: str
    names: str
    days: date
    firsts: date
    sinces: date
    afters: date
    months: int
    lates: bool
    points: Any
    parts: str
    redeemables: bool
    places: int
    roundings: str


@dataclass(frozen=True, slots=True)
class _Look:
    """``day`` lies in the periods that are granted; ``late``: they are over, only who joined in them, or whose rules
    began to grant in them, is left. ``since``: for village, time and place the day from which it is granted."""

    day: date
    late: bool
    settings: dict[int, Settings]
    since: Mapping[tuple[int, str, int], date]


def villages(day: date) -> dict[int, Settings]:
    """Villages (ids) whose rules grant base points on ``day``, with their settings."""
    with connection.cursor() as cursor:
        cursor.execute(bounds.BASES, {"day": day})
        return {village: Settings.model_validate_json(text) for village, text in cursor.fetchall()}


def grant_due(*, day: date, by: Actor) -> int:
    """What the rules grant by ``day`` and was not given yet; returns the number of grants. The caller holds the lock.

    Who joined in a period that is over gets its part of that one too. Nothing is booked before the day from which a
    rulebook grants it.
    """
    found = villages(day)
    if not found:
        return 0
    told = list(_told([_look(day, found), *_ended(day)]))
    kinds = [
        (due.ids, place, one.member, one.name, one.points)
        for due, base in told
        for place, one in enumerate(base.members)
    ]
    names = ("kind_bases", "kind_places", "kind_members", "kind_names", "kind_points")
    values: dict[str, Any] = _columns(_Due._fields, [due for due, _ in told]) | _columns(names, kinds) | _TYPES
    values |= {"now": clock.now(), "realm": by.realm, "actor": by.id, "name": by.name}
    with connection.cursor() as cursor:
        cursor.execute(sql.GRANT_BY_RULES, values)
        [granted] = cursor.fetchone() or (0,)
    return int(granted)


def _ended(day: date) -> Iterator[_Look]:
    """The periods that ended before the one of ``day``."""
    last = periods.start("month", day) - timedelta(days=1)
    yield _look(last, villages(last), late=True)


def _look(day: date, found: dict[int, Settings], *, late: bool = False) -> _Look:
    return _Look(day, late, found, _since(day) if found else {})


def _since(day: date) -> dict[tuple[int, str, int], date]:
    """For (village, time, place among those of the same time): from which day of the year on, up to ``day``, it has
    been granted without a break, whichever versions said so."""
    found: dict[tuple[int, str, int], date] = {}
    with connection.cursor() as cursor:
        cursor.execute(bounds.BASE_TURNS, {"first": periods.start("year", day), "day": day})
        rows = cursor.fetchall()
    for village, turns in groupby(rows, key=itemgetter(0)):
        still: set[tuple[str, int]] | None = None
        for _, turn, times in turns:
            granted = {(when, times[:place].count(when)) for place, when in enumerate(times)}
            still = granted if still is None else still & granted
            found |= {(village, *one): turn for one in still}
    return found


def _told(looks: Sequence[_Look]) -> Iterator[tuple[_Due, BaseGrant]]:
    number = 0
    for look in looks:
        for village, settings in look.settings.items():
            for place, base in enumerate(settings.base):
                if _concerns(base, look):
                    yield _due(number, village, _nth(settings, place), look, base), base
                    number += 1


def _concerns(base: BaseGrant, look: _Look) -> bool:
    if not look.late:
        return True
    return base.when != "joining" and grants.last_day(base, look.day) == look.day


def _nth(settings: Settings, place: int) -> int:
    """How many grants of the same time stand before it."""
    return sum(one.when == settings.base[place].when for one in settings.base[:place])


def _due(number: int, village: int, nth: int, look: _Look, base: BaseGrant) -> _Due:
    is_joining, fractions = base.when == "joining", look.settings[village].fractions
    first = periods.start("year" if is_joining else base.when, look.day)
    return _Due(
        ids=number,
        villages=village,
        keys=f"{base.when}:{first}:{nth}",
        reasons=_reason(base, look.day),
        names=grants.NAMES[base.when],
        days=look.day,
        firsts=first,
        sinces=look.since[village, base.when, nth],
        afters=grants.last_day(base, look.day) + timedelta(days=1),
        months=grants.MONTHS.get(base.when, 0),
        lates=look.late,
        points=base.points,
        parts=base.pro_rata,
        redeemables=base.redeemable,
        places=fractions.places,
        roundings=fractions.rounding,
    )


def _reason(base: BaseGrant, day: date) -> str:
    match base.when:
        case "month":
            return f"{day.year}年{day.month}月基础分"
        case "quarter":
            return f"{day.year}年第{(day.month + 2) // 3}季度基础分"
        case "year":
            return f"{day.year}年度基础分"
    return f"{day.year}年参加时基础分"


def _columns(names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> dict[str, list[Any]]:
    return {name: [row[place] for row in rows] for place, name in enumerate(names)}
