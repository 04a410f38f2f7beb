"""What deeds brought beyond their points: what is in force of it, for whom, until when and why."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from jifen.kernel import clock
from scoring.rules.effects import Outcome
from scoring.rules.spec_effects import EFFECT_NAMES, LASTING
from scoring.sql import effects as sql
from tenants.community.models import Household
from tenants.community.stars import Lowered


@dataclass(frozen=True, slots=True)
class Standing:
    """One effect whose deed stands. ``last``: as the rule has it; ``until``: the last day by now, a repair counted.

    ``lifted_on``: the day of the repair that ended it.
    """

    id: int
    posting_id: int
    household_id: int
    kind: str
    first: date
    last: date | None
    until_repair: bool
    stars: int
    at_zero: bool
    text: str
    code: str
    rule: str
    category: str
    is_sensitive: bool
    lifted_on: date | None
    until: date | None

    @property
    def name(self) -> str:
        """What it is, in a few words."""
        return f"星级降{self.stars}级" if self.kind == "downgrade_star" else EFFECT_NAMES[self.kind]

    @property
    def title(self) -> str:
        """Which deed brought it; that of a sensitive rule stays untold."""
        return f"{self.category}（事由不公开）" if self.is_sensitive else self.rule

    @property
    def when(self) -> str:
        """Until when it holds, as people say it."""
        if self.lifted_on is not None:
            return f"{_cn(self.lifted_on)}已整改，不再有效"
        if self.kind not in LASTING:
            return "扣完积分后退出" if self.kind == "leave_programme" and self.at_zero else "一次办理"
        if self.until is None:
            return "整改到位前有效" if self.until_repair else "一直有效"
        return f"有效到{_cn(self.until)}"

    def holds_on(self, day: date) -> bool:
        """Whether it is in force on ``day``, the day of the deed counted."""
        return self.kind in LASTING and self.first <= day and (self.until is None or day <= self.until)

    @property
    def is_over(self) -> bool:
        return self.kind in LASTING and not self.holds_on(clock.today())

    @property
    def outcome(self) -> Outcome:
        """As the engine looks at it: with the last day by now."""
        is_open = self.until_repair and self.lifted_on is None
        title = "" if self.is_sensitive else self.rule
        return Outcome(
            self.kind, self.first, self.until, is_open, self.stars, self.at_zero, self.text, self.code, title
        )


def of_household(household: Household, year: int) -> list[Standing]:
    """What deeds of ``year`` brought the household, and what older ones brought that still held in it; newest first."""
    values = {"household": household.pk, "year": year, "start": date(year, 1, 1), "end": date(year, 12, 31)}
    return _found(sql.OF_HOUSEHOLD, values)


def of_posting(posting: int) -> list[Standing]:
    """What the deed of that posting (id) brought; nothing once it is reversed."""
    return _found(sql.OF_POSTING, {"posting": posting})


def bar(household: Household, kind: str, day: date) -> Standing | None:
    """The longest effect of ``kind`` in force for the household on ``day``."""
    return next(iter(_found(sql.BAR, {"household": household.pk, "kind": kind, "day": day})), None)


def barred(kind: str, day: date) -> set[int]:
    """Households (ids) for which an effect of ``kind`` is in force on ``day``."""
    with connection.cursor() as cursor:
        cursor.execute(sql.BARRED, {"kind": kind, "day": day})
        return {household for (household,) in cursor.fetchall()}


def lowered(households: Collection[int], day: date) -> dict[int, Lowered]:
    """What deeds took of the stars of ``households`` (ids), as far as it is in force on ``day``."""
    with connection.cursor() as cursor:
        cursor.execute(sql.LOWERED, {"households": sorted(households), "day": day})
        return {household: Lowered(stars, until) for household, stars, until in cursor.fetchall()}


def ever_frozen() -> list[int]:
    """Households (ids) that a deed ever stopped from gaining points; in most towns none."""
    with connection.cursor() as cursor:
        cursor.execute(sql.FROZEN)
        return [household for (household,) in cursor.fetchall()]


def freezes(households: Collection[int]) -> dict[str, list[Outcome]]:
    """What stops gains, by household, as ``scoring.rules.sequence`` takes it."""
    found: defaultdict[str, list[Outcome]] = defaultdict(list)
    for one in _found(sql.FREEZES, {"households": sorted(households)}) if households else ():
        found[str(one.household_id)].append(one.outcome)
    return dict(found)


def _found(query: str, values: dict[str, Any]) -> list[Standing]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return [Standing(*row) for row in cursor.fetchall()]


def _cn(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
