"""基础分 as a rulebook's settings say: at joining, each month, quarter or year, by member type, for part of a period.

The sum is ``scoring.rules.grants``; here is who takes part, who their people are, and what they were given before.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.db import connection

from jifen.kernel import clock
from jifen.kernel.actors import Actor
from scoring.models import Year, YearState
from scoring.rules import grants, periods
from scoring.rules.spec import BaseGrant, Settings
from scoring.selectors.people import PARTY_MEMBER
from scoring.sql import base as sql
from scoring.sql import bounds

ELDER, CHILD = "elder", "child"
"""Member types by age: 60 岁以上, 14 岁以下."""
ELDER_FROM, CHILD_BELOW = 60, 14

_ARRAYS = ("households", "numbers", "reasons", "told", "days", "points", "redeemables")


class Home(NamedTuple):
    household: int
    number: str
    village: int
    joined: date


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
    looks = [_Look(day, False, found), *_ended(day)]
    homes = _homes({village for look in looks for village in look.settings}, day)
    granted, open_years = _granted(homes), _open_years()
    members = _members([home.household for home in homes], day) if _by_member(looks) else {}
    rows = [
        row
        for look in looks
        for home in homes
        for row in _rows(look, home, members.get(home.household, ()))
        if (home.household, row[2]) not in granted and row[4].year in open_years
    ]
    return _write(rows, by)


def _ended(day: date) -> Iterator[_Look]:
    """The periods that ended before the one of ``day``."""
    last = periods.start("month", day) - timedelta(days=1)
    yield _Look(last, True, villages(last))


def _rows(look: _Look, home: Home, members: Sequence[frozenset[str]]) -> Iterator[tuple[Any, ...]]:
    settings = look.settings.get(home.village)
    for base in settings.base if settings else ():
        if not _concerns(base, look, home):
            continue
        types = [_type(person, base) for person in members]
        made = grants.grant(base, day=look.day, joined=home.joined, members=types, settings=settings)
        if made.points > 0:
            start = home.joined if base.when == "joining" else max(periods.start(base.when, look.day), home.joined)
            yield (
                home.household, home.number, _reason(base, look.day), made.explanation, start, made.points,
                made.redeemable,
            )  # fmt: skip


def _concerns(base: BaseGrant, look: _Look, home: Home) -> bool:
    if base.when == "joining":
        return not look.late and home.joined.year == look.day.year
    if not look.late:
        return True
    is_over = periods.start(base.when, look.day + timedelta(days=1)) > look.day
    return is_over and periods.start(base.when, look.day) < home.joined <= look.day


def _reason(base: BaseGrant, day: date) -> str:
    match base.when:
        case "month":
            return f"{day.year}年{day.month}月基础分"
        case "quarter":
            return f"{day.year}年第{(day.month + 2) // 3}季度基础分"
        case "year":
            return f"{day.year}年度基础分"
    return f"{day.year}年参加时基础分"


def _type(person: frozenset[str], base: BaseGrant) -> str:
    """The first type that the grant names and the person has."""
    return next((one.member for one in base.members if one.member in person), grants.ANYBODY)


def _by_member(looks: Sequence[_Look]) -> bool:
    return any(base.members for look in looks for settings in look.settings.values() for base in settings.base)


def _homes(of: set[int], day: date) -> list[Home]:
    with connection.cursor() as cursor:
        cursor.execute(sql.JOINED, {"day": day, "villages": sorted(of)})
        return [Home(*row) for row in cursor.fetchall()]


def _granted(homes: Sequence[Home]) -> set[tuple[int, str]]:
    """(household, what for); what was taken back is not granted anew."""
    with connection.cursor() as cursor:
        cursor.execute(sql.GRANTED, {"households": [home.household for home in homes]})
        return {(household, reason) for household, reason in cursor.fetchall()}


def _open_years() -> set[int]:
    return set(Year.objects.exclude(state=YearState.SEALED).values_list("number", flat=True))


def _members(households: Sequence[int], day: date) -> dict[int, list[frozenset[str]]]:
    found: defaultdict[int, list[frozenset[str]]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(sql.MEMBERS, {"households": list(households), "day": day})
        for household, is_party, born, roles in cursor.fetchall():
            types = {*roles, *({PARTY_MEMBER} if is_party else ()), *_by_age(born, day)}
            found[household].append(frozenset(types))
    return dict(found)


def _by_age(born: date | None, day: date) -> set[str]:
    if born is None:
        return set()
    age = day.year - born.year - ((day.month, day.day) < (born.month, born.day))
    return {ELDER} if age >= ELDER_FROM else {CHILD} if age < CHILD_BELOW else set()


def _write(rows: Sequence[tuple[Any, ...]], by: Actor) -> int:
    if not rows:
        return 0
    columns = zip(*rows, strict=True)
    values: dict[str, Any] = {name: list(column) for name, column in zip(_ARRAYS, columns, strict=True)}
    values |= {"now": clock.now(), "realm": by.realm, "actor": by.id, "name": by.name}
    with connection.cursor() as cursor:
        cursor.execute(sql.GRANT_BY_RULES, values)
    return len(rows)
