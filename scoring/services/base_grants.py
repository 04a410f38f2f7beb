"""基础分 as a rulebook's settings say: at joining, each month, quarter or year, by member type, for part of a period.

The sum for one household is ``scoring.rules.grants``; ``scoring.sql.base`` is its set-based twin. Here is what is due.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
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
    """``day`` lies in the periods that are granted; ``late``: they are over, only who joined in them is left."""

    day: date
    late: bool
    settings: dict[int, Settings]


def villages(day: date) -> dict[int, Settings]:
    """Villages (ids) whose rules grant base points on ``day``, with their settings."""
    with connection.cursor() as cursor:
        cursor.execute(bounds.BASES, {"day": day})
        return {village: Settings.model_validate_json(text) for village, text in cursor.fetchall()}


def grant_due(*, day: date, by: Actor) -> int:
    """What the rules grant by ``day`` and was not given yet; returns the number of grants. The caller holds the lock.

    Who joined in a period that is over gets its part of that one too.
    """
    found = villages(day)
    if not found:
        return 0
    told = list(_told([_Look(day, False, found), *_ended(day)]))
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
    yield _Look(last, True, villages(last))


def _told(looks: Sequence[_Look]) -> Iterator[tuple[_Due, BaseGrant]]:
    number = 0
    for look in looks:
        for village, settings in look.settings.items():
            for place, base in enumerate(settings.base):
                if _concerns(base, look):
                    yield _due(number, village, _nth(settings, place), look, settings, base), base
                    number += 1


def _concerns(base: BaseGrant, look: _Look) -> bool:
    if not look.late:
        return True
    return base.when != "joining" and grants.last_day(base, look.day) == look.day


def _nth(settings: Settings, place: int) -> int:
    """How many grants of the same time stand before it."""
    return sum(one.when == settings.base[place].when for one in settings.base[:place])


def _due(number: int, village: int, nth: int, look: _Look, settings: Settings, base: BaseGrant) -> _Due:
    is_joining = base.when == "joining"
    first = periods.start("year" if is_joining else base.when, look.day)
    return _Due(
        ids=number,
        villages=village,
        keys=f"{base.when}:{first}:{nth}",
        reasons=_reason(base, look.day),
        names=grants.NAMES[base.when],
        days=look.day,
        firsts=first,
        afters=grants.last_day(base, look.day) + timedelta(days=1),
        months=grants.MONTHS.get(base.when, 0),
        lates=look.late,
        points=base.points,
        parts=base.pro_rata,
        redeemables=base.redeemable,
        places=settings.fractions.places,
        roundings=settings.fractions.rounding,
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
