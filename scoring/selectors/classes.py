"""Points by named class (善行分, 环境分) and their weighted total, where a village's rulebook names classes."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.db import connection
from django.db.models import Sum

from jifen.kernel import clock
from scoring.models import Entry, Measure, RulebookVersion
from scoring.rules import classes as reckoned
from scoring.selectors.books import settings_of
from scoring.selectors.rules import versions_dated
from scoring.sql import classes as sql
from tenants.community.models import Household


class Weights(NamedTuple):
    """Parallel columns: what one point of a village's class counts in the ranking; weights of 1 are left out."""

    villages: list[int]
    codes: list[str]
    weights: list[Decimal]


@dataclass(frozen=True, slots=True)
class Weighted:
    """``total`` of a household's merit by the weights of its classes; ``told``: 善行分30分 × 1.5 + 其他12分 = 57分."""

    total: Decimal
    told: str


def weights(day: date) -> Weights:
    """As the rulebooks in force on ``day`` have them."""
    with connection.cursor() as cursor:
        cursor.execute(sql.WEIGHTS, {"day": day})
        rows = [row for row in cursor.fetchall() if row[2] != 1]
    return Weights([row[0] for row in rows], [row[1] for row in rows], [row[2] for row in rows])


def by_village(day: date) -> dict[int, dict[str, Decimal]]:
    """``weights`` by village (id) and class."""
    found: defaultdict[int, dict[str, Decimal]] = defaultdict(dict)
    for village, code, weight in zip(*weights(day), strict=True):
        found[village][code] = weight
    return found


def last_day(year: int) -> date:
    """The day whose rulebooks weigh the points of ``year``: its last, or today."""
    return min(clock.today(), date(year, 12, 31))


def weighted(household: Household, year: int) -> Weighted | None:
    """The household's merit of ``year`` by class; None where its rulebook names no classes."""
    versions = versions_dated(household.village_id, last_day(year))[:1]
    version = RulebookVersion.objects.filter(pk__in=versions).first()
    settings = settings_of(version) if version else None
    if settings is None or not settings.classes:
        return None
    entries = Entry.objects.filter(
        household=household, year__number=year, measure=Measure.MERIT, concerns_year__isnull=True
    )
    rows = entries.values_list("point_class").annotate(points=Sum("amount")).order_by("point_class")
    found = {code or None: points for code, points in rows}
    points: Mapping[str | None, Decimal] = {
        **{one.code: found[one.code] for one in settings.classes if one.code in found},
        **{code: value for code, value in found.items() if code is None or settings.point_class(code) is None},
    }
    return Weighted(reckoned.weighted(points, settings, "rank"), reckoned.told(points, settings, "rank"))
